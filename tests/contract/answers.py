"""What an answer says beside its strategies, and what becomes of it when a game is written in another way.

A kind is a list of what the axes after the cell are.  ``Change`` holds what was done to a game; :func:`expected`
does the same to an answer.  Sets are compared whatever the order of their points.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.plugins import solvers
from tests.changes import exchanged, reordered

CLOSE = 1e-6

KINDS = {
    "payoff_set": ("state", "point", "payoff"),
    "worst": ("state", "payoff"),
    "worst_bound": ("state", "payoff"),
    "minmax": ("state", "payoff"),
    "maxmin": ("state", "payoff"),
    "disagreement": ("state", "payoff"),
    "low": ("state", "payoff"),
    "high": ("state", "payoff"),
    "sustained": ("joint action",),
    "enforced": ("joint action",),
    "critical_discounts": ("joint action",),
    "critical_discount": ("joint action",),  # by outcome, and each joint action is its own
    "pure_complete": (),
    "payoff_low": ("payoff",),
    "payoff_high": ("payoff",),
    "survives": ("play",),
    "round": ("play",),
    "start": ("play",),
    "offer": ("agent",),
    "accepts_from": ("agent",),
    "concedes_at_once": ("player",),
    "concession_rate": ("player",),
    "all_conceded": (),
}
"""Axes of each answer; ``state`` stands only in games that have them."""

LEFT_OUT = {
    "belief_low": "beliefs go with equilibria, whose order may change; the certificate tests them",
    "belief_high": "beliefs go with equilibria, whose order may change; the certificate tests them",
    "belief_vertices": "beliefs go with equilibria, whose order may change; the certificate tests them",
    "kind": "kinds go with equilibria, whose order may change",
    "intuitive": "refinements go with equilibria, whose order may change",
    "d1": "refinements go with equilibria, whose order may change",
    "undefeated": "refinements go with equilibria, whose order may change",
    "reasons": "refinements go with equilibria, whose order may change",
    "multipliers": "a proof, of which there may be many",
    "dominator": "a proof, of which there may be many",
    "belief": "beliefs go with equilibria, whose order may change; the certificate tests them",
    "conjecture": "a proof, of which there may be many",
    "punishment": "a proof, of which there may be many",
    "rational": "the strategies once more",
    "rational_beliefs": "the beliefs once more",
    "normals": "faces of an outer bound, whose directions depend on the order of the axes",
    "levels": "faces of an outer bound, whose directions depend on the order of the axes",
    "gap": "how far the bounds came, which is for the method to say",
    "outer_gap": "how far the bounds came, which is for the method to say",
    "inner_gap": "what the certificate found, which is rounding",
    "knife_edge": "whether rounding might have decided",
    "undecided": "how many boxes were left, which is for the method to say",
    "payoff_points": "a sample of paths, in the order in which they were found",
    "first": "a sample of paths, in the order in which they were found",
    "after": "a sample of paths, in the order in which they were found",
    "cubes": "a picture of the set at a grain, in which a border may fall on either side",
    "reached": "how far a path was followed, which is for the method to say",
    "stopped": "how far a path was followed, which is for the method to say",
    "attempt": "how far a path was followed, which is for the method to say",
    "path_end": "how far a path was followed, which is for the method to say",
    "precision": "what was asked for",
    "power": "what was asked for",
    "leader": "what was asked for",
    "best_symmetric": "of games whose players are alike, and may no longer be",
    "worst_symmetric": "of games whose players are alike, and may no longer be",
    "shares": "a plan for every round, of which offers are told",
    "accepted": "a plan for every round, of which borders are told",
    "leaves": "a plan for every round, of which outcomes are told",
    "exits": "a plan for every type, of which outcomes are told",
    "walks": "whether there is an offer, which is told",
    "ends": "a schedule, of which the first offer is told",
    "schedule": "a schedule, of which the first offer is told",
    "until": "a schedule, of which the first offer is told",
    "largest_sum": "a sum over players, of which the payoff set is made",
}
"""Answers that need not stay the same, and why."""


def kind_of(name):
    """The axes of an answer, as listed above; of a number for each cell its unit says whether it is a payoff.

    Raises LookupError for an answer of more axes that is not listed.
    """
    if name in KINDS:
        return KINDS[name]
    declared = next(answer for item in solvers.values() for answer in item.answers if answer.name == name)
    if declared.dims:
        raise LookupError(f"{name}: say in tests/contract/answers.py what it is")
    return ("payoff",) if declared.unit == "payoff" else ()


@dataclass(frozen=True)
class Change:
    """What was done: ``v -> factor v + shift`` of each player, then an order of actions of each agent, of players.

    ``play(strategy)`` is what becomes of play ``(.., H, A)``; ``orders`` and ``order`` stand only where changed.
    """

    play: object
    factor: object = 1.0
    shift: object = 0.0
    orders: object = None
    order: object = None
    states: object = None


def expected(name, array, change, shape):
    """The answer ``(*axes)`` of one cell as it should be after the change; ``shape`` are numbers of actions."""
    kind = kind_of(name)
    if kind == ("play",):
        return change.play(array)
    if kind == ("joint action",):
        table = array.reshape(shape)
        if change.orders is not None:
            table = reordered(table, change.orders, 0)
        if change.order is not None:
            table = exchanged(table, change.order, 0)
        return table
    if kind and kind[-1] == "payoff":
        array = array * change.factor + change.shift
        if change.order is not None:
            array = array[..., list(change.order)]
        if change.states is not None:
            array = array[list(change.states)]
    return array


def points(table):
    """The points of a set ``(V, n)`` that are there."""
    return table[~np.isnan(table[:, 0])]


def alike(first, second, room=CLOSE):
    """The same set of arrays ``(K, ..)``, whatever their order and how often each is there."""
    if len(first) == 0 or len(second) == 0:
        return len(first) == len(second)
    apart = np.abs(first[:, np.newaxis] - second[np.newaxis]).reshape(len(first), len(second), -1).max(axis=2)
    return bool((apart <= room).any(axis=0).all() and (apart <= room).any(axis=1).all())


def assert_same_answer(name, before, after, room=CLOSE):
    """One cell's answer is what was expected."""
    if kind_of(name)[-2:] == ("point", "payoff"):
        for one, other in zip(
            before.reshape(-1, *before.shape[-2:]), after.reshape(-1, *after.shape[-2:]), strict=True
        ):
            assert alike(points(one), points(other), room), f"{name}: {one} became {other}"
        return
    after = after.reshape(before.shape)
    if before.dtype.kind == "f":
        np.testing.assert_allclose(before, after, rtol=room, atol=room, err_msg=name)
    else:
        np.testing.assert_array_equal(before, after, err_msg=name)
