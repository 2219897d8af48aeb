"""Sets of labels as the bits of a whole number."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.kernels import kernel
from sim.kernels.lazy import in_compiled_code

__all__ = ["bit_count", "comes_before", "lowest"]


def bit_count(number: Any) -> int:
    """How many bits of an int64 are set."""
    return (int(number) & 2**64 - 1).bit_count()


in_compiled_code(lambda compiler: compiler.counts_bits(bit_count))


@kernel(inline=True)
def comes_before(first: int, second: int) -> bool:
    """Order of supports: smaller ones first, then by the first action only one of them plays."""
    size: int = bit_count(first)
    other_size: int = bit_count(second)
    differing = first ^ second
    return size < other_size if size != other_size else differing & -differing & first != 0


@kernel(inline=True)
def lowest(bits: np.uint64) -> int:
    """Position of the lowest of some bits."""
    position: int = bit_count(np.int64(bits & (~bits + np.uint64(1))) - np.int64(1))
    return position
