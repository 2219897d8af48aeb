"""Subgame-perfect payoffs of repeated games of any number of players."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.answers.shared import SUSTAINED
from sim.claim import Claim
from sim.forms.repeated import Repeated, refuse_signals
from sim.kernels.base.joint_actions import pure_strategies
from sim.kernels.base.tolerances import CLOSE, KEPT
from sim.plugins import solver
from sim.solvers.methods.enforcement import enforcement
from sim.solvers.methods.payoff_bounds import BOUNDS, all_bounds, in_own_units

MAX_STEPS = 5000
MOST = 64  # sustained joint actions that a cell can list
ROUNDS = 4


@solver(
    form=Repeated,
    concept="subgame_perfect",
    answers=(*BOUNDS, SUSTAINED),
    rank=20,
    title="Judd Yeltekin Conklin",
)
def judd_yeltekin_conklin(
    game: Repeated, *, rounds: int = ROUNDS, max_steps: int = MAX_STEPS, most: int = MOST
) -> Claim:
    """Subgame-perfect payoffs of any number of players, between an inner and an outer bound.

    ``Repeated -> extra["payoff_set"] (C, V, n)``: vertices, padded with NaN, of a set that generates itself,
    so that every point in it is an equilibrium payoff; none where nothing was found.  No equilibrium payoff
    leaves the half-spaces ``extra["normals"] (C, D, n) . v <= extra["levels"] (C, D)`` (levels are -inf where
    there is no equilibrium).  Pure strategies, perfect monitoring, public randomisation; discounts may differ.
    ``extra["gap"] (C,)`` says how far apart the two are: the outer set lies inside the inner one when each face
    of that is moved out by so much, in units of each player's range; inf where only the outer one was found.
    ``extra["worst"] (C, n)`` and ``extra["worst_bound"] (C, n)`` are the least payoffs of each player in the
    inner and the outer set.  The strategies are the stationary paths that ``worst`` enforces
    (``extra["sustained"] (C, A1, .., An)``).
    Complete where the gap is at most 1e-9 and ``worst_bound`` would enforce no other path.
    Each of ``rounds`` adds the faces of the inner set to the directions.  Cost, three players with two actions each:
    2, 15, 100 and 300 ms a cell at discounts of 0.3, 0.5, 0.7 and 0.9; some seconds where discounts differ.
    Fails with ``max_steps`` where a bound still moved; what is reported holds all the same.
    Raises ValueError for games that end.
    Source: Judd, Yeltekin and Conklin (2003); Abreu, Pearce and Stacchetti (1990).
    """
    refuse_signals(game)
    rules = enforcement(game)
    bounds = all_bounds(game, rules, game.finite, rounds, max_steps)
    worst, least = (
        np.array(ends, dtype=np.float64).reshape(game.cells, len(game.players))
        for ends in ([bound.worst for bound in bounds], [bound.worst_bound for bound in bounds])
    )
    sustained, possible = rules.lasting(worst - KEPT), rules.lasting(least - CLOSE)
    sustained[~game.finite] = False
    shape = game.payoffs.shape[2:]
    extra: dict[str, NDArray[Any]] = dict(in_own_units(game, bounds))
    extra["sustained"] = sustained.reshape(-1, *shape)
    status = np.array([bound.status for bound in bounds], np.int8)
    complete: NDArray[np.bool_] = (status == 0) & (extra["gap"] <= CLOSE) & (sustained.sum(axis=1) <= most)
    complete &= (possible == sustained).all(axis=1)
    return Claim(pure_strategies(sustained, shape, most), status, complete, extra=extra)
