"""Set-valued answers and numbers that stand beside the solutions of a cell, in words."""

from __future__ import annotations

from collections.abc import Iterator

from sim.solution import Solution

__all__ = ["extras"]


def extras(answer: Solution) -> Iterator[str]:
    """A line for each that readers are told, under its name; for each state where it is by state."""
    game = answer.game
    for told, array in answer.claim.answered():
        if told.tell is None:
            continue
        parts = [(told.title, array[0])]
        if told.by_state:
            names = (f"{told.title} from {state}" for state in game.states)
            parts = list(zip(names, array[0], strict=True))
        for title, value in parts:
            text = told.tell(value, game)
            if text:
                yield title + text
