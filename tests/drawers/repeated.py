from __future__ import annotations

from dataclasses import replace

from sim.forms.repeated import Repeated
from tests.changes import Changes, exchanged, reordered
from tests.draw import repeated_games as drawer  # noqa: F401 - found under this name
from tests.drawers.normal import normal_actions, normal_players


def repeated_actions(game, orders):
    """Signals mean what they meant."""
    seen = game.monitoring if game.monitoring is None else reordered(game.monitoring, orders, 1)
    return replace(game, stage=normal_actions(game.stage, orders), monitoring=seen)


def repeated_players(game, order):
    """Each keeps his patience."""
    seen = game.monitoring if game.monitoring is None else exchanged(game.monitoring, order, 1)
    stage = normal_players(game.stage, order)
    return replace(game, stage=stage, discount=game.discount[:, list(order)], monitoring=seen)


CHANGES = Changes(
    of=lambda stage: Repeated(stage, 0.5),
    payoffs=lambda game, table: replace(game, stage=replace(game.stage, payoffs=table)),
    actions=repeated_actions,
    players=repeated_players,
)
