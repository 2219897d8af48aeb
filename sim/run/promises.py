"""Promises of a scenario: what its author claims that rational play does, held against the solvers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.automata import Automaton, one_shot, profile, tempted
from sim.borders import FlintMissingError
from sim.claim import Status
from sim.forms.repeated import Repeated
from sim.kernels.base.tolerances import FAINT, HALF, SAME_VALUE
from sim.kernels.interpreted import interpreted
from sim.patience.sustained_paths import endless
from sim.play.rules import named
from sim.run.sensed import shares_believed
from sim.scenario import Promise, Scenario, Sweep
from sim.scenario.over import everything
from sim.scenario.problems import shown
from sim.selection import select
from sim.solution import Solution
from sim.solving import choose_solver, solve

__all__ = ["Kept", "broken", "keep", "unanswerable", "unkept"]

MOST_TOLD = 8  # agents of an equilibrium that a message names


@dataclass(frozen=True)
class Kept:
    """Whether a promise is kept, and what was found in its place if not."""

    claim: str
    kept: bool
    found: str


def keep(scenario: Scenario, promise: Promise) -> Kept:
    """Solve at the promise's point and compare; what is found says where, and names the equilibrium.

    ``outcomes``: exactly those that some equilibrium plays with probability 1/2 or more; ``never``: no
    equilibrium plays them at all; ``values``: every equilibrium gives the player a value in the range;
    with ``select`` or ``refine`` all of that is about the selected ones only.  ``share``: the share of an outcome
    where all parameters but those of ``at`` are as believed, as far as 16 x 1024 draws tell.  ``tips``: all values
    of a parameter at which outcomes change, and with ``region`` what holds everywhere in it, proved.  ``perfect``: nobody
    gains by one deviation from these automata in any state.
    Nothing is kept where the solver does not answer for certain.
    A promise with ``holds = false`` is kept where the comparison fails: the model refutes the claim.
    """
    if promise.perfect is not None:
        game = scenario.game(**promise.at)
        if game.horizon is not None:
            return Kept(promise.claim, False, "automata are judged in games without an end: take out horizon")
        return answered(promise, temptations(endless(game), promise.perfect, scenario.automata))
    if promise.share is not None:
        return answered(promise, off_shares(scenario, promise, promise.share))
    if promise.tips is not None or promise.region is not None:
        from sim.run.proved_promises import off_region, off_tips  # which stand on datasets: only for who asks

        try:
            return answered(promise, (off_region if promise.tips is None else off_tips)(scenario, promise))
        except ValueError as error:
            return Kept(promise.claim, False, f"nothing is proved: {error}")
    solution = solve(scenario.game(**promise.at), promise.concept, promise.solver)
    status = Status(int(solution.status[0]))
    if status not in {Status.ok, Status.degenerate}:
        told = solution.sentence(at=place_of(promise), remedy="change the formula or the parameters")
        return Kept(promise.claim, False, told)
    meant = ~np.isnan(solution.outcomes[0]).any(axis=1)
    chosen = ", ".join(filter(None, (promise.refine, promise.select)))
    if chosen:
        meant &= select(solution, chosen)[0]
    wrong = [*wrong_outcomes(promise, solution, meant), *wrong_values(promise, solution, meant)]
    return answered(promise, wrong and [f"{place_of(promise)}: {wrong[0]}", *wrong[1:]])


def place_of(promise: Promise) -> str:
    """Where a promise is about, in words: ``at threat = 1.2``."""
    at = ", ".join(f"{name} = {shown(value)}" for name, value in promise.at.items())
    return f"at {at}" if at else "at the defaults"


def wrong_outcomes(promise: Promise, solution: Solution, meant: NDArray[np.bool_]) -> Iterator[str]:
    """In what the outcomes of the equilibria that are meant, ``(K,)``, are not what is promised."""
    names = solution.game.outcomes.names
    table = np.where(meant[:, np.newaxis], solution.outcomes[0], 0.0)
    reached = table.max(axis=0, initial=0.0)
    if promise.outcomes is not None:
        held = {name for name, probability in zip(names, reached, strict=True) if probability >= HALF}
        promised = set(promise.outcomes)
        if held != promised:
            yield (
                f"outcomes that hold: {', '.join(sorted(held)) or 'none'}; "
                f"promised: {', '.join(sorted(promised)) or 'none'}"
            )
        for name in sorted(held - promised):
            yield f"{name!r} is played in {named_equilibrium(solution, table[:, names.index(name)].argmax())}"
        for name in sorted(promised - held):
            most = reached[names.index(name)]
            where = (
                f", in {named_equilibrium(solution, table[:, names.index(name)].argmax())}" if most else ""
            )
            yield f"{name!r} is played with probability {most:.4g} at most{where}"
    for name in promise.never or ():
        if reached[names.index(name)] > FAINT:
            where = named_equilibrium(solution, table[:, names.index(name)].argmax())
            yield f"{name!r} is played with probability {reached[names.index(name)]:.4g} in {where}"


def wrong_values(promise: Promise, solution: Solution, meant: NDArray[np.bool_]) -> Iterator[str]:
    """Which players get something else than promised in the equilibria that are meant, ``(K,)``."""
    for player, (low, high) in (promise.values or {}).items():
        value = solution.value[0, :, solution.game.players.index(player)]
        off = meant & ((value < low - SAME_VALUE) | (value > high + SAME_VALUE))
        if off.any() or not meant.any():
            where = (
                f", {value[off][0]:.6g} in {named_equilibrium(solution, off.argmax())}" if off.any() else ""
            )
            yield (
                f"{player} gets {', '.join(f'{v:.6g}' for v in value[meant]) or 'nothing: there is no such equilibrium'}"
                f"{where}; promised: {low:g} to {high:g}"
            )


def named_equilibrium(solution: Solution, k: int | np.intp) -> str:
    """One equilibrium by its number and what is done in it: ``#2 (Russia build_up; NATO refuse 0.6, talk 0.4)``."""
    parts = []
    for agent, chances in zip(solution.game.agents, solution.strategy[0, k], strict=True):
        likely = [
            (action, chance) for action, chance in zip(agent.actions, chances, strict=False) if chance > FAINT
        ]
        words = [action if len(likely) == 1 else f"{action} {chance:.4g}" for action, chance in likely]
        parts.append(f"{agent.label} {', '.join(words)}")
    more = f"; and {len(parts) - MOST_TOLD} more" if len(parts) > MOST_TOLD else ""
    return f"#{k + 1} ({'; '.join(parts[:MOST_TOLD])}{more})"


