"""Payoff tables of games in which everybody learns his type and chooses: those of normal form, for each type.

Actions stand in the table [players].  Under [payoffs] there may be a table for each type of a player, inside it one for
each type of the next player with types, and inside those payoffs in one of the three ways of normal form; where the
types of a player are left out the payoffs are the same for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, cast

import numpy as np

from sim.expression import Program
from sim.scenario.names import Roster, StateTraits, read_names
from sim.scenario.payoffs import Entry, Formulas, read_payoffs
from sim.scenario.positions import KeyPath
from sim.scenario.problems import Report, shown
from sim.scenario.turns import MovesInOrder, Turn

__all__ = ["TypeTables", "moves_at_once"]


def moves_at_once(types: MovesInOrder, roster: Roster) -> MovesInOrder:
    """Who draws types, and then one move for each player of what he can do, which nobody sees."""
    moves = tuple(
        Turn(
            player,
            ("players", player),
            roster.actions[i],
            {trait: tuple(numbers.tolist()) for trait, numbers in roster.traits[i].items()},
            player=i,
            sees=(),
        )
        for i, player in enumerate(roster.players)
    )
    return MovesInOrder(types.types, types.draws, moves, types.joint)


@dataclass(frozen=True)
class TypeTables:
    """Reads payoffs ``(C, n, Z)``: ends are combinations of types, in their order, and then joint actions.

    ``plain(source, key)`` gives the step of a formula that knows of no traits, in ``program``.
    """

    data: dict[str, Any]
    roster: Roster
    types: tuple[Turn, ...]
    program: Program
    plain: Any
    report: Report

    def read(self) -> Formulas:
        """All payoffs; mistakes are reported."""
        combinations = list(product(*(range(len(turn.labels)) for turn in self.types)))
        entries: list[Entry] = []
        for t, combination in enumerate(combinations):
            names = read_names(
                self.data.get("parameters"), self.data.get("let"), self.roster, self.report,
                StateTraits(self.program, self.traits(combination), "type trait"),
            )  # fmt: skip
            value, key = self.table(self.data.get("payoffs"), ("payoffs",), combination)
            if key is None:
                continue
            for entry in read_payoffs(value, self.roster, names, key).entries:
                i, *written = cast("tuple[int, ...]", entry.place)
                for place in [tuple(written)] if written else np.ndindex(self.roster.shape):
                    # a formula for all joint actions has another value at each
                    source = None if written else value[self.roster.players[i]]
                    step = entry.step if written else names.step(source, entry.key, place)
                    end = t * prod(self.roster.shape) + int(np.ravel_multi_index(place, self.roster.shape))
                    if step is not None:
                        entries.append(Entry((i, end), step, entry.key))
        ends = len(combinations) * prod(self.roster.shape)
        return Formulas(self.program, (len(self.roster.players), ends), tuple(entries))

    def traits(self, combination: tuple[int, ...]) -> dict[str, tuple[int | None, KeyPath]]:
        """The traits of types, which have one value each for a combination of them."""
        return {
            trait: (
                self.trait(values[own], (*turn.key, turn.labels[own], trait)),
                (*turn.key, turn.labels[own], trait),
            )
            for turn, own in zip(self.types, combination, strict=True)
            for trait, values in turn.traits.items()
        }

    def trait(self, value: Any, key: KeyPath) -> int | None:
        """The step of one trait."""
        if isinstance(value, str):
            step: int | None = self.plain(value, key)
            return step
        return self.program.add("number", (), value)

    def table(self, value: Any, key: KeyPath, combination: tuple[int, ...]) -> tuple[Any, KeyPath | None]:
        """The payoffs of a combination of types, and their key; no key where a table lacks a type."""
        for turn, own in zip(self.types, combination, strict=True):
            if not isinstance(value, dict) or not set(value) & set(turn.labels):
                continue
            for word in value:
                if word not in turn.labels:
                    self.report.unknown((*key, word), "type", word, turn.labels, f"types of {turn.name}")
            word = turn.labels[own]
            if word not in value:
                if all(other in turn.labels for other in value):
                    self.report.add(key, f"nothing for {shown(word)}, a type of {turn.name}")
                return None, None
            value, key = value[word], (*key, word)
        return value, key
