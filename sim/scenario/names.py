"""The names a scenario defines and what they stand for: players, actions, traits, parameters, [let]."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic_core import PydanticCustomError

from sim.expression import Formula, FormulaError, Program, numbers_as_written, parse
from sim.scenario.fields import label, name, number
from sim.scenario.positions import KeyPath
from sim.scenario.problems import Report, shown

__all__ = ["Names", "Roster", "StateTraits", "attempt", "read_names", "read_roster"]

MOST_JOINT_ACTIONS = 4096
MOST_PLAYERS = 12
MOST_SHOWN = 12  # actions that a message lists


@dataclass(frozen=True)
class Roster:
    """Who plays and what they can do; ``traits[player][trait]`` are numbers, one for each action."""

    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    traits: tuple[dict[str, NDArray[Any]], ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of actions of each player."""
        return tuple(len(labels) for labels in self.actions)

    def spoken(self, joint_action: Sequence[int]) -> str:
        """A joint action in words: ``build_up, refuse``."""
        return ", ".join(labels[a] for labels, a in zip(self.actions, joint_action, strict=True))

    def restricted(self, chosen: Sequence[Sequence[int]]) -> Roster:
        """The roster with only the chosen actions of each player (positions)."""
        actions = tuple(tuple(own[a] for a in kept) for own, kept in zip(self.actions, chosen, strict=True))
        traits = tuple(
            {trait: numbers[list(kept)] for trait, numbers in own.items()}
            for own, kept in zip(self.traits, chosen, strict=True)
        )
        return Roster(self.players, actions, traits)


def lacking(payoffs: Any, listed: Any = ()) -> str:
    """Who is not listed, as far as the table [payoffs] tells, behind a colon; nothing where it does not."""
    if not isinstance(payoffs, dict) or not payoffs:
        return ""
    if not any(isinstance(item, dict) for item in payoffs.values()):
        others = [shown(name) for name in payoffs if name not in listed]
        return f": payoffs has {' and '.join(others)}" + (" as well" if listed else "") if others else ""
    actions = [tuple(payoffs)]
    inner = next((item for item in payoffs.values() if isinstance(item, dict)), None)
    while isinstance(inner, dict) and inner:
        actions.append(tuple(inner))
        inner = next(iter(inner.values()))
    lists = [f"[{', '.join(map(shown, own[:MOST_SHOWN]))}]" for own in actions[len(listed) :]]
    who = "others choose" if listed else "they choose"
    return f": by payoffs, {who} from {' and '.join(lists)}" if lists else ""


def attempt(check: Any, value: Any, key: KeyPath, report: Report) -> Any:
    """The checked value, or None with the mistake reported."""
    try:
        return check(value)
    except PydanticCustomError as error:
        report.add(key, error.message())
        return None


def read_roster(value: Any, report: Report, payoffs: Any = None) -> Roster | None:
    """The table [players], or None where its mistakes leave no game; ``payoffs`` tell whom it may lack."""
    key: KeyPath = ("players",)
    before = len(report.found)
    if not isinstance(value, dict):
        report.add(key, f"expected a table of players with their actions, found {shown(value)}")
        return None
    if not 2 <= len(value) <= MOST_PLAYERS:
        report.add(
            key,
            f"lists {len(value)} player{'s' * (len(value) != 1)}; a game has 2 to {MOST_PLAYERS}"
            f"{lacking(payoffs, value) if len(value) < 2 else ''}",
        )
        return None
    actions = []
    traits: list[dict[str, NDArray[np.float64]]] = []
    for player, given in value.items():
        attempt(label, player, (*key, player), report)
        labels, numbers = read_actions(given, (*key, player), report)
        actions.append(labels)
        traits.append(numbers)
    for i, player in enumerate(value):
        for trait in traits[i]:
            owner = next(j for j in range(len(traits)) if trait in traits[j])
            if owner != i:
                report.add(
                    first_use(value[player], (*key, player), trait),
                    f"trait {shown(trait)} already belongs to {list(value)[owner]}; "
                    "formulas could not tell them apart",
                )
    if math.prod(len(labels) for labels in actions) > MOST_JOINT_ACTIONS:
        size = " x ".join(str(len(labels)) for labels in actions)
        report.add(key, f"{size} joint actions; a scenario has at most {MOST_JOINT_ACTIONS}")
    if len(report.found) > before:
        return None
    return Roster(tuple(value), tuple(actions), tuple(traits))


def first_use(given: Any, key: KeyPath, trait: str) -> KeyPath:
    return (*key, next(iter(given)), trait)


