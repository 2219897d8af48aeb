"""Promises of a scenario: what its author claims that rational play does, held against the solvers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from sim.automata import Automaton, one_shot, profile, tempted
from sim.claim import Status
from sim.forms.repeated import Repeated
from sim.kernels.base.tolerances import FAINT, SAME_VALUE
from sim.kernels.interpreted import interpreted
from sim.patience.sustained_paths import endless
from sim.play.rules import named
from sim.scenario import Promise, Scenario
from sim.selection import select
from sim.solving import choose_solver, solve

__all__ = ["Kept", "broken", "keep"]

HOLDS = 0.5  # an outcome holds in an equilibrium that plays it with at least this probability


@dataclass(frozen=True)
class Kept:
    """Whether a promise is kept, and what was found in its place if not."""

    claim: str
    kept: bool
    found: str


def keep(scenario: Scenario, promise: Promise) -> Kept:
    """Solve at the promise's point and compare.

    ``outcomes``: exactly those that some equilibrium plays with probability 1/2 or more; ``never``: no
    equilibrium plays them at all; ``values``: every equilibrium gives the player a value in the range;
    with ``select`` all of that is about the selected ones only.  ``perfect``: nobody gains by one deviation
    from these automata in any state.
    Nothing is kept where the solver does not answer for certain.
    A promise with ``holds = false`` is kept where the comparison fails: the model refutes the claim.
    """
    if promise.perfect is not None:
        game = scenario.game(**promise.at)
        if game.horizon is not None:
            return Kept(promise.claim, False, "automata are judged in games without an end: take out horizon")
        return answered(promise, temptations(endless(game), promise.perfect, scenario.automata))
    solution = solve(scenario.game(**promise.at), promise.concept, promise.solver)
    status = Status(int(solution.status[0]))
    if status not in {Status.ok, Status.degenerate}:
        return Kept(promise.claim, False, solution.sentence(remedy="change the formula or the parameters"))
    names = scenario.outcomes.names
    meant = ~np.isnan(solution.outcomes[0]).any(axis=1)
    if promise.select is not None:
        meant &= select(solution, promise.select)[0]
    reached = solution.outcomes[0][meant].max(axis=0, initial=0.0)
    wrong = []
    if promise.outcomes is not None:
        held = {name for name, probability in zip(names, reached, strict=True) if probability >= HOLDS}
        if held != set(promise.outcomes):
            wrong.append(
                f"outcomes that hold: {', '.join(sorted(held)) or 'none'}; "
                f"promised: {', '.join(sorted(promise.outcomes)) or 'none'}"
            )
    wrong += [
        f"{name!r} is played with probability {reached[names.index(name)]:.4g}"
        for name in promise.never or ()
        if reached[names.index(name)] > FAINT
    ]
    for player, (low, high) in (promise.values or {}).items():
        value = solution.value[0, meant, scenario.players.index(player)]
        if value.size == 0 or (value < low - SAME_VALUE).any() or (value > high + SAME_VALUE).any():
            wrong.append(
                f"{player} gets {', '.join(f'{v:.6g}' for v in value) or 'nothing: there is no such equilibrium'}; "
                f"promised: {low:g} to {high:g}"
            )
    return answered(promise, wrong)


def answered(promise: Promise, wrong: list[str]) -> Kept:
    """Kept where nothing is wrong, or the other way round where the file says that the model refutes it."""
    if not promise.holds:
        refuted = "" if wrong else "it holds, and the file says that the model refutes it"
        return Kept(promise.claim, bool(wrong), refuted)
    return Kept(promise.claim, not wrong, "; ".join(wrong))


def temptations(game: Repeated, names: Sequence[str], own: Mapping[str, Automaton]) -> list[str]:
    """What tempts somebody away from automata, by name; nothing where they are subgame perfect."""
    automaton = profile(named(names, own, game.payoffs.shape[2:]))
    found = one_shot(game, automaton)
    return [] if found.perfect[0] else [tempted(found, game, automaton)]


def broken(scenario: Scenario) -> list[str]:
    """What is wrong with a scenario that could be read: questions without an answer, and promises not kept.

    Games of promises are small, so kernels run as Python while that pays (:mod:`sim.kernels.interpreted`).
    """
    wrong = list(unanswerable(scenario))
    if wrong:
        return wrong
    results = [interpreted(partial(keep, scenario, promise)) for promise in scenario.promises]
    return [f'promise not kept: "{kept.claim}" {kept.found}' for kept in results if not kept.kept]


def unanswerable(scenario: Scenario) -> Iterator[str]:
    """What is wrong with the concepts and solvers of sweeps and promises: no method, or another form's."""
    game = scenario.game()
    questions: list[tuple[str, Any]] = [
        (f"sweeps.{name}", question) for name, question in scenario.sweeps.items()
    ]
    questions += [
        (f"expect[{place}]", promise)
        for place, promise in enumerate(scenario.promises, start=1)
        if promise.perfect is None
    ]
    for key, question in questions:
        try:
            choose_solver(game, question.concept, question.solver)
        except ValueError as error:
            yield f"{key}: {error}"
