"""Inner and outer bounds of sets of equilibrium payoffs, for any number of players and kind of monitoring.

A set is approached in finitely many directions (Judd, Yeltekin and Conklin 2003): from outside by half-spaces
that no equilibrium payoff leaves, from inside by points that generate themselves.  The faces of the inner set
then join the directions, and both are found anew, so that a set with few corners is met exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.answers.shared import GAP, LEVELS_OF_NORMALS, NORMALS, PAYOFF_SET, WORST, WORST_BOUND
from sim.claim import Status
from sim.forms.repeated import Repeated
from sim.game import Floats
from sim.kernels.base.tolerances import CLOSE, FINE, KEPT
from sim.kernels.repeated.directions import farthest_points, generation_gaps, inner_points, outer_levels
from sim.solvers.methods.enforcement import Enforcement

__all__ = ["BOUNDS", "Bounds", "all_bounds", "in_own_units"]

BOUNDS = (PAYOFF_SET, NORMALS, LEVELS_OF_NORMALS, GAP, WORST, WORST_BOUND)  # the answers of in_own_units
SEARCH = 300  # steps in search of a set that generates itself; what is found then grows
GROWTH = 20
MOST_CORNERS = 100  # a set with more is left as it is
MOST_FACES = 300
FEW_CORNERS = 32  # the same where signals make programmes large, and sets round
FEW = 5  # players for whom all directions of ones, zeros and minus ones are looked at


@dataclass(frozen=True)
class Bounds:
    """What is known of the set of one cell, in units of each player's range of payoffs."""

    status: Status
    corners: Floats  # (V, n), they generate themselves
    normals: Floats  # (D, n)
    levels: Floats  # (D,), -inf where there is nothing
    gap: float
    possible: NDArray[np.bool_]  # (J,), joint actions that the outer set enforces

    @property
    def worst(self) -> Floats:
        """Least payoff of each player in the inner set; inf where it is empty."""
        result: Floats = self.corners.min(axis=0, initial=np.inf)
        return result

    @property
    def worst_bound(self) -> Floats:
        """Least payoff of each player in the outer set."""
        return -self.levels[1 : 2 * self.normals.shape[1] : 2]


def all_bounds(
    game: Repeated,
    rules: Enforcement,
    wanted: NDArray[np.bool_],
    rounds: int,
    max_steps: int,
    seeds: list[Floats] | None = None,
) -> list[Bounds]:
    """Bounds of the ``wanted (C,)`` cells of a repeated game under these rules.

    ``seeds`` are points ``(K, n)`` of each cell that may be equilibrium payoffs, in units, to begin with.
    Raises ValueError for games that end.
    """
    if game.horizon is not None:
        raise ValueError(
            "sets are bounded by directions for games that go on for ever: leave out the horizon"
        )
    joints, n = rules.u.shape[1:]
    # one after the other: what is compiled here is too short for threads to be worth waiting for each other
    return [
        bounds_of(rules, c, rounds, max_steps, seeds[c] if seeds else np.empty((0, n)))
        if wanted[c]
        else nothing(n, joints, Status.nonfinite)
        for c in range(game.cells)
    ]


def nothing(n: int, joints: int, status: Status = Status.ok) -> Bounds:
    """The empty set; for another status, no bounds at all."""
    level, gap = (-np.inf, 0.0) if status is Status.ok else (np.nan, np.nan)
    return Bounds(status, np.empty((0, n)), axes(n), np.full(2 * n, level), gap, np.zeros(joints, np.bool_))


