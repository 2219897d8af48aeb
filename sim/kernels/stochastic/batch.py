"""A batch of stochastic games as compiled code takes it."""

from __future__ import annotations

from typing import NamedTuple

from sim.kernels import Array, kernel

__all__ = ["Batch", "move_of", "part_of"]


class Batch(NamedTuple):
    """C games, joint actions flattened.

    ``payoffs (C, n, S, M)``, ``transition (C or 1, S, M, S)``, ``discount (C, n)``, ``sizes (n,)`` of the
    players' axes.
    """

    payoffs: Array
    transition: Array
    discount: Array
    sizes: Array


@kernel()
def move_of(games: Batch, c: int) -> Array:
    """The transition of cell c, ``(S, M, S)``."""
    return games.transition[c] if games.transition.shape[0] > 1 else games.transition[0]


def part_of(games: Batch, part: slice) -> Batch:
    """The games of some cells."""
    moves = games.transition if len(games.transition) == 1 else games.transition[part]
    return Batch(games.payoffs[part], moves, games.discount[part], games.sizes)
