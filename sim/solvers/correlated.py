"""Correlated and coarse correlated equilibria by linear programming."""

from __future__ import annotations

import numpy as np

from sim.answers.shared import MULTIPLIERS
from sim.claim import EVERYWHERE, Claim, Status
from sim.forms.normal import NormalForm
from sim.game import Floats
from sim.kernels.base.joint_actions import marginals, strides
from sim.kernels.base.threads import over_blocks
from sim.kernels.one_shot.exact_incentives import exact_programmes, too_wide
from sim.kernels.one_shot.incentives import correlated_programmes
from sim.plugins import solver

BLOCK = 256  # cells a thread takes at a time


@solver(form=NormalForm, concept="correlated", answers=(MULTIPLIERS,), rank=10)
def correlated(game: NormalForm) -> Claim:
    """Best and worst correlated equilibria for joint welfare and for each player.

    ``NormalForm -> joint (C, 2 + 2n, A1, .., An)``; ``strategy`` holds how often each action is advised,
    ``names`` which answer is which, ``extra["multipliers"] (C, K, n, A, A)`` the proof that it is best.
    Joint welfare is the sum of payoffs as they stand; the equilibria do not depend on units, the sum does.
    Complete: each answer is proved best by duality; where several are equally good, one is given.
    Cost: 20 microseconds a cell at 3 x 5, milliseconds at 12 x 12; in fractions, 30 milliseconds at 3 x 3, where
    some incentive is 100,000 times another.
    Fails with ``max_steps`` where a programme runs out of pivots.
    Source: Aumann (1974, 1987); the linear programme, Hart and Schmeidler (1989).
    """
    return programmes(game, coarse=False)


@solver(form=NormalForm, concept="coarse_correlated", answers=(MULTIPLIERS,), rank=10)
def coarse_correlated(game: NormalForm) -> Claim:
    """Best and worst coarse correlated equilibria for joint welfare and for each player.

    As :func:`correlated`, with players who accept or refuse the advice before they hear it, so that
    ``extra["multipliers"]`` is ``(C, K, n, 1, A)``.
    Complete, cost, fails: as :func:`correlated`.
    Source: Moulin and Vial (1978).
    """
    return programmes(game, coarse=True)


def programmes(game: NormalForm, *, coarse: bool) -> Claim:
    """Solve all programmes of all cells."""
    sizes = game.payoffs.shape[2:]
    finite = game.finite[:, np.newaxis, np.newaxis]
    payoffs = np.where(finite, game.payoffs.reshape(*game.scale.shape, -1), 0.0)
    objectives = aims(game)
    cells, answers, most = game.cells, objectives.shape[1], max(sizes)
    joint = np.empty(objectives.shape)
    multipliers = np.empty((cells, answers, len(sizes), 1 if coarse else most, most))
    failed = np.empty(cells, np.int64)
    arrays = (np.array(sizes, np.int64), strides(sizes))

    def work(first: int, last: int) -> None:
        correlated_programmes(payoffs, objectives, *arrays, coarse, first, last, joint, multipliers, failed)

    over_blocks(work, cells, BLOCK)
    wide = np.nonzero(too_wide(payoffs, sizes) & game.finite)[0]
    for c, fractions in zip(wide.tolist(), game.rational(wide) if wide.size else [], strict=True):
        joint[c], multipliers[c] = exact_programmes(fractions, coarse=coarse)
        failed[c] = 0
    multipliers *= game.scale[:, np.newaxis, :, np.newaxis, np.newaxis]  # per range of payoffs
    unsolved = ~game.finite | (failed > 0)
    status = np.where(failed > 0, Status.max_steps, Status.ok)
    joint = joint.reshape(cells, answers, *sizes)
    strategy = marginals(joint)
    for array in (joint, strategy, multipliers):
        array[unsolved] = np.nan
    whom = ("joint welfare", *game.players)
    names = tuple(f"{which} for {who}" for who in whom for which in ("best", "worst"))
    extra = {"multipliers": multipliers}
    return Claim(strategy, status, EVERYWHERE, joint=joint, names=names, extra=extra)


def aims(game: NormalForm) -> Floats:
    """What each programme maximises, from 1 to 2: welfare and each payoff, up and down; ``(C, K, J)``."""
    flat = np.where(game.finite[:, np.newaxis, np.newaxis], game.payoffs.reshape(*game.scale.shape, -1), 0.0)
    aim = np.concatenate([flat.sum(axis=1, keepdims=True), flat], axis=1)
    low, high = aim.min(axis=-1, keepdims=True), aim.max(axis=-1, keepdims=True)
    share = (aim - low) / np.where(high > low, high - low, 1.0)
    both = np.stack([1.0 + share, 2.0 - share], axis=2)
    return np.ascontiguousarray(both.reshape(game.cells, -1, flat.shape[-1]))
