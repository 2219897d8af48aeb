"""All Nash equilibria of two-player trees, by the sequences of both."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.answers.shared import RATIONAL
from sim.claim import Claim, Status
from sim.forms.tree import Tree
from sim.kernels.tree.extreme_plans import ALL_FOUND
from sim.plugins import solver
from sim.solvers.methods.realisation_plans import (
    MOST_PLANS,
    MOST_SEQUENCES,
    extremes,
    in_several,
    pure_plans,
    sequences_of,
)

__all__ = ["few_plans", "sequence_form"]


def few_plans(game: Tree) -> bool | str:
    """Whether both players of a tree have so few plans that all equilibria can be listed; if not, how many."""
    players = sequences_of(game.shape)
    sequences, plans = sum(own.count for own in players), [pure_plans(own) for own in players]
    if sequences <= MOST_SEQUENCES and max(plans) <= MOST_PLANS:
        return True
    return (
        f"they have {sequences} sequences and {plans[0]} and {plans[1]} pure plans; at most {MOST_SEQUENCES} sequences and "
        f"{MOST_PLANS} plans are listed"
    )


@solver(form=Tree, concept="nash", answers=(RATIONAL,), players=2, rank=20, exact=True, fits=few_plans)
def sequence_form(game: Tree, *, exact: bool = False) -> Claim:
    """All extreme Nash equilibria of two-player trees, in exact arithmetic.

    ``Tree -> strategy (C, K, H, A)``; at sets that a player's own moves rule out he does the first of what is best if
    he comes there after all; with ``exact`` also ``extra["rational"]``, the same as fractions.
    Complete: every equilibrium is a mixture of those with the same plan of either player, which share a component.
    Cost: 0.2 milliseconds a cell of 10 sequences; the number of equilibria may grow exponentially with them.
    Fails with ``max_steps`` where there are more vertices than 2**14; ValueError for more than 62 sequences of both
    players or 1000 pure plans of one, with their number.
    Source: von Stengel (1996); Audet, Belhaiza and Hansen (2009), here by double description.
    """
    finite = np.flatnonzero(game.finite)
    found = extremes(game.take(finite), fractions=exact)
    cells = finite[found.cell]
    count = np.bincount(cells, minlength=game.cells)
    place = np.arange(len(cells)) - (np.cumsum(count) - count)[cells]
    strategy = np.full((game.cells, int(count.max(initial=0)), *game.mask.shape), np.nan)
    strategy[cells, place] = found.strategy
    solved, degenerate = np.zeros((2, game.cells), np.bool_)
    solved[finite] = found.verdict == ALL_FOUND
    degenerate[finite] = in_several(found, len(finite))
    status = np.where(solved, Status.ok, Status.max_steps).astype(np.int8)
    extra: dict[str, NDArray[Any]] = {}
    if found.rational is not None:
        extra["rational"] = np.full(strategy.shape, None, dtype=object)
        extra["rational"][cells, place] = found.rational
    return Claim(strategy, status, solved, degenerate, extra=extra, exact=solved)
