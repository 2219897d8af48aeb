"""Whose turn it is: answers to a moving hand first; work for a page that has moved on stops."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum

__all__ = ["Haste", "Precedence", "Superseded"]

MOST_PAGES = 64
LONGEST_WAIT = 0.05  # seconds that work gives way to what is more urgent, at a stretch
LOOK = 0.002


class Superseded(Exception):  # noqa: N818 - nothing went wrong
    """The page that asked has moved on."""


class Haste(IntEnum):
    """What a moving hand waits for, the most urgent first."""

    map = 0
    point = 1
    why = 2
    tracks = 3


class Precedence:
    """Counts the requests of each page by the word it goes by; of pages beyond 64 the oldest are forgotten."""

    def __init__(self) -> None:
        self.newest: OrderedDict[str, int] = OrderedDict()
        self.busy: dict[str, threading.Lock] = {}
        self.hands = dict.fromkeys(Haste, 0)
        self.counting = threading.Lock()
        self.less = threading.Condition(self.counting)

    def arrives(self, turn: str) -> None:
        """A request came with ``PAGE.N``.  Raises ValueError for a turn that is none."""
        page, number = read_turn(turn)
        with self.counting:
            self.newest[page] = max(number, self.newest.get(page, 0))
            self.newest.move_to_end(page)
            while len(self.newest) > MOST_PAGES:
                gone, _ = self.newest.popitem(last=False)
                self.busy.pop(gone, None)

    def is_over(self, turn: str) -> bool:
        """Whether its page has asked for something newer since."""
        page, number = read_turn(turn)
        with self.counting:
            return self.newest.get(page, number) > number

    @contextmanager
    def foreground(self, turn: str, haste: Haste) -> Iterator[None]:
        """While a hand waits for an answer; what is more urgent goes first, and what has waited in vain is superseded.

        At the same time both would take longer: Python runs one of them at a time.
        """
        with self.counting:
            self.hands[haste] += 1
        try:
            with self.counting:
                waited = self.more_urgent(haste)
                self.less.wait_for(lambda: not self.more_urgent(haste), LONGEST_WAIT)
            if waited and haste > Haste.point and self.is_over(turn):
                raise Superseded
            yield
        finally:
            with self.counting:
                self.hands[haste] -= 1
                self.less.notify_all()

    def more_urgent(self, haste: Haste) -> bool:
        """Whether anything is at work, or waits, that goes before."""
        return any(self.hands[other] for other in Haste if other < haste)

    @contextmanager
    def background(self, turn: str) -> Iterator[Callable[[], None]]:
        """One piece of work a page: ``give_way()`` between slices waits for hands, and raises once it is superseded."""
        page, _ = read_turn(turn)
        with self.counting:
            lock = self.busy.setdefault(page, threading.Lock())

        def give_way() -> None:
            until = time.monotonic() + LONGEST_WAIT
            while any(self.hands.values()) and time.monotonic() < until:
                time.sleep(LOOK)
            if self.is_over(turn):
                raise Superseded

        with lock:
            give_way()
            yield give_way


def read_turn(turn: str) -> tuple[str, int]:
    """``PAGE.N``.  Raises ValueError for anything else."""
    page, _, number = turn.partition(".")
    if not (0 < len(page) <= 32 and page.isascii() and page.isalnum()):
        raise ValueError("a turn is PAGE.N")
    if not (number.isascii() and number.isdecimal() and len(number) <= 12):
        raise ValueError("a turn is PAGE.N")
    return page, int(number)
