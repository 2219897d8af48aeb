"""Bounds of polynomials over boxes, by Bernstein coefficients.

Over a box a polynomial lies between the smallest and the largest of its Bernstein coefficients, and takes the values of
those at the corners; where each variable occurs to the first power only, these are all there are.
Source: Zettler and Garloff (1998), Robustness analysis of polynomials with polynomial parameter dependency.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Factor", "signs_over"]

ROUNDED = 2.0**-44  # of the sum of all terms' sizes: more than all operations here can lose


class Factor:
    """A polynomial of some of the variables, as the array of its coefficients by exponents.

    ``axes`` are the variables that it depends on.
    """

    def __init__(self, terms: Mapping[tuple[int, ...], Any], dtype: Any = np.float64) -> None:
        degrees = np.max([*terms], axis=0)
        self.axes = tuple(np.nonzero(degrees)[0].tolist())
        shape = tuple(int(degrees[axis]) + 1 for axis in self.axes)
        self.coefficients = np.zeros(shape, dtype)
        for exponents, coefficient in terms.items():
            self.coefficients[tuple(exponents[axis] for axis in self.axes)] = coefficient

    def bounds(self, low: NDArray[Any], high: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Between what it lies over boxes ``(B, variables)``; coefficients and corners may be fractions."""
        exact = self.coefficients.dtype == object
        found = np.broadcast_to(self.coefficients, (len(low), *self.coefficients.shape))
        sizes = np.abs(found)
        for place, axis in enumerate(self.axes):
            degree = self.coefficients.shape[place] - 1
            found = along(found, place, transforms(low[:, axis], high[:, axis], degree))
            if not exact:
                largest = np.maximum(np.abs(low[:, axis]), np.abs(high[:, axis]))
                powers = largest[:, np.newaxis] ** np.arange(degree + 1)
                sizes = along(sizes, place, powers[:, np.newaxis])
        flat = found.reshape(len(low), -1)
        error = 0 if exact else ROUNDED * sizes.reshape(len(low), -1).sum(axis=1)
        return flat.min(axis=1) - error, flat.max(axis=1) + error

    def at(self, points: NDArray[Any]) -> NDArray[Any]:
        """Its values at ``points (B, variables)``."""
        found = np.broadcast_to(self.coefficients, (len(points), *self.coefficients.shape))
        for axis in self.axes:
            value = found[:, -1]
            x = points[:, axis].reshape(-1, *(1,) * (value.ndim - 1))
            for power in range(found.shape[1] - 2, -1, -1):
                value = value * x + found[:, power]
            found = value
        return found

    def noise(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far :meth:`at` may be off at ``points (B, variables)``."""
        absolute = Factor.__new__(Factor)
        absolute.axes, absolute.coefficients = self.axes, np.abs(self.coefficients)
        return np.asarray(ROUNDED * absolute.at(np.abs(points)))


def along(array: NDArray[Any], place: int, matrices: NDArray[Any]) -> NDArray[Any]:
    """Multiply axis ``place`` (after that of boxes) of ``array`` by a matrix for each box."""
    moved = np.moveaxis(array, place + 1, -1)
    shape = moved.shape
    result = moved.reshape(len(array), -1, shape[-1]) @ matrices.transpose(0, 2, 1)
    return np.moveaxis(result.reshape(*shape[:-1], -1), -1, place + 1)


def transforms(low: NDArray[Any], high: NDArray[Any], degree: int) -> NDArray[Any]:
    """From coefficients of powers to Bernstein coefficients over ``[low, high]``: ``(B,) -> (B, degree + 1, same)``."""
    exact = low.dtype == object
    width = high - low
    shifted = np.zeros((len(low), degree + 1, degree + 1), low.dtype)
    for k in range(degree + 1):
        for e in range(k, degree + 1):
            shifted[:, k, e] = comb(e, k) * low ** (e - k) * width**k
    return np.asarray(to_bernstein(degree, exact) @ shifted)


@lru_cache(maxsize=64)
def to_bernstein(degree: int, exact: bool) -> NDArray[Any]:
    """From coefficients of powers over the unit interval to Bernstein coefficients."""
    result = np.zeros((degree + 1, degree + 1), object if exact else np.float64)
    for i in range(degree + 1):
        for k in range(i + 1):
            share = Fraction(comb(i, k), comb(degree, k))
            result[i, k] = share if exact else float(share)
    return result


def signs_over(
    factors: Sequence[Factor], wanted: NDArray[np.bool_], low: NDArray[Any], high: NDArray[Any]
) -> NDArray[np.int8]:
    """Signs that are proved over boxes, ``(B, K)``: 0 where not, or where not ``wanted (B, K)``."""
    result = np.zeros(wanted.shape, np.int8)
    for number in np.nonzero(wanted.any(axis=0))[0].tolist():
        boxes = np.nonzero(wanted[:, number])[0]
        least, most = factors[number].bounds(low[boxes], high[boxes])
        result[boxes, number] = (least > 0).astype(np.int8) - (most < 0).astype(np.int8)
    return result
