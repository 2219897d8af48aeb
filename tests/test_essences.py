"""Who has nothing to choose, and choices that change nothing, change no equilibrium either."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

import sim
from sim.claim import Status
from sim.forms.normal import NormalForm, connected
from sim.game import Outcomes
from sim.output.as_text import solution as told
from sim.scenario.source import Source


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


@pytest.mark.parametrize("players", [3, 4, 6, 9])
def test_a_game_in_which_nothing_matters_says_that_payoffs_tie(players):
    names = tuple(f"p{i}" for i in range(players))
    found = sim.solve(NormalForm(np.ones((1, players, *(2,) * players)), players=names), "nash")
    assert (bool(found.degenerate[0]), bool(found.complete[0])) == (True, False)
    assert Status(int(found.status[0])) == Status.degenerate
    assert found.count[0] >= 2**players


@pytest.mark.parametrize("matters", [False, True])
def test_one_player_of_three_who_does_not_care_makes_a_game_degenerate(matters):
    """Matching pennies beside somebody who gets the same whatever happens, and may or may not matter to the others."""
    payoffs = np.zeros((1, 3, 2, 2, 2))
    payoffs[0, 0] = np.array([[1.0, -1.0], [-1.0, 1.0]])[:, :, np.newaxis]
    payoffs[0, 1] = -payoffs[0, 0]
    payoffs[0, 0, 0, 0, 1] += 2.0 * matters
    found = sim.solve(NormalForm(payoffs, players=("even", "odd", "neither")), "nash")
    assert found.count[0] >= 2
    assert bool(found.degenerate[0])


@pytest.mark.parametrize(("level", "worst"), [(0.0, 0.0), (1e9, 0.0), (0.0, -1e15)])
def test_games_whose_payoffs_do_not_tie_are_not_called_degenerate(level, worst):
    """Neither a high level of all payoffs nor one catastrophe, where an action is dominated, makes others tie."""
    payoffs = level + np.random.default_rng(2).normal(size=(60, 3, 2, 2, 2))
    payoffs[:, 0, 1] = payoffs[:, 0, 0] - 1.0  # the first player's second action is dominated
    payoffs[:, 0, 1, 0, 0] += worst
    found = sim.solve(NormalForm(payoffs, players=("a", "b", "c")), "nash")
    assert not found.degenerate.any()


@pytest.mark.parametrize("seed", range(4))
def test_components_are_those_of_linking_every_pair(seed):
    """Strategies from short lists, so that many pairs differ in one player only; against all pairs, one by one."""
    lots = np.random.default_rng(seed)
    menu = np.array([[1.0, 0.0], [0.0, 1.0], [0.3, 0.7], [0.3 + 3e-10, 0.7 - 3e-10]])
    play = menu[lots.integers(len(menu), size=(30, 7, 3))]
    claimed = np.arange(7) < lots.integers(8, size=(30, 1))
    play[~claimed] = np.nan
    found = connected(play, np.where(claimed, np.arange(7), -1).astype(np.int32))
    for c in range(30):
        number = list(range(7))
        for k, other in itertools.permutations(np.flatnonzero(claimed[c]), 2):
            if (np.abs(play[c, k] - play[c, other]).max(axis=-1) > 1e-9).sum() <= 1:
                old, new = number[k], number[other]
                number = [new if one == old else one for one in number]
        groups = [number[k] for k in np.flatnonzero(claimed[c])]
        first = list(dict.fromkeys(groups))
        assert found[c][claimed[c]].tolist() == [first.index(group) for group in groups]
    assert (found[~claimed] == -1).all()


def test_components_of_nothing_are_none():
    assert connected(np.empty((3, 0, 3, 2)), np.empty((3, 0), np.int32)).shape == (3, 0)
    assert connected(np.empty((0, 0, 3, 2)), np.empty((0, 0), np.int32)).shape == (0, 0)
    assert connected(np.full((2, 1, 3, 2), np.nan), np.full((2, 1), -1, np.int32)).tolist() == [[-1], [-1]]


def test_outcomes_of_many_players_are_summed_from_joint_actions():
    """Beside the expectation of each outcome's table, one by one."""
    game = integers(3, 4, 3, 2, 3, 2)
    of = np.random.default_rng(1).integers(4, size=(2, 3, 2))
    game = NormalForm(game.payoffs, game.players, game.actions, Outcomes(("a", "b", "c", "d"), of))
    play = np.where(game.mask, np.random.default_rng(2).uniform(size=(4, 3, 3)), 0.0)
    play /= play.sum(axis=-1, keepdims=True)
    expected = np.stack([game.expect(table[np.newaxis], play) for table in game.outcomes.tables], axis=-1)
    np.testing.assert_allclose(game.shares(play), expected, atol=1e-14)


def test_who_has_too_many_equilibria_to_list_is_told_how_to_ask_for_more():
    """20 x 20 actions, and a third player who has nothing to choose."""
    payoffs = np.random.default_rng(3).integers(-999, 1000, (1, 2, 20, 20)).astype(float)
    game = with_idle(NormalForm(payoffs, players=("a", "b")), 1)
    found = sim.solve(game, "nash")
    assert not found.complete[0]
    assert found.count[0] >= 1
    said = told(Source("large", "", "normal"), found, "support_enumeration")
    assert "ask for all of them with --solver vertex_enumeration, which may take hours" in said
    small = sim.solve(with_idle(integers(5, 1, 2, 3, 3), 1), "nash")
    assert "vertex_enumeration" not in told(Source("small", "", "normal"), small, "support_enumeration")
