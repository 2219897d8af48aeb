"""What a claimed set of subgame-perfect payoffs lacks to generate itself.

A set that generates itself holds equilibrium payoffs only, whoever found it (Abreu, Pearce and Stacchetti
1990, theorem 1).  This is asked of cells, not of answers: a set is claimed also where no path is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.claim import Claim
from sim.game import Floats, Game
from sim.residuals.enforcement import generation, listed_paths

__all__ = ["self_generation"]


def self_generation(game: Game, claim: Claim) -> Floats:
    """What claimed sets lack to generate themselves, in units of a player's range of payoffs, ``(C,)``.

    Sets by state of stochastic games, sets of games repeated for ever, and lists of paths; NaN elsewhere.
    """
    of_form: Any = game
    gap = np.full(game.cells, np.nan)
    if game.endless and "payoff_points" in claim.extra:
        return listed_paths(game, claim)
    if game.endless and "payoff_set" in claim.extra:
        if len(game.players) != 2 or of_form.monitoring is not None:
            return generation(game, claim)
        from sim.kernels.judge.self_generation import self_generation_gap  # compiled: only when asked for

        gap = self_generation_gap(game, claim.extra["payoff_set"])
    if game.states and "payoff_set" in claim.extra:
        from sim.kernels.judge.state_generation import state_generation_gap  # compiled: only when asked for

        state_generation_gap(
            of_form.flat_payoffs,
            of_form.flat_transition,
            of_form.discount,
            of_form.sizes,
            of_form.available,
            of_form.finite,
            np.ascontiguousarray(claim.extra["payoff_set"]),
            gap,
        )
    return gap
