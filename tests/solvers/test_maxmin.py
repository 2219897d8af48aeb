from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

import sim
from sim.solution import Status, certify
from tests.draw import normal_forms


def secured_by_definition(own):
    """Largest v with x M >= v for some mixed x, by scipy's HiGHS; ``own (Ai, others)``."""
    actions, others = own.shape
    rows = np.hstack([-own.T, np.ones((others, 1))])
    found = linprog([0] * actions + [-1], rows, np.zeros(others), [[1] * actions + [0]], [1],
                    bounds=[(0, None)] * actions + [(None, None)])  # fmt: skip
    return -found.fun


def own_first(payoffs, i):
    return np.moveaxis(payoffs[i], i, 0).reshape(payoffs.shape[1 + i], -1)


several = st.integers(2, 3).flatmap(lambda players: normal_forms(players=players, most=3))


@given(several)
def test_mixed_values_agree_with_highs(game):
    maxmin, minmax = sim.solve(game, "maxmin"), sim.solve(game, "minmax")
    assert (maxmin.status == Status.ok).all()
    assert (minmax.status == Status.ok).all()
    for cell, payoffs in enumerate(game.payoffs):
        for i in range(len(game.players)):
            expected = secured_by_definition(own_first(payoffs, i))
            assert maxmin.claim.extra["maxmin"][cell, i] == pytest.approx(expected, abs=1e-8)
            assert minmax.value[cell, i, i] == pytest.approx(expected, abs=1e-8)


@given(several)
def test_pure_values_are_their_definition(game):
    maxmin, minmax = sim.solve(game, "pure_maxmin"), sim.solve(game, "pure_minmax")
    for cell, payoffs in enumerate(game.payoffs):
        for i in range(len(game.players)):
            own = own_first(payoffs, i)
            assert maxmin.claim.extra["maxmin"][cell, i] == own.min(axis=1).max()
            assert minmax.claim.extra["minmax"][cell, i] == own.max(axis=0).min()
    assert (maxmin.status == Status.ok).all()
    assert (minmax.status == Status.ok).all()


@given(several)
def test_correlated_punishment_lies_between_the_pure_values(game):
    mixed = sim.solve(game, "maxmin").claim.extra["maxmin"]
    slack = 1e-9 * game.scale
    assert (sim.solve(game, "pure_maxmin").claim.extra["maxmin"] <= mixed + slack).all()
    assert (mixed <= sim.solve(game, "pure_minmax").claim.extra["minmax"] + slack).all()


def test_matching_pennies_secures_nothing():
    """von Neumann (1928)."""
    game = sim.NormalForm([[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]])
    solution = sim.solve(game, "maxmin")
    np.testing.assert_allclose(0.5, solution.strategy[0, 0], atol=1e-12)
    np.testing.assert_allclose(0, solution.value[0, 0], atol=1e-12)


@pytest.mark.parametrize("concept", ["maxmin", "minmax", "pure_maxmin", "pure_minmax"])
def test_wrong_claims_are_refuted(concept):
    game = sim.NormalForm(np.random.default_rng(2).uniform(-1, 1, (1, 3, 2, 3, 2)))
    claim = sim.solve(game, concept).claim
    if claim.joint is None:
        wrong = replace(claim, strategy=claim.strategy[..., [1, 0, 2]])
    else:
        joint = claim.joint[:, :, ::-1, ::-1, ::-1]
        wrong = replace(claim, joint=joint)
    assert certify(game, claim, concept).status[0] == Status.ok
    assert certify(game, wrong, concept).status[0] == Status.refuted
    boast = {name: array + 0.01 for name, array in claim.extra.items()}
    assert certify(game, replace(claim, extra=boast), concept).status[0] == Status.refuted
