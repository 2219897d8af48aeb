"""Maps whose formulas have exp, log, roots and broken powers: proved where they say so, and nothing else."""

from __future__ import annotations

import json
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.borders.enclosing import between, between_exactly
from sim.borders.looking import NO_LABEL, labels_at, with_functions
from sim.borders.record import read_map
from sim.dataset.proved import parsed, value
from sim.output.regions_text import regions_report
from sim.run.proving import prove, solved, stored, verified
from sim.scenario.margins import margins_of
from tests.borders.games import TWO_BY_TWO

SWEEP = """[sweeps.s]
title = "What holds where?"
design = "borders"
over = "all"
"""
FORMULAS = st.sampled_from(
    [
        "a", "b", "2", "a*b", "exp(-a/2)", "b*exp(a/4)", "log(1 + b)", "sqrt(a)", "sqrt(a*b + 1)", "a**0.7",
        "(1 + a)**(b/2)", "2/(1 + exp(b - a))", "max(a, exp(b/3))", "exp(-1/(1 + b))", "(1 + b)**-0.5 if b > 1 else 1", "(1 + a)**-2",
    ]
)  # fmt: skip


def game(tmp_path, rows):
    """A scenario with these payoffs of A and B, formulas in a and b."""
    path = tmp_path / "game.toml"
    head, _, _ = TWO_BY_TWO.partition("[payoffs]")
    quoted = [json.dumps([[*each[:2]], [*each[2:]]]) for each in rows]
    path.write_text(f"{head}[payoffs]\nA = {quoted[0]}\nB = {quoted[1]}\n{SWEEP}")
    return sim.load(path)


@settings(max_examples=8)
@given(st.lists(FORMULAS, min_size=2, max_size=2), st.lists(st.integers(0, 5), min_size=8, max_size=8))
def test_no_scan_contradicts_what_is_proved(tmp_path_factory, some, places):
    formulas = [[*some, "a", "b", "1", "2"][place] for place in places]
    scenario = game(tmp_path_factory.mktemp("drawn"), [formulas[:4], formulas[4:]])
    proved = prove(scenario, scenario.sweeps["s"], boxes=500)
    grid = np.linspace(0.0137, 3.9871, 31)
    points = [one.ravel() for one in np.meshgrid(grid, grid, indexing="ij")]
    labels = labels_at(proved.map, points)
    known = labels != NO_LABEL
    told = solved(scenario, {"a": points[0][known], "b": points[1][known]}, "all")
    assert (told == np.array(proved.map.labels, bool).reshape(-1, told.shape[1])[labels[known]]).all()


def test_what_is_equal_in_other_words_is_not_left_out(tmp_path):
    """B likes u where b is above a; A's payoffs tie, in words that cancel, and in words that nobody proves equal."""
    for same, told in (("a**0.5", 1.0), ("sqrt(a)*exp(b)*exp(-b)", 0.0)):
        scenario = game(tmp_path, [["sqrt(a)", "sqrt(a)", same, same], ["b", "a", "b", "a"]])
        proved = prove(scenario, scenario.sweeps["s"], boxes=100)
        assert sum(one["share"] for one in proved.summary["regimes"]) == pytest.approx(told, abs=0.02)
        said = regions_report(proved, tmp_path / "s.borders.json")
        assert ("not told: payoffs that may tie" in said) == (told < 1)
        assert ("No border runs through it" in said) is False


def test_borders_are_where_they_are_known_to_be(tmp_path):
    """A's first action beats the second by exp(-a) - b / 2 against the first, by nothing else: where a < log(2 / b)."""
    scenario = game(tmp_path, [["exp(-a)", "0", "b/2", "0"], ["1", "0", "1", "0"]])
    proved = prove(scenario, scenario.sweeps["s"])
    assert proved.summary["margins"] == ["b - 2*exp(-a)"]
    assert proved.map.share_undecided < 1e-9
    b = np.linspace(0.1, 3.9, 200)
    edge = np.log(2 / b)
    for off in (-1e-9, 1e-9):
        inside = (edge + off > 0) & (edge + off < 4)
        labels = labels_at(proved.map, [edge[inside] + off, b[inside]])
        assert (labels == labels[0]).all()
        assert labels[0] != NO_LABEL
    assert labels_at(proved.map, [np.array([0.0]), np.array([2.0])]) == [
        NO_LABEL
    ]  # exp(0) = 2 / 2, on the border


