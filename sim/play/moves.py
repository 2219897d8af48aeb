"""Games of moves in order played out: types are drawn, moves follow, and beliefs move with them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.forms.tree import Tree
from sim.game import Floats, Integers
from sim.game.tree_shape import CHANCE, END

__all__ = ["play_out", "sample_paths", "words_of_path"]


def play_out(
    game: Tree, strategy: Floats, runs: int, generator: np.random.Generator, tremble: float = 0.0
) -> tuple[Integers, Floats]:
    """Where each run ends, a node ``(R,)``, and how often each action was chosen ``(H, A)``; the first cell is played.

    ``strategy (H, A)``; with probability ``tremble`` a hand slips, to each other action as likely.
    """
    shape, chosen = game.shape, np.zeros(strategy.shape)
    others = game.mask.sum(axis=1, keepdims=True) - 1
    slipped = (1 - tremble) * strategy + tremble * np.where(game.mask, 1 - strategy, 0.0) / np.maximum(
        others, 1
    )
    play = np.where(others > 0, slipped, strategy)
    node = np.zeros(runs, dtype=np.int64)
    while (moving := np.flatnonzero(shape.agent[node] != END)).size:
        for v in np.unique(node[moving]).tolist():
            here = moving[node[moving] == v]
            below, h = shape.children(v), int(shape.agent[v])
            odds = game.chance[0, shape.edge[below]] if h == CHANCE else play[h, shape.edge[below]]
            levels = np.cumsum(odds)
            way = np.searchsorted(levels, generator.random(here.size) * levels[-1], side="right")
            if h >= 0:
                np.add.at(chosen[h], shape.edge[below][way], 1)
            node[here] = below[way]
    return node, chosen


def words_of_path(game: Tree, end: int, belief: NDArray[Any] | None = None) -> str:
    """One path in words, with what each mover who did not know all believed: ``resolved, build_up (...), hold: war``."""
    shape, above = game.shape, []
    while end >= 0:
        above.append(end)
        end = int(shape.parent[end])
    words = []
    for v in above[::-1]:
        words += [label for _, label in shape.events[v]]
        h = int(shape.agent[v])
        own = slice(int(shape.first[h]), int(shape.first[h + 1])) if h >= 0 else slice(0, 0)
        if belief is not None and own.stop - own.start > 1:
            pairs = zip(shape.hidden[own], belief[own].tolist(), strict=True)
            told = ", ".join(f"{word} {share:.3g}" for word, share in pairs)
            words[-1:] = (
                [f"{words[-1]} ({game.players[shape.agents[h].player]} believes {told})"] if words else []
            )
    outcome = game.outcomes.names[int(game.outcomes.of[np.searchsorted(shape.ends, above[0])])]
    return f"{', '.join(words)}: {outcome}"


def sample_paths(game: Tree, ends: Integers, belief: NDArray[Any] | None, most: int) -> list[tuple[str, int]]:
    """Paths that were played with how often, the most frequent first."""
    nodes, count = np.unique(ends, return_counts=True)
    order = np.argsort(-count, kind="stable")[:most]
    return [(words_of_path(game, int(nodes[k]), belief), int(count[k])) for k in order]
