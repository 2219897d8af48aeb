"""What a finished sample tells without new cells: shifts along each parameter, and boxes that hold an outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.dataset.intervals import jackknife
from sim.game import Floats

__all__ = ["Box", "boxes", "equal_slices", "numbered", "pawn", "pawn_of_counts", "shift"]

SLICES = 32
FEWEST = 64  # draws of a slice
SHAVED = 0.05  # of the cells in the box, at each step
SMALLEST = 0.05  # share of the cells that a box has at least
DENSE = 0.95  # a box of which so many cells are cases is good enough
FORGONE = 0.01  # of its density for one bound fewer
MOST_BOXES = 3
LEAST_COVERED = 0.05  # of all cases, by a further box


def sliced(values: Floats) -> NDArray[np.int64]:
    """In which of up to 32 slices of equal size a value lies, ``(n,) -> (n,)``; equal values lie in one."""
    slices = min(SLICES, max(values.size // FEWEST, 2))
    cuts = np.unique(np.quantile(values, np.arange(1, slices) / slices, method="nearest"))
    return np.searchsorted(cuts, values, side="left")


def pawn(values: Floats, regimes: NDArray[np.int64]) -> Floats:
    """The largest shift of a regime's share between a slice of a parameter and all, ``(R, n), (R, n) -> (3,)``.

    Source: Pianosi and Wagener (2018), for an output without an order: the largest difference of shares stands for
    that of distribution functions.  It is above 0 by chance; :func:`sim.dataset.sensitivity.by_chance` says how far.
    """
    slices = sliced(values.ravel()).reshape(values.shape)
    kinds, count = int(regimes.max()) + 1, int(slices.max()) + 1
    tables = np.stack(
        [
            np.bincount(of_slice * kinds + regime, minlength=count * kinds)
            for of_slice, regime in zip(slices, regimes, strict=True)
        ]
    ).reshape(len(values), count, kinds)
    return pawn_of_counts(tables)


def pawn_of_counts(tables: NDArray[np.int64]) -> Floats:
    """The same from cells by replicate, slice and regime, ``(R, slices, kinds) -> (3,)``."""
    whole = tables.sum(axis=0)
    return jackknife(shift(whole), shift(whole - tables) if len(tables) > 1 else shift(tables))


def equal_slices(tables: NDArray[np.int64]) -> NDArray[np.int64]:
    """Neighbouring parts of a range joined to up to 32 slices of about equally many cells, ``(R, parts, kinds)``."""
    cells = tables.sum(axis=(0, 2))
    middle = (np.cumsum(cells) - cells / 2) / max(int(cells.sum()), 1)
    slices = np.minimum((middle * SLICES).astype(np.int64), SLICES - 1)
    found = np.zeros((len(tables), SLICES, tables.shape[2]), np.int64)
    for part, number in enumerate(slices):
        found[:, number] += tables[:, part]
    return found


def shift(table: NDArray[np.int64]) -> Floats:
    """Of cells by slice and regime ``(.., slices, kinds)`` the largest shift of a share, ``(..)``."""
    of_slice = table.sum(axis=-1, keepdims=True)
    everywhere = table.sum(axis=-2, keepdims=True) / np.maximum(table.sum(axis=(-2, -1), keepdims=True), 1)
    found = np.where(of_slice > 0, np.abs(table / np.maximum(of_slice, 1) - everywhere), 0.0)
    return np.asarray(found.max(axis=(-2, -1)))


@dataclass(frozen=True)
class Box:
    """Bounds on some parameters, infinite where there is none, and how well they hold an outcome.

    ``density``: share of the cells inside in which the outcome holds; ``coverage``: share of its cells that are inside.
    """

    bounds: dict[str, tuple[float, float]]
    density: float
    coverage: float

    def inside(self, values: dict[str, Floats]) -> NDArray[np.bool_]:
        """Which points are in the box."""
        first = next(iter(values.values()))
        found = np.ones(first.shape, np.bool_)
        for name, (low, high) in self.bounds.items():
            found &= (values[name] >= low) & (values[name] <= high)
        return found


def boxes(values: dict[str, Floats], cases: NDArray[np.bool_]) -> list[Box]:
    """Up to three boxes in which mostly cases lie, ``name -> (R, n), (R, n)``, each found beside those before it.

    The patient rule induction method (Friedman and Fisher 1999; Bryant and Lempert 2010): of a box that holds all,
    a twentieth is shaved off where that raises the share of cases most, until it is dense; bounds that hardly
    matter are left out again.  Density and coverage are measured on the half of the replicates on which the box was
    not found, if there are several.
    """
    half = max(len(cases) // 2, 1)
    rest = slice(half, None) if len(cases) > 1 else slice(None)
    seen = {name: column[:half].ravel() for name, column in values.items()}
    kept = {name: column[rest].ravel() for name, column in values.items()}
    own, other = cases[:half].ravel(), cases[rest].ravel()
    found: list[Box] = []
    left, unmet = np.ones(own.shape, np.bool_), np.ones(other.shape, np.bool_)
    while len(found) < MOST_BOXES and own[left].any() and not own[left].all():
        bounds = one_box({name: column[left] for name, column in seen.items()}, own[left])
        box = Box(bounds, np.nan, np.nan)
        inside = box.inside(kept) & unmet
        density = float(other[inside].mean()) if inside.any() else 0.0
        coverage = float(other[inside].sum() / max(other.sum(), 1))
        if not bounds or (found and (coverage < LEAST_COVERED or density < DENSE / 2)):
            break
        found.append(Box(bounds, density, coverage))
        left &= ~box.inside(seen)
        unmet &= ~inside
    return found


def one_box(values: dict[str, Floats], cases: NDArray[np.bool_]) -> dict[str, tuple[float, float]]:
    """The bounds of the first box along the way that is dense, else of the densest."""
    names, x = list(values), np.stack(list(values.values()))
    low, high = np.full(len(names), -np.inf), np.full(len(names), np.inf)
    inside, way = np.arange(cases.size), []
    smallest = max(int(SMALLEST * cases.size), 1)
    while True:
        density = float(cases[inside].mean())
        way.append((density, low.copy(), high.copy()))
        if density >= DENSE:
            break
        best = best_shave(x[:, inside], cases[inside], smallest)
        if best is None:
            break
        place, side, bound = best
        (low if side else high)[place] = bound
        inside = inside[(x[place, inside] >= low[place]) & (x[place, inside] <= high[place])]
    density, low, high = max(way, key=lambda step: step[0])
    fewer_bounds(x, cases, low, high, density)
    return {
        name: (float(low[place]), float(high[place]))
        for place, name in enumerate(names)
        if np.isfinite(low[place]) or np.isfinite(high[place])
    }


def best_shave(x: Floats, cases: NDArray[np.bool_], smallest: int) -> tuple[int, bool, float] | None:
    """Where to shave: parameter, whether from below, and the new bound; None where nothing can be shaved."""
    size, held = cases.size, int(cases.sum())
    away = max(int(SHAVED * size), 1)
    best: tuple[float, int, bool, float] | None = None
    for place, column in enumerate(x):
        for below in (True, False):
            edge = np.partition(column, away - 1 if below else size - away)[
                away - 1 if below else size - away
            ]
            gone = column <= edge if below else column >= edge
            rest = size - int(np.count_nonzero(gone))
            if rest < smallest or rest == 0:
                continue
            density = (held - int(np.count_nonzero(gone & cases))) / rest
            if best is None or density > best[0]:
                stays = column[~gone]
                best = density, place, below, float(stays.min() if below else stays.max())
    return None if best is None else best[1:]


def fewer_bounds(x: Floats, cases: NDArray[np.bool_], low: Floats, high: Floats, density: float) -> None:
    """Leave out, in place, bounds without which the box is hardly less dense, the least important first."""
    enough = min(density, DENSE) - FORGONE
    while True:
        loosest: tuple[float, Floats, int] | None = None
        for ends, away in ((low, -np.inf), (high, np.inf)):
            for place in np.nonzero(np.isfinite(ends))[0].tolist():
                kept, ends[place] = float(ends[place]), away
                without = within(x, cases, low, high)
                ends[place] = kept
                if loosest is None or without > loosest[0]:
                    loosest = without, ends, place
        if loosest is None or loosest[0] < enough:
            return
        loosest[1][loosest[2]] = -np.inf if loosest[1] is low else np.inf


def within(x: Floats, cases: NDArray[np.bool_], low: Floats, high: Floats) -> float:
    """The share of cases among the points in a box."""
    inside = ((x >= low[:, np.newaxis]) & (x <= high[:, np.newaxis])).all(axis=0)
    return float(cases[inside].mean()) if inside.any() else 0.0


def numbered(holds: NDArray[np.bool_], good: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Regimes as numbers, ``(.., O), (..) -> (..)``: equal where the same outcomes hold; what is not solved is one."""
    bits = np.packbits(
        np.concatenate([good[..., np.newaxis], holds & good[..., np.newaxis]], axis=-1), axis=-1
    )
    words: Any = np.zeros((*bits.shape[:-1], 8 * -(-bits.shape[-1] // 8)), np.uint8)
    words[..., : bits.shape[-1]] = bits
    words = words.view(np.uint64)
    if words.shape[-1] == 1:
        return np.unique(words[..., 0], return_inverse=True)[1].reshape(good.shape)
    flat = words.reshape(-1, words.shape[-1])
    return np.unique(flat, axis=0, return_inverse=True)[1].reshape(good.shape)
