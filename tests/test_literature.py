"""Published results on repeated games and learning, each recomputed through the public interface."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import sim
from sim import patience as sustain
from sim.automata import Automaton, perfect_discounts
from sim.play import play
from sim.play.learning import RULES
from sim.solution import Status

CASES = json.loads((Path(__file__).parent / "cases" / "repeated_literature.json").read_text())
LONG = ["fictitious_inspection"]  # 200,000 rounds


def about(model):
    """The cases of one model, one test each."""
    return pytest.mark.parametrize(
        "case",
        [
            pytest.param(case, id=case["id"], marks=pytest.mark.deep if case["id"] in LONG else ())
            for case in CASES
            if case["model"] == model
        ],
    )


def symmetric(rows):
    """A game in which the second player's payoffs are the first one's with the roles exchanged."""
    rows = np.array(rows, dtype=float)
    return sim.NormalForm(np.stack([rows, rows.T]))


def vertices_of(payoffs, discount):
    """The payoff set of a repeated game, ``(V, 2)``."""
    solution = sim.solve(sim.Repeated(sim.NormalForm(payoffs), discount), "subgame_perfect")
    assert solution.status.tolist() == [Status.ok]
    vertices = solution.claim.extra["payoff_set"][0]
    return vertices[~np.isnan(vertices[:, 0])]


@about("payoff_set")
def test_payoff_sets(case):
    found = vertices_of(case["inputs"]["payoffs"], case["inputs"]["delta"])
    expected = np.array(case["expected"]["vertices"])
    distance = np.abs(found[:, np.newaxis] - expected).max(axis=2)
    assert distance.min(axis=0).max() <= case["tol"]
    assert distance.min(axis=1).max() <= case["tol"]


@about("spe_payoff_set")
def test_cournot_sets_and_critical_discounts(case):
    given, expected = case["inputs"], case["expected"]
    payoffs = [given["payoff1"], given["payoff2"]] if "payoff2" in given else None
    if "delta_star" in expected:
        found = sim.critical_discount(sim.NormalForm(payoffs), tuple(given["profile"]))
        assert np.isclose(found[0], expected["delta_star"], atol=1e-9)
        return
    stage = sim.NormalForm(payoffs) if payoffs else symmetric(given["payoff1"])
    x, y = vertices_of(stage.payoffs[0], given["delta"]).T
    found = {
        "min1": x.min(),
        "min2": y.min(),
        "max1": x.max(),
        "max_sum": (x + y).max(),
        "area": 0.5 * (x * np.roll(y, -1) - y * np.roll(x, -1)).sum(),
    }
    assert found == pytest.approx(expected, abs=case["tol"])


@about("folk_pd")
def test_grim_in_the_prisoners_dilemma(case):
    T, R, P, S = (case["inputs"][name] for name in "TRPS")
    stage = symmetric([[R, S], [T, P]])
    for punishment in ("grim", "nash_reversion"):
        found = sim.critical_discount(stage, (0, 0), punishment)
        assert np.isclose(found[0], case["expected"]["grim"], atol=1e-9)


@about("chicken")
def test_threats_in_chicken(case):
    T, R, S, P = (case["inputs"][name] for name in "TRSP")
    expected, stage = case["expected"], symmetric([[R, S], [T, P]])
    mixed = sim.solve(stage, "nash")
    (place,) = np.flatnonzero((mixed.claim.strategy[0] < 1.0).all(axis=(1, 2)))
    assert np.isclose(mixed.claim.strategy[0, place, 0, 1], expected["prob_D"], atol=case["tol"])
    assert np.allclose(mixed.value[0, place], expected["value_mixed"], atol=case["tol"])
    assert np.allclose(sustain.minmax(stage), expected["minmax"])
    assert np.allclose(sustain.minmax(stage, mixed=True), expected["minmax"])
    by_pure = sim.critical_discount(stage, (0, 0), "grim")
    assert np.isclose(by_pure[0], expected["delta_asym"], atol=case["tol"])
    by_mixed = sim.critical_discount(stage, (0, 0), threats=mixed.value[0, place])
    assert np.isclose(by_mixed[0], expected["delta_mixed"], atol=case["tol"])


@about("repeated_deterrence")
def test_resistance_that_deters(case):
    """One challenge resisted ends all challenges; one concession, and the challenger comes for ever."""
    given = case["inputs"]
    worth, cost, concede = (
        given[name] for name in ("a_value_unchallenged", "cost_of_resisting", "payoff_concede")
    )
    defender = [[-cost, worth], [concede, worth]]  # resist or concede; the challenger comes, or stays away
    stage = sim.NormalForm([defender, np.zeros((2, 2))])
    challenged, deterred, lost = range(3)
    play = np.eye(2)[[[0, 0], [0, 1], [1, 0]]]
    follow = np.zeros((3, 2, 2, 3))
    follow[challenged, 0, :, deterred] = follow[challenged, 1, :, lost] = 1.0
    follow[deterred, ..., deterred] = follow[lost, ..., lost] = 1.0
    resistance = Automaton((0, 1), ("challenged", "deterred", "lost"), np.eye(3)[challenged], play, follow)
    (found,) = perfect_discounts(stage, resistance)
    assert np.allclose(found, [[case["expected"]["delta_star"], 1.0]], atol=case["tol"])


@about("penal_codes")
def test_oligopolies(case):
    expected = case["expected"]
    if "n" in case["inputs"]:  # Bertrand: keep the monopoly price, or undercut it by ever so little
        n = case["inputs"]["n"]
        payoffs = np.zeros((n, *(2,) * n))
        payoffs[(slice(None), *(0,) * n)] = 1.0 / n
        for i in range(n):
            payoffs[(i, *(int(j == i) for j in range(n)))] = 1.0
        found = sim.critical_discount(sim.NormalForm(payoffs), (0,) * n, "grim")
        assert np.isclose(found[0], expected["delta_star"], atol=case["tol"])
        return
    output = np.arange(25) / 24  # holds the monopoly's share 1/4, Cournot's 1/3, the stick 5/12, and replies
    stage = symmetric(np.maximum(1.0 - output[:, np.newaxis] - output, 0.0) * output[:, np.newaxis])
    reversion = sim.critical_discount(stage, (6, 6), threats=[1.0 / 9.0, 1.0 / 9.0])
    assert np.isclose(reversion[0], expected["nash_reversion"], atol=case["tol"])


@about("fictitious_play")
def test_fictitious_play(case):
    given, expected = case["inputs"], case["expected"]
    game = sim.NormalForm([given["payoff1"], given["payoff2"]])
    rounds = given["rounds"] if isinstance(given["rounds"], int) else given["rounds"][1]
    record = play(RULES["fictitious_play"](game, 1), periods=rounds, first=given["first"])
    if "x" in expected:
        assert np.allclose(record.frequency, [expected["x"], expected["y"]], atol=case["tol"])
    else:
        assert np.abs(record.frequency - np.array(expected["ne"])).max() > 0.1


def regimes(rows):
    """Every equilibrium's probability of the first action, per cell, sorted; and where there is a continuum."""
    solution = sim.solve(sim.NormalForm(np.stack([rows, rows.swapaxes(1, 2)], axis=1), cells=True), "nash")
    assert solution.complete.all()
    first = [
        sorted(map(tuple, np.round(solution.claim.strategy[c, :k, :, 0], 9).tolist()))
        for c, k in enumerate(solution.count)
    ]
    return first, solution.degenerate.tolist()


