from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.patience import critical_discount
from sim.solution import Status
from tests.games import MILD


def solve(payoffs):
    game = sim.Repeated(sim.NormalForm(payoffs), discount=0.1)
    return game, sim.solve(game, "subgame_perfect", "critical_patience")


def test_cooperation_needs_one_seventh():
    """The dilemma [[9, 1], [10, 3]]: (10 - 9) / (10 - 3)."""
    game, found = solve(MILD)
    least = found.claim.extra["critical_discount"][0][game.outcomes.of]
    assert (least[0, 0], least[1, 1]) == pytest.approx((1 / 7, 0.0), abs=1e-9)
    assert found.status[0] == Status.ok


def test_an_outcome_needs_what_its_easiest_joint_action_needs():
    random = np.random.default_rng(3)
    stage = sim.NormalForm(random.integers(-5, 6, (5, 2, 3, 3)).astype(float))
    game = sim.Repeated(stage, discount=0.5)
    least = sim.solve(game, "subgame_perfect", "critical_patience").claim.extra["critical_discount"]
    each = [critical_discount(stage, (a, b)) for a in range(3) for b in range(3)]
    np.testing.assert_allclose(least, np.stack(each, axis=1), atol=1e-9)


def test_a_cell_that_is_not_finite_harms_no_other():
    payoffs = np.array([MILD, MILD], float)
    payoffs[0, 0, 0, 0] = np.nan
    _, found = solve(payoffs)
    assert found.status.tolist() == [Status.nonfinite, Status.ok]
    assert np.isnan(found.claim.extra["critical_discount"][0]).all()
