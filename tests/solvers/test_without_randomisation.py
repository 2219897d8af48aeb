"""Payoffs without a public lottery: covered from outside, reached from inside, and how a lottery matters."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.forms.repeated import misreading
from sim.solution import Status, certify
from sim.solvers.without_randomisation import without_randomisation
from tests.draw import normal_forms
from tests.games import MILD

ABREU_SANNIKOV = np.array(
    [
        [[16.0, 3.0, 0.0], [21.0, 10.0, -1.0], [9.0, 5.0, -5.0]],
        [[9.0, 13.0, 3.0], [1.0, 4.0, 0.0], [0.0, -4.0, -15.0]],
    ]
)


def solve(payoffs, discount, solver="without_randomisation", **options):
    return sim.solve(
        sim.Repeated(sim.NormalForm(payoffs, cells=np.ndim(payoffs) == np.shape(payoffs)[1] + 2), discount),
        "subgame_perfect",
        solver,
        **options,
    )


def points(solution, cell=0):
    found = solution.claim.extra["payoff_points"][cell]
    return found[~np.isnan(found[:, 0])]


def polygon(payoffs, discount):
    found = solve(payoffs, discount, "abreu_sannikov").claim.extra["payoff_set"][0]
    return found[~np.isnan(found[:, 0])]


def covered(solution, payoffs):
    """Whether each point lies in some cube."""
    extra = solution.claim.extra
    size = extra["cubes"].shape[1]
    place = (payoffs - extra["low"][0]) / (extra["high"] - extra["low"])[0] * size
    near = np.zeros(len(payoffs), bool)
    for shift in itertools.product((-1e-7, 1e-7), repeat=2):  # a point on an edge lies in both
        x, y = np.clip((place + shift).astype(int), 0, size - 1).T
        near |= extra["cubes"][0, x, y]
    return near


def leaves(corners, payoffs):
    """How far points lie outside a polygon, counter-clockwise; 0 for the empty list."""
    if len(corners) < 3:
        return 0.0
    step = np.roll(corners, -1, axis=0) - corners
    normal = np.stack([step[:, 1], -step[:, 0]], axis=1) / np.linalg.norm(step, axis=1, keepdims=True)
    return max(
        ((payoffs - corner) @ way).max(initial=0.0) for corner, way in zip(corners, normal, strict=True)
    )


def test_low_patience_leaves_little_of_the_set_with_a_lottery():
    """With a lottery six corners up to (19.8, 2.8); without, the equilibrium of the stage alone."""
    solution = solve(ABREU_SANNIKOV, 0.3)
    assert len(polygon(ABREU_SANNIKOV, 0.3)) == 6
    np.testing.assert_allclose(points(solution), [[10.0, 4.0]])
    assert solution.claim.extra["cubes"].sum() <= 4


def test_a_segment_becomes_powers_of_the_discount():
    """Between the borders 36 sqrt(7) - 95 and 1/4 the prisoner's dilemma pays (9, 9), (3, 3) and delays of it."""
    solution = solve(MILD, 0.2)
    found = np.sort(points(solution)[:, 0])
    np.testing.assert_allclose(points(solution)[:, 0], points(solution)[:, 1])
    np.testing.assert_allclose(found[-1], 9.0)
    np.testing.assert_allclose(found[0], 3.0)
    assert np.isin(np.round(3.0 + 6.0 * 0.2 ** np.arange(1, 3), 9), np.round(found, 9)).all()
    assert len(polygon(MILD, 0.2)) == 2


@pytest.mark.parametrize("payoffs", [MILD, np.array([[[3.0, 1.0], [4.0, 0.0]], [[3.0, 4.0], [1.0, 0.0]]])])
def test_patience_makes_a_lottery_dispensable(payoffs):
    """From 1 - 1/(joint actions) on all averages are feasible without one (Sorin 1986); here all are enforced."""
    corners = polygon(payoffs, 0.8)
    solution = solve(payoffs, 0.8)
    weights = np.random.default_rng(0).dirichlet(np.ones(len(corners)), 300)
    inside = weights @ corners
    assert covered(solution, inside).all()
    away = np.linalg.norm(points(solution)[:, np.newaxis] - inside, axis=2).min(axis=0)
    assert away.max() < 0.05 * np.ptp(payoffs)


