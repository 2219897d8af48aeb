"""A word to whoever waits: compiled methods take a while when they are used for the first time."""

from __future__ import annotations

import itertools
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click

__all__ = ["Unheard", "waiting"]

PATIENCE = 2.0  # seconds
AGAIN = 30.0  # seconds between words


@contextmanager
def waiting() -> Iterator[None]:
    """Say after a while that work goes on, and then how long it does, to a person at a terminal and to nobody else."""
    done = threading.Event()
    if sys.stderr.isatty():
        threading.Thread(target=speak, args=(done,), daemon=True).start()
    try:
        yield
    finally:
        done.set()


def speak(done: threading.Event) -> None:
    """What is going on, until it is done."""
    if done.wait(PATIENCE):
        return
    say("at work; what is used for the first time is compiled, once (Ctrl-C stops)")
    for times in itertools.count(1):
        if done.wait(AGAIN):
            return
        say(f"still at work after {PATIENCE + times * AGAIN:.0f} seconds (Ctrl-C stops)")


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
