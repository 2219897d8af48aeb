"""All pure Markov-perfect equilibria by listing what all players but one may do: that one's reply is known.

Against fixed policies of the others a player faces a Markov decision process, and in every equilibrium
his policy is optimal in it (Puterman 1994, chapter 6).  So it is enough to walk through the policies
of the others, changing one state at a time as reflected Gray codes do, to mend his reply by policy
iteration (Howard 1960), which one change seldom upsets, and to ask whether anybody else gains.  A change
in one state is a change of rank one in the linear system of values, so that nothing is solved anew
(Sherman and Morrison 1950).

The work depends on the number of policies alone: not on patience, nor on how states follow each other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.linear import invert_dominant
from sim.kernels.stochastic.markov_policy import Table, holds

__all__ = ["others_policies", "reply_equilibria"]

REFRESHED = 64  # changes of rank one after which inverses are computed afresh
BETTER = 1e-2  # share of the slack by which an action must be better to replace another
TURNS = 64  # states looked at, for each state, after which rounding is going in circles


class Values(NamedTuple):
    """A policy and its values: ``policy (S,)``, ``inverse (n, S, S)`` of ``I - d P``, ``value (n, S)``.

    ``shares (n,)`` is the first player with the same discount, whose inverse serves; ``age (1,)`` counts
    changes since the inverses were computed; ``row, delta (S,)`` are scratch.
    """

    policy: Array
    inverse: Array
    value: Array
    shares: Array
    age: Array
    row: Array
    delta: Array


@kernel()
def others_policies(game: Table, alive: Array, player: int) -> float:
    """How many pure policies the others have together, as far as joint actions are alive."""
    states, joint = alive.shape
    total = 1.0
    for s in range(states):
        options = 0
        for m in range(joint):
            if game.digit[m, player] == 0:
                for a in range(game.sizes[player]):
                    if alive[s, m + a * game.stride[player]]:
                        options += 1
                        break
        total *= options
    return total


@kernel()
def refresh(game: Table, at: Values) -> None:
    """Inverses and values of the policy, computed afresh by Gauss and Jordan."""
    players, states = at.value.shape
    work = np.empty((states, states))
    at.age[0] = 0
    for i in range(players):
        inverse = at.inverse[at.shares[i]]
        if at.shares[i] == i:
            for s in range(states):
                for t in range(states):
                    work[s, t] = -game.discount[i] * game.move[s, at.policy[s], t]
                work[s, s] += 1.0
            invert_dominant(work, inverse)
        for s in range(states):
            total = 0.0
            for t in range(states):
                total += inverse[s, t] * game.reward[i, t, at.policy[t]]
            at.value[i, s] = total


@kernel(inline=True)
def change(game: Table, at: Values, s: int, m: int) -> None:
    """Let the policy play joint action m in state s."""
    players, states = at.value.shape
    row = at.row
    before = at.policy[s]
    at.policy[s] = m
    at.age[0] += 1
    if at.age[0] > REFRESHED:
        refresh(game, at)
        return
    for first in range(players):
        if at.shares[first] != first:
            continue
        inverse = at.inverse[first]
        for t in range(states):
            row[t] = 0.0
        for t in range(states):
            step = game.discount[first] * (game.move[s, before, t] - game.move[s, m, t])
            at.delta[t] = step
            if step != 0.0:
                for u in range(states):
                    row[u] += step * inverse[t, u]
        scale = 1.0 / (1.0 + row[s])
        for i in range(first, players):
            if at.shares[i] == first:
                push = game.reward[i, s, m] - game.reward[i, s, before]
                for t in range(states):
                    push -= at.delta[t] * at.value[i, t]
                push *= scale
                for t in range(states):
                    at.value[i, t] += push * inverse[t, s]
        for t in range(states):
            step = inverse[t, s] * scale
            if step != 0.0:
                for u in range(states):
                    inverse[t, u] -= step * row[u]


@kernel(inline=True)
def worth(game: Table, at: Values, i: int, s: int, m: int) -> float:
    """What player i gets from joint action m in state s now, and from the policy ever after."""
    later = 0.0
    for t in range(at.value.shape[1]):
        later += game.move[s, m, t] * at.value[i, t]
    result: float = game.reward[i, s, m] + game.discount[i] * later
    return result


@kernel()
def reply(
    game: Table, at: Values, player: int, first: int, joint_action: int, choices: Array, number: Array
) -> bool:
    """Let the policy play a joint action in the first state, and mend the player's part by policy iteration.

    True where more than one reply is optimal, or nearly.  Written: ``choices (S, A)`` his optimal joint
    actions in each state, ``number (S,)`` how many.
    """
    states = number.shape[0]
    better = BETTER * game.slack[player]
    # a policy with gains below the slack is worth less than the optimum by the slack over 1 - d at most
    near = 4.0 * game.slack[player] / (1.0 - game.discount[player])
    steady = -1
    turns = 0
    s = first
    better_action = joint_action
    while True:
        if better_action != at.policy[s]:
            change(game, at, s, better_action)
            steady = 0
        else:
            steady += 1
        if steady == states or turns == TURNS * states:
            break
        turns += 1
        s = s + 1 if s + 1 < states else 0
        now = at.policy[s]
        base = now - game.digit[now, player] * game.stride[player]
        better_action = now
        most = at.value[player, s] + better
        least = at.value[player, s] - near
        choices[s, 0] = now
        number[s] = 1
        for a in range(game.sizes[player]):
            m = base + a * game.stride[player]
            if m != now and game.available[s, m]:
                total = worth(game, at, player, s, m)
                if total > most:
                    better_action, most = m, total
                if total >= least:
                    choices[s, number[s]] = m
                    number[s] += 1
    tie = False
    for s in range(states):
        tie = tie or number[s] > 1
    return tie


@kernel()
def tempted(game: Table, at: Values, player: int) -> bool:
    """Whether somebody other than the player clearly gains by a one-shot deviation."""
    players, states = at.value.shape
    for i in range(players):
        if i == player:
            continue
        for s in range(states):
            base = at.policy[s] - game.digit[at.policy[s], i] * game.stride[i]
            for a in range(game.sizes[i]):
                m = base + a * game.stride[i]
                if m != at.policy[s] and game.available[s, m]:
                    if worth(game, at, i, s, m) > at.value[i, s] + 2.0 * game.slack[i]:
                        return True
    return False


@kernel()
def first_values(game: Table, option: Array) -> Values:
    """The policy of the first options ``option (S, J)``, and its values."""
    players, states, _ = game.reward.shape
    at = Values(
        np.empty(states, np.int64),
        np.empty((players, states, states)),
        np.empty((players, states)),
        np.zeros(players, np.int64),
        np.zeros(1, np.int64),
        np.empty(states),
        np.empty(states),
    )
    for i in range(players):
        while game.discount[at.shares[i]] != game.discount[i]:
            at.shares[i] += 1
    for s in range(states):
        at.policy[s] = option[s, 0]
    refresh(game, at)
    return at


@kernel()
def reply_equilibria(
    game: Table, alive: Array, player: int, budget: int, found: Array, verdict: Array
) -> tuple[int, int, bool]:
    """Every pure equilibrium, by the replies of one player; joint actions that are not alive are in none.

    ``alive (S, M)``; at most ``budget`` pairs of policies and replies are tried.  Written: ``found (K, S)``
    joint actions, ``verdict (K,)`` of :func:`sim.kernels.stochastic.markov_policy.holds`.  Their number, the number of
    pairs tried, and whether nothing was left out.
    """
    _, states, joint = game.reward.shape
    option = np.empty((states, joint), np.int64)
    options = np.zeros(states, np.int64)
    for s in range(states):
        for m in range(joint):
            if game.digit[m, player] == 0:
                for a in range(game.sizes[player]):
                    if alive[s, m + a * game.stride[player]]:
                        option[s, options[s]] = m
                        options[s] += 1
                        break
    at = first_values(game, option)
    place = np.zeros(states, np.int64)
    heading = np.ones(states, np.int64)
    choices = np.empty((states, game.sizes[player]), np.int64)
    number = np.empty(states, np.int64)
    turn = np.empty(states, np.int64)
    trial = np.empty(states, np.int64)
    system = np.empty((states, states))
    value = np.empty(states)
    count = 0
    tried = 0
    s = 0
    next_action = at.policy[0]
    while True:
        tie = reply(game, at, player, s, next_action, choices, number)
        tried += 1
        if tie or not tempted(game, at, player):
            for s in range(states):
                turn[s] = 0
            while True:  # every optimal reply: one, but for ties
                for s in range(states):
                    trial[s] = choices[s, turn[s]]
                said = holds(game, trial, system, value)
                if said > 0:
                    if count == found.shape[0]:
                        return count, tried, False
                    for s in range(states):
                        found[count, s] = trial[s]
                    verdict[count] = said
                    count += 1
                s = 0
                while s < states and turn[s] + 1 == number[s]:
                    turn[s] = 0
                    s += 1
                if s == states:
                    break
                turn[s] += 1
                tried += 1
                if tried > budget:
                    return count, tried, False
        s = 0
        while s < states and not 0 <= place[s] + heading[s] < options[s]:
            heading[s] = -heading[s]
            s += 1
        if s == states:
            return count, tried, True
        if tried >= budget:
            return count, tried, False
        place[s] += heading[s]
        next_action = option[s, place[s]] + game.digit[at.policy[s], player] * game.stride[player]
