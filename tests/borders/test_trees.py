"""Borders of trees: what their conditions say is what the solver says, and maps of the library are those of their cells."""

from __future__ import annotations

import copy
import json
from fractions import Fraction

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.borders import NoMarginsError, proved_map
from sim.borders.factoring import Algebra
from sim.borders.looking import NO_LABEL, labels_at
from sim.borders.record import as_record, faults, formula
from sim.borders.trees import Backward
from sim.cli import main
from sim.explain import what_would_change
from sim.forms.tree import Tree
from sim.polynomials import Polynomial
from sim.run.promises import broken
from sim.run.proved_sweeps import prove_beside
from sim.run.proving import decided, prove, stored, verified
from sim.run.proving import solved as by_solver
from tests.borders.games import BOUNDS, NAMES
from tests.borders.trees import (
    conditions,
    polynomial_trees,
    signalling_trees,
    solved,
    trees_with_a_stage,
)

points = st.lists(
    st.tuples(st.integers(0, 20).map(lambda n: n / 10), st.integers(0, 40).map(lambda n: n / 10)),
    min_size=1, max_size=6,
)  # fmt: skip


@pytest.mark.parametrize(
    ("trees", "solver"),
    [
        (polynomial_trees, None),
        (signalling_trees, "pure_assessments"),
        (trees_with_a_stage, "pure_assessments"),
    ],
)
@given(data=st.data())
def test_labels_by_signs_are_the_solvers(trees, solver, data):
    drawn = data.draw(trees())
    x, y = (np.array(one) for one in zip(*data.draw(points), strict=True))
    proved = proved_map(conditions(drawn), *BOUNDS, most=300)
    labels = labels_at(proved, [x, y])
    sure = labels != NO_LABEL
    told = np.array(proved.labels)[labels[sure]] if sure.any() else np.zeros((0, 4), bool)
    np.testing.assert_array_equal(told, solved(drawn, x[sure], y[sure], solver))


@given(st.one_of(polynomial_trees(), signalling_trees()))
@settings(max_examples=settings().max_examples // 3)
def test_every_leaf_is_proved_anew(drawn):
    found = conditions(drawn)
    assert faults(as_record(proved_map(found, *BOUNDS, most=200)), found) == []


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=1, max_size=4))
def test_beliefs_that_make_a_reply_best_are_told_without_them(losses):
    """Numbers, so that every condition holds or not; some belief is tried at each end of what makes one row 0 or more."""
    shape = Tree({"A": {"l": (0, 0), "r": (0, 0)}}, ("A", "B")).shape
    table = np.full((3, 2), Polynomial.number(0), object)
    algebra = Algebra(NAMES)
    tree = Backward(np.vectorize(algebra.polynomial, [object])(table), algebra, shape, np.array([0, 1]), 2)
    rows = [[algebra.number(one) for one in row] for row in losses]
    beliefs = {Fraction(0), Fraction(1), *(Fraction(p, p - q) for p, q in losses if p * q < 0)}
    some = any(all((1 - belief) * p + belief * q >= 0 for p, q in losses) for belief in beliefs)
    assert (tree.some_odds(rows) is not None) == some


@pytest.fixture(scope="module")
def window():
    scenario = sim.load("scenarios/power_shift_2021.toml")
    return prove(scenario, scenario.sweeps["window"])


def test_a_window_that_closes_is_proved_in_few_blocks(window):
    assert window.map.share_undecided == 0
    assert window.map.evaluated <= 600
    assert [one["outcomes"] for one in window.summary["regimes"][:2]] == [["war today"], ["peace at a price"]]


def test_leaves_say_what_cells_say(window):
    dataset = sim.sweep(window.scenario, "window", points=61, keep="map")
    axes = [dataset[axis].values for axis in window.sweep.over]
    cells = {
        axis: one.ravel()
        for axis, one in zip(window.sweep.over, np.meshgrid(*axes, indexing="ij"), strict=True)
    }
    held = dataset["holds"].values.reshape(61**2, -1)
    told = np.column_stack([held, dataset["mixed"].values.ravel() > 0])
    np.testing.assert_array_equal(decided(window, cells), told)


