"""All sequential equilibria of small trees in which every belief follows from play, off the path as well.

Whoever moves at a single node is sure of it; whoever has seen all moves but those of the moment, or cannot tell draws of
chance apart that nobody has answered, believes what Bayes' rule says of these alone.
"""

from __future__ import annotations

import numpy as np

from sim.answers.shared import BELIEF, BELIEF_HIGH, BELIEF_LOW, UNDECIDED
from sim.claim import Claim
from sim.forms.tree import Tree
from sim.plugins import solver
from sim.solvers.methods.agent_form import beliefs_follow, by_supports, few_supports, with_beliefs

__all__ = ["decided_beliefs"]


def all_follow(game: Tree) -> bool | str:
    """Whether trembles leave one belief everywhere, and all supports can be searched; if not, why."""
    searched = few_supports(game)
    if searched is not True:
        return searched
    open_ones = np.flatnonzero(~beliefs_follow(game))
    return f"trembles leave several beliefs to {game.agents[open_ones[0]].label}" if open_ones.size else True


@solver(
    form=Tree,
    concept="sequential",
    answers=(BELIEF, BELIEF_LOW, BELIEF_HIGH, UNDECIDED),
    rank=45,
    fits=all_follow,
    more="where payoffs tie there may be continua, of which one is given for each support",
)
def decided_beliefs(game: Tree) -> Claim:
    """All sequential equilibria, mixed off the path too, of trees in which beliefs follow from play everywhere.

    ``Tree -> strategy (C, K, H, A)``, ``belief (C, K, D)``; ``undecided (C,)`` counts boxes of strategies about which
    nothing could be proved.
    Complete: where nothing is undecided.
    Cost: that of ``polynomial_supports`` with agents for players.
    Fails with ``max_steps`` as that does, with ``not_found`` where everything stays undecided; ValueError where trembles
    leave several beliefs to somebody, or there are more than 250 supports of agents.
    Source: Kreps and Wilson (1982) for beliefs as limits; supports, Dickhaut and Kaplan (1991).
    """
    claim = by_supports(game)
    return with_beliefs(game, claim, claim.extra["undecided"])
