"""Whether any number is so large or so small that floats cannot compute with it."""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel

__all__ = ["LARGEST", "SMALLEST", "any_extreme"]

LARGEST = 1e303
"""Above this, sums of a few payoffs overflow."""

SMALLEST = 1e-303
"""Below this, payoffs in units of their range do: the range has no finite inverse, or lost its digits."""


@kernel()
def any_extreme(numbers: Array) -> int:
    """1 where a finite number is beyond LARGEST, or so near 0 that a difference may be below SMALLEST."""
    found = 0
    for number in numbers:
        size = abs(number)
        found |= int((size > LARGEST) & (size < np.inf)) | int((size > 0.0) & (size < SMALLEST * 1e17))
    return found
