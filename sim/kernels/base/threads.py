"""Blocks of cells on all cores: kernels release the interpreter lock, so plain threads will do."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from threading import Thread
from typing import Any, TypeVar

from sim.kernels import interpreted

__all__ = ["known_lengths", "over_blocks"]

Result = TypeVar("Result")
MANY, SMALL = 100_000, 4


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def over_blocks(work: Callable[[int, int], Result], cells: int, block: int) -> list[Result]:
    """``work(first, last)`` of consecutive blocks of cells, in their order; one block uses this thread.

    So do all of them where the machine starts no thread, and where kernels run as Python.  Threads end with
    the call: a pool that stays would be lost in the child of a fork, which waits for it for ever.
    """
    bounds = [(first, min(first + block, cells)) for first in range(0, cells, block)]
    threads = min(cores(), len(bounds))
    if threads < 2 or interpreted.now():
        return [work(first, last) for first, last in bounds]
    left = deque(range(len(bounds)))
    # each outcome has its place before anything is done, so that none needs memory when there is none left
    outcomes: list[Any] = [None] * len(bounds)
    errors: list[BaseException | None] = [MemoryError("a thread ended before its work")] * len(bounds)

    def drain() -> None:
        while left:
            try:
                number = left.popleft()
            except IndexError:  # another thread took the last one
                return
            try:
                outcomes[number] = work(*bounds[number])
                errors[number] = None
            except BaseException as error:  # noqa: BLE001 - raised below, in the thread that asked
                errors[number] = error
                left.clear()  # what comes later is of no use

    started: list[Thread] = []
    try:
        for _ in range(threads):
            thread = Thread(target=drain, name="cells")
            try:
                thread.start()
            except RuntimeError:  # no more are to be had
                drain()
                break
            started.append(thread)
        for thread in started:
            thread.join()
    finally:
        left.clear()  # an interruption: nobody goes on
    for error in errors:
        if error is not None:
            raise error
    return outcomes


def known_lengths(cells: int, shape: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """Tuples as long as there are actions, for kernels to be compiled anew for this shape, or empty ones.

    That takes seconds once for each small shape, and saves a fifth of the time: for large batches only.
    """
    worth = cells >= MANY and max(shape) <= SMALL
    return tuple((0,) * size if worth else () for size in shape)
