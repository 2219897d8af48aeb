"""The verdict on every cell, in one pass over what is claimed and what the game says of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.kernels import kernel

__all__ = ["verdicts"]


@kernel()
def verdicts(
    component: NDArray[np.int32],
    residual: NDArray[np.float64],
    index: NDArray[np.int8],
    tolerance: float,
    count: NDArray[np.int64],
    refutes: NDArray[np.bool_],
    proved: NDArray[np.bool_],
) -> int:
    """Write ``count (C,)``, which cells are refuted and in which the indices sum to one.

    ``component (C, K)`` counts until the first negative one; a residual beyond ``tolerance``, or none,
    refutes.
    """
    cells, most = residual.shape
    for c in range(cells):
        indices, held, claimed = 0, True, most
        for k in range(most):
            if component[c, k] < 0:
                claimed = k
                break
            held = held and residual[c, k] <= tolerance
            indices += index[c, k]
        count[c] = claimed
        refutes[c] = not held
        proved[c] = indices == 1
    return 0
