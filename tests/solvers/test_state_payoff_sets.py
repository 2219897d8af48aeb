"""Payoff sets by state against published cases, laws, and their bridges to repeated and stage games."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

import sim
from sim.forms.normal import NormalForm
from sim.forms.repeated import Repeated
from sim.forms.stochastic import Stochastic
from sim.solution import Status, certify
from tests.draw import generic_stochastic_games
from tests.state_payoff_reference import payoff_sets as reference

CASES = json.loads((Path(__file__).parents[1] / "cases" / "stochastic.json").read_text())
SETS = [case for case in CASES if "vertices" in case["expected"]]


def distance(point, polygon):
    """From a point to a convex polygon, vertices counter-clockwise."""
    after = np.roll(polygon, -1, axis=0)
    edge = after - polygon
    square = (edge**2).sum(axis=1)
    share = np.clip(((point - polygon) * edge).sum(axis=1) / np.where(square > 0, square, 1), 0, 1)
    near = np.hypot(*(point - polygon - share[:, np.newaxis] * edge).T).min()
    turn = edge[:, 0] * (point - polygon)[:, 1] - edge[:, 1] * (point - polygon)[:, 0]
    return 0.0 if len(polygon) > 2 and (turn >= 0).all() else near


def hausdorff(one, other):
    """Between convex polygons padded with NaN; infinite where only one is empty."""
    one, other = np.asarray(one), np.asarray(other)
    one, other = one[~np.isnan(one[:, 0])], other[~np.isnan(other[:, 0])]
    if not len(one) or not len(other):
        return 0.0 if len(one) == len(other) else np.inf
    there, back = [distance(v, other) for v in one], [distance(v, one) for v in other]
    return max(there + back)


def solved(game):
    return sim.solve(game, "subgame_perfect")


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in SETS])
def test_dynamic_cases(case):
    payoffs = np.moveaxis(np.array(case["payoffs"]), 1, 0)
    solution = solved(Stochastic(payoffs, np.array(case["transitions"]), case["delta"]))
    assert solution.status[0] == Status.ok
    for found, expected in zip(
        solution.claim.extra["payoff_set"][0], case["expected"]["vertices"], strict=True
    ):
        assert hausdorff(found, expected) <= case["tol"]
        assert (~np.isnan(found[:, 0])).sum() == len(expected)
    worst = case["expected"]["worst_payoffs"]
    np.testing.assert_allclose(solution.claim.extra["worst"][0], worst, atol=case["tol"])


@given(generic_stochastic_games(players=2))
def test_sets_generate_themselves(game):
    solution = solved(game)
    assert (solution.status == Status.ok).all()
    assert (solution.set_residual <= 1e-9).all()


@given(generic_stochastic_games(players=2))
def test_pure_markov_perfect_values_are_in_the_sets(game):
    sets = solved(game).claim.extra["payoff_set"]
    pure = sim.solve(game, "markov_perfect", "markov_enumeration", mixed=False)
    for cell in range(game.cells):
        for k in range(pure.count[cell]):
            values = game.take([cell]).state_values(pure.strategy[cell, k][np.newaxis])[0]
            for s in range(len(game.states)):
                polygon = sets[cell, s][~np.isnan(sets[cell, s, :, 0])]
                assert len(polygon)
                assert distance(values[:, s], polygon) <= 1e-8 * game.scale[cell].max()


@given(generic_stochastic_games(players=2, states=1, most=3))
def test_one_state_is_the_repeated_game(game):
    repeated = Repeated(NormalForm(game.payoffs[:, :, 0], cells=True), game.discount)
    expected = solved(repeated)
    found = solved(game).claim.extra["payoff_set"]
    for cell in range(game.cells):
        if expected.claim.extra["knife_edge"][cell]:
            continue
        gap = hausdorff(found[cell, 0], expected.claim.extra["payoff_set"][cell])
        assert gap <= 1e-7 * game.scale[cell].max()


STAGE = np.array([[[2.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 2.0]]])
LONELY = np.array([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]])  # no pure equilibrium


def test_without_future_the_sets_are_the_hulls_of_stage_equilibria():
    apart = np.zeros((2, 2, 2, 2))
    apart[0, ..., 0] = apart[1, ..., 1] = 1
    sets = solved(Stochastic(np.stack([STAGE, LONELY], axis=1), apart, 0.0)).claim.extra["payoff_set"][0]
    assert sets[0].tolist() == [[1.0, 2.0], [2.0, 1.0]]
    assert np.isnan(sets[1]).all()


def test_where_a_state_without_equilibrium_may_follow_there_is_none():
    game = Stochastic(np.stack([STAGE, LONELY], axis=1), np.full((2, 2, 2, 2), 0.5), 0.0)
    solution = solved(game)
    assert np.isnan(solution.claim.extra["payoff_set"]).all()
    assert solution.status[0] == Status.ok
    assert solution.set_residual[0] == 0


@given(generic_stochastic_games(players=2, states=2, kind="dense"))
def test_without_future_every_state_is_its_stage_game(game):
    alone = Stochastic(game.payoffs, game.transition, 0.0)
    stages = [Repeated(NormalForm(game.payoffs[:, :, s], cells=True), 0.0) for s in range(len(game.states))]
    expected = [solved(stage).claim.extra["payoff_set"] for stage in stages]
    found = solved(alone).claim.extra["payoff_set"]
    for cell in range(game.cells):
        lacking = any(np.isnan(sets[cell]).all() for sets in expected)
        for s in range(len(game.states)):
            if lacking:
                assert np.isnan(found[cell, s]).all()
            else:
                assert hausdorff(found[cell, s], expected[s][cell]) <= 1e-9 * game.scale[cell].max()


def claimed(game, sets):
    """The house's verdict on sets that somebody claims."""
    true = solved(game).claim
    return certify(game, replace(true, extra={**true.extra, "payoff_set": sets}), "subgame_perfect")


