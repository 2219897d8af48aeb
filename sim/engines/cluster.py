"""Work on a cluster of dask.distributed: a scheduler, and workers that run on any machines."""

from __future__ import annotations

import contextlib
import importlib
import itertools
import logging
import queue
import re
import time
import uuid
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

__all__ = ["Cluster"]

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD = 4  # items for each thread that are with the scheduler at a time
CONNECT = 10.0  # seconds for the scheduler to answer
JOIN = 60.0  # seconds for a first worker to join, and for another one after the last has gone
LOOK = 1.0  # seconds between looks at who works
TALKATIVE = ("distributed", "distributed.client")  # loggers that have a level of their own
ADDRESS = re.compile(r"(tcp|tls|ucx|ws|wss)://\S+:\d+/?")


@dataclass
class Cluster:
    """The workers of the scheduler at ``address``: ``with Cluster(..) as cluster: cluster.run(work, items)``.

    Entering raises ValueError for what is no address, where dask.distributed is missing, and where no scheduler or no
    worker answers.
    """

    address: str
    client: Any = field(default=None, repr=False)

    def __enter__(self) -> Self:
        if not ADDRESS.fullmatch(self.address):
            raise ValueError(
                f"--scheduler takes the address that `dask scheduler` prints, as in tcp://10.0.0.1:8786, "
                f"not {self.address[:80]!r}"
            )
        try:
            distributed: Any = importlib.import_module("distributed")
        except ImportError:
            raise ValueError(
                "a cluster needs dask.distributed, which is not installed: pip install 'standoff[distributed]'"
            ) from None
        # what goes wrong is told here, in a sentence
        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # versions are compared below
            try:
                self.client = distributed.Client(
                    self.address, timeout=CONNECT, set_as_default=False, name="standoff"
                )
            except (OSError, ValueError) as error:
                raise ValueError(
                    f"no scheduler answers at {self.address} ({first_line(error)}): "
                    "start one with `dask scheduler`, and say the address that it prints"
                ) from None
        try:
            self.wait()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave; what is with the scheduler is forgotten there."""
        with contextlib.suppress(Exception), warnings.catch_warnings():  # it may be gone
            warnings.simplefilter("ignore")
            self.client.close(timeout=2)

    def wait(self) -> None:
        """Until a worker is there."""
        end = time.monotonic() + JOIN
        while not self.threads():
            if time.monotonic() > end:
                raise ValueError(
                    f"no worker has joined the scheduler at {self.address} within {JOIN:g} seconds: "
                    f"start some with `dask worker {self.address}`"
                )
            time.sleep(LOOK / 4)

    def check(self, wrong: Callable[[], str]) -> None:
        """Ask every worker at hand what is wrong with it.

        Raises ValueError where something is, and ConnectionError where the scheduler is gone.
        """
        try:
            answers = self.client.run(wrong, on_error="return")
        except Exception as error:  # what is wrong with a worker is returned
            raise self.gone() from error
        for worker, said in answers.items():
            if isinstance(said, OSError):  # it has gone
                continue
            words = (
                said if isinstance(said, str) else f"it runs no Standoff like this one ({first_line(said)})"
            )
            if words:
                raise ValueError(f"the worker at {worker} is refused: {words}")

    def threads(self) -> int:
        """How many threads the workers have in all.  Raises ConnectionError where the scheduler is gone."""
        try:
            return sum(self.client.nthreads().values())
        except Exception as error:
            raise self.gone() from error

    def gone(self) -> ConnectionError:
        """The scheduler does not answer any more."""
        return ConnectionError(f"the scheduler at {self.address} went away")

    def run(self, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """``work(item)`` for each item, in the order in which they are done; both go to the workers.

        What a worker had that dies is done by another one.  Raises what ``work`` raises, and ConnectionError, which is
        an OSError, where the scheduler or all workers are gone, or an item ended several workers.
        """
        finished: queue.SimpleQueue[Any] = queue.SimpleQueue()
        flying: set[Any] = set()
        left, several = enumerate(items), uuid.uuid4().hex
        room, looked = AHEAD * max(self.threads(), 1), time.monotonic()
        met = looked  # when somebody was last seen to work
        while True:
            for number, item in itertools.islice(left, max(room - len(flying), 0)):
                future = self.client.submit(work, item, key=f"standoff-{several}-{number}", pure=False)
                flying.add(future)
                future.add_done_callback(finished.put)
            if not flying:
                return
            with contextlib.suppress(queue.Empty):
                future = finished.get(timeout=LOOK)
                flying.discard(future)
                yield self.result(future)
            if time.monotonic() - looked >= LOOK:
                threads, looked = self.threads(), time.monotonic()
                room = AHEAD * max(threads, 1)
                met = looked if threads else met
                if looked - met > JOIN:
                    raise ConnectionError(f"no worker is left at {self.address}")

    def result(self, future: Any) -> Any:
        """What came of an item."""
        from concurrent.futures import CancelledError

        from distributed import KilledWorker

        if future.status in {"cancelled", "lost"}:  # never an end of the work: the scheduler forgot it
            raise self.gone()
        failed = future.status == "error"
        try:
            return future.result()
        except CancelledError:
            raise self.gone() from None
        except OSError as error:
            if failed:  # the work's own
                raise
            raise self.gone() from error  # it was done, and cannot be fetched any more
        except KilledWorker as error:
            raise ConnectionError(
                "a block of cells was at work on several workers that died; is there memory enough for so many threads?"
            ) from error


def first_line(error: Any) -> str:
    """What an error says, shortly."""
    said = str(error).strip().splitlines()
    return (said[0] if said else type(error).__name__)[:160]
