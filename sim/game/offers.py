"""Offers and answers: what bargaining plans are worth, and what one deviation from them would bring.

A **plan** says for every round and proposer what is offered, from which share each side accepts, and who leaves.
Everything here is a fact of the game: nothing is optimised, plans are followed and deviated from.

Sizes: M plans, n players, N rounds that differ (one where rounds are unlimited: play is stationary), s the proposer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.game.protocol import Floats
from sim.kernels.base.tolerances import TIE

__all__ = ["Plan", "Terms", "plan_outcomes", "plan_regret", "plan_values", "waiting_values"]

Bools = NDArray[np.bool_]
NOTCH = 1e-3
"""How far above and below a plan the certificate tries offers, as a share of the pie."""


@dataclass(frozen=True, eq=False)
class Terms:
    """What a bargain is about, one row for each plan: ``pie (M,)``, ``risk (M,)``, the others ``(M, n)``.

    ``order (n, n)`` is who proposes next, ``first (n,)`` who does first, both probabilities.  ``answers_leave`` and
    ``proposer_leaves`` say who may walk away when; ``rounds`` is None where there is no last one.
    """

    pie: Floats
    discount: Floats
    outside: Floats
    breakdown: Floats
    inside: Floats
    risk: Floats
    order: Floats
    first: Floats
    rounds: int | None
    answers_leave: bool
    proposer_leaves: bool

    @property
    def rate(self) -> Floats:
        """How impatient each is, a round being a unit of time, ``(M, n)``."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return -np.log(self.discount)

    def take(self, rows: Any) -> Terms:
        """The terms of the chosen plans."""
        each = ("pie", "discount", "outside", "breakdown", "inside", "risk")
        return replace(self, **{name: getattr(self, name)[rows] for name in each})


@dataclass(frozen=True, eq=False)
class Plan:
    """What everybody does, ``(M, N, s, n)``.

    ``shares`` is what the proposer's offer leaves each, NaN where he makes none; ``accepts_from`` the least share
    that each accepts; ``leaves`` whether who rejects leaves then, and at ``[.., s, s]`` whether the proposer leaves
    in place of an offer.
    """

    shares: Floats
    accepts_from: Floats
    leaves: Bools

    def offers(self) -> Bools:
        """Where an offer is made, ``(M, N, s)``."""
        made: Bools = ~np.isnan(self.shares).any(axis=-1) & ~self.walks()
        return made

    def walks(self) -> Bools:
        """Where the proposer leaves in place of an offer, ``(M, N, s)``."""
        own: Bools = np.einsum("mtss->mts", self.leaves)
        return own


def others(players: int) -> Bools:
    """Who answers when s proposes, ``(s, n)``."""
    answering: Bools = ~np.eye(players, dtype=np.bool_)
    return answering


def rejecting(terms: Terms, plan: Plan, shares: Floats) -> Bools:
    """Who rejects an offer ``(M, N, s, n)``: a share at the border is accepted."""
    room = TIE * terms.pie[:, np.newaxis, np.newaxis, np.newaxis]
    refused: Bools = ~(shares >= plan.accepts_from - room) & others(shares.shape[-1])
    return refused


def ways(terms: Terms, plan: Plan) -> tuple[Bools, Bools]:
    """Where the planned offer is agreed on, and where somebody leaves, ``(M, N, s)`` both; elsewhere talks go on."""
    refused = rejecting(terms, plan, plan.shares)
    agreed = plan.offers() & ~refused.any(axis=-1)
    left = plan.walks() | (~agreed & (refused & plan.leaves).any(axis=-1))
    return agreed, left


def waiting_values(terms: Terms, value: Floats) -> Floats:
    """What it is worth to each that nobody agrees and nobody leaves, ``(M, N, s, n)``, from values of rounds."""
    after = np.einsum("st,mrtn->mrsn", terms.order, value)
    if terms.rounds is not None:
        after = np.concatenate([after[:, 1:], after[:, :1]], axis=1)
    patience = terms.discount[:, np.newaxis, np.newaxis]
    later = (1.0 - patience) * terms.inside[:, np.newaxis, np.newaxis] + patience * after
    if terms.rounds is not None:
        later[:, -1] = terms.outside[:, np.newaxis]  # no agreement in the last round is none at all
    risk = terms.risk[:, np.newaxis, np.newaxis, np.newaxis]
    result: Floats = risk * terms.breakdown[:, np.newaxis, np.newaxis] + (1.0 - risk) * later
    return result


