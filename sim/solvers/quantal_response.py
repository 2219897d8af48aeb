"""Logit quantal response equilibrium at a precision: the principal branch, and all of them at 2 x 2."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.answers import Answer
from sim.answers.shared import PRECISION, REACHED, STOPPED
from sim.claim import Claim, Status
from sim.forms.normal import NormalForm
from sim.game import Floats
from sim.kernels.base.joint_actions import from_nearest, strides
from sim.kernels.base.threads import over_blocks
from sim.kernels.base.tolerances import CERTIFIED
from sim.kernels.one_shot.logit import LOST, logit_paths
from sim.kernels.one_shot.logit import REACHED as ARRIVED
from sim.plugins import solver

BLOCK = 64  # cells a thread takes at a time
BISECTIONS = 90
SHARPEST = 1e10  # precision per range of payoffs: beyond, log-odds are not known to a few digits

PATH = Answer(
    "path",
    "play on the way",
    "probability",
    ("step", "agent", "action"),
    level="full",
    tell=None,
    numbered=True,
)
PATH_PRECISION = Answer(
    "path_precision", "precision on the way", "per unit of payoff", ("step",), level="full", tell=None,
    numbered=True,
)  # fmt: skip
ANSWERS = (PRECISION, *(one.sometimes() for one in (REACHED, STOPPED, PATH, PATH_PRECISION)))


@solver(form=NormalForm, concept="quantal_response", answers=ANSWERS, rank=10)
def quantal_response(
    game: NormalForm, *, precision: Any = 1.0, path: bool = False, every: bool = False, max_steps: int = 2000
) -> Claim:
    """The logit equilibrium at a precision, on the branch that starts where everybody plays at random.

    ``NormalForm -> strategy (C, 1, n, A)``.  ``precision`` (lambda) is per unit of payoff: a number, or one
    for each cell.  ``extra["reached"] (C,)`` is the precision at which the path ended and ``extra["stopped"]``
    why: 0 at the precision asked for, 1 out of steps, 2 lost, where its steps shrank to nothing (at a
    bifurcation).  With ``path``, ``extra["path"] (C, P, n, A)`` and ``extra["path_precision"] (C, P)`` hold the
    steps on the way, NaN beyond the last.
    Where the branch turns back in precision, the first passage is given.  Not complete, since other branches
    may exist; ``every`` asks for the equilibria of all branches, of games with two players and two actions.
    Cost: some 20 steps of the cost of a Newton step, 50 microseconds a cell at 3 x 5.
    Fails with ``max_steps`` or ``not_found`` as ``stopped`` says, and with ``not_found`` at more than 10**10 per range
    of payoffs, where play is that of ``nash`` to the last digits.
    Source: McKelvey and Palfrey (1995); path following, Turocy (2005).
    """
    if every:
        return all_branches(game, precision)
    sizes = game.payoffs.shape[2:]
    shape = (game.cells, len(sizes), max(sizes))
    wanted = checked(precision, game.cells)
    # precision is per unit of payoff: all players are measured by the widest range of the cell
    unit = np.where(game.finite, game.scale.max(axis=1), 1.0)
    each = (game.cells, *(1,) * (game.payoffs.ndim - 1))
    finite = np.where(game.finite.reshape(each), game.payoffs, 0.0)
    payoffs = (from_nearest(finite) / unit.reshape(each)).reshape(*game.scale.shape, -1)
    target = np.where(game.finite, wanted * unit, 0.0)
    points = max_steps if path else 0
    strategy, reached, stopped = np.empty(shape), np.empty(game.cells), np.empty(game.cells, np.int64)
    line, along = np.empty((game.cells, points, *shape[1:])), np.empty((game.cells, points))
    prior = np.zeros(sum(sizes) - len(sizes))
    arrays = (np.array(sizes, np.int64), strides(sizes), prior, target, max_steps)

    def work(first: int, last: int) -> None:
        logit_paths(payoffs, *arrays, first, last, strategy, reached, stopped, line, along)

    over_blocks(work, game.cells, BLOCK)
    stopped[target > SHARPEST] = LOST  # play would have to be exact beyond what floats hold
    status = np.where(stopped == LOST, Status.not_found, Status.max_steps)
    solved = (stopped == ARRIVED) & game.finite
    status = np.where(solved, Status.ok, status)
    strategy[~solved] = np.nan
    extra: dict[str, NDArray[Any]] = {
        "precision": wanted,
        "reached": reached / unit,
        "stopped": stopped.astype(np.int8),
    }
    if path:
        most = int((~np.isnan(along)).sum(axis=1).max(initial=0))
        extra |= {"path": line[:, :most], "path_precision": along[:, :most] / unit[:, np.newaxis]}
    return Claim(strategy[:, np.newaxis], status, extra=extra)


def checked(precision: Any, cells: int) -> Floats:
    """The precision of each cell.  Raises ValueError for one that is no precision."""
    wanted = np.asarray(precision, dtype=np.float64)
    if wanted.shape not in {(), (1,), (cells,)} or not (np.isfinite(wanted) & (wanted >= 0)).all():
        raise ValueError(
            f"precision = {precision!r}: must be a number of at least 0, or one for each of {cells} cells"
        )
    return np.broadcast_to(wanted, (cells,)).copy()


def all_branches(game: NormalForm, precision: Any) -> Claim:
    """All logit equilibria of two-player games with two actions each, at a precision.

    ``NormalForm -> strategy (C, K, 2, 2)``, K at most 3, by increasing probability of the first action.
    Complete: twice composed, the response g has a negative Schwarzian derivative, so that ``g'**-0.5`` is
    convex and ``g(x) - x`` falls, rises and falls: at most one root in each part.  Only where two roots are
    about to merge is ``complete`` False.
    Cost: a few hundred vectorised evaluations for the whole batch.
    Raises ValueError for other shapes.
    Source: McKelvey and Palfrey (1995); Schwarzian derivatives, Singer (1978).
    """
    if game.payoffs.shape[2:] != (2, 2):
        raise ValueError(f"every = True needs 2 x 2 actions, not {game.payoffs.shape[2:]}")
    wanted = checked(precision, game.cells)
    u, v = (np.where(game.finite[:, np.newaxis, np.newaxis], game.payoffs[:, i], 0.0) for i in range(2))
    # log-odds of the first action are linear in the other's probability of his first action
    row = (u[:, 0, 1] - u[:, 1, 1], u[:, 0, 0] - u[:, 1, 0] - u[:, 0, 1] + u[:, 1, 1])
    column = (v[:, 1, 0] - v[:, 1, 1], v[:, 0, 0] - v[:, 0, 1] - v[:, 1, 0] + v[:, 1, 1])

    def reply(x: Floats) -> Floats:
        return logistic(wanted * (column[0] + column[1] * x))

    def excess(x: Floats) -> Floats:
        return np.asarray(logistic(wanted * (row[0] + row[1] * reply(x))) - x)

    def log_slope(x: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            start = np.log(np.maximum(wanted**2 * row[1] * column[1], 0.0))
        inner, outer = wanted * (column[0] + column[1] * x), wanted * (row[0] + row[1] * reply(x))
        return np.asarray(start + sum(-np.abs(z) - 2 * np.log1p(np.exp(-np.abs(z))) for z in (inner, outer)))

    zero, one = np.zeros(game.cells), np.ones(game.cells)
    steepest = peak(log_slope, zero, one)
    rises = log_slope(steepest) > 0
    left = np.where(rises, bisect(lambda x: -log_slope(x), zero, steepest), one)
    right = np.where(rises, bisect(log_slope, steepest, one), one)
    strategy = np.full((game.cells, 3, 2, 2), np.nan)
    found = np.zeros((game.cells, 3), np.bool_)
    for place, (low, high, sign) in enumerate([(zero, left, 1), (left, right, -1), (right, one, 1)]):
        exists = (sign * excess(low) >= 0) & (sign * excess(high) <= 0) & ((place == 0) | rises)
        found[:, place] = exists & game.finite
        x = bisect(lambda z, sign=sign: sign * excess(z), low, high)
        y = reply(x)
        both = np.stack([np.stack([x, 1 - x], axis=-1), np.stack([y, 1 - y], axis=-1)], axis=1)
        strategy[found[:, place], place] = both[found[:, place]]
    order = np.argsort(~found, axis=1, kind="stable")
    strategy = np.take_along_axis(strategy, order[..., np.newaxis, np.newaxis], axis=1)
    strategy = strategy[:, : found.sum(axis=1).max(initial=0)]
    clear = ~rises | ((np.abs(excess(left)) > CERTIFIED) & (np.abs(excess(right)) > CERTIFIED))
    return Claim(strategy, complete=clear, extra={"precision": wanted})


def logistic(z: Floats) -> Floats:
    """``1 / (1 + exp(-z))`` without overflow."""
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1.0 + small)


def bisect(function: Any, low: Floats, high: Floats) -> Floats:
    """Where a function that is positive first and negative then changes its sign, ``(C,)`` each."""
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        positive = function(middle) > 0
        low, high = np.where(positive, middle, low), np.where(positive, high, middle)
    return 0.5 * (low + high)


def peak(function: Any, low: Floats, high: Floats) -> Floats:
    """Where a function that rises and then falls is largest, ``(C,)`` each."""
    for _ in range(2 * BISECTIONS):
        a, b = low + 0.4 * (high - low), low + 0.6 * (high - low)
        rising = function(b) > function(a)
        low, high = np.where(rising, a, low), np.where(rising, high, b)
    return 0.5 * (low + high)
