"""Agent quantal response on trees, followed from precision zero to a sequential equilibrium.

Unknowns are the log-odds of each action against one that its agent is likely to play, and the precision.  What an
action is worth is what is expected of it given that play came to its agent; beliefs are ratios of products of
probabilities along paths, kept as logarithms, so that nodes that are next to never reached have beliefs as well
(McKelvey and Palfrey 1998; Turocy 2010).  The curve is followed by steps along its tangent and Newton's method beside
it, and may turn back in precision.
"""

from __future__ import annotations

from math import exp, log

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.linear import gauss
from sim.kernels.base.tolerances import POLISHED, SETTLED, SHORTEST, SPECK
from sim.kernels.base.tree_passes import CHANCE, END

__all__ = ["ASTRAY", "BASE", "ENDED", "NONE", "SETTLED_AGENT", "SLOW", "quantal_path"]

ENDED, SLOW, ASTRAY = 0, 1, 2
BASE, SETTLED_AGENT, NONE = -1, -2, -3
RARE = 0.1  # an action played less is not one to compare others with
STRAIGHT = 0.9  # cosine between the tangents before and after a step, at least
FARTHEST = 1e13  # precision at which floats have nothing more to say
CORRECTIONS, EASY = 8, 3  # rounds of Newton's method, and after how few a step may be longer


@kernel()
def quantal_path(
    nodes: tuple[Array, Array, Array],
    sets: tuple[Array, Array, Array, Array],
    payoffs: Array,
    chance: Array,
    variables: tuple[Array, Array, Array],
    steps: int,
    found: tuple[Array, Array, Array, Array],
) -> int:
    """Where the path ends in every cell.

    ``sets`` are ``owner (H,), decisions (D,), first (H + 1,), child (D, A)``; ``payoffs (C, n, Z)`` in units of range,
    ``chance (C, E)``; ``variables`` are the unknown of each action ``(H, A)``, ``BASE`` for the one that the others of
    its agent are compared with, ``SETTLED_AGENT`` where the agent is settled, ``NONE`` where there is none; what settled
    agents do ``(H,)``; and which decisions count ``(D,)``: of each set those that are come to by the fewest actions
    that settled agents do not choose.  ``found``: ``strategy (C, H, A), belief (C, D),
    precision (C,), stopped (C,)``, one of ``ENDED, SLOW, ASTRAY``.  Returns 0.
    """
    unknown, start = variables[0], variables[0].copy()
    size = unknown.max() + 1
    point, tangent = np.zeros(size + 1), np.zeros(size + 1)
    system = (np.zeros((size + 1, size + 1)), np.zeros(size + 1))
    count, most = len(nodes[0]), unknown.shape[1]
    values, slopes = np.zeros((payoffs.shape[1], count)), np.zeros((payoffs.shape[1], count, size))
    logs, bends = np.zeros((count, 2)), np.zeros((count, size))
    play, belief = np.zeros(unknown.shape), np.zeros(len(sets[1]))
    own = np.zeros((unknown.shape[0], most)), np.zeros((most, size))
    work = (values, slopes, logs, bends, play, belief, own[0], own[1])
    for c in range(len(payoffs)):
        cell = (payoffs[c], chance[c])
        unknown[:] = start
        point[:] = 0.0
        tangent[:] = 0.0
        tangent[size] = 1.0
        found[3][c] = follow(nodes, sets, cell, variables, (point, tangent), work, system, steps)
        equations(nodes, sets, cell, variables, point, work, system)
        found[0][c] = play
        found[1][c] = belief
        found[2][c] = point[size]
    return 0


@kernel()
def follow(
    nodes: tuple[Array, Array, Array],
    sets: tuple[Array, Array, Array, Array],
    cell: tuple[Array, Array],
    variables: tuple[Array, Array, Array],
    curve: tuple[Array, Array],
    work: tuple[Array, Array, Array, Array, Array, Array, Array, Array],
    system: tuple[Array, Array],
    steps: int,
) -> int:
    """Follow the path of one cell from ``curve``, a point and its tangent, in place: why it stopped."""
    point, tangent = curve
    matrix = system[0]
    size = len(point) - 1
    ahead, trial = np.zeros(size + 1), np.zeros(size + 1)
    step = 0.1
    for _ in range(steps):
        plays(variables, point, work[4])
        rebase(variables[0], work[4], point, tangent)
        equations(nodes, sets, cell, variables, point, work, system)
        if regret(variables[0], work) <= SETTLED or point[size] > FARTHEST:
            return ENDED
        matrix[size] = tangent
        ahead[:] = 0.0
        ahead[size] = 1.0
        if gauss(matrix, ahead, size + 1) == 0:
            return ASTRAY
        length, along = 0.0, 0.0
        for k in range(size + 1):
            length += ahead[k] * ahead[k]
            along += ahead[k] * tangent[k]
        length = np.sqrt(length) if along >= 0.0 else -np.sqrt(length)
        for k in range(size + 1):
            ahead[k] /= length
        easy = 0
        while easy == 0:
            if step <= SHORTEST * max(1.0, SPECK * point[size]):
                return ASTRAY
            trial[:] = point + step * ahead
            easy = corrected(nodes, sets, cell, variables, trial, (point, ahead, step), work, system)
            if easy == 0:
                step *= 0.5
        tangent[:] = ahead
        point[:] = trial
        if easy <= EASY:
            step *= 2.0
    return SLOW


