"""Choose a solver, let it claim, certify: the only caller of solvers."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from sim.claim import Claim
from sim.concepts import CONCEPTS
from sim.game import Game
from sim.kernels.base.extremes import LARGEST, SMALLEST, any_extreme
from sim.plugins import Solver, forms, solvers, unknown
from sim.solution import Solution, certify

__all__ = ["choose_solver", "solve"]


def choose_solver(
    game: Game, concept: str = "nash", solver: str | None = None, *, exact: bool = False
) -> Solver:
    """The method to use: the named one, else the default of the concept for this form of game.

    Raises ValueError with the allowed and the nearest names where there is none.
    """
    if not isinstance(concept, str) or concept not in CONCEPTS:
        raise ValueError(unknown("concept", concept, CONCEPTS))
    if solver is not None and (not isinstance(solver, str) or solver not in solvers):
        raise ValueError(unknown("solver", solver, solvers))
    able = [item for item in solvers.values() if item.accepts(game) and (item.exact or not exact)]
    fitting = [item for item in able if item.concept == concept and solver in {None, item.name}]
    if not fitting:
        exactly = " exactly" if exact else ""
        who = "no solver finds" if solver is None else f"solver {solver!r} does not find"
        form = next((name for name, kind in forms.items() if isinstance(game, kind)), type(game).__name__)
        others = [item.name for item in able if item.concept == concept]
        what = f"solvers of {concept!r}{exactly} for it" if others else f"concepts{exactly} for it"
        names = others or sorted({item.concept for item in able})
        raise ValueError(
            f"{who} {concept!r}{exactly} for a {form} game of {len(game.players)} players "
            f"({what}: {', '.join(names) or 'none'})"
        )
    return min(fitting, key=lambda item: (item.rank, item.name))


def solve(
    game: Game,
    concept: str | None = None,
    solver: str | None = None,
    *,
    exact: bool = False,
    **options: Any,
) -> Solution:
    """Solve every cell of a game and certify the answer.

    Without ``concept`` it is that of the form: ``nash``, ``subgame_perfect`` or ``markov_perfect``.
    ``exact`` asks for rational arithmetic; further options go to the solver, as its docstring says.
    Raises ValueError for what is no game, for an unknown concept, solver or option, and for one that does
    not fit the game.
    """
    if not isinstance(game, Game):
        raise ValueError(  # noqa: TRY004 - the one error of wrong input
            f"solve takes a game (sim.NormalForm, sim.Repeated, sim.Stochastic, or scenario.game()), "
            f"not a {type(game).__name__}"
        )
    concept = game.default_concept if concept is None else concept
    method = choose_solver(game, concept, solver, exact=exact)
    for name in options:
        if name not in options_of(method.function):
            raise ValueError(f"{method.name}: {unknown('option', name, options_of(method.function))}")
    if exact:
        options["exact"] = True
    if not game.cells:
        return certify(game, nothing_claimed(game), concept)
    computable = within_floats(game)
    solution = certify(computable, method.function(computable, **options), concept)
    return solution if computable is game else replace(solution, game=game)


@cache
def options_of(method: Callable[..., Any]) -> tuple[str, ...]:
    """The options that a solver understands: all that it takes beside the game."""
    return tuple(inspect.signature(method).parameters)[1:]


def within_floats(game: Game) -> Game:
    """The game, without payoffs in cells where they are too large or too small to compute with.

    Such cells then come out ``nonfinite``, like those of payoffs that are infinite from the start.
    """
    payoffs = game.payoffs
    if not any_extreme(payoffs.reshape(-1)):
        return game
    size = np.abs(payoffs).max(axis=tuple(range(1, payoffs.ndim)))
    spread = game.scale if (game.scale < SMALLEST).any() else np.ones((1, 1))
    beyond = game.finite & ((size > LARGEST) | (spread < SMALLEST).any(axis=1))
    if not beyond.any():
        return game
    stage: Any = game.stage
    left = payoffs.copy()
    left[beyond] = np.nan
    stage = replace(stage, payoffs=left)
    return stage if game.stage is game else replace(game, stage=stage)  # type: ignore[type-var]


def nothing_claimed(game: Game) -> Claim:
    """What is claimed of a batch without cells."""
    none = np.zeros(0, np.bool_)
    return Claim(np.empty((0, 0, *game.mask.shape)), np.zeros(0, np.int8), none, none)