def bounds_of(rules: Enforcement, cell: int, rounds: int, max_steps: int, seeds: Floats) -> Bounds:
    """Bounds of one cell."""
    rows, always = rules.rows(cell), rules.stage_equilibria(cell)
    u, d = rules.u[cell], rules.discount[cell]
    joints, n = u.shape
    normals = np.unique(np.concatenate([first_directions(n), hull(u)[1]]).round(12), axis=0)
    normals = np.concatenate([axes(n), normals[np.abs(normals).max(axis=1) < 1.0]])
    base, levels = len(normals), start_levels(normals, u, rules.floor[cell], d)
    corners, status, gap = np.concatenate([always, seeds]), Status.ok, np.inf
    for turn in range(rounds + 1):
        alive, reached = np.ones(joints, np.bool_), np.zeros_like(normals)
        steps = outer_levels(normals, levels, *rows, max_steps, alive, reached)
        if not alive.any():
            return nothing(n, joints)
        if len(corners) and turn > 0:
            gap = float(np.max(levels[base:] - (corners @ normals[base:].T).max(axis=0), initial=0.0))
        status = Status.ok if steps <= max_steps or gap <= CLOSE else Status.max_steps
        if turn == rounds or gap <= CLOSE / 10:
            break
        outside = corners_between(normals, levels, reached.mean(axis=0))
        if len(outside) and len(self_generating(outside, rows)) == len(outside):
            corners, gap = hull(outside)[0], 0.0
            break
        room = np.empty((len(normals) + len(always), n))
        count = inner_points(normals, reached, always, *rows, SEARCH, room)
        lasting = u[rules.lasting(-levels[1 : 2 * n : 2], cell)]
        corners = self_generating(np.concatenate([corners, lasting, room[:count]]), rows)
        if len(corners) == 0:
            break
        corners, faces = grown(rules, cell, corners)
        normals = np.ascontiguousarray(np.concatenate([normals[:base], faces]))
        levels = np.concatenate([levels[:base], start_levels(faces, u, rules.floor[cell], d)])
    tidy, moved = merged(corners)
    if moved + gap <= CLOSE and len(self_generating(tidy, rows)) == len(tidy):
        corners, gap = tidy, gap + moved
    return Bounds(status, corners, normals, levels, gap, alive)


def merged(corners: Floats) -> tuple[Floats, float]:
    """The first of each group of corners that only rounding tells apart, and the farthest that one moves."""
    apart = np.abs(corners[:, np.newaxis] - corners).max(axis=2, initial=0.0)
    close = (apart <= CLOSE) & np.tri(len(corners), k=-1, dtype=np.bool_)
    first = ~close.any(axis=1)
    return corners[first], float(apart[:, first].min(axis=1, initial=np.inf).max(initial=0.0))


def corners_between(normals: Floats, levels: Floats, middle: Floats) -> Floats:
    """Corners ``(V, n)`` of half-spaces around a point ``(n,)``; none where there is no room around it."""
    from scipy.spatial import HalfspaceIntersection, QhullError

    none = np.empty((0, middle.size))
    if (levels - normals @ middle).min() <= KEPT:
        return none
    try:
        found = HalfspaceIntersection(np.column_stack([normals, -levels]), middle).intersections
    except QhullError:
        return none
    found = np.unique(found[np.isfinite(found).all(axis=1)].round(12), axis=0)
    return found if len(found) <= 2 * MOST_CORNERS else none


def grown(rules: Enforcement, cell: int, corners: Floats) -> tuple[Floats, Floats]:
    """Corners and faces of a set that generates itself, enlarged by what it generates beyond its faces.

    What it generates, and the joint actions that its worst payoffs sustain for ever, are equilibrium payoffs
    too, and the larger set generates itself again.  The farthest points come first: there may be no end.
    """
    rows, u = rules.rows(cell), rules.u[cell]
    corners, faces = hull(corners)
    start = corners, faces
    room, least = (MOST_CORNERS, KEPT) if rules.perfect else (FEW_CORNERS, FINE)
    for _ in range(GROWTH):
        points = np.empty_like(faces)
        farthest_points(faces, corners, *rows, np.zeros(len(faces), np.int64), points)
        points = np.concatenate([points, u[rules.lasting(corners.min(axis=0), cell)]])
        beyond = (points @ faces.T - (corners @ faces.T).max(axis=0)).max(axis=1)
        most = beyond.max(initial=0.0)
        if most <= least or len(corners) > room or len(faces) > MOST_FACES:
            break
        corners, faces = hull(np.concatenate([corners, points[beyond > max(least, most / 8)]]))
    return (corners, faces) if len(self_generating(corners, rows)) == len(corners) else start


def self_generating(corners: Floats, rows: tuple[Any, ...]) -> Floats:
    """The points left when those go that the others do not generate, again and again."""
    while len(corners):
        gap = np.empty(len(corners))
        generation_gaps(np.ascontiguousarray(corners), *rows, gap)
        if (gap <= KEPT).all():
            break
        corners = corners[gap <= KEPT]
    return corners


def axes(n: int) -> Floats:
    """Up and down for each player, ``(2 n, n)``."""
    return np.repeat(np.eye(n), 2, axis=0) * np.tile([1.0, -1.0], n)[:, np.newaxis]


