"""Discount factors in scenario files: one number or formula for all players, or one for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import PlainValidator, WithJsonSchema

from sim.scenario.corners import check_corners
from sim.scenario.fields import formula
from sim.scenario.forms import Draft
from sim.scenario.names import Names
from sim.scenario.payoffs import Entry, Formulas
from sim.scenario.positions import KeyPath
from sim.scenario.problems import shown

__all__ = ["ForEachPlayer", "Interval", "read_for_each"]


def each_or_all(value: Any) -> Any:
    """A number or a formula, or a table of them by player."""
    return value if isinstance(value, dict) else formula(value)


PLAIN = {"type": ["number", "string"]}
ForEachPlayer = Annotated[
    Any,
    PlainValidator(each_or_all),
    WithJsonSchema({"anyOf": [PLAIN, {"type": "object", "additionalProperties": PLAIN}]}),
]


@dataclass(frozen=True)
class Interval:
    """Numbers from 0 to 1; ``open`` excludes 1 itself."""

    open: bool

    def excludes(self, numbers: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Where numbers lie outside."""
        result: NDArray[np.bool_] = ~((numbers >= 0) & ((numbers < 1) if self.open else (numbers <= 1)))
        return result

    def __str__(self) -> str:
        return "at least 0 and below 1" if self.open else "from 0 to 1"


def read_for_each(value: Any, key: KeyPath, interval: Interval, names: Names, draft: Draft) -> Formulas:
    """Formulas ``(C, n)``; at corners of the bounds their values must lie in the interval."""
    players = draft.roster.players
    entries = []
    if isinstance(value, dict):
        for player in value:
            if player not in players:
                draft.report.unknown((*key, player), "player", player, players)
        for player in players:
            if player not in value and all(other in players for other in value):
                draft.report.add(
                    key, f"has no number for {shown(player)}; give one for each player, or one for all"
                )
    for i, player in enumerate(players):
        place = (*key, player) if isinstance(value, dict) else key
        source = value.get(player, 0) if isinstance(value, dict) else value
        step = names.plain(source, place)
        if step is not None:
            entries.append(Entry((i,), step, place))
    formulas = Formulas(names.program, (len(players),), tuple(entries))
    if draft.sound:
        tried = check_corners(formulas, draft)
        for entry in entries:
            wrong = np.flatnonzero(interval.excludes(tried.computed[:, entry.place[0]]))
            if len(wrong) and draft.sound:
                found = shown(float(tried.computed[wrong[0], entry.place[0]]))
                where = tried.at(int(wrong[0]), entry.step)
                draft.report.add(entry.key, f"is {found} {where}; it must be {interval}")
    return formulas
