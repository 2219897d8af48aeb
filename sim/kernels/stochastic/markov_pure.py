"""All pure stationary Markov-perfect equilibria of a stochastic game.

A search by branching comes first: a node fixes the joint action of some states and keeps, for every other
state, the joint actions that bounds on values leave (:mod:`sim.kernels.stochastic.markov_bounds`).  With little
patience, or where states follow each other in many ways, it is over after a handful of nodes.  Where it
is not, the policies of all players but one are listed with that one's replies
(:mod:`sim.kernels.stochastic.markov_replies`), if they are few enough; else the search goes on.  What ends by itself
has found all.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.threads import over_blocks
from sim.kernels.base.tolerances import SETTLED
from sim.kernels.stochastic.batch import Batch, move_of, part_of
from sim.kernels.stochastic.markov_bounds import propagate, shifted_rows
from sim.kernels.stochastic.markov_policy import Table, holds, table
from sim.kernels.stochastic.markov_replies import others_policies, reply_equilibria

__all__ = ["pure_equilibria", "pure_policies"]

FEW = 200
"""Nodes of the search after which listing replies is likely to be quicker."""


TIES = 1000
"""Further replies, where several are optimal, after which another player's are more promising."""


@kernel()
def widest_state(game: Table, alive: Array, low: Array, high: Array, policy: Array) -> int:
    """The state to branch on: fewest joint actions left, then widest interval; -1 where all are decided.

    ``policy (S,)`` receives a joint action that is left in each state.
    """
    players, states, joint = game.reward.shape
    fewest = joint + 1
    widest = -1.0
    chosen = -1
    for s in range(states):
        left = 0
        for m in range(joint):
            if alive[s, m]:
                left += 1
                policy[s] = m
        if left > 1:
            width = 0.0
            for i in range(players):
                width = max(width, (high[i, s] - low[i, s]) / max(game.slack[i], 1e-300))
            if left < fewest or (left == fewest and width > widest):
                fewest, widest, chosen = left, width, s
    return chosen


@kernel()
def branch(
    game: Table, budget: int, alive: Array, low: Array, high: Array, found: Array, verdict: Array
) -> tuple[int, int, bool]:
    """Depth-first search: the number found, the nodes opened, and whether it ended within ``budget``.

    ``alive (S + 1, S, M)``, ``low, high (S + 1, n, S)`` are scratch by depth; at depth 0 they are left as
    the bounds have them.  Written: ``found (K, S)`` joint actions, ``verdict (K,)`` as of ``holds``.
    """
    players, states, joint = game.reward.shape
    shifted = np.empty((states, joint, states))
    middle = np.empty(joint)
    spread = np.empty(joint)
    system = np.empty((states, states))
    value = np.empty(states)
    policy = np.empty(states, np.int64)
    at = np.empty(states + 1, np.int64)
    turn = np.empty(states + 1, np.int64)
    shifted_rows(game.move, game.available, shifted)
    for s in range(states):
        for m in range(joint):
            alive[0, s, m] = game.available[s, m]
        for i in range(players):
            # values lie within half the range of payoffs around its middle, and so does the constant by
            # which the shift changes them: together within the whole range
            low[0, i, s] = -game.slack[i] / SETTLED
            high[0, i, s] = game.slack[i] / SETTLED
    count = 0
    nodes = 1
    depth = 0
    fresh = True
    while depth >= 0:
        if fresh:
            fresh = False
            if not propagate(game, shifted, alive[depth], low[depth], high[depth], middle, spread):
                depth -= 1
                continue
            at[depth] = widest_state(game, alive[depth], low[depth], high[depth], policy)
            turn[depth] = -1
            if at[depth] < 0:
                said = holds(game, policy, system, value)
                if said > 0:
                    if count == found.shape[0]:
                        return count, nodes, False
                    for s in range(states):
                        found[count, s] = policy[s]
                    verdict[count] = said
                    count += 1
                depth -= 1
                continue
        s = at[depth]
        m = turn[depth] + 1
        while m < joint and not alive[depth, s, m]:
            m += 1
        turn[depth] = m
        if m >= joint:
            depth -= 1
            continue
        if nodes >= budget:
            return count, nodes, False
        nodes += 1
        for t in range(states):
            for other in range(joint):
                alive[depth + 1, t, other] = alive[depth, t, other] and (t != s or other == m)
            for i in range(players):
                low[depth + 1, i, t] = low[depth, i, t]
                high[depth + 1, i, t] = high[depth, i, t]
        depth += 1
        fresh = True
    return count, nodes, True