def first_directions(n: int) -> Floats:
    """Directions to begin with, of length one: the axes, then a circle, or combinations of 1, 0 and -1."""
    if n == 1:
        return axes(1)
    if n == 2:
        angle = (np.arange(32) + 0.1) * np.pi / 16  # none of them lies along an axis
        more = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    elif n <= FEW:
        more = np.array([signs for signs in product((1.0, 0.0, -1.0), repeat=n) if np.abs(signs).sum() > 1])
    else:
        both = [(i, j, s, t) for i in range(n) for j in range(i) for s in (1.0, -1.0) for t in (1.0, -1.0)]
        more = np.zeros((len(both) + 2, n))
        for row, (i, j, s, t) in zip(more, both, strict=False):
            row[i], row[j] = s, t
        more[-2], more[-1] = 1.0, -1.0
    more /= np.linalg.norm(more, axis=1, keepdims=True)
    return np.concatenate([axes(n), more])


def start_levels(normals: Floats, u: Floats, floor: Floats, d: Floats) -> Floats:
    """Levels that no equilibrium payoff exceeds: of the payoff box above the minmax, and of the stage's hull.

    Trading over time leads outside that hull where discounts differ.
    """
    box: Floats = (np.where(normals > 0.0, u.max(axis=0), floor) * normals).sum(axis=1)
    return np.minimum(box, (u @ normals.T).max(axis=0)) if d.min() == d.max() else box


def hull(points: Floats) -> tuple[Floats, Floats]:
    """Corners ``(V, n)`` of a hull (of two players counter-clockwise) and outer normals of its faces ``(F, n)``.

    A flat set has faces on both sides of the plane it lies in.
    """
    middle = points.mean(axis=0)
    _, width, basis = np.linalg.svd(points - middle)
    rank = int((width > KEPT).sum())
    across, inside = basis[rank:], (points - middle) @ basis[:rank].T
    kept, sides = np.arange(len(points)), np.empty((0, rank))
    if rank == 0:
        kept = kept[:1]
    elif rank == 1:
        kept, sides = np.array([inside[:, 0].argmin(), inside[:, 0].argmax()]), np.array([[1.0], [-1.0]])
    else:
        from scipy.spatial import ConvexHull, QhullError

        try:
            found = ConvexHull(inside)
            kept = found.vertices
            if points.shape[1] == 2 and np.linalg.det(basis) < 0.0:  # seen in a mirror
                kept = kept[::-1]
        except QhullError:  # too thin to tell corners from other points: all stay
            found = ConvexHull(inside, qhull_options="QJ")
        sides = np.unique(found.equations[:, :rank].round(10), axis=0)
    normals = np.concatenate([across, -across, sides @ basis[:rank]])
    return points[kept], normals / np.linalg.norm(normals, axis=1, keepdims=True)


def in_own_units(game: Repeated, bounds: list[Bounds]) -> dict[str, Floats]:
    """Bounds of all cells as arrays in the payoffs' own units, padded with NaN."""
    n = len(game.players)
    low, scale = game.payoffs.reshape(game.cells, n, -1).min(axis=-1), game.scale
    low = np.where(game.finite[:, np.newaxis], low, np.nan)  # infinite payoffs have no bounds, and warn of it
    sets = np.full((game.cells, max([len(bound.corners) for bound in bounds] + [1]), n), np.nan)
    faces = max((len(bound.levels) for bound in bounds), default=2 * n)
    normals, levels = np.full((game.cells, faces, n), np.nan), np.full((game.cells, faces), np.nan)
    worst, least = np.full((game.cells, n), np.nan), np.full((game.cells, n), np.nan)
    for c, bound in enumerate(bounds):
        sets[c, : len(bound.corners)] = low[c] + scale[c] * bound.corners
        normal = bound.normals / scale[c]
        length = np.linalg.norm(normal, axis=1)
        normals[c, : len(length)] = normal / length[:, np.newaxis]
        levels[c, : len(length)] = (bound.levels + normal @ low[c]) / length
        if len(bound.corners):
            worst[c] = low[c] + scale[c] * bound.worst
        if np.isfinite(bound.levels).all():
            least[c] = low[c] + scale[c] * bound.worst_bound
    return {
        "payoff_set": sets,
        "normals": normals,
        "levels": levels,
        "gap": np.array([bound.gap for bound in bounds], dtype=np.float64),
        "worst": worst,
        "worst_bound": least,
    }
