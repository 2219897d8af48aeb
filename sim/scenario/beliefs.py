"""The key ``distribution`` of a parameter: what is believed of its value between the bounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any

from pydantic import PlainValidator, ValidationInfo, WithJsonSchema

from sim.designs.distributions import (
    Belief,
    Beta,
    Choices,
    LogUniform,
    Normal,
    Quantiles,
    Triangular,
    Uniform,
)
from sim.expression import Number
from sim.expression.numbers import fraction
from sim.scenario.fields import NUMBER, mistake, number
from sim.scenario.problems import choices, shown

__all__ = ["Distribution", "Said", "belief_of"]

MOST_LINES = 1000  # of quantiles or choices
WORDS = ("uniform", "triangular")
KINDS = ("normal", "beta", "log_uniform", "quantiles", "choices")
TWO_NUMBERS = {"normal": ("mean", "deviation"), "beta": ("a", "b")}
SLACK = 1_000_000_000  # probabilities may miss 1 by one part of so many: thirds are written as 0.333333333


@dataclass(frozen=True)
class Said:
    """A distribution as the file says it: its ``kind``, and a row of numbers or several."""

    kind: str
    rows: tuple[tuple[Number, ...], ...] = ()


def belief_of(said: Said, default: Number, low: Number, high: Number) -> Belief:
    """What is believed of a parameter with these bounds.

    Raises ValueError where the distribution does not fit them.
    """
    ends = float(low), float(high)
    columns = [tuple(map(float, column)) for column in zip(*said.rows, strict=True)]
    first, second = columns or ((), ())
    makers: dict[str, Callable[[], Belief]] = {
        "uniform": lambda: Uniform(*ends),
        "triangular": lambda: Triangular(float(default), *ends),
        "normal": lambda: Normal(first[0], second[0], *ends),
        "beta": lambda: Beta(first[0], second[0], *ends),
        "log_uniform": lambda: LogUniform(*ends),
        "quantiles": lambda: Quantiles(first, second, *ends),
        "choices": lambda: chosen(first, second),
    }
    return makers[said.kind]()


def chosen(values: Sequence[float], probabilities: Sequence[float]) -> Choices:
    """Values in rising order with probabilities that add to 1."""
    pairs = sorted(pair for pair in zip(values, probabilities, strict=True) if pair[1] > 0)
    total = sum(probability for _, probability in pairs)
    return Choices(tuple(value for value, _ in pairs), tuple(p / total for _, p in pairs))


def distribution(value: Any, info: ValidationInfo) -> Said:
    """``"triangular"`` or ``{ normal = [2, 0.5] }``, checked against the bounds where those are sound."""
    said = read(value)
    bounds = info.data
    if {"low", "high", "default"} <= bounds.keys() and bounds["low"] < bounds["high"]:
        fitting(said, bounds["low"], bounds["high"])
        try:
            belief_of(said, bounds["default"], bounds["low"], bounds["high"])
        except ValueError as error:
            raise mistake(str(error)) from None
    return said


def read(value: Any) -> Said:
    """The kind of a distribution and its numbers, each in its own order."""
    if isinstance(value, str):
        if value not in WORDS:
            raise mistake(f"unknown distribution {shown(value)} {allowed(value)}")
        return Said(value)
    if not isinstance(value, dict) or len(value) != 1:
        raise mistake(f"expected one distribution ({listed()}), found {shown(value)}")
    ((kind, given),) = value.items()
    if kind not in KINDS:
        raise mistake(f"unknown distribution {shown(kind)} {allowed(kind)}")
    if kind == "log_uniform":
        if given is not True:
            raise mistake(f"log_uniform: expected true, found {shown(given)}")
        return Said(kind)
    if kind in TWO_NUMBERS:
        return Said(kind, (two_numbers(kind, given),))
    rows = pairs(kind, given)
    in_order(rows) if kind == "quantiles" else adding_up(rows)
    return Said(kind, rows)


def two_numbers(kind: str, given: Any) -> tuple[Number, Number]:
    """Mean and deviation, or both exponents: what spreads is above 0."""
    names = TWO_NUMBERS[kind]
    if not isinstance(given, list) or len(given) != 2:
        raise mistake(f"{kind}: expected [{', '.join(names)}], found {shown(given)}")
    first, second = number(given[0]), number(given[1])
    for name, value in zip(names, (first, second), strict=True):
        if name != "mean" and not value > 0:
            raise mistake(f"{kind}: {name} must be above 0, found {shown(value)}")
    return first, second


def pairs(kind: str, given: Any) -> tuple[tuple[Number, ...], ...]:
    """A list of pairs of numbers."""
    wanted = "[[probability, value], ...]" if kind == "quantiles" else "[[value, probability], ...]"
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_LINES:
        raise mistake(f"{kind}: expected {wanted}, 1 to {MOST_LINES} pairs, found {shown(given)}")
    for item, row in enumerate(given):
        if not isinstance(row, list) or len(row) != 2:
            raise mistake(f"{kind}[{item + 1}]: expected a pair as in {wanted}, found {shown(row)}")
    return tuple((number(first), number(second)) for first, second in given)


def in_order(rows: Sequence[tuple[Number, ...]]) -> None:
    """Quantiles: probabilities rise between 0 and 1, and values do not fall."""
    for item, (probability, _) in enumerate(rows):
        if not 0 < probability < 1:
            raise mistake(
                f"quantiles[{item + 1}]: probability {shown(probability)} is not between 0 and 1, "
                "which are low and high themselves"
            )
    for item, ((before, low), (after, high)) in enumerate(pairwise(rows)):
        if not before < after or low > high:
            raise mistake(
                f"quantiles[{item + 2}]: [{shown(after)}, {shown(high)}] comes after "
                f"[{shown(before)}, {shown(low)}]; probabilities must rise, and values must not fall"
            )


def adding_up(rows: Sequence[tuple[Number, ...]]) -> None:
    """Choices: values differ, probabilities are none below 0 and add to 1."""
    for item, (_, probability) in enumerate(rows):
        if probability < 0:
            raise mistake(f"choices[{item + 1}]: probability {shown(probability)} is below 0")
    values = [value for value, _ in rows]
    twice = next((value for place, value in enumerate(values) if value in values[:place]), None)
    if twice is not None:
        raise mistake(f"choices: {shown(twice)} is there twice")
    total = sum(fraction(probability) for _, probability in rows)
    if abs(total - 1) * SLACK > 1:
        raise mistake(f"choices: probabilities add to {float(total):g}; they must add to 1")


def fitting(said: Said, low: Number, high: Number) -> None:
    """What a distribution says lies within the bounds of its parameter."""
    if said.kind == "log_uniform" and not low > 0:
        raise mistake(f"log_uniform needs low above 0, found low = {shown(low)}")
    column = {"quantiles": 1, "choices": 0}.get(said.kind)
    for item, row in enumerate(said.rows if column is not None else ()):
        value = row[column or 0]
        if not low <= value <= high:
            raise mistake(
                f"{said.kind}[{item + 1}]: {shown(value)} lies outside the bounds {shown(low)} .. {shown(high)}"
            )


def listed() -> str:
    """Every distribution as it is written."""
    words = ", ".join(f'"{word}"' for word in WORDS)
    return f"{words}, {', '.join(f'{{ {kind} = ... }}' for kind in KINDS)}"


def allowed(word: str) -> str:
    """All kinds, and the nearest."""
    return choices(word, {"distributions": [*WORDS, *KINDS]})


PAIR = {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}
PAIRS = {"type": "array", "items": PAIR, "minItems": 1, "maxItems": MOST_LINES}
TABLES = {"normal": PAIR, "beta": PAIR, "log_uniform": {"const": True}, "quantiles": PAIRS, "choices": PAIRS}
SCHEMA = {
    "anyOf": [
        {"enum": list(WORDS)},
        {
            "type": "object",
            "properties": TABLES,
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        },
    ]
}
Distribution = Annotated[Said, PlainValidator(distribution), WithJsonSchema(SCHEMA)]
