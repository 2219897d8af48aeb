"""Talks with a side whose outside option is hidden, and who may leave: what is claimed of them, judged.

The uninformed side offers first; whoever neither accepts nor leaves is taken for the type that needs agreement most,
and talks go on as with that type (Board and Pycia 2014 for one who makes all offers).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.game.offers import NOTCH, Plan, Terms, plan_outcomes, plan_regret, plan_values, waiting_values
from sim.game.private import Drawn
from sim.game.protocol import Floats
from sim.kernels.base.tolerances import TIE

__all__ = ["best_waiting", "judge_sorting", "neediest"]

SWEEPS = 8  # rounds that a type looks ahead: offers repeat after two, so that later ones bring nothing new


def neediest(terms: Terms, drawn: Drawn) -> Terms:
    """The same talks with the likely type that gets least outside, and known to be that."""
    outside = terms.outside.copy()
    outside[:, drawn.player] = np.where(drawn.chance > 0.0, drawn.outside, np.inf).min(axis=-1)
    return replace(terms, outside=outside)


def best_waiting(terms: Terms, drawn: Drawn, plan: Plan) -> tuple[Floats, Floats]:
    """What it is worth to each type to wait in the first round and do its best after, ``(M, T)``.

    And what each keeps in the first offer that it makes, NaN where it had rather be refused.  The other side follows
    the plan for the neediest type.
    """
    j = drawn.player
    p = 1 - j
    value = np.zeros((*plan.shares.shape[:3], drawn.chance.shape[1]))
    room = TIE * terms.pie[:, np.newaxis]
    forever = terms.risk[:, np.newaxis] * drawn.breakdown
    patience = (1.0 - terms.risk)[:, np.newaxis] * terms.discount[:, [j]]
    value += np.where(patience < 1.0, forever / np.where(patience < 1.0, 1.0 - patience, 1.0), 0.0)[
        :, np.newaxis, np.newaxis
    ]
    rounds, asks = terms.rounds, np.full_like(value[:, 0, 0], np.nan)
    for _ in range(SWEEPS if rounds is None else 1):
        for t in reversed(range(rounds or 1)):
            if rounds is not None and t == rounds - 1:
                later = (1.0 - terms.risk)[:, np.newaxis, np.newaxis] * np.broadcast_to(
                    drawn.outside[:, np.newaxis], value[:, t].shape
                )
            else:
                after = value[:, 0 if rounds is None else t + 1]
                later = patience[:, np.newaxis] * np.einsum("st,mtk->msk", terms.order, after)
            wait = forever[:, np.newaxis] + later
            offered = np.where(plan.offers()[:, t, p], plan.shares[:, t, p, j], -np.inf)[:, np.newaxis]
            answer = np.maximum(np.maximum(offered, drawn.outside), wait[:, p])
            answer = np.where(plan.walks()[:, t, p, np.newaxis], drawn.outside, answer)
            kept = terms.pie - plan.accepts_from[:, t, j, p]
            asked = np.where(kept >= -room[:, 0], kept, -np.inf)[:, np.newaxis]
            refused = np.where(plan.leaves[:, t, j, p, np.newaxis], drawn.outside, wait[:, j])
            propose = np.maximum(asked, refused)
            if rounds is None or t == 1:  # it answers first, and proposes in the second round
                asks = np.where((asked >= refused - room) & np.isfinite(asked), asked, np.nan)
            if terms.proposer_leaves:
                propose = np.maximum(propose, drawn.outside)
            new = np.stack([propose, answer] if j == 0 else [answer, propose], axis=1)
            value[:, t] = new
    ahead = value[:, 0 if rounds is None else 1] if rounds != 1 else np.zeros_like(value[:, 0])
    result: Floats = forever + patience * np.einsum("t,mtk->mk", terms.order[p], ahead)
    return result, asks


def judge_sorting(
    terms: Terms,
    types: Sequence[Drawn],
    rows: Mapping[str, NDArray[Any]],
    roles: Sequence[tuple[int, int, int]],
) -> tuple[Floats, Floats, Floats]:
    """Values ``(M, n)``, largest gain ``(M,)``, outcomes ``(M, 4)`` of the claimed talks."""
    (drawn,) = types
    j, p = drawn.player, 1 - drawn.player
    needy = neediest(terms, drawn)
    plan = Plan(rows["shares"], rows["accepted"], rows["leaves"].astype(np.bool_))
    value = plan_values(needy, plan)
    gain = plan_regret(needy, plan, value).max(axis=-1)
    on = waiting_values(needy, value)
    wait, asks = best_waiting(terms, drawn, plan)
    border = np.maximum(np.maximum(drawn.outside, wait), 0.0)
    claimed = rows["accepts_from"][:, [roles.index((j, -1, k)) for k in range(len(drawn.labels))]]
    exits = rows["exits"].astype(np.bool_)
    gain = np.maximum(gain, np.abs(claimed - border).max(axis=-1))
    gain = np.maximum(gain, wrongly_told(plan, rows, roles, p, asks))
    gain = np.maximum(gain, np.where(exits, wait - drawn.outside, drawn.outside - wait).max(axis=-1))
    # whoever waits is taken for the neediest: that is right only where he does as that one would
    mistaken = ~exits & (drawn.chance > 0.0) & (drawn.outside > np.min(on[:, :, p, j], axis=1)[:, np.newaxis])
    mistaken &= drawn.outside > needy.outside[:, [j]]
    gain = np.where(mistaken.any(axis=-1), np.inf, gain)

    def worth(share: Floats) -> Floats:
        """What an offer of ``share (M,)`` brings the side that makes it."""
        takes = share[:, np.newaxis] >= claimed - TIE * terms.pie[:, np.newaxis]
        else_ = np.where(exits, terms.outside[:, [p]], on[:, 0, p, p][:, np.newaxis])
        each = np.where(takes, (terms.pie - share)[:, np.newaxis], else_)
        return np.asarray((drawn.chance * each).sum(axis=-1))

    none = np.full(len(wait), -np.inf)
    keeps = rows["offer"][:, roles.index((p, p, -1))]
    walks = rows["walks"].astype(np.bool_)
    share = np.where(np.isnan(keeps), none, terms.pie - keeps)
    own = np.where(walks, terms.outside[:, p], worth(share))
    notch = NOTCH * terms.pie
    tried = [none, 0.0 * none.clip(0.0)]
    for k in range(len(drawn.labels)):
        tried += [claimed[:, k], claimed[:, k] + notch, np.maximum(claimed[:, k] - notch, 0.0)]
    best = np.max([np.where(offer <= terms.pie, worth(offer), -np.inf) for offer in tried], axis=0)
    if terms.proposer_leaves:
        best = np.maximum(best, terms.outside[:, p])
    gain = np.maximum(gain, best - own)
    takes = share[:, np.newaxis] >= claimed - TIE * terms.pie[:, np.newaxis]
    each = np.where(takes, share[:, np.newaxis], np.where(exits, drawn.outside, wait))
    each = np.where(walks[:, np.newaxis], drawn.outside, each)
    result = np.empty((len(wait), 2))
    result[:, p], result[:, j] = own, (drawn.chance * np.where(drawn.chance > 0.0, each, 0.0)).sum(axis=-1)
    return (
        result,
        gain,
        outcomes(needy, plan, drawn, takes & ~walks[:, np.newaxis], exits | walks[:, np.newaxis]),
    )


def wrongly_told(
    plan: Plan,
    rows: Mapping[str, NDArray[Any]],
    roles: Sequence[tuple[int, int, int]],
    p: int,
    asks: Floats,
) -> Floats:
    """How far what is told of later offers and answers differs from the plan and the types' best, ``(M,)``."""
    result = np.zeros(len(plan.shares))
    for h, (i, s, kind) in enumerate(roles):
        if i == p != s:
            turn = (
                0 if plan.shares.shape[1] == 1 else 1
            )  # in talks that end it answers in the second round first
            border = plan.accepts_from[:, turn, 1 - p, p]
            result = np.maximum(result, np.abs(rows["accepts_from"][:, h] - border))
        if i == s != p:
            said, best = rows["offer"][:, h], asks[:, kind]
            apart = np.where(np.isnan(said) != np.isnan(best), np.inf, np.abs(said - best))
            result = np.maximum(result, np.where(np.isnan(said) & np.isnan(best), 0.0, apart))
    return result


def outcomes(
    terms: Terms, plan: Plan, drawn: Drawn, takes: NDArray[np.bool_], exits: NDArray[np.bool_]
) -> Floats:
    """Chances of agreement at once, later, of leaving and breakdown, ``(M, 4)``."""
    result = np.zeros((len(takes), 4))
    result[:, 0] = (drawn.chance * takes).sum(axis=-1)
    result[:, 2] = (drawn.chance * (~takes & exits)).sum(axis=-1)
    waiting = (drawn.chance * (~takes & ~exits)).sum(axis=-1)
    result[:, 3] = terms.risk * waiting
    going = (1.0 - terms.risk) * waiting
    if terms.rounds == 1:
        result[:, 2] += going
        return result
    kept = slice(None) if terms.rounds is None else slice(1, None)
    later = replace(
        terms, first=terms.order[1 - drawn.player], rounds=None if terms.rounds is None else terms.rounds - 1
    )
    after = plan_outcomes(later, Plan(plan.shares[:, kept], plan.accepts_from[:, kept], plan.leaves[:, kept]))
    result[:, 1] += going * (after[:, 0] + after[:, 1])
    result[:, 2:] += going[:, np.newaxis] * after[:, 2:]
    return result
