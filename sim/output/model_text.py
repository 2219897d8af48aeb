"""What a model of the literature says, as readable lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sim.output.page import Rows, columns
from sim.output.parameters import settings
from sim.output.wording import amount

__all__ = ["model_page", "models"]


def models(rows: Iterable[tuple[str, str, str]]) -> str:
    """Models by name, what each is about, and their inputs."""
    return columns([("MODEL", "WHAT IT IS ABOUT", "INPUTS"), *rows])


def model_page(title: str, inputs: Mapping[str, Any], answer: Mapping[str, Any]) -> str:
    """The inputs, every single answer, and those that are lists of one length as columns beside each other."""
    lists = {word: value for word, value in answer.items() if isinstance(value, list | tuple)}
    alone = [(f"  {word}", plain(value)) for word, value in answer.items() if word not in lists]
    parts = [title, settings({word: value for word, value in inputs.items() if not isinstance(value, list)})]
    parts += [f"{word} = {plain(value)}" for word, value in inputs.items() if isinstance(value, list)]
    parts += [Rows(alone, head=False).text()] if alone else []
    length = max((len(value) for value in lists.values()), default=0)
    rows = [
        (str(k + 1), *(plain(value[k]) if k < len(value) else "" for value in lists.values()))
        for k in range(length)
    ]
    parts += [columns([("", *lists), *rows])] if rows else []
    return "\n".join(filter(None, parts))


def plain(value: Any) -> str:
    """A number to six digits, a list of them with commas, and words as they are."""
    if isinstance(value, list | tuple):
        return ", ".join(map(plain, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{word} {plain(each)}" for word, each in value.items())
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return amount(value)
