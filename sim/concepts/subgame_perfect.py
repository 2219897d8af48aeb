"""Subgame-perfect equilibrium: threats are believed, since carrying them out is an equilibrium too."""

from __future__ import annotations

import numpy as np

from sim.claim import Claim
from sim.concepts.methods.assessments import subgame_plans
from sim.concepts.methods.best_replies import best_replies
from sim.concepts.methods.enforcement import stationary_paths
from sim.concepts.methods.plans import linked_where_all_is_reached
from sim.concepts.methods.self_generation import self_generation, self_generation_by_state
from sim.forms.bargaining import Bargaining
from sim.forms.repeated import Repeated
from sim.forms.stochastic import Stochastic
from sim.forms.tree import Tree
from sim.game import Floats, Game, Judgement
from sim.plugins import concept

__all__ = ["no_strategies", "punished_deviations"]


def punished_deviations(game: Repeated, claim: Claim, judgement: Judgement) -> Floats:
    """Nobody gains by leaving the path when his worst payoff in the claimed set follows (Abreu 1988)."""
    if claim.strategy.shape[1] == 0:  # no path is claimed
        return judgement.relative
    if len(game.players) != 2 or "payoff_points" in claim.extra:
        return stationary_paths(game, claim, judgement)
    from sim.kernels.judge.self_generation import stationary_residual  # compiled: only when asked for

    # with a horizon only equilibria of the stage can be played throughout
    discount = game.discount if game.endless else np.zeros_like(game.discount)
    result: Floats = stationary_residual(
        game.payoffs, discount, game.scale, claim.strategy, claim.extra["payoff_set"]
    )
    return result


def no_strategies(_game: Game, _claim: Claim, judgement: Judgement) -> Floats:
    """In games with states play depends on history: whoever claims strategies of states misses it altogether."""
    return np.where(np.isnan(judgement.relative), np.nan, np.inf)


concept(
    "subgame_perfect",
    "nobody gains by leaving the path once, punished by the worst equilibrium for him (Abreu 1988)",
    title="subgame-perfect equilibria",
    residual={
        Bargaining: best_replies,
        Repeated: punished_deviations,
        Stochastic: no_strategies,
        Tree: subgame_plans,
    },
    linked={Tree: linked_where_all_is_reached},
    of_set={Repeated: self_generation, Stochastic: self_generation_by_state},
    rank=40,
    each={Repeated: "each is one joint action, played throughout"},
)
