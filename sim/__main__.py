"""``python -m sim`` is the ``standoff`` command."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import Any, NoReturn

__all__ = ["main"]

INTERRUPTED = 130


def main() -> None:
    """Run the command line; an interruption ends it with a word and no traceback, whenever it comes.

    The first one unwinds what is being done, so that nothing half done is left behind; from the second
    one on, and where the first one is lost in code that nobody called, the process ends at once.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not where it is to be ignored
        signal.signal(signal.SIGINT, interrupt)
    sys.unraisablehook = unraisable
    try:
        from sim.cli import main as standoff

        standoff()
    except KeyboardInterrupt:
        leave()


def interrupt(*_: Any) -> NoReturn:
    """The first Ctrl-C."""
    signal.signal(signal.SIGINT, leave)
    raise KeyboardInterrupt


def leave(*_: Any) -> NoReturn:
    """End the process with a word: Python would wait for threads, and tell of what it was doing."""
    with contextlib.suppress(ValueError):  # in another thread signals are as they are
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # once is enough
    try:
        os.write(sys.stderr.fileno(), b"interrupted\n")
    except (AttributeError, OSError, ValueError):  # there is nobody to tell
        pass
    finally:
        os._exit(INTERRUPTED)


def unraisable(problem: Any) -> None:
    """An exception where there is nobody to take it; only an interruption is one of ours."""
    if isinstance(problem.exc_value, KeyboardInterrupt):
        leave()
    sys.__unraisablehook__(problem)


if __name__ == "__main__":
    main()
