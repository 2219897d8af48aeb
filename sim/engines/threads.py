"""Work in threads of this process."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

__all__ = ["Threads"]

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Threads:
    """So many threads.  An interruption while we wait sets ``abandoned``, which asks the work to stop."""

    workers: int
    abandoned: threading.Event = field(default_factory=threading.Event)

    def run(self, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """``work(item)`` for each item, in order; work begun is finished before an error leaves.

        Raises OSError where no thread is to be had.
        """
        with ThreadPoolExecutor(self.workers) as pool:
            running: deque[Future[Result]] = deque()
            try:
                for item in items:
                    try:
                        running.append(pool.submit(work, item))
                    except RuntimeError as error:
                        raise OSError(
                            f"the machine starts no more threads ({error}): "
                            f"sweep with fewer than {self.workers} workers"
                        ) from error
                    if len(running) > self.workers:
                        yield running.popleft().result()
                while running:
                    yield running.popleft().result()
            except KeyboardInterrupt:
                self.abandoned.set()
                raise
            finally:
                for future in running:
                    future.cancel()
