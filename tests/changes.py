"""What can be done to a game without changing what it says: other units, other orders of what it names.

Each form has its :class:`Changes`, registered by the form's name, so that a law is written once for all forms.
Orders say where to take each thing from, as an index does: ``new[k] = old[order[k]]``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.forms.normal import NormalForm
from sim.forms.repeated import Repeated
from sim.forms.stochastic import Stochastic
from sim.plugins import forms


@dataclass(frozen=True)
class Changes:
    """How the games of one form are changed.

    ``of(stage)`` is the game in which nothing happens but this normal form; ``payoffs(game, table)`` the game
    with another table of payoffs; ``actions(game, orders)`` that with the actions of each agent in another order;
    ``players(game, order)`` that with the players in another order.
    """

    of: Callable[[NormalForm], Any]
    payoffs: Callable[[Any, Any], Any]
    actions: Callable[[Any, Any], Any]
    players: Callable[[Any, Any], Any]


def form_of(game):
    """The name of a game's form."""
    return next(name for name, form in forms.items() if isinstance(game, form))


def changes(game):
    """What can be done to this game."""
    return CHANGES[form_of(game)]


def in_other_units(game, factor, shift):
    """The game with the payoffs of player i as ``factor[i] u + shift[i]``."""
    shape = (1, len(game.players)) + (1,) * (game.payoffs.ndim - 2)
    return changes(game).payoffs(game, game.payoffs * factor.reshape(shape) + shift.reshape(shape))


def reordered(table, orders, first):
    """A table with its axes of actions, from axis ``first`` on, in other orders."""
    for i, order in enumerate(orders):
        table = np.take(table, order, axis=first + i)
    return table


def exchanged(table, order, first):
    """A table whose axes of actions, from axis ``first`` on, are those of the players in another order."""
    axes = list(range(table.ndim))
    axes[first : first + len(order)] = [first + i for i in order]
    return np.ascontiguousarray(table.transpose(axes))


def normal_actions(game, orders):
    """Nothing but payoffs: labels are left to be numbered again."""
    return NormalForm(np.ascontiguousarray(reordered(game.payoffs, orders, 2)), game.players)


def normal_players(game, order):
    """The players' tables, and the axes of each."""
    return NormalForm(
        exchanged(game.payoffs[:, list(order)], order, 2), tuple(game.players[i] for i in order)
    )


def repeated_actions(game, orders):
    """Signals mean what they meant."""
    seen = game.monitoring if game.monitoring is None else reordered(game.monitoring, orders, 1)
    return replace(game, stage=normal_actions(game.stage, orders), monitoring=seen)


def repeated_players(game, order):
    """Each keeps his patience."""
    seen = game.monitoring if game.monitoring is None else exchanged(game.monitoring, order, 1)
    stage = normal_players(game.stage, order)
    return replace(game, stage=stage, discount=game.discount[:, list(order)], monitoring=seen)


def stochastic_actions(game, orders):
    """An order for each player in each state, which moves actions only that there are in that state."""
    payoffs, transition = game.payoffs.copy(), game.transition.copy()
    states = len(game.states)
    for s in range(states):
        own = []
        for i, size in enumerate(game.sizes):
            order = list(orders[i * states + s])
            own.append(order + list(range(len(order), size)))
        payoffs[:, :, s] = reordered(payoffs[:, :, s], own, 2)
        transition[:, s] = reordered(transition[:, s], own, 1)
    return replace(game, payoffs=payoffs, transition=transition, outcomes=None)


def stochastic_players(game, order):
    """Each keeps his patience and, in every state, what he can do."""
    actions = [[by_player[i] for i in order] for by_player in game.actions]
    payoffs = exchanged(game.payoffs[:, list(order)], order, 3)
    transition = exchanged(game.transition, order, 2)
    players, patience = tuple(game.players[i] for i in order), game.discount[:, list(order)]
    return Stochastic(payoffs, transition, patience, players, game.states, actions, start=game.start)


def with_states(game, order):
    """A stochastic game with its states in another order."""
    order = list(order)
    payoffs = np.ascontiguousarray(game.payoffs[:, :, order])
    transition = np.ascontiguousarray(game.transition[:, order][..., order])
    actions, states = [game.actions[s] for s in order], tuple(game.states[s] for s in order)
    start = game.start[order]
    return Stochastic(payoffs, transition, game.discount, game.players, states, actions, start=start)


def one_state(stage):
    """A stochastic game that never leaves its only state."""
    transition = np.ones((1, 1, *stage.payoffs.shape[2:], 1))
    return Stochastic(stage.payoffs[:, :, np.newaxis], transition, 0.5, stage.players)


CHANGES = {
    "normal": Changes(
        of=lambda stage: stage,
        payoffs=lambda game, table: replace(game, payoffs=table),
        actions=normal_actions,
        players=normal_players,
    ),
    "repeated": Changes(
        of=lambda stage: Repeated(stage, 0.5),
        payoffs=lambda game, table: replace(game, stage=replace(game.stage, payoffs=table)),
        actions=repeated_actions,
        players=repeated_players,
    ),
    "stochastic": Changes(
        of=one_state,
        payoffs=lambda game, table: replace(game, payoffs=table),
        actions=stochastic_actions,
        players=stochastic_players,
    ),
}


def play_reordered(game, strategy, orders):
    """Play ``(.., H, A)`` of a game, as play of that with the actions of its agents in these orders."""
    result = strategy.copy()
    for h, order in enumerate(orders):
        result[..., h, : len(order)] = strategy[..., h, list(order)]
    return result


def play_exchanged(game, strategy, order):
    """Play ``(.., H, A)`` of a game, as play of that with its players in this order.

    Agents come player by player, and each player has as many, so that a block of agents moves as one.
    """
    agents, most = strategy.shape[-2:]
    blocks = strategy.reshape(*strategy.shape[:-2], len(order), agents // len(order), most)
    return blocks[..., list(order), :, :].reshape(strategy.shape)


def play_with_states(game, strategy, order):
    """Play ``(.., H, A)`` of a stochastic game, as play of that with its states in this order."""
    blocks = strategy.reshape(*strategy.shape[:-2], len(game.players), len(order), strategy.shape[-1])
    return blocks[..., :, list(order), :].reshape(strategy.shape)
