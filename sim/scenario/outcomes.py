"""The table [outcomes]: which named result each joint action has."""

from __future__ import annotations

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
MOST_MISTAKES = 20  # after which no more joint actions are read
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
        report.add(
            ("outcomes",), f"expected a table of outcomes with lists of joint actions, found {shown(value)}"
        )
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
            if len(report.found) > before + MOST_MISTAKES:
                return None
            places = expand(given, roster, (*key, position), report)
            if places is None:
                continue
            chosen = np.ix_(*places)
            taken = np.argwhere(of[chosen] >= 0)
            if len(taken):
                joint_action = tuple(own[a] for own, a in zip(places, taken[0], strict=True))
                other = of[joint_action]
                where = "this outcome" if other == number else f"outcome {shown(names[other])}"
                report.add((*key, position), f"{roster.spoken(joint_action)} is already in {where}")
            of[chosen] = np.where(of[chosen] < 0, number, of[chosen])
    missing = np.argwhere(of < 0)
    if len(missing) and len(report.found) == before:
        listed = "; ".join(roster.spoken(tuple(joint_action)) for joint_action in missing[:MOST_MISSING])
        more = f"; and {len(missing) - MOST_MISSING} more" if len(missing) > MOST_MISSING else ""
        report.add(
            ("outcomes",),
            f"no outcome has the joint {'action' if len(missing) == 1 else 'actions'} {listed}{more}",
        )
    return Outcomes(names, of) if len(report.found) == before else None


def expand(given: Any, roster: Roster, key: KeyPath, report: Report) -> list[list[int]] | None:
    """The actions of each player that one item means, ``"*"`` all of them; None if it is mistaken."""
    if not isinstance(given, list) or len(given) != len(roster.players):
        report.add(key, f"expected an action for each player {example(roster)}, found {shown(given)}")
        return None
    places: list[list[int]] = []
    for i, action in enumerate(given):
        if action == ANY:
            places.append(list(range(len(roster.actions[i]))))
        elif action in roster.actions[i]:
            places.append([roster.actions[i].index(action)])
        else:
            report.unknown((*key, i), "action", action, roster.actions[i], f"actions of {roster.players[i]}")
            return None
    return places


def example(roster: Roster) -> str:
    return "[" + ", ".join(shown(labels[0], '"') for labels in roster.actions) + "]"
