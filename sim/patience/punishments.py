"""What a deviator must expect: the names of punishments, temptations, and the threats of the stage."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from sim.forms import stage as facts
from sim.forms.normal import NormalForm, is_normal
from sim.forms.repeated import Repeated
from sim.game import Floats
from sim.game.checks import numbers
from sim.kernels.base.extremes import LARGEST
from sim.patience.certified import equilibria, worst_payoffs
from sim.plugins import nearest

__all__ = [
    "PUNISHMENTS",
    "STICKS",
    "at",
    "checked",
    "measurable",
    "position",
    "stage_gains",
    "temptations",
    "threats",
    "threats_of",
    "worst_equilibria",
]

PUNISHMENTS = ("grim", "nash_reversion", "stick_and_carrot", "own_sticks", "optimal")
STICKS = ("stick_and_carrot", "own_sticks")
THREAT_STEPS = 20_000


def threats(game: Repeated, punishment: str = "optimal") -> Floats:
    """What each player expects after deviating, ``(C, n)``; NaN where there is no such threat.

    With ``"optimal"`` the worst payoffs of the certified set; where that was still shrinking after 20,000 steps
    they are bounds from below, and what they sustain is numerical evidence only.
    Raises ValueError for sticks, whose threats depend on the path: see :func:`sticks`.
    """
    if punishment in STICKS:
        raise ValueError("the threats of stick and carrot depend on the path they sustain: see sticks")
    if checked(punishment) == "optimal":
        return worst_payoffs(game, THREAT_STEPS)
    return threats_of(game.stage, punishment)


def threats_of(stage: NormalForm, punishment: str) -> Floats:
    """Worst equilibrium payoffs of the stage, ``(C, n)``: of pure ones, or of all (two players)."""
    play = worst_equilibria(stage, punishment)
    each = [stage.values(play[:, i])[:, i] for i in range(len(stage.players))]
    return np.stack(each, axis=1)


def worst_equilibria(stage: NormalForm, punishment: str) -> Floats:
    """The equilibrium of the stage that is worst for each player, ``(C, n, n, A)``; NaN where there is none.

    ``"grim"`` looks at pure ones, ``"nash_reversion"`` at all where there are two players.
    """
    n, shape = len(stage.players), stage.payoffs.shape[2:]
    cells = np.arange(stage.cells)[:, np.newaxis]
    if punishment == "nash_reversion" and n == 2:
        strategy, value = equilibria(stage)
        if not strategy.shape[1]:
            return np.full((stage.cells, n, n, max(shape)), np.nan)
        worst = np.where(np.isnan(value), np.inf, value).argmin(axis=1)
        played: Floats = strategy[cells, worst]
        return played
    pure = facts.pure_equilibria(stage.payoffs, stage.scale)[:, np.newaxis]
    worst = np.where(pure, stage.payoffs, np.inf).reshape(stage.cells, n, -1).argmin(axis=-1)
    result = np.eye(max(shape))[np.stack(np.unravel_index(worst, shape), axis=-1)]
    result[~pure.reshape(stage.cells, -1).any(axis=1)] = np.nan
    return result


def stage_gains(stage: NormalForm) -> Floats:
    """What the best deviation from each joint action gains each player at once, ``(C, n, A1, .., An)``."""
    return facts.gains(stage.payoffs)


def temptations(stage: NormalForm) -> Floats:
    """What the best of all other actions brings at once, ``(C, n, A1, .., An)``: a loss where they are worse.

    Minus infinity for a player who has one action only.
    """
    return facts.temptations(stage.payoffs)


def at(table: Floats, lead: int, joint_action: tuple[int, ...]) -> Floats:
    """The entries of one joint action, whose axes come after the first ``lead``."""
    where: Any = (slice(None),) * lead + joint_action
    result: Floats = table[where]
    return result


def position(stage: NormalForm, joint_action: tuple[int, ...]) -> tuple[int, ...]:
    """A joint action as positions; raises ValueError where it is none."""
    shape = stage.payoffs.shape[2:]
    given = numbers("a joint action", joint_action)
    places = given.ravel().tolist()
    fits = given.shape == (len(shape),) and all(
        place in range(size) for place, size in zip(places, shape, strict=True)
    )
    if not fits:
        raise ValueError(f"joint action {joint_action!r} is none of a game with {shape} actions")
    return tuple(map(int, places))


def measurable(stage: NormalForm) -> NormalForm:
    """The stage, its payoffs NaN in cells where they are infinite or too large to be subtracted.

    Raises ValueError for what is no one-shot game.
    """
    if not is_normal(stage):
        raise ValueError(f"a stage game is a NormalForm, not a {type(stage).__name__}")
    size = np.abs(stage.payoffs).max(axis=tuple(range(1, stage.payoffs.ndim)))
    fine = size <= LARGEST
    if fine.all():
        return stage
    shape = (-1,) + (1,) * (stage.payoffs.ndim - 1)
    return replace(stage, payoffs=np.where(fine.reshape(shape), stage.payoffs, np.nan))


def checked(punishment: str) -> str:
    """The name of a punishment; raises ValueError with the nearest one."""
    if not isinstance(punishment, str) or punishment not in PUNISHMENTS:
        raise ValueError(
            f"unknown punishment {punishment!r} (punishments: {', '.join(PUNISHMENTS)})."
            f"{nearest(str(punishment), PUNISHMENTS)}"
        )
    return punishment
