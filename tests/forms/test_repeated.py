"""Repeated games: what makes a batch, what patience means, what is no game."""

from __future__ import annotations

import numpy as np
import pytest

import sim

STAGE = sim.NormalForm([[[9.0, 1.0], [10.0, 3.0]], [[9.0, 10.0], [1.0, 3.0]]])


def test_one_stage_and_many_discounts_make_a_batch():
    game = sim.Repeated(STAGE, np.array([[0.1, 0.2], [0.3, 0.4]]))
    assert game.cells == 2
    assert game.take([1]).discount.tolist() == [[0.3, 0.4]]


def test_continuation_is_another_way_to_write_patience():
    assert np.allclose(sim.Repeated(STAGE, 0.9, continuation=0.5).discount, 0.45)


def test_a_deviation_that_nobody_punishes_gains_for_one_stage():
    play = np.array([[[1.0, 0.0], [1.0, 0.0]]])
    assert np.allclose(sim.Repeated(STAGE, 0.9).regret(play), 0.1)
    assert np.allclose(sim.Repeated(STAGE, 0.5, horizon=2).regret(play), 1.0 / 1.5)


@pytest.mark.parametrize("discount", [1.0, -0.1, [0.5, 0.5, 0.5]])
def test_discounts_that_are_none_are_refused(discount):
    with pytest.raises(ValueError, match="discount"):
        sim.Repeated(STAGE, discount)


def test_horizon_must_have_a_stage():
    with pytest.raises(ValueError, match="horizon"):
        sim.Repeated(STAGE, 0.5, horizon=0)


def test_the_weight_of_later_stages_is_that_of_the_sum():
    stage = sim.NormalForm(np.zeros((2, 2, 2)))
    for horizon in (1, 2, 7):
        for discount in (0.0, 0.3, 0.999999, 1.0):
            total = sum(discount**t for t in range(horizon))
            weight = sim.Repeated(stage, discount, horizon).weight_of_later
            np.testing.assert_allclose(np.full((1, 2), 1 - 1 / total), weight, atol=1e-10)


def test_a_long_horizon_costs_nothing():
    weight = sim.Repeated(sim.NormalForm(np.zeros((2, 2, 2))), 0.5, 10**9).weight_of_later
    np.testing.assert_allclose(0.5, weight)
