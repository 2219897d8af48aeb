"""Evolutionarily stable strategies of symmetric games."""

from __future__ import annotations

import numpy as np

from sim.claim import Claim, Status
from sim.forms.normal import NormalForm
from sim.kernels.base.joint_actions import unit_payoffs
from sim.kernels.base.threads import over_blocks
from sim.kernels.base.tolerances import TIE
from sim.kernels.one_shot.evolution import stable_strategies
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
    Cost: 2^A systems of equations, 2 microseconds a cell at A = 3.
    Fails with ``not_found`` where the game is not symmetric, ``max_steps`` beyond 12 actions.
    Source: Maynard Smith and Price (1973); Haigh (1975); Abakuks (1980).
    """
    cells, (rows, columns) = game.cells, game.payoffs.shape[2:]
    symmetric = np.zeros(cells, np.bool_)
    count = np.zeros(cells, np.int64)
    strategy = np.full((cells, 0, 2, max(rows, columns)), np.nan)
    if rows == columns and rows <= MOST_ACTIONS:
        payoffs = unit_payoffs(game.payoffs, game.scale).reshape(game.payoffs.shape)
        difference = np.abs(payoffs[:, 0] - payoffs[:, 1].swapaxes(1, 2)).max(axis=(1, 2))
        symmetric = (difference <= TIE) & game.finite
        chosen = np.ascontiguousarray(payoffs[symmetric, 0])
        room = rows
        while True:
            found, number = np.full((len(chosen), room, rows), np.nan), np.zeros(len(chosen), np.int64)

            def work(first: int, last: int) -> None:
                stable_strategies(chosen, first, last, found, number)  # noqa: B023 - runs within the loop

            over_blocks(work, len(chosen), BLOCK)
            if number.max(initial=0) <= room:
                break
            room = int(number.max())
        count[symmetric] = number
        strategy = np.full((cells, count.max(initial=0), 2, rows), np.nan)
        strategy[symmetric] = found[:, : strategy.shape[1], np.newaxis]
    too_large = rows == columns and rows > MOST_ACTIONS
    status = np.where(symmetric, Status.ok, Status.max_steps if too_large else Status.not_found)
    return Claim(strategy, status, symmetric)
