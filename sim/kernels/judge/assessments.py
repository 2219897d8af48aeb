"""What the certificate recomputes of play on a tree: whole plans, beliefs by Bayes' rule, gains given beliefs.

Many claims at once: claim e is about cell ``of[e]``.  ``nodes`` are ``parent, edge, agent (N,)``, ``sets`` are
``decisions (D,), first (H + 1,), child (D, A), own (D,)``, the last own decision before each, and ``later (H,)``
with later agents of a player before his earlier ones.  Everything is written here from the game alone.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tree_passes import CHANCE, END

__all__ = ["assessment_gaps", "belief_gains", "plan_gains"]


@kernel()
def share_of(edge: Array, agent: Array, above: int, v: int, chance: Array, strategy: Array) -> float:
    """How likely the way into node v is, once its parent ``above`` is reached."""
    return chance[edge[v]] if agent[above] == CHANCE else strategy[agent[above], edge[v]]


@kernel()
def worths(
    nodes: tuple[Array, Array, Array], payoffs: Array, chance: Array, strategy: Array, value: Array
) -> None:
    """What each node is worth to each player under play, ``value (n, N)``."""
    parent, edge, agent = nodes
    for i in range(value.shape[0]):
        end = payoffs.shape[1]
        value[i] = 0.0
        for v in range(value.shape[1] - 1, -1, -1):
            if agent[v] == END:
                end -= 1
                value[i, v] = payoffs[i, end]
            if parent[v] >= 0:
                share = share_of(edge, agent, parent[v], v, chance, strategy)
                if share != 0.0:
                    value[i, parent[v]] += share * value[i, v]


@kernel()
def plan_gains(
    nodes: tuple[Array, Array, Array],
    plans: tuple[Array, Array, Array, Array],
    payoffs: Array,
    chance: Array,
    of: Array,
    strategy: Array,
    marked: Array,
    gain: Array,
) -> int:
    """The most that each player gains by another plan for all his moves, others kept.

    ``plans`` are ``owner (H,), later (H,)``, the first node of each set and its number of actions.  Judged on its own
    is each part of the tree that begins at a ``marked (N,)`` node, the root one of them, and ends at the next marked
    ones, which are worth what play makes of them: with roots of subgames marked, no gain is subgame perfection.
    ``payoffs (C, n, Z)``, ``chance (C, E)``, ``strategy (E, H, A)``; written: ``gain (E, n)``.  Returns 0.
    Source: sequence form, von Stengel (1996).
    """
    owner, later, member, sizes = plans
    count, players = len(nodes[0]), payoffs.shape[1]
    value, weight = np.empty((players, count)), np.empty(count)
    past = np.empty(
        (3, count), np.int64
    )  # the last own agent in this part, what it did, where the part begins
    worth, start = np.empty(strategy.shape[1:]), np.empty(count)
    for e in range(strategy.shape[0]):
        c = of[e]
        worths(nodes, payoffs[c], chance[c], strategy[e], value)
        for i in range(players):
            worth[:] = 0.0
            start[:] = 0.0
            weigh(nodes, owner, i, (chance[c], strategy[e], value[i], marked), weight, past, worth, start)
            for h in later:
                if owner[h] == i:
                    best = worth[h, : sizes[h]].max()
                    before, did, top = past[:, member[h]]
                    if before >= 0:
                        worth[before, did] += best
                    else:
                        start[top] += best
            gain[e, i] = 0.0
            for v in range(count):
                if past[2, v] == v and nodes[2][v] != END:
                    gain[e, i] = max(gain[e, i], start[v] - value[i, v])
    return 0


@kernel()
def weigh(
    nodes: tuple[Array, Array, Array],
    owner: Array,
    i: int,
    play: tuple[Array, Array, Array, Array],
    weight: Array,
    past: Array,
    worth: Array,
    start: Array,
) -> None:
    """What the ends of a part give player i, each as likely as others make it, by his last move before it.

    ``play`` are chance, strategy, values of nodes and marks; written: ``weight (N,)``, ``past (3, N)``, added to
    ``worth (H, A)`` and ``start (N,)``.
    """
    parent, edge, agent = nodes
    chance, strategy, value, marked = play
    for v in range(len(parent)):
        above = parent[v]
        if above < 0:
            weight[v], past[0, v], past[1, v], past[2, v] = 1.0, -1, 0, v
            continue
        h = agent[above]
        if h >= 0 and owner[h] == i:
            weight[v], past[0, v], past[1, v], past[2, v] = weight[above], h, edge[v], past[2, above]
        else:
            weight[v] = weight[above] * share_of(edge, agent, above, v, chance, strategy)
            past[:, v] = past[:, above]
        if agent[v] == END or marked[v]:
            if weight[v] != 0.0 and past[0, v] >= 0:
                worth[past[0, v], past[1, v]] += weight[v] * value[v]
            elif weight[v] != 0.0:
                start[past[2, v]] += weight[v] * value[v]
        if marked[v]:
            weight[v], past[0, v], past[1, v], past[2, v] = 1.0, -1, 0, v


@kernel()
def assessment_gaps(
    nodes: tuple[Array, Array, Array],
    sets: tuple[Array, Array, Array, Array, Array],
    payoffs: Array,
    chance: Array,
    of: Array,
    claims: tuple[Array, Array],
    subgame: Array,
    gaps: Array,
) -> int:
    """How far assessments miss Bayes' rule, best replies given beliefs, and memory of one's own beliefs.

    ``sets`` are ``owner (H,), decisions (D,), first (H + 1,), child (D, A), own (D,)``, the last own decision before
    each; ``claims`` are ``strategy (E, H, A), belief (E, D)``; ``subgame (N,)`` marks roots of subgames, from each of
    which Bayes' rule holds.  Written: ``gaps (E, 2 + H)``: the largest distance of a belief from Bayes' rule, sums of
    beliefs and the rule that what chance never brings is not believed included; the largest distance of a belief from
    what an earlier one of the same player implies; the gain of each agent from another action, given its beliefs.
    Returns 0.
    """
    parent, edge, agent = nodes
    owner, decisions, first, child, own = sets
    strategies, beliefs = claims
    count, players = len(parent), payoffs.shape[1]
    value, reach, drawn = np.empty((players, count)), np.empty(count), np.empty(count, np.bool_)
    for e in range(strategies.shape[0]):
        c, strategy, belief = of[e], strategies[e], beliefs[e]
        worths(nodes, payoffs[c], chance[c], strategy, value)
        for v in range(count):
            above = parent[v]
            share = 1.0 if above < 0 else share_of(edge, agent, above, v, chance[c], strategy)
            reach[v] = 1.0 if above < 0 or subgame[v] else reach[above] * share
            drawn[v] = above < 0 or (drawn[above] and (agent[above] != CHANCE or share > 0.0))
        gaps[e, 0] = gaps[e, 1] = 0.0
        for h in range(len(owner)):
            begin, end = first[h], first[h + 1]
            gaps[e, 0] = max(gaps[e, 0], bayes_gap(decisions[begin:end], belief[begin:end], reach, drawn))
            gaps[e, 1] = max(
                gaps[e, 1], recall_gap(nodes, (begin, end), (decisions, own), chance[c], strategy, belief)
            )
            kept, best = 0.0, -np.inf
            for a in range(child.shape[1]):
                if child[begin, a] < 0:
                    break
                worth = 0.0
                for d in range(begin, end):
                    if belief[d] != 0.0:
                        worth += belief[d] * value[owner[h], child[d, a]]
                best = max(best, worth)
                if strategy[h, a] != 0.0:
                    kept += strategy[h, a] * worth
            gaps[e, 2 + h] = best - kept
    return 0


@kernel()
def bayes_gap(members: Array, belief: Array, reach: Array, drawn: Array) -> float:
    """Largest distance of the beliefs at one set from Bayes' rule where it is reached; from being beliefs elsewhere."""
    total, mass, some = 0.0, 0.0, False
    for d in range(len(members)):
        total += belief[d]
        mass += reach[members[d]]
        some |= drawn[members[d]]
    gap = abs(total - 1.0)
    if np.isnan(total):
        return np.inf
    for d in range(len(members)):
        gap = max(gap, -belief[d])
        if mass > 0.0:
            gap = max(gap, abs(belief[d] - reach[members[d]] / mass))
        elif some and not drawn[members[d]]:
            gap = max(gap, belief[d])
    return gap


