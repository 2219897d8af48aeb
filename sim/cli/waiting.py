"""A word to whoever waits: compiled methods take a while when they are used for the first time."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click

__all__ = ["Unheard", "waiting"]

PATIENCE = 2.0  # seconds


@contextmanager
def waiting() -> Iterator[None]:
    """Say after a while that work goes on, to a person at a terminal and to nobody else."""
    timer = threading.Timer(PATIENCE, speak)
    timer.daemon = True
    if sys.stderr.isatty():
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


def speak() -> None:
    """What is going on."""
    with suppress(OSError):
        click.echo("at work; what is used for the first time is compiled, once (Ctrl-C stops)", err=True)


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
