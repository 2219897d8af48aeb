"""All beliefs that support pure play of a tree, set by set, as far as trembles allow.

A node off the path is come to by actions that are not played, its trembles.  Beliefs are limits of trembles, so that
nodes of a set with the same trembles keep the odds that chance gives them, nodes with more trembles than another have
no belief, and sets whose nodes differ by the same trembles share one belief: two observers of one signal do.  What is
left free is a weight of each kind of tremble; best replies bound it by half-spaces.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from sim.forms.tree import Tree
from sim.game import Floats, Integers
from sim.game.tree_shape import CHANCE, Shape
from sim.kernels.base.tolerances import MERGED, ROUNDED, SINGULAR, TIE

__all__ = ["Supported", "supported", "supporting_beliefs"]

MOST_CORNERS = 5_000  # systems that are solved for the corners of one polytope

Trembles = tuple[int, ...]


@dataclass(frozen=True)
class Supported:
    """Beliefs that support one profile in ``cells (E,)``: one, its range ``(E, D)``, corners ``(E, V, D)``."""

    cells: Integers
    belief: Floats
    low: Floats
    high: Floats
    corners: Floats | None


def supporting_beliefs(
    game: Tree, cells: Integers, action: Integers, play: Floats | None = None
) -> Supported | None:
    """The beliefs that support a pure profile ``action (H,)``, in those of the ``cells`` where there are any.

    Or one that is mixed, ``play (E, H, A)``, of which ``action`` is one that each plays.  Ways of chance must be open,
    and the same be played, in all these cells.
    """
    shape, chosen, mixed = game.shape, game.take(cells), play is not None
    if play is None:
        play = np.zeros((len(cells), *game.mask.shape))
        play[:, np.arange(len(action)), action] = 1.0
    values = chosen.node_values(play)
    likely, trembles = along_paths(shape, chosen.chance, action, play if mixed else None)
    parts = []
    for key, own in linked_sets(shape, chosen.chance, trembles).items():
        rows = np.concatenate([gains(game, chosen.scale, values, likely, one, action) for one in own], axis=1)
        if mixed:  # who mixes must not lose by what else he plays, and rounding of that is no loss
            lost = [
                -gains(game, chosen.scale, values, likely, one, action)[:, played(play, one, action)]
                for one in own
            ]
            rows = np.concatenate([rows, *lost], axis=1)
            rows[np.abs(rows) <= ROUNDED] = 0.0
        parts.append((own, polytope(rows, len(key))))
    return supported(shape, cells, parts, likely)


def played(play: Floats, one: LinkedSet, action: Integers) -> Integers:
    """Which of the other actions of an agent are played too, as :func:`gains` counts them."""
    return np.flatnonzero(np.delete(play[0, one.agent], int(action[one.agent])) > 0)


def supported(
    shape: Shape, cells: Integers, parts: list[tuple[list[LinkedSet], Floats]], likely: Floats
) -> Supported | None:
    """Beliefs of all sets, from the corners of those that linked sets share, ``(E, V, m)`` of each group of them."""
    found = np.ones(len(cells), np.bool_)
    belief = np.zeros((3, len(cells), len(shape.decisions)))  # one, least, most
    corners: list[Floats] = []
    for own, points in parts:
        found &= ~np.isnan(points[:, 0, 0])
        middle = np.nanmean(np.where(found[:, np.newaxis, np.newaxis], points, 1.0), axis=1, keepdims=True)
        for one in own:
            each = one.beliefs(np.concatenate([middle, points], axis=1), likely)
            belief[0][:, one.members] = each[:, 0]
            belief[1][:, one.members] = np.fmin.reduce(each[:, 1:], axis=1)
            belief[2][:, one.members] = np.fmax.reduce(each[:, 1:], axis=1)
            if points.shape[2] > 2:
                whole = np.full((len(cells), points.shape[1], len(shape.decisions)), np.nan)
                whole[:, :, one.members] = each[:, 1:]
                corners.append(whole)
    if not found.any():
        return None
    return Supported(
        cells[found], belief[0, found], belief[1, found], belief[2, found],
        np.concatenate(corners, axis=1)[found] if corners else None,
    )  # fmt: skip


@dataclass(frozen=True)
class LinkedSet:
    """An information set: its decisions, and the kind of tremble of each of them by position, -1 where never believed."""

    agent: int
    members: Integers
    kind: Integers

    def beliefs(self, weights: Floats, likely: Floats) -> Floats:
        """Beliefs for weights of kinds, ``(E, V, m) -> (E, V, members)``."""
        some = self.kind >= 0
        result = np.zeros((*weights.shape[:2], len(self.members)), weights.dtype)
        result[..., some] = weights[..., self.kind[some]] * likely[:, np.newaxis, self.members[some]]
        with np.errstate(invalid="ignore"):
            shares: Floats = result / result.sum(axis=-1, keepdims=True)
        return shares


def along_paths(
    shape: Shape, chance: Floats, action: Integers, play: Floats | None = None
) -> tuple[Floats, list[Trembles]]:
    """How likely chance makes each decision ``(E, D)``, closed ways left out; actions on the way that are not played.

    With ``play (E, H, A)`` how likely chance and those who mix do.
    """
    share = np.ones((len(chance), len(shape.parent)), chance.dtype)
    trembles: list[Trembles] = [()]
    most = int(shape.sizes.max(initial=1))
    for v in range(1, len(shape.parent)):
        above, way = int(shape.parent[v]), int(shape.edge[v])
        h = int(shape.agent[above])
        share[:, v] = share[:, above]
        if h == CHANCE:
            share[:, v] *= np.where(chance[:, way] > 0, chance[:, way], 1)
        missed = h != CHANCE and action[h] != way
        if play is not None and h != CHANCE and play[0, h, way] > 0:
            share[:, v], missed = share[:, v] * play[:, h, way], False
        trembles.append(tuple(sorted((*trembles[above], h * most + way))) if missed else trembles[above])
    return share[:, shape.decisions], [trembles[v] for v in shape.decisions]


def linked_sets(
    shape: Shape, chance: Floats, trembles: list[Trembles]
) -> dict[tuple[Trembles, ...], list[LinkedSet]]:
    """Information sets that share one belief, by what tells their nodes apart."""
    never = np.zeros(len(shape.parent), np.int64)
    for v in range(1, len(shape.parent)):
        above = shape.parent[v]
        never[v] = never[above] + (shape.agent[above] == CHANCE and not chance[0, shape.edge[v]] > 0)
    result: dict[tuple[Trembles, ...], list[LinkedSet]] = {}
    for h in range(len(shape.agents)):
        members = np.arange(shape.first[h], shape.first[h + 1])
        closed = never[shape.decisions[members]]
        open_ones = [trembles[d] for d, shut in zip(members, closed, strict=True) if shut == closed.min()]
        least = sorted({own for own in open_ones if not any(set(other) < set(own) for other in open_ones)})
        common = set(least[0]).intersection(*least[1:])
        key = tuple(sorted(tuple(step for step in own if step not in common) for own in least))
        place = {own: key.index(tuple(step for step in own if step not in common)) for own in least}
        kind = [
            place.get(trembles[d], -1) if shut == closed.min() else -1
            for d, shut in zip(members, closed, strict=True)
        ]
        result.setdefault(key, []).append(LinkedSet(h, members, np.array(kind)))
    return result


def gains(
    game: Tree, scale: Floats, values: Floats, likely: Floats, one: LinkedSet, action: Integers
) -> Floats:
    """What each other action gains for each kind of tremble, in units of the player's range, ``(E, actions, m)``."""
    shape = game.shape
    player, size = int(shape.owner[one.agent]), int(shape.sizes[one.agent])
    after = values[:, player][:, shape.child[one.members, :size]]  # (E, members, actions)
    gain = (after - after[..., action[one.agent], np.newaxis]) * likely[:, one.members, np.newaxis]
    result = np.zeros((len(gain), size, int(one.kind.max()) + 1), gain.dtype)
    for k, kind in enumerate(one.kind):
        if kind >= 0:
            result[:, :, kind] += gain[:, k]
    mass: Floats = result / scale[:, player, np.newaxis, np.newaxis]
    return np.delete(mass, int(action[one.agent]), axis=1)