def read_actions(given: Any, key: KeyPath, report: Report) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The actions of one player, ``["a", "b"]`` or ``{ a = { trait = 0 }, ... }``, and his traits."""
    if isinstance(given, list):
        labels: dict[str, None] = {}
        for position, action in enumerate(given[: MOST_JOINT_ACTIONS + 1]):
            if attempt(label, action, (*key, position), report) in labels:
                report.add((*key, position), f"action {shown(action)} is listed twice")
            labels[str(action)] = None
        if not given:
            report.add(key, "has no actions; a player has at least one")
        return tuple(labels), {}
    if not isinstance(given, dict) or not given:
        report.add(
            key, f'expected actions, as ["talk", "refuse"] or a table of actions, found {shown(given)}'
        )
        return (), {}
    before = len(report.found)
    rows: list[dict[str, Any]] = []
    wanted: dict[str, Any] = {}
    for action, given_traits in given.items():
        attempt(label, action, (*key, action), report)
        if not isinstance(given_traits, dict):
            report.add(
                (*key, action), f"expected traits {{ name = number, ... }}, found {shown(given_traits)}"
            )
            given_traits = {}
        wanted.update(given_traits)
        rows.append(dict(given_traits))
    for trait in wanted:
        for action, row in zip(given, rows, strict=True):
            if trait not in row:
                report.add(
                    (*key, action), f"trait {shown(trait)} is missing; other actions of {key[-1]} have it"
                )
            else:
                attempt(name, trait, (*key, action, trait), report)
                row[trait] = attempt(number, row[trait], (*key, action, trait), report)
    if len(report.found) > before:
        return tuple(given), {trait: np.zeros(len(rows)) for trait in wanted}
    return tuple(given), {trait: numbers_as_written([row[trait] for row in rows]) for trait in wanted}


@dataclass(frozen=True)
class StateTraits:
    """A state of a game in which formulas are read, or types: traits with their keys, the program shared by all."""

    program: Program
    traits: dict[str, tuple[int | None, KeyPath]]  # step (None where mistaken) and key of each
    kind: str = "state trait"


class Names:
    """What names stand for in formulas; grows as [let] is read.

    A name whose definition is a mistake stays known, with no step: formulas that use it are read but
    not computed, so that one mistake is reported once.
    """

    def __init__(self, report: Report, program: Program) -> None:
        self.report = report
        self.program = program
        self.kinds: dict[str, str] = {}
        self.steps: dict[str, int] = {}
        self.later: set[str] = set()

    def define(self, word: str, kind: str, step: int | None, key: KeyPath) -> None:
        """Make a name known; a second definition is reported."""
        if word in self.kinds:
            self.report.add(
                key, f"{shown(word)} is already the name of a {self.kinds[word]}; choose another name"
            )
            return
        self.kinds[word] = kind
        if step is not None:
            self.steps[word] = step

    def formula(self, source: Any, key: KeyPath) -> Formula | None:
        """A formula with known names, or None with its mistakes reported."""
        if isinstance(source, bool) or not isinstance(source, (str, int, float, Fraction)):
            self.report.add(key, f"expected a number or a formula in quotes, found {shown(source)}")
            return None
        if not isinstance(source, str):
            value = attempt(number, source, key, self.report)
            return None if value is None else parse(value)
        try:
            formula = parse(source)
        except FormulaError as error:
            self.report.add(key, f"{shown(source)}: {error}")
            return None
        unknown = [word for word in formula.names if word not in self.kinds]
        for word in unknown[: self.report.room]:
            if word in self.later:
                self.report.add(key, f"{shown(word)} is defined further down in [let]; move its line up")
            else:
                self.report.add(
                    key, f"unknown name {shown(word)} {self.report.choices(word, self.allowed())}"
                )
        return None if unknown else formula

    def allowed(self) -> dict[str, list[str]]:
        """The known names by kind."""
        titles = {
            "parameter": "parameters",
            "let": "let",
            "trait": "traits",
            "state trait": "traits of states",
            "type trait": "traits of types",
        }
        groups = {
            title: [item for item, found in self.kinds.items() if found == kind]
            for kind, title in titles.items()
        }
        return {title: words for title, words in groups.items() if words or title == "parameters"}

    def step(self, source: Any, key: KeyPath, joint_action: tuple[int, ...] | None = None) -> int | None:
        """The step that computes a formula; None where it is a mistake or rests on one."""
        formula = self.formula(source, key)
        if formula is None or any(word not in self.steps for word in formula.names):
            return None
        try:
            return self.program.formula(formula, self.steps, joint_action)
        except FormulaError as error:
            self.report.add(key, f"{shown(source)}: {error}")
            return None

    def plain(self, source: Any, key: KeyPath) -> int | None:
        """The step of a formula that has one value for all joint actions."""
        step = self.step(source, key)
        if step is None or all(
            self.program.steps[needed][0] != "table" for needed in self.program.needed([step])
        ):
            return step
        self.report.add(
            key, f"{shown(source)}: uses traits; here only parameters and [let] without traits have a meaning"
        )
        return None

    def read_parameters(self, parameters: Any) -> None:
        """Every parameter, an input of the program."""
        for word in parameters if isinstance(parameters, dict) else ():
            self.define(word, "parameter", self.program.name(word), ("parameters", word))

    def read_lets(self, lets: dict[str, Any]) -> None:
        """The lines of [let], each of which may use those above."""
        self.later = set(lets)
        for word, source in lets.items():
            attempt(name, word, ("let", word), self.report)
            step = self.step(source, ("let", word))
            self.later.discard(word)
            self.define(word, "let", step, ("let", word))


def read_names(
    parameters: Any, lets: Any, roster: Roster | None, report: Report, state: StateTraits | None = None
) -> Names:
    """Parameters, traits and [let] as names with steps; in a state of the game also its traits."""
    names = Names(report, state.program if state else Program())
    names.read_parameters(parameters)
    for axis, traits in enumerate(roster.traits if roster else ()):
        for trait, values in traits.items():
            shape = tuple(len(values) if i == axis else 1 for i in range(len(roster.shape if roster else ())))
            player = roster.players[axis] if roster else ""
            action = roster.actions[axis][0] if roster else ""
            names.define(
                trait, "trait", names.program.table(values.reshape(shape)), ("players", player, action, trait)
            )
    for trait, (step, key) in (state.traits if state else {}).items():
        names.define(trait, state.kind if state else "", step, key)
    names.read_lets(lets if isinstance(lets, dict) else {})
    return names
