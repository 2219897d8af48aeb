"""All equilibria of a signalling game with two types, in fractions: the theorem of :mod:`sim.kernels.tree.polylines`.

Nothing is shared with what floats do but the theorem, so that each is an oracle of the other.  Sizes: M signals, Q types
of receivers, R replies, P pieces.  A belief is the probability of the second type.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["ExactEquilibrium", "TooManyCornersError", "exact_polylines"]

MOST_SYSTEMS = 50_000  # that are solved for the corners of one polytope
MOST_PATTERNS = 200_000  # of roles and pieces that are looked at
NOBODY, FIRST, SECOND, BOTH = 0, 1, 2, 3

Row = list[Fraction]
Pair = tuple[Fraction, Fraction]
Plan = tuple[tuple[Fraction, ...], ...]
Reply = tuple[tuple[Fraction, ...], ...]  # by receiver type and reply, 0 for what there is not
Played = tuple[Plan, tuple[Reply | None, ...]]  # replies to signals that are sent


class TooManyCornersError(ValueError):
    """So much ties that the ends of continua are too many to list."""


@dataclass(frozen=True)
class ExactEquilibrium:
    """``plan (2, M)``, ``reply (M, Q, R)``; ``beliefs (M, 2)`` from the least to the largest; what a continuum links."""

    plan: Plan
    reply: tuple[Reply, ...]
    beliefs: tuple[Pair, ...]
    component: int


@dataclass(frozen=True)
class Piece:
    """Beliefs from ``low`` to ``high`` at which the same replies are best: of each receiver type, positions."""

    low: Fraction
    high: Fraction
    best: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Table:
    """The numbers of one game: ``prior (2,)``, ``worth (2, M, Q, R)`` of replies to the types, ``pieces`` by signal."""

    prior: Pair
    worth: NDArray[Any]
    pieces: tuple[tuple[Piece, ...], ...]

    def possible(self, m: int) -> list[int]:
        """The pieces of a signal with beliefs that there can be: a type that is never drawn leaves no choice."""
        if self.prior[1] == 0:
            return [0]
        return [len(self.pieces[m]) - 1] if self.prior[0] == 0 else list(range(len(self.pieces[m])))

    def points(self, m: int, k: int) -> list[Pair]:
        """What the types get from a signal on a piece, by the joint pure replies of it."""
        return [
            (sum_(self.worth[0, m, q, r] for q, r in enumerate(chosen)),
             sum_(self.worth[1, m, q, r] for q, r in enumerate(chosen)))
            for chosen in product(*self.pieces[m][k].best)
        ]  # fmt: skip


def gets(worth: Any, t: int, m: int, reply: Reply) -> Fraction:
    """What a type gets from a signal that is replied to so; ``worth (T, M, Q, R)`` in fractions."""
    return sum_(
        share * worth[t, m, q, r] for q, own in enumerate(reply) for r, share in enumerate(own) if share
    )


def sum_(numbers: Any) -> Fraction:
    """The sum of fractions, which is one of no numbers as well."""
    return sum(numbers, Fraction(0))


def exact_polylines(
    numbers: tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]], replies: NDArray[Any]
) -> list[ExactEquilibrium]:
    """All equilibria, continua by their ends.

    ``numbers`` are fractions: prior ``(2,)``, chances of receivers ``(2, Q)``, payoffs of sender and receiver
    ``(2, M, Q, R)``; ``replies (M, Q)`` counts.  Raises TooManyCornersError where there are too many to list.
    """
    prior, met, sender, receiver = numbers
    signals = len(replies)
    game = Table(
        (prior[0], prior[1]),
        met[:, np.newaxis, :, np.newaxis] * sender,
        tuple(tuple(pieces(met, receiver[:, m], replies[m].tolist())) for m in range(signals)),
    )
    found: list[Played] = []
    component: list[int] = []
    for role, at in patterns(game, signals):
        for bound in bindings(game, role, at):
            ends = emitted(game, role, bound)
            mine = {component[found.index(one)] for one in ends if one in found}
            number = min(mine, default=len(found))
            for one in ends:
                if one not in found:
                    found.append(one)
                    component.append(number)
            component = [number if own in mine else own for own in component]
    order = {own: k for k, own in enumerate(dict.fromkeys(component))}
    result = []
    for (plan, sent), own in zip(found, component, strict=True):
        values = [best_value(game, t, plan, sent) for t in range(2)]
        result.append(completed(game, plan, sent, values, order[own]))
    return result


def pieces(met: NDArray[Any], receiver: NDArray[Any], replies: list[int]) -> Iterator[Piece]:
    """The pieces of a signal in the order of beliefs, ``met (2, Q), receiver (2, Q, R)``."""
    lines = []
    for q, count in enumerate(replies):
        first, second = receiver[0, q, :count], receiver[1, q, :count]
        if max(met[:, q]) > 0 and min(met[:, q]) == 0:  # who meets one type only never doubts
            sure = receiver[int(met[1, q] > 0), q, :count]
            lines.append(list(zip(sure, sure, strict=True)))
        elif max(met[:, q]) > 0:
            lines.append(list(zip(first * met[0, q], second * met[1, q], strict=True)))
        else:
            lines.append(list(zip(first, second, strict=True)))

    def best(belief: Fraction) -> tuple[tuple[int, ...], ...]:
        result = []
        for own in lines:
            worth = [(1 - belief) * one + belief * other for one, other in own]
            result.append(tuple(r for r, number in enumerate(worth) if number == max(worth)))
        return tuple(result)

    cuts = {Fraction(0), Fraction(1)}
    for own in lines:
        for (a, b), (c, d) in combinations(own, 2):
            lead, gain = a - c, d - b
            if lead + gain != 0 and 0 < lead / (lead + gain) < 1:
                cuts.add(lead / (lead + gain))
    bends = sorted(cut for cut in cuts)
    last: tuple[tuple[int, ...], ...] | None = None
    here: list[Piece] = []
    for k, cut in enumerate(bends):
        point = best(cut)
        after = best((cut + bends[k + 1]) / 2) if k + 1 < len(bends) else None
        if point == last and after == last:
            here[-1] = Piece(here[-1].low, bends[k + 1], point)  # nobody switches here
            continue
        if point not in (last, after):
            here.append(Piece(cut, cut, point))
        if after is not None:
            here.append(Piece(cut, bends[k + 1], after))
        last = after
    yield from here


def patterns(game: Table, signals: int) -> Iterator[tuple[list[int], list[int]]]:
    """Who uses which signal on which piece of it, ``(M,), (M,)``, where payoffs and beliefs do not rule it out at once."""
    least = [
        max(min(p[t] for k in game.possible(m) for p in game.points(m, k)) for m in range(signals))
        for t in range(2)
    ]
    options: list[list[tuple[int, int, Fraction, Fraction]]] = []
    for m in range(signals):
        own = [(NOBODY, -1, Fraction(1), Fraction(0))]
        possible = game.possible(m)
        for k in possible:
            piece = game.pieces[m][k]
            if min(game.prior) == 0 or (piece.high > 0 and piece.low < 1):
                own.append((BOTH, k, piece.low, piece.high))
        for role, surely in ((FIRST, 0), (SECOND, 1)):
            k = possible[0] if game.prior[1] == 0 or (surely == 0 and game.prior[0] > 0) else possible[-1]
            own.append((role, k, Fraction(surely), Fraction(surely)))
        options.append([
            one for one in own
            if all(not (one[0] >> t) & 1 or max(p[t] for p in game.points(m, one[1])) >= least[t] for t in range(2))
        ])  # fmt: skip
    looked = 0
    for chosen in product(*options):
        looked += 1
        if looked > MOST_PATTERNS:
            raise TooManyCornersError
        users = 0
        for role, *_ in chosen:
            users |= role
        used = [one for one in chosen if one[0] != NOBODY]
        if users != BOTH:
            continue
        low, high = min(one[2] for one in used), max(one[3] for one in used)
        if min(game.prior) > 0 and not low <= game.prior[1] <= high:
            continue
        yield [one[0] for one in chosen], [one[1] for one in chosen]


def bindings(game: Table, role: list[int], at: list[int]) -> Iterator[list[int]]:
    """Pieces of unused signals that have to be looked at with the others: -1 where one of them deters in any case."""
    corners = reply_corners(game, role, at)
    if not corners:
        return
    values = [
        tuple(gets(game.worth, t, user(role, t), sent[user(role, t)]) for t in range(2)) for sent in corners
    ]
    open_ones = []
    for m in range(len(role)):
        if role[m] == NOBODY:
            possible = game.possible(m)
            if not any(all(deters(game.points(m, k), v) for v in values) for k in possible):
                open_ones.append((m, possible))
    for chosen in product(*(possible for _, possible in open_ones)):
        bound = list(at)
        for (m, _), k in zip(open_ones, chosen, strict=True):
            bound[m] = k
        yield bound


def user(role: list[int], t: int) -> int:
    """The first signal that a type uses."""
    return next(m for m, own in enumerate(role) if (own >> t) & 1)


def deters(points: Sequence[Pair], v: Sequence[Fraction]) -> bool:
    """Whether some mixture of points gives no type more than v: a point, or where an edge comes down to it."""
    if any(x <= v[0] and y <= v[1] for x, y in points):
        return True
    for (a, b), (c, d) in product([p for p in points if p[0] <= v[0]], [p for p in points if p[0] > v[0]]):
        share = (v[0] - a) / (c - a)
        if b + share * (d - b) <= v[1]:
            return True
    return False


def reply_corners(game: Table, role: list[int], at: list[int]) -> list[dict[int, Reply]]:
    """Corners of all replies on the pieces ``at`` that make roles best, by signal."""
    free = [
        (m, q, r, game.pieces[m][k].best[q][0])
        for m, k in enumerate(at) if k >= 0
        for q in range(len(game.pieces[m][k].best)) for r in game.pieces[m][k].best[q][1:]
    ]  # fmt: skip
    size = len(free)
    base = {m: base_reply(game, m, k) for m, k in enumerate(at) if k >= 0}

    def payoff(t: int, m: int) -> tuple[Row, Fraction]:
        """Of a type from a signal: what each free probability adds, and what there is without."""
        row = [
            game.worth[t, m, q, r] - game.worth[t, m, q, first] if m == own else Fraction(0)
            for own, q, r, first in free
        ]
        return row, gets(game.worth, t, m, base[m])

    equal: list[tuple[Row, Fraction]] = []
    least = shares_of_free(free)
    for m in base:
        for t in range(2):
            reference = user(role, t)
            if m == reference:
                continue
            (row, fixed), (other, level) = payoff(t, m), payoff(t, reference)
            told = [a - b for a, b in zip(row, other, strict=True)]
            (equal if (role[m] >> t) & 1 else least).append((told, level - fixed))
    return [replied(base, free, point) for point in corners_of(equal, least, size)]


def base_reply(game: Table, m: int, k: int) -> Reply:
    """The first best reply of each receiver type."""
    most = game.worth.shape[3]
    return tuple(tuple(Fraction(int(r == best[0])) for r in range(most)) for best in game.pieces[m][k].best)


def shares_of_free(free: list[tuple[int, int, int, int]]) -> list[tuple[Row, Fraction]]:
    """Rows by which free probabilities are none below 0, and leave none below 0 for the first reply."""
    size, owners = len(free), [(m, q) for m, q, _, _ in free]
    return [
        *(([Fraction(-int(i == j)) for i in range(size)], Fraction(0)) for j in range(size)),
        *(([Fraction(int(who == own)) for who in owners], Fraction(1)) for own in dict.fromkeys(owners)),
    ]


def replied(base: dict[int, Reply], free: list[tuple[int, int, int, int]], point: Row) -> dict[int, Reply]:
    """Replies of a point of free probabilities."""
    table = {m: [list(own) for own in reply] for m, reply in base.items()}
    for (m, q, r, first), share in zip(free, point, strict=True):
        table[m][q][r] += share
        table[m][q][first] -= share
    return {m: tuple(tuple(own) for own in reply) for m, reply in table.items()}


def sender_corners(game: Table, role: list[int], at: list[int]) -> list[Plan]:
    """Corners of all plans of the sender that keep beliefs on their pieces, ``(2, M)`` each."""
    signals = len(role)
    free = [(t, m) for t in range(2) for m in range(signals) if (role[m] >> t) & 1]
    equal = [([Fraction(int(own == t)) for own, _ in free], Fraction(1)) for t in range(2)]
    least = [([Fraction(-int(i == j)) for i in range(len(free))], Fraction(0)) for j in range(len(free))]
    for m in range(signals):
        if role[m] != BOTH or min(game.prior) == 0:
            continue
        piece = game.pieces[m][at[m]]
        for upper, belief in enumerate((piece.low, piece.high)):
            if (piece.low == piece.high and upper) or belief == upper:
                continue
            sign = 1 if not upper else -1
            weights = (sign * belief * game.prior[0], -sign * (1 - belief) * game.prior[1])
            row = [weights[t] if own == m else Fraction(0) for t, own in free]
            (equal if piece.low == piece.high else least).append((row, Fraction(0)))
    result = []
    for point in corners_of(equal, least, len(free)):
        plan = [[Fraction(0)] * signals for _ in range(2)]
        for (t, m), share in zip(free, point, strict=True):
            plan[t][m] = share
        result.append(tuple(tuple(own) for own in plan))
    return result


def emitted(game: Table, role: list[int], at: list[int]) -> list[Played]:
    """All equilibria of a pattern: plans, and replies to signals that are sent."""
    replies = reply_corners(game, role, at)
    result: list[Played] = []
    for plan in sender_corners(game, role, at) if replies else []:
        for sent in replies:
            told = tuple(sent[m] if plan[0][m] or plan[1][m] else None for m in range(len(role)))
            if (plan, told) not in result and holds(game, plan, told):
                result.append((plan, told))
    return result


def best_value(game: Table, t: int, plan: Plan, sent: Sequence[Any]) -> Fraction:
    """What a type gets from the signals that it sends."""
    m = next(m for m, share in enumerate(plan[t]) if share)
    return gets(game.worth, t, m, sent[m])


def holds(game: Table, plan: Plan, sent: Sequence[Reply | None]) -> bool:
    """Whether no type would rather send another signal: of those that nobody sends some piece has to deter."""
    values = [best_value(game, t, plan, sent) for t in range(2)]
    return all(
        any(deters(game.points(m, k), values) for k in game.possible(m))
        if reply is None
        else all(gets(game.worth, t, m, reply) <= values[t] for t in range(2))
        for m, reply in enumerate(sent)
    )


def completed(
    game: Table, plan: Plan, sent: Sequence[Reply | None], values: Sequence[Fraction], component: int
) -> ExactEquilibrium:
    """With replies to signals that nobody sends, and beliefs: by Bayes' rule, or all at which those replies are best.

    Of all pieces that deter the one of the widest range of beliefs is taken.
    """
    replies, beliefs = [], []
    for m, reply in enumerate(sent):
        first, second = game.prior[0] * plan[0][m], game.prior[1] * plan[1][m]
        if reply is not None:
            never = Fraction(int(game.prior[0] == 0))
            share = second / (first + second) if first + second else never
            replies.append(reply)
            beliefs.append((share, share))
            continue
        fitting = [k for k in game.possible(m) if deters(game.points(m, k), values)]
        widths = [(game.pieces[m][k].high - game.pieces[m][k].low, -k) for k in fitting]
        widest = -max(widths)[1]
        chosen = deterring(game, m, widest, values)
        serving = [
            piece for piece in game.pieces[m]
            if all(r in best for own, best in zip(chosen, piece.best, strict=True) for r, p in enumerate(own) if p)
        ]  # fmt: skip
        low, high = min(piece.low for piece in serving), max(piece.high for piece in serving)
        replies.append(chosen)
        beliefs.append((
            Fraction(1) if game.prior[0] == 0 else low,
            Fraction(0) if game.prior[1] == 0 else high,
        ))  # fmt: skip
    return ExactEquilibrium(plan, tuple(replies), tuple(beliefs), component)


def deterring(game: Table, m: int, k: int, values: Sequence[Fraction]) -> Reply:
    """Replies on a piece that give no type more than its value: pure ones where there are any."""
    best, most = game.pieces[m][k].best, game.worth.shape[3]
    for chosen in product(*best):
        pure = tuple(tuple(Fraction(int(r == one)) for r in range(most)) for one in chosen)
        if all(gets(game.worth, t, m, pure) <= values[t] for t in range(2)):
            return pure
    free = [(m, q, r, own[0]) for q, own in enumerate(best) for r in own[1:]]
    base = {m: base_reply(game, m, k)}
    least = shares_of_free(free)
    for t in range(2):
        row = [game.worth[t, m, q, r] - game.worth[t, m, q, first] for _, q, r, first in free]
        least.append((row, values[t] - gets(game.worth, t, m, base[m])))
    return replied(base, free, corners_of([], least, len(free))[0])[m]


def corners_of(equal: list[tuple[Row, Fraction]], least: list[tuple[Row, Fraction]], size: int) -> list[Row]:
    """Corners of ``{x: a x = b for (a, b) in equal, a x <= b for those in least}``, in fractions.

    Raises TooManyCornersError where there are too many systems to solve.
    """
    base = reduced(equal, size)
    if base is None:
        return []
    rank = len(base)
    if comb(len(least), size - rank) > MOST_SYSTEMS:
        raise TooManyCornersError
    found: list[Row] = []
    for chosen in combinations(least, size - rank):
        system = reduced([*base, *chosen], size)
        if system is None or len(system) < size:
            continue
        point = [Fraction(0)] * size
        for row, level in system:
            point[next(j for j, number in enumerate(row) if number)] = level
        inside = all(sum_(a * x for a, x in zip(row, point, strict=True)) <= level for row, level in least)
        if inside and point not in found:
            found.append(point)
    return found


def reduced(rows: Sequence[tuple[Row, Fraction]], size: int) -> list[tuple[Row, Fraction]] | None:
    """Equations in reduced form, those that say nothing left out; None where they contradict each other."""
    table = [[*row, level] for row, level in rows]
    result: list[Row] = []
    for own in table:
        row = list(own)
        for done in result:
            pivot = next(j for j, number in enumerate(done) if number)
            if row[pivot]:
                row = [x - row[pivot] * y for x, y in zip(row, done, strict=True)]
        pivot = next((j for j, number in enumerate(row[:size]) if number), -1)
        if pivot < 0:
            if row[size]:
                return None
            continue
        row = [x / row[pivot] for x in row]
        result = [
            [x - done[pivot] * y for x, y in zip(done, row, strict=True)] if done[pivot] else done
            for done in result
        ]
        result.append(row)
    return [(row[:size], row[size]) for row in result]
