"""A game that moves between states with one answer as a dataset, for pictures: what is done in each, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import numpy as np
import xarray

from sim.forms.stochastic import Stochastic
from sim.kernels.base.tolerances import FAINT, HALF
from sim.solution import Solution

__all__ = ["led_on"]


def led_on(solution: Solution, attrs: Mapping[str, str], number: int = 0) -> xarray.Dataset:
    """One answer to the first cell of a stochastic game, state by state: ``state``, ``next``, ``outcome``.

    ``following (state, next)`` is how likely play goes from one to the other, ``begin (state)`` how likely it begins
    there, ``share (state)`` of periods in the long run; ``doing`` is what everybody does there, in words, ``likely`` the
    number of the outcome that comes of it with probability 1/2 or more, -1 where none does.

    Raises ValueError for other games.
    """
    if not solution.game.states:
        raise ValueError(f"states are drawn of stochastic games, and this is a {solution.game.form} game")
    game = cast("Stochastic", solution.game).take([0])
    strategy = solution.strategy[:1, number]
    size = len(game.states)
    tables = game.outcomes.tables.reshape(len(game.outcomes.names), size, -1)
    likely = np.einsum("sm,osm->so", game.play(strategy)[0], tables)
    doing = [
        "; ".join(
            f"{game.players[agent.player]} {mixed(agent.actions, strategy[0, h])}"
            for h, agent in enumerate(game.agents)
            if h % size == s
        )
        for s in range(size)
    ]
    variables = {
        "following": (
            ("state", "next"),
            game.chain(strategy)[0],
            {"long_name": "how likely play goes there"},
        ),
        "begin": ("state", np.broadcast_to(game.begin(), size), {"long_name": "how likely play begins here"}),
        "share": ("state", game.long_run(strategy)[0], {"long_name": "share of periods in the long run"}),
        "doing": ("state", np.array(doing, dtype=str), {"long_name": "what everybody does here"}),
        "likely": (
            "state",
            np.where(likely.max(axis=1) >= HALF, likely.argmax(axis=1), -1),
            {"long_name": "number of the outcome that comes of it"},
        ),
    }
    coords = {"state": list(game.states), "next": list(game.states), "outcome": list(game.outcomes.names)}
    return xarray.Dataset(variables, coords, dict(attrs))


def mixed(actions: tuple[str, ...], shares: np.typing.NDArray[np.float64]) -> str:
    """What is played: an action, or shares of several."""
    played = [(a, float(p)) for a, p in zip(actions, shares.tolist(), strict=False) if p > FAINT]
    if len(played) == 1:
        return played[0][0]
    return " or ".join(f"{a} {100 * p:.3g} %" for a, p in played)