def test_equilibria_as_a_function_of_a_parameter():
    """A game on [0, 1] with borders at 1/3 and 2/3 (computer science exchange, question 28017, 2015)."""
    x = np.array([0.2, 0.4, 0.5, 0.6, 0.75])
    rows = np.moveaxis(np.array([[x / 2, x], [1 - x, (1 - x) / 2]]), -1, 0)
    first, degenerate = regimes(rows)
    assert not any(degenerate)
    assert first[0] == [(0.0, 0.0)]
    assert first[4] == [(1.0, 1.0)]
    for place in (1, 2, 3):
        mixed = pytest.approx(3 * x[place] - 1, abs=1e-9)
        assert first[place] == [(0.0, 1.0), (mixed, mixed), (1.0, 0.0)]


def test_hawks_and_doves():
    """Maynard Smith (1974): hawks are the share V/C where fights cost more than the prize, and all else."""
    prize, cost = np.array([2.0, 4.0, 6.0]), 4.0
    rows = np.moveaxis(np.array([[(prize - cost) / 2, prize], [0 * prize, prize / 2]]), -1, 0)
    first, degenerate = regimes(rows)
    assert degenerate == [False, True, False]
    assert first[0] == [(0.0, 1.0), (0.5, 0.5), (1.0, 0.0)]
    assert first[1] == [(0.0, 1.0), (1.0, 0.0), (1.0, 1.0)]
    assert first[2] == [(1.0, 1.0)]
