"""Parameters in a line: numbers, and of batches the range of each that varies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.output.wording import KEPT, amount, filled

__all__ = ["settings"]


def settings(parameters: Mapping[str, Any]) -> str:
    """``prize = 20, threat = 0.5 .. 1.5``, in lines that can be read."""
    return filled(", ".join(f"{name}{KEPT}={KEPT}{spanned(value)}" for name, value in parameters.items()))


def spanned(value: Any) -> str:
    """A number, or the lowest and the highest of several."""
    if not np.ndim(value):
        return amount(value)
    low, high = min(value), max(value)
    return amount(low) if low == high else f"{amount(low)}{KEPT}..{KEPT}{amount(high)}"
