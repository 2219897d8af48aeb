"""Every pure equilibrium of a tree, with all beliefs that support it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.answers.shared import (
    BELIEF,
    BELIEF_HIGH,
    BELIEF_LOW,
    BELIEF_VERTICES,
    RATIONAL,
    RATIONAL_BELIEFS,
)
from sim.claim import Claim, Status
from sim.forms.tree import Tree
from sim.plugins import solver
from sim.solvers.methods.exact_beliefs import exactly_supported
from sim.solvers.methods.folding import folded_agents, patterns
from sim.solvers.methods.gathering import Gathered, gathered, pure_fractions
from sim.solvers.methods.pure_profiles import pure_found

__all__ = ["pure_assessments"]


@solver(
    form=Tree,
    concept="sequential",
    answers=(BELIEF, BELIEF_LOW, BELIEF_HIGH, BELIEF_VERTICES, RATIONAL, RATIONAL_BELIEFS),
    rank=60,
    exact=True,
    also=("perfect_bayesian", "subgame_perfect"),
    more="pure equilibria are listed; those in which somebody mixes are not",
)
def pure_assessments(game: Tree, *, exact: bool = False) -> Claim:
    """All pure sequential equilibria of a tree, each with the interval of beliefs that support it.

    ``Tree -> strategy (C, K, H, A)``; ``belief``, ``belief_low`` and ``belief_high (C, K, D)``; of sets with three
    believed kinds of nodes and more ``belief_vertices (C, K, V, D)``.  With ``exact`` what floats find is decided in
    fractions: ``rational`` and ``rational_beliefs (C, K, 3, D)``, a belief and both ends.
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
    beliefs: dict[tuple[int, int], NDArray[Any]] = {}
    if exact:
        found = [one for each in found for one in decided(game, each, beliefs)]
    claim = gathered(game, found)
    claim.status[full] = Status.max_steps
    if exact:
        claim.extra["rational"] = pure_fractions(claim.strategy)
        claim.extra["rational_beliefs"] = told = np.full(
            (*claim.strategy.shape[:2], 3, len(game.decisions)), None
        )
        for place, belief in beliefs.items():
            told[place] = belief
    return claim


def decided(game: Tree, found: Gathered, beliefs: dict[tuple[int, int], NDArray[Any]]) -> Iterator[Gathered]:
    """Those of some equilibria that are ones in fractions too; their beliefs by cell and place among the kept."""
    kept = []
    for e, cell in enumerate(found.cells.tolist()):
        belief = exactly_supported(game, cell, found.strategy[e].argmax(axis=1))
        if belief is not None:
            place = sum(1 for other, _ in beliefs if other == cell)
            beliefs[cell, place] = belief
            kept.append(e)
    if kept:
        corners = None if found.corners is None else found.corners[kept]
        yield Gathered(
            found.cells[kept],
            found.strategy[kept],
            found.belief[kept],
            found.low[kept],
            found.high[kept],
            corners,
        )
