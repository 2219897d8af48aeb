"""Two sides and no end: the division as a formula, in one of four regimes."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from sim.answers.talks import ACCEPTED, ACCEPTS_FROM, LEAVES, OFFER, SHARES
from sim.claim import Claim
from sim.forms.bargaining import Bargaining
from sim.game import Floats
from sim.game.offers import Plan
from sim.kernels.base.tolerances import TIE
from sim.plugins import solver
from sim.solvers.methods.open_talks import one_round, open_claim, refuse_types


@solver(
    form=Bargaining, concept="subgame_perfect", players=2, rank=20,
    answers=(OFFER, ACCEPTS_FROM, SHARES, ACCEPTED, LEAVES), title="Rubinstein's division",
    more="the formula is of agreement at once; where there is none, ask for the solver rounds_of_offers",
)  # fmt: skip
def rubinstein(game: Bargaining) -> Claim:
    """The division of a pie by alternating offers, or by one side's, without a last round: closed form.

    ``Bargaining -> strategy (C, 1, H, 1)``; ``extra`` as in :mod:`sim.solvers.rounds_of_offers`.
    Complete: where both sides' offers are accepted, which is then the only subgame-perfect play but for ties.
    Cost: four formulas a cell.
    Fails with ``not_found`` where some side would rather not agree.  Raises ValueError for talks of two rounds
    and more that end, and for proposers drawn by lot.
    Source: Rubinstein (1982); Binmore, Rubinstein and Wolinsky (1986) for breakdown; Binmore, Shaked and Sutton (1989)
    for outside options.
    """
    refuse_types(game)
    if game.rounds not in {None, 1} or game.offers == "random":
        raise ValueError(
            "the formula is of two sides that take turns, or of one that makes all offers, in one round or without a "
            "last: ask for the solver 'rounds_of_offers'"
        )
    if game.rounds == 1:
        return one_round(game)
    part = game.take(np.flatnonzero(game.finite))
    leaving = part.leaving != "never"
    outside = np.where(leaving, part.outside, -np.inf)
    weight = (1.0 - part.risk)[:, np.newaxis] * part.discount
    broken = part.risk[:, np.newaxis] * part.breakdown
    flow = (1.0 - part.risk)[:, np.newaxis] * (1.0 - part.discount) * part.inside
    floor = np.maximum(outside, 0.0)  # nobody can be asked to bring something
    alone = part.offers in part.players
    border, found = regimes(part, floor, broken + flow, weight, alone=alone)
    wait = broken + flow + weight * continuing(part, border, alone=alone)
    exits = outside > wait
    kept = part.pie[:, np.newaxis] - border[:, ::-1]
    no_deal = np.where(
        exits[:, ::-1], part.outside, broken + flow + weight * refused(border, kept, alone=alone)
    )
    sound = (kept >= 0.0) & (kept >= no_deal - TIE * part.pie[:, np.newaxis])
    if part.leaving == "any_time":
        sound &= part.outside <= kept + TIE * part.pie[:, np.newaxis]
    asked = np.array([s in part.proposers for s in (0, 1)])
    good = found & (sound | ~asked).all(axis=-1)
    tied = ((np.abs(kept - no_deal) <= TIE * part.pie[:, np.newaxis]) & asked).any(axis=-1)
    return open_claim(game, plan_of(part, border, kept, exits), good, tied)


def regimes(
    part: Bargaining, floor: Floats, fixed: Floats, weight: Floats, *, alone: bool
) -> tuple[Floats, NDArray[np.bool_]]:
    """Shares from which each accepts, ``(C, 2)``, and where a regime is consistent ``(C,)``.

    In a regime each side's border is its floor, or what waiting brings it: to propose next, or to be asked again.
    """
    border = np.full(part.discount.shape, np.nan)
    found = np.zeros(part.cells, np.bool_)
    pie = part.pie
    for bound in product((False, True), repeat=2):
        own = [floor[:, i] if bound[i] else None for i in (0, 1)]
        trial = np.empty_like(border)
        if alone:
            for i in (0, 1):
                each = own[i]
                with np.errstate(divide="ignore", invalid="ignore"):
                    trial[:, i] = fixed[:, i] / (1.0 - weight[:, i]) if each is None else each
        elif own[0] is None and own[1] is None:
            with np.errstate(divide="ignore", invalid="ignore"):
                both = 1.0 - weight[:, 0] * weight[:, 1]
                for i in (0, 1):
                    j = 1 - i
                    trial[:, i] = (
                        fixed[:, i] + weight[:, i] * (pie - fixed[:, j] - weight[:, j] * pie)
                    ) / both
        else:
            for i in (0, 1):
                j = 1 - i
                at = own[i]
                if at is not None:
                    trial[:, i] = at
                else:
                    trial[:, i] = fixed[:, i] + weight[:, i] * (pie - floor[:, j])
        wait = fixed + weight * continuing(part, trial, alone=alone)
        room = TIE * pie
        fits = np.ones(part.cells, np.bool_)
        for i in (0, 1):
            fits &= (wait[:, i] <= floor[:, i] + room) if bound[i] else (wait[:, i] >= floor[:, i] - room)
        new = fits & ~found & np.isfinite(trial).all(axis=-1)
        border[new] = trial[new]
        found |= new
    return border, found


def continuing(part: Bargaining, border: Floats, *, alone: bool) -> Floats:
    """What the next round is worth to who answers in this one: what the other's border leaves, or the own border."""
    return border if alone else part.pie[:, np.newaxis] - border[:, ::-1]


