"""Signalling games in which the sender is of one of two types."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from sim.answers.refinements import REASONS, REFINEMENTS, VERDICTS
from sim.answers.shared import BELIEF, BELIEF_HIGH, BELIEF_LOW, KIND, RATIONAL, RATIONAL_BELIEFS
from sim.claim import Claim, Status
from sim.forms.tree import Tree
from sim.kernels.base.threads import over_blocks
from sim.kernels.tree.polylines import MOST_EQUILIBRIA, polylines, room_for
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
from sim.solvers.methods.refining import refined, sentences
from sim.solvers.methods.signalling import Signalling

__all__ = ["on_polylines"]

BLOCK = 2048  # cells a thread takes at a time
MOST_EXPLAINED = 64  # cells for which somebody may want to read why
STATUS = np.array([Status.ok, Status.ok, Status.nonfinite, Status.max_steps], np.int8)
"""Of a cell that is FOUND, DOUBTFUL, NONFINITE, TOO_LARGE."""

two_types = signalling_with(lambda view: view.prior.shape[1] == 2)


@solver(
    form=Tree,
    concept="sequential",
    answers=(BELIEF, BELIEF_LOW, BELIEF_HIGH, KIND, *VERDICTS, REASONS, RATIONAL, RATIONAL_BELIEFS),
    rank=20,
    exact=True,
    fits=two_types,
    name="polylines",
)
def on_polylines(game: Tree, *, exact: bool = False) -> Claim:
    """All sequential equilibria of signalling games with two types of the sender, with the beliefs that support them.

    ``Tree -> strategy (C, K, H, A)``; any number of signals, replies and types of the receiver.  Equilibria that
    differ only in what would follow on a signal that nobody sends are one, of which the replies that serve the
    widest range of beliefs are given; a continuum is given by its ends.  ``intuitive``, ``d1`` and ``undefeated
    (C, K)`` say which refinements hold, and ``reasons`` of few cells why others fail.  With ``exact`` all is done in
    fractions: ``rational`` and ``rational_beliefs (C, K, 3, D)``, a belief and both ends.
    Complete: where every margin is a tie or clear; margins of a hair leave it open, but not to fractions.
    Cost: 5 microseconds a cell with two signals and replies, 10 with three; in fractions milliseconds.
    Fails with ``max_steps`` where so much ties that the ends of continua are too many to list.
    Source: polylines of payoffs; beliefs common to all receivers, Kreps and Wilson (1982), Cho and Kreps (1987).
    """
    parts = []
    for cells, view in seen_as_signalling(game):
        fits = view is not None and view.prior.shape[1] == 2
        parts.append(
            (cells, marked(view, game.cells <= MOST_EXPLAINED, exact) if view is not None and fits else None)
        )
    return claims_of_parts(game, parts)


def marked(view: Signalling, explained: bool, exact: bool) -> Claim:
    """The claim of a view, with the refinements that its equilibria survive, and in words why they do not."""
    fractions = exact_equilibria(view) if exact else None
    found = equilibria(view) if fractions is None else fractions.found
    claim = claimed(view, found)
    if fractions is not None:
        claim.extra["rational"] = padded(found.count, fractions.strategy, None)
        claim.extra["rational_beliefs"] = padded(found.count, fractions.beliefs, None)
        claim = replace(claim, exact=found.complete)
    cell = np.repeat(np.arange(len(found.count)), found.count)
    verdict, reason = refined(view, cell, found.plan, found.reply)
    for name, answers in zip(REFINEMENTS, verdict.T, strict=True):
        claim.extra[name] = padded(found.count, answers, -1)
    if explained:
        told = sentences(view, cell, (found.plan, found.reply), verdict, reason)
        claim.extra["reasons"] = padded(found.count, told, None)
    return claim


def equilibria(view: Signalling) -> Equilibria:
    """All equilibria of a view, on all cores."""
    numbers = (view.prior, view.chance_of_receiver, view.sender, view.receiver, view.replies)
    arrays = tuple(np.ascontiguousarray(array) for array in numbers)
    cells = len(view.prior)
    verdict, count = np.empty(cells, np.uint8), np.zeros(cells, np.int64)

    def work(first: int, last: int) -> list[tuple[Any, ...]]:
        found, room = [], 4 * (last - first) + 64
        while first < last:
            out, scratch = room_for(view.sender.shape[2:], room)
            done = polylines(arrays, first, last, verdict, count, out, scratch)
            used = int(count[first:done].sum())
            found.append(tuple(array[:used] for array in out[1:]))
            first, room = done, min(2 * room, max(room, 2 * MOST_EQUILIBRIA))
        return found

    parts = [part for block in over_blocks(work, cells, BLOCK) for part in block]
    plan, reply, second, component = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    beliefs = np.stack([1.0 - second, second], axis=-1)
    alone = second[..., 0] == second[..., 1]
    beliefs[alone, 1] = np.nan
    cell = np.repeat(np.arange(cells), count)
    linked = np.zeros(cells, np.bool_)
    np.logical_or.at(
        linked, cell, component != np.arange(len(cell)) - np.repeat(np.cumsum(count) - count, count)
    )
    status = STATUS[verdict]
    return Equilibria(count, plan, reply, beliefs, component, status, verdict == 0, linked)
