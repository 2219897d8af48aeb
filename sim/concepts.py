"""One residual function for each solution concept: how far a claim is from what it claims.

A residual is recomputed from the game, in units of each player's range of payoffs (or of
probability, where a concept is about probabilities), so that one tolerance serves every scale.
The residual of a correct claim is rounding error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim.claim import Claim
from sim.game import Floats, Game, Judgement
from sim.residuals.bargaining import equal_gains, largest_product, largest_sum, proportional_gains
from sim.residuals.commitment import best_commitment, best_pure_commitment
from sim.residuals.correlated import best_coarse_obedience, best_obedience
from sim.residuals.dominance import strict_elimination, weak_elimination
from sim.residuals.enforcement import first_actions, stationary_paths
from sim.residuals.evolution import rest, stability
from sim.residuals.payments import paid_to_stay
from sim.residuals.quantal_response import logit_response
from sim.residuals.security import punishment, pure_punishment, pure_security, security
from sim.residuals.self_generation import self_generation

__all__ = ["CONCEPTS", "Concept"]

Residual = Callable[[Game, "Claim", Judgement], Floats]
SetResidual = Callable[[Game, "Claim"], Floats]


@dataclass(frozen=True)
class Concept:
    """A solution concept: its name, what it says, and ``residual(game, claim, judgement) -> (C, K)``.

    ``of_set(game, claim) -> (C,)`` judges what is claimed for a cell as a whole, NaN where nothing is.
    """

    name: str
    summary: str
    residual: Residual
    of_set: SetResidual | None = None


def best_replies(_game: Game, _claim: Claim, judgement: Judgement) -> Floats:
    """Nobody gains by a one-shot deviation (Nash 1951)."""
    return judgement.relative


def punished_deviations(game: Game, claim: Claim, judgement: Judgement) -> Floats:
    """Nobody gains by leaving the path when his worst payoff in the claimed set follows (Abreu 1988)."""
    if claim.strategy.shape[1] == 0:  # no path is claimed
        return judgement.relative
    if len(game.players) != 2 or "payoff_points" in claim.extra:
        return stationary_paths(game, claim, judgement)
    from sim.kernels.judge.self_generation import stationary_residual  # compiled: only when asked for

    result: Floats = stationary_residual(game, claim.strategy, claim.extra["payoff_set"])
    return result


CONCEPTS: dict[str, Concept] = {
    concept.name: concept
    for concept in (
        Concept("nash", "nobody gains by changing his own strategy alone (Nash 1951)", best_replies),
        Concept("correlated", "nobody gains by disobeying a mediator's advice (Aumann 1974)", best_obedience),
        Concept(
            "coarse_correlated",
            "nobody gains by refusing a mediator's advice before hearing it (Moulin and Vial 1978)",
            best_coarse_obedience,
        ),
        Concept(
            "markov_perfect",
            "nobody gains by one deviation in any state, play depends on the state alone (Maskin, Tirole 2001)",
            best_replies,
        ),
        Concept(
            "subgame_perfect",
            "nobody gains by leaving the path once, punished by the worst equilibrium for him (Abreu 1988)",
            punished_deviations,
            self_generation,
        ),
        Concept(
            "public_perfect",
            "nobody gains by leaving it once, where all depends on public signals (Abreu, Pearce, Stacchetti 1990)",
            first_actions,
            self_generation,
        ),
        Concept(
            "transfers",
            "subgame-perfect play where the players can also pay each other (Goldlücke and Kranz 2012)",
            paid_to_stay,
        ),
        Concept("maxmin", "each player secures most, whatever the others do (von Neumann 1928)", security),
        Concept("minmax", "all others together hold each player to the least (von Neumann 1928)", punishment),
        Concept("pure_maxmin", "each player secures most with one action", pure_security),
        Concept("pure_minmax", "one joint action holds each player to the least", pure_punishment),
        Concept(
            "iterated_dominance", "what survives strict dominance, iterated (Pearce 1984)", strict_elimination
        ),
        Concept(
            "rationalizable", "best replies to beliefs about best replies (Bernheim 1984)", strict_elimination
        ),
        Concept(
            "iterated_weak_dominance",
            "what survives weak dominance when all dominated actions go at once, iterated (Moulin 1979)",
            weak_elimination,
        ),
        Concept(
            "quantal_response",
            "noisy replies to each other's noise (McKelvey and Palfrey 1995)",
            logit_response,
        ),
        Concept(
            "stackelberg",
            "the best commitment, seen before the reply (von Stackelberg 1934)",
            best_commitment,
        ),
        Concept(
            "stackelberg_pure", "the best action to commit to, seen before the reply", best_pure_commitment
        ),
        Concept(
            "nash_bargaining", "the largest product of gains over disagreement (Nash 1950)", largest_product
        ),
        Concept(
            "kalai_smorodinsky",
            "efficient gains in proportion to the ideal gains (Kalai and Smorodinsky 1975)",
            proportional_gains,
        ),
        Concept("egalitarian", "the smaller gain over disagreement is largest (Kalai 1977)", equal_gains),
        Concept("utilitarian", "the largest sum of payoffs that both accept (Harsanyi 1955)", largest_sum),
        Concept("evolutionarily_stable", "no small invasion pays (Maynard Smith and Price 1973)", stability),
        Concept("replicator", "imitation of success comes to rest here (Taylor and Jonker 1978)", rest),
    )
}
