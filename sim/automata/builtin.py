"""Automata that everybody knows: grim, tit for tat and their kin, for any player of any stage game.

Each knows two actions of every player, one of restraint and one of hostility: the first and the last
unless ``nice`` and ``stern`` (a joint action each) say otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.automata.automaton import Automaton

__all__ = ["BUILT_IN", "always", "grim", "punish", "tit_for_tat", "tit_for_two_tats", "win_stay_lose_shift"]

JointAction = Sequence[int] | None
Truths = NDArray[np.bool_]

TRUST, RETALIATE = "trust", "retaliate"
FORGIVENESS = 1 / 3  # what generosity can afford with Axelrod's payoffs (Nowak and Sigmund 1992)


def always(shape: tuple[int, ...], player: int, action: int) -> Automaton:
    """The same action, whatever happens."""
    return build(shape, player, ("always",), (action,), [(np.ones(shape, dtype=bool), {0: 1.0})])


def grim(
    shape: tuple[int, ...], player: int, *, nice: JointAction = None, stern: JointAction = None
) -> Automaton:
    """Restraint until anybody does anything else, hostility ever after (Friedman 1971)."""
    return punish(shape, player, None, nice=nice, stern=stern)


def punish(
    shape: tuple[int, ...],
    player: int,
    stages: int | None,
    *,
    nice: JointAction = None,
    stern: JointAction = None,
) -> Automaton:
    """Restraint; after anything else ``stages`` stages of hostility (None: for ever), then restraint again.

    Mailath and Samuelson (2006), section 2.5: forgiving punishment.
    """
    kind, hostile = actions(shape, nice, stern)
    if stages is not None and stages < 1:
        raise ValueError(f"a punishment has at least one stage, got {stages}")
    length = stages or 1
    states = (TRUST, *(f"{RETALIATE} {k + 1}" if length > 1 else RETALIATE for k in range(length)))
    everything = np.ones(shape, dtype=bool)
    after = [(everything, {(k + 1) % (length + 1) if stages else k: 1.0}) for k in range(1, length + 1)]
    play = (kind[player], *(hostile[player],) * length)
    return build(shape, player, states, play, [(restrained(shape, kind), {0: 1.0}), *after], {1: 1.0})


def tit_for_tat(
    shape: tuple[int, ...],
    player: int,
    *,
    suspicious: bool = False,
    forgiveness: float = 0.0,
    nice: JointAction = None,
    stern: JointAction = None,
) -> Automaton:
    """Restraint where all others showed restraint, else hostility (Axelrod 1984).

    ``suspicious`` begins with hostility; ``forgiveness`` is the chance to overlook it.
    """
    kind, hostile = actions(shape, nice, stern)
    others = restrained(shape, kind, but=player)
    otherwise = {0: forgiveness, 1: 1.0 - forgiveness}
    rules = [(others, {0: 1.0})] * 2
    start = 1 if suspicious else 0
    return build(shape, player, (TRUST, RETALIATE), (kind[player], hostile[player]), rules, otherwise, start)


def tit_for_two_tats(
    shape: tuple[int, ...], player: int, *, nice: JointAction = None, stern: JointAction = None
) -> Automaton:
    """Hostility only after two stages in a row without restraint of all others (Axelrod 1984)."""
    kind, hostile = actions(shape, nice, stern)
    others = restrained(shape, kind, but=player)
    follow = np.zeros((3, *shape, 3))
    for s in range(3):
        follow[s, others, 0] = 1.0
        follow[s, ~others, min(s + 1, 2)] = 1.0
    play = np.eye(max(shape))[[kind[player], kind[player], hostile[player]]]
    return Automaton((player,), (TRUST, "warn", RETALIATE), np.eye(3)[0], play[:, np.newaxis], follow)


def win_stay_lose_shift(
    shape: tuple[int, ...], player: int, *, nice: JointAction = None, stern: JointAction = None
) -> Automaton:
    """Restraint where all did or none did, else hostility: stay after success, shift after failure.

    Nowak and Sigmund (1993).
    """
    kind, hostile = actions(shape, nice, stern)
    own, others = restrained(shape, kind, only=player), restrained(shape, kind, but=player)
    rules = [(own == others, {0: 1.0})] * 2
    return build(shape, player, (TRUST, RETALIATE), (kind[player], hostile[player]), rules, {1: 1.0})


def actions(
    shape: tuple[int, ...], nice: JointAction, stern: JointAction
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The joint actions of restraint and of hostility."""
    kind = tuple(0 for _ in shape) if nice is None else tuple(nice)
    hostile = tuple(size - 1 for size in shape) if stern is None else tuple(stern)
    for given in (kind, hostile):
        if len(given) != len(shape) or any(not 0 <= a < size for a, size in zip(given, shape, strict=True)):
            raise ValueError(f"joint action {given} is none of a game with {shape} actions")
    return kind, hostile


def restrained(
    shape: tuple[int, ...], nice: tuple[int, ...], *, but: int | None = None, only: int | None = None
) -> Truths:
    """Joint actions ``(A1, .., An)`` in which all players (or all but one, or only one) do the nice thing."""
    result = np.ones(shape, dtype=bool)
    for i, size in enumerate(shape):
        if i != but and only in {None, i}:
            along = [1] * len(shape)
            along[i] = size
            result &= (np.arange(size) == nice[i]).reshape(along)
    return result


def build(
    shape: tuple[int, ...],
    player: int,
    states: tuple[str, ...],
    play: tuple[int, ...],
    rules: list[tuple[Truths, dict[int, float]]],
    otherwise: dict[int, float] | None = None,
    start: int = 0,
) -> Automaton:
    """One rule for each state: joint actions, and the lottery over next states after them."""
    size = len(states)
    follow = np.zeros((size, *shape, size))
    for s, (fits, lottery) in enumerate(rules):
        for target, probability in lottery.items():
            follow[s, fits, target] = probability
        for target, probability in (otherwise or {}).items():
            follow[s, ~fits, target] = probability
    own = np.eye(max(shape))[list(play)]
    return Automaton((player,), states, np.eye(size)[start], own[:, np.newaxis], follow)


BUILT_IN: dict[str, Callable[[tuple[int, ...], int], Automaton]] = {
    "always_first": lambda shape, player: always(shape, player, 0),
    "always_last": lambda shape, player: always(shape, player, shape[player] - 1),
    "generous_tit_for_tat": partial(tit_for_tat, forgiveness=FORGIVENESS),
    "grim": grim,
    "punish_1": partial(punish, stages=1),
    "punish_2": partial(punish, stages=2),
    "punish_3": partial(punish, stages=3),
    "suspicious_tit_for_tat": partial(tit_for_tat, suspicious=True),
    "tit_for_tat": tit_for_tat,
    "tit_for_two_tats": tit_for_two_tats,
    "win_stay_lose_shift": win_stay_lose_shift,
}
