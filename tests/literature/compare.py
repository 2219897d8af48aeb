"""What differs between an answer and what is expected, in words."""

from __future__ import annotations

from numbers import Number

import numpy as np


def differs(expected, found, tol, place=""):
    """The first difference, as text; nothing where all agrees.  What is found beyond what is expected is not looked at."""
    if isinstance(found, np.ndarray | np.generic):
        found = found.tolist()
    if expected is None or found is None:
        return "" if expected is None and found is None else said(place, expected, found)
    if isinstance(expected, bool) or isinstance(found, bool):
        return "" if bool(expected) == bool(found) else said(place, expected, found)
    if isinstance(expected, Number):
        if isinstance(found, Number) and abs(expected - found) <= tol:
            return ""
        return said(place, expected, found)
    if isinstance(expected, str):
        return "" if expected == found else said(place, expected, found)
    if isinstance(expected, dict):
        return of_tables(expected, found, tol, place)
    return of_lists(list(expected), found, tol, place)


def said(place, expected, found):
    """``x_lo: expected 0.4, found 0.5``."""
    return f"{place}: expected {expected}, found {found}".lstrip(": ")


def of_tables(expected, found, tol, place):
    """The first key that differs."""
    if not isinstance(found, dict):
        return said(place, expected, found)
    for key, value in expected.items():
        if key not in found:
            return f"{place}.{key}: not computed".lstrip(".")
        told = differs(value, found[key], tol, f"{place}.{key}".lstrip("."))
        if told:
            return told
    return ""


def of_lists(expected, found, tol, place):
    """Numbers in their order; tables, lists and texts as sets."""
    if not isinstance(found, list | tuple) or len(expected) != len(found):
        return said(place, expected, found)
    if all(isinstance(item, Number) or item is None for item in expected):
        pairs = zip(expected, found, strict=True)
        return next(filter(None, (differs(a, b, tol, f"{place}[{i}]") for i, (a, b) in enumerate(pairs))), "")
    left = list(found)
    for item in expected:
        match = next((k for k, other in enumerate(left) if not differs(item, other, tol)), None)
        if match is None:
            return f"{place}: {item} is missing among {found}"
        del left[match]
    return ""
