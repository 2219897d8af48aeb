"""A tree as a signalling game: senders who know their type, receivers who see the signal and perhaps a type of their own.

A view that a tree gives when it can, after folding: each sender's information set is a type, each of its actions a
signal; what follows on a signal is one reply of one receiver, or nothing that is still to be decided.

Sizes: C cells, K claims, T types, M signals, Q receiver types, R most replies, D decisions of the tree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.forms.tree import Tree
from sim.game import Floats, Integers
from sim.game.tree_shape import CHANCE, END, Shape
from sim.kernels.tree.trembles import beliefs_of_trembles
from sim.solvers.methods.folding import settled_play

__all__ = ["Signalling", "as_signalling"]


@dataclass(frozen=True, eq=False)
class Walked:
    """Where a view has its numbers in the tree: the first ``nodes``, their types and those of who replies, what follows.

    ``follows (nodes, M)`` is the node at which somebody replies to a signal, ``END`` where nobody has to.
    """

    nodes: list[int]
    of_type: Integers
    of_node: Integers
    follows: Integers

    def numbers(
        self, shape: Shape, likely: NDArray[Any], values: NDArray[Any], replies: Integers
    ) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Prior, chances of receivers, payoffs of both, in floats or fractions.

        ``likely (C, nodes)`` is what chance makes of the first nodes, ``values (C, 2, N)`` what nodes are worth.
        """
        of_type, of_node = self.of_type, self.of_node
        cells, types, kinds, most = len(likely), int(of_type.max()) + 1, replies.shape[1], int(replies.max())
        zero = likely[:, :1] * 0
        prior = zero + np.zeros(types, np.int64)
        joint = zero[:, np.newaxis] + np.zeros((types, kinds), np.int64)
        for k, (t, q) in enumerate(zip(of_type.tolist(), of_node.tolist(), strict=True)):
            prior[:, t] += likely[:, k]
            joint[:, t, q] += likely[:, k]
        whole = prior.sum(axis=1)
        marginal = joint.sum(axis=1) / np.where(whole > 0, whole, 1)[:, np.newaxis]
        given = np.where(
            prior[..., np.newaxis] > 0,
            joint / np.where(prior > 0, prior, 1)[..., np.newaxis],
            marginal[:, np.newaxis],
        )
        tables = np.zeros((2, cells, types, replies.shape[0], kinds, most), likely.dtype)
        met = joint[:, of_type, of_node]
        weight = np.where(met > 0, likely / np.where(met > 0, met, 1), likely * 0)
        for t, q in sorted(set(zip(of_type.tolist(), of_node.tolist(), strict=True))):
            own = np.flatnonzero((of_type == t) & (of_node == q))
            total = weight[:, own].sum(axis=1, keepdims=True)
            shares = np.where(total > 0, weight[:, own], (total * 0 + 1) / len(own))
            for place, k in enumerate(own.tolist()):
                for m, w in enumerate(shape.children(self.nodes[k])):
                    at = shape.children(int(self.follows[k, m])) if self.follows[k, m] >= 0 else np.array([w])
                    where = at[np.where(np.arange(most) < len(at), np.arange(most), 0)]
                    with np.errstate(invalid="ignore"):  # in cells that are not finite
                        for side in range(2):
                            tables[side, :, t, m, q] += shares[:, place, np.newaxis] * values[:, side, where]
        return prior, given, tables[0], tables[1]


