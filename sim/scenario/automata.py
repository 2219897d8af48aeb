"""Automata in scenario files: ``[repeated.automata.NAME]``, a line of text for each state."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import Field

from sim.automata.automaton import Automaton
from sim.automata.builtin import BUILT_IN
from sim.automata.text import SpellingError, State, assembled, read_state
from sim.play.learning import RULES
from sim.scenario.fields import Label, Table, Text
from sim.scenario.forms import Draft
from sim.scenario.positions import KeyPath
from sim.scenario.problems import shown

__all__ = ["AutomatonTable", "read_automata"]

MOST_AUTOMATA = 50
MOST_STATES = 64
MOST_NUMBERS = 1_000_000  # in the table of what follows: states x joint actions x states
LONGEST = 4000  # characters of a state


class AutomatonTable(Table):
    """A strategy of one player, or of all together, as an automaton."""

    player: Annotated[Text | None, Field(description="who plays it; all players together if left out")] = None
    start: Annotated[Text | None, Field(description="the first state; the first one listed if left out")] = (
        None
    )
    states: Annotated[
        dict[Label, Text],
        Field(
            description="for each state what is done and what leads elsewhere: "
            '"talk; if Russia build_up: guarding"',
            min_length=1,
            max_length=MOST_STATES,
        ),
    ]


def read_automata(
    tables: dict[str, AutomatonTable], key: KeyPath, draft: Draft
) -> dict[str, Automaton | None]:
    """The automata by name, None where mistakes are reported."""
    if len(tables) > MOST_AUTOMATA:
        draft.report.add(key, f"there are {len(tables)} automata; a scenario has at most {MOST_AUTOMATA}")
        return {}
    found: dict[str, Automaton | None] = {}
    for name, table in tables.items():
        if name in BUILT_IN or name in RULES:
            kind = "an automaton that is built in" if name in BUILT_IN else "a learning rule"
            draft.report.add((*key, name), f"{shown(name)} is the name of {kind}; choose another")
        found[name] = read_automaton(table, (*key, name), draft)
    return found


def read_automaton(table: AutomatonTable, key: KeyPath, draft: Draft) -> Automaton | None:
    """One automaton, or None where it is mistaken."""
    roster, report, states = draft.roster, draft.report, tuple(table.states)
    before = len(report.found)
    if table.player is not None and table.player not in roster.players:
        report.unknown((*key, "player"), "player", table.player, roster.players)
        return None
    if table.start is not None and table.start not in states:
        report.unknown((*key, "start"), "state", table.start, states)
    numbers = len(states) ** 2 * math.prod(roster.shape)
    if numbers > MOST_NUMBERS:
        report.add(
            key,
            f"{len(states)} states x {math.prod(roster.shape)} joint actions x {len(states)} states are "
            f"{numbers} numbers; at most {MOST_NUMBERS} are kept. Use fewer states",
        )
        return None
    read: list[State] = []
    for state, text in table.states.items():
        if len(text) > LONGEST:
            report.add((*key, "states", state), f"has {len(text)} characters; at most {LONGEST} are read")
            continue
        try:
            read.append(read_state(text, state, states, roster.players, roster.actions, table.player))
        except SpellingError as error:
            report.add((*key, "states", state), str(error))
    if len(report.found) > before:
        return None
    automaton = assembled(read, states, table.start or states[0], roster.players, table.player)
    kept: Any = automaton.accessible().states
    for state in states:
        if state not in kept:
            report.add((*key, "states", state), "no history leads to this state; name it after a rule's ':'")
    return automaton
