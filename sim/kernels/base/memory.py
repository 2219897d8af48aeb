"""Memory of large arrays, used again: fresh pages take longer to come than results to be written.

The system hands out every page zeroed, and takes large arrays back as soon as they are dropped.  A batch
of a million small games writes hundreds of megabytes, so that a third of its time would go there.
"""

from __future__ import annotations

import weakref
from math import prod
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

__all__ = ["empty"]

LARGE = 2**22  # bytes from which it pays
MOST_IDLE = 2**28  # bytes kept for later, in all

idle: dict[int, NDArray[np.uint8]] = {}
"""What nobody holds any more, oldest first, by its identity; single steps on it are safe among threads."""


def empty(shape: tuple[int, ...], dtype: DTypeLike = np.float64) -> NDArray[Any]:
    """An array of any content, as ``np.empty`` gives it."""
    kind = np.dtype(dtype)
    size = prod(shape) * kind.itemsize
    if size < LARGE:
        return np.empty(shape, kind)
    fitting = [key for key, memory in list(idle.items()) if size <= memory.nbytes <= 2 * size]
    taken = (idle.pop(key, None) for key in fitting)
    memory = next((each for each in taken if each is not None), None)
    if memory is None:
        memory = np.empty(size, np.uint8)
    # views of an array over a buffer keep that array alive, so that its end is the end of all of them
    owner = np.frombuffer(memory.data, kind, prod(shape))
    weakref.finalize(owner, keep, memory).atexit = False
    return owner.reshape(shape)


def keep(memory: NDArray[np.uint8]) -> None:
    """Keep memory for later arrays, and let go of the oldest beyond ``MOST_IDLE``."""
    idle[id(memory)] = memory
    kept = list(idle.items())
    excess = sum(each.nbytes for _, each in kept) - MOST_IDLE
    for key, each in kept:
        if excess > 0 and idle.pop(key, None) is not None:
            excess -= each.nbytes
