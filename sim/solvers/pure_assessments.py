"""Every pure equilibrium of a tree, with all beliefs that support it."""

from __future__ import annotations

import math

import numpy as np

from sim.answers.shared import BELIEF, BELIEF_HIGH, BELIEF_LOW, BELIEF_VERTICES
from sim.claim import Claim, Status
from sim.forms.tree import Tree
from sim.game import Integers
from sim.kernels.tree.pure_profiles import possible_profiles
from sim.plugins import solver
from sim.solvers.methods.folding import folded_agents, patterns
from sim.solvers.methods.gathering import Found, gathered
from sim.solvers.methods.supporting_beliefs import supporting_beliefs

__all__ = ["MOST_PROFILES", "profiles_of", "pure_assessments", "pure_found"]

MOST_PROFILES = 1_000_000
MOST = 256  # profiles of a cell that pass the sieve


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
    found: list[Found] = []
    full = np.zeros(game.cells, np.bool_)
    finite = np.flatnonzero(game.finite)
    for cells, folded in patterns(folded_agents(game.take(finite))):
        found += pure_found(game, finite[cells], folded, full)
    claim = gathered(game, found)
    claim.status[full] = Status.max_steps
    return claim


def profiles_of(game: Tree, folded: Integers) -> int:
    """How many pure profiles the agents have that are not folded ``(H,)``."""
    return math.prod(int(size) for size in game.shape.sizes[folded < 0])


def pure_found(game: Tree, cells: Integers, folded: Integers, full: np.ndarray) -> list[Found]:
    """Pure equilibria of cells with these agents folded; ``full (C,)`` is set where there is no room for all.

    Raises ValueError where there are too many profiles.
    """
    number = profiles_of(game, folded)
    if number > MOST_PROFILES:
        raise ValueError(
            f"there are {number} pure profiles of the agents that have something to decide; at most {MOST_PROFILES} are "
            "tried: choose the solver 'logit_path', or make the tree smaller"
        )
    shape, each = game.shape, game.take(cells)
    agents = np.flatnonzero(folded < 0).astype(np.int64)
    profiles, count = np.zeros((len(cells), MOST), np.int64), np.zeros(len(cells), np.int64)
    sets = (shape.owner, shape.decisions, shape.first, shape.child)
    choosing = (agents, np.ascontiguousarray(shape.sizes[agents]), np.maximum(folded, 0))
    possible_profiles(shape.nodes, sets, each.payoffs, each.chance, each.scale, choosing, profiles, count)
    full[cells[count > MOST]] = True
    found: list[Found] = []
    opened, which = np.unique(each.chance > 0, axis=0, return_inverse=True)
    there = np.arange(MOST) < count[:, np.newaxis]
    for o in range(len(opened)):
        alike = there & (which.ravel() == o)[:, np.newaxis]
        for profile in np.unique(profiles[alike]).tolist():
            own = cells[(alike & (profiles == profile)).any(axis=1)]
            action = np.maximum(folded, 0)
            action[agents] = np.unravel_index(profile, tuple(shape.sizes[agents])) if len(agents) else ()
            support = supporting_beliefs(game, own, action)
            if support is not None:
                found.append(Found.pure(game, support, action))
    return found
