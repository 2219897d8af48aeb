"""Bounds of payoff sets against exact ones, known thresholds, and the laws that sets obey."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.forms.repeated import misreading
from sim.solution import Status, certify
from sim.solvers.judd_yeltekin_conklin import judd_yeltekin_conklin
from sim.solvers.methods.payoff_bounds import hull
from tests.draw import normal_forms

CASES = json.loads((Path(__file__).parents[1] / "cases" / "repeated.json").read_text())


def solve(payoffs, discount, **options):
    """Every batch has one cell here, so that three players are not read as three cells."""
    game = sim.Repeated(sim.NormalForm(np.asarray(payoffs, dtype=float)[np.newaxis]), discount)
    return sim.solve(game, "subgame_perfect", "judd_yeltekin_conklin", **options)


def corners(solution, cell=0):
    found = solution.claim.extra["payoff_set"][cell]
    return found[~np.isnan(found[:, 0])]


def outside(solution, points, cell=0):
    """How far points leave the outer bound at most."""
    normals, levels = solution.claim.extra["normals"][cell], solution.claim.extra["levels"][cell]
    there = ~np.isnan(levels)
    return (points @ normals[there].T - levels[there]).max(initial=-np.inf)


def public_good(n, benefit, cost):
    """Payoffs ``(n, 2, .., 2)`` of a linear public good; action 0 contributes."""
    given_up = np.stack(np.meshgrid(*[[1.0, 0.0]] * n, indexing="ij"))
    return benefit * given_up.sum(axis=0) - cost * given_up


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_two_players_are_bounded_around_the_published_set(case):
    solution = solve(case["payoffs"], case["discount"])
    exact = np.array(case["vertices"]).reshape(-1, 2)
    scale = solution.game.scale[0]
    assert solution.status[0] == Status.ok
    assert outside(solution, exact) < 1e-6 * scale.max()
    if solution.complete[0]:
        found = corners(solution)
        assert (
            len(found) == 0 if len(exact) == 0 else np.abs(found.max(axis=0) - exact.max(axis=0)).max() < 1e-6
        )
        assert len(exact) == 0 or np.abs(found.min(axis=0) - exact.min(axis=0)).max() < 1e-6


def test_most_published_sets_of_two_players_are_met_exactly():
    complete = [bool(solve(case["payoffs"], case["discount"]).complete[0]) for case in CASES]
    assert np.mean(complete) > 0.8


@pytest.mark.parametrize(
    ("n", "benefit", "cost", "critical"), [(2, 1.0, 1.5, 0.5), (3, 0.5, 1.0, 0.5), (4, 0.5, 1.0, 1 / 3)]
)
def test_all_contribute_to_a_public_good_from_the_known_discount_on(n, benefit, cost, critical):
    payoffs = public_good(n, benefit, cost)
    for discount, holds in ((critical - 1e-7, False), (critical + 1e-7, True)):
        solution = solve(payoffs, discount, rounds=1)
        assert solution.status[0] == Status.ok
        assert solution.claim.extra["sustained"][(0,) * (n + 1)] == holds
        np.testing.assert_allclose(solution.claim.extra["worst"][0], 0.0, atol=1e-9)


def test_three_bertrand_sellers_keep_the_monopoly_price_from_two_thirds_on():
    # prices 0, 1, 2 with unit demand: the lowest sells, ties share
    price = np.array([0.0, 1.0, 2.0])
    payoffs = np.zeros((3, 3, 3, 3))
    for joint in itertools.product(range(3), repeat=3):
        lowest = min(joint)
        for i in range(3):
            payoffs[(i, *joint)] = price[lowest] / joint.count(lowest) if joint[i] == lowest else 0.0
    # undercutting from 2 to 1 gains 1/3 and loses 2/3 for ever: 1/3
    for discount, holds in ((1 / 3 - 1e-6, False), (1 / 3 + 1e-6, True)):
        assert solve(payoffs, discount).claim.extra["sustained"][0, 2, 2, 2] == holds


def test_three_patient_players_have_all_that_is_feasible_and_rational():
    # matching: each gets 1 where all agree, else 0: two equilibria, minmax 0
    payoffs = np.zeros((3, 2, 2, 2))
    payoffs[:, 0, 0, 0], payoffs[:, 1, 1, 1] = 1.0, 2.0
    solution = solve(payoffs, 0.9)
    assert solution.complete[0]
    np.testing.assert_allclose(corners(solution).max(axis=0), 2.0)
    np.testing.assert_allclose(np.ptp(corners(solution), axis=1), 0.0, atol=1e-9)


@pytest.mark.parametrize("discount", [0.3, 0.65, 0.7, 0.8])
def test_equilibria_of_the_stage_are_always_sustained(discount):
    """However points crowd around them."""
    payoffs = np.stack([public_good(3, benefit, 1.0) for benefit in np.linspace(0.3, 0.5, 9)])
    solution = sim.solve(
        sim.Repeated(sim.NormalForm(payoffs, cells=np.ndim(payoffs) == np.shape(payoffs)[1] + 2), discount),
        "subgame_perfect",
    )
    assert (solution.status == Status.ok).all()
    assert solution.claim.extra["sustained"][:, 1, 1, 1].all()


def test_no_equilibrium_is_the_empty_set_and_proved():
    pennies = np.zeros((3, 2, 2, 2))
    pennies[0, :, :, :] = np.array([[1.0, -1.0], [-1.0, 1.0]])[:, :, np.newaxis]
    pennies[1] = -pennies[0]
    solution = solve(pennies, 0.3)
    assert solution.status[0] == Status.ok
    assert solution.complete[0]
    assert len(corners(solution)) == 0
    assert (solution.claim.extra["levels"][0] == -np.inf).all()


def test_a_third_player_who_does_nothing_changes_nothing():
    two = np.array([[[9.0, 1.0], [10.0, 3.0]], [[9.0, 10.0], [1.0, 3.0]]])
    three = np.concatenate([two, np.zeros((1, 2, 2))])[..., np.newaxis]
    solution = solve(three, 0.3)
    found = corners(solution)
    assert solution.complete[0]
    expected = {(3.0, 3.0), (9.75, 3.0), (9.0, 9.0), (3.0, 9.75)}
    assert {tuple(point) for point in found[:, :2].round(8).tolist()} == expected


@given(game=normal_forms(players=3, most=2, cells=1), discount=st.sampled_from([0.2, 0.4, 0.6]))
def test_inner_and_outer_bounds_keep_the_laws(game, discount):
    payoffs = game.payoffs[0]
    solution = solve(payoffs, discount)
    assert solution.status[0] in {Status.ok, Status.max_steps}
    inner, scale = corners(solution), solution.game.scale[0]
    assert outside(solution, inner) < 1e-8 * scale.max()
    gains = [payoffs[i].max(axis=i, keepdims=True) - payoffs[i] for i in range(3)]
    pure = np.argwhere(np.stack(gains).max(axis=0) <= 0)
    for joint in pure:  # an equilibrium of the stage can always be played again
        assert outside(solution, payoffs[(slice(None), *joint)][np.newaxis]) < 1e-8 * scale.max()
    if len(inner):
        assert (inner.min(axis=0) >= solution.claim.extra["worst_bound"][0] - 1e-8 * scale).all()


@given(game=normal_forms(players=3, most=2, cells=1), order=st.permutations(range(3)))
def test_relabelled_players_relabel_the_bounds(game, order):
    payoffs = game.payoffs[0]
    other = payoffs[list(order)].transpose(0, *[i + 1 for i in order])
    first, second = solve(payoffs, 0.5), solve(other, 0.5)
    if first.complete[0] and second.complete[0]:
        for name in ("worst", "worst_bound"):
            np.testing.assert_allclose(
                first.claim.extra[name][0][list(order)], second.claim.extra[name][0], atol=1e-7
            )


@given(game=normal_forms(players=3, most=2, cells=1))
def test_units_of_payoff_do_not_matter(game):
    factor, shift = np.array([2.0, 0.5, 4.0]), np.array([-3.0, 8.0, 1.0])
    other = game.payoffs[0] * factor.reshape(3, 1, 1, 1) + shift.reshape(3, 1, 1, 1)
    first, second = solve(game.payoffs[0], 0.5), solve(other, 0.5)
    assert first.complete[0] == second.complete[0]
    if first.complete[0]:
        np.testing.assert_allclose(
            first.claim.extra["worst"][0] * factor + shift, second.claim.extra["worst"][0], atol=1e-6
        )


@given(game=normal_forms(players=3, most=2, cells=1))
def test_sets_grow_with_a_common_discount(game):
    less, more = solve(game.payoffs[0], 0.3), solve(game.payoffs[0], 0.6)
    assert outside(more, corners(less)) < 1e-7 * more.game.scale[0].max()


def test_unequal_discounts_agree_with_the_polygons_of_two_players():
    draw = np.random.default_rng(4)
    payoffs = draw.integers(0, 5, (12, 2, 2, 2)).astype(float)
    game = sim.Repeated(
        sim.NormalForm(payoffs, cells=np.ndim(payoffs) == np.shape(payoffs)[1] + 2),
        np.tile([0.5, 0.7], (12, 1)),
    )
    exact = sim.solve(game, "subgame_perfect")
    bound = sim.solve(game, "subgame_perfect", "judd_yeltekin_conklin")
    for cell in range(12):
        assert outside(bound, corners(exact, cell), cell) < 1e-6
        if bound.complete[cell]:
            np.testing.assert_allclose(
                bound.claim.extra["worst"][cell], exact.claim.extra["worst"][cell], atol=1e-7
            )


def test_a_set_that_is_too_large_is_refuted():
    game = sim.Repeated(sim.NormalForm(public_good(3, 0.5, 1.0)[np.newaxis]), 0.55)
    claim = judd_yeltekin_conklin(game)
    assert certify(game, claim, "subgame_perfect").status[0] == Status.ok
    claim.extra["payoff_set"] += 0.1
    assert certify(game, claim, "subgame_perfect").status[0] == Status.refuted


def test_too_few_steps_are_said_and_the_bound_still_holds():
    solution = solve(public_good(3, 0.4, 1.0), 0.8, max_steps=1)
    full = solve(public_good(3, 0.4, 1.0), 0.8)
    assert outside(solution, corners(full)) < 1e-9


def test_cells_that_are_not_finite_harm_no_other():
    payoffs = np.stack([public_good(3, 0.5, 1.0)] * 2)
    payoffs[1, 0, 0, 0, 0] = np.nan
    solution = sim.solve(
        sim.Repeated(sim.NormalForm(payoffs, cells=np.ndim(payoffs) == np.shape(payoffs)[1] + 2), 0.6),
        "subgame_perfect",
    )
    assert solution.status.tolist() == [Status.ok, Status.nonfinite]
    assert solution.complete.tolist() == [True, False]


def test_games_that_end_and_signals_are_refused():
    stage = sim.NormalForm(public_good(3, 0.5, 1.0)[np.newaxis])
    with pytest.raises(ValueError, match="leave out the horizon"):
        sim.solve(sim.Repeated(stage, 0.6, horizon=3), "subgame_perfect")
    with pytest.raises(ValueError, match="public_perfect"):
        sim.solve(sim.Repeated(stage, 0.6, monitoring=misreading((2, 2, 2), 0.1)), "subgame_perfect")


@pytest.mark.parametrize("rank", [0, 1, 2, 3])
def test_flat_sets_have_faces_on_both_sides(rank):
    draw = np.random.default_rng(rank)
    points = draw.random((9, rank)) @ draw.random((rank, 3)) + 0.25
    found, faces = hull(points)
    np.testing.assert_allclose(np.linalg.norm(faces, axis=1), 1.0)
    levels = (found @ faces.T).max(axis=0)
    assert (points @ faces.T <= levels + 1e-9).all()
    far = points.mean(axis=0) + 0.5 * np.eye(3)
    assert rank == 3 or ((far @ faces.T - levels).max(axis=1) > 1e-3).any()
