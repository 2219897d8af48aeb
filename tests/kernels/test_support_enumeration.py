"""Signs of minors over many cells find the supports that vertices one by one do."""

from __future__ import annotations

import numpy as np
import pytest

from sim.kernels.bimatrix.double_description import rays_needed
from sim.kernels.bimatrix.equilibria import FOUND, NONFINITE, SUSPECT, pair_supports
from sim.kernels.bimatrix.support_enumeration import LANES, both_subsets, subsets, support_lanes
from sim.kernels.bimatrix.vertex_enumeration import extreme_pairs
from tests.solvers.bimatrix import draw_payoffs


def search(payoffs, lanes):
    cells, _, m, n = payoffs.shape
    verdict, count, pairs = (
        np.empty(cells, np.uint8),
        np.empty(cells, np.int64),
        np.empty((99 * cells, 3), np.int64),
    )
    if lanes:
        done = support_lanes(payoffs, 0, cells, 1e-9, *both_subsets(m, n), verdict, count, pairs)
    else:
        done = pair_supports(payoffs, 0, cells, 1e-9, rays_needed(m, n), verdict, count, pairs)
    assert done == cells
    return verdict, count, pairs[: count.sum()]


@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 3), (4, 1), (2, 2), (3, 3), (4, 3), (2, 6), (5, 5), (6, 4), (40, 2)]
)
def test_both_searches_find_the_same_supports_in_the_same_order(shape):
    payoffs = draw_payoffs("normal", 2 * LANES + 3, shape, seed=1)
    for one, other in zip(search(payoffs, lanes=True), search(payoffs, lanes=False), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (4, 3), (2, 6), (4, 5)])
@pytest.mark.parametrize("family", ["integers", "signs"])
def test_every_degenerate_cell_is_suspect(shape, family):
    payoffs = draw_payoffs(family, 500, shape, seed=2)
    m, n = shape
    verdict, degenerate = np.zeros(500, np.uint8), np.empty(500, np.bool_)
    count, found = np.empty(500, np.int64), np.empty((30_000, m + n), np.int64)
    whole = payoffs.astype(np.int64)
    assert extreme_pairs(whole, rays_needed(m, n), 0, 500, verdict, degenerate, count, found) == 500
    ours, ours_count, _ = search(payoffs, lanes=True)
    assert (ours[degenerate] == SUSPECT).all()
    clear = ours == FOUND
    assert np.array_equal(ours_count[clear], count[clear])
    assert clear.sum() > 0 or family == "signs"


def test_cells_that_are_no_games_are_told_apart():
    payoffs = draw_payoffs("uniform", 5, (3, 2), seed=3)
    payoffs[1, 0, 2, 1], payoffs[3, 1, 0, 0] = np.nan, -np.inf
    payoffs[4, 0] = 7.0
    for lanes in (True, False):
        assert search(payoffs, lanes)[0].tolist() == [FOUND, NONFINITE, FOUND, NONFINITE, SUSPECT]


@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (3, 1), (2, 2), (4, 3)])
@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_no_payoff_that_is_no_number_goes_unseen(shape, number):
    one = draw_payoffs("uniform", 1, shape, seed=5)[0]
    payoffs = np.repeat(one[np.newaxis], one.size, axis=0)
    payoffs.reshape(one.size, -1)[np.arange(one.size), np.arange(one.size)] = number
    assert (search(payoffs, lanes=True)[0] == NONFINITE).all()


def test_a_full_list_stops_at_the_first_cell_not_done():
    payoffs = draw_payoffs("uniform", 3 * LANES, (3, 3), seed=4)
    verdict, count = np.empty(3 * LANES, np.uint8), np.zeros(3 * LANES, np.int64)
    pairs = np.empty((LANES * 5 // 2, 3), np.int64)
    assert support_lanes(payoffs, 0, 3 * LANES, 1e-9, *both_subsets(3, 3), verdict, count, pairs) == LANES


def test_tables_of_subsets_lead_back_to_themselves():
    tables = subsets(5, 5)
    for s in range(tables.bits.size):
        size = int(tables.bits[s]).bit_count()
        for r in range(5 - size):
            assert tables.less[tables.more[s, r], tables.place[s, r]] == s
