"""A word to whoever waits: what is used for the first time may have to be compiled, which takes a while."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click

__all__ = ["Unheard", "waiting"]

PATIENCE = 2.0  # seconds
AGAIN = 30.0  # seconds between words
LOOK = 0.2  # seconds between looks at whether something is compiled

COMPILING = "compiling, once: what is used for the first time takes a while (Ctrl-C stops)"
WORKING = "at work (Ctrl-C stops)"


@contextmanager
def waiting() -> Iterator[None]:
    """Say after a while that something is compiled, to all, and that work goes on, to a person at a terminal."""
    done = threading.Event()
    person = sys.stderr is not None and sys.stderr.isatty()
    with suppress(RuntimeError):  # where no thread is to be had, nothing is said
        threading.Thread(target=speak, args=(done, person), daemon=True).start()
    try:
        yield
    finally:
        done.set()


def speak(done: threading.Event, person: bool) -> None:
    """What is going on, until it is done."""
    begun, known = time.monotonic(), compiled()
    told, again, pause = "", AGAIN, PATIENCE
    while not done.wait(pause):
        pause = LOOK
        words = COMPILING if compiled() > known else WORKING if person else ""
        if words and told not in {words, COMPILING}:
            say(words)
            told = words
        gone = time.monotonic() - begun
        if person and gone >= PATIENCE + again:
            say(f"still at work after {gone:.0f} seconds (Ctrl-C stops)")
            again += AGAIN


def compiled() -> int:
    """How much was compiled in this process; kernels are not loaded for the sake of that question."""
    folder = sys.modules.get("sim.kernels.folder")
    return 0 if folder is None else len(folder.MISSING)


def say(words: str) -> None:
    """One line for whoever reads it."""
    with suppress(OSError):
        click.echo(words, err=True)


class Unheard:
    """A stream to which words may be lost: work goes on when whoever read them went away, or the disk is full."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def write(self, words: str) -> int:
        """Write, if anybody listens."""
        with suppress(OSError):
            if self.stream is not None:
                self.stream.write(words)
        return len(words)

    def flush(self) -> None:
        """Send on what was written."""
        with suppress(OSError):
            if self.stream is not None:
                self.stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)
