"""Facts of a stage game against plain loops over joint actions, and known games."""

from __future__ import annotations

import numpy as np
import pytest

from sim.forms import stage

PD = np.array([[[[2.0, -1.0], [3.0, 0.0]], [[2.0, 3.0], [-1.0, 0.0]]]])


def drawn(seed, sizes):
    return np.random.default_rng(seed).integers(0, 5, (3, len(sizes), *sizes)).astype(float)


def replies(payoffs, c, i, joint):
    """What each action of player i pays against what the others do."""
    return [
        payoffs[(c, i, *joint[:i], own, *joint[i + 1 :])] for own in range(payoffs.shape[2 + i])
    ]  # fmt: skip


@pytest.mark.parametrize("sizes", [(2, 2), (3, 2), (2, 1, 3)])
def test_gains_and_temptations_are_those_of_every_single_deviation(sizes):
    payoffs = drawn(len(sizes), sizes)
    gains, tempting = stage.gains(payoffs), stage.temptations(payoffs)
    for c, i, *joint in np.ndindex(payoffs.shape):
        now, each = payoffs[(c, i, *joint)], replies(payoffs, c, i, joint)
        others = [pay for own, pay in enumerate(each) if own != joint[i]]
        assert gains[(c, i, *joint)] == max(each) - now
        assert tempting[(c, i, *joint)] == max(others, default=-np.inf) - now
    assert (stage.best_deviations(payoffs) == gains + payoffs).all()


@pytest.mark.parametrize("sizes", [(2, 2), (3, 2), (2, 1, 3)])
def test_pure_minmax_is_the_least_best_reply(sizes):
    payoffs = drawn(7, sizes)
    found = stage.pure_minmax(payoffs)
    for c, i in np.ndindex(found.shape):
        assert found[c, i] == min(max(replies(payoffs, c, i, joint)) for joint in np.ndindex(sizes))


def test_the_prisoners_dilemma():
    assert stage.pure_minmax(PD).tolist() == [[0.0, 0.0]]
    assert stage.gains(PD)[0, 0].tolist() == [[1.0, 1.0], [0.0, 0.0]]
    assert np.argwhere(stage.pure_equilibria(PD, np.full((1, 2), 4.0))).tolist() == [[0, 1, 1]]
    assert stage.lowest(PD).tolist() == [[-1.0, -1.0]]


def test_ties_up_to_rounding_are_equilibria_and_no_more():
    payoffs = np.zeros((2, 2, 2, 1))
    payoffs[0, 0, 0], payoffs[1, 0, 0] = -1e-14, -1e-6
    found = stage.pure_equilibria(payoffs, np.ones((2, 2)))
    assert found[..., 0].tolist() == [[True, True], [False, True]]
