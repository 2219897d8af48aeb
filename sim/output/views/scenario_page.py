"""What a scenario shows of itself: who can do what, what can come of it, its parameters and its questions."""

from __future__ import annotations

from sim.output.page import Page, Rows
from sim.output.wording import amount, filled
from sim.plugins import view
from sim.scenario import Scenario
from sim.scenario.tables import Axis

__all__ = ["scenario_page"]

MOST_OUTCOMES = 20


@view
def scenario_page(scenario: Scenario) -> Page:
    """Title, players with their actions, outcomes, parameters with their bounds, sweeps, and how many promises."""
    parts: list[str | Rows] = [f"{scenario.name}: {scenario.title} ({scenario.form} form)"]
    pairs = zip(scenario.players, scenario.actions, strict=True)
    parts.append(Rows([(player, filled(", ".join(own))) for player, own in pairs], "players", head=False))
    names = scenario.outcomes.names
    more = f" and {len(names) - MOST_OUTCOMES} more" if len(names) > MOST_OUTCOMES else ""
    parts.append(filled(f"outcomes: {'; '.join(names[:MOST_OUTCOMES])}{more}", "  "))
    if scenario.parameters:
        head = ("parameter", "default", "bounds", "unit", "meaning")
        rows = [
            (name, amount(one.default), f"{amount(one.low)} .. {amount(one.high)}", one.unit, one.meaning)
            for name, one in scenario.parameters.items()
        ]
        parts.append(Rows([head, *rows]))
    if scenario.sweeps:
        questions = [
            (name, ", ".join(f"{axis} {span(along)}" for axis, along in one.over.items()), one.title)
            for name, one in scenario.sweeps.items()
        ]
        parts.append(Rows([("sweep", "over", "question"), *questions]))
    count = len(scenario.promises)
    if count:
        kept = "it is" if count == 1 else "they are"
        parts.append(f"{count} promise{'s' * (count != 1)}: `standoff check` sees whether {kept} kept")
    return Page(parts)


def span(axis: Axis) -> str:
    """``0 .. 4``."""
    return f"{amount(axis.low)} .. {amount(axis.high)}"
