"""What a picture shows, in one sentence: the largest regions, and what divides them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.pictures.style.palette import Regime
from sim.pictures.style.regimes import Regimes
from sim.pictures.style.words import percent

__all__ = ["divided", "regions", "rises", "runs_along", "runs_told"]

NEARLY = 0.995  # share of a map from which on one region is all that matters
PART = 0.01  # share below which a region is not told
DIVIDES = 0.97  # mean share of each of two regions on its own side, from which on one value divides them
LEANS = 0.08  # of the range of a parameter: by how much two regions must differ in its mean
MOST_RUNS = 5  # regions along a line that are told one by one


def regions(found: Regimes, axes: dict[str, NDArray[np.float64]]) -> str:
    """The largest regions of a map, with their shares, and what divides the first two; ``axes`` in its order."""
    shares = found.shares()
    order = [number for number in np.argsort(-shares, kind="stable").tolist() if shares[number] >= PART]
    if not order:
        return ""
    words = [found.words(found.regimes[number]) for number in order]
    if len(order) == 1 or shares[order[0]] >= NEARLY:
        return f"{'everywhere' if shares[order[0]] == 1 else 'nearly everywhere'}: {words[0]}"
    first, second = order[:2]
    sizes = percent(shares[first]), percent(shares[second])
    told = f"{words[0]} ({sizes[0]} of the map) and {words[1]} ({sizes[1]})"
    told = f"the largest regions are {told}" if len(order) > 2 else told
    border = divided(found.code == first, (found.code == second) & ~found.knife_edge, axes)
    return f"{told}; the first {border}" if border else told


def divided(one: NDArray[np.bool_], other: NDArray[np.bool_], axes: dict[str, NDArray[np.float64]]) -> str:
    """Where the first of two regions ``(X, Y)`` is: beyond a value of one parameter, or where several are high."""
    best: tuple[float, str] = (0.0, "")
    leaning = []
    for place, (name, points) in enumerate(axes.items()):
        rest = tuple(axis for axis in range(one.ndim) if axis != place)
        own, others = one.sum(axis=rest) / one.sum(), other.sum(axis=rest) / other.sum()
        under = (np.cumsum(own)[:-1] + 1 - np.cumsum(others)[:-1]) / 2  # the first below, the second above
        for side, score in (("below", under), ("above", 1 - under)):
            if score.size and score.max() > best[0]:
                at = np.nonzero(score == score.max())[0]
                value = roundest(points[at[0]], points[at[-1] + 1], down=side == "above")
                best = (float(score.max()), f"where {name} is {side} {value}")
        lean = float((own - others) @ points) / float(points[-1] - points[0] or 1.0)
        if abs(lean) > LEANS:
            leaning.append(f"{name} is {'high' if lean > 0 else 'low'}")
    if best[0] >= DIVIDES:
        return best[1]
    return f"where {' and '.join(leaning)}" if leaning else ""


def runs_along(found: Regimes, name: str, points: NDArray[np.float64]) -> str:
    """The regions along one parameter, from low to high; of a few outcomes more, or less, only these are told."""
    code = found.code[~found.knife_edge]
    at = points[~found.knife_edge]
    if not code.size:
        return ""
    ends = np.nonzero(np.diff(code))[0].tolist()
    runs = [found.regimes[code[start]] for start in (0, *(end + 1 for end in ends))]
    if len(runs) > MOST_RUNS:
        return regions(found, {name: points})
    return runs_told(found, name, runs, [roundest(at[end], at[end + 1]) for end in ends])


def runs_told(found: Regimes, name: str, runs: list[Regime], borders: list[str]) -> str:
    """Regimes along one parameter from low to high, with the values between them, in words."""
    if len(runs) == 1:
        return f"everywhere: {found.words(runs[0])}"
    told = [f"up to {name} = {borders[0]}: {found.words(runs[0])}"]
    told += [
        f"from {border} on {change(found, before, after)}"
        for border, before, after in zip(borders, runs, runs[1:], strict=False)
    ]
    return "; ".join(told)


def change(found: Regimes, before: Regime, after: Regime) -> str:
    """A region after another in words: what it has more, or less, or else the whole of it."""
    more = [number for number in after.outcomes if number not in before.outcomes]
    less = [number for number in before.outcomes if number not in after.outcomes]
    same = before.mixed == tuple(number for number in after.mixed if number not in more)
    if before.kind == after.kind == "outcomes" and same and after.outcomes != tuple(more):
        if not less:
            return f"also {found.words(Regime('outcomes', tuple(more), tuple(set(more) & set(after.mixed))))}"
        if not more:
            return f"no longer {found.words(Regime('outcomes', tuple(less)))}"
    return found.words(after)


def roundest(low: float, high: float, *, down: bool = False) -> str:
    """The number with the fewest digits above ``low`` and up to ``high``; ``down``: from ``low`` on, below ``high``.

    So what ends at ``low`` is below it, and what begins at ``high`` from it on.
    """
    for digits in range(12):
        unit = 10.0**-digits
        candidate = np.ceil(high / unit - 1) * unit if down else np.floor(low / unit + 1) * unit
        if low <= candidate <= high:
            return f"{candidate + 0.0:.{digits}f}"  # no minus before a zero
    return f"{high:g}"


def rises(number: NDArray[np.float64], axes: dict[str, NDArray[np.float64]]) -> str:
    """Which way a number ``(X, ...)`` goes along each parameter, in words; NaN where there is none."""
    told = []
    for place, (name, points) in enumerate(axes.items()):
        where = np.broadcast_to(
            np.expand_dims(points, [a for a in range(number.ndim) if a != place]), number.shape
        )
        known = np.isfinite(number)
        if known.sum() < 3 or np.ptp(number[known]) == 0 or np.ptp(where[known]) == 0:
            continue
        together = float(np.corrcoef(ranks(where[known]), ranks(number[known]))[0, 1])  # Spearman's
        if abs(together) > STRONG:
            told.append(f"{'rises' if together > 0 else 'falls'} with {name}")
    return " and ".join(told)


def ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Places in order, ``(n,) -> (n,)``; equal values share one.  scipy.stats takes a second to be imported."""
    _, which, count = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(count) - (count - 1) / 2)[which]


STRONG = 0.4  # rank correlation from which on a number is said to go with a parameter