def test_the_stored_map_is_true_and_a_changed_one_is_not(window, tmp_path):
    small = prove(window.scenario, window.sweep, boxes=40)
    path = stored(small, tmp_path)
    assert verified(path, window.scenario) == []
    record, draw = as_record(small.map), np.random.default_rng(3)
    leaves = record["leaves"]
    for number in range(10):
        false = copy.deepcopy(record)
        leaf = false["leaves"][int(draw.integers(len(leaves)))]
        if number % 2:
            place = int(draw.integers(len(leaf["table"])))
            leaf["table"][place] = (leaf["table"][place] + 1) % len(false["labels"])
        else:
            place = int(draw.choice([one for one, sign in enumerate(leaf["signs"]) if sign != "0"]))
            turned = "-" if leaf["signs"][place] == "+" else "+"
            leaf["signs"] = leaf["signs"][:place] + turned + leaf["signs"][place + 1 :]
        assert faults(false, small.map.conditions)


def test_beside_cells_a_tree_is_proved_too(window, tmp_path):
    assert prove_beside(window.scenario, window.sweep, tmp_path) == tmp_path / "window.borders.json"
    chain = sim.load("scenarios/chain_store.toml")
    assert prove_beside(chain, chain.sweeps["name"], tmp_path) is None


BRINK = """schema = 1
title = "A threat that leaves something to chance"
form = "tree"
[moves.threat]
player = "A"
none = { edge = 0 }
some = { edge = 1 }
[chance.accident]
war = { chance = "edge*risk", lost = 1 }
luck = { chance = "rest", lost = 0 }
[moves.reply]
player = "B"
when = "not lost"
yield = { given = 1 }
stand = { given = 0 }
[parameters]
risk = { default = 0.25, low = 0, high = 1 }
cost = { default = 0.5, low = 0, high = 4 }
[payoffs]
A = "-10 if lost else 4*given"
B = "-10 if lost else -cost*given - 1*edge*(1 - given)"
[outcomes]
"war" = "lost"
"yielding" = "given"
"nothing" = "True"
[[expect]]
claim = "A threat works where standing costs more than yielding, unless war is too likely."
tips = { risk = 0.2857142857142857, cost = 1.0 }
[[expect]]
claim = "Nobody threatens who fears war more than he hopes."
region = { risk = [0.3, 1.0], cost = [0.5, 4.0] }
outcomes = ["nothing"]
"""


def test_chances_are_margins_too(tmp_path):
    """By hand: with a threat A gets 4 (1 - risk) - 10 risk where B yields, which B does where cost is below 1."""
    path = tmp_path / "brink.toml"
    path.write_text(BRINK)
    scenario = sim.load(path)
    assert broken(scenario) == []
    changes = what_would_change(scenario)
    assert changes.exact
    assert [(one.parameter, one.at, one.before, one.after) for one in changes.changes] == [
        ("risk", pytest.approx(2 / 7), ("yielding",), ("nothing",)),
        ("cost", 1.0, ("yielding",), ("nothing",)),
    ]
    assert [one.to for one in changes.least] == ["nothing"]  # nobody threatens where war is likely
    assert changes.least[0].proved == pytest.approx(2 / 7 - 1 / 4)


def test_tipping_points_of_a_tree_are_exact():
    """By hand: everything today is worth (1 - future), and with it what NATO gives tomorrow, to be weighed against a strike."""
    scenario = sim.load("scenarios/power_shift_2021.toml")
    changes = what_would_change(scenario)
    assert changes.exact
    first = {one.parameter: one for one in reversed(changes.changes)}
    # strike now: strength - destruction = 0.5075; everything today and a fifth tomorrow: 1 - future + 0.2 future
    assert first["future"].at == pytest.approx(float(Fraction("0.4925") / Fraction("0.8")))
    # with strength s: s - 0.1225 = 0.25 + 0.75 * 0, where nothing need be given tomorrow
    assert first["strength"].at == pytest.approx(0.3725)
    assert changes.nearest.proved <= changes.nearest.found


def test_who_has_not_seen_all_is_asked_for_pure_play():
    scenario = sim.load("scenarios/beer_quiche.toml")
    with pytest.raises(NoMarginsError, match="ask for pure ones"):
        prove(scenario, scenario.sweeps["wimps"])
    with pytest.raises(ValueError, match="borders are those of all equilibria"):
        prove(scenario, scenario.sweeps["intuitive"], equilibria="pure")
    crisis = sim.load("scenarios/crisis_2021.toml")
    with pytest.raises(NoMarginsError, match="36000000 ways to play"):
        prove(crisis, crisis.sweeps["doubt"], equilibria="pure")


