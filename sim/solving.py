"""Choose a solver, let it claim, certify: the only caller of solvers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claim import Claim
from sim.game import Essence, Game
from sim.kernels.base.extremes import LARGEST, SMALLEST, any_extreme
from sim.plugins import Solver, concepts, solvers, unknown
from sim.solution import Solution, certify

__all__ = ["as_declared", "choose_solver", "solve"]

OURS = "this is a bug of ours, please report it"


def choose_solver(
    game: Game, concept: str = "nash", solver: str | None = None, *, exact: bool = False
) -> Solver:
    """The method to use: the named one, else the default of the concept for this form of game.

    Raises ValueError with the allowed and the nearest names where there is none, and for a concept that is not
    judged for this form.
    """
    if not isinstance(concept, str) or concept not in concepts:
        raise ValueError(unknown("concept", concept, concepts))
    if solver is not None and (not isinstance(solver, str) or solver not in solvers):
        raise ValueError(unknown("solver", solver, solvers))
    # whatever solves the game of those who have something to choose will do; all parts have the same players
    asked = next((part.game for part in essences(game, concept)), game)
    known = [item for item in solvers.values() if item.exact or not exact]
    fitting = (
        item for item in sorted(known, key=lambda item: (item.rank, item.name))
        if item.finds(concept) and solver in {None, item.name} and item.accepts(asked)
    )  # fmt: skip
    chosen = next(fitting, None)  # whether a game fits can take longer than to solve it
    if chosen is None:
        able = [item for item in known if item.accepts(asked)]
        exactly = " exactly" if exact else ""
        who = "no solver finds" if solver is None else f"solver {solver!r} does not find"
        others = [item.name for item in able if item.finds(concept)]
        what = f"solvers of {concept!r}{exactly} for it" if others else f"concepts{exactly} for it"
        names = others or sorted({name for item in able for name in (item.concept, *item.also)})
        why = solvers[solver].objection(asked) if solver is not None else ""
        instead = "; without exact it is solved in floats, and certified" if exact and not names else ""
        known_words = f"{what}: {', '.join(names)}" if names else f"no concept is solved{exactly} for it"
        raise ValueError(
            f"{who} {concept!r}{exactly} for a {game.form} game of {len(game.players)} players"
            f"{why and f': {why}'} ({known_words}){instead}"
        )
    concepts[concept].judge(game)  # raises where nothing could be certified
    return chosen


def solve(
    game: Game,
    concept: str | None = None,
    solver: str | None = None,
    *,
    exact: bool = False,
    **options: Any,
) -> Solution:
    """Solve every cell of a game and certify the answer.

    Without ``concept`` it is that of the form: ``nash``, ``subgame_perfect`` (``public_perfect`` where signals mislead)
    or ``markov_perfect``.
    ``exact`` asks for rational arithmetic; further options go to the solver, as its docstring says.
    Raises ValueError for what is no game, for an unknown concept, solver or option, and for one that does
    not fit the game.

    >>> from sim import NormalForm
    >>> game = NormalForm([[[3, 0], [5, 1]], [[3, 5], [0, 1]]], ("Row", "Column"))
    >>> solution = solve(game, "nash")
    >>> solution.count.tolist(), solution.value[0, 0].tolist(), bool(solution.complete[0])
    ([1], [1.0, 1.0], True)
    """
    if not isinstance(game, Game):
        raise ValueError(  # noqa: TRY004 - the one error of wrong input
            f"solve takes a game (sim.NormalForm, sim.Repeated, sim.Stochastic, or scenario.game()), "
            f"not a {type(game).__name__}"
        )
    if not isinstance(exact, bool):
        raise ValueError(  # noqa: TRY004 - the one error of wrong input
            f"exact must be True or False, not {repr(exact)[:60]}"
        )
    concept = game.usual_concept if concept is None else concept
    method = choose_solver(game, concept, solver, exact=exact)
    for name in options:
        if name not in options_of(method.function):
            raise ValueError(f"{method.name}: {unknown('option', name, options_of(method.function))}")
    if exact:
        options["exact"] = True
    if not game.cells:
        return certify(game, nothing_claimed(game), concept)
    computable = within_floats(game)
    parts = essences(computable, concept)
    if parts:
        claims = [as_declared(method, method.function(part.game, **options)) for part in parts]
        claim = put_together(computable, parts, claims)
    else:
        claim = as_declared(method, method.function(computable, **options))
    return certify(computable, claim, concept, asked=game)


def essences(game: Game, concept: str) -> tuple[Essence, ...]:
    """The parts in which a game is solved without what changes nothing; none where it is solved as it is."""
    return game.essences if concepts[concept].essential else ()


def put_together(game: Game, parts: Sequence[Essence], claims: Sequence[Claim]) -> Claim:
    """What is claimed of the whole game: agents that were left out, or had fewer actions, do the first.

    Raises RuntimeError for claims that parts do not add up to: an error of ours.
    """
    if any(claim.joint is not None or claim.names for claim in claims):
        raise RuntimeError(f"answers with roles or joint play are no sum of parts: {OURS}")
    exact = None
    if any(claim.exact is not None for claim in claims):
        exact = np.zeros(game.cells, np.bool_)
        for part, claim in zip(parts, claims, strict=True):
            exact[part.cells] = False if claim.exact is None else claim.exact
    answers = claims[0].answers

    def whole(
        arrays: Sequence[NDArray[Any]], dims: tuple[str, ...] = (), fill: float = np.nan
    ) -> NDArray[Any]:
        if dims[-2:] == ("agent", "action"):
            arrays = [with_first_actions(game, *pair) for pair in zip(parts, arrays, strict=True)]
        elif {"agent", "player"} & set(dims):
            raise RuntimeError(f"an answer by {', '.join(dims)} is no sum of parts: {OURS}")
        return spread(game.cells, parts, arrays, fill)

    return Claim(
        whole([claim.strategy for claim in claims], ("equilibrium", "agent", "action")),
        whole([claim.status for claim in claims]),
        whole([claim.complete for claim in claims]),
        whole([claim.degenerate for claim in claims]),
        extra={
            name: whole([claim.extra[name] for claim in claims], answers[name].dims, answers[name].fill)
            for name in claims[0].extra
        },
        exact=exact,
        answers=answers,
    )


def with_first_actions(game: Game, part: Essence, play: NDArray[Any]) -> NDArray[Any]:
    """Strategies in a part, floats or fractions ``(E, .., H', A')``, as strategies in the game, ``(E, .., H, A)``."""
    fractions = play.dtype.kind == "O"
    nothing: Any = None if fractions else np.nan
    result = np.full((*play.shape[:-2], *game.mask.shape), nothing, play.dtype)
    one: Any = play[..., 0, 0]
    claimed: NDArray[np.bool_] = np.asarray(one != nothing) if fractions else ~np.isnan(one)
    result[claimed] = Fraction(0) if fractions else 0.0
    result[claimed, :, 0] = Fraction(1) if fractions else 1.0
    result[..., list(part.agents), : play.shape[-1]] = play
    return result


def spread(cells: int, parts: Sequence[Essence], arrays: Sequence[NDArray[Any]], fill: float) -> NDArray[Any]:
    """Arrays of parts, each with its cells first, as one of all cells; ``fill`` where a part has fewer entries."""
    kind = arrays[0].dtype
    nothing: Any = None
    if kind.kind != "O":
        nothing = np.array(0 if np.isnan(fill) and kind.kind != "f" else fill, kind)
    most = np.array([array.shape[1:] for array in arrays], np.int64).max(axis=0).tolist()
    result = np.full((cells, *most), nothing, kind)
    for part, array in zip(parts, arrays, strict=True):
        there: Any = (part.cells, *(slice(size) for size in array.shape[1:]))
        result[there] = array
    return result


def as_declared(method: Solver, claim: Claim) -> Claim:
    """The claim with the declarations of what it holds.

    Raises RuntimeError where the solver answers what it does not declare, or keeps back what it does.
    """
    answers = {answer.name: answer for answer in method.answers}
    wrong = [f"answers {name!r}, which it does not declare" for name in claim.extra if name not in answers]
    missing = [name for name, answer in answers.items() if answer.always and name not in claim.extra]
    wrong += [f"does not answer {name!r}, which it declares" for name in missing]
    if wrong:
        raise RuntimeError(f"solver {method.name!r} {' and '.join(wrong)}: {OURS}")
    return replace(claim, answers=answers)


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
    left = payoffs.copy()
    left[beyond] = np.nan
    return game.with_payoffs(left)


def nothing_claimed(game: Game) -> Claim:
    """What is claimed of a batch without cells."""
    return Claim(np.empty((0, 0, *game.mask.shape)))