@kernel()
def recall_gap(
    nodes: tuple[Array, Array, Array],
    span: tuple[int, int],
    sets: tuple[Array, Array],
    chance: Array,
    strategy: Array,
    belief: Array,
) -> float:
    """Largest distance of the beliefs at one set from those that the player's last move before it implies."""
    parent, edge, agent = nodes
    decisions, own = sets
    begin, end = span
    if own[begin] < 0:
        return 0.0
    implied = np.empty(end - begin)
    total = 0.0
    for d in range(begin, end):
        likely, v = belief[own[d]], decisions[d]
        while parent[v] != decisions[own[d]]:
            likely *= share_of(edge, agent, parent[v], v, chance, strategy)
            v = parent[v]
        implied[d - begin] = likely
        total += likely
    if not total > 0.0:
        return 0.0
    gap = 0.0
    for d in range(begin, end):
        gap = max(gap, abs(belief[d] - implied[d - begin] / total))
    return gap


@kernel()
def belief_gains(
    nodes: tuple[Array, Array, Array],
    plans: tuple[Array, Array, Array, Array],
    payoffs: Array,
    chance: Array,
    of: Array,
    claims: tuple[Array, Array],
    belief_of: Array,
    gain: Array,
) -> int:
    """The most that each agent's player gains from there on by another plan for all moves that follow, given beliefs.

    ``plans`` as in :func:`plan_gains`; ``claims`` are ``strategy (E, H, A), belief (E, D)``; ``belief_of (N,)`` is the
    place of a node's belief, -1 where it has none.  Written: ``gain (E, H)``.  Returns 0.
    """
    parent, edge, agent = nodes
    owner, later, member, sizes = plans
    strategies, beliefs = claims
    count = len(parent)
    value, weight, inside = np.empty((payoffs.shape[1], count)), np.empty(count), np.empty(count, np.bool_)
    past, worth = np.empty((2, count), np.int64), np.empty(strategies.shape[1:])
    for e in range(strategies.shape[0]):
        c, strategy = of[e], strategies[e]
        worths(nodes, payoffs[c], chance[c], strategy, value)
        for g in range(len(owner)):
            i, kept = owner[g], 0.0
            worth[:] = 0.0
            for v in range(count):
                above = parent[v]
                if agent[v] == g:
                    inside[v], weight[v], past[0, v] = True, beliefs[e, belief_of[v]], -1
                    kept += weight[v] * value[i, v] if weight[v] != 0.0 else 0.0
                    continue
                inside[v] = above >= 0 and inside[above]
                if not inside[v]:
                    continue
                if agent[above] >= 0 and owner[agent[above]] == i:
                    weight[v], past[0, v], past[1, v] = weight[above], agent[above], edge[v]
                else:
                    weight[v] = weight[above] * share_of(edge, agent, above, v, chance[c], strategy)
                    past[:, v] = past[:, above]
                if agent[v] == END and weight[v] != 0.0:
                    worth[past[0, v], past[1, v]] += weight[v] * value[i, v]
            for h in later:
                if owner[h] == i and h != g and inside[member[h]]:
                    before, did = past[:, member[h]]
                    worth[before, did] += worth[h, : sizes[h]].max()
            gain[e, g] = worth[g, : sizes[g]].max() - kept
    return 0