def test_breakfast_is_told_by_closed_forms():
    """Cho and Kreps (1987): both kinds have beer, or both quiche, where most are surly and calm is worth more than taste."""
    scenario = sim.load("scenarios/beer_quiche.toml")
    proved = prove(scenario, scenario.sweeps["wimps"], equilibria="pure")
    assert set(proved.summary["margins"]) == {"2*wimps - 1", "taste - 2"}
    told = decided(proved, {"wimps": np.array([0.2, 0.2, 0.8]), "taste": np.array([1.0, 3.0, 1.0])})
    names = proved.map.conditions.outcomes
    held = [{name for name, one in zip(names, bits, strict=False) if one} for bits in told]
    assert held == [{"beer in peace", "quiche in peace"}, {"beer in peace"}, set()]


def test_tipping_points_of_pure_equilibria_are_told_exactly():
    done = CliRunner().invoke(
        main, ["explain", "scenarios/beer_quiche.toml", "--equilibria", "pure", "--json"]
    )
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert {one["parameter"]: one["to"] for one in told["changes"]} == {
        "calm": 1.0,
        "taste": 2.0,
        "wimps": 0.5,
    }
    assert all(one["exact"] for one in told["changes"])
    assert told["radius"]["found"] == pytest.approx(told["radius"]["proved"])
    refused = CliRunner().invoke(main, ["explain", "scenarios/arms_race.toml", "--equilibria", "pure"])
    assert refused.exit_code == 2
    assert "not decided by signs of polynomials" in refused.output


@pytest.mark.parametrize(
    ("name", "sweep"),
    [("build_up_signal_2021", "sorting"), ("capitals_signal_2021", "whom"), ("chain_store", "market")],
)
def test_pure_assessments_of_the_library_are_proved(name, sweep, tmp_path):
    scenario = sim.load(f"scenarios/{name}.toml")
    proved = prove(scenario, scenario.sweeps[sweep], equilibria="pure")
    assert proved.map.share_undecided == 0
    assert verified(stored(proved, tmp_path), scenario) == []
    draw = np.random.default_rng(1)
    cells = {
        axis: draw.uniform(float(one.low), float(one.high), 400).round(4)
        for axis, one in proved.sweep.over.items()
    }
    told = decided(proved, cells)
    np.testing.assert_array_equal(told, by_solver(scenario, {**proved.sweep.set, **cells}, "pure"))
    assert len(np.unique(told, axis=0)) > 1


BAYESIAN = """schema = 1
form = "bayesian"
[players]
Russia = ["withdraw", "stay"]
NATO = ["concede", "hold"]
[types.Russia]
resolved = { chance = "resolve", cost = "least" }
bluffing = { chance = "rest", cost = 6 }
[parameters]
resolve = { default = 0.3, low = 0, high = 1 }
least = { default = 1, low = -1, high = 2 }
[payoffs.resolved]
Russia = [[0, -1], [4, "-least"]]
NATO = [[0, 1], [-2, -4]]
[payoffs.bluffing]
Russia = [[0, -1], [4, "-cost"]]
NATO = [[0, 1], [-2, -1]]
[outcomes]
"war" = [["stay", "hold"]]
"peace" = [["withdraw", "*"], ["stay", "concede"]]
[sweeps.doubt]
design = "borders"
over = "all"
equilibria = "pure"
"""


def test_bayesian_games_are_trees_in_this_too(tmp_path):
    """By hand: NATO holds where fewer than a third are resolved, who stay all the same."""
    path = tmp_path / "doubt.toml"
    path.write_text(BAYESIAN)
    scenario = sim.load(path)
    assert broken(scenario) == []
    proved = prove(scenario, scenario.sweeps["doubt"])
    assert [one["outcomes"] for one in proved.summary["regimes"]] == [["peace"]]  # the likelier on both sides
    assert proved.summary["margins"] == []
    names = [formula(proved.map.conditions, number) for number in range(len(proved.map.conditions.factors))]
    assert "3*resolve - 1" in names
    assert verified(stored(proved, tmp_path), scenario) == []
    draw = np.random.default_rng(1)
    cells = {"resolve": draw.uniform(0, 1, 300).round(3), "least": draw.uniform(-1, 2, 300).round(3)}
    np.testing.assert_array_equal(decided(proved, cells), by_solver(scenario, cells, "pure"))


def test_where_no_outcome_holds_pictures_do_not_say_that_there_is_no_equilibrium(tmp_path):
    """Of chance that splits outcomes nothing is said of equilibria; of pure play without chance there is none."""
    told = {}
    for name, sweep in (("capitals_signal_2021", "whom"), ("deterrence", "credibility")):
        scenario = sim.load(f"scenarios/{name}.toml")
        path = stored(prove(scenario, scenario.sweeps[sweep], equilibria="pure", boxes=50), tmp_path)
        told[name] = json.loads(path.read_text())["certain"]
    assert told == {"capitals_signal_2021": False, "deterrence": True}
