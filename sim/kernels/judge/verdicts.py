"""The verdict on every cell, in one pass over what is claimed and what the game says of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.kernels import kernel

__all__ = ["verdicts"]


@kernel()
def verdicts(
    claimed: tuple[NDArray[np.int8], NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]],
    component: NDArray[np.int32],
    residual: NDArray[np.float64],
    whole: NDArray[np.float64],
    index: NDArray[np.int8],
    indexed: bool,
    tolerance: float,
    codes: tuple[int, int, int],
    count: NDArray[np.int64],
    status: NDArray[np.int8],
    complete: NDArray[np.bool_],
) -> int:
    """Write ``count``, ``status`` and ``complete (C,)``.

    ``claimed`` are status, complete, degenerate and exact ``(C,)``; ``codes`` those of a cell that is ok,
    degenerate, refuted.  ``component (C, K)`` counts until the first negative one.  A residual beyond
    ``tolerance``, or none, refutes, and so does ``whole (C,)`` of what is ok.  Where equilibria are
    ``indexed``, those of cells that are neither degenerate nor exact are complete if indices sum to one.
    """
    claimed_status, claimed_complete, degenerate, exact = claimed
    ok, tied, refuted = codes
    cells, most = residual.shape
    for c in range(cells):
        indices, held, filled = 0, True, most
        for k in range(most):
            if component[c, k] < 0:
                filled = k
                break
            held = held and residual[c, k] <= tolerance
            indices += index[c, k]
        verdict = claimed_status[c]
        if verdict == ok and degenerate[c]:
            verdict = tied
        solved = verdict == ok or verdict == tied
        if not held or (solved and whole[c] > tolerance):
            verdict, solved = refuted, False
        count[c], status[c] = filled, verdict
        complete[c] = (
            claimed_complete[c] and solved and (degenerate[c] or exact[c] or indices == 1 or not indexed)
        )
    return 0
