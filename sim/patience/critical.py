"""Critical discounts: the least common patience that sustains a joint action, and whom it binds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.forms.normal import NormalForm
from sim.forms.repeated import Repeated
from sim.game import Floats
from sim.game.checks import numbers
from sim.kernels.base.tolerances import EPSILON, TIE
from sim.patience.certified import critical_bounds
from sim.patience.punishments import (
    STICKS,
    at,
    checked,
    measurable,
    position,
    stage_gains,
    threats,
    threats_of,
)
from sim.patience.two_phase import critical_by_sticks, sticks

__all__ = ["critical_discount", "critical_discounts", "tempted"]


def critical_discount(
    stage: NormalForm, joint_action: tuple[int, ...], punishment: str = "optimal", *, threats: Any = None
) -> Floats:
    """The least common discount that sustains a joint action for ever, ``(C,)``; NaN where none below 1 does.

    Every higher common discount sustains it too: for ``"optimal"`` because payoff sets grow with patience
    (Abreu, Pearce and Stacchetti 1990, theorem 6), else because the condition is linear; not so with sticks,
    where a patient player may rather be punished.  ``threats (C, n)`` or ``(n,)`` replaces the punishment by
    any other promise of what follows a deviation.  With ``"optimal"`` the answer is the upper one of
    :func:`critical_bounds`.  Neither side is looked at anew, so that many cells stay cheap:
    :func:`sim.patience.both_sides` certifies that it lasts just above and not just below.
    NaN also where the stage has no equilibrium of the kind to revert to (pure ones for more than two players).
    Raises ValueError for an unknown punishment, a joint action that is none, and more than two players with
    ``"optimal"``.

    >>> dilemma = NormalForm([[[3, 0], [5, 1]], [[3, 5], [0, 1]]], ("Row", "Column"))
    >>> critical_discount(dilemma, (0, 0), "grim").tolist()
    [0.5]
    """
    stage = measurable(stage)
    chosen = position(stage, joint_action)
    if threats is None and checked(punishment) == "optimal":
        wanted = np.zeros(stage.payoffs.shape[2:], np.bool_)
        wanted[chosen] = True
        return at(critical_bounds(stage, wanted=wanted)[1], 1, chosen)
    if threats is None and punishment in STICKS:
        place = np.full(1, np.ravel_multi_index(chosen, stage.payoffs.shape[2:]), dtype=np.int64)
        return critical_by_sticks(stage, punishment, place)[:, 0]
    return at(critical_discounts(stage, punishment, threats=threats), 1, chosen)


def critical_discounts(stage: NormalForm, punishment: str = "optimal", *, threats: Any = None) -> Floats:
    """Critical discounts of every joint action, ``(C, A1, .., An)``; see :func:`critical_discount`."""
    stage = measurable(stage)
    if threats is None:
        if checked(punishment) == "optimal":
            return critical_bounds(stage)[1]
        if punishment in STICKS:
            every = np.arange(stage.payoffs[0, 0].size)
            return critical_by_sticks(stage, punishment, every).reshape(stage.cells, *stage.payoffs.shape[2:])
        threats = threats_of(stage, punishment)
    worst, each = numbers("threats", threats), (stage.cells, len(stage.players))
    if worst.shape not in {(), each[1:], (1, *each[1:]), each}:
        raise ValueError(f"threats have shape {worst.shape}; it must be {each[1:]} or {each}")
    worst = np.broadcast_to(worst, each)
    gains, scale = stage_gains(stage), stage.scale
    result = np.zeros((stage.cells, *stage.payoffs.shape[2:]))
    extra = (1,) * len(stage.players)
    for i in range(len(stage.players)):
        least_of, pay, gain = worst[:, i].reshape(-1, *extra), stage.payoffs[:, i], gains[:, i]
        # a payoff that neither the path nor the threat meets blurs nothing, but what sums of it are rounded by
        met = np.abs(pay) + np.abs(least_of) + gain
        whole = scale[:, i].reshape(-1, *extra)
        tie = np.maximum(TIE * np.minimum(whole, met), EPSILON * whole)
        gain = np.where(gain > tie, gain, 0.0)
        spare = pay - least_of
        with np.errstate(invalid="ignore", divide="ignore"):
            least = np.where(gain > 0.0, gain / (gain + spare), 0.0)
        hopeless = ~(spare >= -tie) | ((gain > 0.0) & (spare <= tie))
        result = np.maximum(result, np.where(hopeless, np.nan, least))
    return result


def tempted(
    stage: NormalForm, joint_action: tuple[int, ...], punishment: str = "optimal"
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Whose patience binds: player ``(C,)``, his best deviation ``(C,)``, and what it gains at once ``(C,)``.

    The player who needs the highest discount to stay with the joint action (or with a stick, where those
    sustain it), given the threats at the critical discount; player and deviation are -1 and the gain NaN
    where nobody is tempted or nothing sustains it.
    """
    chosen = position(stage, joint_action)
    critical = critical_discount(stage, joint_action, punishment)
    found = np.nan_to_num(critical) > 0.0
    who, what = np.full(stage.cells, -1, np.int64), np.full(stage.cells, -1, np.int64)
    how = np.full(stage.cells, np.nan)
    if not found.any():
        return who, what, how
    part, shape = stage.take(found), stage.payoffs.shape[2:]
    game = Repeated(part, np.repeat(critical[found, np.newaxis], len(shape), 1))
    payoffs, pay = part.payoffs.reshape(part.cells, len(shape), -1), at(part.payoffs, 2, chosen)
    places = np.full((part.cells, 1), np.ravel_multi_index(chosen, shape))
    if punishment in STICKS:
        after = np.ravel_multi_index(tuple(np.moveaxis(sticks(game, [chosen], punishment)[0], -1, 0)), shape)
        stick = np.take_along_axis(payoffs, after[:, :, np.newaxis], axis=2)[:, :, 0]
        worst = (1.0 - game.discount) * stick + game.discount * pay
        places = np.concatenate([places, after], axis=1)
    else:
        worst = threats(game, punishment)
    gain = np.take_along_axis(stage_gains(part).reshape(payoffs.shape), places[:, np.newaxis], axis=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        needed = np.where(gain > 0.0, gain / (gain + (pay - worst)[..., np.newaxis]), 0.0)
    cells = np.arange(part.cells)
    who[found], where = np.divmod(needed.reshape(part.cells, -1).argmax(axis=1), places.shape[1])
    how[found] = gain[cells, who[found], where]
    from_there = np.unravel_index(places[cells, where], shape)
    for i in range(len(shape)):
        others = tuple(own for j, own in enumerate(from_there) if j != i)
        replies = np.moveaxis(part.payoffs[:, i], i + 1, -1)[(cells, *others)]
        what[found] = np.where(who[found] == i, replies.argmax(axis=1), what[found])
    return who, what, how
