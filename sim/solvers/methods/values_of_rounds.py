"""Values of bargaining rounds, by computation: backward induction, or a fixed point by Newton steps and iteration.

The value of answering is the best of leaving and waiting; that of proposing is what the answers leave of the pie, or
waiting where that is more.  Where rounds are unlimited the equations are piecewise linear: within a pattern (who
leaves, where there is agreement) they are solved at once, and patterns follow one another until one repeats.

Sizes as in :mod:`sim.game.offers`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.game import Floats
from sim.game.offers import Plan, Terms
from sim.kernels.base.tolerances import CONVERGED, TIE

__all__ = ["Rounds", "values_of_rounds"]

NEWTON = 40
ITERATIONS = 20_000
Bools = NDArray[np.bool_]


class Rounds(NamedTuple):
    """A plan and its values ``(M, N, s, n)``; where it was found, where an offer and none are equally good ``(M,)``."""

    plan: Plan
    value: Floats
    found: Bools
    tied: Bools


class Pattern(NamedTuple):
    """What is done in a round, by proposer: who leaves ``(M, s, n)``, where all agree and where somebody leaves."""

    leaves: Bools
    agreed: Bools
    left: Bools
    border: Floats
    tied: Bools
    missing: Bools


def values_of_rounds(terms: Terms) -> Rounds:
    """The plan of the equilibrium; of more than two players of the stationary one."""
    if terms.rounds is None:
        return unlimited(terms)
    value = np.zeros((len(terms.pie), terms.discount.shape[1], terms.discount.shape[1]))
    patterns, found = [], []
    for t in reversed(range(terms.rounds)):
        wait = waiting(terms, value, last=t == terms.rounds - 1)
        patterns.append(decided(terms, wait))
        value = worth(terms, patterns[-1], wait)
        found.append(value)
    patterns.reverse()
    values = np.stack(found[::-1], axis=1)
    tied = np.logical_or.reduce([pattern.tied.any(axis=-1) for pattern in patterns])
    missing = np.logical_or.reduce([pattern.missing.any(axis=-1) for pattern in patterns])
    return Rounds(planned(terms, patterns), values, np.isfinite(value).all(axis=(1, 2)) & ~missing, tied)


def waiting(terms: Terms, value: Floats, *, last: bool = False) -> Floats:
    """What it brings each to wait, ``(M, s, n)``, from the values ``(M, s, n)`` of the next round."""
    risk = terms.risk[:, np.newaxis, np.newaxis]
    patience = terms.discount[:, np.newaxis]
    after = np.matmul(terms.order, value)
    later = (1.0 - patience) * terms.inside[:, np.newaxis] + patience * after
    if last:
        later = np.broadcast_to(terms.outside[:, np.newaxis], value.shape)
    result: Floats = risk * terms.breakdown[:, np.newaxis] + (1.0 - risk) * later
    return result


def decided(terms: Terms, wait: Floats) -> Pattern:
    """What is best in a round when waiting is worth ``wait (M, s, n)``."""
    players = wait.shape[-1]
    answering = ~np.eye(players, dtype=np.bool_)
    outside = np.broadcast_to(terms.outside[:, np.newaxis], wait.shape)
    leaves = answering & (outside > wait) & terms.answers_leave
    border = np.where(answering, np.maximum(np.where(leaves, outside, wait), 0.0), 0.0)
    kept = terms.pie[:, np.newaxis] - border.sum(axis=-1)
    own_wait, own_out = (np.einsum("mss->ms", array) for array in (wait, outside))
    no_deal = np.where(
        leaves.any(axis=-1), own_out, own_wait
    )  # no offer is made, and all answer as they would
    room = TIE * terms.pie[:, np.newaxis]
    walk = terms.proposer_leaves & (
        own_out > np.maximum(no_deal, np.where(kept >= -room, kept, -np.inf)) + room
    )
    agreed = (kept >= no_deal - room) & (kept >= -room) & ~walk
    leaves = leaves | (walk[..., np.newaxis] & ~answering)
    left = walk | (~agreed & (leaves & answering).any(axis=-1))
    tied = (np.abs(kept - no_deal) <= room) & (kept >= -room)
    # of three and more he may rather be refused by one who waits than by one who leaves: such play is not looked for
    one_waits = (answering & ~leaves & (border > 0.0)).any(axis=-1) & (leaves & answering).any(axis=-1)
    missing = one_waits & (own_wait > np.where(agreed, kept, no_deal) + room)
    return Pattern(leaves, agreed, left, border, tied, missing)


def worth(terms: Terms, pattern: Pattern, wait: Floats) -> Floats:
    """What a round is worth to each under a pattern, ``(M, s, n)``."""
    outside = np.broadcast_to(terms.outside[:, np.newaxis], wait.shape)
    no_deal = np.where(pattern.left[..., np.newaxis], outside, wait)
    return np.where(pattern.agreed[..., np.newaxis], division(terms, pattern.border), no_deal)


def division(terms: Terms, border: Floats) -> Floats:
    """The offer that gives everybody exactly his border, ``(M, s, n)``."""
    own = np.eye(border.shape[-1], dtype=np.bool_)
    kept = np.maximum(terms.pie[:, np.newaxis] - border.sum(axis=-1), 0.0)
    return np.where(own, kept[..., np.newaxis], border)


def planned(terms: Terms, patterns: list[Pattern]) -> Plan:
    """Rounds one after the other as a plan ``(M, N, s, n)``."""
    shares = [np.where(one.agreed[..., np.newaxis], division(terms, one.border), np.nan) for one in patterns]
    border = [np.where(np.eye(one.border.shape[-1], dtype=np.bool_), np.nan, one.border) for one in patterns]
    leaves = np.stack([one.leaves for one in patterns], axis=1)
    return Plan(np.stack(shares, axis=1), np.stack(border, axis=1), leaves)


def unlimited(terms: Terms) -> Rounds:
    """The stationary plan: Newton steps, then iteration for cells whose patterns go round."""
    players = terms.discount.shape[1]
    value = np.repeat(terms.pie[:, np.newaxis, np.newaxis] / players, players, axis=1).repeat(players, axis=2)
    going = np.arange(len(value))
    for _ in range(NEWTON):
        own = terms.take(going)
        new = solved(own, decided(own, waiting(own, value[going])))
        size = own.pie[:, np.newaxis, np.newaxis]
        moved = (np.abs(new - value[going]) > CONVERGED * size).any(axis=(1, 2))
        value[going] = new
        going = going[moved & np.isfinite(new).all(axis=(1, 2))]
        if not going.size:
            break
    if going.size:
        value[going] = iterated(terms.take(going), value[going])
    wait = waiting(terms, value)
    pattern = decided(terms, wait)
    missed = np.abs(worth(terms, pattern, wait) - value).max(axis=(1, 2))
    endless = ((1.0 - terms.risk)[:, np.newaxis] * terms.discount >= 1.0).any(axis=-1)
    found: Bools = (
        np.isfinite(missed) & (missed <= TIE * terms.pie) & ~endless & ~pattern.missing.any(axis=-1)
    )
    return Rounds(
        planned(terms, [pattern]), value[:, np.newaxis], found, np.asarray(pattern.tied.any(axis=-1))
    )


def solved(terms: Terms, pattern: Pattern) -> Floats:
    """Values ``(M, s, n)`` under a pattern that repeats for ever: ``n n`` linear equations."""
    cells, players = terms.discount.shape
    number = np.arange(players * players).reshape(players, players)  # of the value (s, n)
    system = np.zeros((cells, players * players, players * players))
    right = np.zeros((cells, players * players))
    weight = (1.0 - terms.risk)[:, np.newaxis] * terms.discount
    flow = (1.0 - terms.risk)[:, np.newaxis] * (1.0 - terms.discount) * terms.inside
    fixed = terms.risk[:, np.newaxis] * terms.breakdown + flow
    for s in range(players):
        for i in range(players):
            row = number[s, i]
            system[:, row, row] += 1.0
            if i == s:
                others = [j for j in range(players) if j != s]
                deal = pattern.agreed[:, s]
                right[:, row] = np.where(deal, terms.pie, 0.0)
                for j in others:
                    system[deal, row, number[s, j]] += 1.0
                rest = ~deal
            else:
                rest = np.ones(cells, np.bool_)
            nothing = rest & (i != s) & pattern.agreed[:, s] & (pattern.border[:, s, i] <= 0.0)
            out = (
                rest
                & (pattern.left[:, s] & ~pattern.agreed[:, s] | (pattern.leaves[:, s, i] & (i != s)))
                & ~nothing
            )
            right[out, row] = terms.outside[out, i]
            on = rest & ~out & ~nothing
            right[on, row] = fixed[on, i]
            for t in range(players):
                system[on, row, number[t, i]] -= weight[on, i] * terms.order[s, t]
    singular = np.abs(np.linalg.det(system)) == 0.0
    system[singular] = np.eye(players * players)
    result: Floats = np.linalg.solve(system, right[..., np.newaxis])[..., 0].reshape(cells, players, players)
    return result


def iterated(terms: Terms, value: Floats) -> Floats:
    """Values after many rounds, one at a time."""
    for _ in range(ITERATIONS):
        wait = waiting(terms, value)
        new = worth(terms, decided(terms, wait), wait)
        moved = np.abs(new - value).max(axis=(1, 2))
        value = new
        if (moved <= CONVERGED * terms.pie).all():
            break
    return value
