"""Promises of a scenario: what its author claims that rational play does, held against the solvers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.automata import Automaton, one_shot, profile, tempted
from sim.claim import Status
from sim.forms.repeated import Repeated
from sim.kernels.base.tolerances import FAINT, SAME_VALUE
from sim.patience.sustained_paths import endless
from sim.play.rules import named
from sim.run.sensed import shares_believed
from sim.scenario import Promise, Scenario
from sim.scenario.over import everything
from sim.selection import select
from sim.solving import solve

__all__ = ["Kept", "keep"]

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
    with ``select`` all of that is about the selected ones only.  ``share``: the share of an outcome where all
    parameters but those of ``at`` are as believed, as far as 16 x 1024 draws tell.  ``perfect``: nobody gains by
    one deviation from these automata in any state.
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


def off_shares(scenario: Scenario, promise: Promise, ranges: Mapping[str, tuple[float, float]]) -> list[str]:
    """Shares of outcomes that are not in their ranges, in words."""
    asked = everything(scenario, promise.at)
    asked = replace(
        asked, concept=promise.concept or asked.concept, solver=promise.solver, select=promise.select
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
