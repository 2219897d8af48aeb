"""Chains of states: long-run shares and hitting times against what a chain does."""

from __future__ import annotations

import numpy as np
import pytest

from sim.game.chains import hitting_times, long_run_shares


def chains(size, cells=20):
    """Chains with many zeros, so that they fall into classes."""
    draw = np.random.default_rng(size)
    chain = draw.random((cells, size, size)) * (draw.random((cells, size, size)) < 1.6 / size)
    chain[chain.sum(axis=2) == 0.0, 0] = 1.0
    return chain / chain.sum(axis=2, keepdims=True)


@pytest.mark.parametrize("size", [1, 2, 3, 6])
def test_shares_are_averages_over_time(size):
    chain, start = chains(size), np.full(size, 1.0 / size)
    lazy = 0.5 * (chain + np.eye(size))  # the same shares, and no cycles
    far = np.linalg.matrix_power(lazy, 2**40)
    np.testing.assert_allclose(long_run_shares(chain, start), start @ far, atol=1e-3)


@pytest.mark.parametrize("size", [2, 3, 6])
def test_times_solve_what_a_step_adds(size):
    chain = chains(size)
    target = np.zeros((len(chain), size), np.bool_)
    target[:, -1] = True
    times = hitting_times(chain, target)
    assert (times[:, -1] == 0.0).all()
    later = np.einsum("cst,ct->cs", chain, np.where(np.isfinite(times), times, 0.0))
    certain = np.isfinite(times) & ~target
    np.testing.assert_allclose(times[certain], 1.0 + later[certain], rtol=1e-9)
    leads = (chain > 0.0) & ~np.isfinite(times)[:, np.newaxis, :]
    assert (np.isinf(times) == (leads.any(axis=2) & ~target)).all()


def test_what_rounding_cannot_tell_is_none_and_spoils_no_other_cell():
    leak = np.array([[1.0, 1e-20], [0.0, 1.0]])
    shares = long_run_shares(
        np.stack([leak, np.full((2, 2), 0.5), np.full((2, 2), np.nan)]), np.array([1.0, 0.0])
    )
    np.testing.assert_allclose(shares, [[np.nan, np.nan], [0.5, 0.5], [np.nan, np.nan]])
