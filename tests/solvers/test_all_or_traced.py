from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.run import choose_solver
from sim.solution import Status

CASES = json.loads((Path(__file__).parents[1] / "cases" / "n_player.json").read_text())


def numbers(nested):
    return [numbers(item) for item in nested] if isinstance(nested, list) else float(Fraction(nested))


def holds(solution, cell, wanted):
    return np.abs(solution.strategy[cell, : solution.count[cell]] - wanted).max(axis=(1, 2)).min() < 1e-7


def random_games(shape, cells, seed=0):
    return sim.NormalForm(np.random.default_rng(seed).uniform(size=(cells, len(shape), *shape)), cells=True)


def test_it_is_the_default_for_more_than_two_players_only():
    assert choose_solver(random_games((2, 2, 2), 1)).name == "all_or_traced"
    assert choose_solver(random_games((2, 2), 1)).name == "support_enumeration"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_published_equilibria_are_found_by_default(case):
    solution = sim.solve(sim.NormalForm([numbers(case["payoffs"])]))
    assert solution.status[0] in {Status.ok, Status.degenerate}
    for equilibrium in numbers(case["expected"].get("equilibria", [])):
        wanted = np.zeros(solution.strategy.shape[2:])
        for i, row in enumerate(equilibrium):
            wanted[i, : len(row)] = row
        assert holds(solution, 0, wanted)


def test_large_games_have_their_pure_equilibria_and_the_traced_one():
    game = random_games((4, 4, 4), 12)
    solution = sim.solve(game)
    assert (solution.claim.extra["undecided"] == -1).all()
    assert not solution.complete.any()
    assert (solution.status == Status.ok).all()
    for other in (sim.solve(game, "nash", "pure"), sim.solve(game, "nash", "logit_tracing")):
        for cell in range(game.cells):
            for equilibrium in other.strategy[cell, : other.count[cell]]:
                assert holds(solution, cell, equilibrium)
    pure = sim.solve(game, "nash", "pure").count
    assert (solution.count <= pure + 1).all()
    assert (solution.count > pure).any()


def test_dominated_actions_do_not_make_a_game_large():
    inner = random_games((2, 2, 2, 2), 5)
    payoffs = np.full((5, 4, 4, 4, 4, 4), -9.0)
    payoffs[:, :, :2, :2, :2, :2] = inner.payoffs
    for i in range(4):  # further actions cost a player something whatever the others do
        own = np.arange(4).reshape([4 if j == i else 1 for j in range(4)])
        payoffs[:, i] -= np.where(own >= 2, 20.0, 0.0)
    large, small = sim.solve(sim.NormalForm(payoffs, cells=True)), sim.solve(inner)
    assert large.complete.all()
    np.testing.assert_array_equal(large.count, small.count)
    np.testing.assert_allclose(large.strategy[..., :2], small.strategy, atol=1e-9)


def test_cells_of_one_batch_may_be_large_or_small():
    payoffs = random_games((3, 3, 3, 3), 2).payoffs.copy()
    payoffs[1] = 0.0
    for i in range(4):
        payoffs[1, i] -= np.arange(3).reshape([3 if j == i else 1 for j in range(4)])
    solution = sim.solve(sim.NormalForm(payoffs, cells=True))
    assert solution.claim.extra["undecided"].tolist() == [-1, 0]
    assert solution.complete.tolist() == [False, True]
    assert solution.count[1] == 1
    assert solution.strategy[1, 0, :, 0].tolist() == [1, 1, 1, 1]


def test_a_cell_of_ties_is_open_and_a_cell_of_nan_is_said_to_be():
    payoffs = random_games((2, 2, 2), 3).payoffs.copy()
    payoffs[1], payoffs[2, 0, 0, 0, 0] = 0.0, np.nan
    solution = sim.solve(sim.NormalForm(payoffs, cells=True))
    assert solution.status.tolist() == [Status.ok, Status.degenerate, Status.nonfinite]
    assert solution.complete.tolist() == [True, False, False]
    assert solution.count[1] > 8
    assert solution.count[2] == 0
