"""Numbers as JSON has them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

__all__ = ["as_number"]


def as_number(value: Any) -> Any:
    """A fraction as text ``"3/7"``; a float without negative zero; null where there is none."""
    if isinstance(value, Fraction):
        return str(value)
    value = float(value) + 0.0
    return value if np.isfinite(value) else None
