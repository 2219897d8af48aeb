"""Arrays of long decimals: equal numbers tie without fractions, and as fractions say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.forms.normal import NormalForm
from sim.solvers.methods.equal_numbers import ENOUGH, long_decimals, patterns


def drawn(shape, seed, numbers, cells=2 * ENOUGH):
    """Games of some long decimals, each wherever a number is drawn twice, in two kinds of cells."""
    random = np.random.default_rng(seed)
    payoffs = np.empty((cells, 2, *shape))
    for kind in range(2):
        places = random.integers(0, numbers, (2, *shape))
        values = random.random((cells, numbers))
        values[:, 0] = 0.0
        payoffs[kind::2] = values[kind::2][:, places]
    return payoffs


def refuse(monkeypatch):
    monkeypatch.setattr(NormalForm, "rational", lambda *_: pytest.fail("a cell was decided in fractions"))


@given(st.tuples(st.integers(1, 4), st.integers(1, 4)), st.integers(0, 999), st.integers(2, 9))
def test_cells_together_are_decided_as_fractions_decide_them(shape, seed, numbers):
    game = NormalForm(drawn(shape, seed, numbers), ("one", "other"))
    together = sim.solve(game, "nash", "support_enumeration")
    for start in range(0, game.cells, ENOUGH // 2):  # too few cells for anything but fractions
        alone = sim.solve(game.take(slice(start, start + ENOUGH // 2)), "nash", "support_enumeration")
        chosen = slice(start, start + ENOUGH // 2)
        for name in ("count", "degenerate", "complete", "status", "index", "component"):
            one, other = getattr(together, name)[chosen], getattr(alone, name)
            np.testing.assert_array_equal(one[:, : other.shape[1]] if other.ndim > 1 else one, other)
        most = alone.strategy.shape[1]
        np.testing.assert_allclose(together.strategy[chosen, :most], alone.strategy, rtol=0, atol=1e-9)
        assert np.isnan(together.strategy[chosen, most:]).all()


@pytest.mark.parametrize("shape", [(2, 2), (3, 5), (5, 4)])
def test_equal_columns_are_decided_without_fractions(shape, monkeypatch):
    payoffs = np.random.default_rng(3).random((300, 2, *shape))
    payoffs[..., -1] = payoffs[..., 0]
    refuse(monkeypatch)
    found = sim.solve(NormalForm(payoffs), "nash")
    assert found.degenerate.any()
    assert found.claim.exact[found.degenerate].all()


def test_numbers_that_are_nearly_equal_are_told_apart():
    payoffs = np.random.default_rng(4).random((200, 2, 2, 2)) + 1
    payoffs[:, 0, 1] = np.nextafter(payoffs[:, 0, 0], 0)
    found = sim.solve(NormalForm(payoffs), "nash")
    assert not found.degenerate.any()
    assert (found.count == 1).all()


def test_only_kinds_of_ties_with_enough_cells_count():
    payoffs = drawn((2, 3), 5, 4)
    assert [len(cells) for cells, _ in patterns(payoffs)] == [ENOUGH, ENOUGH]
    ((cells, places),) = patterns(payoffs[1:])
    assert len(cells) == ENOUGH
    first = np.frombuffer(places, np.int16).reshape(2, 6)
    for player, place in np.ndindex(2, 6):
        flat = payoffs[1:][cells].reshape(ENOUGH, 2, 6)[:, player]
        assert (flat[:, place] == flat[:, first[player, place]]).all()


def test_short_decimals_and_small_batches_are_left_as_they_are():
    payoffs = drawn((2, 3), 5, 4)
    assert long_decimals(payoffs).size == len(payoffs)
    assert long_decimals(payoffs[: ENOUGH - 1]).size == 0
    assert long_decimals(np.round(payoffs, 2)).size == 0
    payoffs[::3] = np.round(payoffs[::3], 2)
    assert long_decimals(payoffs).tolist() == [cell for cell in range(len(payoffs)) if cell % 3]