def polytope(rows: Floats, kinds: int) -> Floats:
    """Corners of weights ``w >= 0`` of sum 1 with ``rows @ w <= 0``: ``(E, R, m) -> (E, V, m)``, NaN beyond the last."""
    size = np.abs(rows).max(axis=-1, keepdims=True)
    rows = rows / np.where(size > 0, size, 1.0)
    if kinds == 1:
        good = (rows[..., 0] <= TIE).all(axis=1)
        return np.where(good, 1.0, np.nan)[:, np.newaxis, np.newaxis]
    if kinds == 2:
        first, second = rows[..., 0], rows[..., 1]
        with np.errstate(divide="ignore", invalid="ignore"):
            cut = second / (second - first)
        high = np.where((first > TIE) & (second <= TIE), cut, 1.0).min(axis=1, initial=1.0)
        low = np.where((second > TIE) & (first <= TIE), cut, 0.0).max(axis=1, initial=0.0)
        good = ~((first > TIE) & (second > TIE)).any(axis=1) & (low <= high + TIE)
        ends = np.stack([low, np.maximum(high, low)], axis=1)
        points = np.stack([ends, 1.0 - ends], axis=-1)
        return np.where(good[:, np.newaxis, np.newaxis], points, np.nan)
    walls = np.concatenate([rows, np.broadcast_to(-np.eye(kinds), (len(rows), kinds, kinds))], axis=1)
    if comb(walls.shape[1], kinds - 1) > MOST_CORNERS:
        return np.full((len(rows), 1, kinds), np.nan)
    found = [corners(one) for one in walls]
    most = max(1, *(len(points) for points in found))
    result = np.full((len(rows), most, kinds), np.nan)
    for e, points in enumerate(found):
        result[e, : len(points)] = points
    return result


def corners(walls: Floats) -> Floats:
    """Corners of the polytope of weights behind walls, ``(R, m) -> (V, m)``."""
    kinds = walls.shape[1]
    points: list[NDArray[np.float64]] = []
    for chosen in combinations(range(len(walls)), kinds - 1):
        system = np.vstack([walls[list(chosen)], np.ones(kinds)])
        if abs(np.linalg.det(system)) < SINGULAR:
            continue
        point = np.linalg.solve(system, np.append(np.zeros(kinds - 1), 1.0))
        if (walls @ point <= TIE).all() and not any(np.abs(point - other).max() < MERGED for other in points):
            points.append(np.maximum(point, 0.0))
    return np.array(points).reshape(-1, kinds)
