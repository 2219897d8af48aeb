"""Offers in a row by the side that does not know the other's type: what is claimed of them, judged.

Types answer in an order: who needs agreement most takes the worst offers.  So the past is told by one number, the mass
of types that has already agreed (Fudenberg, Levine and Tirole 1985).  A claimed **schedule** says for every round, in
pieces of that mass, from which share the types of a piece agree, and up to which mass the next offer goes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.game.offers import NOTCH, Terms
from sim.game.private import Drawn
from sim.game.protocol import Floats, Integers
from sim.kernels.base.tolerances import ROUNDED, TIE, ZERO

__all__ = ["Answers", "Schedule", "answering_types", "first_borders", "judge_skimming"]


@dataclass(frozen=True, eq=False)
class Answers:
    """The types in the order in which they agree, ``(M, T)``.

    ``chance``; ``last``, what each gets when the last offer is rejected, and ``proposer`` what that leaves the other;
    ``exits`` whether it leaves then; ``broken`` and ``inside`` as in the types; ``place`` of each in the file.
    """

    chance: Floats
    last: Floats
    proposer: Floats
    exits: NDArray[np.bool_]
    broken: Floats
    inside: Floats
    outside: Floats
    place: Integers

    @property
    def border(self) -> Floats:
        """Mass up to and with each type, ``(M, T)``; the last is 1."""
        result: Floats = np.minimum(np.cumsum(self.chance, axis=-1), 1.0)
        result[:, -1] = 1.0
        return result

    def masses(self, low: Floats, high: Floats) -> Floats:
        """Mass of each type between two amounts ``(M, Q)``, ``(M, Q, T)``."""
        border = self.border[:, np.newaxis]
        before = np.concatenate([np.zeros_like(border[..., :1]), border[..., :-1]], axis=-1)
        return np.maximum(
            np.minimum(border, high[..., np.newaxis]) - np.maximum(before, low[..., np.newaxis]), 0.0
        )


def answering_types(terms: Terms, drawn: Drawn) -> Answers:
    """The types of the side that answers, those first that need agreement most."""
    p = 1 - drawn.player
    risk = terms.risk[:, np.newaxis]
    stay = risk * drawn.breakdown + (1.0 - risk) * drawn.outside
    exits = np.broadcast_to(terms.answers_leave, stay.shape) & (drawn.outside >= stay)
    last = np.where(exits, drawn.outside, stay)
    other = risk * terms.breakdown[:, [p]] + (1.0 - risk) * terms.outside[:, [p]]
    proposer = np.where(exits, terms.outside[:, [p]], other)
    place = np.argsort(last, axis=-1, kind="stable")

    def sorted_(array: NDArray[Any]) -> NDArray[Any]:
        return np.take_along_axis(np.broadcast_to(array, place.shape), place, axis=-1)

    return Answers(
        sorted_(drawn.chance), sorted_(last), sorted_(proposer), sorted_(exits), sorted_(drawn.breakdown),
        sorted_(drawn.inside), sorted_(drawn.outside), place,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Schedule:
    """Claimed pieces ``(M, N, B)``: ``ends`` of the mass, the ``share`` they agree from, ``until`` where offers go."""

    terms: Terms
    types: Answers
    player: int
    ends: Floats
    share: Floats
    until: Floats

    @property
    def rounds(self) -> int:
        """Number of rounds N."""
        return self.ends.shape[1]

    def piece(self, t: int, mass: Floats) -> Integers:
        """The piece that each mass ``(M, Q)`` lies in: it holds its upper end."""
        with np.errstate(invalid="ignore"):
            found: Integers = (self.ends[:, t, np.newaxis] < mass[..., np.newaxis] - ZERO).sum(axis=-1)
        last = (~np.isnan(self.ends[:, t])).sum(axis=-1, keepdims=True) - 1
        return np.minimum(found, last)

    def at(self, array: Floats, t: int, piece: Integers) -> Floats:
        """What an array says of pieces ``(M, Q)`` in a round."""
        return np.asarray(np.take_along_axis(array[:, t], piece, axis=1))

    def step(self, t: int, mass: Floats) -> tuple[Floats, Floats]:
        """Where masses ``(M, Q)`` are after round t, and the share offered in it (minus infinity: none is taken)."""
        until = self.at(self.until, t, self.piece(t, mass))
        none = np.isnan(until) | (until <= mass + ZERO)
        after = np.where(none, mass, until)
        return after, np.where(none, -np.inf, self.at(self.share, t, self.piece(t, after)))

    def won(self, mass: Floats, after: Floats, share: Floats) -> Floats:
        """What the proposer keeps of those who agree."""
        kept = self.terms.pie[:, np.newaxis] - np.where(np.isfinite(share), share, 0.0)
        return np.maximum(after - mass, 0.0) * kept

    def after(self, t: int, mass: Floats) -> Floats:
        """What the proposer gets from whoever is left after round t, ``(M, Q)``, counted by mass."""
        p, terms = 1 - self.player, self.terms
        if t == self.rounds - 1:
            left = self.types.masses(mass, np.ones_like(mass))
            return np.asarray((left * self.types.proposer[:, np.newaxis]).sum(axis=-1))
        flow = (1.0 - terms.discount[:, p]) * terms.inside[:, p]
        now = terms.risk * terms.breakdown[:, p] + (1.0 - terms.risk) * flow
        following, share = self.step(t + 1, mass)
        then = self.won(mass, following, share) + self.after(t + 1, following)
        later = (1.0 - terms.risk) * terms.discount[:, p]
        return np.asarray((1.0 - mass) * now[:, np.newaxis] + later[:, np.newaxis] * then)

    def rejecting(self, t: int, mass: Floats) -> Floats:
        """What each type gets by rejecting in round t and doing its best after, when ``mass (M, Q)`` has agreed."""
        terms, types, j = self.terms, self.types, self.player
        value = np.broadcast_to(types.last[:, np.newaxis], (*mass.shape, types.last.shape[1]))
        shares = []
        for r in range(t + 1, self.rounds):
            mass, share = self.step(r, mass)
            shares.append(share)
        risk, patience = terms.risk[:, np.newaxis], terms.discount[:, [j]]
        fixed = (risk * types.broken + (1.0 - risk) * (1.0 - patience) * types.inside)[:, np.newaxis]
        later = ((1.0 - risk) * patience)[:, np.newaxis]
        for share in reversed(shares):
            value = fixed + later * np.maximum(share[..., np.newaxis], value)
        return value

    def taken(self, t: int, share: Floats) -> Floats:
        """Up to which mass offers ``(M, Q)`` are taken when nobody has agreed, ``(M, Q)``."""
        with np.errstate(invalid="ignore"):
            room = TIE * self.terms.pie[:, np.newaxis, np.newaxis]
            willing = self.share[:, t, np.newaxis] <= share[..., np.newaxis] + room
        return np.asarray(np.where(willing, self.ends[:, t, np.newaxis], 0.0).max(axis=-1))


def judge_skimming(
    terms: Terms,
    types: Sequence[Drawn],
    rows: Mapping[str, NDArray[Any]],
    roles: Sequence[tuple[int, int, int]],
) -> tuple[Floats, Floats, Floats]:
    """Values ``(M, n)``, largest gain ``(M,)``, outcomes ``(M, 4)`` of the claimed schedule."""
    (drawn,) = types
    plan = Schedule(
        terms, answering_types(terms, drawn), drawn.player, rows["ends"], rows["schedule"], rows["until"]
    )  # fmt: skip
    gain = wrongly_told(plan, rows, roles)
    for t in range(plan.rounds):
        for found in (wrong_pieces(plan, t), wrong_answers(plan, t), wrong_offers(plan, t)):
            gain = np.maximum(gain, found)
    value, outcome = followed(plan)
    return value, gain, outcome


def wrong_pieces(plan: Schedule, t: int) -> Floats:
    """Infinite where some border between types is not one between pieces, ``(M,)``."""
    border, there = plan.types.border, plan.types.chance > 0.0
    with np.errstate(invalid="ignore"):
        apart = np.abs(plan.ends[:, t, np.newaxis] - border[..., np.newaxis])
    near = (np.where(np.isnan(apart), np.inf, apart) <= ZERO).any(axis=-1)
    return np.where((near | ~there).all(axis=-1), 0.0, np.inf)


def inside_pieces(plan: Schedule, t: int) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """The middle and the end of each piece, 0 where there is none, and which there are, ``(M, B)``."""
    ends = plan.ends[:, t]
    low = np.concatenate([np.zeros_like(ends[:, :1]), ends[:, :-1]], axis=1)
    return np.nan_to_num(0.5 * (low + ends)), np.nan_to_num(ends), ~np.isnan(ends)


def wrong_answers(plan: Schedule, t: int) -> Floats:
    """How far the share a piece agrees from is from what rejecting brings its type, or others, ``(M,)``."""
    middle, end, pieces = inside_pieces(plan, t)
    share = np.nan_to_num(plan.share[:, t])
    border, number = plan.types.border, np.arange(plan.types.chance.shape[1])
    own = (border[:, np.newaxis] < middle[..., np.newaxis] - ZERO).sum(axis=-1, keepdims=True)
    own = np.minimum(own, len(number) - 1)
    result = np.zeros_like(share)
    for mass in (middle, end):
        reject = np.take_along_axis(plan.rejecting(t, mass), own, axis=-1)[..., 0]
        result = np.maximum(result, np.abs(share - np.maximum(reject, 0.0)))
    after = np.maximum(plan.rejecting(t, end), 0.0)
    there = (plan.types.chance > 0.0)[:, np.newaxis]
    early = np.where(there & (number < own), after - share[..., np.newaxis], 0.0).max(axis=-1)
    late = np.where(there & (number > own), share[..., np.newaxis] - after, 0.0).max(axis=-1)
    return np.asarray(np.where(pieces, np.maximum(result, np.maximum(early, late)), 0.0).max(axis=-1))


def wrong_offers(plan: Schedule, t: int) -> Floats:
    """What the proposer gains by another offer, whichever piece is the next to agree, ``(M,)`` a unit of mass."""
    middle, end, pieces = inside_pieces(plan, t)
    start = np.zeros_like(middle[:, :1])
    mass, there = start, start == 0.0  # when talks begin nobody has agreed
    if t:
        mass, there = (
            np.concatenate([start, middle, end], axis=1),
            np.concatenate([there, pieces, pieces], axis=1),
        )
    following, share = plan.step(t, mass)
    own = plan.won(mass, following, share) + plan.after(t, following)
    refused = plan.after(t, mass)
    best = refused
    notch, pie = NOTCH * plan.terms.pie[:, np.newaxis], plan.terms.pie[:, np.newaxis]
    offers = np.concatenate([plan.share[:, t] + step for step in (0.0, notch, -notch)], axis=1)
    with np.errstate(invalid="ignore"):
        possible = (offers >= 0.0) & (offers <= pie)
    offers = np.where(possible, offers, 0.0)
    then = plan.taken(t, offers)
    afterwards = plan.after(t, then)
    for k in range(offers.shape[1]):
        found = np.where(
            then[:, [k]] > mass, plan.won(mass, then[:, [k]], offers[:, [k]]) + afterwards[:, [k]], refused
        )
        best = np.maximum(best, np.where(possible[:, [k]], found, -np.inf))
    rest = 1.0 - mass
    # of few who are left what rounding does to sums over all is much
    more = np.maximum(best - own - ROUNDED * pie, 0.0)
    gain = np.where(there & (rest > ZERO), more / np.maximum(rest, ZERO), 0.0)
    return np.asarray(np.maximum(gain, 0.0).max(axis=-1))


def first_borders(plan: Schedule) -> Floats:
    """The least share that each type accepts in the first round, in the order of the file, ``(M, T)``."""
    border = plan.types.border
    low = np.concatenate([np.zeros_like(border[:, :1]), border[:, :-1]], axis=1)
    end = np.minimum(plan.at(plan.ends, 0, plan.piece(0, low + 2 * ZERO)), border)
    mass = np.where(plan.types.chance > 0.0, 0.5 * (low + end), border)
    found = np.maximum(np.einsum("mkk->mk", plan.rejecting(0, mass)), 0.0)
    result = np.empty_like(border)
    np.put_along_axis(result, plan.types.place, found, axis=-1)
    return result


def wrongly_told(
    plan: Schedule, rows: Mapping[str, NDArray[Any]], roles: Sequence[tuple[int, int, int]]
) -> Floats:
    """How far first offers and borders that are told differ from those of the schedule, ``(M,)``."""
    j, p = plan.player, 1 - plan.player
    share = plan.step(0, np.zeros((len(plan.ends), 1)))[1][:, 0]
    keeps = rows["offer"][:, roles.index((p, p, -1))]
    with np.errstate(invalid="ignore"):
        apart = np.abs(keeps - (plan.terms.pie - share))
    result = np.where(np.isnan(keeps), np.where(np.isinf(share), 0.0, np.inf), apart)
    borders = first_borders(plan)
    for k in range(borders.shape[1]):
        result = np.maximum(result, np.abs(rows["accepts_from"][:, roles.index((j, -1, k))] - borders[:, k]))
    return result


def followed(plan: Schedule) -> tuple[Floats, Floats]:
    """Values ``(M, 2)`` and outcomes ``(M, 4)`` of the schedule from the start."""
    terms, types, j, p = plan.terms, plan.types, plan.player, 1 - plan.player
    mass, going = np.zeros((len(plan.ends), 1)), np.ones(len(plan.ends))
    value, outcome = np.zeros((len(mass), 2)), np.zeros((len(mass), 4))
    weight, stay = np.ones((len(mass), 2)), 1.0 - terms.risk
    for t in range(plan.rounds):
        after, share = plan.step(t, mass)
        agreed = (after - mass)[:, 0]
        outcome[:, 0 if t == 0 else 1] += going * agreed
        value[:, p] += weight[:, p] * plan.won(mass, after, share)[:, 0]
        value[:, j] += weight[:, j] * np.where(
            agreed > 0.0, agreed * np.where(agreed > 0.0, share[:, 0], 0.0), 0.0
        )
        left = types.masses(after, np.ones_like(after))[:, 0]
        if t == plan.rounds - 1:
            risk = np.where(types.exits, 0.0, terms.risk[:, np.newaxis])
            outcome[:, 3] += going * (left * risk).sum(axis=-1)
            outcome[:, 2] += going * (left * (1.0 - risk)).sum(axis=-1)
            value[:, p] += weight[:, p] * (left * types.proposer).sum(axis=-1)
            value[:, j] += weight[:, j] * (left * types.last).sum(axis=-1)
            break
        outcome[:, 3] += going * terms.risk * left.sum(axis=-1)
        flow = (1.0 - terms.discount) * stay[:, np.newaxis]
        broken = terms.risk * terms.breakdown[:, p]
        value[:, p] += weight[:, p] * left.sum(axis=-1) * (broken + flow[:, p] * terms.inside[:, p])
        own = terms.risk[:, np.newaxis] * types.broken + flow[:, [j]] * types.inside
        value[:, j] += weight[:, j] * (left * own).sum(axis=-1)
        weight = weight * stay[:, np.newaxis] * terms.discount
        going, mass = going * stay, after
    return value, outcome
