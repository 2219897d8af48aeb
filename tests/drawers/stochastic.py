from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.forms.stochastic import Stochastic
from tests.changes import Changes, exchanged, reordered
from tests.draw import stochastic_games as drawer  # noqa: F401 - found under this name


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


def one_state(stage):
    """A stochastic game that never leaves its only state."""
    transition = np.ones((1, 1, *stage.payoffs.shape[2:], 1))
    return Stochastic(stage.payoffs[:, :, np.newaxis], transition, 0.5, stage.players)


CHANGES = Changes(of=one_state, actions=stochastic_actions, players=stochastic_players)
