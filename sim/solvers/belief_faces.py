"""Signalling games in which the sender is of any number of types."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from sim.answers.shared import (
    BELIEF,
    BELIEF_HIGH,
    BELIEF_LOW,
    BELIEF_VERTICES,
    KIND,
    RATIONAL,
    RATIONAL_BELIEFS,
)
from sim.claim import Claim, Status
from sim.forms.tree import Tree
from sim.kernels.base.threads import over_blocks
from sim.kernels.tree.belief_faces import belief_faces, face_room
from sim.kernels.tree.face_patterns import face_patterns
from sim.plugins import solver
from sim.solvers.methods.assessments import (
    Equilibria,
    claimed,
    claims_of_parts,
    padded,
    seen_as_signalling,
    signalling_with,
)
from sim.solvers.methods.exact_signalling import exact_equilibria
from sim.solvers.methods.signalling import Signalling

__all__ = ["on_belief_faces"]

BLOCK = 512  # cells a thread takes at a time
STATUS = np.array([Status.ok, Status.ok, Status.nonfinite], np.int8)
"""Of a cell that is FOUND, DOUBTFUL, NONFINITE."""


def listed(view: Signalling) -> bool:
    """Whether the patterns of a view are few enough to be listed."""
    try:
        face_patterns(view.prior.shape[1], shape_of(view))
    except ValueError:
        return False
    return True


def shape_of(view: Signalling) -> tuple[tuple[int, ...], ...]:
    """How many replies each type of receiver has to each signal."""
    return tuple(map(tuple, view.replies.tolist()))


@solver(
    form=Tree,
    concept="sequential",
    answers=(BELIEF, BELIEF_LOW, BELIEF_HIGH, BELIEF_VERTICES.sometimes(), KIND, RATIONAL, RATIONAL_BELIEFS),
    rank=30,
    exact=True,
    fits=signalling_with(listed),
    name="belief_faces",
    more="all isolated equilibria are listed; where payoffs tie, or nearly, there may be others",
)
def on_belief_faces(game: Tree, *, exact: bool = False) -> Claim:
    """All sequential equilibria of generic signalling games, whatever the number of types, with supporting beliefs.

    ``Tree -> strategy (C, K, H, A)``; ``belief_vertices (C, K, V, D)`` where there are more than two types.
    Equilibria that differ only in what would follow on a signal that nobody sends are one.
    With ``exact`` all is done in fractions: ``rational`` and ``rational_beliefs (C, K, 3, D)``, a belief and both ends.
    Complete: where no margin is thin and no system of a pattern singular; in fractions, where nothing ties.
    Cost: patterns are listed once for a shape; 200 microseconds a cell with three types, signals and replies, in fractions
    a tenth of a second.
    Fails with ``not_found`` where only continua exist, which it does not look for, ``max_steps`` in fractions where there
    are more than 20,000 patterns.
    Source: supports of senders and faces of beliefs; Cho and Kreps (1987) for beliefs at signals that nobody sends.
    """
    parts = []
    for cells, view in seen_as_signalling(game):
        there = view is not None and listed(view)
        parts.append((cells, of_view(view, exact) if view is not None and there else None))
    return claims_of_parts(game, parts)


def of_view(view: Signalling, exact: bool) -> Claim:
    """The claim of a view, in floats or fractions."""
    if not exact:
        return claimed(view, equilibria(view))
    fractions = exact_equilibria(view)
    claim = claimed(view, fractions.found)
    claim.extra["rational"] = padded(fractions.found.count, fractions.strategy, None)
    claim.extra["rational_beliefs"] = padded(fractions.found.count, fractions.beliefs, None)
    return replace(claim, exact=fractions.found.complete)


def equilibria(view: Signalling) -> Equilibria:
    """All isolated equilibria of a view, on all cores."""
    numbers = (view.prior, view.chance_of_receiver, view.sender, view.receiver, view.replies)
    arrays = tuple(np.ascontiguousarray(array) for array in numbers)
    cells, types = view.prior.shape
    replies = shape_of(view)
    patterns = face_patterns(types, replies)
    verdict = np.empty(cells, np.uint8)

    def work(first: int, last: int) -> list[tuple[Any, ...]]:
        found, room = [], 8 * (last - first) + 64
        while first < last:
            conditions, out, scratch = face_room(types, replies, room)
            out[0][:] = -1
            done = belief_faces(arrays, first, last, (*patterns, conditions), verdict, out, scratch)
            used = int((out[0] >= 0).sum())
            found.append(tuple(array[:used] for array in out))
            first, room = done, 2 * room
        return found

    parts = [part for block in over_blocks(work, cells, BLOCK) for part in block]
    cell, plan, reply, beliefs = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    count = np.bincount(cell, minlength=cells)
    status = np.where((count == 0) & (STATUS[verdict] == Status.ok), Status.not_found, STATUS[verdict])
    component = np.arange(len(cell)) - np.repeat(np.cumsum(count) - count, count)
    return Equilibria(
        count,
        plan,
        reply,
        beliefs,
        component,
        status.astype(np.int8),
        verdict == 0,
        np.zeros(cells, np.bool_),
    )
