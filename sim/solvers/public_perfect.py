"""Perfect public equilibria of repeated games whose players see signals."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.answers import Answer
from sim.answers.shared import BEST_SYMMETRIC, GAP, PAYOFF_SET, WORST_SYMMETRIC
from sim.answers.telling import joint_actions
from sim.claim import Claim, Status
from sim.forms.repeated import Repeated
from sim.game import Floats
from sim.kernels.base.joint_actions import pure_strategies
from sim.kernels.base.tolerances import CLOSE, KEPT, NEAR_SET
from sim.kernels.repeated.directions import enforcement_gaps
from sim.plugins import solver
from sim.solvers.methods.enforcement import Enforcement, diagonal, enforcement
from sim.solvers.methods.payoff_bounds import BOUNDS, all_bounds, in_own_units

MAX_STEPS = 5000
MOST = 64  # enforced joint actions that a cell can list
ROUNDS = 3
MAX_SYMMETRIC_STEPS = 200_000  # they cost some microseconds each
ENFORCED = Answer(
    "enforced", "joint actions with which some equilibrium begins", "", ("joint_action",), "bool",
    level="full", tell=joint_actions, numbered=True,
)  # fmt: skip


@solver(
    form=Repeated,
    concept="public_perfect",
    answers=(*BOUNDS, ENFORCED, BEST_SYMMETRIC, WORST_SYMMETRIC),
    rank=10,
)
def public_perfect(
    game: Repeated, *, rounds: int = ROUNDS, max_steps: int = MAX_STEPS, most: int = MOST
) -> Claim:
    """Payoffs of perfect public equilibria between bounds, and the joint actions that signals can enforce.

    ``Repeated -> extra["payoff_set"] (C, V, n)``, ``"normals"``, ``"levels"``, ``"gap"``, ``"worst"`` and
    ``"worst_bound"`` as :func:`judd_yeltekin_conklin` gives them, for pure strategies that depend on public
    signals, with public randomisation; discounts may differ, and under perfect monitoring the set is that of
    subgame-perfect payoffs.  Strategies are the joint actions that some equilibrium begins with
    (``extra["enforced"] (C, A1, .., An)``); they need not be played for ever, so that values are those of the
    stage.  ``extra["best_symmetric"]`` and ``extra["worst_symmetric"] (C,)`` bound the payoff of each player
    where all do the same after all signals (strongly symmetric equilibria), NaN where players differ.
    Complete where the gap is at most 1e-9 and no other joint action might be enforced.
    Cost: half a second a cell for two players with two actions and four signals, less where sets have few corners.
    Fails with ``max_steps`` where a bound still moved; what is reported holds all the same.
    Raises ValueError for games that end.
    Source: Abreu, Pearce and Stacchetti (1990); Fudenberg, Levine and Maskin (1994) for half-spaces.
    """
    worst, best = symmetric_range(game, MAX_SYMMETRIC_STEPS)[:2]
    rules = enforcement(game)
    seeds = list(both_ends(game, worst, best))
    bounds = all_bounds(game, rules, game.finite, rounds, max_steps, seeds)
    enforced = enforced_by([np.ascontiguousarray(bound.corners) for bound in bounds], rules)
    shape = game.payoffs.shape[2:]
    extra: dict[str, NDArray[Any]] = in_own_units(game, bounds) | {
        "enforced": enforced.reshape(-1, *shape),
        "best_symmetric": best,
        "worst_symmetric": worst,
    }
    status = np.array([bound.status for bound in bounds], np.int8)
    possible = np.array([bound.possible for bound in bounds], np.bool_).reshape(enforced.shape)
    complete = np.asarray((status == Status.ok) & (extra["gap"] <= CLOSE) & (enforced.sum(axis=1) <= most))
    complete &= (enforced == possible).all(axis=1)
    strategy = pure_strategies(enforced, shape, most)
    return Claim(strategy, status, complete, extra=extra)


@solver(
    form=Repeated,
    concept="public_perfect",
    answers=(PAYOFF_SET, BEST_SYMMETRIC, WORST_SYMMETRIC, GAP),
    rank=20,
)
def strongly_symmetric(game: Repeated, *, max_steps: int = MAX_SYMMETRIC_STEPS) -> Claim:
    """The payoffs of perfect public equilibria in which all always do the same, and what these enforce.

    ``Repeated -> extra["payoff_set"] (C, 2, n)``: the least and the most that each can have, in
    ``extra["worst_symmetric"]`` and ``extra["best_symmetric"] (C,)`` for one player; ``extra["gap"] (C,)`` is how
    much less and more an outer bound allows, in units of the range of payoffs.  Strategies as in
    :func:`public_perfect`, of those joint actions in which all do the same.
    Never complete: it is one family of equilibria, of which the set has all that there are.
    Cost: a millisecond a cell.
    Fails with ``not_found`` where players differ in actions, discounts or what they get when all do the same,
    and with ``max_steps`` where the gap is more than 1e-7.  Raises ValueError for games that end.
    Source: Abreu, Pearce and Stacchetti (1986); Mailath and Samuelson (2006), section 7.2.
    """
    worst, best, gap = symmetric_range(game, max_steps)
    ends = both_ends(game, worst, best)
    enforced = enforced_by(ends, enforcement(game))
    shape = game.payoffs.shape[2:]
    same = np.zeros(shape, np.bool_)
    same[(np.arange(min(shape)),) * len(shape)] = True
    low, scale = game.payoffs.reshape(game.cells, len(shape), -1).min(axis=-1), game.scale
    sets = np.full((game.cells, 2, len(shape)), np.nan)
    for c, points in enumerate(ends):
        sets[c, : len(points)] = low[c] + scale[c] * points
    extra = {"payoff_set": sets, "best_symmetric": best, "worst_symmetric": worst, "gap": gap}
    status = np.where(np.isnan(gap), Status.not_found, np.where(gap <= NEAR_SET, Status.ok, Status.max_steps))
    strategy = pure_strategies(enforced & same.ravel(), shape, MOST)
    return Claim(strategy, status, extra=extra)


def symmetric_range(game: Repeated, max_steps: int) -> tuple[Floats, Floats, Floats]:
    """Least and most payoff where all always do the same, and how far outer bounds are from them, ``(C,)`` each.

    The gap is NaN where players differ, payoffs where there is no such equilibrium.
    """
    rules, low, span = diagonal(game)
    bounds = all_bounds(game, rules, np.isfinite(span), 1, max_steps)
    both = [(bound.worst[0], bound.corners.max(initial=-np.inf)) for bound in bounds]
    ends = np.array(both, dtype=np.float64).reshape(-1, 2)
    gap = np.array([bound.gap for bound in bounds], dtype=np.float64)
    least, most = np.where(np.isfinite(ends), ends, np.nan).T
    return low + span * least, low + span * most, gap


def both_ends(game: Repeated, worst: Floats, best: Floats) -> list[Floats]:
    """The two points of each cell in which all get the least or the most, in units: ``(2 or fewer, n)``."""
    low = game.payoffs.reshape(game.cells, len(game.players), -1).min(axis=-1)
    points = (np.stack([worst, best], axis=1)[..., np.newaxis] - low[:, np.newaxis]) / game.scale[
        :, np.newaxis
    ]
    points[worst == best, 1] = np.nan
    return [np.ascontiguousarray(each[~np.isnan(each[:, 0])]) for each in points]


def enforced_by(sets: list[Floats], rules: Enforcement) -> NDArray[np.bool_]:
    """Joint actions that continuations in the hull of points can enforce, ``(C, J)``."""
    enforced = np.zeros(rules.u.shape[:2], np.bool_)
    for c, points in enumerate(sets):
        if len(points):
            lack = np.empty(rules.u.shape[1])
            enforcement_gaps(points, *rules.rows(c)[1:], lack)
            enforced[c] = lack <= KEPT
    return enforced