def test_the_house_refutes_sets_that_are_too_large_and_not_those_that_are_right():
    case = next(case for case in SETS if case["id"] == "standoff4_d09")
    game = Stochastic(
        np.moveaxis(np.array(case["payoffs"]), 1, 0), np.array(case["transitions"]), case["delta"]
    )
    sets = solved(game).claim.extra["payoff_set"]
    right = claimed(game, sets)
    assert right.status[0] == Status.ok
    assert right.complete[0]
    assert 0 <= right.set_residual[0] <= 1e-9
    middle = np.nanmean(sets, axis=2, keepdims=True)
    wrong = claimed(game, middle + 1.001 * (sets - middle))
    assert wrong.status[0] == Status.refuted
    assert not wrong.complete[0]
    assert wrong.set_residual[0] > 1e-6
    emptied = sets.copy()
    emptied[0, 1] = np.nan
    assert claimed(game, emptied).status[0] == Status.refuted


def test_sets_that_were_still_shrinking_are_bounds_and_not_refuted():
    case = next(case for case in SETS if case["id"] == "standoff4_d09")
    payoffs = np.moveaxis(np.array(case["payoffs"]), 1, 0)
    game = Stochastic(payoffs, np.array(case["transitions"]), case["delta"])
    solution = sim.solve(game, "subgame_perfect", max_steps=5)
    assert solution.status[0] == Status.max_steps
    assert not solution.complete[0]
    assert solution.set_residual[0] > 1e-6


@given(generic_stochastic_games(players=2, most=2, kind="dense"))
def test_sets_move_with_affine_maps_and_with_the_names_of_players(game):
    sets = solved(game).claim.extra["payoff_set"]
    moved = Stochastic(3 * game.payoffs - 5, game.transition, game.discount)
    mirrored = Stochastic(
        game.payoffs[:, ::-1].swapaxes(-1, -2), game.transition.swapaxes(2, 3), game.discount[:, ::-1]
    )
    one, two = solved(moved).claim.extra["payoff_set"], solved(mirrored).claim.extra["payoff_set"]
    for cell in range(game.cells):
        for s in range(len(game.states)):
            assert hausdorff(one[cell, s], 3 * sets[cell, s] - 5) <= 1e-7
            assert hausdorff(two[cell, s][::-1, ::-1], sets[cell, s]) <= 1e-7


