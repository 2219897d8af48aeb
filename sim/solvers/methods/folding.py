"""Trees without decisions that are none: agents whose action is strictly best at every node, whatever others do.

It is part of every sequential equilibrium and needs no belief.  Which agents these are differs from cell to cell, so
that a batch is solved pattern by pattern.
"""

from __future__ import annotations

from collections.abc import Iterator
from weakref import WeakKeyDictionary

import numpy as np

from sim.forms.tree import Tree
from sim.game import Floats, Integers
from sim.kernels.tree.folding import fold

__all__ = ["folded_agents", "patterns", "settled_play"]

known: WeakKeyDictionary[Tree, Integers] = WeakKeyDictionary()
"""What is folded in games that are still in use: whoever looks for a method asks first."""


def folded_agents(game: Tree) -> Integers:
    """The action of each agent that has a strictly best one at every node of its set, else -1: ``(C, H)``.

    Repeated until nothing changes; ties within rounding are left to decide.
    """
    if game in known:
        return known[game]
    shape = game.shape
    result = np.full((game.cells, len(shape.agents)), -1, dtype=np.int64)
    fold((shape.parent, shape.edge, shape.agent), game.payoffs, game.chance, shape.owner, game.scale, result)
    known[game] = result
    return result


def patterns(folded: Integers) -> Iterator[tuple[Integers, Integers]]:
    """Cells by what is folded in them: ``(cells (E,), folded (H,))`` for each pattern."""
    if len(folded) == 0:
        return
    if (folded == folded[0]).all():
        yield np.arange(len(folded)), folded[0]
        return
    each, which = np.unique(folded, axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    ends = np.searchsorted(which.ravel()[order], np.arange(len(each) + 1))
    for p, one in enumerate(each):
        yield order[ends[p] : ends[p + 1]], one


def settled_play(game: Tree, folded: Integers, claims: int = 1) -> Floats:
    """Play ``(C, K, H, A)`` of which folded agents ``(H,)`` do what they do, and others nothing yet (all 0)."""
    result = np.zeros((game.cells, claims, *game.mask.shape))
    for h, a in enumerate(folded):
        if a >= 0:
            result[:, :, h, a] = 1.0
    return result
