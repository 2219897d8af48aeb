"""Offers in a row to a side of unknown type: schedules by backward induction on the mass that has agreed.

In every round the share from which a piece of types agrees is constant, and what the proposer gets is linear, on pieces
of the mass of types that has agreed; the best next offer is the upper envelope of lines, one for each share that
somebody agrees from, and one for an offer that nobody takes (Fudenberg, Levine and Tirole 1985; Deneckere and Liang
2006 for types that are few).
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import TIE, ZERO

__all__ = ["MOST_PIECES", "schedules"]

MOST_PIECES = 96
DONE, CROWDED, UNORDERED = 0, 1, 2


@kernel(inline=True)
def offered(span: Array, base: Array, j: int, lines: int, pie: float, at: float) -> tuple[float, float]:
    """What an offer brings from the mass ``at`` on: its slope, and its value there; that of none behind the last."""
    if j < lines:
        return -(pie - base[1, j]), (base[0, j] - at) * (pie - base[1, j]) + base[3, j]
    flat = (span[3] - span[2]) / (span[1] - span[0])
    return flat, span[2] + flat * (at - span[0])


@kernel()
def split(span: Array, base: Array, first: int, lines: int, pie: float, out: Array, place: int) -> int:
    """The best next offers on a piece, as pieces written from ``place`` on; the next free place.

    ``span (4,)`` is where the piece begins and ends, and what an offer that nobody takes is worth there; ``base (4, B)``
    holds ends, shares, whether an offer of the share stops there, and what is left is worth at the end.  ``out (5, B)``
    gets ends, the base piece, the next mass (-1: none) and what the proposer gets at both ends.
    """
    low, high = span[0], span[1]
    at = low
    while True:
        best, slope, chosen = -np.inf, -np.inf, -1
        for j in range(first, lines + 1):
            if j < lines and base[2, j] == 0.0:
                continue
            own, value = offered(span, base, j, lines, pie, at)
            size = TIE * pie
            if value > best + size or (value > best - size and own > slope):
                best, slope, chosen = max(value, best), own, j
        until = high
        for j in range(first, lines + 1):
            if j < lines and base[2, j] == 0.0:
                continue
            own, value = offered(span, base, j, lines, pie, at)
            if own > slope + TIE * pie:
                cross = at + (best - value) / (own - slope)
                if cross > at + ZERO and cross < until - ZERO:
                    until = cross
        if place >= MOST_PIECES:
            return -1
        out[0, place] = until
        out[1, place] = first
        out[2, place] = base[0, chosen] if chosen < lines else -1.0
        out[3, place] = best
        out[4, place] = best + slope * (until - at)
        place += 1
        if until >= high:
            return place
        at = until


@kernel()
def schedule(terms: Array, types: Array, rounds: int, ends: Array, share: Array, until: Array) -> int:
    """The schedule of one cell into ``ends``, ``share``, ``until (N, B)``, NaN where there is none; whether it is done.

    ``terms`` are the pie, both discounts (proposer, answerer), what breakdown and a round bring the proposer, risk;
    ``types (5, T)`` chance, what the last rejection brings the type and the proposer, what breakdown and a round do.
    """
    pie, patience, own_patience, broken, flow, risk = terms
    base, next_base = np.zeros((4, MOST_PIECES)), np.zeros((4, MOST_PIECES))
    kind, next_kind = np.zeros(MOST_PIECES, np.int64), np.zeros(MOST_PIECES, np.int64)
    out = np.zeros((5, MOST_PIECES))
    many, mass = 0, 0.0
    for k in range(types.shape[1]):
        if types[0, k] > 0.0:
            mass += types[0, k]
            base[0, many], base[1, many], kind[many] = mass, max(types[1, k], 0.0), k
            many += 1
    base[0, many - 1] = 1.0
    worth = 0.0
    start = np.zeros(MOST_PIECES)  # what an offer that nobody takes is worth where the piece begins
    for i in range(many - 1, -1, -1):
        base[3, i] = worth
        before = base[0, i - 1] if i > 0 else 0.0
        worth += (base[0, i] - before) * types[2, kind[i]]
        start[i] = worth
    span = np.zeros(4)
    for t in range(rounds - 1, -1, -1):
        for i in range(many):
            if i + 1 < many and base[1, i + 1] < base[1, i] - ZERO * pie:
                return UNORDERED
            last = i + 1 == many or base[1, i + 1] > base[1, i] + ZERO * pie
            base[2, i] = 1.0 if last and base[1, i] <= pie else 0.0
        place, low = 0, 0.0
        for i in range(many):
            span[0], span[1], span[2], span[3] = low, base[0, i], start[i], base[3, i]
            place = split(span, base, i, many, pie, out, place)
            if place < 0:
                return CROWDED
            low = base[0, i]
        low = 0.0
        for q in range(place):
            i = int(out[1, q])
            ends[t, q], share[t, q] = out[0, q], base[1, i]
            until[t, q] = out[2, q] if out[2, q] >= 0.0 else np.nan
            offered = base[1, i]
            for j in range(i, many):
                if base[0, j] == out[2, q]:
                    offered = base[1, j]
            k = kind[i]
            on = (1.0 - own_patience) * types[4, k] + own_patience * offered
            next_base[0, q] = out[0, q]
            next_base[1, q] = max(risk * types[3, k] + (1.0 - risk) * on, 0.0)
            now = risk * broken + (1.0 - risk) * (1.0 - patience) * flow
            start[q] = (1.0 - low) * now + (1.0 - risk) * patience * out[3, q]
            next_base[3, q] = (1.0 - out[0, q]) * now + (1.0 - risk) * patience * out[4, q]
            next_kind[q] = k
            low = out[0, q]
        many = place
        base, next_base = next_base, base
        kind, next_kind = next_kind, kind
    return DONE


@kernel()
def schedules(
    terms: Array, types: Array, rounds: int, ends: Array, share: Array, until: Array, verdict: Array
) -> int:
    """Schedules of all cells: ``terms (C, 6)``, ``types (C, 5, T)`` to three arrays ``(C, N, B)`` and verdicts ``(C,)``.

    Verdicts: 0 done, 1 more pieces than there is room for, 2 types whose order changes.  Returns the most pieces.
    """
    most = 0
    for c in range(len(terms)):
        verdict[c] = schedule(terms[c], types[c], rounds, ends[c], share[c], until[c])
        for t in range(rounds):
            pieces = 0
            for i in range(ends.shape[2]):
                pieces += int(ends[c, t, i] == ends[c, t, i])
            most = max(most, pieces)
    return most
