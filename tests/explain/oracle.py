"""What choices bring, worked out anew without the package's arithmetic: loops over joint actions, ends and rounds."""

from __future__ import annotations

import itertools

import numpy as np

SPECK = 1e-9


def one_shot(payoffs, strategy, h, own):
    """Payoff of ``own`` to player ``h`` of one normal form ``(n, A1, .., An)``, others as they play."""
    total = 0.0
    for joint in itertools.product(*map(range, payoffs.shape[1:])):
        if joint[h] == own:
            weight = np.prod([strategy[j, a] for j, a in enumerate(joint) if j != h])
            total += weight * payoffs[(h, *joint)] if weight else 0.0
    return total


def normal(game, strategy, belief=None):
    """``worth[h][a]``."""
    return [
        [one_shot(game.payoffs[0], strategy, h, a) for a in range(len(agent.actions))]
        for h, agent in enumerate(game.agents)
    ]


def stochastic(game, strategy, belief=None):
    """``(1 - d) u + d v`` with values that solve a linear system, put together by loops."""
    n, states = len(game.players), len(game.states)
    d = game.discount[0]
    available = [[range(len(game.agents[i * states + s].actions)) for i in range(n)] for s in range(states)]
    transition = game.transition[0]
    reward, chain = np.zeros((n, states)), np.zeros((states, states))
    for s in range(states):
        for joint in itertools.product(*available[s]):
            weight = np.prod([strategy[i * states + s, a] for i, a in enumerate(joint)])
            chain[s] += weight * transition[(s, *joint)]
            reward[:, s] += weight * game.payoffs[(0, slice(None), s, *joint)]
    value = [np.linalg.solve(np.eye(states) - d[i] * chain, (1 - d[i]) * reward[i]) for i in range(n)]
    result = []
    for h, agent in enumerate(game.agents):
        i, s = divmod(h, states)
        row = np.zeros(len(agent.actions))
        for joint in itertools.product(*available[s]):
            weight = np.prod([strategy[j * states + s, a] for j, a in enumerate(joint) if j != i])
            now = (1 - d[i]) * game.payoffs[(0, i, s, *joint)] + d[i] * transition[(s, *joint)] @ value[i]
            row[joint[i]] += weight * now
        result.append(row.tolist())
    return result


def below(game, node, player, strategy):
    """What a node of a tree is worth to a player."""
    shape = game.shape
    children = [int(v) for v in range(len(shape.parent)) if shape.parent[v] == node]
    if not children:
        return game.payoffs[0, player, list(shape.ends).index(node)]
    h = shape.agent[node]
    shares = [(game.chance[0, shape.edge[v]] if h < 0 else strategy[h, shape.edge[v]]) for v in children]
    return sum(p * below(game, v, player, strategy) for p, v in zip(shares, children, strict=True) if p)


def reach(game, node, strategy):
    """How likely play comes to a node."""
    shape, result = game.shape, 1.0
    while shape.parent[node] >= 0:
        above = shape.parent[node]
        h = shape.agent[above]
        result *= game.chance[0, shape.edge[node]] if h < 0 else strategy[h, shape.edge[node]]
        node = above
    return result


def tree(game, strategy, belief=None):
    """By beliefs at each information set, those of Bayes' rule where none are given; NaN where there are none."""
    shape, result = game.shape, []
    for h, agent in enumerate(game.agents):
        members = shape.members(h)
        likely = [reach(game, v, strategy) for v in members]
        if belief is not None:
            thought = [float(belief[shape.belief_of[v]]) for v in members]
        elif len(members) == 1:
            thought = [1.0]
        else:
            thought = [p / sum(likely) if sum(likely) > 0 else np.nan for p in likely]
        row = np.zeros(len(agent.actions))
        for v, p in zip(members, thought, strict=True):
            if p != 0:
                for child in np.flatnonzero(shape.parent == v):
                    row[shape.edge[child]] += p * below(game, child, agent.player, strategy)
        result.append(row.tolist())
    return result


def comes(game, h, strategy):
    """Whether play comes to an information set."""
    return sum(reach(game, v, strategy) for v in game.shape.members(h)) > SPECK


def comes_to_states(game, strategy):
    """States that play ever comes to."""
    states = len(game.states)
    seen = {s for s in range(states) if game.start[s] > 0}
    for _ in range(states):
        for s in list(seen):
            sizes = [range(len(game.agents[i * states + s].actions)) for i in range(len(game.players))]
            for joint in itertools.product(*sizes):
                weight = np.prod([strategy[i * states + s, a] for i, a in enumerate(joint)])
                seen |= {t for t in range(states) if weight * game.transition[0][(s, *joint)][t] > SPECK}
    return seen


def refused(game, claimed, proposer, player, left, rounds=600):
    """What refusal of a proposer's first offer is worth to a player, by following the plan round by round."""
    if left:
        return game.outside[0, player]
    n, last = len(game.players), game.rounds
    order = {"random": np.full((n, n), 1 / n), "alternating": np.roll(np.eye(n), 1, axis=1)}.get(game.offers)
    order = np.tile(np.eye(n)[game.players.index(game.offers)], (n, 1)) if order is None else order
    first = {"random": np.full(n, 1 / n), "alternating": np.eye(n)[0]}.get(game.offers)
    first = order[0] if first is None else first
    risk, d = game.risk[0], game.discount[0, player]

    def plan(t):
        at = 0 if last is None else t
        return claimed["shares"][at], claimed["accepted"][at], claimed["leaves"][at] > 0

    def waiting(t, s, after):
        later = (
            game.outside[0, player]
            if t + 1 == last
            else (1 - d) * game.inside[0, player] + d * order[s] @ after
        )
        return risk * game.breakdown[0, player] + (1 - risk) * later

    start, reached = 0, first
    while last is not None and reached[proposer] == 0:
        start, reached = start + 1, reached @ order
    value = np.zeros(n)
    for t in range((rounds if last is None else last) - 1, start, -1):
        shares, accepted, leaves = plan(t)
        new = np.empty(n)
        for s in range(n):
            others = [j for j in range(n) if j != s]
            offer = not leaves[s, s] and not np.isnan(shares[s]).any()
            no = [j for j in others if not (offer and shares[s, j] >= accepted[s, j] - 1e-9)]
            if offer and not no:
                new[s] = shares[s, player]
            elif leaves[s, s] or any(leaves[s, j] for j in no):
                new[s] = game.outside[0, player]
            else:
                new[s] = waiting(t, s, value)
        value = new
    return waiting(start, proposer, value)
