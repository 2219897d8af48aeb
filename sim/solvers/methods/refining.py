"""Refinements of equilibria of signalling games with two types, and a sentence from the numbers where one fails."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.answers.refinements import REFINEMENTS
from sim.game import Floats, Integers
from sim.kernels.tree.polylines import room_for
from sim.kernels.tree.refinements import FAILS, refine_all
from sim.solvers.methods.signalling import Signalling

__all__ = ["refined", "sentences"]


def refined(view: Signalling, cell: Integers, plan: Floats, reply: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Verdicts ``(N, 3)`` in the order of ``REFINEMENTS`` and numbers behind those that fail, ``(N, 3, 5)``."""
    numbers = (view.prior, view.chance_of_receiver, view.sender, view.receiver, view.replies)
    arrays = tuple(np.ascontiguousarray(array) for array in numbers)
    verdict = np.empty((len(cell), len(REFINEMENTS)), np.int8)
    reason = np.empty((len(cell), len(REFINEMENTS), 5))
    several = bool((view.receivers >= 0).sum(axis=1).max(initial=0) > 1)
    scratch = room_for(view.sender.shape[2:], 1)[1]
    refine_all(arrays, cell, (plan, reply), scratch, several, (verdict, reason))
    return verdict, reason


def sentences(
    view: Signalling, cell: Integers, play: tuple[Floats, Floats], verdict: NDArray[np.int8], reason: Floats
) -> NDArray[np.object_]:
    """Why each equilibrium fails refinements, ``(N,)`` of a sentence by name; ``play`` are plans and replies."""
    plan, reply = play
    agents = [view.game.shape.agents[h] for h in view.senders]
    types = [agent.label.partition("@")[2] or agent.label for agent in agents]
    worth = np.einsum("ntq,ntmqr,nmqr->ntm", view.chance_of_receiver[cell], view.sender[cell], reply)
    value = np.where(plan > 0, worth, -np.inf).max(axis=2)
    result = np.empty(len(cell), dtype=object)
    first = np.searchsorted(cell, cell)
    for n, c in enumerate(cell.tolist()):
        result[n] = {}
        for name, failed, numbers in zip(REFINEMENTS, verdict[n] == FAILS, reason[n], strict=True):
            if not failed:
                continue
            m = int(numbers[0])
            signal = agents[0].actions[m]
            if name == "undefeated":
                better = int(numbers[1])
                sent = plan[first[n] + better, :, m] > 0
                own = [word for word, there in zip(types, sent, strict=True) if there]
                result[n][name] = defeated(own, signal, better)
            else:
                other, single = int(numbers[1]), int(numbers[2])
                least, unit = in_payoffs(view, c, other)
                most, gain = least + unit * numbers[3], in_payoffs(view, c, single)[1] * numbers[4]
                words = (types[other], types[single], signal)
                result[n][name] = left_alone(words, most, float(value[n, other]), gain)
    return result


def left_alone(words: tuple[str, str, str], most: float, has: float, gain: float) -> str:
    """The sentence on a signal that only one of two types can mean, ``words`` = (the other, the one, the signal)."""
    other, own, signal = words
    then = f"so it must come from {own}, who would then gain {gain:.4g} by sending it"
    if most < has:
        return (
            f"{other} could never gain by signal {signal} (at most {most:.4g}, and it has {has:.4g}), {then}"
        )
    return f"{own} gains by signal {signal} whenever {other} does not lose by it, and more often, {then}"


def defeated(own: list[str], signal: str, better: int) -> str:
    """The sentence on an equilibrium without a signal that is sent in a better one."""
    return (
        f"signal {signal} is sent by {' and '.join(own)} in #{better + 1}, who would rather have that one; "
        "who believes so would not keep them from it here"
    )


def in_payoffs(view: Signalling, c: int, t: int) -> tuple[float, float]:
    """The least payoff of a type, and the range of its payoffs."""
    numbers = view.sender[c, t]
    low, high = float(numbers.min()), float(numbers.max())
    return low, high - low if high > low else 1.0
