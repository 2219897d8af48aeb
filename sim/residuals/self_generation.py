"""What a claimed set of subgame-perfect payoffs lacks to generate itself.

A set that generates itself holds equilibrium payoffs only, whoever found it (Abreu, Pearce and Stacchetti
1990, theorem 1).  This is asked of cells, not of answers: a set is claimed also where no path is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.game import Floats, Game

if TYPE_CHECKING:
    from sim.solution import Claim

__all__ = ["self_generation"]


def self_generation(game: Game, claim: Claim) -> Floats:
    """What claimed sets lack to generate themselves, in units of a player's range of payoffs, ``(C,)``.

    Sets by state of stochastic games, and sets of two players who see what is played for ever; NaN elsewhere.
    """
    stochastic: Any = game
    gap = np.full(game.cells, np.nan)
    for_ever = getattr(game, "horizon", 0) is None and getattr(game, "monitoring", None) is None
    if for_ever and len(game.players) == 2 and "payoff_set" in claim.extra:
        from sim.kernels.self_generation import self_generation_gap

        gap = self_generation_gap(game, claim.extra["payoff_set"])
    if hasattr(game, "transition") and "payoff_set" in claim.extra:
        from sim.kernels.state_generation import state_generation_gap  # compiled: only when asked for

        state_generation_gap(
            stochastic.flat_payoffs,
            stochastic.flat_transition,
            stochastic.discount,
            stochastic.sizes,
            stochastic.available,
            stochastic.finite,
            np.ascontiguousarray(claim.extra["payoff_set"]),
            gap,
        )
    return gap
