"""The default for trees that no complete method solves: every pure equilibrium, or one where somebody mixes."""

from __future__ import annotations

import numpy as np

from sim.answers.shared import BELIEF, BELIEF_HIGH, BELIEF_LOW, BELIEF_VERTICES
from sim.claim import Claim, Status
from sim.forms.tree import Tree
from sim.kernels.tree.logit_path import SLOW
from sim.plugins import solver
from sim.solvers.methods.folding import folded_agents, patterns
from sim.solvers.methods.gathering import Gathered, gathered
from sim.solvers.methods.paths import path_ends
from sim.solvers.methods.pure_profiles import profiles_of, pure_found

__all__ = ["pure_or_path"]

MAX_STEPS = 2000
BUDGET = 20_000  # pure profiles that are tried before a path is followed at once


@solver(
    form=Tree,
    concept="sequential",
    answers=(BELIEF, BELIEF_LOW, BELIEF_HIGH, BELIEF_VERTICES),
    rank=50,
    also=("perfect_bayesian", "subgame_perfect"),
    more="all pure equilibria are listed, or one in which somebody mixes where there is none; there may be more that "
    "mix: of two players --solver nash_with_beliefs looks for all of them",
)
def pure_or_path(game: Tree, *, budget: int = BUDGET, max_steps: int = MAX_STEPS) -> Claim:
    """All pure sequential equilibria of a tree, or where there is none the one at the end of its logit path.

    ``Tree -> strategy (C, K, H, A)``; beliefs as :func:`pure_assessments` and :func:`logit_path` give them.
    Complete: never.
    Cost: up to ``budget`` pure profiles a cell, and a path in cells without a pure equilibrium, or with more profiles.
    Fails with ``max_steps`` or ``not_found`` where the path does not end.
    Source: Kreps and Wilson (1982), Turocy (2010).
    """
    finite = np.flatnonzero(game.finite)
    full, slow = np.zeros(game.cells, np.bool_), np.zeros(game.cells, np.bool_)
    found: list[Gathered] = []
    for part, folded in patterns(folded_agents(game.take(finite))):
        cells = finite[part]
        pure = pure_found(game, cells, folded, full) if profiles_of(game, folded) <= budget else []
        found += pure
        left = np.setdiff1d(cells, np.concatenate([one.cells for one in pure])) if pure else cells
        if left.size:
            strategy, belief, _, stopped = path_ends(game.take(left), folded, max_steps)
            slow[left[stopped == SLOW]] = True
            there = stopped == 0
            found.append(Gathered(left[there], strategy[there], belief[there], belief[there], belief[there]))
    claim = gathered(game, found)
    claim.status[full | slow] = Status.max_steps
    return claim
