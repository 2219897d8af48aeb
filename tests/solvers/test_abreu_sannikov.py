"""Payoff sets against published ones, a slow reference, and the laws they obey."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import sim
from sim.solution import Status
from tests.draw import normal_forms
from tests.games import MILD
from tests.payoff_reference import distance, payoff_set

CASES = json.loads((Path(__file__).parents[1] / "cases" / "repeated.json").read_text())
JUMP = 36.0 * np.sqrt(7.0) - 95.0


def vertices(solution, cell=0):
    found = solution.claim.extra["payoff_set"][cell]
    return found[~np.isnan(found[:, 0])]


def solve(payoffs, discount, **options):
    return sim.solve(
        sim.Repeated(sim.NormalForm(payoffs, cells=np.ndim(payoffs) == np.shape(payoffs)[1] + 2), discount),
        "subgame_perfect",
        **options,
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_published_sets_are_reproduced(case):
    solution = solve(case["payoffs"], case["discount"])
    assert solution.status[0] == Status.ok
    assert distance(list(map(tuple, vertices(solution))), list(map(tuple, case["vertices"]))) < 1e-6


def test_the_prisoners_dilemma_changes_exactly_where_it_should():
    sizes = []
    for border in (1.0 / 7.0, JUMP, 0.25):
        for discount in (border - 1e-9, border + 1e-9):
            found = vertices(solve(MILD, discount))
            sizes.append((len(found), round(float(found[:, 0].max()), 6)))
    assert [size for size, _ in sizes[:4]] == [1, 2, 2, 4]
    assert sizes[4][0] == sizes[5][0] == 4
    assert np.isclose(vertices(solve(MILD, 0.25))[:, 0].max(), 9.75, atol=1e-9)
    assert vertices(solve(MILD, 0.25 - 1e-6))[:, 0].max() < 9.75 - 1e-7


def test_no_pure_equilibrium_is_the_empty_set_and_an_answer():
    solution = solve([[[1.0, -1.0], [-2.0, 1.0]], [[-1.0, 2.0], [2.0, 0.0]]], 0.05)
    assert solution.status[0] == Status.ok
    assert len(vertices(solution)) == 0
    assert solution.count[0] == 0


@settings(max_examples=20)  # thirty digits are slow
@given(
    st.sampled_from([1, 3, 9]).flatmap(
        lambda high: arrays(np.int64, (2, 2, 2), elements=st.integers(0, high))
    ),
    st.sampled_from([0.1, 0.25, 0.3, 0.5]),
)
def test_games_with_ties_agree_with_thirty_digits(payoffs, discount):
    expected = payoff_set(payoffs.tolist(), (discount, discount), steps=400)
    assume(expected is not None)
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
            found = vertices(solve(payoffs[np.newaxis], discount))
            assert distance(expected, list(map(tuple, found))) < 1e-8


def test_every_answer_is_certified_at_any_patience():
    draw = np.random.default_rng(5)
    payoffs = draw.integers(0, 5, (2000, 2, 3, 3)).astype(float)
    discount = np.repeat(draw.uniform(0.01, 0.9, (2000, 1)), 2, axis=1)
    solution = solve(payoffs, discount)
    assert (solution.status == Status.ok).all()
    assert (solution.claim.extra["inner_gap"] < 1e-11).all()


def test_unequal_patience_near_one_is_answered_and_certified():
    stage = [
        [[20.0, 0.2, -3.0, -4.5, -1.3], [20.0, 1.0, 0.0, -1.5, -0.5], [20.8, 1.8, 0.8, -0.7, 0.3]],
        [[-15.0, 1.5, 0.0, -0.8, 0.7], [-15.0, 0.75, 0.0, -0.8, -0.05], [-18.0, -2.75, -2.5, -1.7, -1.95]],
    ]
    solution = solve(np.array([stage] * 3), np.array([[0.98, 0.8575], [0.95, 0.9], [0.2, 0.99]]))
    assert (solution.status == Status.ok).all()
    assert (solution.claim.extra["inner_gap"] < 1e-10).all()


def test_what_a_hair_decides_for_ever_is_an_outer_bound_and_said_to_be():
    payoffs = [
        [[2.0, 3.0, 3.0], [4.0, 0.0, 0.0], [1.0, 3.0, 2.0]],
        [[1.0, 1.0, 4.0], [1.0, 3.0, 1.0], [1.0, 2.0, 2.0]],
    ]
    solution = solve(payoffs, [0.7, 0.5])
    assert solution.status[0] in {Status.ok, Status.max_steps}
    assert solution.claim.extra["knife_edge"][0]
    assert solution.claim.extra["inner_gap"][0] < 1e-6


def test_random_games_at_any_two_discounts_are_never_refuted():
    draw = np.random.default_rng(7)
    for payoffs in (draw.random((60, 2, 3, 3)), draw.integers(0, 5, (60, 2, 3, 3)).astype(float)):
        solution = solve(payoffs, draw.uniform(0.01, 0.97, (60, 2)))
        assert set(solution.status.tolist()) <= {Status.ok, Status.max_steps}
        assert (solution.status == Status.ok).mean() > 0.95


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(10))
def test_ten_thousand_games_are_answered_and_judged(seed):
    draw = np.random.default_rng(seed)
    for shape in ((2, 2), (3, 3), (1, 4), (4, 3)):
        payoffs = draw.integers(-3, 4, (250, 2, *shape)).astype(float)
        payoffs[::2] = draw.standard_normal((125, 2, *shape)) * 10.0 ** draw.integers(-6, 7, (125, 1, 1, 1))
        common = np.repeat(draw.uniform(0.01, 0.99, (250, 1)), 2, axis=1)
        solution = solve(payoffs, common)
        assert (solution.status == Status.ok).all()
        solution = solve(payoffs[:25], draw.uniform(0.01, 0.97, (25, 2)))
        assert set(solution.status.tolist()) <= {Status.ok, Status.max_steps}


@given(normal_forms(most=3))
def test_sets_grow_with_patience_and_keep_to_the_minmax(stage):
    worst = [sim.solve(sim.Repeated(stage, discount)).claim.extra for discount in (0.2, 0.5, 0.8)]
    for less, more in itertools.pairwise(worst):
        both = ~np.isnan(less["worst"])
        assert (more["worst"][both] <= less["worst"][both] + 1e-9).all()
        assert (more["sustained"] | ~less["sustained"]).all()
    assert (np.nan_to_num(worst[-1]["worst"], nan=np.inf) >= worst[-1]["minmax"] - 1e-9).all()


def test_a_set_that_is_too_large_is_refuted():
    from sim.solution import certify
    from sim.solvers.abreu_sannikov import abreu_sannikov

    game = sim.Repeated(sim.NormalForm(MILD), 0.3)
    claim = abreu_sannikov(game)
    claim.extra["payoff_set"][0, 0] -= 0.5
    assert certify(game, claim, "subgame_perfect").status[0] == Status.refuted


def test_impatience_leaves_the_stage_equilibrium_alone():
    assert vertices(solve(MILD, 0.01)).tolist() == [[3.0, 3.0]]


def test_a_set_too_large_is_refuted_even_where_no_path_is_claimed():
    from sim.solution import certify
    from sim.solvers.abreu_sannikov import abreu_sannikov

    pennies = [[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]]
    game = sim.Repeated(sim.NormalForm(pennies), 0.3)
    claim = abreu_sannikov(game)
    assert claim.strategy.shape[1] == 0
    claim.extra["payoff_set"][0, 0] = 0.0
    assert certify(game, claim, "subgame_perfect").status[0] == Status.refuted


def test_one_stage_left_is_the_stage_game():
    game = sim.Repeated(sim.NormalForm([[[3.0, 1.0], [4.0, 0.0]], [[3.0, 4.0], [1.0, 0.0]]]), 0.6, horizon=1)
    solution = sim.solve(game, "subgame_perfect")
    assert vertices(solution).tolist() == [[1.0, 4.0], [4.0, 1.0]]
