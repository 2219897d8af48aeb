"""Blocks of cells on all cores: kernels release the interpreter lock, so plain threads will do."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

__all__ = ["known_lengths", "over_blocks"]

Result = TypeVar("Result")
MANY, SMALL = 100_000, 4


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def pool(threads: int) -> ThreadPoolExecutor:
    """The threads, started once."""
    return ThreadPoolExecutor(threads, thread_name_prefix="cells")


def over_blocks(work: Callable[[int, int], Result], cells: int, block: int) -> list[Result]:
    """``work(first, last)`` of consecutive blocks of cells, in their order; one block uses this thread."""
    bounds = [(first, min(first + block, cells)) for first in range(0, cells, block)]
    threads = min(cores(), len(bounds))
    if threads < 2:
        return [work(first, last) for first, last in bounds]
    return list(pool(threads).map(lambda bound: work(*bound), bounds))


def known_lengths(cells: int, shape: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """Tuples as long as there are actions, for kernels to be compiled anew for this shape, or empty ones.

    That takes seconds once for each small shape, and saves a fifth of the time: for large batches only.
    """
    worth = cells >= MANY and max(shape) <= SMALL
    return tuple((0,) * size if worth else () for size in shape)