def plan_values(terms: Terms, plan: Plan) -> Floats:
    """What each gets under a plan from each round and proposer on, ``(M, N, s, n)``."""
    agreed, left = ways(terms, plan)
    outside = terms.outside[:, np.newaxis, np.newaxis]
    if terms.rounds is None:
        return stationary_values(terms, plan, agreed, left)
    value = np.zeros_like(plan.shares)
    for t in reversed(range(terms.rounds)):
        on = waiting_values(terms, value)[:, t : t + 1]
        shares = plan.shares[:, t : t + 1]
        now = np.where(left[:, t : t + 1, :, np.newaxis], outside, on)
        value[:, t : t + 1] = np.where(agreed[:, t : t + 1, :, np.newaxis], shares, now)
    return value


def stationary_values(terms: Terms, plan: Plan, agreed: Bools, left: Bools) -> Floats:
    """The same where rounds are unlimited: ``v = a + B v``, solved for each player."""
    outside = terms.outside[:, np.newaxis, np.newaxis]
    on = (~agreed & ~left)[:, 0]
    risk = terms.risk[:, np.newaxis]
    broken = (risk * terms.breakdown)[:, np.newaxis, np.newaxis] + np.zeros_like(plan.shares)
    risk = risk[..., np.newaxis, np.newaxis]
    flow = (1.0 - risk) * ((1.0 - terms.discount) * terms.inside)[:, np.newaxis, np.newaxis]
    fixed = np.where(left[..., np.newaxis], outside, broken + flow)
    fixed = np.where(agreed[..., np.newaxis], plan.shares, fixed)[:, 0]  # (M, s, n)
    weight = (1.0 - terms.risk)[:, np.newaxis] * terms.discount
    chain = on[:, np.newaxis, :, np.newaxis] * terms.order * weight[:, :, np.newaxis, np.newaxis]
    system = np.eye(len(terms.order)) - chain  # (M, n, s, s)
    stuck = np.abs(np.linalg.det(system)) == 0.0
    system[stuck] = np.eye(len(terms.order))
    solved = np.linalg.solve(system, fixed.swapaxes(1, 2)[..., np.newaxis])[..., 0]
    result: Floats = np.where(stuck[..., np.newaxis], np.nan, solved)
    return np.ascontiguousarray(result.swapaxes(1, 2))[:, np.newaxis]


def plan_regret(terms: Terms, plan: Plan, value: Floats) -> Floats:
    """Most that anybody gains by one deviation anywhere, ``(M, n)``, in units of payoff.

    Whoever answers tries to accept a share a notch below his border, to refuse one at it, to leave and to wait;
    whoever proposes tries the offer at all borders, one a notch more generous, one a notch meaner to each in turn,
    to keep all, to make none and, where he may, to leave.
    """
    on = waiting_values(terms, value)
    outside = np.broadcast_to(terms.outside[:, np.newaxis, np.newaxis], on.shape)
    answering = others(on.shape[-1])
    leaving = np.where(plan.leaves, outside, on)
    best = np.maximum(outside, on) if terms.answers_leave else on
    wrong_exit = np.where(answering, best - leaving, 0.0)
    # a share below nothing cannot be offered: who would take it accepts from nothing on
    wrong_answer = np.where(answering, np.abs(plan.accepts_from - np.maximum(best, 0.0)), 0.0)
    result = np.maximum(wrong_exit, wrong_answer).max(axis=(1, 2))
    best_offer: Floats = np.full(on.shape[:3], -np.inf)
    for shares in tried(terms, plan):
        best_offer = np.maximum(best_offer, offer_value(terms, plan, shares, on))
    own = np.einsum("mtss->mts", value)
    if terms.proposer_leaves:
        best_offer = np.maximum(best_offer, np.einsum("mtss->mts", outside))
    return np.asarray(np.maximum(result, np.maximum(best_offer - own, 0.0).max(axis=1)))


