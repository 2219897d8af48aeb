"""Why a cell cannot be computed with: which payoff is infinite, not a number, too large or too small."""

from __future__ import annotations

import numpy as np

from sim.game.protocol import Game
from sim.kernels.base.extremes import LARGEST, SMALLEST

__all__ = ["unfit"]


def unfit(game: Game, cell: int = 0) -> str:
    """The first payoff of a cell that is in the way, with its player and joint action, and what is wrong with it."""
    payoffs = game.payoffs[cell]
    odd = np.argwhere(~(np.abs(payoffs) <= LARGEST))
    if odd.size:
        player, *place = odd[0].tolist()
        number = float(payoffs[tuple(odd[0])])
        if np.isnan(number):
            wrong = "is not a number"
        elif np.isinf(number):
            wrong = "is infinite"
        else:
            wrong = f"is {number:.3g}, and floats compute with payoffs up to {LARGEST:g}"
        return f"the payoff of {game.players[player]} for {game.spoken(tuple(place))} {wrong}"
    if not game.finite[cell]:
        return (
            "a discount or a probability is not a number, or a discount is so near to 1 that "
            "one period weighs nothing"
        )
    scale = game.scale[cell]
    tiny = np.flatnonzero(scale < SMALLEST)
    flat = payoffs.reshape(len(payoffs), -1)
    size = np.abs(flat).max(axis=1)
    player = int(tiny[0] if tiny.size else np.argmax(size / scale))
    largest = int(np.argmax(np.abs(flat[player])))
    place = tuple(int(a) for a in np.unravel_index(largest, payoffs.shape[1:]))
    return (
        f"the payoff of {game.players[player]} for {game.spoken(place)} is {flat[player, largest]:.6g}, and all "
        f"payoffs of {game.players[player]} lie within {scale[player]:.3g}: floats do not tell them apart "
        "to the precision that is asked"
    )
