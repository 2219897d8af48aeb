"""Beliefs that support pure play of a tree, in fractions: as :mod:`sim.solvers.methods.supporting_beliefs`, exactly."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.forms.tree import Tree
from sim.game import Integers
from sim.game.tree_shape import CHANCE, END
from sim.kernels.base.rays import cut_whole_rays
from sim.solvers.methods.supporting_beliefs import along_paths, gains, linked_sets

__all__ = ["exactly_supported", "node_values"]

LOOKS = 1_000_000  # at rays of one polytope


def exactly_supported(game: Tree, cell: int, action: Integers) -> NDArray[Any] | None:
    """A belief, the least and the largest one that support pure play ``action (H,)`` of one cell, ``(3, D)`` of fractions.

    None where there are none.
    """
    shape, here = game.shape, np.array([cell])
    payoffs, chance = game.rational(here)[0], game.rational_chance(here)
    values = node_values(game, payoffs, chance[0], action)[np.newaxis]
    likely, trembles = along_paths(shape, chance, action)
    scale = np.full((1, len(game.players)), Fraction(1), dtype=object)
    result = np.full((3, len(shape.decisions)), Fraction(0), dtype=object)
    for key, own in linked_sets(shape, chance, trembles).items():
        rows = np.concatenate([gains(game, scale, values, likely, one, action) for one in own], axis=1)[0]
        points = corners(rows, len(key))
        if not points:
            return None
        weights = np.array([[sum(column) / len(points) for column in zip(*points, strict=True)], *points])
        for one in own:
            each = one.beliefs(weights[np.newaxis], likely)[0]
            result[:, one.members] = each[0], each[1:].min(axis=0), each[1:].max(axis=0)
    return result


def node_values(game: Tree, payoffs: NDArray[Any], chance: NDArray[Any], action: Integers) -> NDArray[Any]:
    """What each node is worth to each player under pure play, ``(n, N)`` of fractions."""
    shape = game.shape
    result = np.full((len(payoffs), len(shape.parent)), Fraction(0), dtype=object)
    result[:, shape.ends] = payoffs
    for v in range(len(shape.parent) - 1, -1, -1):
        h = int(shape.agent[v])
        if h == CHANCE:
            for w in shape.children(v):
                result[:, v] += chance[shape.edge[w]] * result[:, w]
        elif h != END:
            result[:, v] = result[:, shape.child[shape.belief_of[v], action[h]]]
    return result


def corners(rows: NDArray[Any], kinds: int) -> list[list[Fraction]]:
    """Corners of weights ``w >= 0`` of sum 1 with ``rows @ w <= 0``, ``(R, m)``."""
    walls = []
    for row in rows.tolist():
        ratios = [Fraction(number).as_integer_ratio() for number in row]
        common = lcm(*(below for _, below in ratios))
        walls.append([-above * (common // below) for above, below in ratios])
    every = (1 << kinds) - 1
    first = [
        ([int(k == i) for k in range(kinds)] + [wall[i] for wall in walls], every ^ (1 << i))
        for i in range(kinds)
    ]
    rays = cut_whole_rays(first, kinds, kinds - 2, LOOKS)
    return [[Fraction(number, sum(ray[:kinds])) for number in ray[:kinds]] for ray, _ in rays]
