"""End states of crises: where nobody gets out again, and whether only slips lead there."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from sim.game import Game
from sim.play.crises import Record, play_by

__all__ = ["by_slips_only", "end_states"]


def end_states(game: Game) -> list[int]:
    """The states of a game (its first cell) that no joint action leaves, by number."""
    found = []
    for state in range(len(game.states)):
        here = np.array([state])
        able = game.mask[game.movers(here)[0]]
        joint = np.array(list(product(*map(np.flatnonzero, able))))
        following = game.follow(game.place(np.repeat(here, len(joint)), joint))
        if (following[:, state] == 1).all():
            found.append(state)
    return found


def by_slips_only(game: Game, by: str, record: Record, *, tremble: float, **options: Any) -> list[str]:
    """The end states in ``record`` that the same play without slips does not reach, by name.

    Their share grows with every period that is played: it says how long one has looked, not what the sides want.
    ``options`` are those with which the record was made (:func:`sim.play.play_by`).
    """
    if not tremble or record.states is None:
        return []
    reached = [state for state in end_states(game) if record.states[:, state].any()]
    if not reached:
        return []
    calm = play_by(game, by, tremble=0.0, **options).states
    assert calm is not None, "the same game has the same states"
    return [game.states[state] for state in reached if not calm[:, state].any()]
