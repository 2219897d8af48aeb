"""Two-player games in arrays of long decimals: numbers that are equal tie, whatever they are.

Cells with equal numbers in the same places share their ties: each number is a variable, and a minor that is the
zero polynomial of these is zero.  So fractions are not needed to see it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels.base.threads import over_blocks
from sim.kernels.base.tolerances import EPSILON
from sim.kernels.bimatrix.exact import MOST_BASES, Decided, decide
from sim.kernels.bimatrix.structure import Tied, decide_with_ties, of_parts
from sim.kernels.bimatrix.vertex_enumeration import BEYOND, whole_cells
from sim.polynomials import Polynomial, vanishing_minors

__all__ = ["decide_decimals"]

Rational = Callable[[NDArray[np.int64]], NDArray[Any]]

BLOCK = 4096  # cells a thread takes at a time
ENOUGH = 64  # cells that share their ties; fewer are sooner decided in fractions


def decide_decimals(
    payoffs: NDArray[np.float64],
    rational: Rational,
    *,
    quick: bool = False,
) -> Decided:
    """All extreme equilibria of finite cells ``payoffs (E, 2, m, n)`` of decimals that the floats show.

    As :func:`sim.kernels.bimatrix.exact.decide` gives them; ``rational`` gives chosen cells as fractions.
    """
    left = np.ones(len(payoffs), np.bool_)
    parts = []
    long = long_decimals(payoffs)
    for group, places in patterns(payoffs[long]):
        chosen = long[group]
        left[chosen] = False
        parts.append(
            (chosen, decide_alike(payoffs[chosen], partial(of_chosen, rational, chosen), places, quick))
        )
    if not parts:
        return decide(payoffs, rational, decimals=True, quick=quick)
    rest = np.nonzero(left)[0]
    decided = decide(payoffs[rest], partial(of_chosen, rational, rest), decimals=True, quick=quick)
    return of_parts(payoffs, [*parts, (rest, decided)])


def of_chosen(rational: Rational, chosen: NDArray[np.int64], cells: NDArray[np.int64]) -> NDArray[Any]:
    """Payoffs of some of the chosen cells as fractions."""
    return rational(chosen[cells])


def decide_alike(payoffs: NDArray[np.float64], rational: Rational, places: bytes, quick: bool) -> Decided:
    """The cells ``payoffs (E, 2, m, n)``, in all of which equal numbers stand in the same places."""
    m, n = payoffs.shape[2:]
    # the decimal that a float shows is half a unit in its last place away at most
    errors = EPSILON / 2 * np.abs(payoffs).max(axis=(2, 3))
    return decide_with_ties(payoffs, rational, partial(ties, m, n, places), errors.__getitem__, quick=quick)


def long_decimals(payoffs: NDArray[np.float64]) -> NDArray[np.int64]:
    """The cells whose numbers do not fit in 64 bits as decimals; none where some cells that are tried all fit."""
    cells, (m, n) = payoffs.shape[0], payoffs.shape[2:]
    if cells < ENOUGH or comb(m + n, m) > MOST_BASES or unfit(payoffs[:: cells // ENOUGH]).size == 0:
        return np.empty(0, np.int64)
    return unfit(payoffs)


def unfit(payoffs: NDArray[np.float64]) -> NDArray[np.int64]:
    """The cells whose numbers do not fit in 64 bits as decimals."""
    whole, verdict = np.empty(payoffs.shape, np.int64), np.zeros(len(payoffs), np.uint8)
    over_blocks(lambda first, last: whole_cells(payoffs, first, last, whole, verdict), len(payoffs), BLOCK)
    return np.nonzero(verdict == BEYOND)[0]


def patterns(payoffs: NDArray[np.float64]) -> list[tuple[NDArray[np.int64], bytes]]:
    """Cells with equal numbers in the same places, where there are enough of them: positions, and the places.

    ``payoffs (E, 2, m, n)``; places are those of the first number that equals each.
    """
    cells = len(payoffs)
    if cells < ENOUGH:
        return []
    flat = payoffs.reshape(cells, 2, -1)
    first = np.empty(flat.shape, np.int16)
    for start in range(0, cells, BLOCK):
        part = flat[start : start + BLOCK]
        first[start : start + BLOCK] = (part[..., np.newaxis] == part[..., np.newaxis, :]).argmax(axis=-1)
    rows = first.reshape(cells, -1)
    kinds, kind, size = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    return [
        (np.nonzero(kind.ravel() == number)[0], kinds[number].tobytes())
        for number in np.nonzero(size >= ENOUGH)[0]
    ]


@lru_cache(maxsize=256)
def ties(m: int, n: int, places: bytes) -> Tied:
    """The minors of both players that are zero whatever the numbers are; places as ``patterns`` gives them."""
    first, second = np.frombuffer(places, np.int16).reshape(2, m, n)
    return minors_of(first.T), minors_of(second)


def minors_of(places: NDArray[np.int16]) -> NDArray[np.bool_]:
    """The minors that are zero where equal places are the same variable."""
    return vanishing_minors([[Polynomial.variable(str(place)) for place in row] for row in places.tolist()])
