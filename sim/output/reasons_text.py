"""Reasons as parts of a page, and as one JSON object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from sim.explain import Reasons, reasons
from sim.explain.sentences import whys
from sim.output.numbers import as_number
from sim.output.wording import filled
from sim.solution import Solution

__all__ = ["reasons_answer", "reasons_parts"]


def reasons_parts(solution: Solution, cell: int = 0) -> list[str]:
    """Why each answer of a cell is one, and why nothing else holds: a heading and sentences each."""
    return [
        "\n".join([one.title, *(filled(f"  {sentence}", "    ") for sentence in one.sentences)])
        for one in whys(reasons(solution, cell))
    ]


def reasons_answer(found: Reasons) -> dict[str, Any]:
    """All numbers that sentences are made of, under the names of :mod:`sim.explain.reasons`, and the sentences."""
    words = [{"title": one.title, "sentences": list(one.sentences)} for one in whys(found)]
    answer: dict[str, Any] = plain(found)
    return answer | {"words": words}


def plain(value: Any) -> Any:
    """Dataclasses and numbers as JSON has them; null where there is no number."""
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return as_number(value) if isinstance(value, float) else value