@kernel()
def rebase(unknown: Array, play: Array, point: Array, tangent: Array) -> None:
    """Compare with the likeliest action of an agent where that compared with has become rare: in place."""
    for h in range(len(unknown)):
        if unknown[h, 0] == SETTLED_AGENT:
            continue
        base, best = 0, 0
        for a in range(unknown.shape[1]):
            if unknown[h, a] == BASE:
                base = a
            if unknown[h, a] != NONE and play[h, a] > play[h, best]:
                best = a
        if best == base or play[h, base] >= RARE:
            continue
        slot = unknown[h, best]
        for vector in (point, tangent):
            shift = vector[slot]
            for a in range(unknown.shape[1]):
                if unknown[h, a] >= 0:
                    vector[unknown[h, a]] -= shift
            vector[slot] = -shift
        unknown[h, base], unknown[h, best] = slot, BASE


@kernel()
def corrected(
    nodes: tuple[Array, Array, Array],
    sets: tuple[Array, Array, Array, Array],
    cell: tuple[Array, Array],
    variables: tuple[Array, Array, Array],
    trial: Array,
    start: tuple[Array, Array, float],
    work: tuple[Array, Array, Array, Array, Array, Array, Array, Array],
    system: tuple[Array, Array],
) -> int:
    """Newton's method from ``trial``, at right angles to the tangent: how many rounds it took, 0 if it went astray."""
    point, ahead, step = start
    matrix, right = system
    size = len(trial) - 1
    for rounds in range(1, CORRECTIONS + 1):
        error = equations(nodes, sets, cell, variables, trial, work, system)
        if not np.isfinite(error):
            return 0
        if error <= POLISHED:
            away = 0.0
            for k in range(size + 1):
                away += (trial[k] - point[k] - step * ahead[k]) ** 2
            return rounds if away <= (1.0 - STRAIGHT) * step * step else 0
        matrix[size] = ahead
        right[size] = 0.0
        if gauss(matrix, right, size + 1) == 0:
            return 0
        for k in range(size + 1):
            trial[k] += right[k]
    return 0


@kernel()
def regret(
    unknown: Array,
    work: tuple[Array, Array, Array, Array, Array, Array, Array, Array],
) -> float:
    """Largest gain of any agent given its beliefs."""
    play, worth = work[4], work[6]
    worst = 0.0
    for h in range(len(unknown)):
        if unknown[h, 0] == SETTLED_AGENT:
            continue
        best, kept = -np.inf, 0.0
        for a in range(unknown.shape[1]):
            if unknown[h, a] != NONE:
                best = max(best, worth[h, a])
                kept += play[h, a] * worth[h, a]
        worst = max(worst, best - kept)
    return worst


@kernel()
def plays(variables: tuple[Array, Array, Array], point: Array, play: Array) -> None:
    """Probabilities from log-odds; settled agents do what they do."""
    unknown, settled, _ = variables
    for h in range(len(unknown)):
        play[h] = 0.0
        if unknown[h, 0] == SETTLED_AGENT:
            play[h, settled[h]] = 1.0
            continue
        top = 0.0
        for a in range(unknown.shape[1]):
            if unknown[h, a] >= 0:
                top = max(top, point[unknown[h, a]])
        total = 0.0
        for a in range(unknown.shape[1]):
            if unknown[h, a] != NONE:
                play[h, a] = exp((point[unknown[h, a]] if unknown[h, a] >= 0 else 0.0) - top)
                total += play[h, a]
        play[h] /= total


@kernel()
def log_share(unknown: Array, point: Array, h: int, a: int) -> float:
    """Logarithm of the probability of an action of an agent that is not settled."""
    top = 0.0
    for b in range(unknown.shape[1]):
        if unknown[h, b] >= 0:
            top = max(top, point[unknown[h, b]])
    total = exp(-top)
    for b in range(unknown.shape[1]):
        if unknown[h, b] >= 0:
            total += exp(point[unknown[h, b]] - top)
    return (point[unknown[h, a]] if unknown[h, a] >= 0 else 0.0) - top - log(total)


