"""The pipeline in one screen: points -> game -> claim -> certificate -> dataset."""

from __future__ import annotations

from typing import Any

from sim.concepts import CONCEPTS
from sim.game import Game
from sim.plugins import Solver, solvers, unknown
from sim.solution import Solution, certify

__all__ = ["choose_solver", "solve"]


def choose_solver(
    game: Game, concept: str = "nash", solver: str | None = None, *, exact: bool = False
) -> Solver:
    """The method to use: the named one, else the default of the concept for this form of game.

    Raises ValueError with the allowed and the nearest names where there is none.
    """
    if concept not in CONCEPTS:
        raise ValueError(unknown("concept", concept, CONCEPTS))
    if solver is not None and solver not in solvers:
        raise ValueError(unknown("solver", solver, solvers))
    able = [item for item in solvers.values() if item.concept == concept]
    fitting = [
        item
        for item in able
        if item.accepts(game) and solver in {None, item.name} and (item.exact or not exact)
    ]
    if not fitting:
        others = ", ".join(item.name for item in able) or "none"
        who = "no solver finds" if solver is None else f"solver {solver!r} does not find"
        raise ValueError(
            f"{who} {concept!r}{' exactly' if exact else ''} for a {type(game).__name__} "
            f"of {len(game.players)} players (solvers of {concept!r}: {others})"
        )
    return min(fitting, key=lambda item: (item.rank, item.name))


def solve(
    game: Game, concept: str = "nash", solver: str | None = None, *, exact: bool = False, **options: Any
) -> Solution:
    """Solve every cell of a game and certify the answer.

    ``exact`` asks for rational arithmetic; further options go to the solver, as its docstring says.
    Raises ValueError for an unknown concept or solver, and for one that does not fit the game.
    """
    method = choose_solver(game, concept, solver, exact=exact)
    if exact:
        options["exact"] = True
    return certify(game, method.function(game, **options), concept)
