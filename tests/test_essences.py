"""Who has nothing to choose, and choices that change nothing, change no equilibrium either."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import sim
from sim.claim import Status
from sim.forms.normal import NormalForm


def with_idle(game, place):
    """The game with one player more, who has one action and payoffs of his own, at this place."""
    payoffs = np.insert(game.payoffs, place, 7.5, axis=1)
    names = tuple(f"p{i}" for i in range(len(game.players) + 1))
    return NormalForm(np.expand_dims(payoffs, 2 + place), players=names)


def integers(seed, *shape, largest=3):
    return NormalForm(
        np.random.default_rng(seed).integers(largest, size=shape).astype(float),
        players=tuple(f"p{i}" for i in range(shape[1])),
    )


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("shape", [(40, 2, 3, 3), (20, 2, 2, 4), (8, 3, 2, 2, 2)])
def test_an_idle_player_anywhere_changes_no_equilibrium(shape, place):
    """Round numbers, so that many games are degenerate: everything that is said of a cell stays the same."""
    game = integers(5, *shape)
    alone, found = sim.solve(game, "nash"), sim.solve(with_idle(game, place), "nash")
    others = [i for i in range(len(game.players) + 1) if i != place]
    np.testing.assert_array_equal(found.strategy[:, :, others], alone.strategy)
    claimed = ~np.isnan(alone.strategy[..., 0, 0])
    np.testing.assert_array_equal(found.strategy[:, :, place, 0][claimed], 1)
    np.testing.assert_array_equal(found.strategy[:, :, place, 1:][claimed], 0)
    for name in ("count", "complete", "degenerate", "status", "component", "index"):
        np.testing.assert_array_equal(getattr(found, name), getattr(alone, name), err_msg=name)
    np.testing.assert_allclose(found.value[:, :, others], alone.value, atol=1e-12)


def test_two_who_choose_among_idle_ones_are_solved_exactly():
    """Chance of a third each, as a fraction; the idle player does the only thing he can."""
    game = with_idle(with_idle(NormalForm([[[2, 0], [0, 1]], [[1, 0], [0, 2]]]), 1), 0)
    found = sim.solve(game, "nash", exact=True)
    third, rest = Fraction(1, 3), Fraction(2, 3)
    mixed = found.claim.extra["rational"][0, found.index[0] == -1][0].tolist()
    assert mixed == [[1, 0], [rest, third], [1, 0], [third, rest]]
    assert bool(found.complete[0])
    assert sim.solve(game, "nash", "vertex_enumeration").count[0] == 3


@pytest.mark.parametrize("sizes", [(3, 1, 1), (1, 1, 3), (1, 1, 1), (1, 3, 1, 1)])
def test_one_who_chooses_alone_does_what_is_best(sizes):
    payoffs = np.zeros((1, len(sizes), *sizes))
    axis = int(np.argmax(sizes))
    payoffs[0, axis] = np.array([1, 3, 3])[: sizes[axis]].reshape(
        [-1 if i == axis else 1 for i in range(len(sizes))]
    )
    found = sim.solve(NormalForm(payoffs, players=tuple("abcd"[: len(sizes)])), "nash")
    assert (found.count[0], bool(found.complete[0])) == ((2 if max(sizes) > 1 else 1), True)
    assert bool(found.degenerate[0]) == (max(sizes) > 1)


def test_a_cell_in_which_an_idle_players_payoff_is_infinite_has_no_answer():
    game = with_idle(integers(1, 2, 2, 2, 2), 1)
    payoffs = game.payoffs.copy()
    payoffs[0, 1] = np.inf
    found = sim.solve(NormalForm(payoffs, players=game.players), "nash")
    assert Status(int(found.status[0])) == Status.nonfinite
    assert found.count[0] == 0 < found.count[1]


def without_effect(game, player, state):
    """The same game where a player's choice in a state neither pays nor leads anywhere else."""
    payoffs, transition = game.payoffs.copy(), game.transition.copy()
    for table, axis in ((payoffs[:, :, state], 2 + player), (transition[:, state], 1 + player)):
        table[:] = np.take(table, [0], axis=axis)
    return sim.Stochastic(payoffs, transition, game.discount, start=game.start)


def drawn(seed, cells=6, states=3):
    lots = np.random.default_rng(seed)
    return sim.Stochastic(
        lots.normal(size=(cells, 2, states, 2, 2)),
        lots.dirichlet(np.ones(states), size=(cells, states, 2, 2)),
        0.8,
    )


@pytest.mark.parametrize("seed", range(3))
def test_a_choice_that_changes_nothing_does_not_multiply_answers(seed):
    """As many equilibria as where nobody has that choice, and none is called degenerate for it."""
    game = without_effect(without_effect(drawn(seed), 0, 2), 1, 2)
    assert game.immaterial.sum(axis=1).tolist() == [2] * 6
    free = sim.Stochastic(
        game.payoffs, game.transition, 0.8,
        actions=((("1", "2"),) * 2, (("1", "2"),) * 2, (("1",), ("1",))),
    )  # fmt: skip
    found, fewer = sim.solve(game), sim.solve(free)
    for name in ("count", "complete", "degenerate", "status"):
        np.testing.assert_array_equal(getattr(found, name), getattr(fewer, name), err_msg=name)
    np.testing.assert_array_equal(found.strategy, fewer.strategy)
    np.testing.assert_allclose(found.value, fewer.value, atol=1e-12)
    assert found.regret[~np.isnan(found.regret)].max() < 1e-9


def test_a_choice_may_matter_in_some_cells_only():
    """Each cell is answered as if it stood alone, whatever the others in its batch are like."""
    plain, changed = drawn(4), without_effect(drawn(4), 0, 1)
    mixed = np.arange(6) % 2 == 0
    game = sim.Stochastic(
        np.where(mixed[:, None, None, None, None], changed.payoffs, plain.payoffs),
        np.where(mixed[:, None, None, None, None], changed.transition, plain.transition), 0.8,
    )  # fmt: skip
    assert game.immaterial.any(axis=1).tolist() == mixed.tolist()
    together = sim.solve(game)
    for c in range(6):
        alone = sim.solve(game.take([c]))
        count = int(alone.count[0])
        assert (together.count[c], together.complete[c]) == (count, alone.complete[0])
        np.testing.assert_array_equal(together.strategy[c, :count], alone.strategy[0, :count])


def test_a_choice_that_pays_somebody_else_is_not_immaterial():
    game = without_effect(drawn(2), 1, 0)
    payoffs = game.payoffs.copy()
    payoffs[0, 0, 0, 0, 1] += 1e-9  # what the second player does in the first state, to the first player
    touched = sim.Stochastic(payoffs, game.transition, 0.8)
    assert touched.immaterial[:, 3].tolist() == [False] + [True] * 5
