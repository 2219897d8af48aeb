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
from sim.forms.stochastic import Stochastic


@dataclass(frozen=True)
class Changes:
    """How the games of one form are changed.

    ``of(stage)`` is the game in which nothing happens but this normal form; ``payoffs(game, table)`` the game
    with another table of payoffs; ``actions(game, orders)`` that with the actions of each agent in another order;
    ``players(game, order)`` that with the players in another order.  None where an order is part of the game.
    """

    of: Callable[[NormalForm], Any]
    payoffs: Callable[[Any, Any], Any] = lambda game, table: replace(game, payoffs=table)
    actions: Callable[[Any, Any], Any] | None = None
    players: Callable[[Any, Any], Any] | None = None


def changes(game):
    """What can be done to this game."""
    from tests.drawers import CHANGES  # each form's file makes one of those above

    return CHANGES[game.form]


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


def with_states(game, order):
    """A stochastic game with its states in another order."""
    order = list(order)
    payoffs = np.ascontiguousarray(game.payoffs[:, :, order])
    transition = np.ascontiguousarray(game.transition[:, order][..., order])
    actions, states = [game.actions[s] for s in order], tuple(game.states[s] for s in order)
    start = game.start[order]
    return Stochastic(payoffs, transition, game.discount, game.players, states, actions, start=start)


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
