"""Every pure equilibrium of a tree, with all beliefs that support it."""

from __future__ import annotations

import numpy as np

from sim.answers.shared import BELIEF, BELIEF_HIGH, BELIEF_LOW, BELIEF_VERTICES
from sim.claim import Claim, Status
from sim.forms.tree import Tree
from sim.plugins import solver
from sim.solvers.methods.folding import folded_agents, patterns
from sim.solvers.methods.gathering import Gathered, gathered
from sim.solvers.methods.pure_profiles import pure_found

__all__ = ["pure_assessments"]


@solver(
    form=Tree,
    concept="sequential",
    answers=(BELIEF, BELIEF_LOW, BELIEF_HIGH, BELIEF_VERTICES),
    rank=60,
    also=("perfect_bayesian", "subgame_perfect"),
    more="pure equilibria are listed; those in which somebody mixes are not",
)
def pure_assessments(game: Tree) -> Claim:
    """All pure sequential equilibria of a tree, each with the interval of beliefs that support it.

    ``Tree -> strategy (C, K, H, A)``; ``belief``, ``belief_low`` and ``belief_high (C, K, D)``; of sets with three
    believed kinds of nodes and more ``belief_vertices (C, K, V, D)``.
    Complete: never, since equilibria in which somebody mixes are not looked for.
    Cost: every profile of the agents that have something to decide, of which there may be a million.
    Fails with ``not_found`` where no pure equilibrium exists; ValueError for more profiles, with their number.
    Source: Kreps and Wilson (1982); section 4 of Streufert (2012).
    """
    found: list[Gathered] = []
    full = np.zeros(game.cells, np.bool_)
    finite = np.flatnonzero(game.finite)
    for cells, folded in patterns(folded_agents(game.take(finite))):
        found += pure_found(game, finite[cells], folded, full)
    claim = gathered(game, found)
    claim.status[full] = Status.max_steps
    return claim
