"""Pure equilibria of trees, and those in which a threat off the path is mixed."""

from __future__ import annotations

import numpy as np

from sim.answers.shared import BELIEF, BELIEF_HIGH, BELIEF_LOW, BELIEF_VERTICES
from sim.claim import Claim, Status
from sim.forms.tree import Tree
from sim.plugins import solver
from sim.solvers.methods.folding import folded_agents, patterns
from sim.solvers.methods.gathering import Gathered, gathered
from sim.solvers.methods.mixed_threats import mixed_threats
from sim.solvers.methods.pure_profiles import profiles_of, pure_found

__all__ = ["pure_and_threats"]

MOST = 10_000  # pure profiles


def few_profiles(game: Tree) -> bool | str:
    """Whether there are so few pure profiles that all can be tried with all mixtures of one; if not, how many."""
    most = max((profiles_of(game, folded) for _, folded in patterns(folded_agents(game))), default=0)
    return True if most <= MOST else f"there are {most} pure profiles; at most {MOST} are tried"


@solver(
    form=Tree,
    concept="sequential",
    answers=(BELIEF, BELIEF_LOW, BELIEF_HIGH, BELIEF_VERTICES),
    rank=65,
    also=("perfect_bayesian", "subgame_perfect"),
    fits=few_profiles,
    more="equilibria in which somebody mixes on the path, or several off it, are not looked for",
)
def pure_and_threats(game: Tree) -> Claim:
    """All sequential equilibria that are pure on the path, with at most one agent off it who mixes two last actions.

    ``Tree -> strategy (C, K, H, A)``; beliefs as :func:`pure_assessments` gives them.  How the one mixes is an interval,
    which its ends stand for.
    Complete: never, since nothing else is looked for.
    Cost: every profile of the agents that have something to decide, for each pair of actions of each of them.
    Fails with ``not_found`` where there is none; ValueError for more than 10,000 profiles, with their number.
    Source: Kreps and Wilson (1982); the mixed threat of Selten (1975), figure 1.
    """
    found: list[Gathered] = []
    full = np.zeros(game.cells, np.bool_)
    finite = np.flatnonzero(game.finite)
    for part, folded in patterns(folded_agents(game.take(finite))):
        cells = finite[part]
        found += pure_found(game, cells, folded, full)
        opened, which = np.unique(game.chance[cells] > 0, axis=0, return_inverse=True)
        for o in range(len(opened)):
            found += mixed_threats(game, cells[which.ravel() == o], folded)
    claim = gathered(game, found)
    claim.status[full] = Status.max_steps
    return claim
