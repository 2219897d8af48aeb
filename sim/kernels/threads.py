"""Blocks of cells on all cores: kernels release the interpreter lock, so plain threads will do."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

__all__ = ["over_blocks"]

Result = TypeVar("Result")


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
