"""A word to whoever waits: compiled methods take a while when they are used for the first time."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

__all__ = ["waiting"]

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
    click.echo("at work; what is used for the first time is compiled, once (Ctrl-C stops)", err=True)
