"""The table [outcomes]: which named result each joint action has."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from sim.game import Outcomes
from sim.scenario.fields import mistake
from sim.scenario.names import Roster, attempt
from sim.scenario.positions import KeyPath
from sim.scenario.problems import Report, shown

__all__ = ["outcome_name", "read_outcomes"]

MOST_CHARACTERS = 80
ANY = "*"
MOST_MISSING = 4  # joint actions that are listed


def outcome_name(word: str) -> str:
    """A name of an outcome: any text that fits into a legend."""
    if not word.strip() or not word.isprintable() or len(word) > MOST_CHARACTERS:
        raise mistake(
            f"{shown(word)} cannot be the name of an outcome; use 1 to {MOST_CHARACTERS} printable characters"
        )
    return word


def read_outcomes(value: Any, roster: Roster, report: Report) -> Outcomes | None:
    """The outcome of each joint action; each its own where the file has no [outcomes]; None if mistaken."""
    if value is None:
        return Outcomes.each_its_own(roster.actions)
    before = len(report.found)
    if not isinstance(value, dict) or not value:
        report.add(("outcomes",), f"expected a table of outcomes with lists of joint actions, found {shown(value)}")
        return None
    of = np.full(roster.shape, -1, dtype=np.int64)
    names = tuple(value)
    for number, name in enumerate(names):
        key: KeyPath = ("outcomes", name)
        attempt(outcome_name, name, key, report)
        if not isinstance(value[name], list) or not value[name]:
            report.add(key, f"expected a list of joint actions {example(roster)}, found {shown(value[name])}")
            continue
        for position, given in enumerate(value[name]):
            for joint_action in expand(given, roster, (*key, position), report):
                if of[joint_action] >= 0:
                    other = f"outcome {shown(names[of[joint_action]])}"
                    where = "this outcome" if of[joint_action] == number else other
                    report.add((*key, position), f"{roster.spoken(joint_action)} is already in {where}")
                else:
                    of[joint_action] = number
    missing = np.argwhere(of < 0)
    if len(missing) and len(report.found) == before:
        listed = "; ".join(roster.spoken(tuple(joint_action)) for joint_action in missing[:MOST_MISSING])
        more = f"; and {len(missing) - MOST_MISSING} more" if len(missing) > MOST_MISSING else ""
        report.add(("outcomes",), f"no outcome has the joint {'action' if len(missing) == 1 else 'actions'} {listed}{more}")
    return Outcomes(names, of) if len(report.found) == before else None


def expand(given: Any, roster: Roster, key: KeyPath, report: Report) -> list[tuple[int, ...]]:
    """The joint actions that one item means; ``"*"`` stands for every action of a player."""
    if not isinstance(given, list) or len(given) != len(roster.players):
        report.add(key, f"expected an action for each player {example(roster)}, found {shown(given)}")
        return []
    places: list[list[int]] = []
    for i, action in enumerate(given):
        if action == ANY:
            places.append(list(range(len(roster.actions[i]))))
        elif action in roster.actions[i]:
            places.append([roster.actions[i].index(action)])
        else:
            report.unknown((*key, i), "action", action, roster.actions[i], f"actions of {roster.players[i]}")
            return []
    return list(product(*places))


def example(roster: Roster) -> str:
    return "[" + ", ".join(shown(labels[0], '"') for labels in roster.actions) + "]"
