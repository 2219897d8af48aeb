"""What a game shows of itself: who plays, and the payoffs of one cell with best replies marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.game import Game
from sim.output.as_text import payoff_tables
from sim.output.page import Page, Rows
from sim.output.parameters import settings
from sim.output.wording import amount
from sim.plugins import view

__all__ = ["game_page"]

MOST_AGENTS = 40  # that are listed


@view
def game_page(game: Game) -> Page:
    """Form, players, parameters and facts, and the payoffs of the first cell, or what each agent can do."""
    number = f"{game.cells} games" if game.cells != 1 else "game"
    parts: list[str | Rows] = [f"{type(game).__name__}: {number} of {' and '.join(game.players)}"]
    if game.parameters:
        parts.append(settings(game.parameters))
    if not game.cells:
        return Page(parts)
    facts = [f"{name}: {worded(value)}" for name, value in game.facts().items()]
    if game.cells > 1:
        parts.append("the first of them:")
    if facts:
        parts.append("\n".join(facts))
    tables = payoff_tables(game)
    return Page([*parts, *(tables or [choices(game)])])


def choices(game: Game) -> Rows:
    """What each agent can do, where there is no table of payoffs to see it in."""
    agents = game.agents[:MOST_AGENTS]
    more = f"and {len(game.agents) - len(agents)} more" if len(agents) < len(game.agents) else ""
    return Rows(
        [("who decides", "between"), *((agent.label, ", ".join(agent.actions)) for agent in agents)],
        note=more,
    )


def worded(value: Any) -> str:
    """A text, several, or numbers by label."""
    if isinstance(value, Mapping):
        return ", ".join(f"{label} {amount(number)}" for label, number in value.items())
    return value if isinstance(value, str) else ", ".join(value)
