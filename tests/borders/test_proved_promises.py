"""Promises of tipping points and of regions: kept where they are true, and told with what is true if not."""

from __future__ import annotations

import pytest

import sim
from sim.run.promises import broken, keep
from sim.scenario import load
from sim.scenario.tables import Promise
from tests.borders.games import TWO_BY_TWO

STANDOFF = sim.load("scenarios/standoff_2021.toml")
GAME = f"""{TWO_BY_TWO}[[expect]]
claim = "Something is proved."
"""


def promise(**said):
    return Promise.model_validate({"claim": "it is so", "concept": "nash", **said})


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"tips": {"threat": 1.2}}, ""),
        ({"tips": {"threat": 1.2, "chill": [0.75], "face_cost": "1/3", "prize": []}}, ""),
        ({"tips": {"threat": 1.3}}, "along threat outcomes change at 1.2; promised: 1.3"),
        ({"tips": {"threat": [1.2, 3]}}, "along threat outcomes change at 1.2; promised: 1.2, 3"),
        ({"tips": {"prize": 3}}, "along prize outcomes change at no value; promised: 3"),
        ({"tips": {"threat": 1.2}, "at": {"face_cost": 1.0}}, "outcomes change at 1.2, 1.6"),
    ],
)
def test_tipping_points_are_all_of_them(said, found):
    kept = keep(STANDOFF, promise(**said))
    assert kept.kept == (not found), kept
    assert found in kept.found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        # ends on the border itself, where the margin is 0 and goes no further
        ({"region": {"threat": [1.2, 8], "prize": [0, 40]}, "outcomes": ["frozen standoff"]}, ""),
        ({"region": {"threat": [0, 1.2]}, "outcomes": ["talks, demand standing"]}, ""),
        ({"region": {"threat": [0, 1.3]}, "outcomes": ["talks, demand standing"]}, "hold: frozen standoff"),
        (
            {"region": {"threat": [1.3, 1.5], "face_cost": [0.0, 0.2]}, "outcomes": ["frozen standoff"]},
            "promised everywhere: frozen standoff",
        ),
    ],
)
def test_a_region_is_proved_everywhere(said, found):
    kept = keep(STANDOFF, promise(**said))
    assert kept.kept == (not found), kept
    assert found in kept.found


def test_what_is_false_can_be_promised_to_be_refuted():
    assert keep(STANDOFF, promise(tips={"threat": 1.3}, holds=False)).kept


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ("tips = { d = 1 }", "tips.d: unknown parameter 'd'"),
        ("tips = { a = 5 }", "a = 5 lies outside its bounds"),
        ("tips = { a = 1 }\nat = { a = 2 }", "a moves in tips; take it out of one of them"),
        ('tips = { a = 1 }\nconcept = "correlated"', "is proved for nash, and correlated is asked"),
        ('tips = { a = 1 }\nselect = "risk_dominant"', "select: what is proved is of all equilibria"),
        ("tips = 3", "expected { name = value }"),
        ("region = { a = [2, 1] }\noutcomes = []", "the first must be the smaller"),
        ("region = { a = [0, 9] }\noutcomes = []", "a = 9 lies outside its bounds"),
        ("region = { a = [0, 1] }\nnever = []", "region: is where outcomes hold, and never is asked"),
        ("region = { a = [0, 1] }", "expected exactly one of outcomes, never, values, perfect, share, tips"),
    ],
)
def test_mistakes_are_told(tmp_path, more, wrong):
    path = tmp_path / "game.toml"
    path.write_text(GAME + more + "\n")
    with pytest.raises(ValueError, match=r"game\.toml:\d+") as told:
        load(path)
    assert wrong in str(told.value)


def test_where_nothing_is_decided_by_signs_a_promise_is_not_kept(tmp_path):
    path = tmp_path / "game.toml"
    path.write_text(GAME.replace('[["a", "b"]', '[["exp(a)", "b"]') + "tips = { a = 1 }\n")
    assert any("nothing is proved" in message for message in broken(load(path)))
