"""What would have to change: the seed's targets, sentences, every form."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.explain import looks, what_would_change
from sim.explain.change import Change
from sim.explain.looks import Asked
from sim.explain.sentences import changing, every_change, in_digits, what_holds
from sim.output import changes_text


@pytest.fixture(scope="module")
def seed():
    scenario = sim.load("scenarios/standoff_2021.toml")
    return scenario, what_would_change(scenario)


def test_where_no_outcome_reaches_one_half_that_is_said(tmp_path):
    path = tmp_path / "pennies.toml"
    path.write_text(
        'schema = 1\n[players]\nA = ["x", "y"]\nB = ["x", "y"]\n[parameters]\nz = { default = 0, low = -3, high = 3 }\n'
        '[payoffs]\nA = [["1 + z", -1], [-1, 1]]\nB = [[-1, 1], [1, -1]]\n'
    )
    scenario = sim.load(path)
    found = what_would_change(scenario)
    assert what_holds(found) == "Here no outcome reaches one half."
    told = " ".join(every_change(scenario, found))
    assert "and now no outcome reaches one half" in told
    assert "nothing named" not in told


def test_the_seed_at_its_defaults(seed):
    scenario, found = seed
    told = changes_text.changes_answer(scenario, found)
    assert told["outcomes"] == ["frozen standoff"]
    assert len(told["changes"]) == 9
    assert all(one["exact"] for one in told["changes"])
    assert told["never"] == ["prize", "harm"]
    assert told["radius"]["found"] == pytest.approx(0.032489, abs=1e-6)
    assert told["radius"]["found"] - told["radius"]["proved"] < 1e-8
    first, second = (next(one for one in told["least"] if one["to"] == to) for to in (
        "reinforcement and talks under the rifle", "talks, demand standing"))  # fmt: skip
    assert first["changes"] == {"chill": 0.75}
    assert first["share"] == pytest.approx(1 / 12)
    assert first["proved"] == pytest.approx(1 / 12)
    assert second["changes"] == {"threat": 1.2}
    assert second["proved"] == pytest.approx(0.1)
    shares = [one["share"] for one in told["changes"]]
    assert shares == sorted(shares)


def test_every_change_is_true_on_both_sides(seed):
    scenario, found = seed
    for change in found.changes:
        outward = 1 if change.at > change.here else -1
        for side, outcomes in ((-1, change.before), (1, change.after)):
            at = float(change.at) + outward * side * 1e-6
            solution = sim.solve(scenario.game(**{change.parameter: at}))
            likely = (solution.outcomes[0] >= 0.5).any(axis=0)
            held = tuple(
                name for name, holds in zip(solution.game.outcomes.names, likely, strict=True) if holds
            )
            assert held == outcomes, change


def test_of_another_concept_or_a_selection_changes_are_looked_for_and_said_to_be():
    scenario = sim.load("scenarios/stag_hunt.toml")
    usual = what_would_change(scenario)
    assert what_would_change(scenario, asked=Asked("nash")) == usual
    found = what_would_change(scenario, asked=Asked(select="risk_dominant"))
    assert (found.exact, found.nearest, found.least) == (False, None, ())
    assert found.outcomes == ("armed peace",)
    assert {change.parameter for change in found.changes} == {"peace", "exposed", "armed_peace", "upper_hand"}
    for change in found.changes:  # Harsanyi and Selten (1988): the product of what a single deviation costs
        game = scenario.game(
            **{change.parameter: float(change.at) + (1e-4 if change.at > change.here else -1e-4)}
        )
        own = game.payoffs[0, 0]
        assert own[0, 0] - own[1, 0] > own[1, 1] - own[0, 1]
        assert change.after == ("disarmament",)
    told = changes_text.changes_report(scenario, found, "sum")
    assert told.endswith("because tipping points are proved of all equilibria of the usual concept only.")
    with pytest.raises(ValueError, match="nobody"):
        what_would_change(scenario, asked=Asked("nobody"))


def test_least_changes_do_what_they_say(seed):
    scenario, found = seed
    for least in found.least:
        solution = sim.solve(scenario.game(**least.changes))
        names = solution.game.outcomes.names
        assert (solution.outcomes[0, :, names.index(least.to)] >= 0.5).any() or least.share > least.proved, (
            least
        )


def test_a_border_is_told():
    scenario = sim.load("scenarios/stag_hunt.toml")
    found = what_would_change(scenario, {"peace": 3})
    assert found.border
    assert found.nearest is None
    assert any("is on a border" in told for told in every_change(scenario, found))


def test_a_tie_that_changes_nothing_is_no_border():
    """``harm`` equals ``kiev_defended`` at the defaults, which a formula compares; the outcomes of both sides are one."""
    found = what_would_change(sim.load("scenarios/talk_or_shoot_2021.toml"))
    assert not found.border
    assert found.nearest is not None


def test_what_lasts_turns_at_roots():
    """Of the repeated dilemma by hand: the treaty lasts where temptation - reward <= patience (temptation - punishment)."""
    found = what_would_change(sim.load("scenarios/repeated_prisoners_dilemma.toml"))
    assert found.exact
    assert all(one.exact for one in found.changes)
    assert found.never == ()
    treaty = {one.parameter: one.at for one in found.changes if one.after == ("arms race",)}
    assert treaty == {"reward": 2.6, "punishment": 5 / 3, "temptation": 6.0, "patience": 0.5}
    assert ("punishment", 0.0) in {(one.parameter, one.at) for one in found.changes}


@given(st.fractions(-5, 5, max_denominator=60), st.fractions(0, 1, max_denominator=60))
def test_no_fraction_between_is_simpler(low, width):
    found = looks.simplest(low, low + width)
    assert low <= found <= low + width
    for denominator in range(1, found.denominator):
        assert math.floor((low + width) * denominator) < math.ceil(low * denominator)


def test_where_harder_punishments_decide_it_is_looked_for():
    """Along chill the standoff stops to be an equilibrium of one month; along face_cost it is one throughout."""
    scenario = sim.load("scenarios/standoff_2021_repeated.toml")
    found = what_would_change(scenario)
    told = {(one.parameter, one.exact, one.at) for one in found.changes}
    assert {("face_cost", True, 3.25), ("patience_russia", True, 0.64), ("harm", True, 9 / 7)} <= told
    assert ("chill", False, 0.75) in told
    assert len({(one.parameter, one.exact) for one in found.changes}) == len(
        {one.parameter for one in found.changes}
    )
    text = changes_text.changes_report(scenario, found, "sum")
    assert 'Changes told with "about" are not proved: certified solutions were looked at' in text
    assert not found.exact


def test_where_they_decide_here_everything_is_looked_for():
    scenario = sim.load("scenarios/standoff_2021_repeated.toml")
    found = what_would_change(scenario, {"threat": 1.0})
    assert not any(one.exact for one in found.changes)
    assert "harder punishments than equilibria of one stage" in found.why


def test_forms_without_margins_are_looked_at(tmp_path):
    scenario = sim.load("scenarios/rubinstein_outside.toml")
    found = what_would_change(scenario)
    assert not found.exact
    assert "certified solutions were looked at" in changes_text.changes_report(scenario, found, "sum")


def test_a_root_that_is_no_fraction_is_proved_all_the_same(tmp_path):
    """Going is worth x squared and staying 2: the border is the root of 2."""
    path = tmp_path / "root.toml"
    path.write_text(
        """schema = 1