def refused(border: Floats, kept: Floats, *, alone: bool) -> Floats:
    """What the next round is worth to who proposes in this one."""
    return kept if alone else border


def plan_of(part: Bargaining, border: Floats, kept: Floats, exits: NDArray[np.bool_]) -> Plan:
    """The stationary plan ``(C, 1, 2, 2)``: everybody is offered exactly his border."""
    shape = (part.cells, 1, 2, 2)
    shares, accepts, leaves = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape, np.bool_)
    for s in (0, 1):
        shares[:, 0, s, s], shares[:, 0, s, 1 - s] = kept[:, s], border[:, 1 - s]
        accepts[:, 0, s, 1 - s], leaves[:, 0, s, 1 - s] = border[:, 1 - s], exits[:, 1 - s]
    if (
        part.offers in part.players
    ):  # who never proposes has nothing to plan, and would do what waiting brings
        s = 1 - part.players.index(part.offers)
        silent(part, s, shares, accepts, leaves)
    return Plan(shares, accepts, leaves)


def silent(part: Bargaining, s: int, shares: Floats, accepts: Floats, leaves: NDArray[np.bool_]) -> None:
    """The round in which the side that makes no offers would propose: nothing is offered; the other waits, or leaves.

    Nobody is ever there; the plan says what would be best, as it does everywhere.
    """
    j = 1 - s
    ahead = shares[:, 0, j, j]
    wait = part.risk * part.breakdown[:, j] + (1.0 - part.risk) * (
        (1.0 - part.discount[:, j]) * part.inside[:, j] + part.discount[:, j] * ahead
    )
    exits = (part.outside[:, j] > wait) & (part.leaving != "never")
    least = np.maximum(np.where(exits, part.outside[:, j], wait), 0.0)
    own = part.risk * part.breakdown[:, s] + (1.0 - part.risk) * (
        (1.0 - part.discount[:, s]) * part.inside[:, s] + part.discount[:, s] * shares[:, 0, j, s]
    )
    no_deal = np.where(exits, part.outside[:, s], own)
    kept = part.pie - least
    agreed = (kept >= no_deal - TIE * part.pie) & (kept >= 0.0)
    walk = (part.leaving == "any_time") & (
        part.outside[:, s] > np.maximum(no_deal, np.where(agreed, kept, -np.inf))
    )
    agreed &= ~walk
    shares[:, 0, s, s] = np.where(agreed, kept, np.nan)
    shares[:, 0, s, j] = np.where(agreed, least, np.nan)
    accepts[:, 0, s, j], leaves[:, 0, s, j], leaves[:, 0, s, s] = least, exits, walk
