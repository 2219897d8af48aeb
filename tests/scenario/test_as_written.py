"""Numbers in scenarios are what the file, the command line or the caller wrote, in every digit."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest

import sim
from sim.scenario import ScenarioError

HEAD = 'schema = 1\n[players]\nA = ["x", "y"]\nB = ["l", "r"]\n'
FLAT = "B = [[0, 0], [0, 0]]\n"
BEYOND = 2**53 + 1


@pytest.fixture
def load(tmp_path):
    def loaded(text):
        (tmp_path / "case.toml").write_text(text)
        return sim.load(tmp_path / "case.toml")

    return loaded


def first_column(scenario, **given):
    """A's exact payoffs against l."""
    return scenario.game(**given).rational(np.array([0]))[0, 0, :, 0].tolist()


@pytest.mark.parametrize(
    "number",
    ["1/3", "0.10000000000000000001", f"{BEYOND}", "2/6"],
)
@pytest.mark.parametrize(
    "way",
    [
        '[payoffs]\nA = [["{}", 0], [1, 0]]\n' + FLAT,
        '[let]\nk = "{}"\n[payoffs]\nA = [["k", 0], [1, 0]]\n' + FLAT,
        '[payoffs.x]\nl = ["{}", 0]\nr = [0, 0]\n[payoffs.y]\nl = [1, 0]\nr = [0, 0]\n',
        '[parameters]\nt = {{ default = "{0}", low = "{0}", high = "{0}" }}\n'
        '[payoffs]\nA = [["t", 0], [1, 0]]\n' + FLAT,
    ],
)
def test_numbers_may_be_texts_wherever_they_stand(load, way, number):
    assert first_column(load(HEAD + way.format(number))) == [Fraction(number), 1]


@pytest.mark.parametrize("number", ["0.10000000000000000001", f"{BEYOND}", "1e-30"])
def test_numbers_of_the_file_keep_their_digits(load, number):
    text = (
        HEAD
        + f'[parameters]\nt = {{ default = {number}, low = 0, high = 1e20 }}\n[payoffs]\nA = [["t", 0], [{number}, 0]]\n'
    )
    assert first_column(load(text + FLAT)) == [Fraction(number)] * 2


def test_traits_keep_their_digits(load):
    text = (
        'schema = 1\n[players]\nA = { x = { w = "1/3" }, y = { w = 0.33333333333333333333 } }\nB = ["l", "r"]\n'
        '[payoffs]\nA = "w"\nB = 0\n'
    )
    scenario = load(text)
    assert first_column(scenario) == [Fraction(1, 3), Fraction("0.33333333333333333333")]
    found = sim.solve(scenario.game())
    assert (found.strategy[0, : found.count[0], 0, 0] == 1).all()  # x is better, by 1e-21 / 3


THIRD = HEAD + (
    '[parameters]\nt = { default = "1/3", low = 0, high = 1 }\n[payoffs]\nA = [["t", 0], [0, 1]]\n'
    'B = [[1, 0], [0, "t"]]\n[sweeps.s]\nover = { t = [0, "1/3", 3] }\n'
)


@pytest.mark.parametrize("given", ["2/3", Fraction(2, 3), Fraction(4, 6)])
def test_settings_keep_what_was_written(load, given):
    scenario = load(THIRD)
    assert first_column(scenario, t=given) == [Fraction(2, 3), 0]
    batch = scenario.game(t=np.array([Fraction(2, 3), 0.5], dtype=object))
    assert batch.rational(np.array([0, 1]))[:, 0, 0, 0].tolist() == [Fraction(2, 3), Fraction(1, 2)]
    assert batch.rounded.tolist() == [True, False]


@pytest.mark.parametrize("wrong", ["two", "1/0", "", None, np.ma.array([0.1, 0.2], mask=[0, 1]), [None], 1j])
def test_what_is_no_number_cannot_be_set(load, wrong):
    with pytest.raises(ScenarioError, match="t "):
        load(THIRD).game(t=wrong)


def test_sweeps_visit_their_ends_as_written(load):
    scenario = load(THIRD)
    dataset = sim.sweep(scenario, "s")
    assert dataset["t"].values.tolist() == pytest.approx([0.0, 1 / 6, 1 / 3], abs=1e-9)
    assert json.loads(dataset.attrs["written"]) == {"t": "0.0 .. 1/3"}
    fixed = sim.sweep(load(THIRD + "[parameters.u]\ndefault = 0\nlow = 0\nhigh = 1\n"), "s", set={"u": "1/7"})
    assert json.loads(fixed.attrs["written"])["u"] == "1/7"


def test_a_tie_that_only_digits_break_is_decided_on_a_map(load):
    """At 1/3 the two actions pay the same, at the float nearest to it they do not."""
    text = HEAD + (
        '[parameters]\nt = { default = 0, low = 0, high = 1 }\n[payoffs]\nA = [["3*t", 0], [1, 0]]\n'
        + FLAT
        + '[sweeps.s]\nover = { t = [0, "1/3", 3] }\n'
    )
    dataset = sim.sweep(load(text), "s")
    assert dataset["degenerate"].values.all()
    assert dataset["count"].values.tolist() == [3, 3, 4]


THREE = (
    'schema = 1\n[players]\nA = ["x", "y"]\nB = ["l", "r"]\nC = ["o", "p"]\n[payoffs]\n'
    "A = [[[{0}, 0], [0, 1]], [[0, 0], [0, 0]]]\nB = 0\nC = 0\n"
)
REPEATED = (
    HEAD.replace("schema = 1", 'schema = 1\nform = "repeated"')
    + "[payoffs]\nA = [[3, 0], [5, 1]]\nB = [[3, 5], [0, 1]]\n[repeated]\ndiscount = {}\n"
)
STATES = (
    HEAD.replace("schema = 1", 'schema = 1\nform = "stochastic"')
    + "[payoffs]\nA = 0\nB = 0\n[stochastic]\ndiscount = 0.5\n[stochastic.states.s]\n[stochastic.states.t]\n"
    '[stochastic.transitions]\ns = {{ s = {}, t = "rest" }}\nt = "t"\n'
)


@pytest.mark.parametrize("text", [THREE, REPEATED, STATES])
def test_where_there_is_no_exact_path_the_verdict_says_that_numbers_were_rounded(load, text):
    assert sim.solve(load(text.format('"1/3"')).game()).sentence().endswith("more digits than floats hold")
    assert "rounded" not in sim.solve(load(text.format('"1/4"')).game()).sentence()


def test_two_players_are_decided_by_what_was_written(load):
    text = HEAD + f"[payoffs]\nA = [[{BEYOND}, 0], [{BEYOND - 1}, 0]]\n" + FLAT
    found = sim.solve(load(text).game())
    assert found.count.tolist() == [3]
    assert "rounded" not in found.sentence()
    assert "rounded" in sim.solve(load(text).game(), "iterated_dominance").sentence()


def test_sweeps_without_an_exact_path_say_so_in_their_note(load):
    axis = "[parameters]\nt = { default = 0, low = 0, high = 1 }\n[sweeps.s]\nover = { t = [0, 1, 2] }\n"
    assert "rounded" in sim.sweep(load(THREE.format('"1/3"') + axis), "s").attrs["note"]
    assert sim.sweep(load(THREE.format('"1/4"') + axis), "s").attrs["note"] == ""