def test_a_stored_map_is_read_proved_anew_and_no_tampering_passes(tmp_path):
    scenario = game(tmp_path, [["exp(-a)*b", "0", "b/2", "1"], ["1", "a**0.7", "b", "2"]])
    path = stored(prove(scenario, scenario.sweeps["s"], boxes=100), tmp_path)
    assert verified(path, scenario) == []
    record = json.loads(path.read_text())
    conditions = margins_of(scenario, ("a", "b"), {}, functions=True)
    read = read_map(record["proof"], ("a", "b")).conditions
    at = list(np.random.default_rng(3).uniform(0, 4, (2, 50)))
    for one, other in zip(conditions.factors, read.factors, strict=True):
        here, there = value(one, with_functions(conditions, at)), value(other, with_functions(read, at))
        assert here == pytest.approx(there, abs=1e-10)
    rng = np.random.default_rng(5)
    for _ in range(12):
        changed = json.loads(path.read_text())
        leaf = changed["proof"]["leaves"][rng.integers(len(record["proof"]["leaves"]))]
        place = rng.integers(len(leaf["signs"]))
        other = rng.choice([one for one in "0+-" if one != leaf["signs"][place]])
        leaf["signs"] = leaf["signs"][:place] + other + leaf["signs"][place + 1 :]
        if other == "0":  # says less, and is true: a corner instead
            leaf["high"][0] *= 1.5
        (tmp_path / "changed.json").write_text(json.dumps(changed))
        assert verified(tmp_path / "changed.json", scenario) != []


def test_what_a_stored_map_says_along_a_line_turns_at_roots_of_functions(tmp_path):
    text = TWO_BY_TWO.replace('["a", "b"], [1, 2]', '["exp(-a)", 0], ["1/8", 0]', 1).replace(
        '"b", "a"', "1, 0"
    )
    (tmp_path / "game.toml").write_text(text.replace("[1, 2]", "[1, 0]") + SWEEP.replace('"all"', '["a"]'))
    scenario = sim.load(tmp_path / "game.toml")
    regions = parsed(stored(prove(scenario, scenario.sweeps["s"]), tmp_path).read_text())
    assert [turn.at for turn in regions.turns()] == pytest.approx([np.log(8)], abs=1e-12)


@given(
    st.sampled_from(["exp", "log", "sqrt", "inverse", "**"]),
    st.floats(0.01, 30),
    st.floats(0, 5),
    st.floats(-3, 3),
)
def test_bounds_in_floats_are_outside_those_of_balls(operation, low, width, power):
    """And those are outside the function's values, by another library."""
    high = low + width
    ends = [(low, high), *([(power, power + 1)] if operation == "**" else [])]
    exact = between_exactly(operation, [tuple(map(Fraction, one)) for one in ends])
    rough = between(operation, [tuple(np.array([end]) for end in one) for one in ends])
    assert rough[0][0] <= exact[0] <= exact[1] <= rough[1][0]
    assert rough[1][0] - rough[0][0] <= float(exact[1] - exact[0]) + 1e-9 * (1 + float(abs(exact[1])))
    with localcontext(prec=40):
        called = {"exp": Decimal.exp, "log": Decimal.ln, "sqrt": Decimal.sqrt, "inverse": lambda x: 1 / x}
        for x, y in product(map(Decimal, (low, (low + high) / 2, high)), map(Decimal, (power, power + 1))):
            value = Fraction(x**y if operation == "**" else called[operation](x))
            slack = (1 + abs(value)) / 10**30
            assert exact[0] - slack <= value <= exact[1] + slack
