"""Payoff sets against published ones, a slow reference, and the laws they obey."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.solution import Status
from tests.payoff_reference import distance, payoff_set

CASES = json.loads((Path(__file__).parents[1] / "cases" / "repeated.json").read_text())
PD = np.array([[[9.0, 1.0], [10.0, 3.0]], [[9.0, 10.0], [1.0, 3.0]]])
JUMP = 36.0 * np.sqrt(7.0) - 95.0


def vertices(solution, cell=0):
    found = solution.claim.extra["payoff_set"][cell]
    return found[~np.isnan(found[:, 0])]


def solve(payoffs, discount, **options):
    return sim.solve(sim.Repeated(sim.NormalForm(payoffs), discount), "subgame_perfect", **options)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_published_sets_are_reproduced(case):
    solution = solve(case["payoffs"], case["discount"])
    assert solution.status[0] == Status.ok
    assert distance(list(map(tuple, vertices(solution))), list(map(tuple, case["vertices"]))) < 1e-6


def test_the_prisoners_dilemma_changes_exactly_where_it_should():
    sizes = []
    for border in (1.0 / 7.0, JUMP, 0.25):
        for discount in (border - 1e-9, border + 1e-9):
            found = vertices(solve(PD, discount))
            sizes.append((len(found), round(float(found[:, 0].max()), 6)))
    assert [size for size, _ in sizes[:4]] == [1, 2, 2, 4]
    assert sizes[4][0] == sizes[5][0] == 4
    assert np.isclose(vertices(solve(PD, 0.25))[:, 0].max(), 9.75, atol=1e-9)
    assert vertices(solve(PD, 0.25 - 1e-6))[:, 0].max() < 9.75 - 1e-7


def test_no_pure_equilibrium_is_the_empty_set_and_an_answer():
    solution = solve([[[1.0, -1.0], [-2.0, 1.0]], [[-1.0, 2.0], [2.0, 0.0]]], 0.05)
    assert solution.status[0] == Status.ok
    assert len(vertices(solution)) == 0
    assert solution.count[0] == 0


@pytest.mark.parametrize("high", [1, 3, 9])
def test_games_with_ties_agree_with_thirty_digits(high):
    draw = np.random.default_rng(high)
    for _ in range(6):
        payoffs = draw.integers(0, high + 1, (2, 2, 2)).astype(float)
        discount = draw.choice([0.1, 0.25, 0.3, 0.5])
        expected = payoff_set(payoffs.tolist(), (discount, discount), steps=400)
        if expected is not None:
            assert distance(expected, list(map(tuple, vertices(solve(payoffs, discount))))) < 1e-8


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(20))
def test_thousands_of_games_agree_with_thirty_digits(seed):
    draw = np.random.default_rng(seed)
    for _ in range(100):
        payoffs = draw.integers(0, draw.choice([2, 4, 10]), (2, *draw.integers(1, 4, 2))).astype(float)
        discount = draw.choice([0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9])
        expected = payoff_set(payoffs.tolist(), (discount, discount), steps=3000)
        if expected is not None:
            assert distance(expected, list(map(tuple, vertices(solve(payoffs, discount))))) < 1e-8


def test_every_answer_is_certified_at_any_patience():
    draw = np.random.default_rng(5)
    payoffs = draw.integers(0, 5, (2000, 2, 3, 3)).astype(float)
    discount = np.repeat(draw.uniform(0.01, 0.9, (2000, 1)), 2, axis=1)
    solution = solve(payoffs, discount)
    assert (solution.status == Status.ok).all()
    assert (solution.claim.extra["inner_gap"] < 1e-11).all()


def test_sets_grow_with_patience_and_keep_to_the_minmax():
    draw = np.random.default_rng(6)
    payoffs = draw.random((200, 2, 3, 3))
    worst = [solve(payoffs, discount).claim.extra for discount in (0.2, 0.5, 0.8)]
    for less, more in itertools.pairwise(worst):
        both = ~np.isnan(less["worst"])
        assert (more["worst"][both] <= less["worst"][both] + 1e-9).all()
        assert (more["sustained"] | ~less["sustained"]).all()
    assert (np.nan_to_num(worst[-1]["worst"], nan=np.inf) >= worst[-1]["minmax"] - 1e-9).all()


def test_a_set_that_is_too_large_is_refuted():
    from sim.solution import certify
    from sim.solvers.abreu_sannikov import abreu_sannikov

    game = sim.Repeated(sim.NormalForm(PD), 0.3)
    claim = abreu_sannikov(game)
    claim.extra["payoff_set"][0, 0] -= 0.5
    assert certify(game, claim, "subgame_perfect").status[0] == Status.refuted


def test_one_stage_left_is_the_stage_game():
    game = sim.Repeated(sim.NormalForm([[[3.0, 1.0], [4.0, 0.0]], [[3.0, 4.0], [1.0, 0.0]]]), 0.6, horizon=1)
    solution = sim.solve(game, "subgame_perfect")
    assert vertices(solution).tolist() == [[1.0, 4.0], [4.0, 1.0]]
