"""What a claimed set of subgame-perfect payoffs lacks to generate itself.

A set that generates itself holds equilibrium payoffs only, whoever found it (Abreu, Pearce and Stacchetti
1990, theorem 1).  This is asked of cells, not of answers: a set is claimed also where no path is.
"""

from __future__ import annotations

import numpy as np

from sim.claim import Claim
from sim.concepts.methods.enforcement import generation, listed_paths
from sim.forms.repeated import Repeated
from sim.forms.stochastic import Stochastic
from sim.game import Floats

__all__ = ["self_generation", "self_generation_by_state"]


def self_generation(game: Repeated, claim: Claim) -> Floats:
    """What claimed sets, or listed paths, of games repeated for ever lack, ``(C,)`` in units of a range; else NaN."""
    if game.endless and "payoff_points" in claim.extra:
        return listed_paths(game, claim)
    if not game.endless or "payoff_set" not in claim.extra:
        return np.full(game.cells, np.nan)
    if len(game.players) != 2 or game.monitoring is not None:
        return generation(game, claim)
    from sim.kernels.judge.self_generation import self_generation_gap  # compiled: only when asked for

    gap: Floats = self_generation_gap(game.payoffs, game.discount, game.finite, claim.extra["payoff_set"])
    return gap


def self_generation_by_state(game: Stochastic, claim: Claim) -> Floats:
    """What the claimed sets of all states lack to generate each other, ``(C,)`` in units of a range; else NaN."""
    gap = np.full(game.cells, np.nan)
    if "payoff_set" in claim.extra:
        from sim.kernels.judge.state_generation import state_generation_gap  # compiled: only when asked for

        state_generation_gap(
            game.flat_payoffs,
            game.flat_transition,
            game.discount,
            game.sizes,
            game.available,
            game.finite,
            np.ascontiguousarray(claim.extra["payoff_set"]),
            gap,
        )
    return gap
