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
    """What sets by state lack to generate themselves, in units of a player's range of payoffs, ``(C,)``.

    NaN where no set by state is claimed: the sets of repeated games are judged with the paths they enforce.
    """
    stochastic: Any = game
    gap = np.full(game.cells, np.nan)
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