@dataclass(frozen=True, eq=False)
class Signalling:
    """The arrays of a signalling game, and the way back to the tree it is a view of.

    ``prior (C, T)`` chance of each type; ``chance_of_receiver (C, T, Q)`` of each receiver type given the sender's,
    rows add up to 1 also where a type is never drawn.  ``sender`` and ``receiver (C, T, M, Q, R)``: payoffs of the two
    when type t sends m and receiver type q replies r; replies from ``replies (M, Q)`` on are copies of the first.
    Where nobody replies, or whoever would is folded, ``replies`` is 1 and ``receivers (M, Q)`` is -1; else it is the
    agent that replies.  ``senders (T,)`` are the agents of types.

    A sender type may be folded as well (``folded[senders[t]] >= 0`` is the signal that beats all others, strictly):
    then all equilibria have it send that one, and nothing else need be known of it.
    """

    game: Tree
    folded: Integers = field(repr=False)  # (H,)
    senders: Integers
    receivers: Integers
    replies: Integers
    prior: Floats
    chance_of_receiver: Floats
    sender: Floats = field(repr=False)
    receiver: Floats = field(repr=False)
    walked: Walked = field(repr=False)

    @property
    def players(self) -> tuple[int, int]:
        """Who sends and who replies, by position; the same twice where nobody has anything to reply."""
        owner = self.game.shape.owner
        replying = self.receivers[self.receivers >= 0]
        sends = int(owner[self.senders[0]])
        return sends, int(owner[replying[0]]) if replying.size else sends

    def strategies(self, signals: Floats, replies: Floats) -> Floats:
        """Play of all agents: ``signals (C, K, T, M)``, ``replies (C, K, M, Q, R) -> (C, K, H, A)``; NaN stays NaN."""
        result = settled_play(self.game, self.folded, signals.shape[1])
        for t, h in enumerate(self.senders):
            result[:, :, h, :] = 0.0
            result[:, :, h, : signals.shape[3]] = signals[:, :, t]
        for m, q in np.argwhere(self.receivers >= 0):
            size = int(self.replies[m, q])
            result[:, :, self.receivers[m, q], :size] = replies[:, :, m, q, :size]
        result[np.isnan(signals[:, :, 0, 0])] = np.nan
        return result

    def beliefs(self, strategy: Floats, posterior: Floats) -> Floats:
        """Beliefs at all decisions that go with one posterior of types at each signal.

        ``strategy (C, K, H, A)`` of :meth:`strategies`, ``posterior (C, K, M, T)`` before the receiver takes his own
        type into account, of which those at signals that are sent are not looked at: ``-> (C, K, D)``.  They are
        limits of trembles: types tremble in proportion to posterior over prior, all others alike.
        """
        cells, claims = strategy.shape[:2]
        cell, place = np.nonzero(~np.isnan(strategy[..., 0, 0]))
        play, wanted, prior = strategy[cell, place], posterior[cell, place], self.prior[cell]
        order, weight = np.ones_like(play), np.ones_like(play)
        with np.errstate(divide="ignore", invalid="ignore"):
            odds = wanted / np.where(prior > 0, prior, 1.0)[:, np.newaxis]
        for t, h in enumerate(self.senders):
            some = odds[:, :, t] > 0
            order[:, h, : some.shape[1]] = np.where(some, 1.0, 2.0)
            weight[:, h, : some.shape[1]] = np.where(some, odds[:, :, t], 1.0)
        result = np.full((cells, claims, len(self.game.shape.decisions)), np.nan)
        found = np.empty((len(cell), result.shape[2]))
        shape, chance = self.game.shape, self.game.chance[cell]
        beliefs_of_trembles(
            (shape.parent, shape.edge, shape.agent), (shape.decisions, shape.first), chance,
            np.ascontiguousarray(play), order, weight, found,
        )  # fmt: skip
        result[cell, place] = found
        return result

    @cached_property
    def odds(self) -> Floats:
        """How likely chance makes each decision after a signal, given the type it is about, ``(C, D)``."""
        play = settled_play(self.game, self.folded)[:, 0]
        play[:, self.senders] = 1.0
        likely = self.game.reach(play)[:, self.game.shape.decisions]
        prior = np.where(self.prior > 0, self.prior, 1.0)
        return np.asarray(likely / np.where(self.watched >= 0, prior[:, self.watched], 1.0))

    @cached_property
    def watched(self) -> Integers:
        """The type that each decision after a signal is about, ``(D,)``; -1 for those that come before.

        With it an interval of posteriors at a signal is one of beliefs at the decisions of whoever sees it.
        """
        shape = self.game.shape
        result = np.full(len(shape.decisions), -1, dtype=np.int64)
        types = {int(h): t for t, h in enumerate(self.senders)}
        for d, v in enumerate(shape.decisions.tolist()):
            at = int(shape.parent[v])
            while at >= 0 and int(shape.agent[at]) not in types:
                at = int(shape.parent[at])
            result[d] = types[int(shape.agent[at])] if at >= 0 else -1
        return result


