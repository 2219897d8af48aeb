"""Tables of a stochastic game, checked and brought into their final form: shapes, labels, rows that sum to one.

Raises ValueError, with what was given and what is allowed, for what is no game.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from sim.game import Floats, Outcomes
from sim.game.checks import checked_outcomes, labels, numbers, payoff_readings
from sim.kernels.base.tolerances import ROUNDED, ROW

__all__ = [
    "ActionLabels",
    "checked_actions",
    "checked_start",
    "payoffs_and_transition",
    "spread_outcomes",
    "without_missing",
    "without_unused",
]


ActionLabels = tuple[tuple[tuple[str, ...], ...], ...]


def payoffs_and_transition(
    payoffs: Any, transition: Any, players: int = 0, states: int = 0
) -> tuple[Floats, Floats]:
    """Payoffs ``(C, n, S, A1, .., An)`` and transition ``(C or 1, S, A1, .., An, S)``, cells given or not.

    The two are read together, with the numbers of players and states where those are known.
    """
    utility, after = numbers("payoffs", payoffs), numbers("the transition", transition)
    readings = [
        (candidate, chain)
        for candidate in payoff_readings(utility, 3)
        for chain in (after, after[np.newaxis])
        if chain.shape[1:] == (*candidate.shape[2:], candidate.shape[2])
        if chain.shape[0] in {1, len(candidate)}
    ]
    labelled = [one for one in readings if players in {0, one[0].shape[1]} and states in {0, one[0].shape[2]}]
    if readings and len(labelled) < 2:
        return [*labelled, *readings][0]
    if readings:
        raise ValueError(
            f"payoffs of shape {utility.shape} can be read two ways: as {len(utility)} games of "
            f"{utility.shape[1]} player or as one game of {len(utility)} players; name the players to decide"
        )
    raise ValueError(
        f"payoffs have shape {utility.shape} and the transition {after.shape}; a batch of stochastic games "
        "for n players has (C, n, S, A1, .., An) and (C or 1, S, A1, .., An, S), one game the same "
        "without C, with at least one state and one action each"
    )


def checked_actions(actions: Any, states: int, shape: tuple[int, ...]) -> ActionLabels:
    """Labels by state and player, from labels by player or by state and player."""
    if not actions:
        actions = [[str(a + 1) for a in range(size)] for size in shape]
    try:
        first = actions[0][0]
        alike = isinstance(first, str) or not isinstance(first, Iterable)
        each = [actions] * states if alike else actions
        result = tuple(tuple(labels("actions of a player", own) for own in by_player) for by_player in each)
    except (TypeError, LookupError):
        raise ValueError(
            f"actions must be lists of labels by player, or by state and player, not {repr(actions)[:60]}"
        ) from None
    fits = len(result) == states and all(
        len(by_player) == len(shape)
        and all(1 <= len(own) <= size for own, size in zip(by_player, shape, strict=True))
        for by_player in result
    )
    if not fits:
        raise ValueError(
            f"labels of actions {result} do not fit {states} states and actions of shape {shape}"
        )
    return result


def checked_start(start: Any, states: int) -> Floats:
    """The initial distribution ``(S,)`` from a state's position or a distribution."""
    array = numbers("start", start)
    if array.ndim == 0 and float(array).is_integer() and 0 <= int(array) < states:
        result: Floats = np.eye(states)[int(array)]
        return result
    if array.shape != (states,) or not (array >= 0).all() or abs(array.sum() - 1) > ROW:
        raise ValueError(f"start must be one of {states} states or a distribution over them; got {start!r}")
    shares: Floats = array / array.sum()
    return shares


def used(actions: ActionLabels) -> tuple[Any, ...]:
    """What of each player's axis some state uses."""
    return tuple(slice(max(map(len, own))) for own in zip(*actions, strict=True))


def without_unused(payoffs: Floats, transition: Floats, actions: ActionLabels) -> tuple[Floats, Floats]:
    """Axes of actions as long as the longest list of their player: play has no entries beyond."""
    kept = used(actions)
    shorter = payoffs[(..., *kept)], transition[(..., *kept, slice(None))]
    return np.ascontiguousarray(shorter[0]), np.ascontiguousarray(shorter[1])


def without_missing(payoffs: Floats, transition: Floats, actions: ActionLabels) -> tuple[Floats, Floats]:
    """Entries of joint actions that do not exist become copies of the state's first joint action.

    So neither ranges of payoffs nor tests for finite numbers see them.  Rows are checked here, where it
    is known which of them count.
    """
    shape, states = payoffs.shape[3:], payoffs.shape[2]
    full = [tuple(len(own) for own in by_player) == shape for by_player in actions]
    if not all(full):
        payoffs, transition = payoffs.copy(), transition.copy()
    for s in range(states):
        if full[s]:
            continue
        missing = np.ones(shape, dtype=bool)
        missing[tuple(slice(len(own)) for own in actions[s])] = False
        table, chain = payoffs[:, :, s], transition[:, s]
        joint = missing.size  # said, since a batch may have no cells
        table[:, :, missing] = table.reshape(*table.shape[:2], joint)[:, :, :1]
        chain[:, missing] = chain.reshape(len(chain), joint, states)[:, :1]
    return payoffs, checked_rows(transition)


def checked_rows(transition: Floats) -> Floats:
    """Rows that are distributions; NaN is left alone.  Raises ValueError with the first row that is none."""
    with np.errstate(invalid="ignore"):
        total = transition.sum(axis=-1)
        wrong = (transition < -ROUNDED).any(axis=-1) | (np.abs(total - 1) > ROW)
    if wrong.any():
        cell, state, *joint_action = np.argwhere(wrong)[0].tolist()
        row = ", ".join(f"{p:.6g}" for p in transition[(cell, state, *joint_action)])
        raise ValueError(
            "every row of the transition must be a distribution, entries at least 0 that sum to 1; after joint "
            f"action {tuple(joint_action)} in state {state} of cell {cell} it is ({row})"
        )
    if (transition < 0).any():
        transition = np.maximum(transition, 0.0)
        total = transition.sum(axis=-1)
    if (np.abs(total - 1) > ROUNDED).any():
        transition = transition / total[..., np.newaxis]
    return transition


def spread_outcomes(
    outcomes: Outcomes | None, states: tuple[str, ...], actions: ActionLabels, shape: tuple[int, ...]
) -> Outcomes:
    """Outcomes by state, ``of (S, A1, .., An)``; by default ``"massed: build_up, refuse"`` and the like."""
    checked_outcomes(outcomes, shape, (len(states), *shape))
    if outcomes is not None:
        of = np.array(np.broadcast_to(outcomes.of, (len(states), *shape))[(..., *used(actions))])
        return Outcomes(outcomes.names, of)
    names: list[str] = []
    of = np.zeros((len(states), *shape), dtype=np.int64)[(..., *used(actions))]
    for s, state in enumerate(states):
        for joint in np.ndindex(*(len(own) for own in actions[s])):
            of[(s, *joint)] = len(names)
            names.append(f"{state}: " + ", ".join(own[a] for own, a in zip(actions[s], joint, strict=True)))
    return Outcomes(tuple(names), of)
