"""One Markov-perfect equilibrium by following logit equilibria from noise to reason.

At precision ``l`` every agent's log-odds against its first action are ``l`` times the difference of
action values, plus a fixed prior; at 0 play is the prior, and as the precision grows play approaches a
Markov-perfect equilibrium (Eibelshaeuser and Poensgen 2019; McKelvey and Palfrey 1995).  The curve is
followed by a predictor along its tangent and Newton's method across it, so it may turn.  From time to
time the supports are guessed and Newton's method on indifference settles the rest.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.joint_actions import digits
from sim.kernels.base.linear import factor, substitute
from sim.kernels.base.threads import over_blocks
from sim.kernels.base.tolerances import SHORTEST
from sim.kernels.stochastic.batch import Batch, move_of, part_of
from sim.kernels.stochastic.markov_response import Cell, Play, action_values, gap_slope, respond
from sim.kernels.stochastic.markov_stage import MOST_ACTIONS, alternate
from sim.kernels.stochastic.markov_support import indifferent

__all__ = ["mixed_equilibrium", "mixed_play"]


@kernel()
def softmax(odds: Array, agent: Array, counts: Array, play: Array) -> None:
    """Play from log-odds against each agent's first action: ``odds (N,)`` to ``play (n, S, A)``."""
    players, states = counts.shape
    play[:] = 0.0
    for k in range(agent.shape[0]):
        play[agent[k, 0], agent[k, 1], agent[k, 2]] = odds[k]
    for i in range(players):
        for s in range(states):
            top = 0.0
            for a in range(counts[i, s]):
                top = max(top, play[i, s, a])
            total = 0.0
            for a in range(counts[i, s]):
                play[i, s, a] = math.exp(play[i, s, a] - top)
                total += play[i, s, a]
            for a in range(counts[i, s]):
                play[i, s, a] /= total


class Curve(NamedTuple):
    """A curve of N log-odds and precision, the last: where it starts, where it stands, and room for a step.

    ``agent (N, 3)`` player, state and action of each, ``prior (N,)`` at precision 0, ``unit (n,)`` in which
    action values are measured: what one period can change; ``point, trial, tangent, right (N + 1,)``,
    ``matrix (N + 1, N + 1)`` and ``order (N + 1,)`` its decomposition.
    """

    agent: Array
    prior: Array
    unit: Array
    point: Array
    trial: Array
    tangent: Array
    right: Array
    matrix: Array
    order: Array


@kernel()
def curve(cell: Cell, prior: Array) -> Curve:
    """The beginning of the curve from a prior."""
    counts, size = cell.counts, prior.shape[0]
    agent = np.empty((size, 3), np.int64)
    k = 0
    for i in range(counts.shape[0]):
        for s in range(counts.shape[1]):
            for a in range(1, counts[i, s]):
                agent[k, 0], agent[k, 1], agent[k, 2] = i, s, a
                k += 1
    point, tangent = np.zeros(size + 1), np.zeros(size + 1)
    point[:size] = prior
    tangent[size] = 1.0
    unit = np.empty(counts.shape[0])
    for i in range(counts.shape[0]):
        unit[i] = cell.scale[i] * (1.0 - cell.discount[i])
    room = np.empty((2, size + 1))
    matrix, order = np.empty((size + 1, size + 1)), np.empty(size + 1, np.int64)
    return Curve(agent, prior, unit, point, room[0], tangent, room[1], matrix, order)