class Walk:
    """What follows on each signal of each sender node: the receiver's node, or one without further decisions."""

    def __init__(self, game: Tree, folded: Integers) -> None:
        self.shape, self.folded = game.shape, folded

    def settled(self, node: int) -> bool:
        """Whether nobody below a node, itself included, has anything to decide."""
        ahead = [node]
        while ahead:
            v = ahead.pop()
            if self.shape.agent[v] >= 0 and self.folded[self.shape.agent[v]] < 0:
                return False
            ahead += self.shape.children(v).tolist()
        return True

    def first_decisions(self) -> list[int]:
        """The nodes at which somebody decides and nobody has before."""
        found, ahead = [], [0]
        while ahead:
            v = ahead.pop()
            if self.shape.agent[v] >= 0:
                found.append(v)
            elif self.shape.agent[v] == CHANCE:
                ahead += self.shape.children(v).tolist()[::-1]
        return found

    def reply(self, node: int) -> int:
        """The one node below where somebody has something to reply; ``END`` if none, ``CHANCE`` if it is not so simple."""
        at = node
        while not self.settled(at):
            h = int(self.shape.agent[at])
            below = self.shape.children(at).tolist()
            if h >= 0 and self.folded[h] < 0:
                return at if all(self.settled(v) for v in below) else CHANCE
            open_ones = [v for v in below if not self.settled(v)]
            if h < 0 or len(open_ones) > 1 or int(self.shape.edge[open_ones[0]]) != self.folded[h]:
                return CHANCE
            at = open_ones[0]
        return END


def as_signalling(game: Tree, folded: Integers) -> Signalling | None:
    """The tree as a signalling game, given the agents that are folded ``(H,)`` in all cells; None if it is none."""
    shape = game.shape
    walk = Walk(game, folded)
    nodes = walk.first_decisions()
    senders = sorted({int(shape.agent[v]) for v in nodes})
    sizes = {len(shape.agents[h].actions) for h in senders}
    if not senders or len({shape.agents[h].player for h in senders}) > 1 or len(sizes) > 1:
        return None
    if any(v not in nodes for h in senders for v in shape.members(h)):
        return None
    follows = np.array([[walk.reply(int(w)) for w in shape.children(v)] for v in nodes])
    if (follows == CHANCE).any():
        return None
    agents = np.where(follows >= 0, shape.agent[follows], -1)  # (nodes, M)
    replying = agents[agents >= 0]
    if len(set(shape.owner[replying].tolist())) > 1 or int(shape.owner[senders[0]]) in shape.owner[replying]:
        return None
    kinds = receiver_types(agents)
    if kinds is None:
        return None
    of_node, receivers = kinds
    # whoever replies must do so at this signal alone, and know his type
    listed = receivers[receivers >= 0].tolist()
    if len(set(listed)) < len(listed):
        return None
    return filled(game, folded, nodes, (np.array(senders), of_node, receivers), follows)


def receiver_types(agents: Integers) -> tuple[Integers, Integers] | None:
    """Receiver types: sender nodes with the same receivers at all signals, where there are any.

    ``agents (nodes, M) -> `` the type of each node, and the agent of each signal and type ``(M, Q)``.
    """
    rows: list[Integers] = []
    of_node = np.empty(len(agents), dtype=np.int64)
    for k, own in enumerate(agents):
        for q, row in enumerate(rows):
            both = (own >= 0) & (row >= 0)
            if (own[both] == row[both]).all() and (both.any() or not ((own >= 0).any() and (row >= 0).any())):
                rows[q] = np.where(row >= 0, row, own)
                of_node[k] = q
                break
        else:
            of_node[k] = len(rows)
            rows.append(own.copy())
    return of_node, np.array(rows).T


def filled(
    game: Tree,
    folded: Integers,
    nodes: list[int],
    kinds: tuple[Integers, Integers, Integers],
    follows: Integers,
) -> Signalling:
    """The numbers of the view; ``kinds`` are senders ``(T,)``, receiver types of nodes, receivers ``(M, Q)``."""
    shape, (senders, of_node, receivers) = game.shape, kinds
    replies = np.array([[len(shape.agents[h].actions) if h >= 0 else 1 for h in row] for row in receivers])
    play = settled_play(game, folded)[:, 0]
    for h in range(len(shape.agents)):
        if folded[h] < 0:
            play[:, h, 0] = 1.0
    walked = Walked(nodes, np.searchsorted(senders, shape.agent[nodes]), of_node, follows)
    sends, answers = (
        shape.agents[senders[0]].player,
        next((int(shape.owner[h]) for h in receivers.ravel() if h >= 0), 0),
    )
    values = game.node_values(play)[:, [sends, answers]]
    numbers = walked.numbers(shape, game.reach(play)[:, nodes], values, replies)
    return Signalling(game, folded, senders, receivers, replies, *numbers, walked)