def off_shares(scenario: Scenario, promise: Promise, ranges: Mapping[str, tuple[float, float]]) -> list[str]:
    """Shares of outcomes that are not in their ranges, in words."""
    asked = everything(scenario, promise.at)
    asked = replace(
        asked,
        concept=promise.concept or asked.concept,
        solver=promise.solver,
        select=promise.select,
        refine=promise.refine,
    )
    found = shares_believed(scenario, asked, promise.at)
    return [
        f"{name} holds in {share:.3g} of the draws ({low:.3g} to {high:.3g}); promised: {least:g} to {most:g}"
        for name, (least, most) in ranges.items()
        for share, low, high in [found[name]]
        if not least <= share <= most
    ]


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
    """What is wrong with a scenario that could be read: questions without an answer, and promises not kept."""
    return list(unanswerable(scenario)) or unkept(scenario)


def unkept(scenario: Scenario, patience: float | None = None) -> list[str]:
    """Which promises are not kept, and what was found instead.

    Games of promises are small, shares apart, so kernels run as Python while that pays, and no longer than
    ``patience`` in seconds (:mod:`sim.kernels.interpreted`).
    """
    results = [
        keep(scenario, promise)
        if promise.share is not None
        else interpreted(partial(keep, scenario, promise), patience)
        for promise in scenario.promises
    ]
    return [f'promise not kept: "{kept.claim}" {kept.found}' for kept in results if not kept.kept]


def unanswerable(scenario: Scenario) -> Iterator[str]:
    """What is wrong with the concepts and solvers of sweeps and promises: no method, or another form's; no proof."""
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
            if isinstance(question, Sweep) and question.proof is not None:
                from sim.run.proving import conditions_for  # which stands on datasets: only for who asks

                conditions_for(scenario, question, question.proof.equilibria)
        except FlintMissingError:
            continue  # what cannot be proved here can elsewhere
        except ValueError as error:
            yield f"{key}: {error}"
