"""Which parameter decides: sums over draws from which Sobol' indices and Shapley effects are made.

A draw is a point ``a``, another ``b`` that is independent of it, for each parameter the point ``a`` with that one
taken from ``b``, and a walk from ``a`` to ``b`` that changes one parameter after the other in random order.
Numbers are those of outcomes (1 where it holds), or the whole regime, of which is only asked whether it changes:
that is the index of its one-hot vector (Gamboa, Janon, Klein and Lagnoux 2014).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.game import Floats

__all__ = ["NUMBERS", "REGIMES", "Apart", "ByOutcome", "OfRegime", "outcome_sums", "regime_sums"]


class Apart(NamedTuple):
    """A distance: ``of`` pairs ``(..), (..) -> (..)``, and its ``mean`` over all pairs of different draws."""

    of: Callable[[Any, Any], Any]
    mean: Callable[[Any], float]


def alike(regimes: NDArray[np.int64]) -> float:
    """The share of pairs of different draws of which both are of one regime."""
    cells = np.unique(regimes, return_counts=True)[1].astype(np.float64)
    return float((cells * (cells - 1)).sum() / (regimes.size * (regimes.size - 1)))


REGIMES = Apart(lambda one, other: (one != other).astype(np.float64), lambda regimes: 1 - alike(regimes))
"""Regimes are apart where they differ: 1, else 0."""

NUMBERS = Apart(lambda one, other: 0.5 * (one - other) ** 2, lambda numbers: float(numbers.var(ddof=1)))
"""Numbers are apart by half the square of their difference, whose mean is the variance."""


class ByOutcome(NamedTuple):
    """Means over the draws of a replicate, each ``(O,)`` or, by parameter, ``(d, O)``.

    ``total / variance`` is the total index (Jansen 1999), ``first / variance`` the first (Saltelli et al. 2010).
    """

    variance: Floats
    first: Floats
    total: Floats


class OfRegime(NamedTuple):
    """Means over the draws of a replicate: how far apart draws are, and what changing parameters does to that.

    ``anew (d,)`` of ``apart`` is the total index; ``steps (d,)`` of ``walked`` the Shapley effect (Goda 2021), whose
    sum over parameters is ``walked`` exactly.
    """

    apart: float
    anew: Floats
    walked: float
    steps: Floats


def outcome_sums(
    a: Floats, b: Floats, mixed: Floats, walk: Floats | None = None, order: NDArray[np.int64] | None = None
) -> ByOutcome:
    """Of numbers ``a (n, O)``, ``b (n, O)`` and ``mixed (d, n, O)``, a with one parameter of b.

    Every step of a ``walk (d + 1, n, O)``, in the ``order (n, d)`` of its changes, draws one parameter anew as well, and
    is counted beside ``mixed``.  All of these are points as likely as a and b, of which the variance is taken.
    """
    centre = np.concatenate([a, b]).mean(axis=0)
    change = mixed - a
    total = 0.5 * np.einsum("dno,dno->do", change, change) / len(a)
    every = np.concatenate([a, b])[np.newaxis]
    if walk is not None and order is not None:
        every = np.concatenate([a[np.newaxis], b[np.newaxis], mixed, walk[1:-1]])
        step = by_parameter(walk[1:] - walk[:-1], order)
        total = 0.5 * (total + 0.5 * np.einsum("dno,dno->do", step, step) / len(a))
    first = np.einsum("no,dno->do", b - centre, change) / len(a)
    return ByOutcome(every.var(axis=(0, 1)), first, total)


def by_parameter(steps: NDArray[Any], order: NDArray[np.int64]) -> NDArray[Any]:
    """What each step of a walk did, ``(d, n, ..)`` in the order of steps, as what each parameter did."""
    place = order.argsort(axis=1)
    found: NDArray[Any] = steps[place.T, np.arange(len(order))]
    return found


def regime_sums(a: Any, b: Any, mixed: Any, walk: Any, order: NDArray[np.int64], apart: Apart) -> OfRegime:
    """Of ``a (n,)``, ``b (n,)``, ``mixed (d, n)`` and ``walk (d + 1, n)``, whose ends are a and b.

    ``order (n, d)`` are the parameters in the order in which a walk changes them; ``apart`` of two arrays is the
    distance of each pair.  A walk is read from both ends, which are alike, and each of its steps draws a parameter anew
    as ``mixed`` does.
    """
    draws, count = order.shape
    from_a, from_b = apart.of(walk, a), apart.of(walk, b)
    step = 0.5 * ((from_a[1:] - from_a[:-1]) + (from_b[:-1] - from_b[1:]))
    steps = np.bincount(order.T.ravel(), weights=step.ravel(), minlength=count) / draws
    spread = apart.mean(np.concatenate([a[np.newaxis], b[np.newaxis], mixed, walk[1:-1]]).ravel())
    anew = apart.of(mixed, a).mean(axis=1)
    again = by_parameter(apart.of(walk[1:], walk[:-1]), order).mean(axis=1) if count > 1 else anew
    return OfRegime(spread, 0.5 * (anew + again), float(apart.of(a, b).mean()), steps)
