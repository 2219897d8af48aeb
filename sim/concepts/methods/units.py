"""What residuals are divided by."""

from __future__ import annotations

import numpy as np

from sim.game import Floats

__all__ = ["positive"]


def positive(size: Floats) -> Floats:
    """Something to divide by: 1 where there is nothing."""
    return np.where(size > 0, size, 1.0)
