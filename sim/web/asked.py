"""What a page asks, read and checked: two axes, what is set, concept, method and selection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.expression import Number, read_number
from sim.expression.numbers import fraction
from sim.plugins import concepts, nearest, solvers, unknown
from sim.scenario import Scenario
from sim.scenario.problems import ScenarioError, shown

__all__ = ["MOST_POINTS", "OUR_FAULT", "Span", "View", "sentence_of", "view_of"]

MOST_POINTS = 401  # along an axis
MOST_SETTINGS = 64
LONGEST_NUMBER = 32  # characters
OUR_FAULT = "Our fault: please report what you did."
WORDS = {"x", "y", "concept", "solver", "select", "set", "points", "turn", "rest"}


@dataclass(frozen=True)
class Span:
    """An axis of the map: a parameter from ``low`` to ``high``."""

    name: str
    low: Number
    high: Number


@dataclass(frozen=True)
class View:
    """What a page looks at: axes (none, one or two), the value of every parameter, and what is asked of the games.

    ``points`` along each axis are left to the server where they are None; at ``rest`` no hand moves.
    """

    axes: tuple[Span, ...]
    values: Mapping[str, Number]
    concept: str
    solver: str | None = None
    select: str | None = None
    points: int | None = None
    rest: bool = False

    @property
    def others(self) -> dict[str, Number]:
        """The parameters that the map keeps where they are."""
        return {name: value for name, value in self.values.items() if name not in self.names}

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters of the axes."""
        return tuple(span.name for span in self.axes)

    @property
    def key(self) -> tuple[Any, ...]:
        """What decides the map, for looking it up."""
        return self.axes, tuple(self.others.items()), self.concept, self.solver, self.select


def view_of(scenario: Scenario, usual: str, asked: Iterable[tuple[str, str]]) -> View:
    """The view that pairs of words mean, ``("x", "threat:0:3"), ("set", "chill:0.5")``.

    ``usual`` is the concept where none is asked for.  Raises ValueError for whatever is wrong.
    """
    words: dict[str, str] = {}
    settings: dict[str, Number] = {}
    for word, text in asked:
        if word not in WORDS:
            raise ValueError(unknown("word", word[:LONGEST_NUMBER], sorted(WORDS)))
        if word == "set":
            name, _, value = text.partition(":")
            if name in settings:
                raise ValueError(f"{shown(name)} is set twice")
            settings[name] = a_number(value)
        elif word in words:
            raise ValueError(f"{word} is asked for twice")
        else:
            words[word] = text
    if len(settings) > MOST_SETTINGS:
        raise ValueError(f"{len(settings)} parameters are set; at most {MOST_SETTINGS} may be")
    axes = tuple(span_of(scenario, words[word]) for word in ("x", "y") if words.get(word))
    if len({span.name for span in axes}) < len(axes):
        raise ValueError(f"{axes[0].name!r} cannot be both axes of the map: choose another for one of them")
    concept = words.get("concept") or usual
    if concept not in concepts:
        raise ValueError(unknown("concept", concept[:60], concepts))
    solver = words.get("solver") or None
    if solver is not None and solver not in solvers:
        raise ValueError(unknown("solver", solver[:60], solvers))
    return View(
        axes, values_of(scenario, settings), concept, solver, words.get("select") or None,
        a_count(words.get("points", "")), words.get("rest") == "1",
    )  # fmt: skip


def a_number(text: str) -> Number:
    """A number of no more than 32 characters.  Raises ValueError for anything else."""
    if len(text) > LONGEST_NUMBER:
        raise ValueError(f"a number of {len(text)} characters; at most {LONGEST_NUMBER} are read")
    return read_number(text)


def a_count(text: str) -> int | None:
    """Points along an axis, None where nothing is said.  Raises ValueError for what is no such number."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 4 and 2 <= int(text) <= MOST_POINTS):
        raise ValueError(f"points = {shown(text)}; a map has 2 to {MOST_POINTS} along each axis")
    return int(text)


def span_of(scenario: Scenario, text: str) -> Span:
    """``threat``, or ``threat:0:3``: an axis within the bounds of its parameter.  Raises ValueError for others."""
    name, *ends = text.split(":")
    if name not in scenario.parameters:
        raise ValueError(f"no parameter {shown(name)}.{nearest(name[:60], scenario.parameters)}")
    parameter = scenario.parameters[name]
    if not ends:
        low, high = parameter.low, parameter.high
    elif len(ends) == 2:
        low, high = (a_number(end) for end in ends)
    else:
        raise ValueError(f"{shown(text)} is no axis; write threat:0:3")
    if not fraction(low) < fraction(high):
        raise ValueError(f"{name} runs from {shown(low)} to {shown(high)}; the first must be the smaller")
    if fraction(low) < fraction(parameter.low) or fraction(high) > fraction(parameter.high):
        raise ValueError(
            f"{name} runs {shown(low)} .. {shown(high)}; it may be {shown(parameter.low)} .. {shown(parameter.high)}"
        )
    return Span(name, low, high)


def values_of(scenario: Scenario, settings: Mapping[str, Number]) -> dict[str, Number]:
    """Every parameter with its value.  Raises ValueError that says what is wrong, and not where the file lies."""
    try:
        return scenario.values(**settings)
    except ScenarioError as error:
        raise ValueError("; ".join(problem.message for problem in error.problems)) from None


def sentence_of(error: ValueError) -> str:
    """What is wrong, without where the file lies."""
    if isinstance(error, ScenarioError):
        return "; ".join(f"{problem.key}: {problem.message}".removeprefix(": ") for problem in error.problems)
    return str(error)