def tried(terms: Terms, plan: Plan) -> list[Floats]:
    """Offers that are tried in place of the planned ones, ``(M, N, s, n)`` each."""
    players = plan.shares.shape[-1]
    answering = others(players)
    pie = terms.pie[:, np.newaxis, np.newaxis]
    border = np.where(answering, plan.accepts_from, 0.0)
    notch = NOTCH * terms.pie[:, np.newaxis, np.newaxis, np.newaxis]
    given = [border, np.where(answering, border + notch, 0.0), np.zeros_like(border)]
    given += [np.where(answering & (np.arange(players) == j), border - notch, border) for j in range(players)]
    found = [np.where(answering, each, (pie - each.sum(axis=-1))[..., np.newaxis]) for each in given]
    # nobody can be asked to bring something: such offers are none
    possible = [np.where((each >= 0.0).all(axis=-1, keepdims=True), each, np.nan) for each in found]
    return [*possible, np.full_like(border, np.nan)]


def offer_value(terms: Terms, plan: Plan, shares: Floats, on: Floats) -> Floats:
    """What the proposer gets from some offer when all answer as planned, ``(M, N, s)``."""
    refused = rejecting(terms, plan, shares)
    agreed = ~refused.any(axis=-1)
    left = (refused & plan.leaves).any(axis=-1)
    outside = np.broadcast_to(terms.outside[:, np.newaxis, np.newaxis], shares.shape)
    own = [np.einsum("mtss->mts", array) for array in (shares, outside, on)]
    return np.where(agreed, own[0], np.where(left, own[1], own[2]))


def plan_outcomes(terms: Terms, plan: Plan) -> Floats:
    """Chances of agreement at once, agreement later, leaving and breakdown, ``(M, 4)``.

    What is left by them is talk for ever, which ends nothing: it is counted as breakdown.
    """
    agreed, left = ways(terms, plan)
    now = np.broadcast_to(terms.first, (len(terms.pie), len(terms.first))).copy()
    result = np.zeros((len(terms.pie), 4))
    result[:, 0] = (now * agreed[:, 0]).sum(axis=-1)
    rounds = terms.rounds
    if rounds is None:
        return endless_outcomes(terms, agreed[:, 0], left[:, 0], now, result)
    for t in range(rounds):
        if t:
            result[:, 1] += (now * agreed[:, t]).sum(axis=-1)
        result[:, 2] += (now * left[:, t]).sum(axis=-1)
        now = np.where(agreed[:, t] | left[:, t], 0.0, now)
        result[:, 3] += terms.risk * now.sum(axis=-1)
        now = (1.0 - terms.risk)[:, np.newaxis] * (now @ terms.order)
    result[:, 2] += now.sum(axis=-1)  # the last round is over: each gets what it gets without agreement
    return result


def endless_outcomes(terms: Terms, agreed: Bools, left: Bools, now: Floats, result: Floats) -> Floats:
    """The same where rounds are unlimited, from the expected number of visits to each proposer."""
    on = ~agreed & ~left
    chain = on[:, :, np.newaxis] * terms.order * (1.0 - terms.risk)[:, np.newaxis, np.newaxis]
    system = np.eye(len(terms.order)) - chain.swapaxes(1, 2)
    stuck = np.abs(np.linalg.det(system)) == 0.0
    system[stuck] = np.eye(len(terms.order))
    visits = np.linalg.solve(system, now[..., np.newaxis])[..., 0]
    result[:, 1] = np.maximum((visits * agreed).sum(axis=-1) - result[:, 0], 0.0)
    result[:, 2] = (visits * left).sum(axis=-1)
    result[stuck, 1:3] = 0.0
    result[:, 3] = np.maximum(1.0 - result[:, :3].sum(axis=-1), 0.0)
    return result
