from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from scipy.optimize import linprog

import sim
from sim.solution import Status, certify
from tests.draw import normal_forms

CASES = json.loads((Path(__file__).parents[1] / "cases" / "commitment.json").read_text())


def best_by_definition(mine, theirs):
    """The leader's best value over all replies, each induced by scipy's HiGHS."""
    rows, columns = mine.shape
    found = []
    for j in range(columns):
        answer = linprog(-mine[:, j], (theirs - theirs[:, [j]]).T, np.zeros(columns), np.ones((1, rows)), [1])
        if answer.success:
            found.append(-answer.fun)
    return max(found)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_published_commitments(case):
    """Conitzer and Sandholm (2006); Avenhaus, von Stengel and Zamir (2002)."""
    game = sim.NormalForm([case["inputs"]["payoff1"], case["inputs"]["payoff2"]])
    expected = case["expected"]
    mixed, pure = sim.solve(game, "stackelberg"), sim.solve(game, "stackelberg_pure")
    assert mixed.value[0, 0, 0] == pytest.approx(expected["mixed_commitment"])
    assert pure.value[0, 0, 0] == pytest.approx(expected["pure_commitment"])
    np.testing.assert_allclose(expected["commitment"], mixed.strategy[0, 0, 0], atol=1e-9)


@given(normal_forms(players=2, most=4))
def test_either_leader_agrees_with_highs(game):
    for leader in range(2):
        solution = sim.solve(game, "stackelberg", leader=leader)
        assert (solution.status == Status.ok).all()
        for cell, (first, second) in enumerate(game.payoffs):
            best = best_by_definition(*((first, second) if leader == 0 else (second.T, first.T)))
            assert solution.value[cell, 0, leader] == pytest.approx(best, abs=1e-8)


@given(normal_forms(players=2, most=3))
def test_commitment_is_worth_at_least_every_equilibrium_and_every_action(game):
    """von Stengel and Zamir (2010)."""
    nash = sim.solve(game, "nash")
    for leader in range(2):
        mixed = sim.solve(game, "stackelberg", leader=leader).value[:, 0, leader]
        pure = sim.solve(game, "stackelberg_pure", leader=leader)
        assert (pure.status == Status.ok).all()
        assert (mixed >= pure.value[:, 0, leader] - 1e-9 * game.scale[:, leader]).all()
        assert (mixed >= np.nanmax(nash.value[..., leader], axis=1) - 1e-8 * game.scale[:, leader]).all()


@pytest.mark.parametrize("concept", ["stackelberg", "stackelberg_pure"])
def test_wrong_claims_are_refuted(concept):
    game = sim.NormalForm([[[2.0, 4.0], [1.0, 3.0]], [[1.0, 0.0], [0.0, 1.0]]])
    claim = sim.solve(game, concept).claim
    worse = replace(claim, strategy=np.array([[[[1.0, 0.0], [1.0, 0.0]]]]))
    assert certify(game, worse, concept).status[0] == Status.refuted
    unwilling = replace(claim, strategy=np.array([[[[1.0, 0.0], [0.0, 1.0]]]]))
    assert certify(game, unwilling, concept).status[0] == Status.refuted


def test_the_leader_must_be_a_player():
    game = sim.NormalForm(np.zeros((2, 2, 2)))
    with pytest.raises(ValueError, match="leader = 2"):
        sim.solve(game, "stackelberg", leader=2)
