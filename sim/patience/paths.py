"""Paths: what leaving a cycle of joint actions gains, and the discounts at which that is nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.designs.intervals import discounts_where
from sim.forms.normal import NormalForm
from sim.forms.repeated import Repeated
from sim.game import Floats
from sim.kernels.base.tolerances import CERTIFIED, TIE
from sim.patience.critical import critical_discount
from sim.patience.punishments import STICKS, checked, position, threats
from sim.patience.two_phase import along_cycle, sticks

__all__ = ["critical_frontier", "discounts_where", "path_gain", "sustainable_discounts"]


def path_gain(game: Repeated, cycle: list[tuple[int, ...]], punishment: str = "optimal") -> Floats:
    """Largest gain from leaving a cycle of joint actions once, ``(C,)``: sustained where it is at most 0.

    Averages per stage, largest over players and phases; ``cycle`` is repeated for ever.  NaN without threats.
    A player who would rather be punished gains by the best of his other actions, if at all.
    """
    if checked(punishment) in STICKS:
        return sticks(game, cycle, punishment)[1]
    leave, values = along_cycle(game, cycle)
    later = (game.discount * threats(game, punishment))[:, np.newaxis]
    result: Floats = (leave + later - values).max(axis=(1, 2))
    return result


def sustainable_discounts(
    stage: NormalForm,
    cycle: list[tuple[int, ...]],
    punishment: str = "optimal",
    *,
    player: int | None = None,
    others: Any = 0.5,
    points: int = 49,
    tolerance: float = CERTIFIED,
) -> list[NDArray[np.float64]]:
    """Intervals of discounts that sustain a cycle of joint actions: one array ``(intervals, 2)`` a cell.

    The discount is common, or that of ``player`` alone with the ``others`` held fixed.  One joint action at a
    common discount is sustained from its :func:`critical_discount` on, which is proved, unless with sticks or
    where a patient player would rather be punished, as one who gets less than in the equilibrium that grim goes
    back to.  Else the set need not be an interval: see :func:`discounts_where`.
    """
    if player is None and len(cycle) == 1 and checked(punishment) not in STICKS:
        critical = critical_discount(stage, cycle[0], punishment)
        if punishment == "optimal" or not np.isnan(critical).any():
            return [np.array([] if np.isnan(least) else [[least, 1.0]]).reshape(-1, 2) for least in critical]
    n = len(stage.players)

    def holds(cells: NDArray[np.int64], own: Floats) -> NDArray[np.bool_]:
        discount = np.full((len(own), n), others)
        discount[:, slice(None) if player is None else player] = own[:, np.newaxis] if player is None else own
        gain = path_gain(Repeated(stage.take(cells), discount), cycle, punishment)
        result: NDArray[np.bool_] = gain <= 10 * TIE * stage.scale[cells].max(axis=1)
        return result

    return discounts_where(holds, stage.cells, points=points, tolerance=tolerance)


def critical_frontier(
    stage: NormalForm,
    joint_action: tuple[int, ...],
    others: Any,
    punishment: str = "optimal",
    *,
    player: int = 0,
    highest: float = 0.95,
    points: int = 20,
    tolerance: float = CERTIFIED,
) -> Floats:
    """Least discount of ``player`` that sustains a joint action for ever, given that of the ``others``: ``(C, K)``.

    ``others (K,)`` are discounts that all the others share.  NaN where none up to ``highest`` does.  With unequal
    discounts patience may harm as well as help: ``points`` equal steps are tried from 0 on, and the first
    change is bisected to ``tolerance``; what happens within a step is not seen.
    Cost: ``points`` + 30 payoff sets for each of the K with ``"optimal"``, 0.3 ms to 0.1 s each.
    Raises ValueError as :func:`critical_discount`.
    """
    position(stage, joint_action)
    given = np.asarray(others, dtype=np.float64).ravel()
    cells, rest = np.repeat(np.arange(stage.cells), len(given)), np.tile(given, stage.cells)
    tie = 10 * TIE * stage.scale.max(axis=1)

    def holds(of: NDArray[np.int64], own: Floats) -> NDArray[np.bool_]:
        discount = np.repeat(rest[of, np.newaxis], len(stage.players), 1)
        discount[:, player] = own
        gain = path_gain(Repeated(stage.take(cells[of]), discount), [joint_action], punishment)
        result: NDArray[np.bool_] = gain <= tie[cells[of]]
        return result

    high, low = np.full(len(cells), np.nan), np.zeros(len(cells))
    for own in np.linspace(0.0, highest, points + 1):
        open_ = np.flatnonzero(np.isnan(high))
        if not len(open_):
            break
        inside = holds(open_, np.full(len(open_), own))
        high[open_[inside]] = own
        low[open_[~inside]] = own
    while len(wide := np.flatnonzero(high - low > tolerance)):
        middle = 0.5 * (low[wide] + high[wide])
        inside = holds(wide, middle)
        high[wide], low[wide] = np.where(inside, middle, high[wide]), np.where(inside, low[wide], middle)
    return high.reshape(stage.cells, len(given))
