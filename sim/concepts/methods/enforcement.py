"""What makes players keep to a joint action: leaving it shows, and what comes next depends on what shows.

Under perfect monitoring everybody sees what was played.  Else joint action a gives public signal y with
probability pi(y | a), and what comes next depends on signals alone (Abreu, Pearce and Stacchetti 1990).
A set of payoffs that generates itself under these rules holds equilibrium payoffs only, whoever found it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claim import Claim
from sim.forms.repeated import Repeated
from sim.forms.stage import best_deviations, lowest
from sim.game import Floats, Judgement
from sim.kernels.base.joint_actions import strides
from sim.kernels.base.threads import over_blocks

__all__ = ["first_actions", "generation", "listed_paths", "stationary_paths"]

BLOCK = 8  # cells a thread takes at a time


def stationary_paths(game: Repeated, claim: Claim, _judgement: Judgement) -> Floats:
    """Gain from leaving a path that goes on for ever, the worst payoff in the claimed set to follow.

    ``(C, K)`` in units of a player's range.
    """
    residual = np.full(claim.strategy.shape[:2], np.nan)
    name = "payoff_points" if "payoff_points" in claim.extra else "payoff_set"
    worst = np.fmin.reduce(claim.extra[name], axis=1, initial=np.nan)
    cell, place = np.nonzero(~np.isnan(claim.strategy[..., 0, 0]))
    each, strategy = game.take(cell), claim.strategy[cell, place]
    best = np.nanmax(np.where(game.mask, each.stage.deviations(strategy), np.nan), axis=-1)
    d = each.discount
    later = np.where(d > 0.0, d * np.nan_to_num(worst[cell], nan=np.inf), 0.0)
    gain = ((1.0 - d) * best + later - each.values(strategy)) / each.scale
    residual[cell, place] = np.maximum(gain, 0.0).max(axis=1)
    return residual


def listed_paths(game: Repeated, claim: Claim) -> Floats:
    """What listed paths lack to be what they say and to enforce each other, ``(C,)`` in units of a range.

    A path is worth its first joint action now and the path that it names afterwards; leaving it brings the best
    deviation now and the worst listed path for ever.  Infinite where a path names what is not listed.
    """
    points = claim.extra["payoff_points"]
    cell, place = np.nonzero(~np.isnan(points[..., 0]) & game.finite[:, np.newaxis])
    count, joints = np.bincount(cell, minlength=game.cells), int(np.prod(game.payoffs.shape[2:]))
    first, after = claim.extra["first"][cell, place], claim.extra["after"][cell, place]
    known = (first >= 0) & (first < joints) & (after >= 0) & (after < count[cell])
    low, scale, d = lowest(game.payoffs)[cell], game.scale[cell], game.discount[cell]
    stay, leave = (
        (table.reshape(*game.scale.shape, joints)[cell, :, np.where(known, first, 0)] - low) / scale
        for table in (game.payoffs, best_deviations(game.payoffs))
    )
    own = (points[cell, place] - low) / scale
    later = (points[cell, np.where(known, after, 0)] - low) / scale
    worst = np.full(game.scale.shape, np.inf)
    np.minimum.at(worst, cell, own)
    promised, leaving = (1.0 - d) * stay + d * later, (1.0 - d) * leave + d * worst[cell]
    wrong = np.maximum(np.abs(promised - own), leaving - own).max(axis=-1, initial=0.0)
    gap = np.zeros(game.cells)
    np.maximum.at(gap, cell, np.where(known, wrong, np.inf))
    return gap


def first_actions(game: Repeated, claim: Claim, _judgement: Judgement) -> Floats:
    """What joint actions lack to be enforced now by continuations in the claimed set, ``(C, K)`` in units of a range."""
    from sim.kernels.judge.continuations import obedience_lack  # compiled: only when asked for

    claimed = ~np.isnan(claim.strategy[..., 0, 0])
    actions = np.where(claimed[..., np.newaxis], np.nan_to_num(claim.strategy).argmax(axis=-1), 0)
    joint = np.ravel_multi_index(tuple(np.moveaxis(actions, -1, 0)), game.payoffs.shape[2:])
    wanted = np.where(claimed, joint, -1)
    residual = np.full(wanted.shape, np.nan)
    over_cells(obedience_lack, game, claim, wanted, residual)
    return residual


def generation(game: Repeated, claim: Claim) -> Floats:
    """What each claimed set lacks to generate itself, ``(C,)`` in units of a player's range."""
    from sim.kernels.judge.continuations import generation_lack  # compiled: only when asked for

    gap = np.zeros(game.cells)
    over_cells(generation_lack, game, claim, gap)
    return gap


def over_cells(kernel: Callable[..., Any], game: Repeated, claim: Claim, *more: NDArray[Any]) -> None:
    """Call a kernel of :mod:`sim.kernels.judge.continuations` on all cells, with ``more`` arrays, cell first.

    Under perfect monitoring there is one signal that always comes, and what was played is seen.
    """
    cells, n, sizes = game.cells, len(game.players), game.payoffs.shape[2:]
    payoffs, discount = np.array(game.payoffs.reshape(cells, n, -1), order="C"), np.array(game.discount)
    seen = game.monitoring is None
    signals = np.ones((cells, payoffs.shape[-1], 1))
    if game.monitoring is not None:
        signals = np.array(game.monitoring.reshape(cells, payoffs.shape[-1], -1), order="C")
    sets = np.array(claim.extra["payoff_set"], order="C")
    shape = np.array(sizes, np.int64), strides(sizes)

    def work(first: int, last: int) -> None:
        part = slice(first, last)
        rest = (array[part] for array in more)
        kernel(
            payoffs[part], discount[part], signals[part], seen, *shape, game.finite[part], sets[part], *rest
        )

    over_blocks(work, cells, BLOCK)
