"""Subgame-perfect payoffs of two-player repeated games without a public lottery."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.answers import Answer
from sim.answers.shared import SUSTAINED, WORST, WORST_BOUND
from sim.answers.telling import by_player
from sim.claim import Claim, Status
from sim.forms.repeated import Repeated, refuse_signals
from sim.game import Floats
from sim.kernels.base.joint_actions import pure_strategies
from sim.kernels.base.threads import over_blocks
from sim.kernels.base.tolerances import CLOSE
from sim.kernels.repeated.payoff_set import payoff_sets, widest
from sim.kernels.repeated.pure_paths import covers_and_paths, cubes_that_meet
from sim.plugins import solver
from sim.solvers.methods.enforcement import Enforcement, enforcement

BLOCK = 8  # cells a thread takes at a time
MAX_STEPS = 20_000
MOST = 64  # sustained joint actions that a cell can list
GRID, PATHS = 64, 2048
CYCLES = 20_000  # words of joint actions looked at as cycles

own = partial(Answer, level="full", numbered=True)
ANSWERS = (
    own("payoff_points", "payoffs that paths reach", "payoff", ("point", "player")),
    own("first", "joint action with which the path of a point begins", "", ("point",), "int64"),
    own("after", "point whose path comes after that", "", ("point",), "int64"),
    own(
        "cubes", "parts of the box of payoffs that may hold equilibrium payoffs", "", ("cube", "cube"), "bool"
    ),
    own("low", "least payoff of the box", "payoff", ("player",), tell=by_player),
    own("high", "largest payoff of the box", "payoff", ("player",), tell=by_player),
    WORST,
    WORST_BOUND,
    SUSTAINED,
)


@solver(form=Repeated, concept="subgame_perfect", answers=ANSWERS, players=2, rank=30)
def without_randomisation(
    game: Repeated, *, grid: int = GRID, most_paths: int = PATHS, max_steps: int = MAX_STEPS, most: int = MOST
) -> Claim:
    """Payoffs of subgame-perfect paths without a public lottery: cubes that cover all, and paths found.

    ``Repeated -> extra["cubes"] (C, grid, grid)``: no payoff of a subgame-perfect equilibrium in pure strategies
    lies outside these cubes, into which the box of payoffs from ``extra["low"]`` to ``extra["high"] (C, 2)`` is
    cut.  ``extra["payoff_points"] (C, N, 2)`` are payoffs that are reached, padded with NaN, by playing the joint
    action ``extra["first"] (C, N)`` and then going on as in point ``extra["after"] (C, N)``; a deviator gets the
    worst point.  Payoffs here can be dust, so that neither is the set.
    Perfect monitoring; discounts may differ.  ``extra["worst"] (C, 2)`` are the least payoffs found,
    ``extra["worst_bound"] (C, 2)`` what none goes below.  Strategies are the stationary paths that ``worst``
    enforces (``extra["sustained"] (C, A1, A2)``).
    Complete only where no cube is left: there is no such equilibrium.  From a common discount of
    1 - 1/(number of joint actions) on a lottery adds no feasible payoffs (Sorin 1986), and as it tends to one it
    adds no equilibrium payoffs (Fudenberg and Maskin 1991).
    Cost: 1 to 2 ms a cell at 3 x 3, 10 where the set is large.
    Fails with ``max_steps`` where cubes were still dropped; what is left covers all the same.
    Raises ValueError for games that end, and where players see signals only.
    Source: Abreu (1988); Abreu, Pearce and Stacchetti (1990) for the operator.
    """
    refuse_signals(game)
    if game.horizon is not None:
        raise ValueError("paths are looked for in games that go on for ever: leave out the horizon")
    rules, shape = enforcement(game), game.payoffs.shape[2:]
    cells, joints = game.cells, rules.u.shape[1]
    longest = max(int(np.log(CYCLES) / np.log(max(joints, 2))), 1)
    cubes, bound = start(game, rules, grid)
    worst = bound.copy()
    points, first, after = np.full((cells, most_paths, 2), np.nan), *np.full((2, cells, most_paths), -1)
    count, steps = np.zeros(cells, np.int64), np.zeros(cells, np.int64)
    found = points, first, after, count, steps

    def work(begin: int, end: int) -> None:
        part = slice(begin, end)
        own = rules.u[part], rules.gains[part], rules.discount[part], game.finite[part]
        rest = (array[part] for array in found)
        covers_and_paths(*own, longest, max_steps, cubes[part], bound[part], worst[part], *rest)

    over_blocks(work, cells, BLOCK)
    beyond = np.arange(most_paths) >= count[:, np.newaxis]
    points[beyond], first[beyond], after[beyond] = np.nan, -1, -1
    none = count == 0
    worst[none] = np.inf
    sustained = rules.lasting(worst) & game.finite[:, np.newaxis]
    empty = ~cubes.any(axis=(1, 2))
    worst[none], bound[empty | ~game.finite] = np.nan, np.nan
    width = max(int(count.max(initial=0)), 1)
    low, scale = game.payoffs.reshape(cells, 2, -1).min(axis=-1), game.scale
    extra = {
        "payoff_points": low[:, np.newaxis] + scale[:, np.newaxis] * points[:, :width],
        "first": first[:, :width],
        "after": after[:, :width],
        "cubes": cubes,
        "low": low,
        "high": low + scale,
        "worst": low + scale * worst,
        "worst_bound": low + scale * bound,
        "sustained": sustained.reshape(cells, *shape),
    }
    status = np.where(steps > max_steps, Status.max_steps, Status.ok)
    strategy = pure_strategies(sustained, shape, most)
    return Claim(strategy, status, empty & (status == Status.ok), extra=extra)


def start(game: Repeated, rules: Enforcement, grid: int) -> tuple[NDArray[np.bool_], Floats]:
    """Cubes ``(C, M, M)`` that meet the set with a public lottery, which contains the set, and its worst payoffs."""
    cells, shape = game.cells, game.payoffs.shape[2:]
    unit = np.ascontiguousarray(rules.u.swapaxes(1, 2)).reshape(cells, 2, *shape)
    sets = np.full((cells, widest(shape[0] * shape[1], False), 2), np.nan)
    worst, minmax = np.full((cells, 2), np.nan), np.full((cells, 2), np.nan)
    count, steps, move = np.zeros(cells, np.int64), np.zeros(cells, np.int64), np.full(cells, np.nan)
    found = sets, count, worst, minmax, np.zeros((cells, shape[0] * shape[1]), np.bool_)
    payoff_sets(unit, rules.discount, game.finite, MAX_STEPS, *found, np.zeros(cells, np.bool_), steps, move)
    cubes = np.zeros((cells, grid, grid), np.bool_)
    cubes_that_meet(sets, count, CLOSE, cubes)
    return cubes, np.nan_to_num(worst - CLOSE)
