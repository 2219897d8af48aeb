"""What was certified about the borders of patience, each looked at from both sides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.game import Game
from sim.output.numbers import as_number
from sim.patience.sustained_paths import endless, punishments_for
from sim.patience.verdicts import BothSides, easiest_of

__all__ = ["borders_of", "certified", "proof"]


def borders_of(game: Game) -> dict[str, BothSides]:
    """Of each outcome, what was certified about the patience that the hardest punishment asks for.

    Raises ValueError for what is not repeated without an end.
    """
    game = endless(game)
    of, hardest = game.outcomes.of, punishments_for(game)[-1]
    return {
        outcome: easiest_of(game.stage, [tuple(place) for place in np.argwhere(of == k).tolist()], hardest)
        for k, outcome in enumerate(game.outcomes.names)
        if (of == k).any()
    }


def certified(sides: BothSides) -> dict[str, Any]:
    """Both sides of a border of patience as a JSON object."""
    return {
        "lasts_at": as_number(sides.inside[0]),
        "lasts": bool(sides.lasts[0]),
        "fails_at": as_number(sides.outside[0]),
        "fails": bool(sides.fails[0]),
        "proved": bool(sides.proved[0]),
        "sentence": sides.sentence(),
    }


def proof(what: str, sides: Mapping[str, BothSides]) -> str:
    """What is certified, in a sentence, and a line for each border that is not: ``what`` is "the last column is"."""
    open_ = [outcome for outcome, side in sides.items() if not side.proved[0]]
    head = f"{what} certified from both sides, just above and just below{', except for' * bool(open_)}"
    return "\n".join([head, *(f"  {outcome}: {sides[outcome].sentence()}" for outcome in open_)])