@kernel()
def correct(cell: Cell, play: Play, on: Curve) -> tuple[bool, float]:
    """Bring the trial back to the curve: whether that worked, and how fast mistakes fell."""
    agent, trial, right, action = on.agent, on.trial, on.right, play.action
    size = on.prior.shape[0]
    last, rate = np.inf, 0.0
    for correction in range(6):
        softmax(trial[:size], agent, cell.counts, play.weight)
        action_values(cell, play)
        worst = 0.0
        for k in range(size):
            i, s, a = agent[k, 0], agent[k, 1], agent[k, 2]
            gap = (action[i, s, a] - action[i, s, 0]) / on.unit[i]
            right[k] = on.prior[k] + trial[size] * gap - trial[k]
            worst = max(worst, abs(right[k]))
        right[size] = 0.0
        if not worst < 1e6:
            break
        if correction > 0:
            rate = max(rate, worst / last)
        if worst < 1e-6 * (1.0 + abs(trial[size])):
            return True, rate
        if correction > 0 and worst > 0.5 * last:
            break
        last = worst
        substitute(on.matrix, on.order, right)  # the decomposition at the point serves for the corrections
        for k in range(size + 1):
            trial[k] += right[k]
    return False, rate


@kernel()
def guess_supports(counts: Array, play: Play) -> None:
    """Let only actions that are played much be played."""
    weight = play.weight
    for i in range(counts.shape[0]):
        for s in range(counts.shape[1]):
            top = 0.0
            for a in range(counts[i, s]):
                top = max(top, weight[i, s, a])
            total = 0.0
            for a in range(counts[i, s]):
                play.support[i, s, a] = weight[i, s, a] > 0.02 * top
                if not play.support[i, s, a]:
                    weight[i, s, a] = 0.0
                total += weight[i, s, a]
            for a in range(counts[i, s]):
                weight[i, s, a] /= total


@kernel()
def trace(cell: Cell, play: Play, prior: Array, steps: int) -> int:
    """Follow the curve; 0 an equilibrium is in ``play``, 1 out of steps, 2 the curve was lost.

    ``prior (N,)`` are the log-odds at precision 0, N the number of actions beyond each agent's first.
    """
    counts = cell.counts
    size = prior.shape[0]
    on = curve(cell, prior)
    point, trial, tangent = on.point, on.trial, on.tangent
    ahead = np.empty(size + 1)
    gradient = np.empty(play.weight.shape)
    length = 0.3
    next_guess = 8.0
    for _ in range(steps):
        # Jacobian at the point, bordered by the old tangent: gives the new tangent with the same sense
        softmax(point[:size], on.agent, counts, play.weight)
        action_values(cell, play)
        respond(cell, play)
        border(counts, play, on, gradient)
        if not factor(on.matrix, on.order):
            return 2
        ahead[:] = 0.0
        ahead[size] = 1.0
        substitute(on.matrix, on.order, ahead)
        norm = 0.0
        for k in range(size + 1):
            norm += ahead[k] * ahead[k]
        norm = np.sqrt(norm)
        if not (norm > 0.0 and np.isfinite(norm)):
            return 2
        tangent[:] = ahead / norm
        accepted, rate = False, 0.0
        for _halving in range(30):
            for k in range(size + 1):
                trial[k] = point[k] + length * tangent[k]
            converged, rate = correct(cell, play, on)
            far = 0.0
            for k in range(size + 1):
                far = max(far, abs(trial[k] - point[k] - length * tangent[k]))
            if converged and far <= 0.6 * length + SHORTEST:
                accepted = True
                break
            length *= 0.4
            if length < SHORTEST:
                return 2
        if not accepted:
            return 2
        point[:] = trial
        if rate < 0.1:
            length *= 2.0
        elif rate < 0.25:
            length *= 1.4
        elif rate > 0.4:
            length *= 0.8
        if point[size] < -1.0:
            return 2
        if point[size] > next_guess:
            next_guess = 1.6 * point[size]
            guess_supports(counts, play)
            if indifferent(cell, play, 12):
                return 0
            if point[size] > 1e12:
                return 2
    return 1


