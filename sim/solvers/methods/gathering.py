"""Equilibria of trees as they are found, cell by cell in any order, put together in one claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sim.claim import Claim, Status
from sim.forms.tree import Tree
from sim.game import Floats, Integers
from sim.solvers.methods.supporting_beliefs import Supported

__all__ = ["Gathered", "gathered", "pure_fractions"]


@dataclass(frozen=True)
class Gathered:
    """One equilibrium in each of some cells: ``cells (E,)``, ``strategy (E, H, A)``, beliefs ``(E, D)`` and their range.

    ``corners (E, V, D)`` are beliefs of which all mixtures support the play, NaN at other sets and beyond the last;
    ``kind (E,)`` are positions in ``KINDS``, 0 for none.
    """

    cells: Integers
    strategy: Floats
    belief: Floats
    low: Floats
    high: Floats
    corners: Floats | None = None
    kind: Integers | None = None

    @classmethod
    def pure(cls, game: Tree, support: Supported, action: Integers) -> Self:
        """Pure play ``action (H,)`` with its beliefs."""
        strategy = np.zeros((len(support.cells), *game.mask.shape))
        strategy[:, np.arange(len(action)), action] = 1.0
        return cls(support.cells, strategy, support.belief, support.low, support.high, support.corners)


def gathered(game: Tree, found: Sequence[Gathered]) -> Claim:
    """All equilibria in one claim, in the order in which they come; cells without any are ``not_found``."""
    count = np.zeros(game.cells, np.int64)
    places = []
    for one in found:
        places.append(count[one.cells])
        count[one.cells] += 1
    most, decisions = int(count.max(initial=0)), len(game.shape.decisions)
    strategy = np.full((game.cells, most, *game.mask.shape), np.nan)
    beliefs = np.full((3, game.cells, most, decisions), np.nan)
    corners = max((one.corners.shape[1] for one in found if one.corners is not None), default=0)
    vertices = np.full((game.cells, most, corners, decisions), np.nan)
    for one, place in zip(found, places, strict=True):
        strategy[one.cells, place] = one.strategy
        for k, belief in enumerate((one.belief, one.low, one.high)):
            beliefs[k, one.cells, place] = belief
        if one.corners is not None:
            vertices[one.cells, place, : one.corners.shape[1]] = one.corners
    extra = {"belief": beliefs[0], "belief_low": beliefs[1], "belief_high": beliefs[2]}
    if corners:
        extra["belief_vertices"] = vertices
    status = np.where(count > 0, Status.ok, Status.not_found).astype(np.int8)
    return Claim(strategy, status, extra=extra)


def pure_fractions(strategy: Floats) -> NDArray[Any]:
    """Pure play as fractions, None where nothing is claimed."""
    result = np.full(strategy.shape, None, dtype=object)
    result[strategy == 0], result[strategy == 1] = Fraction(0), Fraction(1)
    return result
