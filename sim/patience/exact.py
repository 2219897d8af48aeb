"""Critical discounts as the fractions they are, where equilibria of one stage punish.

Player i, who gets ``u(a)`` for ever and ``u(b)`` once by his best deviation b, stays where ``(1 - d) u(b) + d u(e)`` is
no more than ``u(a)``, e being the pure equilibrium of the stage that is worst for him (Friedman 1971): from
``d = (u(b) - u(a)) / (u(b) - u(e))`` on.  Nothing that follows is worth less to him than his pure minmax (Abreu 1988, for
pure play): where that asks for the same discount, no punishment does with less.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.forms.normal import NormalForm

__all__ = ["Deterrent", "Exactly", "exactly"]

JointAction = tuple[int, ...]


class Deterrent(NamedTuple):
    """What keeps a ``player`` from ``leaving`` (a joint action): ``after`` it for ever, where his discount is ``least``."""

    player: int
    leaving: JointAction
    after: JointAction
    least: Fraction


class Exactly(NamedTuple):
    """The ``least`` common discount that sustains a joint action by equilibria of one stage; None where none below 1 does.

    ``deterrents`` are those of players who are tempted; ``settled`` says that no punishment does with less.
    """

    least: Fraction | None
    deterrents: tuple[Deterrent, ...]
    settled: bool


def exactly(stage: NormalForm, joint_action: Sequence[int]) -> Exactly:
    """The critical discount of a joint action of the first cell, in fractions of the numbers as they are written.

    >>> dilemma = NormalForm([[[3, 0], [5, 1]], [[3, 5], [0, 1]]], ("Row", "Column"))
    >>> found = exactly(dilemma, (0, 0))
    >>> str(found.least), found.settled
    ('1/2', True)
    """
    payoffs, joint = stage.rational(np.array([0]))[0], tuple(joint_action)
    shape = payoffs.shape[1:]
    equilibria = [
        each
        for each in np.ndindex(shape)
        if all(payoffs[(i, *each)] >= payoffs[(i, *best(payoffs, i, each))] for i in range(len(shape)))
    ]
    found, threatened = [], True
    for i in range(len(shape)):
        leaving = best(payoffs, i, joint)
        if payoffs[(i, *leaving)] <= payoffs[(i, *joint)]:
            continue
        worst = min(equilibria, key=lambda each: payoffs[(i, *each)], default=None)
        least = None if worst is None else discount(payoffs[i], joint, leaving, payoffs[(i, *worst)])
        threatened = threatened and least is not None
        if worst is not None and least is not None:
            found.append(Deterrent(i, leaving, worst, least))
    exact = max((one.least for one in found), default=Fraction(0)) if threatened else None
    return Exactly(exact, tuple(found) if threatened else (), exact == at_least(payoffs, joint))


def best(payoffs: NDArray[Any], player: int, joint: JointAction) -> JointAction:
    """The joint action that a player makes of one by his best action."""
    return max(own_choices(payoffs.shape[1:], player, joint), key=lambda each: payoffs[(player, *each)])


def own_choices(shape: tuple[int, ...], player: int, joint: JointAction) -> Iterator[JointAction]:
    """What a player can make of a joint action; itself comes first."""
    yield joint
    for own in range(shape[player]):
        if own != joint[player]:
            yield (*joint[:player], own, *joint[player + 1 :])


def discount(own: NDArray[Any], joint: JointAction, leaving: JointAction, after: Any) -> Fraction | None:
    """From where on a payoff ``after`` leaving keeps from it; None where nothing below 1 does."""
    if own[joint] <= after:
        return None
    return Fraction(own[leaving] - own[joint]) / Fraction(own[leaving] - after)


def at_least(payoffs: NDArray[Any], joint: JointAction) -> Fraction | None:
    """Below this no punishment sustains a joint action; None where none ever does."""
    needed = [Fraction(0)]
    for i in range(len(joint)):
        leaving = best(payoffs, i, joint)
        if payoffs[(i, *leaving)] > payoffs[(i, *joint)]:
            found = discount(payoffs[i], joint, leaving, payoffs[i].max(axis=i).min())
            if found is None:
                return None
            needed.append(found)
    return max(needed)
