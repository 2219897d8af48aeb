"""Evolutionarily stable strategies of symmetric games."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claim import Claim, Status
from sim.forms.normal import NormalForm
from sim.kernels.base.threads import over_blocks
from sim.kernels.base.tolerances import LEVEL_NOISE
from sim.kernels.one_shot.evolution import stable_strategies
from sim.kernels.one_shot.exact_evolution import stable_exactly
from sim.plugins import solver

BLOCK = 512  # cells a thread takes at a time
MOST_ACTIONS = 12  # every set of actions may be a support


@solver(form=NormalForm, concept="evolutionarily_stable", players=2, rank=10)
def evolutionarily_stable(game: NormalForm) -> Claim:
    """All evolutionarily stable strategies of symmetric two-player games: no small invasion pays.

    ``NormalForm -> strategy (C, K, 2, A)``, the same for both players.  A game is symmetric where the second
    player's payoffs are the first one's with the players exchanged, up to unit and origin.  A symmetric game
    may have none: the answer is then empty, and ``ok``.
    Complete: every support is looked at; stability by definiteness on the support and strict copositivity
    on the other best replies.
    Cost: 2^A systems of equations, 2 microseconds a cell at A = 3; in fractions, half a millisecond, where a margin
    is too thin for floats.
    Fails with ``not_found`` where the game is not symmetric, ``max_steps`` beyond 12 actions.
    Source: Maynard Smith and Price (1973); Haigh (1975); Abakuks (1980).
    """
    cells, (rows, columns) = game.cells, game.payoffs.shape[2:]
    symmetric = np.zeros(cells, np.bool_)
    count = np.zeros(cells, np.int64)
    strategy = np.full((cells, 0, 2, max(rows, columns)), np.nan)
    if rows == columns and rows <= MOST_ACTIONS:
        symmetric = exchangeable(game)
        chosen = np.ascontiguousarray(game.payoffs[symmetric, 0])
        room = rows
        doubtful = np.zeros(len(chosen), np.int64)
        while True:
            found, number = np.full((len(chosen), room, rows), np.nan), np.zeros(len(chosen), np.int64)

            def work(first: int, last: int) -> None:
                stable_strategies(chosen, first, last, found, number, doubtful)  # noqa: B023 - runs within the loop

            over_blocks(work, len(chosen), BLOCK)
            if number.max(initial=0) <= room:
                break
            room = int(number.max())
        left = np.nonzero(doubtful)[0]
        fractions: Any = game.rational(np.nonzero(symmetric)[0][left]) if left.size else []
        for c, payoffs in zip(left.tolist(), fractions, strict=True):
            exact = stable_exactly(payoffs[0])
            number[c] = len(exact)
            if len(exact) > found.shape[1]:
                wider = np.full((len(chosen), len(exact) - found.shape[1], rows), np.nan)
                found = np.concatenate([found, wider], axis=1)
            found[c] = np.nan
            found[c, : len(exact)] = exact
        count[symmetric] = number
        strategy = np.full((cells, count.max(initial=0), 2, rows), np.nan)
        strategy[symmetric] = found[:, : strategy.shape[1], np.newaxis]
    too_large = rows == columns and rows > MOST_ACTIONS
    status = np.where(symmetric, Status.ok, Status.max_steps if too_large else Status.not_found)
    return Claim(strategy, status, symmetric)


def exchangeable(game: NormalForm) -> NDArray[np.bool_]:
    """Cells in which the second player's payoffs are the first one's with the players exchanged, ``(C,)``.

    Up to unit and origin, and to the rounding of the payoffs that are compared.
    """
    flat = np.where(game.finite[:, np.newaxis, np.newaxis, np.newaxis], game.payoffs, 0.0)
    first, second = flat[:, 0].reshape(game.cells, -1), flat[:, 1].swapaxes(1, 2).reshape(game.cells, -1)
    origin = np.abs(first).argmin(axis=1)[
        :, np.newaxis
    ]  # so that a payoff far from the others costs no digits
    start, begin = np.take_along_axis(first, origin, axis=1), np.take_along_axis(second, origin, axis=1)
    unit, other = game.scale[:, :1], game.scale[:, 1:]
    difference = np.abs((first - start) / unit - (second - begin) / other)
    rounding = (np.abs(first) + np.abs(start)) / unit + (np.abs(second) + np.abs(begin)) / other
    return np.asarray((difference <= LEVEL_NOISE * rounding).all(axis=1) & game.finite)
