"""An automaton in the words that :mod:`sim.automata.text` reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.automata.automaton import Automaton
from sim.automata.text import ANYBODY, DEVIATES, Labels, along
from sim.game import Floats

__all__ = ["spelled"]


def spelled(
    automaton: Automaton, players: tuple[str, ...], actions: Labels, cell: int = 0, *, digits: int = 17
) -> dict[str, str]:
    """The text of every state; with all digits of its chances reading it gives the automaton back."""
    return {
        state: spelled_state(automaton, s, players, actions, cell, digits)
        for s, state in enumerate(automaton.states)
    }


def spelled_state(automaton: Automaton, s: int, players: Any, actions: Labels, cell: int, digits: int) -> str:
    """The text of one state: deviations where they explain everything, else the fewest conditions found."""
    play, follow = automaton.play[cell, s], automaton.follow[cell, s]
    parts = [
        ", ".join(
            mixed(play[place, : len(actions[i])], actions[i], digits)
            for place, i in enumerate(automaton.players)
        )
    ]
    shape, stay = follow.shape[:-1], np.eye(len(automaton.states))[s]
    told = [
        play[automaton.players.index(i), : shape[i]] > 0
        if i in automaton.players
        else np.ones(shape[i], bool)
        for i in range(len(shape))
    ]
    rules = by_deviation(follow, told, automaton.players, players)
    if rules is None:
        rules = next(
            (found for i in range(len(shape)) if (found := by_one(follow, i, players, actions)) is not None),
            None,
        )
    for condition, target in rules if rules is not None else by_all(follow, players, actions):
        if condition or not np.array_equal(target, stay):
            parts.append(
                f"{f'if {condition}' if condition else 'else'}: {mixed(target, automaton.states, digits)}"
            )
    return "; ".join(parts)


Rules = list[tuple[str, Floats]]


def by_deviation(follow: Floats, told: Any, whose: tuple[int, ...], players: Any) -> Rules | None:
    """Rules that only ask who deviates, the first deviator counting; None where they do not do."""
    shape = follow.shape[:-1]
    left = np.ones(shape, dtype=bool)
    rules: Rules = []
    for i in whose:
        deviates = left & along(~told[i], i, shape)
        if deviates.any():
            targets = follow[deviates]
            if not (targets == targets[0]).all():
                return None
            rules.append((f"{players[i]} {DEVIATES}", targets[0]))
        left &= along(told[i], i, shape)
    targets = follow[left]
    if not (targets == targets[0]).all():
        return None
    otherwise = targets[0]
    while rules and np.array_equal(rules[-1][1], otherwise):
        rules.pop()
    if len(rules) > 1 and len(rules) == len(whose) and all((r[1] == rules[0][1]).all() for r in rules):
        rules = [(f"{ANYBODY} {DEVIATES}", rules[0][1])]
    return [*rules, ("", otherwise)]


def by_one(follow: Floats, i: int, players: Any, actions: Labels) -> Rules | None:
    """Rules that only ask what one player did; None where they do not do."""
    own = np.moveaxis(follow, i, 0).reshape(follow.shape[i], -1, follow.shape[-1])
    if not (own == own[:, :1]).all():
        return None
    groups: dict[tuple[float, ...], list[str]] = {}
    for a, target in enumerate(own[:, 0]):
        groups.setdefault(tuple(target), []).append(actions[i][a])
    ordered = sorted(groups.items(), key=lambda group: len(group[1]))
    rules = [(f"{players[i]} {' or '.join(named)}", np.array(target)) for target, named in ordered[:-1]]
    return [*rules, ("", np.array(ordered[-1][0]))]


def by_all(follow: Floats, players: Any, actions: Labels) -> Rules:
    """A rule for each joint action that does not lead where most do."""
    shape = follow.shape[:-1]
    targets, which, count = np.unique(
        follow.reshape(-1, follow.shape[-1]), axis=0, return_inverse=True, return_counts=True
    )
    usual = int(count.argmax())
    rules = []
    for place, joint_action in zip(which.ravel(), np.ndindex(shape), strict=True):
        if place != usual:
            said = (f"{players[i]} {actions[i][a]}" for i, a in enumerate(joint_action))
            rules.append((" and ".join(said), targets[place]))
    return [*rules, ("", targets[usual])]


def mixed(weights: Floats, labels: Sequence[str], digits: int) -> str:
    """The certain one, or several with their chances."""
    likely = np.flatnonzero(weights).tolist()
    if len(likely) == 1:
        return labels[likely[0]]
    return " or ".join(f"{labels[k]} {weights[k]:.{digits}g}" for k in likely)
