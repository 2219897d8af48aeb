"""Sweeps whose regions are proved: by their design, and beside the cells of a grid."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

import sim
from sim.cli import main
from sim.run.promises import broken
from sim.run.proved_sweeps import prove_beside, prove_design, proved_by_design
from sim.run.proving import verified
from sim.scenario import load
from tests.borders.games import TWO_BY_TWO

GAME = f"""{TWO_BY_TWO}[sweeps.s]
title = "What holds where?"
design = "borders"
"""


def game(tmp_path, more, name="game"):
    path = tmp_path / f"{name}.toml"
    path.write_text(GAME + more)
    return path


@pytest.mark.parametrize("over", ['["a", "b"]', '"all"', "{ a = [0, 4], b = [0, 4] }"])
def test_a_design_proves_its_regions(tmp_path, over):
    scenario = load(game(tmp_path, f'over = {over}\naccuracy = 0.001\nequilibria = "pure"\n'))
    sweep = scenario.sweeps["s"]
    assert proved_by_design(sweep)
    path = prove_design(scenario, sweep, tmp_path / "out")
    assert path.name == "s.borders.json"
    record = json.loads(path.read_text())
    assert (record["accuracy"], record["equilibria"], record["axes"]) == (0.001, "pure", ["a", "b"])
    assert verified(path, scenario) == []
    assert broken(scenario) == []


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ('over = "all"\naccuracy = 0\n', "accuracy = 0; it is a share of each range"),
        ('over = "all"\nequilibria = "some"\n', "unknown word 'some'"),
        ('over = ["a", "d"]\n', "unknown parameter 'd'"),
        ("over = { a = [0, 5] }\n", "a = 5 lies outside its bounds"),
        ('over = "all"\nselect = "risk_dominant"\n', "select: is about points that are solved"),
        ('over = "all"\npoints = 8\n', "unknown key 'points'"),
    ],
)
def test_mistakes_are_told(tmp_path, more, wrong):
    with pytest.raises(ValueError, match=r"game\.toml:\d+") as told:
        load(game(tmp_path, more))
    assert wrong in str(told.value)


def test_what_no_signs_decide_breaks_the_file(tmp_path):
    text = GAME.replace('[["a", "b"]', '[["sqrt((a - 1)**2)", "b"]') + "over = { b = [0, 4], a = [0, 4] }\n"
    (tmp_path / "game.toml").write_text(text)
    assert "sqrt(1 - 2*a + a**2) is not seen to be defined everywhere" in " ".join(
        broken(load(tmp_path / "game.toml"))
    )


def test_the_command_proves_and_solves_no_points(tmp_path, monkeypatch):
    path = game(tmp_path, 'over = "all"\n')
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main.get_command(None, "sweep"), [str(path)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert [one.name for one in (tmp_path / "results" / "game").iterdir()] == ["s.borders.json"]
    with pytest.raises(ValueError, match="solves no points: leave out --points"):
        proved_by_design(load(path).sweeps["s"], {"points": 5})


def test_beside_cells_everything_they_show_is_proved(tmp_path):
    scenario = load("scenarios/chicken.toml")
    path = prove_beside(scenario, scenario.sweeps["stakes"], tmp_path)
    assert path == tmp_path / "stakes.borders.json"
    assert verified(path, scenario) == []


def test_what_shows_something_else_is_not_proved(tmp_path):
    scenario = load("scenarios/chicken.toml")
    sweep = scenario.sweeps["stakes"]
    for other in ({"select": "risk_dominant"}, {"concept": "correlated"}, {"solver": "pure"}):
        assert prove_beside(scenario, replace(sweep, **other), tmp_path) is None
    assert prove_beside(scenario, sweep, tmp_path, options={"design": "sobol"}) is None
    alliance = load("scenarios/alliance.toml")  # three players
    assert prove_beside(alliance, alliance.sweeps["equals"], tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_false_words_of_pure_equilibria_are_found(tmp_path):
    scenario = load("scenarios/chicken.toml")
    path = prove_beside(scenario, scenario.sweeps["stakes"], tmp_path)
    record = json.loads(path.read_text())
    leaf = record["pure"]["leaves"][0]
    leaf["table"][0] = (leaf["table"][0] + 1) % len(record["pure"]["labels"])
    path.write_text(json.dumps(record))
    assert verified(path, scenario) == ["of pure equilibria, leaf 0: its table is not what the signs decide"]


def test_a_grid_of_a_proved_question_can_be_asked_for(tmp_path):
    scenario = load(game(tmp_path, 'over = "all"\n'))
    assert sim.sweep(scenario, "s", points=3).sizes["a"] == 3
