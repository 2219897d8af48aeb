"""Obstinate types with several demands: who passes for which of them, judged (Abreu and Gul 2000, section 4).

The first side demands something; the second gives in, or makes a demand of its own, and they wear each other out.
A type that is content with less than what is left to it agrees.  Who reasons makes demands of obstinate types alone:
any other would tell that it reasons, and that is to give in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.game.attrition import War, demand_table
from sim.game.offers import Terms
from sim.game.private import Drawn
from sim.game.protocol import Floats
from sim.kernels.base.tolerances import ROUNDED

__all__ = ["Announced", "judge_demands", "reasoning", "told_demands", "told_shares"]


class Announced:
    """What is announced, and what that tells, one row for each claim, demands of both sides on ``D``.

    ``share``, ``chance (M, 2, D)`` are those of obstinate types, ``reasons (M, 2)`` how likely a side reasons.
    ``first (M, D)`` is how likely each demand is made, ``second (M, D, D)`` how likely it is answered by each other,
    ``agrees (M, D)`` by giving in; ``fight (M, D, D)`` where both demands are more than there is, ``belief (M, D, D, 2)``
    how likely each side is obstinate there.
    """

    def __init__(self, types: Sequence[Drawn], pie: Floats, announces: Floats, counters: Floats) -> None:
        self.share, self.chance = demand_table(types, pie)
        self.reasons = reasoning(types)
        there = self.chance > 0.0
        over = np.nan_to_num(self.share[:, 0, :, np.newaxis] + self.share[:, 1, np.newaxis]) - 1.0
        self.fight = (over > ROUNDED) & there[:, 0, :, np.newaxis] & there[:, 1, np.newaxis]
        self.first = self.chance[:, 0] + self.reasons[:, [0]] * announces
        own = self.reasons[:, 1, np.newaxis, np.newaxis] * counters
        made = self.chance[:, 1, np.newaxis] + own[..., :-1]
        self.second = np.where(self.fight, made, 0.0)
        self.agrees = own[..., -1] + np.where(self.fight, 0.0, made).sum(axis=-1)
        with np.errstate(divide="ignore", invalid="ignore"):
            believed = [
                np.broadcast_to((self.chance[:, 0] / self.first)[..., np.newaxis], self.second.shape),
                self.chance[:, 1, np.newaxis] / self.second,
            ]
        self.belief = np.where(self.fight[..., np.newaxis], np.stack(believed, axis=-1), np.nan)

    def pairs(self) -> tuple[NDArray[np.int64], Floats, Floats]:
        """The rows of pairs of demands that are fought over, their shares and beliefs ``(P, 2)``."""
        m, i, j = np.nonzero(self.fight)
        return m, np.stack([self.share[m, 0, i], self.share[m, 1, j]], axis=-1), self.belief[self.fight]


def reasoning(types: Sequence[Drawn]) -> Floats:
    """How likely each side is of a type that reasons, ``(M, 2)``."""
    ordered = sorted(types, key=lambda each: each.player)
    return np.stack([np.delete(each.chance, each.demands, axis=-1).sum(axis=-1) for each in ordered], axis=-1)


def judge_demands(
    terms: Terms,
    types: Sequence[Drawn],
    rows: Mapping[str, NDArray[Any]],
    roles: Sequence[tuple[int, int, int]],
) -> tuple[Floats, Floats, Floats]:
    """Values ``(M, 2)``, largest gain ``(M,)``, outcomes ``(M, 4)`` of claimed demands and of the wars that follow."""
    announces, counters = rows["announces"], rows["counters"]
    said = Announced(types, terms.pie, announces, counters)
    fight, there = said.fight, said.chance[:, 0] > 0.0
    m, share, belief = said.pairs()
    war = War(
        share,
        belief,
        terms.rate[m],
        rows["war_gives_in"][fight],
        rows["war_rate"][fight],
        rows["war_ends"][fight],
    )
    reasoning, insisting, regret = war.judged()
    worth = np.zeros((*fight.shape, 2))  # who reasons, in a war
    stays = worth.copy()
    worth[fight], stays[fight] = reasoning, insisting
    once = np.zeros((*fight.shape, 4))
    once[fight] = war.outcomes()
    gain = np.zeros(len(fight))
    np.maximum.at(gain, m, regret)
    demand = np.where(there, said.share[:, 0], 0.0)
    # the second chooses, having seen the demand
    options = np.concatenate(
        [np.where(fight, worth[..., 1], -np.inf), 1.0 - demand[..., np.newaxis]], axis=-1
    )
    gain = np.maximum(gain, np.where(there, lost(options, counters), 0.0).max(axis=-1))
    # and the first, who knows how it will
    brings = said.agrees * demand + (said.second * worth[..., 0]).sum(axis=-1)
    gain = np.maximum(gain, lost(np.where(there, brings, -np.inf), announces))
    gain = np.maximum(gain, gap(told_shares(types, roles, said, terms.pie), rows) / terms.pie)
    firm = said.agrees * demand + (said.second * stays[..., 0]).sum(axis=-1)
    own = said.reasons[:, 1, np.newaxis, np.newaxis] * counters[..., :-1]
    answers = said.agrees * (1.0 - demand) + (
        np.where(fight, own, 0.0) * worth[..., 1] + said.chance[:, 1, np.newaxis] * stays[..., 1]
    ).sum(axis=-1)
    values = np.stack(
        [
            (said.reasons[:, [0]] * announces * brings + said.chance[:, 0] * firm).sum(axis=-1),
            (said.first * answers).sum(axis=-1),
        ],
        axis=-1,
    )
    outcome = np.einsum("md,mde,mdeo->mo", said.first, said.second, once)
    outcome[:, 0] += (said.first * said.agrees).sum(axis=-1)
    return values * terms.pie[:, np.newaxis], gain * terms.pie, outcome


def lost(options: Floats, chances: Floats) -> Floats:
    """How much less than the best of the options ``(.., n)`` a lottery over them brings, or by how much it is none."""
    with np.errstate(invalid="ignore"):
        expected = np.where(chances == 0.0, 0.0, chances * options).sum(axis=-1)
    wrong = np.maximum(np.abs(chances.sum(axis=-1) - 1.0), np.maximum(-chances, 0.0).max(axis=-1))
    best = options.max(axis=-1)
    return np.asarray(np.maximum(np.where(np.isneginf(best), 0.0, best - expected), wrong))


def told_shares(
    types: Sequence[Drawn], roles: Sequence[tuple[int, int, int]], said: Announced, pie: Floats
) -> dict[str, Floats]:
    """What each agent keeps in its offer, and accepts ``(M, H)``: NaN for those who choose among demands."""
    highest = np.where(said.chance > 0.0, said.share, -np.inf).max(axis=-1)
    result = {name: np.full((len(pie), len(roles)), np.nan) for name in ("offer", "accepts_from")}
    for h, (i, s, kind) in enumerate(roles):
        own = next(each for each in types if each.player == i)
        insists = kind in own.demands
        if i == s:
            result["offer"][:, h] = own.obstinate[:, kind] if insists else np.nan
        else:
            result["accepts_from"][:, h] = (
                own.obstinate[:, kind] if insists else (1.0 - highest[:, 1 - i]) * pie
            )
    return result


def gap(wanted: Mapping[str, Floats], rows: Mapping[str, NDArray[Any]]) -> Floats:
    """How far the shares that are told differ from these, ``(M,)``."""
    result = np.zeros(1)
    for name, shares in wanted.items():
        apart = np.where(np.isnan(shares) & np.isnan(rows[name]), 0.0, np.abs(rows[name] - shares))
        result = np.maximum(result, np.where(np.isnan(apart), np.inf, apart).max(axis=-1))
    return result


def told_demands(types: Sequence[Drawn], answers: Mapping[str, NDArray[Any]]) -> dict[int, dict[str, Any]]:
    """What a side that reasons passes for, in one answer of one cell, by player: each demand with its chance.

    ``{"as firm": 0.2, ..}`` for the first; the second also answers by giving in: ``{"to firm": {"as hard": 0.7, ..}}``.
    """
    words = {each.player: [each.labels[t] for t in each.demands] for each in types}
    first = {f"as {word}": float(p) for word, p in zip(words[0], answers["announces"], strict=False)}
    second = {}
    for word, row in zip(words[0], answers["counters"], strict=False):
        own = {f"as {other}": float(p) for other, p in zip(words[1], row[:-1], strict=False)}
        second[f"to {word}"] = own | {"gives in": float(row[-1])}
    return {0: first, 1: second}
