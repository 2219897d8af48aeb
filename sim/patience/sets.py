"""What each player can be held to, what is feasible above that, and a proof of payoff sets from outside."""

from __future__ import annotations

import numpy as np

from sim.forms.normal import NormalForm
from sim.forms.repeated import Repeated
from sim.forms.stage import pure_minmax
from sim.game import Floats
from sim.kernels.base.threads import over_blocks
from sim.kernels.repeated.finite_horizon import feasible_rational_sets
from sim.kernels.repeated.outer_bound import outer_distance
from sim.patience.certified import secured

__all__ = ["feasible_rational", "minmax", "outer_gap"]

BLOCK = 256  # cells a thread takes at a time
OUTER_STEPS = 20_000


def minmax(stage: NormalForm, *, mixed: bool = False) -> Floats:
    """What each player can be held to in the stage, ``(C, n)``: by pure or by mixed actions of the others.

    Mixed minmax is the value of a zero-sum game, by linear programming and certified; two players.
    """
    if not mixed:
        return pure_minmax(stage.payoffs)
    if len(stage.players) != 2:
        raise ValueError(f"mixed minmax is computed for two players, not {len(stage.players)}")
    return secured(stage)


def feasible_rational(stage: NormalForm, *, mixed: bool = False) -> Floats:
    """Feasible payoffs that give each player at least his minmax: polygons ``(C, V, 2)``, padded with NaN.

    By the folk theorem patient players can reach any point above the minmax (Fudenberg and Maskin 1986);
    with the pure minmax, in pure strategies.  Two players.
    """
    if len(stage.players) != 2:
        raise ValueError(f"payoff sets are polygons of two players, not {len(stage.players)}")
    floor = minmax(stage, mixed=mixed)
    sets = np.full((stage.cells, stage.payoffs[0, 0].size + 6, 2), np.nan)
    feasible_rational_sets(np.array(stage.payoffs), floor, stage.finite, sets)
    most = int((~np.isnan(sets[..., 0])).sum(axis=1).max(initial=1))
    return np.ascontiguousarray(sets[:, : max(most, 1)])


def outer_gap(game: Repeated, payoff_set: Floats, *, max_steps: int = OUTER_STEPS) -> Floats:
    """How far beyond a claimed payoff set ``(C, V, 2)`` an equilibrium payoff can lie at most, ``(C,)``.

    In units of each player's range of payoffs (rounded up to a power of two).  A certificate from outside, by
    other steps than the solver's at a common discount: what self-generation is from inside.  Rounding error
    where the set is complete, inf for an empty set that is not proved to be all; where ``max_steps`` are
    not enough the bound is wide, not wrong.  Infinite horizon, two players.
    Cost: 20 to 200 microseconds a cell at 3 x 3 and a common discount up to 0.9.
    """
    payoffs, discount = np.array(game.payoffs), np.array(game.discount)
    gap, sets, finite = np.full(game.cells, np.nan), np.array(payoff_set), game.finite

    def work(first: int, last: int) -> None:
        part = slice(first, last)
        outer_distance(payoffs[part], discount[part], finite[part], sets[part], max_steps, gap[part])

    over_blocks(work, game.cells, BLOCK)
    return gap
