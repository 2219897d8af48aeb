"""A model by its name, with inputs as they were written: what a command line asks for."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sim.models as shelf
from sim.expression.numbers import read_number
from sim.plugins import unknown

__all__ = ["MODELS", "Computed", "asked", "known_models"]

READ = {"float": "a number", "int": "a whole number", "Sequence[float]": "numbers with commas between them"}


@dataclass(frozen=True)
class Computed:
    """A model that was computed: the first line of what it is about, its inputs and what it says, by name."""

    title: str
    inputs: dict[str, Any]
    answer: dict[str, Any]


def takes_numbers(name: str) -> bool:
    """Whether all inputs of a model are numbers, or lists of them; tables are for Python."""
    needed = inspect.signature(getattr(shelf, name)).parameters.values()
    return all(each.annotation in READ for each in needed)


MODELS = tuple(name for name in shelf.__all__ if takes_numbers(name))
"""The models whose inputs a command line can write."""


def known_models() -> list[tuple[str, str, str]]:
    """Each of :data:`MODELS` with what it is about, in words, and its inputs."""
    found = ((name, getattr(shelf, name)) for name in MODELS)
    return [(name, about(model), ", ".join(inspect.signature(model).parameters)) for name, model in found]


def about(model: Callable[..., Any]) -> str:
    """The first line of what a model says of itself."""
    return (inspect.getdoc(model) or "").partition("\n")[0].replace("``", "").rstrip(".")


def asked(name: str, given: Mapping[str, str]) -> Computed:
    """The model of this name at inputs as they were written: ``{"a": "2", "W": "1, 1/2"}``.

    Raises ValueError for unknown models and inputs, for inputs that are missing or no numbers, and, as the models do,
    for what lies outside the region in which one is meant.

    >>> asked("chain_store_rounds", {"a": "2", "b": "1/2", "p_tough": "0.1", "entrants": "4"}).answer["belief"]
    [0.1, 0.125, 0.25, 0.5, 1.0]
    """
    if name in shelf.__all__ and name not in MODELS:
        raise ValueError(f"{name} takes tables: call sim.models.{name} from Python")
    if name not in MODELS:
        raise ValueError(unknown("model", name, MODELS))
    model = getattr(shelf, name)
    needed = inspect.signature(model).parameters
    for word in given:
        if word not in needed:
            raise ValueError(unknown(f"input of {name}", word, needed))
    missing = [word for word, each in needed.items() if word not in given and each.default is each.empty]
    if missing:
        wanted = ", ".join(f"{word} ({READ[needed[word].annotation]})" for word in missing)
        raise ValueError(f"{name} needs {wanted}: add --set {missing[0]}=VALUE and so on")
    inputs = {word: each.default for word, each in needed.items() if word not in given}
    inputs |= {word: read(word, value, needed[word].annotation) for word, value in given.items()}
    try:
        answer = model(**inputs)
    except ArithmeticError:
        raise ValueError(f"{name}: inputs so large or so small leave the range of floats") from None
    return Computed(about(model), {word: inputs[word] for word in needed}, finite(name, answer))


def read(word: str, value: str, kind: str) -> Any:
    """An input as a model takes it."""
    try:
        numbers = [float(read_number(part)) for part in value.split(",")]
    except ValueError as error:
        raise ValueError(f"{word} = {value!r} must be {READ[kind]}: {error}") from None
    if kind == "Sequence[float]":
        return numbers
    if len(numbers) > 1 or (kind == "int" and not numbers[0].is_integer()):
        raise ValueError(f"{word} = {value!r} must be {READ[kind]}")
    return int(numbers[0]) if kind == "int" else numbers[0]


def finite(name: str, answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer, of which all numbers are numbers.  Raises ValueError for others."""
    for word, value in answer.items():
        for each in value if isinstance(value, list | tuple) else [value]:
            if isinstance(each, float) and not math.isfinite(each):
                raise ValueError(f"{name}: {word} is {each} there, which is no number: choose other inputs")
    return dict(answer)
