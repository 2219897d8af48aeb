"""What the certificate recomputes of play with beliefs: Bayes' rule, memory, gains given beliefs.

Many claims at once, as in :mod:`sim.kernels.judge.side_by_side`.  ``sets`` are ``owner (H,), decisions (D,), first
(H + 1,), child (D, A), own (D,)``, the last own decision before each.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tree_passes import CHANCE, END
from sim.kernels.judge.side_by_side import WIDE, larger, way_shares, worths

__all__ = ["assessment_gaps", "belief_gains"]


@kernel()
def assessment_gaps(
    nodes: tuple[Array, Array, Array],
    sets: tuple[Array, Array, Array, Array, Array],
    game: tuple[Array, Array, Array],
    claims: tuple[Array, Array],
    strategy: Array,
    beliefs: tuple[Array, Array, Array, Array],
    subgame: Array,
    gaps: Array,
) -> int:
    """How far assessments miss Bayes' rule and best replies given beliefs, and memory of one's own beliefs.

    ``game`` are ``payoffs (C, n, Z), chance (C, E), scale (C, n)``; ``claims`` are ``cell, place (E,)``; ``strategy
    (C, K, H, A)``; ``subgame (N,)`` marks roots of subgames, from each of which Bayes' rule holds.  ``beliefs`` are
    ``belief, low, high (C, K, D)`` and ``vertices (C, K, X, D)``: besides the belief, at sets of two nodes the ends of
    the interval and at all sets the vertices are beliefs that have to support the play as well, where they are not
    NaN.  Written: ``gaps (E, 2)``.  First the largest of: the distance of a belief from Bayes' rule, sums of beliefs
    and the rule that what chance never brings is not believed included; the gain of an agent from another action, given
    its beliefs, in units of the scale of its player.  Then the largest distance of a belief from what an earlier one of
    the same player implies.  Returns 0.
    """
    parent, _, agent = nodes
    owner, decisions, first, child, own = sets
    payoffs, chance, scale = game
    cell = claims[0]
    count, most = len(parent), len(cell)
    wide = min(WIDE, max(most, 1))
    share, reach, value = np.empty((3, count, wide))
    drawn = np.empty((count, wide), np.bool_)
    held, other = np.empty((2, len(decisions), wide))
    work = np.empty((3 + np.diff(first).max(), wide))
    found = np.empty((2, wide))
    for begin in range(0, most, wide):
        span = (begin, min(begin + wide, most))
        way_shares(nodes, chance, strategy, claims, span, share)
        for v in range(count):
            for w in range(wide):
                likely = share[v, w]
                if parent[v] < 0:
                    reach[v, w], drawn[v, w] = 1.0, True
                else:
                    above = parent[v]
                    reach[v, w] = 1.0 if subgame[v] else reach[above, w] * likely
                    drawn[v, w] = drawn[above, w] and (agent[above] != CHANCE or likely > 0.0)
        found[:] = 0.0
        for h in range(len(owner)):
            claimed(beliefs, claims, span, (first[h], first[h + 1]), -1, held)
        for i in range(payoffs.shape[1]):
            worths(nodes, payoffs, i, cell, span, share, value)
            for h in range(len(owner)):
                if owner[h] != i:
                    continue
                here = (first[h], first[h + 1])
                members, units = decisions[here[0] : here[1]], (scale, cell, i)
                bayes_gaps(members, here[0], held, reach, drawn, found[0], work)
                action_gains((h, here), child, value, held, (strategy, claims, span), units, found[0], work)
                recall_gaps(nodes, here, (decisions, own), share, held, found[1], work)
                for which in range(2 + beliefs[3].shape[2]):
                    if which < 2 and len(members) != 2:
                        continue
                    if claimed(beliefs, claims, span, here, which, other):
                        bayes_gaps(members, here[0], other, reach, drawn, found[0], work)
                        action_gains(
                            (h, here), child, value, other, (strategy, claims, span), units, found[0], work
                        )
        for e in range(span[0], span[1]):
            gaps[e, 0], gaps[e, 1] = found[0, e - begin], found[1, e - begin]
    return 0


@kernel(borrows=True)
def claimed(
    beliefs: tuple[Array, Array, Array, Array],
    claims: tuple[Array, Array],
    span: tuple[int, int],
    here: tuple[int, int],
    which: int,
    held: Array,
) -> bool:
    """Beliefs at one set, ``held (D, W)``: those that are claimed (-1), an end of an interval (0, 1), a vertex (2 and on).

    Returns whether some of them are others than those that are claimed.  Of an interval that is claimed by half the
    other half is NaN, which no set of beliefs may be.
    """
    belief, low, high, vertices = beliefs
    cell, place = claims
    differs = False
    for e in range(span[0], span[1]):
        c, k, w = cell[e], place[e], e - span[0]
        for d in range(here[0], here[1]):
            held[d, w] = belief[c, k, d]
        if which < 0 or which >= 2:
            for d in range(here[0], here[1]):
                if which >= 2 and not np.isnan(vertices[c, k, which - 2, d]):
                    held[d, w] = vertices[c, k, which - 2, d]
        elif low.shape[2] > 0:
            one, two = low[c, k, here[0] + which], high[c, k, here[0] + 1 - which]
            if not (np.isnan(one) and np.isnan(two)):
                held[here[0] + which, w], held[here[0] + 1 - which, w] = one, two
        for d in range(here[0], here[1]):
            differs = differs or not held[d, w] == belief[c, k, d]
    return differs


@kernel(borrows=True)
def bayes_gaps(
    members: Array, begin: int, held: Array, reach: Array, drawn: Array, found: Array, work: Array
) -> None:
    """Raise ``found (W,)`` to how far beliefs at one set are from Bayes' rule, or from being beliefs.

    ``held (D, W)`` from ``begin`` on; ``reach, drawn (N, W)``.  Where the set is not reached nothing is believed that
    chance never brings, unless it brings none of it.
    """
    total, mass, some = work[0], work[1], work[2]
    total[:] = 0.0
    mass[:] = 0.0
    some[:] = 0.0
    for d in range(len(members)):
        one, likely, there = held[begin + d], reach[members[d]], drawn[members[d]]
        for w in range(len(found)):
            total[w] += one[w]
            mass[w] += likely[w]
            some[w] += 1.0 if there[w] else 0.0
    for w in range(len(found)):
        found[w] = larger(found[w], abs(total[w] - 1.0))
        found[w] = np.inf if np.isnan(total[w]) else found[w]
    for d in range(len(members)):
        one, likely, there = held[begin + d], reach[members[d]], drawn[members[d]]
        for w in range(len(found)):
            never = one[w] if some[w] > 0.0 and not there[w] else 0.0
            away = abs(one[w] - likely[w] / mass[w]) if mass[w] > 0.0 else never
            found[w] = larger(found[w], larger(-one[w], away))


@kernel(borrows=True)
def action_gains(
    at: tuple[int, tuple[int, int]],
    child: Array,
    value: Array,
    held: Array,
    play: tuple[Array, tuple[Array, Array], tuple[int, int]],
    units: tuple[Array, Array, int],
    found: Array,
    work: Array,
) -> None:
    """Raise ``found (W,)`` to what the agent of a set gains by another action, given beliefs ``held (D, W)``.

    ``at`` are the agent and the span of its decisions, ``value (N, W)`` is its player's, ``play`` are ``strategy
    (C, K, H, A)``, cells and places of claims and their span, ``units`` are ``scale (C, n)``, cells and the player.
    """
    h, (begin, end) = at
    strategy, (cell, place), (first, last) = play
    worth, best, kept = work[0], work[1], work[2]
    best[:] = -np.inf
    kept[:] = 0.0
    for a in range(child.shape[1]):
        if child[begin, a] < 0:
            break
        worth[:] = 0.0
        for d in range(begin, end):
            one, below = held[d], value[child[d, a]]
            for w in range(len(worth)):
                worth[w] += one[w] * below[w] if one[w] != 0.0 else 0.0
        for e in range(first, last):
            w, likely = e - first, strategy[cell[e], place[e], h, a]
            best[w] = larger(best[w], worth[w])
            kept[w] += likely * worth[w] if likely != 0.0 else 0.0
    for e in range(first, last):
        gain = (best[e - first] - kept[e - first]) / units[0][cell[e], units[2]]
        found[e - first] = larger(found[e - first], gain)


@kernel(borrows=True)
def recall_gaps(
    nodes: tuple[Array, Array, Array],
    here: tuple[int, int],
    sets: tuple[Array, Array],
    share: Array,
    held: Array,
    found: Array,
    work: Array,
) -> None:
    """Raise ``found (W,)`` to how far beliefs at one set are from those that the player's last move before implies.

    ``here`` is the span of its decisions, ``sets`` are ``decisions, own (D,)``, ``held (D, W)`` all beliefs that stand
    before it as well, ``share (N, W)``.
    """
    parent = nodes[0]
    decisions, own = sets
    begin, end = here
    if own[begin] < 0:
        return
    total = work[0]
    total[:] = 0.0
    for d in range(begin, end):
        implied, v = work[3 + d - begin], decisions[d]
        for w in range(len(total)):
            implied[w] = held[own[d], w]
        while parent[v] != decisions[own[d]]:
            way = share[v]
            for w in range(len(total)):
                implied[w] *= way[w]
            v = parent[v]
        for w in range(len(total)):
            total[w] += implied[w]
    for d in range(begin, end):
        implied, one = work[3 + d - begin], held[d]
        for w in range(len(total)):
            if total[w] > 0.0:
                found[w] = larger(found[w], abs(one[w] - implied[w] / total[w]))


@kernel()
def belief_gains(
    nodes: tuple[Array, Array, Array],
    plans: tuple[Array, Array, Array, Array],
    game: tuple[Array, Array],
    claims: tuple[Array, Array],
    strategy: Array,
    beliefs: Array,
    belief_of: Array,
    gain: Array,
) -> int:
    """The most that each agent's player gains from there on by another plan for all moves that follow, given beliefs.

    ``plans`` are owners, later agents first, the first node of each set and its number of actions; ``game`` are
    ``payoffs (C, n, Z), chance (C, E)``; ``claims`` are ``cell, place (E,)``; ``strategy (C, K, H, A)``, ``beliefs
    (C, K, D)``; ``belief_of (N,)`` is the place of a node's belief, -1 where it has none.  Written: ``gain (E, H)``.
    Returns 0.
    """
    parent, edge, agent = nodes
    owner, later, member, sizes = plans
    cell, place = claims
    count = len(parent)
    share, value = np.empty((2, count, 1))
    weight, inside = np.empty(count), np.empty(count, np.bool_)
    past, worth = np.empty((2, count), np.int64), np.empty(strategy.shape[2:])
    for e in range(len(cell)):
        way_shares(nodes, game[1], strategy, claims, (e, e + 1), share)
        for g in range(len(owner)):
            i, kept = owner[g], 0.0
            worths(nodes, game[0], i, cell, (e, e + 1), share, value)
            worth[:] = 0.0
            for v in range(count):
                above = parent[v]
                if agent[v] == g:
                    inside[v], weight[v], past[0, v] = True, beliefs[cell[e], place[e], belief_of[v]], -1
                    kept += weight[v] * value[v, 0] if weight[v] != 0.0 else 0.0
                    continue
                inside[v] = above >= 0 and inside[above]
                if not inside[v]:
                    continue
                if agent[above] >= 0 and owner[agent[above]] == i:
                    weight[v], past[0, v], past[1, v] = weight[above], agent[above], edge[v]
                else:
                    weight[v] = weight[above] * share[v, 0]
                    past[:, v] = past[:, above]
                if agent[v] == END and weight[v] != 0.0:
                    worth[past[0, v], past[1, v]] += weight[v] * value[v, 0]
            for h in later:
                if owner[h] == i and h != g and inside[member[h]]:
                    before, did = past[:, member[h]]
                    worth[before, did] += worth[h, : sizes[h]].max()
            gain[e, g] = worth[g, : sizes[g]].max() - kept
    return 0
