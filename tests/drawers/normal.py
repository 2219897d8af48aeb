from __future__ import annotations

import numpy as np

from sim.forms.normal import NormalForm
from tests.changes import Changes, exchanged, reordered
from tests.draw import normal_forms as drawer  # noqa: F401 - found under this name


def normal_actions(game, orders):
    """Nothing but payoffs: labels are left to be numbered again."""
    return NormalForm(np.ascontiguousarray(reordered(game.payoffs, orders, 2)), game.players)


def normal_players(game, order):
    """The players' tables, and the axes of each."""
    return NormalForm(
        exchanged(game.payoffs[:, list(order)], order, 2), tuple(game.players[i] for i in order)
    )


CHANGES = Changes(of=lambda stage: stage, actions=normal_actions, players=normal_players)
