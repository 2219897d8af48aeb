"""Numbers as somebody wrote them: a float where it tells what was written, else a fraction.

A float tells a number if the number is the shortest decimal that names the float: 0.1 is told by a float,
one third, 2**53 + 1 and 0.1000000000000000000001 are not, and stay fractions.  Floats are computed with in
any case; exact arithmetic reads what was written.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction
from numbers import Rational, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "NUMERAL",
    "NUMERAL_TEXT",
    "Number",
    "decimal",
    "fraction",
    "is_masked",
    "is_numeral",
    "numbers_as_written",
    "read_number",
    "written",
]

Number = float | Fraction

DIGITS = r"[0-9](?:_?[0-9])*"
NUMERAL = rf"(?:{DIGITS}(?:\.(?:{DIGITS})?)?|\.{DIGITS})(?:[eE][+-]?[0-9]+)?"
"""A decimal without a sign, as formulas and files write it."""

NUMERAL_TEXT = rf"\s*(?:([+-])\s*)?({NUMERAL})\s*(?:/\s*({NUMERAL})\s*)?"
"""A number as a text of its own: sign, decimal, and for a fraction another decimal."""

WHOLE_TEXT = re.compile(NUMERAL_TEXT)
PLAIN = re.compile(r"[0-9.]{1,15}")  # of which floats tell every one
LONGEST = 400  # characters of a decimal
LARGEST_EXPONENT = 400  # beyond, a power of ten is no float, and would fill the memory as a fraction
LARGEST_WHOLE = 2**53  # up to here floats tell every whole number


def is_numeral(text: str) -> bool:
    """Whether a text has the shape of a number."""
    return WHOLE_TEXT.fullmatch(text) is not None


def read_number(text: str) -> Number:
    """The number that a text is: ``"0.25"``, ``"-1e-3"``, ``"1/3"``, with any count of digits.

    Raises ValueError, with what is wrong behind the text, for anything else.
    """
    match = WHOLE_TEXT.fullmatch(text)
    if match is None:
        raise ValueError(f"{text[:60]!r} is no number; write one as 0.25, -3, 1e-3 or 1/3")
    sign, above, below = match.groups()
    top = decimal(above)
    number: Number = top
    if below is not None:
        bottom = decimal(below)
        if not bottom:
            raise ValueError(f"{text[:60]!r} is a division by zero")
        number = written(fraction(top) / fraction(bottom))
    return -number if sign == "-" else number


def decimal(text: str) -> Number:
    """The number of a text that matches ``NUMERAL``.  Raises ValueError where it is too large, small or long."""
    if PLAIN.fullmatch(text):
        return float(text)
    if len(text) > LONGEST:
        raise ValueError(f"the number {text[:20]}... has {len(text)} characters; at most {LONGEST} are read")
    mantissa, _, exponent = text.lower().replace("_", "").partition("e")
    power = int(exponent or 0)
    if not mantissa.strip("0."):
        return 0.0
    size = float(text)
    if math.isinf(size):
        raise ValueError(f"the number {text[:20]} is too large")
    if abs(power) > LARGEST_EXPONENT:
        raise ValueError(f"the number {text[:20]} is too small to be told from 0")
    return written(Fraction(f"{mantissa}e{power}"))


def written(number: Any) -> Number:
    """A number as a float where that tells it, else as a fraction.  Raises TypeError for what is none.

    It may be a float, a whole number, a fraction or a decimal, of Python or of numpy.
    """
    if isinstance(number, Fraction):
        return nearest_or(number)
    if isinstance(number, (float, np.float16, np.float32)):
        return float(number)
    if isinstance(number, (int, np.integer)) and -LARGEST_WHOLE <= number <= LARGEST_WHOLE:
        return float(number)
    if isinstance(number, Decimal) and number.is_finite():
        if abs(number.adjusted()) > LARGEST_EXPONENT and number:
            raise OverflowError("a number is too large or too small for a float")
        exact = Fraction(number)
    elif isinstance(number, (Rational, np.integer)):
        exact = Fraction(int(number.numerator), int(number.denominator))
    elif isinstance(number, np.longdouble) and np.isfinite(number):
        exact = Fraction(str(number))
    elif isinstance(number, (Real, Decimal, np.bool_)):
        return float(number)
    else:
        raise TypeError(f"{str(number)[:60]!r} is no number")
    return nearest_or(exact)


def nearest_or(exact: Fraction) -> Number:
    """The float that tells a fraction, or the fraction itself.  Raises OverflowError beyond all floats."""
    nearest, below = float(exact), exact.denominator
    if below > 1 and pow(10, below.bit_length(), below):  # no decimal at all, as most fractions
        return exact
    return nearest if fraction(nearest) == exact else exact


def fraction(number: Any) -> Any:
    """What a number written so is, as a fraction: of a float the shortest decimal that names it.

    NaN and infinities stay floats.
    """
    if isinstance(number, Fraction):
        return number
    return Fraction(repr(float(number))) if math.isfinite(number) else float(number)


def numbers_as_written(value: Any) -> NDArray[Any]:
    """An array of any shape: of numbers where floats tell them all, else of objects, floats and fractions.

    Numbers in arrays of floats are taken to be the decimals that they show.  Raises TypeError, ValueError or
    OverflowError for what holds no numbers.
    """
    array = np.asarray(value)
    given = array if isinstance(value, np.ndarray) else None
    if array.dtype.kind not in "biufO":
        raise TypeError(f"not {array.dtype}")
    if array.dtype.kind == "f" and array.dtype.itemsize <= 8:
        # numpy makes floats of a list of whole numbers and floats
        if given is not None or not (np.abs(array) >= LARGEST_WHOLE).any():
            return array
        array = np.array(value, dtype=object)
    if array.dtype.kind in "iu" and not ((array > LARGEST_WHOLE) | (array < -LARGEST_WHOLE)).any():
        return array
    if array.dtype.kind == "b":
        return array
    items = [written(item) for item in array.ravel().tolist()]
    if all(isinstance(item, float) for item in items):
        return np.array(items, dtype=np.float64).reshape(array.shape)
    result = np.empty(len(items), dtype=object)
    result[:] = items
    return result.reshape(array.shape)


def is_masked(value: Any) -> bool:
    """Whether a masked array is, or is somewhere inside lists: what it hides is no number."""
    if isinstance(value, np.ma.MaskedArray):
        return True
    inner = (list, tuple, np.ma.MaskedArray)
    return isinstance(value, (list, tuple)) and any(
        isinstance(item, inner) and is_masked(item) for item in value
    )
