"""The table [tones]: what colour an outcome has in pictures, by its meaning between peace and war."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sim.scenario.positions import KeyPath
from sim.scenario.problems import Report, shown

__all__ = ["TONES", "TONES_SCHEMA", "read_tones"]

TONES = ("agreement", "talks", "quiet", "concession", "standoff", "escalation", "war")
COLOUR = re.compile("#[0-9a-f]{6}", re.IGNORECASE)

TONES_SCHEMA = {
    "type": "object",
    "additionalProperties": {"anyOf": [{"enum": list(TONES)}, {"pattern": "^#[0-9a-fA-F]{6}$"}]},
}


def read_tones(
    value: Any, outcomes: Sequence[str] | None, states: Sequence[str], report: Report
) -> dict[str, str]:
    """The tone (or the colour ``#rrggbb``) of outcomes and states by name, as far as the file says it.

    ``outcomes`` are None where mistakes hide which there are: then names are not looked at.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        report.add(("tones",), f'expected a table, as "frozen standoff" = "standoff", found {shown(value)}')
        return {}
    sound = {}
    for name, given in value.items():
        key: KeyPath = ("tones", name)
        if outcomes is not None and name not in {*outcomes, *states}:
            allowed = {"outcomes": outcomes, **({"states": states} if states else {})}
            kind = "outcome or state" if states else "outcome"
            report.add(key, f"unknown {kind} {shown(name)} {report.choices(name, allowed)}")
        elif given in TONES:
            sound[name] = str(given)
        elif isinstance(given, str) and COLOUR.fullmatch(given):
            sound[name] = given.lower()
        elif isinstance(given, str):
            report.add(
                key, f"unknown tone {shown(given)} {report.choices(given, {'tones': TONES})}" + OR_COLOUR
            )
        else:
            report.add(key, f"expected a tone ({', '.join(TONES)}) or a colour, found {shown(given)}")
    return sound


OR_COLOUR = ' A colour, as "#1f77b4", also serves.'
