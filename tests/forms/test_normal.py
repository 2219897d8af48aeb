from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from tests.draw import normal_forms, simplices


@st.composite
def games_with_play(draw, players=2):
    """A batch and one mixed strategy for each of its cells, padded to the longest list of actions."""
    game = draw(normal_forms(players=players, most=3))
    shape = game.payoffs.shape[2:]
    play = np.zeros((game.cells, players, max(shape)))
    for cell in range(game.cells):
        for i, size in enumerate(shape):
            play[cell, i, :size] = draw(simplices(size))
    return game, play


@given(st.integers(1, 3).flatmap(lambda players: games_with_play(players=players)))
def test_expectation_of_a_constant_is_that_constant(pair):
    game, play = pair
    table = np.full((1, *game.payoffs.shape[2:]), 2.5)
    np.testing.assert_allclose(2.5, game.expect(table, play), rtol=1e-12)


@given(st.integers(1, 3).flatmap(lambda players: games_with_play(players=players)))
def test_weighted_deviations_are_the_value(pair):
    game, play = pair
    weighted = np.where(play > 0, play * game.deviations(play), 0).sum(axis=-1)
    np.testing.assert_allclose(game.values(play), weighted, atol=1e-12)


@given(games_with_play())
def test_compiled_judgement_agrees_with_the_definition(pair):
    game, play = pair
    judged = game.judge(play[:, np.newaxis])
    np.testing.assert_allclose(game.values(play), judged.value[:, 0], atol=1e-12)
    np.testing.assert_allclose(game.regret(play), judged.regret[:, 0], atol=1e-12)


@given(games_with_play(players=3))
def test_shares_of_outcomes_sum_to_one(pair):
    game, play = pair
    np.testing.assert_allclose(1, game.shares(play).sum(axis=-1), rtol=1e-12)


def test_payoffs_without_a_cell_axis_are_one_game():
    assert sim.NormalForm([[[1, 2], [3, 4]], [[1, 2], [3, 4]]]).payoffs.shape == (1, 2, 2, 2)


def test_labels_decide_where_the_shape_does_not():
    payoffs = np.zeros((3, 2, 2, 2))
    assert sim.NormalForm(payoffs, players=("a", "b")).cells == 3
    assert sim.NormalForm(payoffs, players=("a", "b", "c")).cells == 1
    assert sim.NormalForm(payoffs, actions=[("x", "y")] * 3).cells == 1


@pytest.mark.parametrize("shape", [(3, 2, 2, 2), (2, 1, 4), (4, 3, 1, 2, 3)])
def test_what_can_be_read_two_ways_is_refused_until_the_caller_says(shape):
    payoffs = np.zeros(shape)
    with pytest.raises(ValueError, match=r"two ways.* cells=True.* cells=False") as raised:
        sim.NormalForm(payoffs)
    assert f"{shape[0]} games of {shape[1]} player" in str(raised.value)
    assert f"one game of {shape[0]} players" in str(raised.value)
    assert sim.NormalForm(payoffs, cells=True).cells == shape[0]
    assert len(sim.NormalForm(payoffs, cells=False).players) == shape[0]


@pytest.mark.parametrize("count", range(5))
def test_a_batch_of_any_length_has_one_spelling(count):
    assert sim.NormalForm(np.zeros((count, 2, 2, 2)), cells=True).cells == count


def test_cells_that_the_shape_denies_are_refused():
    with pytest.raises(ValueError, match="with cells=False"):
        sim.NormalForm(np.zeros((5, 2, 2, 2)), cells=False)
    with pytest.raises(ValueError, match="cells must be True, False"):
        sim.NormalForm(np.zeros((5, 2, 2, 2)), cells=5)


@pytest.mark.parametrize("shape", [(), (2,), (1, 2, 3), (4, 4), (1, 2, 0, 3), (2, 3, 3, 3)])
def test_shapes_that_are_no_games_are_refused(shape):
    with pytest.raises(ValueError, match="payoffs have shape"):
        sim.NormalForm(np.zeros(shape))


def test_things_that_are_no_numbers_are_refused():
    with pytest.raises(ValueError, match="must be numbers"):
        sim.NormalForm([[["x"]]])


def test_labels_must_fit():
    with pytest.raises(ValueError, match="labels do not fit"):
        sim.NormalForm(np.zeros((1, 2, 2, 2)), actions=(("a", "b"), ("x",)))


def test_decimals_are_read_as_written():
    game = sim.NormalForm([[[0.1, 2]], [[1e-3, 0]]], cells=False)
    assert game.rational(np.array([0]))[0].tolist() == [
        [[Fraction(1, 10), Fraction(2)]],
        [[Fraction(1, 1000), Fraction(0)]],
    ]


def test_taking_cells_keeps_their_exact_payoffs():
    table = np.array([[[[Fraction(c, 3)]], [[Fraction(0)]]] for c in range(4)], dtype=object)
    game = sim.NormalForm(table.astype(float), exact=lambda cells: table[cells])
    taken = game.take(np.array([3, 1])).take(np.array([1]))
    assert taken.rational(np.array([0]))[0, 0, 0, 0] == Fraction(1, 3)


def test_games_can_be_pickled():
    import pickle

    game = sim.NormalForm(np.arange(8.0).reshape(1, 2, 2, 2))
    np.testing.assert_array_equal(game.payoffs, pickle.loads(pickle.dumps(game)).payoffs)


def test_equilibria_that_differ_in_one_strategy_are_one_component():
    """A chain of segments is one component; what differs in two strategies stands apart."""
    payoffs = np.zeros((1, 3, 2, 2, 2))
    strategy = np.zeros((1, 5, 3, 2))
    joint = [(0, 0, 0), (1, 1, 1), (1, 0, 0), (1, 0, 1)]
    for k, actions in enumerate(joint):
        strategy[0, k, range(3), actions] = 1.0
    strategy[0, 4] = np.nan
    judgement = sim.NormalForm(payoffs).judge(strategy)
    assert judgement.component[0].tolist() == [0, 0, 0, 0, -1]
    alone = sim.NormalForm(payoffs).judge(strategy[:, [0, 1, 2, 4]])
    assert alone.component[0].tolist() == [0, 1, 0, -1]
    none = sim.NormalForm(payoffs).judge(strategy[:, :0])
    assert none.component.shape == (1, 0)