def tied_game(rng, states, discounts):
    """Whole payoffs that tie, rows in quarters, whatever the discounts: as the reference reads them."""
    shape = tuple(rng.integers(1, 3, 2))
    payoffs = rng.integers(-2, 3, (2, states, *shape))
    quarters = np.zeros((states, *shape, states), np.int64)
    for _ in range(4 if rng.random() < 0.3 else 1):
        after = rng.integers(0, states, (states, *shape))[..., np.newaxis]
        np.put_along_axis(quarters, after, np.take_along_axis(quarters, after, -1) + 1, -1)
    quarters *= 4 // quarters.sum(axis=-1, keepdims=True)
    return payoffs, quarters, rng.choice(discounts, 2) if rng.random() < 0.3 else [rng.choice(discounts)] * 2


def compare_with_reference(rng, states, discounts):
    payoffs, quarters, discount = tied_game(rng, states, discounts)
    expected = reference(payoffs.tolist(), quarters.tolist(), discount, 4)
    solution = solved(Stochastic(payoffs[np.newaxis].astype(float), quarters[np.newaxis] / 4, discount))
    assert solution.status[0] == Status.ok
    if expected is None:  # the plain operator takes its time where sets die slowly
        return
    for found, polygon in zip(solution.claim.extra["payoff_set"][0], expected, strict=True):
        there = np.array(polygon, dtype=float).reshape(-1, 2)
        assert hausdorff(found, there) <= 1e-7, (payoffs.tolist(), quarters.tolist(), discount)


@pytest.mark.parametrize("seed", range(12))
def test_sets_are_those_of_the_operator_in_thirty_digits(seed):
    compare_with_reference(np.random.default_rng(seed), 1 + seed % 3, [0.01, 0.25, 0.5, 0.6])


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(100, 300))
def test_sets_of_many_games_are_those_of_the_operator_in_thirty_digits(seed):
    compare_with_reference(np.random.default_rng(seed), 1 + seed % 4, [0.01, 0.25, 0.5, 0.75, 0.9])


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(40))
def test_any_game_ends_in_certified_sets(seed):
    """States, actions, ties, transitions and patience of all kinds: 1,000 games, none refuted, none lost."""
    rng = np.random.default_rng(seed)
    states, shape = int(rng.integers(1, 5)), tuple(rng.integers(1, 4, 2))
    payoffs = rng.integers(-2, 3, (25, 2, states, *shape)).astype(float)
    if seed % 2:
        payoffs = rng.random(payoffs.shape)
    transition = rng.random((25, states, *shape, states))
    if seed % 3:
        transition = np.where(transition.argsort(axis=-1).argsort(axis=-1) < seed % 3, 1.0, 0.0)
    transition /= transition.sum(axis=-1, keepdims=True)
    discount = rng.choice([0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.99])
    solution = solved(Stochastic(payoffs, transition, discount))
    assert (solution.status == Status.ok).all()
    assert solution.complete.all()


def test_no_equilibrium_is_enforced_by_a_threat_that_is_none():
    """Staying pays most, and only leaving, off the path, could end where no equilibrium is: then there is none."""
    payoffs = np.stack([[[[2.0, 2.0], [0.0, 0.0]], LONELY[0]], [[[2.0, 0.0], [2.0, 0.0]], LONELY[1]]])
    transition = np.zeros((2, 2, 2, 2))
    transition[0, 0, :, 0] = transition[0, 1, :, 1] = transition[1, ..., 1] = 1
    sets = solved(Stochastic(payoffs, transition, 0.5)).claim.extra["payoff_set"][0]
    assert np.isnan(sets).all()
