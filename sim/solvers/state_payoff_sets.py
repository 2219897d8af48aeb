"""Subgame-perfect payoffs of two-player stochastic games, a set for each state."""

from __future__ import annotations

import numpy as np

from sim.answers.shared import MINMAX, OUTER_GAP, PAYOFF_SET, WORST
from sim.claim import Claim, Status
from sim.forms.stochastic import Stochastic
from sim.kernels.base.threads import over_blocks
from sim.kernels.stochastic.state_payoff_sets import MOST_CORNERS, state_payoff_sets
from sim.plugins import solver

BLOCK = 8  # cells a thread takes at a time
MAX_STEPS = 10_000


@solver(
    form=Stochastic,
    concept="subgame_perfect",
    answers=(*(answer.each("state") for answer in (PAYOFF_SET, WORST, MINMAX)), OUTER_GAP),
    players=2,
    rank=10,
    name="state_payoff_sets",
)
def payoff_sets_by_state(game: Stochastic, *, max_steps: int = MAX_STEPS) -> Claim:
    """The set of subgame-perfect payoffs from every state.

    ``Stochastic -> extra["payoff_set"] (C, S, V, 2)``: vertices counter-clockwise, padded with NaN; a
    point has one, a segment two, the empty set none.  Pure strategies, perfect monitoring, public
    randomisation; discounts may differ.  Also ``extra["worst"] (C, S, 2)`` and the pure
    ``extra["minmax"] (C, S, 2)``.  No strategies are claimed: they depend on history.
    Complete: every set is an outer bound by construction, up to a tolerance that vanishes with the steps;
    ``extra["outer_gap"] (C,)`` is the last move of the operator in units of a player's range.  That the
    sets generate themselves, and so hold nothing too much, is for the house to see.
    Cost: 1 to 20 ms a cell at 9 states, 3 x 3 actions, deterministic transitions and discounts up to 0.9;
    100 to 200 ms where transitions are dense; ten times as much at 0.99, more at unequal discounts.
    A set is empty where play can, also by a deviation, lead to a state without an equilibrium.
    Fails with ``max_steps`` where the sets were still shrinking, or would need more than 256 corners: they
    are outer bounds only.
    Source: Abreu, Brooks and Sannikov (2020); Abreu, Pearce and Stacchetti (1990).
    """
    cells, states = game.cells, len(game.states)
    wanted = game.finite
    fields = game.sizes, game.available
    payoffs, transition = game.flat_payoffs, game.flat_transition
    corners = np.full((cells, states, MOST_CORNERS, 2), np.nan)
    count, steps = np.zeros((cells, states), np.int64), np.zeros(cells, np.int64)
    worst, minmax = np.full((cells, states, 2), np.nan), np.full((cells, states, 2), np.nan)
    outer = np.full(cells, np.nan)

    def work(first: int, last: int) -> None:
        part = slice(first, last)
        chain = transition if len(transition) == 1 else transition[part]
        common = payoffs[part], chain, game.discount[part], *fields, wanted[part]
        found = corners[part], count[part], worst[part], minmax[part], steps[part], outer[part]
        state_payoff_sets(*common, max_steps, found)

    over_blocks(work, cells, BLOCK)
    status = np.where(steps > max_steps, Status.max_steps, Status.ok)
    extra = {
        "payoff_set": np.ascontiguousarray(corners[:, :, : max(int(count.max(initial=0)), 1)]),
        "worst": worst,
        "minmax": minmax,
        "outer_gap": outer,
    }
    strategy = np.empty((cells, 0, *game.mask.shape))
    return Claim(strategy, status, status == Status.ok, extra=extra)
