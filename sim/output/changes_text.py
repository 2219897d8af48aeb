"""What ``standoff explain`` says: reasons and change, in sentences or as one JSON object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.explain import Changes, reasons
from sim.explain.sentences import (
    every_change,
    least_of,
    looked_at,
    nearest_of,
    never_of,
    not_reached,
    what_holds,
)
from sim.output.numbers import as_number
from sim.output.reasons_text import reasons_answer, reasons_parts
from sim.scenario import Scenario
from sim.solution import Solution

__all__ = ["changes_answer", "changes_report"]


def changes_report(
    scenario: Scenario,
    changes: Changes,
    norm: str,
    to: Sequence[str] = (),
    *,
    only: bool = False,
    why: Solution | None = None,
) -> str:
    """In sentences: what holds and ``why``, each tipping point, how far the nearest change is, the least changes."""
    parts = [scenario.title or scenario.name, what_holds(changes)]
    parts += reasons_parts(why) if why is not None else []
    found = every_change(scenario, changes)
    parts.append(
        "\n".join(["What would have to change:", *found])
        if found
        else "No parameter alone changes the outcomes."
    )
    parts.append(never_of(changes))
    if changes.nearest is not None:
        parts.append(nearest_of(changes.nearest))
    if changes.least:
        parts.append("\n".join(["Least changes:", *(least_of(one, norm) for one in changes.least)]))
    reached = [one.to for one in changes.least]
    if changes.exact and changes.why:
        parts.append(f"Least changes are not looked for: {changes.why}.")
    elif changes.exact:
        parts.extend(not_reached(name, only=only) for name in to if name not in reached)
    parts.append(looked_at(changes))
    return "\n\n".join(filter(None, parts))


def changes_answer(scenario: Scenario, changes: Changes, why: Solution | None = None) -> dict[str, Any]:
    """The same as one JSON object."""
    nearest = changes.nearest
    because = {} if why is None else {"reasons": reasons_answer(reasons(why))}
    return because | {
        "scenario": scenario.name,
        "parameters": {name: as_number(value) for name, value in changes.parameters.items()},
        "outcomes": list(changes.outcomes),
        "border": changes.border,
        "changes": [
            {
                "parameter": one.parameter,
                "from": as_number(one.here),
                "to": as_number(one.at),
                "share": one.share,
                "exact": one.exact,
                "before": list(one.before),
                "after": list(one.after),
            }
            for one in changes.changes
        ],
        "never": list(changes.never),
        "radius": None
        if nearest is None
        else {
            "found": nearest.found,
            "proved": nearest.proved,
            "point": {name: as_number(value) for name, value in nearest.point.items()},
            "after": list(nearest.after),
        },
        "least": [
            {
                "to": one.to,
                "changes": {name: as_number(value) for name, value in one.changes.items()},
                "share": one.share,
                "proved": one.proved,
            }
            for one in changes.least
        ],
    }
