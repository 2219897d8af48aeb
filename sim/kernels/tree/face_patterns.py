"""Who may send what, and who may mix over which replies, in generic signalling games of one shape.

Sizes: T types, M signals, Q types of receivers.  Sets of signals and replies are the bits of whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST_PATTERNS", "face_patterns"]

MOST_PATTERNS = 1_000_000


@lru_cache(maxsize=16)
def face_patterns(
    types: int, replies: tuple[tuple[int, ...], ...]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """All patterns ``(P, T + M * Q)``: the signals of each type, then the replies to each signal, 0 where it is unused.

    ``replies (M, Q)`` says how many there are.  What types weigh and what receivers must find equally good come to the
    same number, at each signal and in all, or the two linear systems have no isolated solution.  Beside them the types
    that use each signal, as bits ``(P, M)``, and the next pattern that is not alike up to each signal, ``(P, M)``.
    Raises ValueError where there are more than ``MOST_PATTERNS`` to look at, with their number.
    """
    signals = len(replies)
    supports = range(1, 1 << signals)
    looked = len(supports) ** types * max(len(list(replied(row, types))) for row in replies) ** min(
        signals, types
    )
    if looked > MOST_PATTERNS * 100:
        raise ValueError(
            f"{looked:.3g} patterns of {types} types and {signals} signals are too many to look at"
        )
    found: list[tuple[int, ...]] = []
    for sent in product(supports, repeat=types):
        users = [sum((support >> m) & 1 for support in sent) for m in range(signals)]
        weighed = sum(users) - types
        each = [
            list(replied(replies[m], users[m])) if users[m] else [(0, (0,) * len(replies[m]))]
            for m in range(signals)
        ]
        for chosen in product(*each):
            if sum(size for size, _ in chosen) == weighed:
                found.append((*sent, *(mask for _, masks in chosen for mask in masks)))
                if len(found) > MOST_PATTERNS:
                    raise ValueError(f"more than {MOST_PATTERNS} patterns of who sends and replies what")
    patterns = np.array(found, dtype=np.int64).reshape(-1, types + sum(map(len, replies)))
    patterns = patterns[[solvable(row, types, replies) for row in patterns.tolist()]]
    supported = patterns[:, :types]
    bits = np.arange(types)
    by_types = np.stack([(((supported >> m) & 1) << bits).sum(axis=1) for m in range(signals)], axis=1)
    ahead = np.full((len(patterns), signals), len(patterns), np.int64)
    for m in range(signals):
        alike = patterns[:, : types + (m + 1) * len(replies[0])]
        breaks = np.flatnonzero((alike[1:] != alike[:-1]).any(axis=1)) + 1
        at = np.searchsorted(breaks, np.arange(len(patterns)), side="right")
        ahead[:, m] = np.append(breaks, len(patterns))[at]
    return patterns, by_types.astype(np.int64), ahead


def replied(replies: tuple[int, ...], users: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Sets of replies of all receivers at a signal of so many users, each with how many probabilities are free."""
    sizes = [range(1, min(count, users) + 1) for count in replies]
    for many in product(*sizes):
        if sum(many) - len(many) <= users - 1:
            for masks in product(*(list(sets(n, k)) for n, k in zip(replies, many, strict=True))):
                yield sum(many) - len(many), masks


def sets(count: int, size: int) -> Iterator[int]:
    """Sets of so many of ``count`` replies, as bits."""
    for chosen in combinations(range(count), size):
        yield sum(1 << r for r in chosen)


def solvable(row: list[int], types: int, replies: tuple[tuple[int, ...], ...]) -> bool:
    """Whether the systems of a pattern have one solution each for numbers that are drawn."""
    draw = np.random.default_rng(20211203)
    receivers = len(replies[0])
    free = [
        (m, q, r)
        for m in range(len(replies))
        for q in range(receivers)
        for r in range(replies[m][q])
        if (row[types + m * receivers + q] >> r) & 1 and row[types + m * receivers + q] & ((1 << r) - 1)
    ]
    weights = [(t, m) for t in range(types) for m in range(len(replies)) if (row[t] >> m) & 1]
    if not free:
        return len(weights) == types
    # what types get, by free replies: differences between the signals of each
    rows = []
    for t in range(types):
        own = [m for kind, m in weights if kind == t]
        gain = {place: draw.normal() for place in free}
        for m in own[1:]:
            rows.append([gain[f] * ((f[0] == m) - (f[0] == own[0])) for f in free])
    if len(rows) != len(free) or np.linalg.matrix_rank(np.array(rows)) < len(free):
        return False
    # what receivers get from each free reply over the base, by the weights
    equal = [[draw.normal() * (m == f[0]) for _, m in weights] for f in free]
    total = [[float(kind == t) for kind, _ in weights] for t in range(types)]
    return bool(np.linalg.matrix_rank(np.array(equal + total)) == len(weights))
