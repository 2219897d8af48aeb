"""What patience takes from the rest of the house, all of it certified: it asks ``solve``, never a solver.

Cells whose claim the certificate refutes hold NaN here, so that nothing is built on them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claim import Status
from sim.forms.normal import NormalForm
from sim.forms.repeated import Repeated
from sim.game import Floats
from sim.solution import Solution
from sim.solving import solve

__all__ = ["critical_bounds", "equilibria", "payoff_sets", "secured", "worst_payoffs"]

MAX_STEPS = 200_000


def unless_refuted(solution: Solution, found: Floats) -> Floats:
    """An answer of each cell, NaN where the claim was refuted."""
    refuted = (solution.status == Status.refuted).reshape(-1, *(1,) * (found.ndim - 1))
    return np.where(refuted, np.nan, found) if refuted.any() else found


def payoff_sets(game: Repeated, max_steps: int = MAX_STEPS) -> Floats:
    """Subgame-perfect payoffs of two players, ``(C, V, 2)``, counter-clockwise, padded with NaN.

    Where sets were still shrinking after ``max_steps`` they are outer bounds.  Raises ValueError for other
    numbers of players and where players see signals only.
    """
    if len(game.players) != 2:
        raise ValueError(
            f"optimal penal codes are computed for two players, not {len(game.players)}; use 'grim', "
            "'nash_reversion' or threats of your own"
        )
    # what is built on is the set, which the certificate judges as a whole: its stationary paths are not asked for
    options: dict[str, Any] = {"most": 0} if game.horizon is None else {}
    found = solve(game, "subgame_perfect", "abreu_sannikov", max_steps=max_steps, **options)
    return unless_refuted(found, found.claim.extra["payoff_set"])


def worst_payoffs(game: Repeated, max_steps: int = MAX_STEPS) -> Floats:
    """The least that each of two players can be held to in equilibrium, ``(C, 2)``; NaN where there is none."""
    worst: Floats = np.fmin.reduce(payoff_sets(game, max_steps), axis=1)
    return worst


def equilibria(stage: NormalForm) -> tuple[Floats, Floats]:
    """All equilibria of a stage of two players: strategies ``(C, K, 2, A)`` and values ``(C, K, 2)``."""
    found = solve(stage, "nash", "support_enumeration")
    return unless_refuted(found, found.strategy), unless_refuted(found, found.value)


def secured(stage: NormalForm) -> Floats:
    """What each player secures by mixing, which is what the others can hold him to, ``(C, n)``."""
    found = solve(stage, "maxmin")
    return unless_refuted(found, found.claim.extra["maxmin"])


def critical_bounds(
    stage: NormalForm,
    *,
    wanted: NDArray[np.bool_] | None = None,
    once: bool = False,
    max_steps: int = MAX_STEPS,
) -> tuple[Floats, Floats]:
    """Bounds of the critical discount under optimal penal codes, two arrays ``(C, A1, A2)``.

    At the upper bound (and above) the joint action is sustained, below the lower one it is not.  They agree
    to 2e-11, or to 1e-9 where a payoff set appears as slowly as can be, a fold; where payoff sets were still
    shrinking after ``max_steps`` they are left apart.  With ``once`` the question is whether any equilibrium
    ever plays the joint action, not whether it can be played for ever; there two in a hundred are folds.
    ``wanted (C or 1, A1, A2)`` are the joint actions that are asked for; NaN for others.
    The search proves what it can in floating point; :func:`sim.patience.both_sides` looks at each side anew.
    Cost: about 0.4 ms a cell for all joint actions of a 3 x 3 game, 7 ms with ``once``.
    Raises ValueError for other than two players.
    """
    if len(stage.players) != 2:
        raise ValueError(
            f"optimal penal codes are computed for two players, not {len(stage.players)}; use 'grim', "
            "'nash_reversion' or threats of your own"
        )
    if wanted is None:
        wanted = np.ones((1, *stage.payoffs.shape[2:]), np.bool_)
    found = solve(
        Repeated(stage, np.zeros(len(stage.players))), "subgame_perfect", "critical_patience",
        wanted=wanted, once=once, max_steps=max_steps,
    )  # fmt: skip
    bounds = unless_refuted(found, found.claim.extra["critical_bounds"])
    return bounds[:, 0], bounds[:, 1]
