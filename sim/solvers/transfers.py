"""Repeated games whose players can also pay each other."""

from __future__ import annotations

import numpy as np

from sim.answers import Answer
from sim.answers.shared import PAYOFF_SET, SUSTAINED, WORST
from sim.answers.telling import by_joint_action
from sim.claim import Claim, Status
from sim.forms.repeated import Repeated, refuse_signals
from sim.forms.stage import best_deviations
from sim.game import Floats
from sim.kernels.base.joint_actions import pure_strategies
from sim.kernels.base.tolerances import TIE
from sim.plugins import solver

MOST = 64  # joint actions that a cell can list
LARGEST_SUM = Answer("largest_sum", "largest sum of payoffs", "payoff")
CRITICAL = Answer(
    "critical_discounts", "least discount that sustains each joint action", "weight of next round",
    ("joint_action",), level="full", tell=by_joint_action, numbered=True,
)  # fmt: skip


@solver(
    form=Repeated, concept="transfers", answers=(PAYOFF_SET, WORST, LARGEST_SUM, SUSTAINED, CRITICAL), rank=10
)
def transfers(game: Repeated, *, most: int = MOST) -> Claim:
    """Payoffs of subgame-perfect equilibria with payments, and the least discount for each joint action.

    ``Repeated -> extra["payoff_set"] (C, n + 1, n)``, padded with NaN: each player's ``extra["worst"] (C, n)``,
    and for each player all the rest of ``extra["largest_sum"] (C,)``, the largest sum of payoffs; the set is their
    hull, for players can pay each other before each stage and burn money.  Pure strategies, perfect
    monitoring, one discount for all.  Strategies are the joint actions that can be played for ever
    (``extra["sustained"] (C, A1, .., An)``); ``extra["critical_discounts"] (C, A1, .., An)`` is the least
    discount that sustains each, NaN where none below 1 does.
    Complete, and exact up to rounding: joint actions drop out one after the other.
    Cost: a few microseconds a cell.
    Fails with ``not_found`` where discounts differ: trading over time is then worth anything.
    Raises ValueError for games that end, and where players see signals only.
    Source: Goldlücke and Kranz (2012), section 3: only sums of gains from deviating count.
    """
    refuse_signals(game)
    if game.horizon is not None:
        raise ValueError("payments are for games that go on for ever here: leave out the horizon")
    shape, cells = game.payoffs.shape[2:], game.cells
    n = len(shape)
    total = game.payoffs.sum(axis=1).reshape(cells, -1)
    cheating = np.ascontiguousarray(best_deviations(game.payoffs).reshape(cells, n, -1).swapaxes(1, 2))
    common = (game.discount == game.discount[:, :1]).all(axis=1)
    usable = game.finite & common
    critical = critical_discounts(total, cheating, usable)
    sustained = usable[:, np.newaxis] & (critical <= game.discount[:, :1] + TIE)
    joint = np.where(sustained, total, -np.inf).max(axis=1)
    worst = np.where(sustained[..., np.newaxis], cheating, np.inf).min(axis=1)
    some = sustained.any(axis=1)
    joint[~some], worst[~some] = np.nan, np.nan
    spare = joint - worst.sum(axis=1)
    sets = (
        worst[:, np.newaxis]
        + np.concatenate([np.zeros((1, n)), np.eye(n)]) * spare[:, np.newaxis, np.newaxis]
    )
    sets[spare <= TIE * game.scale.sum(axis=1), 1:] = np.nan  # a point
    extra = {
        "payoff_set": sets,
        "worst": worst,
        "largest_sum": joint,
        "sustained": sustained.reshape(cells, *shape),
        "critical_discounts": critical.reshape(cells, *shape),
    }
    status = np.where(common, Status.ok, Status.not_found)
    complete = usable & (sustained.sum(axis=1) <= most)
    strategy = pure_strategies(sustained, shape, most)
    return Claim(strategy, status, complete, extra=extra)


def critical_discounts(total: Floats, cheating: Floats, usable: Floats) -> Floats:
    """Least discount that sustains each joint action, ``(C, J), (C, J, n) -> (C, J)``; NaN for none below 1.

    As patience falls the joint action whose sum of gains is largest drops out first: the stakes, the largest
    sum of payoffs less the least punishments, are the same for all that are left.
    """
    cells = np.arange(len(total))[:, np.newaxis]
    with np.errstate(invalid="ignore"):
        gains = np.where(usable[:, np.newaxis], np.maximum(cheating.sum(axis=2) - total, 0.0), 0.0)
    scale = np.abs(gains).max(axis=1, keepdims=True, initial=0.0)
    gains[gains <= TIE * scale] = 0.0
    order = np.argsort(-gains, axis=1, kind="stable")
    back = order[:, ::-1]
    most = np.maximum.accumulate(total[cells, back], axis=1)[:, ::-1]
    least = np.minimum.accumulate(cheating[cells, back], axis=1)[:, ::-1].sum(axis=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        stakes = most - least
        gain = gains[cells, order]
        # of d/(1 - d): who dropped out before does not come back
        needed = np.where(gain > 0.0, np.where(stakes > TIE * scale, gain / stakes, np.inf), 0.0)
        needed = np.minimum.accumulate(needed, axis=1)
        discount = np.where(np.isfinite(needed) & usable[:, np.newaxis], needed / (1.0 + needed), np.nan)
    result = np.empty_like(total)
    np.put_along_axis(result, order, discount, axis=1)
    return result
