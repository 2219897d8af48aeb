"""Two-player trees as pairs of polyhedra, by the sequences of both players, and back to play.

A sequence is what a player does along a path: here each action of his is known by the last, and the empty sequence is
0.  A plan says how likely he makes each, so that what follows on an information set adds up to what leads there.  What
plans are worth is bilinear (von Stengel 1996).  Sizes: E cells, S sequences of a player beside the empty one, d
dimensions of his plans and of what they are worth to the other's information sets.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claim import Claim, Status
from sim.forms.tree import Tree
from sim.game import Floats, Integers
from sim.game.tree_shape import CHANCE, Shape
from sim.kernels.base.rays import TooManyError, cut_whole_rays
from sim.kernels.bimatrix.exact import QUICK_LOOKS, collect
from sim.kernels.tree.extreme_plans import ALL_FOUND, NO_ROOM, TOO_LONG, extreme_plans, matched_plans

__all__ = ["Extremes", "extreme_claim", "extremes", "few_plans", "pure_plans", "sequences_of"]

MOST_SEQUENCES = 62  # of both players: bits of a set of them
MOST_PLANS = 1000  # pure ones of a player
MOST_RAYS = 2**14
LARGEST_WHOLE = 2**50


@dataclass(frozen=True)
class Sequences:
    """The sequences of one player: of his agents in their order of play, one for each action.

    ``agents`` are positions; ``begin[h]`` is the number of the first sequence of agent h, counted from 1; ``before[h]``
    the sequence that leads there, 0 where none does; ``count`` them without the empty one.
    """

    agents: tuple[int, ...]
    sizes: tuple[int, ...]
    begin: dict[int, int]
    before: dict[int, int]
    count: int

    @classmethod
    def of(cls, shape: Shape, player: int) -> Sequences:
        """Those of one player."""
        agents = tuple(int(h) for h in shape.later[::-1] if shape.owner[h] == player)
        begin, before, count = {}, {}, 0
        for h in agents:
            begin[h] = 1 + count
            count += int(shape.sizes[h])
            above, way = shape.previous[h].tolist()
            before[h] = 0 if above < 0 else begin[above] + way
        return cls(agents, tuple(int(shape.sizes[h]) for h in agents), begin, before, count)

    def plans(self) -> NDArray[np.int64]:
        """Directions of plans, the likelihoods of all sequences of each ``(1 + free, 1 + S)``.

        The empty sequence and all actions of a set but the last are free; the last takes up what is left.
        """
        free = [0] + [
            self.begin[h] + a for h, n in zip(self.agents, self.sizes, strict=True) for a in range(n - 1)
        ]
        result = np.zeros((len(free), 1 + self.count), np.int64)
        result[np.arange(len(free)), free] = 1
        for h, n in zip(self.agents, self.sizes, strict=True):
            last = self.begin[h] + n - 1
            result[:, last] = result[:, self.before[h]] - result[:, self.begin[h] : last].sum(axis=1)
        return result

    def masks(self, shift: int) -> tuple[Integers, Integers]:
        """The sequences of each set as bits, and the one before it, 0 where there is none ``(H,)``."""
        own = [
            ((1 << n) - 1) << (self.begin[h] - 1 + shift)
            for h, n in zip(self.agents, self.sizes, strict=True)
        ]
        above = [1 << (self.before[h] - 1 + shift) if self.before[h] else 0 for h in self.agents]
        return np.array(own, np.int64), np.array(above, np.int64)


@dataclass(frozen=True)
class Extremes:
    """All extreme equilibria of E cells.

    ``verdict (E,)`` as :mod:`sim.kernels.tree.extreme_plans` has it; ``cell (P,)`` of each equilibrium;
    ``strategy (P, H, A)``, and as fractions in ``rational``, where they were asked for; ``plans``, ``(P, S)`` of either
    player, are how likely his sequences are.
    """

    verdict: Integers
    cell: Integers
    strategy: Floats
    rational: NDArray[Any] | None
    plans: tuple[Floats, Floats]


def sequences_of(shape: Shape) -> tuple[Sequences, Sequences]:
    """The sequences of both players."""
    return Sequences.of(shape, 0), Sequences.of(shape, 1)


def pure_plans(own: Sequences) -> int:
    """How many pure plans a player has: what he does at sets that his own moves rule out does not count."""
    ways = [1] * (1 + own.count)
    for h, n in zip(reversed(own.agents), reversed(own.sizes), strict=True):
        ways[own.before[h]] *= sum(ways[own.begin[h] : own.begin[h] + n])
    return ways[0]


def few_plans(game: Tree) -> bool | str:
    """Whether both players of a tree have so few plans that all equilibria can be listed; if not, how many."""
    players = sequences_of(game.shape)
    sequences, plans = sum(own.count for own in players), [pure_plans(own) for own in players]
    if sequences <= MOST_SEQUENCES and max(plans) <= MOST_PLANS:
        return True
    return (
        f"they have {sequences} sequences and {plans[0]} and {plans[1]} pure plans; at most {MOST_SEQUENCES} sequences and "
        f"{MOST_PLANS} plans are listed"
    )


def extreme_claim(game: Tree, *, exact: bool) -> Claim:
    """All extreme Nash equilibria of two-player trees; with ``exact`` also as fractions in ``extra["rational"]``."""
    finite = np.flatnonzero(game.finite)
    if not finite.size:
        nothing = np.empty((game.cells, 0, *game.mask.shape))
        extra: dict[str, NDArray[Any]] = {"rational": nothing.astype(object)} if exact else {}
        return Claim(nothing, np.full(game.cells, Status.not_found, np.int8), extra=extra)
    found = extremes(game.take(finite), fractions=exact)
    cells = finite[found.cell]
    count = np.bincount(cells, minlength=game.cells)
    place = np.arange(len(cells)) - (np.cumsum(count) - count)[cells]
    strategy = np.full((game.cells, int(count.max(initial=0)), *game.mask.shape), np.nan)
    strategy[cells, place] = found.strategy
    solved, degenerate = np.zeros((2, game.cells), np.bool_)
    solved[finite] = found.verdict == ALL_FOUND
    degenerate[finite] = in_several(found, len(finite))
    status = np.where(solved, Status.ok, Status.max_steps).astype(np.int8)
    extra = {}
    if found.rational is not None:
        extra["rational"] = np.full(strategy.shape, None, dtype=object)
        extra["rational"][cells, place] = found.rational
    return Claim(strategy, status, solved, degenerate, extra=extra, exact=solved)


def worth(game: Tree, players: tuple[Sequences, Sequences]) -> list[NDArray[Any]]:
    """What pairs of sequences are worth to each player in smallest whole numbers, ``(E, 1 + S, 1 + S')``, as objects.

    Chance is in it, so that what a pair of plans is worth is their product with it.
    """
    shape, cells = game.shape, np.arange(game.cells)
    payoffs, chance = game.rational(cells), game.rational_chance(cells)
    ends = shape.ends.tolist()
    last = np.zeros((2, len(ends)), np.int64)
    likely = np.full((game.cells, len(ends)), Fraction(1), object)
    for z, end in enumerate(ends):
        for player, own in enumerate(players):
            past = shape.own_past(end, player)
            last[player, z] = own.begin[past[-1][0]] + past[-1][1] if past else 0
        node = end
        while (above := int(shape.parent[node])) >= 0:
            if shape.agent[above] == CHANCE:
                likely[:, z] = likely[:, z] * chance[:, shape.edge[node]]
            node = above
    result = []
    for player in range(2):
        table = np.full((game.cells, 1 + players[0].count, 1 + players[1].count), Fraction(0), object)
        for z in range(len(ends)):
            table[:, last[0, z], last[1, z]] += likely[:, z] * payoffs[:, player, z]
        whole = np.empty(table.shape, object)
        for c in range(game.cells):
            ratios = [number.as_integer_ratio() for number in table[c].ravel().tolist()]
            common = lcm(*(below for _, below in ratios))
            raised = [above * (common // below) for above, below in ratios]
            shared = gcd(*raised) or 1
            whole[c].ravel()[:] = [number // shared for number in raised]
        result.append(whole)
    return result


def first_rays(own: Sequences, other: Sequences, gains: NDArray[Any]) -> NDArray[Any]:
    """Rays of the walls that stand first, by their slack behind all of them: ``(E, 1 + S, 1 + S') -> (E, d, 1 + S + S')``.

    ``gains`` are the other's.  Walls: the plan's sequences are not negative, and what each set of the other is worth is
    no less than what any of its sequences brings.
    """
    plans = own.plans()
    cells, sets, free = len(gains), len(other.agents), len(plans)
    brought = np.zeros((cells, free + sets, 1 + other.count), gains.dtype)
    brought[:, :free] = np.einsum("rs,cst->crt", plans.astype(gains.dtype), gains)
    value = np.zeros((cells, free + sets, 1 + other.count), gains.dtype)  # of the sets after each sequence
    slack = np.zeros_like(value)
    for k in range(sets - 1, -1, -1):
        h, n = other.agents[k], other.sizes[k]
        begin = other.begin[h]
        best = brought[:, :, begin] + value[:, :, begin]
        best[:, free + k] = best[:, free + k] + 1
        for s in range(begin, begin + n):
            slack[:, :, s] = best - brought[:, :, s] - value[:, :, s]
        value[:, :, other.before[h]] += best
    likely = np.concatenate([plans, np.zeros((sets, 1 + own.count), np.int64)]).astype(gains.dtype)
    return np.concatenate([np.broadcast_to(likely, (cells, *likely.shape)), slack[:, :, 1:]], axis=2)


def walls(own: Sequences, other: Sequences) -> list[int]:
    """The columns of :func:`first_rays` with the walls that stand first in front."""
    begin = [0] + [own.begin[h] + a for h, n in zip(own.agents, own.sizes, strict=True) for a in range(n - 1)]
    begin += [own.count + other.begin[h] for h in other.agents]
    return begin + [k for k in range(1 + own.count + other.count) if k not in begin]


def extremes(game: Tree, *, fractions: bool = False) -> Extremes:
    """All extreme equilibria of two-player trees, exactly: in machine integers where these will do."""
    players = sequences_of(game.shape)
    counts = (players[0].count, players[1].count)
    gains = worth(game, players)
    tables = (gains[1], gains[0].swapaxes(1, 2))  # the other's, by own sequence
    orders = (walls(players[0], players[1]), walls(players[1], players[0]))
    masks = (players[0].masks(0), players[1].masks(counts[0]))
    # columns of the second player's rays begin with his own sequences
    numbers = (
        np.arange(-1, sum(counts)),
        np.concatenate([[-1], counts[0] + np.arange(counts[1]), np.arange(counts[0])]),
    )
    labels = tuple(number[order] for number, order in zip(numbers, orders, strict=True))
    large = [
        np.abs(table).max(initial=0)
        for table in np.concatenate([t.reshape(len(t), -1) for t in tables], axis=1)
    ]
    verdict = np.array([ALL_FOUND if one * (1 + sum(counts)) < LARGEST_WHOLE else TOO_LONG for one in large])
    count = np.zeros(game.cells, np.int64)
    pair = (players, players[::-1])
    whole = [np.where((verdict == ALL_FOUND)[:, None, None], table, 0).astype(np.int64) for table in tables]
    starts = tuple(np.ascontiguousarray(first_rays(*pair[i], whole[i])[:, :, orders[i]]) for i in range(2))

    def enumerate_(first: int, last: int, found: NDArray[Any]) -> int:
        return int(extreme_plans(starts, labels, masks, MOST_RAYS, (first, last), (verdict, count), found))

    width = 3 + 2 * sum(counts)
    found = collect(enumerate_, count, np.empty((0, width), np.int64))
    cell = np.repeat(np.arange(game.cells), count)
    slow = []
    for c in np.flatnonzero(verdict == TOO_LONG).tolist():
        exactly = [first_rays(*pair[i], tables[i][c : c + 1])[0][:, orders[i]].tolist() for i in range(2)]
        try:
            rows = in_any_size(exactly, labels, masks)
        except TooManyError:
            verdict[c] = NO_ROOM
            continue
        verdict[c] = ALL_FOUND
        slow.append((np.full(len(rows), c), rows))
    if slow:
        cell = np.concatenate([cell, *(cells for cells, _ in slow)])
        found = np.concatenate([found.astype(object), *(rows for _, rows in slow)])
    back = [np.argsort(order) for order in orders]
    first, second = found[:, : 1 + sum(counts)][:, back[0]], found[:, 1 + sum(counts) : -1][:, back[1]]
    optimal = found[:, -1].astype(np.int64)
    play = (first[:, : 1 + counts[0]], second[:, : 1 + counts[1]])
    order = in_order(cell, play)
    cell, optimal, play = cell[order], optimal[order], (play[0][order], play[1][order])
    shape = (len(cell), *game.mask.shape)
    strategy = as_play(players, play, optimal, np.zeros(shape))
    rational = as_play(players, play, optimal, np.full(shape, Fraction(0), object)) if fractions else None
    return Extremes(verdict, cell, strategy, rational, shares(play))


def shares(play: tuple[NDArray[Any], NDArray[Any]]) -> tuple[Floats, Floats]:
    """How likely sequences are, of rays that begin with the empty one: ``(P, 1 + S) -> (P, S)``."""
    first, second = (one[:, 1:].astype(float) / one[:, :1].astype(float) for one in play)
    return first, second


def in_several(found: Extremes, cells: int) -> NDArray[np.bool_]:
    """Cells in which a plan of somebody is part of several extreme equilibria, ``(E,)``: a continuum links them."""
    result = np.zeros(cells, np.bool_)
    for plan in found.plans:
        rows = np.column_stack([found.cell, plan])
        each = np.unique(rows, axis=0)[:, 0].astype(np.int64)
        result |= np.bincount(each, minlength=cells) < np.bincount(found.cell, minlength=cells)
    return result


def in_any_size(starts: list[Any], labels: tuple[Any, ...], masks: tuple[Any, Any]) -> NDArray[Any]:
    """What :func:`sim.kernels.tree.extreme_plans.extreme_plans` finds in one cell, in whole numbers of any size."""
    rays = []
    for start in starts:
        size = len(start)
        every = (1 << size) - 1
        first = [(row, every ^ (1 << k)) for k, row in enumerate(start)]
        rays.append(cut_whole_rays(first, size, size - 2, QUICK_LOOKS))
    on = tuple(np.array([labels for _, labels in one], np.int64) for one in rays)
    there = tuple(np.array([row[0] > 0 for row, _ in one], np.bool_) for one in rays)
    pairs, optimal = matched_plans(on, there, labels, masks)
    rows = np.empty((len(pairs), len(starts[0][0]) + len(starts[1][0]) + 1), object)
    for p, (i, j) in enumerate(pairs.tolist()):
        rows[p] = [*rays[0][i][0], *rays[1][j][0], int(optimal[p])]
    return rows


def in_order(cell: Integers, play: tuple[NDArray[Any], NDArray[Any]]) -> Integers:
    """Cells in their order, and in each equilibria with few sequences first, those of the first actions before others."""
    keys: list[NDArray[Any]] = [cell]
    for share in shares(play):
        keys += [(share > 0).sum(axis=1), *(share == 0).T]
    for share in shares(play):
        keys += list(share.T)
    return np.lexsort(keys[::-1])


def as_play(
    players: tuple[Sequences, Sequences],
    plans: tuple[NDArray[Any], NDArray[Any]],
    optimal: Integers,
    result: NDArray[Any],
) -> NDArray[Any]:
    """Plans as what each agent does, ``(P, H, A)``: floats, or fractions, as ``result`` is.

    At sets that a player's own moves rule out he does the first action that is optimal if he is there.
    """
    exact, shift = result.dtype == object, 0
    for own, plan in zip(players, plans, strict=True):
        for h, n in zip(own.agents, own.sizes, strict=True):
            begin = own.begin[h]
            share, above = plan[:, begin : begin + n], plan[:, own.before[h]]
            best = (optimal[:, np.newaxis] >> (begin - 1 + shift + np.arange(n)) & 1).argmax(axis=1)
            reached = above > 0
            if exact:
                rows = [
                    [Fraction(int(a), int(b)) for a in row]
                    for row, b in zip(share[reached], above[reached], strict=True)
                ]
                result[reached, h, :n] = np.array(rows, object).reshape(-1, n)
            else:
                numbers = share[reached].astype(float)
                result[reached, h, :n] = numbers / numbers.sum(axis=1, keepdims=True)
            result[~reached, h, best[~reached]] = Fraction(1) if exact else 1.0
        shift += own.count
    return result
