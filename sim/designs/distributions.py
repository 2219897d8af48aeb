"""What is believed of a number before it is known: distributions between two bounds, by their quantiles.

A belief gives the value below which a share ``u`` of it lies; points of a design are made so from points of the unit
cube.  Values then go to a lattice of short decimals, so that exact arithmetic stays as quick as floats are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from sim.expression.numbers import Number, fraction
from sim.game import Floats

__all__ = [
    "Belief",
    "Beta",
    "Choices",
    "Lattice",
    "LogUniform",
    "Normal",
    "Quantiles",
    "Triangular",
    "Uniform",
]

PLACES = 5  # decimals of the unit to which values are rounded


class Belief(Protocol):
    """A distribution on ``low .. high``."""

    @property
    def low(self) -> float:
        """Nothing is believed to lie below."""
        ...

    @property
    def high(self) -> float:
        """Nothing is believed to lie above."""
        ...

    def quantile(self, u: Floats) -> Floats:
        """The value below which a share ``u`` lies, ``(..) -> (..)``, for ``u`` in [0, 1]."""
        ...

    def within(self, low: float, high: float) -> Belief:
        """What is believed given that the value lies in ``low .. high``.

        Raises ValueError where next to nothing is believed to lie there.
        """
        ...


@dataclass(frozen=True)
class Uniform:
    """Every value as likely as any other."""

    low: float
    high: float

    def quantile(self, u: Floats) -> Floats:
        """Straight from low to high."""
        return self.low + (self.high - self.low) * u

    def within(self, low: float, high: float) -> Uniform:
        """Uniform on the narrower range."""
        return Uniform(low, high)


@dataclass(frozen=True)
class LogUniform:
    """Every order of magnitude as likely as any other; ``low`` above 0."""

    low: float
    high: float

    def quantile(self, u: Floats) -> Floats:
        """Straight in the logarithm."""
        return np.asarray(self.low * np.exp(math.log(self.high / self.low) * u))

    def within(self, low: float, high: float) -> LogUniform:
        """The same on the narrower range."""
        return LogUniform(low, high)


@dataclass(frozen=True)
class Normal:
    """A normal distribution of this mean and standard deviation, cut to the bounds.

    Raises ValueError where the bounds hold next to nothing of it.
    """

    mean: float
    deviation: float
    low: float
    high: float

    def __post_init__(self) -> None:
        _, length = self.stretch
        if not length > 0:
            raise ValueError(
                f"next to nothing of a normal distribution with mean {self.mean:g} and deviation "
                f"{self.deviation:g} lies in {self.low:g} .. {self.high:g}"
            )

    @cached_property
    def stretch(self) -> tuple[float, float]:
        """The probability of the tail beyond the near bound, and that between the bounds.

        Taken in the tail in which the bounds lie, where differences are exact.
        """
        low, high = ((end - self.mean) / self.deviation for end in (self.low, self.high))
        if self.above:
            low, high = -high, -low
        start = math.erfc(-low / math.sqrt(2)) / 2
        return start, math.erfc(-high / math.sqrt(2)) / 2 - start

    @property
    def above(self) -> bool:
        """Whether the bounds lie more above the mean than below."""
        return self.low + self.high > 2 * self.mean

    def quantile(self, u: Floats) -> Floats:
        """By the inverse of the error function, in the tail in which the bounds lie."""
        from scipy.special import ndtri

        start, length = self.stretch
        sign = -1.0 if self.above else 1.0
        share = 1 - u if self.above else u
        found = self.mean + sign * self.deviation * ndtri(start + length * share)
        return np.asarray(np.clip(found, self.low, self.high))

    def within(self, low: float, high: float) -> Normal:
        """The same normal distribution, cut further."""
        return Normal(self.mean, self.deviation, low, high)


@dataclass(frozen=True)
class Triangular:
    """Rising in a straight line to the peak and falling from there."""

    peak: float
    low: float
    high: float

    def quantile(self, u: Floats) -> Floats:
        """Roots of squares on both sides of the peak."""
        width, rise = self.high - self.low, self.peak - self.low
        fall = self.high - self.peak
        below = self.low + np.sqrt(u * width * rise)
        return np.asarray(np.where(u * width < rise, below, self.high - np.sqrt((1 - u) * width * fall)))

    def share(self, value: float) -> float:
        """The share below a value."""
        width, rise, fall = self.high - self.low, self.peak - self.low, self.high - self.peak
        if value < self.peak:
            return (value - self.low) ** 2 / (width * rise)
        return 1 - (self.high - value) ** 2 / (width * fall) if fall else 1.0

    def within(self, low: float, high: float) -> Belief:
        """The part of the triangle over the narrower range."""
        return part(self, low, high)


@dataclass(frozen=True)
class Beta:
    """A beta distribution, stretched from 0 .. 1 to the bounds."""

    first: float
    second: float
    low: float
    high: float

    def quantile(self, u: Floats) -> Floats:
        """By the inverse of the incomplete beta function."""
        from scipy.special import betaincinv

        return np.asarray(self.low + (self.high - self.low) * betaincinv(self.first, self.second, u))

    def share(self, value: float) -> float:
        """The share below a value."""
        from scipy.special import betainc

        return float(betainc(self.first, self.second, (value - self.low) / (self.high - self.low)))

    def within(self, low: float, high: float) -> Belief:
        """The part over the narrower range."""
        return part(self, low, high)


@dataclass(frozen=True)
class Quantiles:
    """What an expert says: these shares lie below these values; straight lines between, ends at the bounds."""

    shares: tuple[float, ...]
    values: tuple[float, ...]
    low: float
    high: float

    @cached_property
    def line(self) -> tuple[Floats, Floats]:
        """Shares and values with both ends."""
        return np.array([0.0, *self.shares, 1.0]), np.array([self.low, *self.values, self.high])

    def quantile(self, u: Floats) -> Floats:
        """Along the lines."""
        return np.asarray(np.interp(u, *self.line))

    def share(self, value: float) -> float:
        """The share below a value."""
        shares, values = self.line
        return float(np.interp(value, values, shares))

    def within(self, low: float, high: float) -> Belief:
        """The part over the narrower range."""
        return part(self, low, high)


@dataclass(frozen=True)
class Choices:
    """One of a few values, each with its probability, in rising order."""

    values: tuple[float, ...]
    probabilities: tuple[float, ...]

    @property
    def low(self) -> float:
        """The lowest of the values."""
        return self.values[0]

    @property
    def high(self) -> float:
        """The highest of the values."""
        return self.values[-1]

    def quantile(self, u: Floats) -> Floats:
        """The first value up to which the probabilities reach ``u``."""
        reached = np.cumsum(self.probabilities)[:-1]
        return np.asarray(self.values)[np.searchsorted(reached, u, side="right")]

    def within(self, low: float, high: float) -> Choices:
        """Those of the values that lie in the range, in the same proportions."""
        kept = [
            (value, probability)
            for value, probability in zip(self.values, self.probabilities, strict=True)
            if low <= value <= high
        ]
        total = sum(probability for _, probability in kept)
        if not total > 0:
            raise ValueError(f"none of the choices lies in {low:g} .. {high:g}")
        return Choices(tuple(value for value, _ in kept), tuple(p / total for _, p in kept))


@dataclass(frozen=True)
class Part:
    """The stretch of another belief in which its shares run from ``start`` over a ``length``."""

    whole: Belief
    start: float
    length: float
    low: float
    high: float

    def quantile(self, u: Floats) -> Floats:
        """Quantiles of the whole, in the stretch."""
        found = self.whole.quantile(np.asarray(self.start + self.length * u))
        return np.asarray(np.clip(found, self.low, self.high))

    def within(self, low: float, high: float) -> Belief:
        """A part of a part is a part."""
        return self.whole.within(low, high)


def part(belief: Triangular | Beta | Quantiles, low: float, high: float) -> Belief:
    """What is believed given that the value lies in a narrower range."""
    start = belief.share(low)
    length = belief.share(high) - start
    if not length > 0:
        raise ValueError(f"next to nothing is believed to lie in {low:g} .. {high:g}")
    return Part(belief, start, length, low, high)


@dataclass(frozen=True)
class Lattice:
    """Short decimals from ``low`` to ``high``: multiples of ``1 / unit``, at least 10**5 of them on the way.

    Sums and products of such numbers are decided by rounding floats (:mod:`sim.expression.decimals`); raw points
    would cost a hundred times as much wherever payoffs tie.
    """

    first: int
    last: int
    unit: int
    times: int = 1  # of 1 / unit: where values are larger than the lattice is fine

    @classmethod
    def between(cls, low: Number, high: Number, places: int = PLACES) -> Lattice:
        """The lattice of a range ``low < high``, fine enough for so many decimals of its width."""
        width = fraction(high) - fraction(low)
        step = places - math.floor(math.log10(width))
        unit, times = 10 ** max(step, 0), 10 ** max(-step, 0)
        return cls(
            math.ceil(fraction(low) * unit / times), math.floor(fraction(high) * unit / times), unit, times
        )

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest of its points."""
        return self.first * self.times / self.unit, self.last * self.times / self.unit

    def nearest(self, values: Floats) -> Floats:
        """The nearest points of the lattice, none of them out of bounds, ``(..) -> (..)``."""
        numbers = np.rint(values * (self.unit / self.times))
        return np.asarray(np.clip(numbers, self.first, self.last) * self.times / self.unit)
