"""Repeated games: what makes a batch, what patience means, what is no game."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.forms.repeated import misreading
from tests.games import MILD

STAGE = sim.NormalForm(MILD)


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


def test_misreading_is_a_probability_of_every_joint_action_read():
    monitoring = misreading((2, 3), [[0.1, 0.4], [0.0, 0.0]])
    assert monitoring.shape == (2, 2, 3, 6)
    np.testing.assert_allclose(monitoring.sum(axis=-1), 1.0)
    np.testing.assert_allclose(monitoring[0, 0, 0], [0.54, 0.18, 0.18, 0.06, 0.02, 0.02])
    np.testing.assert_array_equal(monitoring[1].reshape(6, 6), np.eye(6))


def test_signals_make_a_batch_and_are_taken_along():
    stage = sim.NormalForm(np.zeros((2, 2, 2)))
    game = sim.Repeated(stage, 0.5, monitoring=misreading((2, 2), [[0.1, 0.1], [0.2, 0.2]]))
    assert game.cells == 2
    np.testing.assert_array_equal(game.take([1]).monitoring, misreading((2, 2), 0.2))


@pytest.mark.parametrize(
    ("monitoring", "message"),
    [
        (np.ones((2, 3, 1)), "must be"),
        (np.full((2, 2, 2), 0.4), "one in sum"),
        (np.tile([1.5, -0.5], (2, 2, 1)), "none negative"),
        (np.ones((3, 2, 2, 1)), "monitoring has 3 cells"),
    ],
)
def test_wrong_signals_are_refused(monitoring, message):
    stage = sim.NormalForm(np.zeros((2, 2, 2, 2)))
    with pytest.raises(ValueError, match=message):
        sim.Repeated(stage, 0.5, monitoring=monitoring)
    with pytest.raises(ValueError, match="error must be from 0 to 1"):
        misreading((2, 2), 1.5)


def test_other_payoffs_are_those_of_the_stage():
    game = sim.Repeated(STAGE, np.array([[0.1, 0.2]]), horizon=3)
    other = game.with_payoffs(2 * game.payoffs)
    np.testing.assert_array_equal(2 * STAGE.payoffs, other.payoffs)
    assert (other.horizon, other.discount.tolist()) == (3, [[0.1, 0.2]])
    assert other.rational(np.array([0])).tolist() == other.stage.rational(np.array([0])).tolist()


def test_only_a_game_without_an_end_is_endless():
    assert sim.Repeated(STAGE, 0.5).endless
    assert not sim.Repeated(STAGE, 0.5, horizon=3).endless
    assert not STAGE.endless
