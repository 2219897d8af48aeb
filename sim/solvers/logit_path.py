"""One sequential equilibrium of any tree: the limit of agent quantal response as mistakes vanish."""

from __future__ import annotations

import numpy as np

from sim.answers.shared import BELIEF, BELIEF_HIGH, BELIEF_LOW, REACHED, STOPPED
from sim.claim import Claim, Status
from sim.forms.tree import Tree
from sim.kernels.tree.logit_path import ASTRAY, SLOW
from sim.plugins import solver
from sim.solvers.methods.folding import folded_agents, patterns
from sim.solvers.methods.paths import path_ends

__all__ = ["logit_path"]

MAX_STEPS = 2000


@solver(
    form=Tree,
    concept="sequential",
    answers=(BELIEF, BELIEF_LOW, BELIEF_HIGH, REACHED, STOPPED),
    rank=70,
    also=("perfect_bayesian", "subgame_perfect", "nash"),
    more="this is one equilibrium, the limit of logit play; there may be others",
)
def logit_path(game: Tree, *, max_steps: int = MAX_STEPS) -> Claim:
    """One sequential equilibrium of any tree, where the path of agent quantal response ends.

    ``Tree -> strategy (C, 1, H, A)``, ``belief (C, 1, D)``; ``reached (C,)`` is the precision at which the path ended,
    ``stopped (C,)`` why.
    Complete: never.
    Cost: one system of equations of all actions a step, some hundred steps.
    Fails with ``max_steps`` after that many, and with ``not_found`` where the path is lost.
    Source: McKelvey and Palfrey (1998), Turocy (2010).
    """
    shape = game.shape
    strategy = np.full((game.cells, 1, *game.mask.shape), np.nan)
    belief = np.full((game.cells, 1, len(shape.decisions)), np.nan)
    precision, stopped = np.zeros(game.cells), np.full(game.cells, ASTRAY, np.int8)
    finite = np.flatnonzero(game.finite)
    for part, folded in patterns(folded_agents(game.take(finite))):
        cells = finite[part]
        strategy[cells, 0], belief[cells, 0], precision[cells], stopped[cells] = path_ends(
            game.take(cells), folded, max_steps
        )
    arrived = stopped == 0
    strategy[~arrived], belief[~arrived] = np.nan, np.nan
    status = np.select([arrived, stopped == SLOW], [Status.ok, Status.max_steps], Status.not_found)
    extra = {
        "belief": belief,
        "belief_low": belief,
        "belief_high": belief,
        "reached": precision,
        "stopped": stopped,
    }
    return Claim(strategy, status.astype(np.int8), extra=extra)
