"""What a solution shows of itself: every equilibrium of one game, counts and shares of many."""

from __future__ import annotations

import numpy as np

from sim.claim import Status
from sim.output import as_text
from sim.output.page import Page, Rows
from sim.output.parameters import settings
from sim.output.reasons_text import reasons_parts
from sim.plugins import concepts, view
from sim.scenario.source import Source
from sim.solution import Solution

__all__ = ["solution_page"]


@view
def solution_page(answer: Solution, *, why: bool = False) -> Page:
    """One cell as ``standoff solve`` tells it; of several, how many equilibria they have and what holds where.

    With ``why`` the reasons for the one cell as well.
    """
    game = answer.game
    if game.cells == 1:
        page = as_text.answer_page(Source("", "", game.form, dict(game.parameters)), answer)
        return Page([*page.parts, *reasons_parts(answer)]) if why else page
    concept = concepts[answer.concept]
    parts: list[str | Rows] = [f"{as_text.capital(concept.title)} of {game.cells} {game.form} games"]
    if game.parameters:
        parts.append(settings(game.parameters))
    if not game.cells:
        return Page(parts)
    counts, of = np.unique(answer.count, return_counts=True)
    parts.append(
        shares("solutions", dict(zip(map(str, counts.tolist()), of.tolist(), strict=True)), game.cells)
    )
    likely = answer.holds.sum(axis=0)
    held = {name: int(n) for name, n in zip(game.outcomes.names, likely, strict=True) if n}
    if held:
        parts.append(shares("outcome that some solution plays at least half of the time", held, game.cells))
    verdicts, of = np.unique(answer.status, return_counts=True)
    words = [Status(int(status)).sentence for status in verdicts]
    parts.append(shares("verdict", dict(zip(words, of.tolist(), strict=True)), game.cells))
    parts.append(f"complete in {answer.complete.mean():.1%}; .to_dataframe() has a row for each")
    return Page(parts)


def shares(what: str, cells: dict[str, int], of: int) -> Rows:
    """How many cells have what, and which share of all that is, most first."""
    ordered = sorted(cells.items(), key=lambda pair: -pair[1])
    return Rows([(what, "games", "share"), *((name, str(n), f"{n / of:.1%}") for name, n in ordered)])
