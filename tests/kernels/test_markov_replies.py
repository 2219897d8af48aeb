"""Pure equilibria by replies: the same from every player's side, and none but those of trying each policy."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given

from sim.kernels.base.tolerances import SETTLED
from sim.kernels.stochastic.markov_bounds import place_middle, propagate, shifted_rows
from sim.kernels.stochastic.markov_policy import holds, table
from sim.kernels.stochastic.markov_replies import others_policies, reply_equilibria
from tests.draw import generic_stochastic_games


def first_table(game):
    return table(game.flat_payoffs[0], game.flat_transition[0], game.discount[0], game.sizes, game.available)


def by_replies(game, player, budget=10**6, most=4096):
    found, verdict = np.zeros((most, len(game.states)), np.int64), np.zeros(most, np.int64)
    rows = first_table(game)
    count, tried, complete = reply_equilibria(rows, game.available.copy(), player, budget, found, verdict)
    return {tuple(each) for each in found[:count].tolist()}, tried, complete


def by_trying(game):
    rows, states = first_table(game), len(game.states)
    system, value = np.empty((states, states)), np.empty(states)
    each = itertools.product(range(game.available.shape[1]), repeat=states)
    return {policy for policy in each if holds(rows, np.array(policy), system, value)}


@given(generic_stochastic_games(states=3, most=2, cells=1))
def test_every_side_finds_the_equilibria_of_trying_each_policy(game):
    expected = by_trying(game)
    for player in range(len(game.players)):
        found, _, complete = by_replies(game, player)
        assert complete
        assert found == expected


def deterministic(states=6, actions=3, discount=(0.95, 0.95)):
    rng = np.random.default_rng(4)
    transition = np.eye(states)[rng.integers(0, states, (states, actions, actions))]
    from sim.forms.stochastic import Stochastic

    return Stochastic(rng.random((2, states, actions, actions)), transition, discount)


@pytest.mark.parametrize("discount", [(0.95, 0.95), (0.95, 0.8)])
def test_both_sides_agree_after_many_changes_of_rank_one(discount):
    game = deterministic(discount=discount)
    first, tried, _ = by_replies(game, 0)
    second, _, _ = by_replies(game, 1)
    assert tried == others_policies(first_table(game), game.available, 0) == 3**6
    assert first == second
    assert first


def test_a_budget_that_is_too_small_is_said():
    assert by_replies(deterministic(), 0, budget=10)[1:] == (10, False)
    assert not by_replies(deterministic(), 0, most=0)[2]


@given(generic_stochastic_games(states=3, most=2, cells=1))
def test_bounds_drop_no_equilibrium(game):
    rows, states = first_table(game), len(game.states)
    players, joint = len(game.players), game.available.shape[1]
    shifted = np.empty((states, joint, states))
    shifted_rows(rows.move, rows.available, shifted)
    alive, wide = game.available.copy(), np.repeat(rows.slack[:, np.newaxis] / SETTLED, states, axis=1)
    low, high = -wide, wide.copy()
    some = propagate(rows, shifted, alive, low, high, np.empty(joint), np.empty(joint))
    expected = by_trying(game)
    assert some or not expected
    for policy in expected:
        assert alive[range(states), policy].all()
    assert (low <= high + 1e-9 * (1 + wide)).all()
    assert low.shape == (players, states)


@pytest.mark.parametrize("size", [1, 2, 5, 8, 81])
def test_the_middle_is_the_median(size):
    numbers = np.random.default_rng(size).integers(0, 6, size).astype(float)
    expected = np.sort(numbers)[size // 2]
    assert numbers[place_middle(numbers, size)] == expected