@kernel()
def border(counts: Array, play: Play, on: Curve, gradient: Array) -> None:
    """The Jacobian of ``odds - prior - precision * gaps``, the tangent as last row: ``(N + 1, N + 1)``."""
    weight, action = play.weight, play.action
    through, pair, side = play.through, play.pair, play.side
    agent, unit, matrix = on.agent, on.unit, on.matrix
    players, states = counts.shape
    size = agent.shape[0]
    precision = on.point[size]
    for k in range(size):
        i, s, a = agent[k, 0], agent[k, 1], agent[k, 2]
        for j in range(players):
            for t in range(states):
                mean = 0.0
                for b in range(counts[j, t]):
                    slope = gap_slope(through, pair, side, i, s, a, 0, j, t, b)
                    gradient[j, t, b] = slope
                    mean += weight[j, t, b] * slope
                for b in range(1, counts[j, t]):
                    gradient[j, t, b] = weight[j, t, b] * (gradient[j, t, b] - mean)
        for c in range(size):
            matrix[k, c] = -precision / unit[i] * gradient[agent[c, 0], agent[c, 1], agent[c, 2]]
        matrix[k, k] += 1.0
        matrix[k, size] = -(action[i, s, a] - action[i, s, 0]) / unit[i]
    for c in range(size + 1):
        matrix[size, c] = on.tangent[c]


@kernel()
def mixed_equilibrium(
    games: Batch,
    counts: Array,
    wanted: Array,
    priors: Array,
    steps: int,
    quick: int,
    strategy: Array,
    status: Array,
) -> int:
    """One Markov-perfect equilibrium of every wanted cell.

    ``counts (n, S)`` actions of each agent, ``wanted (C,)``, ``priors (R, N)`` log-odds tried in turn,
    at most ``steps`` steps along each curve; ``quick`` restarts of the alternating method first (two
    players).  Written where wanted: ``strategy (C, n, S, A)``, ``status (C,)`` 0 found, 1 out of steps,
    2 lost.  Returns 0.
    """
    payoffs, sizes = games.payoffs, games.sizes
    cells, players, states = payoffs.shape[:3]
    most = sizes.max()
    digit = digits(sizes)
    play = Play(
        np.zeros((players, states, most)),
        np.zeros((players, states, most), np.int64),
        np.empty((players, states)),
        np.zeros((players, states, most)),
        np.zeros((players, states, most, states)),
        np.empty((players, states, states)),
        np.zeros((players, states, most, states)),
        np.zeros((players, players, states, most, most)),
        np.zeros((players, players, states, most)),
    )
    scale = np.empty(players)
    for c in range(cells):
        if not wanted[c]:
            continue
        for i in range(players):
            scale[i] = payoffs[c, i].max() - payoffs[c, i].min()
            if scale[i] == 0.0:
                scale[i] = 1.0
        cell = Cell(payoffs[c], move_of(games, c), games.discount[c], sizes, digit, counts, scale)
        status[c] = 2
        if players == 2 and most <= MOST_ACTIONS and alternate(cell, play, quick, 12):
            status[c] = 0
        else:
            for r in range(priors.shape[0]):
                verdict = trace(cell, play, priors[r], steps)
                status[c] = verdict if r == 0 else min(status[c], verdict)
                if verdict == 0:
                    break
        strategy[c] = play.weight
    return 0


def mixed_play(
    games: Batch,
    counts: Array,
    wanted: Array,
    seed: int,
    *,
    quick: int = 8,
    steps: int = 1500,
    priors: int = 6,
) -> tuple[Array, Array]:
    """:func:`mixed_equilibrium` on all cores: ``strategy (C, n, S, A)`` and ``status (C,)``.

    The first prior is even; the others are drawn from ``seed`` alone, so that a cell's answer depends
    on nothing but the cell.
    """
    cells, players, states = games.payoffs.shape[:3]
    prior = np.random.default_rng(seed).normal(size=(priors, int((counts - 1).sum())))
    prior[0] = 0.0
    strategy = np.zeros((cells, players, states, int(games.sizes.max())))
    status = np.full(cells, 2)

    def block(first: int, last: int) -> None:
        part = slice(first, last)
        written = strategy[part], status[part]
        mixed_equilibrium(part_of(games, part), counts, wanted[part], prior, steps, quick, *written)

    over_blocks(block, cells, 64)
    return strategy, status
