"""What is wrong with a scenario: collected with positions, worded alike, told in file order.

Every problem says where it is (file, line, key), what was found, what is allowed, which allowed word
is nearest, and what to do where that is not obvious.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sim.plugins import nearest
from sim.scenario.positions import BARE, KeyPath, Positions

__all__ = ["Problem", "Report", "ScenarioError", "choices", "dotted", "shown"]

MOST_SHOWN = 60  # characters of a value
LONGEST_KEY = 150
MOST_CHOICES = 15  # allowed words that are listed
MOST_PROBLEMS = 50  # that are told
MOST_NOTED = 200
MOST_COMPARED = 500  # words among which the nearest is looked for


@dataclass(frozen=True)
class Problem:
    """One mistake; ``str()`` is its message.  ``line`` counts from 1; 0 where the file has no such place."""

    path: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        line = f":{self.line}" if self.line else ""
        key = f" {self.key}:" if self.key else ""
        return f"{self.path}{line}:{key} {self.message}"


class ScenarioError(ValueError):
    """Everything that is wrong with a scenario or with values given to it, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems[:MOST_PROBLEMS]]
        if len(self.problems) > MOST_PROBLEMS:
            lines.append(f"{self.problems[0].path}: and {len(self.problems) - MOST_PROBLEMS} more problems")
        return "\n".join(lines)


class Report:
    """Collects the problems of one file."""

    def __init__(self, path: str, positions: Positions) -> None:
        self.path = path
        self.positions = positions
        self.found: list[tuple[int, Problem]] = []
        self.told: set[Problem] = set()

    @property
    def room(self) -> int:
        """How many more problems are noted; a file with hundreds of mistakes is not looked at to the end."""
        return MOST_NOTED - len(self.found)

    def add(self, key: KeyPath, message: str) -> None:
        """Note a problem at a key, or at the nearest table above it that the file has."""
        line = self.positions.line(self.positions.offset(key))
        self.note(key, Problem(self.path, line, dotted(key), message))

    def note(self, key: KeyPath, problem: Problem) -> None:
        """Note a problem of this file or of one that a key names."""
        if not self.room:
            return
        offset = self.positions.offset(key)
        if problem not in self.told:
            self.told.add(problem)
            self.found.append((offset, problem))

    def unknown(self, key: KeyPath, kind: str, word: Any, allowed: Iterable[str], kinds: str = "") -> None:
        """Note a word that is none of the allowed ones."""
        self.add(
            key, f"unknown {kind} {shown(word)} {self.choices(str(word), {kinds or f'{kind}s': allowed})}"
        )

    def choices(self, word: str, allowed: Mapping[str, Iterable[str]]) -> str:
        """What is allowed in place of a word; in files full of mistakes the nearest is not looked for."""
        return choices(word, allowed, near=len(self.found) < 2 * MOST_PROBLEMS)

    def close(self) -> None:
        """Raise ScenarioError if there was any problem."""
        if self.found:
            raise ScenarioError(problem for _, problem in sorted(self.found, key=lambda item: item[0]))


def dotted(key: KeyPath) -> str:
    """A key as one would write it: ``outcomes."frozen standoff"``; items of lists count from 1."""
    text = ""
    for part in key:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            text += ("." if text else "") + (part if BARE.fullmatch(part) else shown(part, '"'))
    return text if len(text) <= LONGEST_KEY else text[: LONGEST_KEY - 3] + "..."


def shown(value: Any, quote: str = "'") -> str:
    """A value as found, shortened: texts in quotes, tables and lists by their size."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        text = "".join(letter if letter.isprintable() else "\ufffd" for letter in value)
        return quote + (text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 3] + "...") + quote
    if isinstance(value, dict):
        return f"a table of {len(value)} {'key' if len(value) == 1 else 'keys'}"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}"
    if isinstance(value, int) and abs(value) >= 10**18:
        return f"an integer of {value.bit_length()} bits"
    if isinstance(value, Fraction):
        return str(value) if len(str(value)) <= MOST_SHOWN else f"about {float(value)!r}"
    if isinstance(value, float):
        return f"{value:g}" if float(f"{value:g}") == value else repr(value)
    return str(value)[:MOST_SHOWN]


def choices(word: str, allowed: Mapping[str, Iterable[str]], *, near: bool = True) -> str:
    """``(parameters: prize, door). Did you mean 'prize'?``: what is allowed, by kind, and the nearest."""
    groups = []
    everything: list[str] = []
    for kinds, items in allowed.items():
        words = [str(item) for item in items]
        everything += words[:MOST_COMPARED]
        listed = [shown(item) if "," in item else item[:MOST_SHOWN] for item in words[:MOST_CHOICES]]
        if len(words) > MOST_CHOICES:
            listed.append(f"... {len(words) - MOST_CHOICES} more")
        groups.append(f"{kinds}: {', '.join(listed)}" if listed else f"there are no {kinds}")
    if not near:
        return f"({'; '.join(groups)})."
    same = [item for item in everything if item.casefold() == word.casefold()]
    return f"({'; '.join(groups)}).{nearest(same[0] if same else word[:MOST_SHOWN], everything)}"
