"""Pure equilibria of trees, profile by profile, for cells in which the same agents are folded."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.forms.tree import Tree
from sim.game import Integers
from sim.kernels.tree.pure_profiles import possible_profiles
from sim.solvers.methods.gathering import Gathered
from sim.solvers.methods.supporting_beliefs import supporting_beliefs

__all__ = ["MOST_PROFILES", "profiles_of", "pure_found"]

MOST_PROFILES = 1_000_000
MOST = 256  # profiles of a cell that pass the sieve


def profiles_of(game: Tree, folded: Integers) -> int:
    """How many pure profiles the agents have that are not folded ``(H,)``."""
    return math.prod(int(size) for size in game.shape.sizes[folded < 0])


def pure_found(game: Tree, cells: Integers, folded: Integers, full: NDArray[np.bool_]) -> list[Gathered]:
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
    found: list[Gathered] = []
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
                found.append(Gathered.pure(game, support, action))
    return found
