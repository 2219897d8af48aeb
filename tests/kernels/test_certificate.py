"""The certificate of two-player play against its definitions in plain numpy."""

from __future__ import annotations

import numpy as np
import pytest

from sim.kernels.judge.certificate import judge_bimatrix


def claim(*pairs):
    """One cell of claims of 2 x 2 play, with a NaN at the end."""
    strategy = np.full((1, len(pairs) + 1, 2, 2), np.nan)
    for k, pair in enumerate(pairs):
        strategy[0, k] = pair
    return strategy


COORDINATION = np.array([[[[2.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 2.0]]]])
FIRST, SECOND, MIXED = [[1, 0], [1, 0]], [[0, 1], [0, 1]], [[2 / 3, 1 / 3], [1 / 3, 2 / 3]]


def test_values_regret_and_index_of_the_battle_of_the_sexes():
    value, regret, relative, index, component = judge_bimatrix(COORDINATION, claim(FIRST, SECOND, MIXED))
    assert value[0, :3] == pytest.approx(np.array([[2, 1], [1, 2], [2 / 3, 2 / 3]]))
    assert regret[0, :3] == pytest.approx(0, abs=1e-15)
    assert index[0].tolist() == [1, 1, -1, 0]
    assert component[0].tolist() == [0, 1, 2, -1]
    assert np.isnan([value[0, 3, 0], regret[0, 3], relative[0, 3]]).all()


def test_regret_is_the_largest_gain_of_any_action():
    random = np.random.default_rng(0)
    payoffs = random.normal(size=(50, 2, 4, 3)) * 100
    x, y = random.dirichlet(np.ones(4), 50), random.dirichlet(np.ones(3), 50)
    strategy = np.zeros((50, 1, 2, 4))
    strategy[:, 0, 0], strategy[:, 0, 1, :3] = x, y
    value, regret, relative, _, _ = judge_bimatrix(payoffs, strategy)
    rows, columns = np.einsum("cij,cj->ci", payoffs[:, 0], y), np.einsum("ci,cij->cj", x, payoffs[:, 1])
    means = np.stack([(rows * x).sum(1), (columns * y).sum(1)], axis=1)
    gains = np.stack([rows.max(1), columns.max(1)], axis=1) - means
    assert value[:, 0] == pytest.approx(means)
    assert regret[:, 0] == pytest.approx(gains.max(1))
    spread = np.ptp(payoffs.reshape(50, 2, -1), axis=2)
    assert relative[:, 0] == pytest.approx((gains / spread).max(1))


def test_index_is_zero_where_a_best_reply_is_not_played():
    payoffs = np.array([[[[1.0, 0.0], [1.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]]]])
    assert judge_bimatrix(payoffs, claim(FIRST))[3].tolist() == [[0, 0]]


def test_equilibria_that_share_a_strategy_are_one_component():
    chain = claim(FIRST, SECOND, [[0, 1], [1, 0]], MIXED)
    assert judge_bimatrix(COORDINATION, chain)[4].tolist() == [[0, 0, 0, 1, -1]]


@pytest.mark.parametrize("play", [[[1.5, -0.5], [1, 0]], [[0.5, 0.4], [1, 0]], [[1, 0], [1, 1e-6]]])
def test_play_that_is_no_probability_is_refuted(play):
    assert judge_bimatrix(COORDINATION, claim(play))[2][0, 0] == np.inf


def test_a_large_level_of_payoffs_costs_no_digits():
    relative = judge_bimatrix(COORDINATION + 2.0**33, claim(MIXED))[2]
    assert relative[0, 0] == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize("scale", [1e-200, 1.0, 1e200])
def test_index_and_relative_regret_do_not_depend_on_the_units(scale):
    judged = judge_bimatrix(COORDINATION * scale, claim(FIRST, SECOND, MIXED))
    assert judged[3].tolist() == [[1, 1, -1, 0]]
    assert judged[2][0, :3] == pytest.approx(0, abs=1e-15)
