"""Kernels as the Python they are: one small game is solved sooner than a compiler is loaded.

Answers are the same to the last digit.  What takes longer than that saves begins again, compiled, from the
start: no array that was half written survives.
"""

from __future__ import annotations

import signal
import threading
import time
from collections import defaultdict
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
"""Seconds of processor time, in all of a process, that are well spent where it would have to be compiled."""
TICK = 0.1  # seconds between looks at the clock


class Compiled(BaseException):
    """Begin again, compiled: nothing of ours catches it on the way."""


class Mode(threading.local):
    """How kernels run in this thread."""

    on = False
    inside: Callable[..., Any] | None = None  # the one at work that was called from outside of kernels
    since = 0.0  # processor time when it began
    most = 0.0  # seconds that it may take


MODE = Mode()
SPENT: defaultdict[Callable[..., Any], float] = defaultdict(float)  # seconds within each, so far
CALLED: set[Callable[..., Any]] = set()  # from outside of kernels, since work began
BEGUN_AGAIN: list[str] = []  # why, each time that happened


def now() -> bool:
    """Whether kernels run as Python in this thread."""
    return MODE.on


def call(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Run a kernel as Python: no warnings, as compiled code gives none.

    Whatever Python refuses (a division of its own numbers by zero), compiled code computes.
    """
    if MODE.inside is not None:
        return function(*arguments)
    CALLED.add(function)
    if too_long(SPENT[function]):
        raise Compiled("time")
    MODE.inside, MODE.since = function, time.process_time()
    try:
        with np.errstate(all="ignore"):
            return function(*arguments)
    except Exception as error:
        raise Compiled(repr(error)) from error
    finally:
        MODE.inside = None
        SPENT[function] += time.process_time() - MODE.since


def too_long(spent: float) -> bool:
    """Whether so many seconds in a kernel are more than compiling, or loading what is compiled, is worth."""
    return spent >= MODE.most or (spent >= LOADING and kept(CALLED))


def interpreted(work: Callable[[], Result], most: float | None = None) -> Result:
    """``work()`` with kernels as Python, or compiled where that takes too long or cannot be limited.

    Too long is more than ``most`` seconds of processor time, :data:`COMPILING` if left out, and less where
    compiled code is kept; what this process has loaded compiled already is called so.
    """
    if (
        MODE.on
        or threading.current_thread() is not threading.main_thread()
        or not hasattr(signal, "setitimer")
    ):
        return work()
    try:
        with limited(COMPILING if most is None else most):
            return work()
    except Compiled as reason:
        BEGUN_AGAIN.append(str(reason))
    return work()


@contextmanager
def limited(most: float) -> Iterator[None]:
    """Kernels of this thread run as Python, while that pays."""

    def look(*_: Any) -> None:
        """Out of the kernel at work: elsewhere a module may be loading, and nothing would be faster compiled."""
        if MODE.inside is not None:
            spent = SPENT[MODE.inside] + time.process_time() - MODE.since
            if too_long(spent):
                MODE.inside = None
                raise Compiled("time")

    CALLED.clear()
    before = signal.signal(signal.SIGVTALRM, look)
    MODE.on, MODE.most = True, most
    signal.setitimer(signal.ITIMER_VIRTUAL, TICK, TICK)
    try:
        yield
    finally:
        MODE.on, MODE.inside = False, None
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        signal.signal(signal.SIGVTALRM, before)
