"""The region in which a model is meant, checked: whatever lies outside is told in a sentence."""

from __future__ import annotations

import math

__all__ = ["demand", "probability"]


def demand(what: str, *, holds: bool) -> None:
    """Raise ValueError with ``what`` must hold, where it does not."""
    if not holds:
        raise ValueError(f"outside the region in which the model is meant: {what}")


def probability(**given: float) -> None:
    """Raise ValueError for numbers that are not from 0 to 1."""
    for name, value in given.items():
        demand(
            f"{name} is a probability, from 0 to 1, got {value}",
            holds=math.isfinite(value) and 0 <= value <= 1,
        )
