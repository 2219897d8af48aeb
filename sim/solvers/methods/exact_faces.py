"""All isolated equilibria of a signalling game in fractions: the patterns of :mod:`sim.kernels.tree.belief_faces`.

Nothing is shared with what floats do but the list of patterns, so that each is an oracle of the other.  Sizes: T types,
M signals, Q types of receivers, R replies.  Where something ties exactly there may be continua, which are not looked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels.tree.face_patterns import face_patterns
from sim.solvers.methods.exact_polylines import (
    Reply,
    Row,
    TooManyCornersError,
    corners_of,
    gets,
    reduced,
    sum_,
)

__all__ = ["ExactFace", "exact_faces"]

MOST_PATTERNS = 20_000  # that are looked at in fractions

Belief = tuple[Fraction, ...]
Equation = tuple[Row, Fraction]


@dataclass(frozen=True)
class ExactFace:
    """``plan (T, M)``, ``reply (M, Q, R)``, and at each signal the corners of beliefs that support it, ``(T,)`` each."""

    plan: tuple[tuple[Fraction, ...], ...]
    reply: tuple[Reply, ...]
    beliefs: tuple[tuple[Belief, ...], ...]


@dataclass(frozen=True)
class Corner:
    """A belief at a signal with more replies tied than around it, and all that are best there, by receiver."""

    belief: Belief
    best: tuple[frozenset[int], ...]

    @property
    def types(self) -> int:
        """The types that it does not exclude, as bits."""
        return sum(1 << t for t, share in enumerate(self.belief) if share)


class Faces:
    """The numbers of one game: ``prior (T,)``, ``worth``, ``gain (T, M, Q, R)`` to both sides, ``replies (M, Q)``."""

    def __init__(self, numbers: tuple[NDArray[Any], ...], replies: NDArray[Any]) -> None:
        prior, met, sender, receiver = numbers
        self.prior, self.replies = prior, replies
        self.worth = met[:, np.newaxis, :, np.newaxis] * sender
        self.gain = met[:, np.newaxis, :, np.newaxis] * receiver
        self.types, self.signals, self.receivers, self.most = self.worth.shape
        self.doubtful = bool((prior == 0).any() or (met == 0).any())
        self.corners = [list(self.subdivided(m)) for m in range(self.signals)]

    def subdivided(self, m: int) -> Iterator[Corner]:
        """Corners of the faces of beliefs on which replies to a signal stay best."""
        one, types = [Fraction(1)] * self.types, range(self.types)
        conditions: list[Row] = [[Fraction(int(t == own)) for t in types] for own in types]
        for q in range(self.receivers):
            for a, b in combinations(range(int(self.replies[m, q])), 2):
                conditions.append([self.gain[t, m, q, a] - self.gain[t, m, q, b] for t in types])
        seen: set[Belief] = set()
        for chosen in combinations(conditions, self.types - 1):
            system = reduced([(one, Fraction(1)), *((row, Fraction(0)) for row in chosen)], self.types)
            if system is None or len(system) < self.types:
                continue
            belief = tuple(solution(system, self.types))
            if min(belief) < 0 or belief in seen:
                continue
            seen.add(belief)
            yield Corner(belief, tuple(self.best(m, q, belief) for q in range(self.receivers)))

    def best(self, m: int, q: int, belief: Sequence[Fraction]) -> frozenset[int]:
        """The best replies of a receiver at a belief."""
        value = [
            sum_(share * self.gain[t, m, q, r] for t, share in enumerate(belief))
            for r in range(int(self.replies[m, q]))
        ]
        return frozenset(r for r, number in enumerate(value) if number == max(value))

    def span(self, t: int, m: int, sets: Sequence[Sequence[int]]) -> tuple[Fraction, Fraction]:
        """The least and the most that a type can get from a signal that is replied to by these."""
        each = [[self.worth[t, m, q, r] for r in own] for q, own in enumerate(sets)]
        return sum_(map(min, each)), sum_(map(max, each))

    def pure(self, chosen: Sequence[int]) -> Reply:
        """Replies of which each receiver has one."""
        return tuple(tuple(Fraction(int(r == one)) for r in range(self.most)) for one in chosen)


def solution(system: Sequence[Equation], size: int) -> Row:
    """The point that equations in reduced form have, as many as there are numbers."""
    point = [Fraction(0)] * size
    for row, level in system:
        point[next(j for j, number in enumerate(row) if number)] = level
    return point


def exact_faces(numbers: tuple[NDArray[Any], ...], replies: NDArray[Any]) -> tuple[list[ExactFace], bool]:
    """All isolated equilibria, and whether there is nothing else: no tie, and no pattern without a single solution.

    ``numbers`` are fractions: prior ``(T,)``, chances of receivers ``(T, Q)``, payoffs of sender and receiver
    ``(T, M, Q, R)``; ``replies (M, Q)`` counts.  Raises TooManyCornersError where there are too many patterns.
    """
    game = Faces(numbers, replies)
    rows, users, _ = face_patterns(game.types, tuple(map(tuple, replies.tolist())))
    if len(rows) > MOST_PATTERNS:
        raise TooManyCornersError
    found: list[ExactFace] = []
    for row, used in zip(rows.tolist(), users.tolist(), strict=True):
        sets = [
            [members(row[game.types + m * game.receivers + q]) for q in range(game.receivers)]
            for m in range(game.signals)
        ]
        if not possible(game, used, sets):
            continue
        here = of_pattern(game, used, sets)
        if here is not None and all((one.plan, one.reply) != (here.plan, here.reply) for one in found):
            found.append(here)
    return found, not game.doubtful


def members(bits: int) -> list[int]:
    """The places of the bits that are set."""
    return [k for k in range(bits.bit_length()) if (bits >> k) & 1]


def possible(game: Faces, used: Sequence[int], sets: Sequence[Sequence[Sequence[int]]]) -> bool:
    """Whether replies can be best together, and payoffs be equal where they must, as far as is seen at once."""
    sent = [m for m in range(game.signals) if used[m]]
    for m in sent:
        wanted = [set(own) for own in sets[m]]
        if not any(
            corner.types & ~used[m] == 0
            and all(own <= best for own, best in zip(wanted, corner.best, strict=True))
            for corner in game.corners[m]
        ):
            return False
    for t in range(game.types):
        spans = {m: game.span(t, m, sets[m]) for m in sent}
        own = [spans[m] for m in sent if (used[m] >> t) & 1]
        if max(low for low, _ in own) > min(high for _, high in own):
            return False
        if any(low > min(high for _, high in own) for low, _ in spans.values()):
            return False
    return True


def of_pattern(game: Faces, used: Sequence[int], sets: Sequence[Sequence[Sequence[int]]]) -> ExactFace | None:
    """The equilibrium of a pattern, None where it has none; ties, and systems without one solution, leave a doubt."""
    sent = replied_so(game, used, sets)
    if sent is None:
        return None
    values = [
        gets(game.worth, t, m, sent[m])
        for t in range(game.types)
        for m in [next(m for m in sent if (used[m] >> t) & 1)]
    ]
    for m, reply in sent.items():
        for t in range(game.types):
            more = gets(game.worth, t, m, reply) - values[t]
            if more > 0:
                return None
            game.doubtful |= more == 0 and not (used[m] >> t) & 1
    plan = sent_so(game, used, sets)
    if plan is None:
        return None
    replies: list[Reply] = []
    beliefs: list[tuple[tuple[Any, ...], ...]] = []
    for m in range(game.signals):
        if m in sent:
            weight = [game.prior[t] * plan[t][m] for t in range(game.types)]
            if not sum_(weight):  # nobody sends it after all: what there is belongs to another pattern
                return None
            replies.append(sent[m])
            beliefs.append((tuple(share / sum_(weight) for share in weight),))
            continue
        threat = deterring(game, m, values)
        if threat is None:
            return None
        replies.append(threat)
        beliefs.append(tuple(corner.belief for corner in serving(game, m, threat)))
    return ExactFace(plan, tuple(replies), tuple(beliefs))


def replied_so(
    game: Faces, used: Sequence[int], sets: Sequence[Sequence[Sequence[int]]]
) -> dict[int, Reply] | None:
    """Replies to signals that are sent by which each type is as well off with each of its own."""
    sent = [m for m in range(game.signals) if used[m]]
    free = [(m, q, r, sets[m][q][0]) for m in sent for q in range(game.receivers) for r in sets[m][q][1:]]
    base = {m: game.pure([own[0] for own in sets[m]]) for m in sent}
    equal: list[Equation] = []
    for t in range(game.types):
        first, *others = [m for m in sent if (used[m] >> t) & 1]
        for m in others:
            row = [
                (game.worth[t, k, q, r] - game.worth[t, k, q, one]) * ((k == m) - (k == first))
                for k, q, r, one in free
            ]
            equal.append((row, gets(game.worth, t, first, base[first]) - gets(game.worth, t, m, base[m])))
    point = one_point(game, equal, len(free))
    if point is None:
        return None
    table = {m: [list(own) for own in reply] for m, reply in base.items()}
    for (m, q, r, one), share in zip(free, point, strict=True):
        table[m][q][r] += share
        table[m][q][one] -= share
    shares = [table[m][q][r] for m in sent for q in range(game.receivers) for r in sets[m][q]]
    if not positive(game, shares):
        return None
    return {m: tuple(tuple(own) for own in reply) for m, reply in table.items()}


def sent_so(
    game: Faces, used: Sequence[int], sets: Sequence[Sequence[Sequence[int]]]
) -> tuple[tuple[Fraction, ...], ...] | None:
    """Plans by which the replies to each signal that is sent are equally good, and no others are better."""
    free = [(t, m) for t in range(game.types) for m in range(game.signals) if (used[m] >> t) & 1]
    equal: list[Equation] = [
        ([Fraction(int(own == t)) for own, _ in free], Fraction(1)) for t in range(game.types)
    ]

    def lead(m: int, q: int, r: int, one: int) -> Row:
        return [
            game.prior[t] * (game.gain[t, m, q, r] - game.gain[t, m, q, one]) if own == m else Fraction(0)
            for t, own in free
        ]

    sent = [(m, q) for m in range(game.signals) if used[m] for q in range(game.receivers)]
    for m, q in sent:
        one, *others = sets[m][q]
        equal += [(lead(m, q, r, one), Fraction(0)) for r in others]
    point = one_point(game, equal, len(free))
    if point is None or not positive(game, point):
        return None
    for m, q in sent:
        for r in range(int(game.replies[m, q])):
            if r not in sets[m][q]:
                row = lead(m, q, r, sets[m][q][0])
                more = sum_(a * x for a, x in zip(row, point, strict=True))
                if more > 0:
                    return None
                game.doubtful |= more == 0
    plan = [[Fraction(0)] * game.signals for _ in range(game.types)]
    for (t, m), share in zip(free, point, strict=True):
        plan[t][m] = share
    return tuple(map(tuple, plan))


def one_point(game: Faces, equal: Sequence[Equation], size: int) -> Row | None:
    """The one solution of equations; None where there is none, or several, which leaves a doubt."""
    system = reduced(equal, size)
    if system is None:
        return None
    if len(system) < size:
        game.doubtful = True
        return None
    return solution(system, size)


def positive(game: Faces, shares: Sequence[Fraction]) -> bool:
    """Whether none is below 0; one that is just 0 leaves a doubt."""
    if min(shares, default=Fraction(1)) < 0:
        return False
    game.doubtful |= any(share == 0 for share in shares)
    return True


def serving(game: Faces, m: int, reply: Reply) -> list[Corner]:
    """The corners of beliefs at a signal at which all that is played is best."""
    played = [{r for r, share in enumerate(own) if share} for own in reply]
    return [
        corner
        for corner in game.corners[m]
        if all(own <= best for own, best in zip(played, corner.best, strict=True))
    ]


def deterring(game: Faces, m: int, values: Sequence[Fraction]) -> Reply | None:
    """Replies by which no type would send a signal that nobody sends: of pure ones those of the most corners."""
    widest: tuple[int, Reply] | None = None
    for chosen in product(*(range(int(count)) for count in game.replies[m])):
        reply = game.pure(chosen)
        slack = [values[t] - gets(game.worth, t, m, reply) for t in range(game.types)]
        corners = len(serving(game, m, reply)) if min(slack) >= 0 else 0
        if corners:
            game.doubtful |= 0 in slack
            if widest is None or corners > widest[0]:
                widest = corners, reply
    if widest is not None:
        return widest[1]
    for corner in game.corners[m]:
        best = [sorted(own) for own in corner.best]
        free = [(q, r, own[0]) for q, own in enumerate(best) for r in own[1:]]
        base = game.pure([own[0] for own in best])
        least = [([-Fraction(int(i == j)) for i in range(len(free))], Fraction(0)) for j in range(len(free))]
        least += [
            ([Fraction(int(q == own)) for own, _, _ in free], Fraction(1)) for q in {q for q, _, _ in free}
        ]
        for t in range(game.types):
            row = [game.worth[t, m, q, r] - game.worth[t, m, q, one] for q, r, one in free]
            least.append((row, values[t] - gets(game.worth, t, m, base)))
        points = corners_of([], least, len(free)) if free else []
        if points:
            table = [list(own) for own in base]
            for (q, r, one), share in zip(free, points[0], strict=True):
                table[q][r] += share
                table[q][one] -= share
            return tuple(map(tuple, table))
    return None
