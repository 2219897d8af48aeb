"""What callers of the Python interface give, numbers and labels: brought into form, or refused in a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.expression.numbers import fraction, is_masked, numbers_as_written
from sim.game import Floats, Outcomes

__all__ = [
    "Written",
    "checked_discount",
    "checked_outcomes",
    "labels",
    "numbers",
    "payoff_readings",
    "rounded_cells",
    "with_exact",
]


def numbers(what: str, value: Any) -> Floats:
    """An array of floats in C order that can be written to, copied only where ``value`` is none.

    Compiled code takes such arrays; for others it would be compiled again.
    Raises ValueError for texts, dates, complex numbers, None, masked arrays and ragged lists.
    """
    return with_exact(what, value)[0]


def with_exact(what: str, value: Any) -> tuple[Floats, NDArray[Any] | None]:
    """The same array, and where floats round a number of it another one of what was written, else None.

    Fractions, decimals and whole numbers beyond 2**53 are such numbers.  Raises ValueError as
    :func:`numbers` does.
    """
    must = f"{what} must be numbers in an array of regular shape"
    if is_masked(value):
        raise ValueError(f"{must}, and this one is masked: what the mask hides is no number; fill it first")
    try:
        array = numbers_as_written(value)
        floats = np.require(array, np.float64, ["C", "W", "A"])
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{must}: {error}") from None
    return floats, array if array.dtype == object else None


@dataclass(frozen=True)
class Written:
    """Payoffs of chosen cells as fractions, ``(E,) -> (E, n, A1, .., An)``, from a table of what was written."""

    table: NDArray[Any]

    def __call__(self, cells: NDArray[Any]) -> NDArray[Any]:
        """The fractions of the chosen cells (positions)."""
        found: NDArray[Any] = np.frompyfunc(fraction, 1, 1)(self.table[cells])
        return found


def rounded_cells(given: Any, cells: int, *tables: NDArray[Any] | None) -> NDArray[np.bool_]:
    """Cells in which floats round a number that was written, ``(C,)``.

    ``given`` says so for one or all; a table ``(C or 1, ..)`` or ``None`` as :func:`with_exact` gives it.
    """
    result = np.zeros(cells, np.bool_) | np.asarray(given, np.bool_)
    for table in tables:
        if table is not None:
            odd = np.array([isinstance(item, Fraction) for item in table.flat]).reshape(len(table), -1)
            result = result | odd.any(axis=1)
    return result


def checked_outcomes(outcomes: Any, *shapes: tuple[int, ...]) -> None:
    """Raise ValueError for what are no outcomes of joint actions; nothing is said of None."""
    if outcomes is None:
        return
    if not isinstance(outcomes, Outcomes):
        raise ValueError(  # noqa: TRY004 - the one error of wrong input
            f"outcomes must be sim.game.Outcomes, names with a table of which joint action has which, "
            f"not a {type(outcomes).__name__}"
        )
    if np.shape(outcomes.of) not in shapes:
        raise ValueError(
            f"outcomes have shape {np.shape(outcomes.of)}; expected {' or '.join(map(str, shapes))}"
        )


def labels(what: str, given: Any) -> tuple[str, ...]:
    """Labels as texts; raises ValueError where they are no list, or one stands twice."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise ValueError(  # noqa: TRY004 - the one error of wrong input
            f"{what} must be a list of labels, not {given!r}"
        )
    result = tuple(str(label) for label in given)
    if len(set(result)) < len(result):
        twice = next(label for label, count in Counter(result).items() if count > 1)
        raise ValueError(f"{what} must differ, {twice!r} stands twice")
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
