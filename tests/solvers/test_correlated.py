from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

import sim
from sim.solution import Status, certify
from tests.draw import normal_forms

CASES = json.loads((Path(__file__).parents[1] / "cases" / "correlated.json").read_text())
CONCEPTS = ["correlated", "coarse_correlated"]


def welfare_by_definition(payoffs, sign, coarse):
    """Best (1) or worst (-1) sum of payoffs, by scipy's HiGHS on constraints written out one by one."""
    players, *sizes = payoffs.shape
    rows = []
    for i in range(players):
        for advice in [None] if coarse else range(sizes[i]):
            for deviation in range(sizes[i]):
                row = np.zeros(sizes)
                for s in np.ndindex(*sizes):
                    if advice in {None, s[i]}:
                        row[s] = payoffs[(i, *s[:i], deviation, *s[i + 1 :])] - payoffs[(i, *s)]
                rows.append(row.ravel())
    total = payoffs.sum(axis=0).ravel()
    found = linprog(-sign * total, rows, np.zeros(len(rows)), np.ones((1, total.size)), [1])
    return -sign * found.fun


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_published_ranges(case):
    """Aumann (1974, 1987) and the battle of the sexes."""
    game = sim.NormalForm([case["inputs"]["payoff1"], case["inputs"]["payoff2"]])
    solution = sim.solve(game, "correlated")
    expected = case["expected"]
    value = dict(zip(solution.claim.names, solution.value[0], strict=True))
    found = {
        "max_sum": value["best for joint welfare"].sum(),
        "min_sum": value["worst for joint welfare"].sum(),
        "max_u1": value["best for player 1"][0],
        "min_u1": value["worst for player 1"][0],
    }
    for name, number in found.items():
        assert number == pytest.approx(expected[name], abs=1e-9)
    if "dist" in expected:
        np.testing.assert_allclose(expected["dist"], solution.claim.joint[0, 0], atol=1e-9)


@pytest.mark.parametrize("concept", CONCEPTS)
@given(game=st.integers(2, 3).flatmap(lambda players: normal_forms(players=players, most=3)))
def test_welfare_agrees_with_highs(concept, game):
    solution = sim.solve(game, concept)
    assert (solution.status == Status.ok).all()
    assert solution.complete.all()
    for cell, payoffs in enumerate(game.payoffs):
        for answer, sign in enumerate([1, -1]):
            best = welfare_by_definition(payoffs, sign, concept == "coarse_correlated")
            assert solution.value[cell, answer].sum() == pytest.approx(best, abs=1e-8)


@given(normal_forms(players=2, most=3))
def test_every_nash_equilibrium_lies_between_worst_and_best(game):
    nash, mediated = sim.solve(game, "nash"), sim.solve(game, "correlated")
    slack = 1e-8 * game.scale.max()
    for i in range(2):
        value = nash.value[..., i]
        best, worst = mediated.value[:, 2 + 2 * i, i], mediated.value[:, 3 + 2 * i, i]
        assert (np.nan_to_num(value, nan=-np.inf) <= best[:, np.newaxis] + slack).all()
        assert (np.nan_to_num(value, nan=np.inf) >= worst[:, np.newaxis] - slack).all()


def test_large_games_are_solved_and_certified():
    rng = np.random.default_rng(5)
    uniform = sim.NormalForm(rng.uniform(-1, 1, (20, 2, 6, 6)))
    whole = sim.NormalForm(rng.integers(-3, 4, (20, 3, 3, 3, 3)).astype(float))
    for game in (uniform, whole):
        for concept in CONCEPTS:
            assert (sim.solve(game, concept).status == Status.ok).all()


@pytest.mark.parametrize("concept", CONCEPTS)
def test_wrong_claims_are_refuted(concept):
    """Disobeyed play, and obeyed play that is not the best it is said to be."""
    game = sim.NormalForm([[[6.0, 2.0], [7.0, 0.0]], [[6.0, 7.0], [2.0, 0.0]]])
    claim = sim.solve(game, concept).claim
    disobeyed = np.broadcast_to([[1.0, 0.0], [0.0, 0.0]], claim.joint.shape)
    assert certify(game, replace(claim, joint=disobeyed), concept).status[0] == Status.refuted
    second_best = np.broadcast_to(np.array([[1.0, 1.0], [1.0, 0.0]]) / 3, claim.joint.shape)
    assert certify(game, replace(claim, joint=second_best), concept).status[0] == Status.refuted
    boast = {"multipliers": -claim.extra["multipliers"]}
    assert certify(game, replace(claim, extra=boast), concept).status[0] == Status.refuted