class Answers(NamedTuple):
    """What is written: ``found (C, K, S)`` joint actions, ``count``, ``complete``, ``tied (C,)``.

    ``complete`` says that the search ended by itself and all fitted, ``tied`` that some equilibrium is weak.
    """

    found: Array
    count: Array
    complete: Array
    tied: Array


@kernel()
def keep(listed: Array, verdict: Array, number: int, ended: bool, into: Answers, c: int) -> None:
    """Let a list be the answer of cell c, unless a longer one is, which none can be after one that ended."""
    found, count, complete, tied = into.found[c], into.count, into.complete, into.tied
    if number >= count[c] or ended:
        for k in range(number):
            for s in range(listed.shape[1]):
                found[k, s] = listed[k, s]
            tied[c] = tied[c] or verdict[k] == 2
        count[c] = number
        complete[c] = ended


@kernel()
def pure_equilibria(games: Batch, available: Array, wanted: Array, budget: int, into: Answers) -> int:
    """Pure stationary Markov-perfect equilibria of every cell.

    ``available (S, M)``, ``wanted (C,)`` cells to search; at most ``budget`` nodes or policies are tried in a
    cell.  Returns 0.
    """
    cells, players, states, joint = games.payoffs.shape
    found, count, complete, tied = into.found, into.count, into.complete, into.tied
    alive = np.empty((states + 1, states, joint), np.bool_)
    low = np.empty((states + 1, players, states))
    high = np.empty((states + 1, players, states))
    most = found.shape[1]
    verdict = np.empty(most, np.int64)
    listed = np.empty((most, states), np.int64)
    untried = np.empty(players, np.bool_)
    for c in range(cells):
        count[c] = 0
        complete[c] = False
        tied[c] = False
        if not wanted[c]:
            continue
        game = table(games.payoffs[c], move_of(games, c), games.discount[c], games.sizes, available)
        allowed = min(FEW, budget)
        for i in range(players):
            untried[i] = True
        while not complete[c]:
            number, tried, ended = branch(game, allowed, alive, low, high, listed, verdict)
            if ended or tried < allowed or allowed == budget:
                keep(listed, verdict, number, ended, into, c)
                break
            allowed = budget  # replies first; where ties are too many for them the search goes on
            for _ in range(players):
                player = -1
                fewest = np.inf
                for i in range(players):
                    policies = others_policies(game, alive[0], i)
                    if untried[i] and policies < fewest:
                        player, fewest = i, policies
                if fewest <= budget and not complete[c]:
                    untried[player] = False
                    enough = min(budget, int(fewest) + TIES)
                    number, _, ended = reply_equilibria(game, alive[0], player, enough, listed, verdict)
                    keep(listed, verdict, number, ended, into, c)
    return 0


def pure_policies(games: Batch, available: Array, wanted: Array, budget: int, most: int) -> Answers:
    """:func:`pure_equilibria` on all cores, at most so many of a cell."""
    cells, _, states, _ = games.payoffs.shape
    none = np.zeros((2, cells), np.bool_)
    result = Answers(np.zeros((cells, most, states), np.int64), np.zeros(cells, np.int64), none[0], none[1])

    def block(first: int, last: int) -> None:
        part = slice(first, last)
        into = Answers(*(array[part] for array in result))
        pure_equilibria(part_of(games, part), available, wanted[part], budget, into)

    over_blocks(block, cells, 64)
    return result
