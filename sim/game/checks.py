"""What callers of the Python interface give, numbers and labels: brought into form, or refused in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from sim.game import Floats

__all__ = ["labels", "numbers"]


def numbers(what: str, value: Any) -> Floats:
    """An array of floats in C order that can be written to, copied only where ``value`` is none.

    Compiled code takes such arrays; for others it would be compiled again.
    Raises ValueError for texts, dates, complex numbers, None and ragged lists.
    """
    must = f"{what} must be numbers in an array of regular shape"
    try:
        array = np.asarray(value)
        texts = array.dtype.kind == "O" and any(item is None or isinstance(item, str) for item in array.flat)
        if array.dtype.kind in "biufO" and not texts:
            return np.require(array, np.float64, ["C", "W", "A"])
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{must}: {error}") from None
    raise ValueError(f"{must}, not {'text or None' if texts else array.dtype}")


def labels(what: str, given: Any) -> tuple[str, ...]:
    """Labels as texts; raises ValueError where they are no list, or one stands twice."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise ValueError(  # noqa: TRY004 - the one error of wrong input
            f"{what} must be a list of labels, not {given!r}"
        )
    result = tuple(str(label) for label in given)
    twice = [label for label in dict.fromkeys(result) if result.count(label) > 1]
    if twice:
        raise ValueError(f"{what} must differ, {twice[0]!r} stands twice")
    return result
