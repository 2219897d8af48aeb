"""Work on a list, in processes that take the next item when they have finished one."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, NoReturn

__all__ = ["Made", "in_processes"]

INTERRUPTED = 130
GRACE = 5.0  # seconds for processes to put their things away
OURS = "internal error, please report it with this file"

Arguments = tuple[Any, ...]


@dataclass(frozen=True)
class Made:
    """What became of an item: ``wrong`` says why it was not made, and is empty where it was."""

    item: Arguments
    result: Any
    wrong: str
    seconds: float


def in_processes(work: Callable[..., Any], items: Sequence[Arguments], processes: int) -> Iterator[Made]:
    """``work(*item)`` of every item in so many processes, each told of when it is done.

    ``work`` is a function of a module.  An error of it is told, and ends nothing; so does the end of a process.
    An interruption, or whoever asks for no more, stops the processes at work.
    """
    left = deque(items)
    at_work: dict[Any, Process] = {}  # by connection
    finished = []
    try:
        for _ in range(min(processes, len(items))):
            begin(work, left, at_work)
        while at_work:
            for connection in wait(list(at_work)):
                process = at_work[connection]
                yield process.told()
                del at_work[connection]
                if left and process.alive:
                    process.give(left.popleft())
                    at_work[process.connection] = process
                elif left:
                    begin(work, left, at_work)
                else:
                    process.connection.close()
                    finished.append(process.process)
        for each in finished:
            each.join(GRACE)
    finally:
        stop(list(at_work.values()))


class Process:
    """A process, what it works on, and how to hear of it."""

    def __init__(self, work: Callable[..., Any]) -> None:
        context = multiprocessing.get_context("spawn")  # nothing of ours, threads and locks, is to be there
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(work, theirs), daemon=True)
        with undisturbed():
            self.process.start()
        theirs.close()
        self.alive = True
        self.item: Arguments = ()
        self.begun = 0.0

    def give(self, item: Arguments) -> None:
        """Something to work on."""
        self.item, self.begun = item, time.monotonic()
        with contextlib.suppress(OSError):  # it has ended: that is told when it is asked for
            self.connection.send(item)

    def told(self) -> Made:
        """What became of it."""
        try:
            result, wrong = self.connection.recv()
        except (EOFError, OSError):
            self.alive = False
            self.process.join()
            code = self.process.exitcode
            result, wrong = None, f"the process that made it ended with {code}: was there no memory left?"
        return Made(self.item, result, wrong, time.monotonic() - self.begun)


def begin(work: Callable[..., Any], left: deque[Arguments], at_work: dict[Any, Process]) -> None:
    """One more process, at the next item."""
    process = Process(work)
    at_work[process.connection] = process
    process.give(left.popleft())


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """A process that is started is not interrupted before it can say so without a traceback (:func:`serve`)."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def stop(processes: Sequence[Process]) -> None:
    """End what is at work as Ctrl-C does, and what does not end soon at once."""
    for each in processes:
        if each.process.pid is not None and each.process.is_alive():
            with contextlib.suppress(OSError):
                os.kill(each.process.pid, signal.SIGINT)
    end = time.monotonic() + GRACE
    for each in processes:
        each.process.join(max(0.0, end - time.monotonic()))
        each.process.kill()


def serve(work: Callable[..., Any], connection: Connection) -> None:
    """Work on what comes, until nothing does: the life of a process."""
    signal.signal(signal.SIGINT, interrupt)
    warnings.showwarning = warned
    if "fork" in multiprocessing.get_all_start_methods():
        # what libraries make for processes of their own is then gone with this one, whichever way it ends
        multiprocessing.set_start_method("fork", force=True)
    try:
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        while True:
            try:
                item = connection.recv()
            except (EOFError, OSError):
                return
            connection.send(outcome(work, item))
    except (KeyboardInterrupt, BrokenPipeError):
        os._exit(INTERRUPTED)


def outcome(work: Callable[..., Any], item: Arguments) -> tuple[Any, str]:
    """What ``work`` gives, and what is wrong."""
    try:
        return work(*item), ""
    except (ValueError, OSError, MemoryError) as error:
        return None, "; ".join([str(error) or "out of memory", *getattr(error, "__notes__", ())])
    except Exception as error:  # noqa: BLE001 - told at the end, with what to do
        return None, "; ".join([f"{OURS}: {error!r}", *getattr(error, "__notes__", ())])


def interrupt(*_: Any) -> NoReturn:
    """The first Ctrl-C unwinds what is being done; the second one waits for nothing."""
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    raise KeyboardInterrupt


def warned(message: Warning | str, *_: Any, **__: Any) -> None:
    """A warning is a sentence."""
    with contextlib.suppress(OSError):
        sys.stderr.write(f"{message}\n")
