"""Where paths of agent quantal response end, for cells in which the same agents are folded."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.forms.tree import Tree
from sim.game import Floats, Integers
from sim.game.tree_shape import CHANCE
from sim.kernels.base.tolerances import UNPLAYED
from sim.kernels.tree.logit_path import BASE, NONE, SETTLED_AGENT, quantal_path
from sim.kernels.tree.trembles import beliefs_of_trembles
from sim.solvers.methods.folding import settled_play

__all__ = ["path_ends"]


def path_ends(game: Tree, folded: Integers, steps: int) -> tuple[Floats, Floats, Floats, Integers]:
    """Where the path ends with these agents folded: strategy ``(C, H, A)``, belief ``(C, D)``, precision, why it ended."""
    shape = game.shape
    unknown = np.full(game.mask.shape, NONE, dtype=np.int64)
    unknown[folded >= 0] = SETTLED_AGENT
    size = 0
    for h, agent in enumerate(game.agents):
        if folded[h] < 0:
            unknown[h, 0] = BASE
            unknown[h, 1 : len(agent.actions)] = np.arange(size, size + len(agent.actions) - 1)
            size += len(agent.actions) - 1
    if size == 0:  # nobody has anything to decide: any trembles will do
        play = settled_play(game, folded)[:, 0]
        belief, even = np.empty((game.cells, len(shape.decisions))), np.ones_like(play)
        sets_of = (shape.decisions, shape.first)
        beliefs_of_trembles(shape.nodes, sets_of, game.chance, play, even, even, belief)
        return play, belief, np.zeros(game.cells), np.zeros(game.cells, np.int64)
    low = game.payoffs.min(axis=2, keepdims=True)
    payoffs = np.ascontiguousarray((game.payoffs - low) / game.scale[:, :, np.newaxis])
    found = (
        np.zeros((game.cells, *game.mask.shape)), np.zeros((game.cells, len(shape.decisions))),
        np.zeros(game.cells), np.zeros(game.cells, np.int64),
    )  # fmt: skip
    sets = (shape.owner, shape.decisions, shape.first, shape.child)
    opened, which = np.unique(game.chance > 0, axis=0, return_inverse=True)
    for o, open_ways in enumerate(opened):
        own = np.flatnonzero(which.ravel() == o)
        part = tuple(array[own] for array in found)
        variables = (unknown.copy(), np.maximum(folded, 0), counting(game, folded, open_ways))
        quantal_path(shape.nodes, sets, payoffs[own], game.chance[own], variables, steps, part)
        for array, new in zip(found, part, strict=True):
            array[own] = new
    strategy, belief = rounded(game, found[0], found[1])
    return strategy, belief, found[2], found[3]


def counting(game: Tree, folded: Integers, open_ways: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The decisions of each set that are come to by least of what never happens, ``(D,)``."""
    shape = game.shape
    never = np.zeros((len(shape.parent), 2), np.int64)
    for v in range(1, len(shape.parent)):
        above, way = int(shape.parent[v]), int(shape.edge[v])
        h = int(shape.agent[above])
        never[v] = never[above]
        never[v, 0] += h == CHANCE and not open_ways[way]
        never[v, 1] += h >= 0 and 0 <= folded[h] != way
    order = (never[:, 0] * (len(shape.parent) + 1) + never[:, 1])[shape.decisions]
    least = np.minimum.reduceat(order, shape.first[:-1])
    return np.asarray(order == least[shape.agent[shape.decisions]])


def rounded(game: Tree, strategy: Floats, belief: Floats) -> tuple[Floats, Floats]:
    """Play and beliefs without what is there only because precision is finite; Bayes' rule where it applies."""
    shape = game.shape
    play = np.where(strategy < UNPLAYED, 0.0, strategy)
    play /= play.sum(axis=-1, keepdims=True)
    kept = np.where(belief < UNPLAYED, 0.0, belief)
    reach = game.reach(play, shape.subgames)[:, shape.decisions]
    of_set = shape.agent[shape.decisions]
    mass = np.add.reduceat(reach, shape.first[:-1], axis=1)[:, of_set]
    kept = np.where(mass > 0, reach, kept)
    result: Floats = kept / np.add.reduceat(kept, shape.first[:-1], axis=1)[:, of_set]
    return play, result
