"""What callers of the Python interface give, numbers and labels: brought into form, or refused in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from sim.game import Floats

__all__ = ["checked_discount", "labels", "numbers", "payoff_readings"]


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


def payoff_readings(array: Floats, before: int) -> list[Floats]:
    """An array as payoffs, as it is and as one game, where either can be: cell first, one axis of actions a player.

    ``before`` axes come before those of the actions: 2 in ``(C, n, A1, .., An)``, 3 in ``(C, n, S, A1, .., An)``.
    """
    return [
        reading
        for reading in (array, array[np.newaxis])
        if reading.ndim > before and reading.shape[1] == reading.ndim - before and 0 not in reading.shape[1:]
    ]


def checked_discount(what: str, value: Any, players: int, *, one: bool = False) -> Floats:
    """Discounts ``(C or 1, n)`` from a number, one for each player, or ``(cells, n)``, or ``(cells, 1)``.

    ``one`` says that 1 itself is allowed: where play ends.  NaN is left to the certificate.
    Raises ValueError for what is no discount.
    """
    array = numbers(what, value)
    if array.ndim > 2 or (array.ndim > 0 and array.shape[-1] not in {1, players}):
        raise ValueError(
            f"{what} has shape {array.shape}; it must be a number, one for each of {players} players, "
            f"or (cells, {players})"
        )
    inside = (array >= 0.0) & ((array <= 1.0) if one else (array < 1.0))
    wrong = ~(inside | np.isnan(array))
    if wrong.any():
        highest = "at most" if one else "below"
        raise ValueError(f"{what} must be at least 0 and {highest} 1; got {array[wrong].ravel()[0]}")
    return np.broadcast_to(array, (len(array) if array.ndim == 2 else 1, players)).copy()