@given(game=normal_forms(cells=1, most=3), discount=st.sampled_from([0.1, 0.3, 0.5, 0.7]))
def test_paths_lie_in_the_cubes_and_cubes_near_the_set_with_a_lottery(game, discount):
    solution = solve(game.payoffs, discount)
    assert solution.status[0] == Status.ok
    found = points(solution)
    assert covered(solution, found).all()
    assert leaves(polygon(game.payoffs, discount), found) < 1e-7 * game.scale.max()
    extra = solution.claim.extra
    assert not (extra["worst"][0] < extra["worst_bound"][0] - 1e-7 * game.scale[0]).any()


@given(game=normal_forms(cells=1, most=3))
def test_equilibria_of_the_stage_are_always_found(game):
    solution = solve(game.payoffs, 0.4)
    payoffs = game.payoffs[0]
    gains = np.maximum(
        payoffs[0].max(axis=0) - payoffs[0], payoffs[1].max(axis=1, keepdims=True) - payoffs[1]
    )
    for joint in np.argwhere(gains <= 0):
        assert solution.claim.extra["sustained"][(0, *joint)]


@given(game=normal_forms(cells=1, most=3))
def test_swapped_players_swap_the_cover(game):
    first = solve(game.payoffs, 0.5).claim.extra
    second = solve(game.payoffs[:, ::-1].swapaxes(2, 3), 0.5).claim.extra
    np.testing.assert_array_equal(first["cubes"][0], second["cubes"][0].T)


def test_every_path_is_what_it_says_played_out():
    solution = solve(ABREU_SANNIKOV, 0.5)
    extra, flat = solution.claim.extra, ABREU_SANNIKOV.reshape(2, -1)
    for start in range(0, len(points(solution)), 97):
        value, weight, at = np.zeros(2), 0.5, start
        for _ in range(60):
            value += weight * flat[:, extra["first"][0, at]]
            weight, at = weight * 0.5, extra["after"][0, at]
        np.testing.assert_allclose(value, points(solution)[start], atol=1e-9)


def test_no_pure_equilibrium_leaves_no_cube():
    solution = solve([[[1.0, -1.0], [-2.0, 1.0]], [[-1.0, 2.0], [2.0, 0.0]]], 0.05)
    assert solution.complete[0]
    assert not solution.claim.extra["cubes"].any()
    assert len(points(solution)) == 0


def test_a_path_that_pays_to_leave_is_refuted():
    game = sim.Repeated(sim.NormalForm(MILD), 0.5)
    claim = without_randomisation(game)
    assert certify(game, claim, "subgame_perfect").status[0] == Status.ok
    claim.extra["payoff_points"][0, 5] += 0.1
    assert certify(game, claim, "subgame_perfect").status[0] == Status.refuted


def test_games_that_do_not_fit_are_refused():
    stage = sim.NormalForm(MILD)
    for game in (
        sim.Repeated(stage, 0.5, horizon=4),
        sim.Repeated(stage, 0.5, monitoring=misreading((2, 2), 0.1)),
    ):
        with pytest.raises(ValueError, match=r"leave out the horizon|public_perfect"):
            sim.solve(game, "subgame_perfect", "without_randomisation")


def test_cells_that_are_not_finite_harm_no_other():
    payoffs = np.stack([MILD, MILD])
    payoffs[1, 0, 0, 0] = np.inf
    solution = solve(payoffs, 0.5)
    assert solution.status.tolist() == [Status.ok, Status.nonfinite]
    assert solution.count.tolist() == [2, 0]