title = "Going pays from the root of two on"
[players]
North = ["stay", "go"]
South = ["wait"]
[parameters]
x = { default = 1, low = 0, high = 2, meaning = "what going is worth, squared" }
[payoffs]
North = [[2], ["x * x"]]
South = [[0], [0]]
"""
    )
    scenario = sim.load(path)
    found = what_would_change(scenario)
    (change,) = found.changes
    assert change.exact
    assert change.at == 2**0.5
    assert "rose from 1 to 1.41421," in every_change(scenario, found)[0]


def test_the_least_change_by_each_norm(seed):
    """To talks under the rifle with reinforcement: one parameter moves, three by as much, three by the shortest way."""
    scenario, _ = seed
    to = ["reinforcement and talks under the rifle"]
    (furthest,) = what_would_change(scenario, to=to, norm="max").least
    assert furthest.share == pytest.approx(0.03248890991, abs=1e-8)
    assert furthest.share - furthest.proved < 1e-6
    (shortest,) = what_would_change(scenario, to=to, norm="euclid").least
    assert shortest.share == pytest.approx(0.054621, abs=1e-5)
    assert 0.0324 < shortest.proved < shortest.share
    assert [*furthest.changes] == [*shortest.changes] == ["talks_value_nato", "precondition_loss", "chill"]


def test_only_asks_that_nothing_else_holds(seed):
    scenario, _ = seed
    (least,) = what_would_change(scenario, {"threat": 3}, to=["talks, demand standing"], only=True).least
    assert least.share >= least.proved > 0
    further = {name: 3 + (value - 3) * 1.0001 for name, value in least.changes.items() if name == "threat"}
    solution = sim.solve(scenario.game(**{"threat": 3, **least.changes, **further}))
    held = (solution.outcomes[0] >= 0.5).any(axis=0)
    assert [n for n, holds in zip(solution.game.outcomes.names, held, strict=True) if holds] == [least.to]


def test_what_is_not_reached_and_what_holds_already_is_told(seed):
    scenario, _ = seed
    to = ["talks, demand dropped"]
    found = what_would_change(scenario, to=to, only=True)
    assert not found.least
    told = changes_text.changes_report(scenario, found, "sum", to, only=True)
    assert 'found that makes "talks, demand dropped" the only outcome just beyond it.' in told
    found = what_would_change(scenario, to=["frozen standoff"])
    told = changes_text.changes_report(scenario, found, "sum", ["frozen standoff"])
    assert told.endswith('"frozen standoff" is an outcome of an equilibrium already.')


def scanned(scenario, values, name, count):
    """Where neighbouring values of one parameter have other outcomes, by the solver alone."""
    parameter = scenario.parameters[name]
    # not at the bounds, where payoffs may tie
    grid = np.linspace(float(parameter.low), float(parameter.high), count + 2)[1:-1].round(9)
    solution = sim.solve(scenario.game(**{**values, name: grid}))
    held = (np.nan_to_num(solution.outcomes) >= 0.5).any(axis=1)
    return [
        (grid[place], grid[place + 1]) for place in range(count - 1) if (held[place] != held[place + 1]).any()
    ]


@pytest.mark.parametrize(
    ("points", "count"), [(1, 120), pytest.param(20, 1500, marks=pytest.mark.deep)], ids=["one", "all"]
)
def test_dense_scans_find_the_same_changes(seed, points, count):
    scenario, _ = seed
    draw = np.random.default_rng(12)
    for _ in range(points):
        values = {
            name: round(float(draw.uniform(float(one.low), float(one.high))), 3)
            for name, one in scenario.parameters.items()
        }
        changes = what_would_change(scenario, values).changes
        for name in scenario.parameters:
            at = [change.at for change in changes if change.parameter == name]
            found = scanned(scenario, values, name, count)
            for low, high in found:
                assert any(low <= one <= high for one in at), (values, name, low, high, at)
            for one in at:
                near = [low <= one <= high for low, high in found]
                crowded = sum(abs(one - other) < 0.02 * float(scenario.parameters[name].high) for other in at)
                assert any(near) or crowded > 1, (values, name, one, found)


def test_two_changes_between_two_looks_are_both_found():
    """Three stretches of outcomes, of which coarse looks see the first and the last."""
    ends = 0.41, 0.44

    def told(numbers):
        return [(("one", "two", "three")[int(np.searchsorted(ends, at))],) for at in numbers]

    found = looks.along(told, np.array([0.0, 0.3, 0.6, 1.0]), 30)
    assert [change[1:] for change in found] == [(("one",), ("two",)), (("two",), ("three",))]
    assert [change[0] for change in found] == pytest.approx(ends, rel=1e-4)


def test_wrong_words_are_told():
    scenario = sim.load("scenarios/chicken.toml")
    with pytest.raises(ValueError, match="Did you mean 'both give way'"):
        what_would_change(scenario, to=["both give wy"])
    with pytest.raises(ValueError, match="unknown norm"):
        what_would_change(scenario, norm="large")


def test_the_sentence_of_a_change():
    scenario = sim.load("scenarios/chicken.toml")
    change = Change("triumph", 7.0, 6.0, 0.1, True, ("A", "B"), ("B", "C"))
    assert changing(scenario, change).endswith(
        'fell from 7 to 6, "A" would give way to "C", and "B" would remain.'
    )
    alone = Change("triumph", 7.0, 8.5, 0.1, False, ("A",), ("A", "C"))
    assert changing(scenario, alone).endswith(
        'rose from 7 to about 8.5, "C" would be in equilibrium beside "A".'
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(1 / 3, "1/3"), (-1.3, "\u22121.3"), (0.75, "0.75"), (2.0, "2"), (1.69493346, "1.69493")],
)
def test_numbers_as_people_write_them(value, text):
    assert in_digits(value) == text
