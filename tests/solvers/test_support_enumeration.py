"""The default solver: complete, certified, and indifferent to names, units and order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.forms.normal import NormalForm
from sim.kernels.bimatrix.exact import decide
from sim.run import solve
from sim.solution import Status
from tests.draw import normal_forms
from tests.solvers.bimatrix import BIMATRIX, draw_payoffs, equilibria, expected, fractions

SHAPES = [(1, 1), (1, 4), (5, 1), (2, 2), (2, 7), (3, 3), (4, 3), (4, 5), (6, 6), (9, 4)]
FAMILIES = ["uniform", "normal", "decimals", "integers", "signs"]


def of_cells(solution, shape, digits=7):
    return [equilibria(strategy, shape, digits) for strategy in solution.strategy]


@pytest.mark.parametrize("case", BIMATRIX, ids=lambda case: case["name"])
def test_published_games_are_complete(case):
    payoffs = np.stack([fractions(case["A"]), fractions(case["B"])])[np.newaxis]
    game = NormalForm(payoffs.astype(float), exact=lambda cells: payoffs[cells])
    solution = solve(game)
    shape = game.payoffs.shape[2:]
    wanted = {
        tuple(tuple(round(float(p), 7) for p in strategy) for strategy in pair) for pair in expected(case)
    }
    assert set(of_cells(solution, shape)[0]) == wanted
    assert solution.count[0] == case["expected"]["n_extreme_equilibria"]
    assert solution.component[0].max() + 1 == case["expected"]["n_connected_components"]
    assert solution.degenerate[0] == case["expected"]["degenerate"]
    assert solution.complete[0]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("family", ["decimals", "integers", "signs"])
def test_agrees_with_exact_enumeration(shape, family):
    game = NormalForm(draw_payoffs(family, 30 if max(shape) > 5 else 300, shape, seed=2))
    ours, exact = solve(game), solve(game, "nash", "vertex_enumeration")
    assert of_cells(ours, shape) == of_cells(exact, shape)
    assert np.array_equal(ours.degenerate, exact.degenerate)
    assert ours.complete.all()
    assert exact.complete.all()


@pytest.mark.parametrize("shape", [*SHAPES, (2, 40), (35, 3), (12, 12)])
def test_games_without_ties_have_an_odd_number_and_indices_that_sum_to_one(shape):
    game = NormalForm(draw_payoffs("normal", 2 if shape == (12, 12) else 200, shape, seed=4))
    solution = solve(game)
    assert not solution.degenerate.any()
    assert (solution.count % 2 == 1).all()
    assert (solution.index.sum(axis=1) == 1).all()
    assert solution.complete.all()
    assert np.nanmax(solution.residual) < 1e-12


@given(normal_forms(most=4, cells=4), st.randoms(use_true_random=False))
def test_relabelling_and_units_change_nothing_but_names(game, random):
    shape = game.payoffs.shape[2:]
    before = of_cells(solve(game), shape)
    order = [random.sample(range(size), size) for size in shape]
    moved = game.payoffs[:, :, order[0]][:, :, :, order[1]]
    units = np.array([random.choice([1e-200, 0.25, 3.0, 1e200]) for _ in range(2)]).reshape(1, 2, 1, 1)
    levels = np.array([random.choice([-7.0, 0.0, 100.0]) for _ in range(2)]).reshape(1, 2, 1, 1)
    for payoffs in (moved + levels, moved * units):
        after = of_cells(
            solve(NormalForm(payoffs, cells=np.ndim(payoffs) == np.shape(payoffs)[1] + 2)), shape
        )
        back = [
            sorted(
                tuple(tuple(pair[i][order[i].index(a)] for a in range(shape[i])) for i in range(2))
                for pair in cell
            )
            for cell in after
        ]
        assert back == before


@given(normal_forms(most=4, cells=4))
def test_exchanging_the_players_exchanges_their_strategies(game):
    shape = game.payoffs.shape[2:]
    mirror = NormalForm(game.payoffs[:, ::-1].swapaxes(2, 3), cells=True)
    exchanged = [sorted(pair[::-1] for pair in cell) for cell in of_cells(solve(mirror), shape[::-1])]
    assert exchanged == of_cells(solve(game), shape)


@given(normal_forms(most=4, cells=6))
def test_a_batch_equals_its_cells(game):
    shape = game.payoffs.shape[2:]
    whole, single = solve(game), [solve(game.take([cell])) for cell in range(game.cells)]
    assert of_cells(whole, shape, 15) == [of_cells(one, shape, 15)[0] for one in single]
    assert whole.degenerate.tolist() == [bool(one.degenerate[0]) for one in single]


@pytest.mark.parametrize("family", FAMILIES)
def test_strictly_dominated_actions_are_never_played(family):
    payoffs = draw_payoffs(family, 200, (4, 4), seed=9)
    payoffs[:, 0, 2] = payoffs[:, 0, 0] - 0.5
    payoffs[:, 1, :, 1] = payoffs[:, 1, :, 3] - 0.5
    solution = solve(NormalForm(payoffs, cells=np.ndim(payoffs) == np.shape(payoffs)[1] + 2))
    assert np.nanmax(solution.strategy[:, :, 0, 2]) == 0
    assert np.nanmax(solution.strategy[:, :, 1, 1]) == 0


def test_many_blocks_and_threads_change_nothing():
    payoffs = draw_payoffs("integers", 20_000, (2, 3), seed=6)
    together = solve(NormalForm(payoffs, cells=np.ndim(payoffs) == np.shape(payoffs)[1] + 2))
    for first in range(0, 20_000, 5_000):
        part = solve(NormalForm(payoffs[first : first + 5_000]))
        width = part.strategy.shape[1]
        same = together.strategy[first : first + 5_000, :width]
        assert np.array_equal(same, part.strategy, equal_nan=True)
        assert np.array_equal(together.count[first : first + 5_000], part.count)


def test_near_ties_are_decided_by_the_decimals_as_written():
    payoffs = np.array([[[[1.0, 0.3], [1.0, 0.1 * 3]], [[1.0, 0.0], [0.0, 1.0]]]] * 2)
    payoffs[1, 0, 1, 1] = 0.3
    solution = solve(NormalForm(payoffs, cells=np.ndim(payoffs) == np.shape(payoffs)[1] + 2))
    assert solution.degenerate.tolist() == [True, True]
    assert solution.count.tolist() == [3, 4]


def test_thin_margins_do_not_lose_equilibria():
    # within 1e-9 of a tie: still decided, as nondegenerate
    payoffs = np.array([[[[1.0, 0.0], [0.0, 1e-9]], [[1.0, 0.0], [0.0, 1e-9]]]])
    solution = solve(NormalForm(payoffs, cells=np.ndim(payoffs) == np.shape(payoffs)[1] + 2))
    assert solution.count.tolist() == [3]
    assert solution.complete.all()


@pytest.mark.parametrize("shape", [(1, 3), (4, 1), (2, 2), (3, 3), (3, 5)])
def test_complete_is_a_fact_however_thin_the_margins(shape):
    random = np.random.default_rng(31)
    payoffs = random.integers(-2, 3, (60, 2, *shape)) + 1e-13 * random.integers(-2, 3, (60, 2, *shape))
    game = NormalForm(payoffs, cells=np.ndim(payoffs) == np.shape(payoffs)[1] + 2)
    solution = solve(game)
    assert solution.complete.all()
    generic = ~solution.degenerate
    assert 0 < generic.sum() < 60
    assert (solution.index.sum(axis=1)[generic] == 1).all()
    decided = decide(payoffs, game.rational, decimals=True, fractions=True)
    assert decided.count.tolist() == solution.count.tolist()
    assert decided.degenerate.tolist() == solution.degenerate.tolist()
    assert np.nanmax(np.abs(decided.strategy - solution.strategy)) < 1e-9


def test_levels_that_cost_digits_are_decided_by_the_decimals_as_written():
    payoffs = draw_payoffs("integers", 100, (3, 3), seed=17)
    usual, high = (
        solve(NormalForm(payoffs, cells=np.ndim(payoffs) == np.shape(payoffs)[1] + 2)),
        solve(NormalForm(np.round(payoffs * 0.001 + 1e8, 3))),
    )
    assert high.complete.all()
    assert np.array_equal(high.degenerate, usual.degenerate)
    assert np.nanmax(np.abs(high.strategy - usual.strategy)) < 1e-12
    assert np.array_equal(np.isnan(high.strategy), np.isnan(usual.strategy))


def test_a_cell_that_is_no_game_harms_no_other():
    payoffs = draw_payoffs("uniform", 3, (3, 2), seed=0)
    alone = solve(NormalForm(payoffs[[0, 2]], cells=True))
    payoffs[1, 0, 1, 1] = np.nan
    together = solve(NormalForm(payoffs, cells=np.ndim(payoffs) == np.shape(payoffs)[1] + 2))
    assert together.status.tolist() == [Status.ok, Status.nonfinite, Status.ok]
    assert not together.complete[1]
    assert np.array_equal(together.strategy[[0, 2]], alone.strategy, equal_nan=True)


def test_no_cells_and_too_many_actions_are_answered():
    assert solve(NormalForm(np.empty((0, 2, 3, 3)))).strategy.shape[0] == 0
    solution = solve(NormalForm(np.random.default_rng(0).random((1, 2, 40, 40))))
    assert solution.status.tolist() == [Status.ok]
    assert not solution.complete[0]


@pytest.mark.parametrize("scale", [1e-200, 1e-30, 1e30, 1e200])
def test_any_scale_and_large_offsets(scale):
    payoffs = draw_payoffs("uniform", 100, (3, 4), seed=8)
    usual = of_cells(solve(NormalForm(payoffs, cells=np.ndim(payoffs) == np.shape(payoffs)[1] + 2)), (3, 4))
    assert of_cells(solve(NormalForm(payoffs * np.array([scale, 1.0]).reshape(1, 2, 1, 1))), (3, 4)) == usual
    offset = solve(NormalForm(payoffs + np.array([1e9, -1e6]).reshape(1, 2, 1, 1)))
    assert [len(cell) for cell in of_cells(offset, (3, 4))] == [len(cell) for cell in usual]
    assert offset.complete.all()


@pytest.mark.deep
@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (4, 3), (4, 4), (5, 5), (6, 6), (9, 4)])
@pytest.mark.parametrize("family", ["decimals", "integers"])
def test_large_corpora_agree_with_exact_enumeration(shape, family):
    cells = 100_000 if family == "integers" or max(shape) < 4 else 2_000
    game = NormalForm(draw_payoffs(family, cells, shape, seed=21))
    ours, exact = solve(game), solve(game, "nash", "vertex_enumeration")
    assert np.array_equal(ours.count, exact.count)
    assert np.array_equal(ours.degenerate, exact.degenerate)
    width = min(ours.strategy.shape[1], exact.strategy.shape[1])
    assert np.nanmax(np.abs(ours.strategy[:, :width] - exact.strategy[:, :width])) < 1e-9
    assert ours.complete.all()
    assert np.nanmax(ours.residual) < 1e-9


@pytest.mark.deep
@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (4, 3), (6, 6), (9, 4), (12, 12)])
@pytest.mark.parametrize("family", ["uniform", "normal"])
def test_large_corpora_without_ties(shape, family):
    game = NormalForm(draw_payoffs(family, 100 if shape == (12, 12) else 100_000, shape, seed=22))
    solution = solve(game)
    assert solution.complete.all()
    assert (solution.index.sum(axis=1) == 1).all()
    assert np.nanmax(solution.residual) < 1e-9
