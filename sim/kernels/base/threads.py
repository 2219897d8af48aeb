"""Blocks of cells on all cores: kernels release the interpreter lock, so plain threads will do."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from queue import SimpleQueue
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


if hasattr(os, "register_at_fork"):
    # a child of a fork has none of the threads, and would wait for them for ever
    os.register_at_fork(after_in_child=pool.cache_clear)


def over_blocks(work: Callable[[int, int], Result], cells: int, block: int) -> list[Result]:
    """``work(first, last)`` of consecutive blocks of cells, in their order; one block uses this thread.

    So do all of them where the machine starts no thread.
    """
    bounds = [(first, min(first + block, cells)) for first in range(0, cells, block)]
    threads = min(cores(), len(bounds))
    if threads < 2:
        return [work(first, last) for first, last in bounds]
    left = deque(range(len(bounds)))
    ended: SimpleQueue[tuple[int, Result | Exception]] = SimpleQueue()

    def drain() -> None:
        while left:
            try:
                number = left.popleft()
            except IndexError:  # another thread took the last one
                return
            try:
                ended.put((number, work(*bounds[number])))
            except Exception as error:  # noqa: BLE001 - raised again below, by the thread that asked
                ended.put((number, error))

    try:
        for _ in range(threads):
            try:
                pool(threads).submit(drain)
            except RuntimeError:  # no thread to be had; one that is there already may still lend a hand
                drain()
        found = dict(ended.get() for _ in bounds)
    finally:
        left.clear()  # an interruption: nobody goes on
    outcomes = [found[number] for number in range(len(bounds))]
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome
    return outcomes  # type: ignore[return-value] # none of them is an exception


def known_lengths(cells: int, shape: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """Tuples as long as there are actions, for kernels to be compiled anew for this shape, or empty ones.

    That takes seconds once for each small shape, and saves a fifth of the time: for large batches only.
    """
    worth = cells >= MANY and max(shape) <= SMALL
    return tuple((0,) * size if worth else () for size in shape)
