"""Kernels as the Python they are: one small game is solved sooner than a compiler is loaded.

Answers are the same to the last digit.  What takes longer than that saves begins again, compiled, from the
start: no array that was half written survives.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np

from sim.kernels.folder import kept

__all__ = ["call", "interpreted", "now"]

Result = TypeVar("Result")

LOADING = 0.4
"""Seconds of processor time in kernels, about what loading compiled code takes: where that is kept, more is too much."""
COMPILING = 6.0
"""Seconds of processor time that are well spent where it would have to be compiled."""
TICK = 0.1  # seconds between looks at the clock


class Compiled(BaseException):
    """Begin again, compiled: nothing of ours catches it on the way."""


class Mode(threading.local):
    """How kernels run in this thread."""

    on = False
    inside = False  # one is at work
    sparing = False  # not where it is loaded compiled


MODE = Mode()
CALLED: set[Callable[..., Any]] = set()  # from outside of kernels, since work began
BEGUN_AGAIN: list[str] = []  # why, each time that happened


def now() -> bool:
    """Whether kernels run as Python in this thread."""
    return MODE.on


def call(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Run a kernel as Python: no warnings, as compiled code gives none.

    Whatever Python refuses (a division of its own numbers by zero), compiled code computes.
    """
    if MODE.inside:
        return function(*arguments)
    CALLED.add(function)
    MODE.inside = True
    try:
        with np.errstate(all="ignore"):
            return function(*arguments)
    except Exception as error:
        raise Compiled(repr(error)) from error
    finally:
        MODE.inside = False


def interpreted(work: Callable[[], Result], *, sparing: bool = False) -> Result:
    """``work()`` with kernels as Python, or compiled where that takes too long or cannot be limited.

    ``sparing``: a kernel that this process has called compiled before is called so again.
    """
    if (
        MODE.on
        or threading.current_thread() is not threading.main_thread()
        or not hasattr(signal, "setitimer")
    ):
        return work()
    try:
        with limited(sparing=sparing):
            return work()
    except Compiled as reason:
        BEGUN_AGAIN.append(str(reason))
    return work()


@contextmanager
def limited(*, sparing: bool) -> Iterator[None]:
    """Kernels of this thread run as Python, while that pays."""
    spent = 0.0

    def look(*_: Any) -> None:
        """Out of the kernel at work: elsewhere a module may be loading, and nothing would be faster compiled."""
        nonlocal spent
        if MODE.inside:
            spent += TICK
            if spent >= COMPILING or (spent >= LOADING and kept(CALLED)):
                MODE.inside = False
                raise Compiled("time")

    CALLED.clear()
    before = signal.signal(signal.SIGVTALRM, look)
    MODE.on, MODE.sparing = True, sparing
    signal.setitimer(signal.ITIMER_VIRTUAL, TICK, TICK)
    try:
        yield
    finally:
        MODE.on = MODE.inside = MODE.sparing = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        signal.signal(signal.SIGVTALRM, before)