@kernel()
def expand(
    nodes: tuple[Array, Array, Array],
    cell: tuple[Array, Array],
    variables: tuple[Array, Array, Array],
    point: Array,
    work: tuple[Array, Array, Array, Array, Array, Array, Array, Array],
) -> None:
    """Values of nodes and logarithms of how likely they are, each with its derivatives by the unknowns.

    Logarithms are sums of two floats: far off the path they are as large as the precision, and what two nodes of a set
    differ by, which is what is believed there, would be lost in one.
    """
    parent, edge, agent = nodes
    payoffs, chance = cell
    unknown = variables[0]
    values, slopes, logs, bends, play = work[0], work[1], work[2], work[3], work[4]
    logs[0] = 0.0
    bends[0] = 0.0
    for v in range(1, len(parent)):
        above, h = parent[v], agent[parent[v]]
        logs[v] = logs[above]
        bends[v] = bends[above]
        more = 0.0
        if h == CHANCE:
            more = log(chance[edge[v]]) if chance[edge[v]] > 0.0 else 0.0
        elif unknown[h, 0] != SETTLED_AGENT:
            more = log_share(unknown, point, h, edge[v])
            for b in range(unknown.shape[1]):
                if unknown[h, b] >= 0:
                    bends[v, unknown[h, b]] += (1.0 if b == edge[v] else 0.0) - play[h, b]
        logs[v, 0] = logs[above, 0] + more
        kept = logs[v, 0] - logs[above, 0]
        logs[v, 1] += (logs[above, 0] - (logs[v, 0] - kept)) + (more - kept)
    for i in range(len(payoffs)):
        end = payoffs.shape[1]
        values[i] = 0.0
        slopes[i] = 0.0
        for v in range(len(parent) - 1, -1, -1):
            if agent[v] == END:
                end -= 1
                values[i, v] = payoffs[i, end]
            elif agent[v] >= 0 and unknown[agent[v], 0] != SETTLED_AGENT:
                for b in range(unknown.shape[1]):  # the value of each child was noted on the way
                    if unknown[agent[v], b] >= 0:
                        slopes[i, v, unknown[agent[v], b]] -= play[agent[v], b] * values[i, v]
            if parent[v] >= 0:
                above, h = parent[v], agent[parent[v]]
                share = chance[edge[v]] if h == CHANCE else play[h, edge[v]]
                if share != 0.0:
                    values[i, above] += share * values[i, v]
                    slopes[i, above] += share * slopes[i, v]
                if h >= 0 and unknown[h, edge[v]] >= 0:
                    slopes[i, above, unknown[h, edge[v]]] += share * values[i, v]


@kernel()
def equations(
    nodes: tuple[Array, Array, Array],
    sets: tuple[Array, Array, Array, Array],
    cell: tuple[Array, Array],
    variables: tuple[Array, Array, Array],
    point: Array,
    work: tuple[Array, Array, Array, Array, Array, Array, Array, Array],
    system: tuple[Array, Array],
) -> float:
    """Errors of the equations with the opposite sign, and their derivatives at ``point (size + 1,)``: the largest error.

    Equation of an action: log-odds over precision is what it is worth more than that compared with; multiplied by precision
    where that is small.
    """
    owner, decisions, first, child = sets
    unknown, _, counts = variables
    values, slopes, logs, bends, play, belief, worth, gain = work
    matrix, right = system
    size = len(point) - 1
    plays(variables, point, play)
    expand(nodes, cell, variables, point, work)
    precision, unit, worst = point[size], 1.0 / (1.0 + abs(point[size])), 0.0
    for h in range(len(unknown)):
        begin, end = first[h], first[h + 1]
        weigh_beliefs(decisions[begin:end], counts[begin:end], logs, belief[begin:end])
        if unknown[h, 0] == SETTLED_AGENT:
            continue
        i, base = owner[h], 0
        for a in range(unknown.shape[1]):
            if unknown[h, a] == NONE:
                continue
            if unknown[h, a] == BASE:
                base = a
            worth[h, a] = 0.0
            gain[a] = 0.0
            for d in range(begin, end):
                if belief[d] == 0.0:
                    continue
                w = child[d, a]
                worth[h, a] += belief[d] * values[i, w]
                for k in range(size):
                    gain[a, k] += belief[d] * (slopes[i, w, k] + bends[decisions[d], k] * values[i, w])
            for d in range(begin, end):
                if belief[d] != 0.0:
                    for k in range(size):
                        gain[a, k] -= belief[d] * bends[decisions[d], k] * worth[h, a]
        for a in range(unknown.shape[1]):
            row = unknown[h, a]
            if row < 0:
                continue
            more = worth[h, a] - worth[h, base]
            right[row] = unit * (precision * more - point[row])
            worst = max(worst, abs(right[row]))
            for k in range(size):
                matrix[row, k] = -unit * precision * (gain[a, k] - gain[base, k])
            matrix[row, row] += unit
            matrix[row, size] = -unit * more
    return worst


@kernel()
def weigh_beliefs(members: Array, counts: Array, logs: Array, belief: Array) -> None:
    """Beliefs in proportion to how likely the nodes that count are."""
    top, rest, total = -np.inf, 0.0, 0.0
    for d in range(len(members)):
        if counts[d] and logs[members[d], 0] > top:
            top, rest = logs[members[d], 0], logs[members[d], 1]
    for d in range(len(members)):
        less = (logs[members[d], 0] - top) + (logs[members[d], 1] - rest)
        belief[d] = exp(less) if counts[d] else 0.0
        total += belief[d]
    belief /= total
