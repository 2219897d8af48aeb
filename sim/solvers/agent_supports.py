"""All sequential equilibria of trees in which play comes to every information set, whatever anybody does.

Bayesian games are such trees, while no type has probability 0.  Nothing is off the path in them, so that Nash
equilibria are sequential, and beliefs are those of Bayes' rule.
"""

from __future__ import annotations

import numpy as np

from sim.answers.shared import BELIEF, BELIEF_HIGH, BELIEF_LOW, RATIONAL, UNDECIDED
from sim.claim import Claim
from sim.forms.tree import Tree
from sim.plugins import solver
from sim.solvers.methods.agent_form import by_supports, few_supports, surely_met, with_beliefs
from sim.solvers.methods.realisation_plans import extreme_claim, few_plans

__all__ = ["agent_supports"]


def nothing_off_the_path(game: Tree) -> bool | str:
    """Whether play comes to every set whatever is done, and all equilibria can be listed; if not, why."""
    searched = few_supports(game)
    if searched is not True and not (len(game.players) == 2 and few_plans(game) is True):
        return searched
    missed = np.flatnonzero(~surely_met(game))
    return f"play may never come to {game.agents[missed[0]].label}" if missed.size else True


@solver(
    form=Tree,
    concept="sequential",
    answers=(BELIEF, BELIEF_LOW, BELIEF_HIGH, UNDECIDED, RATIONAL),
    rank=40,
    exact=True,
    also=("perfect_bayesian", "subgame_perfect"),
    fits=nothing_off_the_path,
)
def agent_supports(game: Tree, *, exact: bool = False) -> Claim:
    """All sequential equilibria where nothing is off the path: of two players exactly, of more by supports of agents.

    ``Tree -> strategy (C, K, H, A)``, ``belief (C, K, D)``; ``undecided (C,)`` counts boxes of strategies about which
    nothing could be proved, none of them for two players.  With ``exact``, of two players, also ``rational``.
    Complete: for two players, with every continuum by its ends; for more where nothing is undecided.
    Cost: that of ``sequence_form`` for two players, of ``polynomial_supports`` for more.
    Fails with ``max_steps`` as those do, with ``not_found`` where everything stays undecided; ValueError where some set
    may not be reached, there are more than 250 supports of agents, or fractions are asked for of more players.
    Source: Harsanyi (1967); supports, Dickhaut and Kaplan (1991).
    """
    if len(game.players) == 2 and few_plans(game) is True:
        claim = extreme_claim(game, exact=exact)
        undecided = np.zeros(game.cells, np.int64)
    elif exact:
        raise ValueError(
            f"{len(game.players)} players mix by roots of polynomials, which are no fractions: leave exact out, or ask for "
            "the solver 'pure_assessments', which lists pure equilibria in fractions"
        )
    else:
        claim = by_supports(game)
        undecided = claim.extra["undecided"]
    return with_beliefs(game, claim, undecided)
