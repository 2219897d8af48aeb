"""The pipeline in one screen: points -> game -> claim -> certificate -> dataset."""

from __future__ import annotations

from typing import Any

from sim.concepts import CONCEPTS
from sim.game import Game
from sim.plugins import Solver, nearest, solvers
from sim.solution import Solution, certify

__all__ = ["choose_solver", "solve"]


def choose_solver(game: Game, concept: str = "nash", solver: str | None = None, *, exact: bool = False) -> Solver:
    """The method to use: the named one, else the default of the concept for this form of game.

    Raises ValueError with the allowed and the nearest names where there is none.
    """
    if concept not in CONCEPTS:
        raise ValueError(f"unknown concept {concept!r} (concepts: {', '.join(CONCEPTS)}).{nearest(concept, tuple(CONCEPTS))}")
    fitting = sorted(
        (item for item in solvers.values() if item.concept == concept and item.accepts(game)),
        key=lambda item: (item.rank, item.name),
    )
    if exact:
        fitting = [item for item in fitting if item.exact]
    if solver is not None:
        if solver not in solvers:
            raise ValueError(f"unknown solver {solver!r} (solvers: {', '.join(solvers)}).{nearest(solver, tuple(solvers))}")
        fitting = [item for item in fitting if item.name == solver]
    if not fitting:
        able = sorted(item.name for item in solvers.values() if item.concept == concept)
        what = f"{concept!r}{' exactly' if exact else ''} on this {type(game).__name__} of {len(game.players)} players"
        raise ValueError(f"{'no solver' if solver is None else f'{solver!r} does not'} find{'s' * (solver is None)} {what} (solvers of {concept!r}: {', '.join(able) or 'none'})")
    return fitting[0]


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
