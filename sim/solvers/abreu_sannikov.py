"""Subgame-perfect payoffs of two-player repeated games, and the outcomes that patience sustains."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.answers.shared import KNIFE_EDGE, MINMAX, OUTER_GAP, PAYOFF_SET, SUSTAINED, WORST
from sim.claim import Claim, Status
from sim.forms.repeated import Repeated, refuse_signals
from sim.game import Floats
from sim.kernels.base.threads import over_blocks
from sim.kernels.base.tolerances import HAIR
from sim.kernels.repeated.enforcement import undelivered
from sim.kernels.repeated.finite_horizon import finite_payoff_sets
from sim.kernels.repeated.payoff_set import payoff_sets, widest
from sim.plugins import solver

BLOCK, BLOCK_CLIPPED = 1024, 32  # cells a thread takes at a time, at common and at unequal discounts
MAX_STEPS = 200_000
MOST = 64  # sustained joint actions that a cell can list


@solver(
    form=Repeated,
    concept="subgame_perfect",
    answers=(PAYOFF_SET, WORST, MINMAX, SUSTAINED, KNIFE_EDGE, OUTER_GAP),
    players=2,
    rank=10,
    title="Abreu Sannikov",
)
def abreu_sannikov(game: Repeated, *, max_steps: int = MAX_STEPS, most: int = MOST) -> Claim:
    """The set of subgame-perfect payoffs, and every joint action that can be sustained for ever.

    ``Repeated -> extra["payoff_set"] (C, V, 2)``: vertices counter-clockwise, padded with NaN; a point has
    one, a segment two, the empty set none.  Pure strategies, perfect monitoring, public randomisation.
    The strategies are the stationary paths that the worst equilibrium payoffs enforce
    (``extra["sustained"] (C, A1, A2)``).  ``extra["worst"] (C, 2)`` holds those payoffs,
    ``extra["minmax"] (C, 2)`` the pure minmax, ``extra["knife_edge"] (C,)`` cells where some joint action
    is enforced or not by a hair.
    Raises ValueError where players see signals only.
    Every set is an outer bound by construction, up to rounding; ``extra["outer_gap"] (C,)`` is the last move of
    the operator and ``extra["inner_gap"] (C,)``, which the certificate adds, what the set lacks to generate
    itself, both in units of a player's range.  :func:`sim.patience.outer_gap` proves the outer bound anew.
    Cost: 2 to 15 microseconds a cell at 3 x 3 and a common discount.  At unequal discounts it grows with the
    number of corners and with patience: 0.3 ms at (0.7, 0.5), 0.2 s at (0.98, 0.9).
    Fails with ``max_steps`` where the set was still shrinking, or has more corners than there is room for: it
    is then an outer bound only, and what is listed as sustained is what could not be excluded.
    Source: Abreu and Sannikov (2014); Abreu, Pearce and Stacchetti (1990) for unequal discounts.
    """
    refuse_signals(game)
    cells, shape = game.cells, game.payoffs.shape[2:]
    payoffs, discount = writeable(game.payoffs), writeable(game.discount)
    worst, minmax = np.full((cells, 2), np.nan), np.full((cells, 2), np.nan)
    sustained = np.zeros((cells, shape[0] * shape[1]), np.bool_)
    edge, finite = np.zeros(cells, np.bool_), game.finite
    count, steps = np.zeros(cells, np.int64), np.zeros(cells, np.int64)
    outer = np.full(cells, np.nan)
    common = bool((discount[:, 0] == discount[:, 1]).all()) and game.horizon is None
    room, block = widest(shape[0] * shape[1], common), BLOCK if common else BLOCK_CLIPPED

    def work(first: int, last: int) -> Floats:
        part = slice(first, last)
        sets = np.full((last - first, room, 2), np.nan)
        games = payoffs[part], discount[part], finite[part]
        found = sets, count[part], worst[part], minmax[part], sustained[part]
        if game.horizon is None:
            payoff_sets(*games, max_steps, *found, edge[part], steps[part], outer[part])
        else:
            finite_payoff_sets(*games, game.horizon, *found)
            outer[part][finite[part]] = 0.0
        return np.ascontiguousarray(sets[:, : max(int(count[part].max(initial=0)), 1)])

    parts = over_blocks(work, cells, block)
    sets = np.full((cells, max((part.shape[1] for part in parts), default=1), 2), np.nan)
    for number, part in enumerate(parts):
        sets[number * block : number * block + len(part), : part.shape[1]] = part
    open_ = steps > max_steps
    hair = np.flatnonzero(open_ & (outer <= HAIR) & (discount[:, 0] != discount[:, 1]))
    if len(hair):  # rounding keeps corners coming and going: arrived, if the set generates itself
        edge[hair] = True
        left_out = np.empty(len(hair))
        undelivered(payoffs[hair], discount[hair], sets[hair], left_out)
        open_[hair] = left_out > HAIR
    status = np.where(open_, Status.max_steps, Status.ok)
    extra = {
        "payoff_set": sets,
        "worst": worst,
        "minmax": minmax,
        "sustained": sustained.reshape(cells, *shape),
        "knife_edge": edge,
        "outer_gap": outer,
    }
    proved = (status == Status.ok) & (sustained.sum(axis=1) <= most)
    return Claim(paths(sustained, shape, most), status, proved, extra=extra)


def paths(sustained: NDArray[np.bool_], shape: tuple[int, ...], most: int) -> Floats:
    """One-hot strategies of the first ``most`` sustained joint actions, ``(C, N) -> (C, K, 2, A)``."""
    place = sustained.cumsum(axis=1) - 1
    cell, joint = np.nonzero(sustained & (place < most))
    place = place[cell, joint]
    strategy = np.full((len(sustained), int(place.max(initial=-1)) + 1, 2, max(shape)), np.nan)
    strategy[cell, place] = 0.0
    strategy[cell, place, 0, joint // shape[1]] = 1.0
    strategy[cell, place, 1, joint % shape[1]] = 1.0
    return strategy


def writeable(array: Floats) -> Floats:
    """The array itself where compiled code can take it as it is."""
    return array if array.flags.writeable and array.flags.c_contiguous else array.copy()
