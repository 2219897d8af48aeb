"""From equilibria of signalling games, found one after another, to claims about the trees they are views of.

Sizes: C cells, E of them with one view, N equilibria in all, K most of a cell, T types, M signals, Q receiver types,
R replies, D decisions, X most corners of a set of beliefs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.answers.shared import KINDS
from sim.claim import Claim, Status
from sim.forms.tree import Tree
from sim.game import Floats, Integers
from sim.game.tree_shape import CHANCE
from sim.kernels.base.tolerances import SAME_PLAY
from sim.solvers.methods.folding import folded_agents, patterns
from sim.solvers.methods.signalling import Signalling, as_signalling

__all__ = [
    "Equilibria",
    "claimed",
    "claims_of_parts",
    "kinds",
    "padded",
    "seen_as_signalling",
    "signalling_with",
]

NONE, POOLING, SEPARATING, SEMI_SEPARATING, HYBRID = range(len(KINDS))


@dataclass(frozen=True, eq=False)
class Equilibria:
    """Equilibria of the cells of one view, one cell after another.

    ``count (E,)``; ``plan (N, T, M)``, ``reply (N, M, Q, R)``; ``beliefs (N, M, X, T)`` are corners of those at which
    replies to a signal are best, NaN beyond the last, and ``component (N,)`` numbers what a continuum links.
    ``status``, ``complete``, ``degenerate (E,)`` are those of a claim.
    """

    count: Integers
    plan: Floats
    reply: Floats
    beliefs: Floats
    component: Integers
    status: NDArray[np.int8]
    complete: NDArray[np.bool_]
    degenerate: NDArray[np.bool_]


def seen_as_signalling(game: Tree) -> Iterator[tuple[Integers, Signalling | None]]:
    """The cells of a tree by what is folded in them, ``(E,)``, each with its view; None where it has none."""
    for cells, folded in patterns(folded_agents(game)):
        whole = len(cells) == game.cells
        yield cells, as_signalling(game if whole else game.take(cells), folded)


def signalling_with(types: Callable[[Signalling], bool]) -> Callable[[Tree], bool]:
    """Whether every cell of a tree is a signalling game of a kind, as one of its cells of each pattern shows."""

    def fits(game: Tree) -> bool:
        if game.shape.singletons or not game.cells:
            return False
        for cells, folded in patterns(folded_agents(game)):
            view = as_signalling(game.take(cells[:1]), folded)
            if view is None or not types(view):
                return False
        return True

    return fits


def kinds(plan: Floats) -> NDArray[np.int8]:
    """How types tell themselves apart, ``(N, T, M) -> (N,)``, positions in ``KINDS``.

    Pooling: all do the same; separating: no two send the same signal; else hybrid where several types mix, and
    semi-separating where one does or some pool.
    """
    sent = plan > 0
    alike = (np.abs(plan - plan[:, :1]) <= SAME_PLAY).all(axis=(1, 2))
    apart = (sent.sum(axis=1) <= 1).all(axis=1)
    mixing = (sent.sum(axis=2) > 1).sum(axis=1)
    kind = np.where(mixing > 1, HYBRID, SEMI_SEPARATING)
    kind = np.where(apart, SEPARATING, kind)
    return np.where(alike, POOLING, kind).astype(np.int8)


def claimed(view: Signalling, found: Equilibria) -> Claim:
    """The claim about the cells of a view; what is believed at a signal that is not sent is as near the prior as may be."""
    cell = np.repeat(np.arange(len(found.count)), found.count)
    place = np.arange(len(cell)) - np.repeat(np.cumsum(found.count) - found.count, found.count)

    def by_cell(array: NDArray[Any], fill: float = np.nan) -> NDArray[Any]:
        return padded(found.count, array, fill)

    strategy = view.strategies(by_cell(found.plan), by_cell(found.reply))
    corners = found.beliefs
    belief = view.beliefs(strategy, by_cell(nearest(corners, view.prior[cell])))
    low, high = belief.copy(), belief.copy()
    extra = {"belief": belief, "belief_low": low, "belief_high": high, "kind": by_cell(kinds(found.plan), -1)}
    vertices = corners_of_beliefs(view, cell, corners)
    if vertices.shape[1]:
        least, most = by_cell(np.fmin.reduce(vertices, axis=1)), by_cell(np.fmax.reduce(vertices, axis=1))
        np.copyto(low, least, where=~np.isnan(least))
        np.copyto(high, most, where=~np.isnan(most))
    if view.prior.shape[1] > 2:
        extra["belief_vertices"] = by_cell(
            vertices if vertices.shape[1] else belief[cell, place][:, np.newaxis]
        )
    return Claim(strategy, found.status, found.complete, found.degenerate, extra=extra)


def padded(count: Integers, array: NDArray[Any], fill: Any = np.nan) -> NDArray[Any]:
    """What is of equilibria one cell after another, ``(N, ..)``, by cell and place, ``(C, K, ..)``."""
    cell = np.repeat(np.arange(len(count)), count)
    place = np.arange(len(cell)) - np.repeat(np.cumsum(count) - count, count)
    result = np.full((len(count), int(count.max(initial=0)), *array.shape[1:]), fill, array.dtype)
    result[cell, place] = array
    return result


def corners_of_beliefs(view: Signalling, cell: Integers, corners: Floats) -> Floats:
    """Beliefs at decisions of receivers at each corner of those at a signal, ``(N, M, X, T) -> (N, X', D)``.

    NaN at other decisions, where signals are sent, and where the believed types never meet the receiver.
    """
    shape = view.game.shape
    most = int((~np.isnan(corners[..., 0])).sum(axis=2).max(initial=0))
    result = np.full((len(corners), most if most > 1 else 0, len(shape.decisions)), np.nan)
    if most <= 1:
        return result
    odds = view.odds[cell]
    for h, m, types in seeing_signals(view):
        own = slice(int(shape.first[h]), int(shape.first[h + 1]))
        free = np.flatnonzero(~np.isnan(corners[:, m, 1, 0]))
        weight = corners[free, m, :most][:, :, types] * odds[free, np.newaxis, own]
        with np.errstate(divide="ignore", invalid="ignore"):
            result[free, :, own] = weight / weight.sum(axis=2, keepdims=True)
    return result


def seeing_signals(view: Signalling) -> Iterator[tuple[int, int, Integers]]:
    """Whoever decides next on a signal: agent, signal, and the type that each of its nodes is about.

    Those that are folded, to whom any belief will do, are among them.
    """
    shape = view.game.shape
    senders = {int(h): t for t, h in enumerate(view.senders)}
    for h in range(len(shape.agents)):
        about: set[int] = set()
        types = []
        for v in shape.members(h):
            at, way = int(shape.parent[v]), int(shape.edge[v])
            while at >= 0 and int(shape.agent[at]) == CHANCE:
                at, way = int(shape.parent[at]), int(shape.edge[at])
            types.append(senders.get(int(shape.agent[at]) if at >= 0 else CHANCE, -1))
            about.add(way)
        if h not in senders and min(types) >= 0 and len(about) == 1:
            yield h, about.pop(), np.array(types)


def nearest(corners: Floats, prior: Floats) -> Floats:
    """One belief for each signal, ``(N, M, X, T), (N, T) -> (N, M, T)``: of two types the nearest to the prior."""
    if corners.shape[3] != 2:
        with np.errstate(invalid="ignore"):
            return np.nanmean(corners, axis=2)
    low, high = np.nanmin(corners[..., 1], axis=2), np.nanmax(corners[..., 1], axis=2)
    second = np.clip(prior[:, np.newaxis, 1], low, high)
    return np.stack([1.0 - second, second], axis=-1)


def claims_of_parts(game: Tree, parts: Sequence[tuple[Integers, Claim | None]]) -> Claim:
    """Claims about some cells each as one about all; cells without one are ``not_found``."""
    if len(parts) == 1 and parts[0][1] is not None:
        return parts[0][1]
    there = [(cells, claim) for cells, claim in parts if claim is not None]
    most = max((claim.strategy.shape[1] for _, claim in there), default=0)
    strategy = np.full((game.cells, most, *game.mask.shape), np.nan)
    status = np.full(game.cells, Status.not_found, np.int8)
    complete, degenerate = np.zeros((2, game.cells), np.bool_)
    extra: dict[str, NDArray[Any]] = {}
    exact = np.zeros(game.cells, np.bool_)
    for cells, claim in there:
        if claim.exact is not None:
            exact[cells] = claim.exact
        strategy[cells, : claim.strategy.shape[1]] = claim.strategy
        status[cells], complete[cells], degenerate[cells] = claim.status, claim.complete, claim.degenerate
        for name, array in claim.extra.items():
            if not all(name in one.extra for _, one in there):
                continue
            shape = [
                max(sizes) for sizes in zip(*(one.extra[name].shape[1:] for _, one in there), strict=True)
            ]
            fill: Any = None if array.dtype == object else -1 if array.dtype.kind == "i" else np.nan
            whole = extra.setdefault(name, np.full((game.cells, *shape), fill, array.dtype))
            place: Any = (cells, *(slice(size) for size in array.shape[1:]))
            whole[place] = array
    return Claim(strategy, status, complete, degenerate, extra=extra, exact=exact if exact.any() else None)
