"""Bargains with types, solved: by what types that do not agree do next, which is leave, wait or insist."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.claim import Status
from sim.forms.bargaining import Bargaining
from sim.game import Floats
from sim.game.offers import Terms
from sim.game.private import Drawn
from sim.game.skimming import Schedule, answering_types, first_borders
from sim.game.sorting import best_waiting
from sim.game.talks import told_borders, told_offers
from sim.kernels.bargaining.skimming import MOST_PIECES, schedules
from sim.kernels.base.tolerances import TIE
from sim.solvers.methods.values_of_rounds import Rounds, values_of_rounds, waiting

__all__ = ["Resolved", "skimmed", "sorted_out"]


class Resolved(NamedTuple):
    """Verdicts ``(C,)`` and answers, cell first."""

    status: NDArray[np.int8]
    answers: dict[str, NDArray[Any]]


def sorted_out(game: Bargaining) -> Resolved:
    """Types that may leave: the tough do so at once, and who waits is taken for the neediest type.

    So the neediest type's talks, in which nothing is hidden, say what waiting brings; a type accepts what it gets
    outside or by waiting; and the first offer is the best of the shares from which some type accepts.
    """
    (drawn,) = game.types
    j, p, pie = drawn.player, 1 - drawn.player, game.pie
    outside = game.outside.copy()
    outside[:, j] = np.where(drawn.chance > 0.0, drawn.outside, np.inf).min(axis=-1)
    terms = replace(game.terms, outside=outside)
    rounds = values_of_rounds(terms)
    wait = waits(terms, rounds)[:, p]
    own, asks = best_waiting(terms, drawn, rounds.plan)
    border = np.maximum(np.maximum(drawn.outside, own), 0.0)
    exits = drawn.outside > own
    # of those who wait all must go on alike: none of them leaves later
    later = np.maximum(least_wait(terms, rounds, p, j), outside[:, j])
    alike = exits | (drawn.chance <= 0.0) | (drawn.outside <= later[:, np.newaxis])
    rest = np.where(exits, game.outside[:, [p]], wait[:, [p]])
    offers = np.concatenate([border, np.full((len(border), 1), -np.inf)], axis=1)
    takes = offers[:, :, np.newaxis] >= border[:, np.newaxis] - TIE * pie[:, np.newaxis, np.newaxis]
    given = np.where(np.isfinite(offers), pie[:, np.newaxis] - offers, 0.0)[..., np.newaxis]
    worth = (drawn.chance[:, np.newaxis] * np.where(takes, given, rest[:, np.newaxis])).sum(axis=-1)
    worth = np.where(offers > pie[:, np.newaxis], -np.inf, worth)
    best = worth.argmax(axis=-1)
    most = np.take_along_axis(worth, best[:, np.newaxis], axis=1)[:, 0]
    share = np.take_along_axis(offers, best[:, np.newaxis], axis=1)[:, 0]
    walks = terms.proposer_leaves & (game.outside[:, p] > most + TIE * pie)
    keeps = np.where(walks | np.isinf(share), np.nan, pie - np.where(np.isinf(share), 0.0, share))
    offer, accepts = (
        told_offers(game.terms, rounds.plan, game.roles),
        told_borders(game.terms, rounds.plan, game.roles),
    )
    for h, (i, s, kind) in enumerate(game.roles):
        if i == p == s:
            offer[:, h] = keeps
        if i == j == s:
            offer[:, h] = asks[:, kind]
        if i == j and s == -1:
            accepts[:, h] = border[:, kind]
    status = np.where(rounds.found & alike.all(axis=-1), Status.ok, Status.not_found)
    plan = {"shares": rounds.plan.shares, "accepted": rounds.plan.accepts_from, "leaves": rounds.plan.leaves}
    return Resolved(status, plan | {"offer": offer, "accepts_from": accepts, "exits": exits, "walks": walks})


def waits(terms: Terms, rounds: Rounds, t: int = 0) -> Floats:
    """What waiting in round t brings each, by proposer, ``(M, s, n)``."""
    if terms.rounds is None:
        return waiting(terms, rounds.value[:, 0])
    return waiting(terms, rounds.value[:, min(t + 1, terms.rounds - 1)], last=t == terms.rounds - 1)


def least_wait(terms: Terms, rounds: Rounds, p: int, j: int) -> Floats:
    """The least that waiting brings the side with types in any round in which it answers, ``(M,)``."""
    each = [waits(terms, rounds, t)[:, p, j] for t in range(terms.rounds or 1)]
    return np.asarray(np.min(each, axis=0))


def skimmed(game: Bargaining) -> Resolved:
    """Offers in a row to types that nobody lets leave, or one offer: see :mod:`sim.kernels.bargaining.skimming`."""
    (drawn,) = game.types
    j, p = drawn.player, 1 - drawn.player
    assert game.rounds is not None, "types that may not leave are sorted in a number of rounds"
    risk = game.risk[:, np.newaxis]
    stay = risk * drawn.breakdown + (1.0 - risk) * drawn.outside
    exits = (drawn.outside >= stay) & (game.leaving != "never")
    last = np.where(exits, drawn.outside, stay)
    other = risk * game.breakdown[:, [p]] + (1.0 - risk) * game.outside[:, [p]]
    left = np.where(exits, game.outside[:, [p]], other)
    order = np.argsort(last, axis=-1, kind="stable")
    columns = [drawn.chance, last, left, drawn.breakdown, drawn.inside]
    types = np.stack(
        [np.take_along_axis(np.broadcast_to(one, order.shape), order, axis=-1) for one in columns], axis=1
    )
    terms = np.stack(
        [
            game.pie,
            game.discount[:, p],
            game.discount[:, j],
            game.breakdown[:, p],
            game.inside[:, p],
            game.risk,
        ],
        axis=-1,
    )
    shape = (game.cells, game.rounds, MOST_PIECES)
    ends, share, until = (np.full(shape, np.nan) for _ in range(3))
    verdict = np.zeros(game.cells, np.int64)
    most = schedules(terms, types, game.rounds, ends, share, until, verdict) if game.cells else 1
    ends, share, until = (np.ascontiguousarray(array[..., : max(most, 1)]) for array in (ends, share, until))
    status = np.array([Status.ok, Status.max_steps, Status.not_found], np.int8)[verdict]
    offer = np.full((game.cells, len(game.roles)), np.nan)
    accepts = offer.copy()
    # whoever has no chance to be there does what is best for him while the others do what they do
    plan = Schedule(game.terms, answering_types(game.terms, drawn), j, ends, share, until)
    absent = first_borders(plan) if game.cells else drawn.chance
    for h, (i, s, kind) in enumerate(game.roles):
        if i == s:
            going = until[:, 0, 0]
            place = (ends[:, 0] < going[:, np.newaxis]).sum(axis=-1).clip(0, max(most, 1) - 1)
            given = np.take_along_axis(share[:, 0], place[:, np.newaxis], axis=1)[:, 0]
            offer[:, h] = np.where(np.isnan(going), np.nan, game.pie - given)
        else:
            there = first_border(drawn, order, kind, ends[:, 0], share[:, 0])
            accepts[:, h] = np.where(drawn.chance[:, kind] > 0.0, there, absent[:, kind])
    return Resolved(
        status, {"ends": ends, "schedule": share, "until": until, "offer": offer, "accepts_from": accepts}
    )


def first_border(drawn: Drawn, order: NDArray[np.int64], kind: int, ends: Floats, share: Floats) -> Floats:
    """The least share that a type accepts at first, ``(C,)``: that of the first piece with any of it."""
    mass = np.cumsum(np.take_along_axis(drawn.chance, order, axis=-1), axis=-1)
    before = np.concatenate([np.zeros_like(mass[:, :1]), mass[:, :-1]], axis=1)
    own = np.take_along_axis(before, np.argmax(order == kind, axis=-1)[:, np.newaxis], axis=1)
    place = (ends <= own + 2 * TIE).sum(axis=-1)
    last = (~np.isnan(ends)).sum(axis=-1) - 1
    return np.asarray(np.take_along_axis(share, np.minimum(place, last)[:, np.newaxis], axis=1)[:, 0])
