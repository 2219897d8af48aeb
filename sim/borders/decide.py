"""From signs of factors to labels, for many blocks at once, where some signs are not known.

A sign is -1 or 1, or 0 where it is not known.  Labels are words of bits: one for each outcome, the highest for "somebody
mixes".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.borders.conditions import MIXED, Clause, Margins, renumbered

__all__ = ["MOST_OPEN", "Decider", "Table", "Verdict"]

Signs = NDArray[np.int8]

MOST_OPEN = 12  # unknown signs of which all combinations are looked at


class Verdict(NamedTuple):
    """``certain`` and ``possible (B, bits)``, and ``open (B, K)``: unknown factors that could still matter."""

    certain: NDArray[np.bool_]
    possible: NDArray[np.bool_]
    open: NDArray[np.bool_]


class Table(NamedTuple):
    """``margins`` are the unknown factors whose sign changes the label, ``labels`` the labels by their signs.

    The first margin is the highest bit of a place in ``labels``, a positive sign is 1; None where there would be too many.
    """

    margins: tuple[int, ...]
    labels: tuple[tuple[bool, ...], ...] | None


class Gathering:
    """For some places the members of which any counts: ``any(x[:, members])`` for each, in lists of any length."""

    def __init__(self, lists: Mapping[int, Sequence[int]]) -> None:
        self.places = np.array(sorted(lists), np.int64)
        sizes = [len(lists[place]) for place in self.places.tolist()]
        self.members = np.array([one for place in self.places.tolist() for one in lists[place]], np.int64)
        self.starts = np.cumsum([0, *sizes[:-1]]) if sizes else np.zeros(0, np.int64)

    def into(self, target: NDArray[np.bool_], given: NDArray[np.bool_]) -> None:
        """Mark in ``target (B, places)`` what any member of ``given (B, members)`` marks."""
        if self.places.size:
            found = np.logical_or.reduceat(given[:, self.members], self.starts, axis=1)
            target[:, self.places] |= found


class Layer:
    """Clauses that rest on facts of the layers before only."""

    def __init__(
        self, clauses: Sequence[tuple[int, Sequence[int], Sequence[int]]], always: tuple[int, int]
    ) -> None:
        """Each clause is what it gives, conditions and facts by number; ``always`` are those that fill up."""
        self.gives = np.array([head for head, _, _ in clauses], np.int64)
        self.needs = padded([needs for _, needs, _ in clauses], always[0])
        self.facts = padded([facts for _, _, facts in clauses], always[1])
        self.by_head = Gathering(inverse([[head] for head, _, _ in clauses]))
        self.by_condition = Gathering(inverse([needs for _, needs, _ in clauses]))
        self.by_fact = Gathering(inverse([facts for _, _, facts in clauses]))


def padded(lists: Sequence[Sequence[int]], fill: int) -> NDArray[np.int64]:
    """Lists side by side, ``fill`` where one is shorter than another."""
    result = np.full((len(lists), max([1, *map(len, lists)])), fill)
    for row, own in zip(result, lists, strict=True):
        row[: len(own)] = own
    return result


def inverse(lists: Sequence[Sequence[int]]) -> dict[int, list[int]]:
    """Which lists have a number, by number."""
    result: dict[int, list[int]] = {}
    for place, own in enumerate(lists):
        for number in own:
            result.setdefault(number, []).append(place)
    return result


class Decider:
    """The conditions of a game, laid out once."""

    def __init__(self, conditions: Margins) -> None:
        self.outcomes = conditions.outcomes
        self.factors = len(conditions.factors)
        every = sorted({one for clause in conditions.clauses for one in clause.conditions}, key=repr)
        number = {one: position for position, one in enumerate(every)}
        # a factor more, whose sign is always 1, fills up what is shorter; so does a condition more, and a fact
        self.members = padded([*(sorted(one.odd) for one in every), []], self.factors)
        self.sign = np.array([*(one.sign for one in every), 1], np.int8)
        self.conditions = [(one.sign, tuple(one.odd)) for one in every]
        self.by_factor = Gathering(inverse([sorted(one.odd) for one in every]))
        self.bits = len(self.outcomes) + 1
        self.clauses = [
            (
                self.place(clause.outcome),
                sorted(number[one] for one in clause.conditions),
                self.places(clause),
            )
            for clause in conditions.clauses
        ]
        self.all = 1 + max([self.bits - 1, *(head for head, _, _ in self.clauses)])
        self.given = conditions
        self.order = self.in_layers()
        self.layers = [
            Layer([self.clauses[place] for place in own], (len(every), self.all)) for own in self.order
        ]

    def place(self, outcome: int) -> int:
        """Where an outcome or a fact stands among bits: those of facts behind that of "somebody mixes"."""
        if outcome == MIXED:
            return self.bits - 1
        return outcome if outcome < len(self.outcomes) else outcome + 1

    def places(self, clause: Clause) -> list[int]:
        """Where the facts of a clause stand."""
        return sorted(map(self.place, clause.facts))

    def in_layers(self) -> list[list[int]]:
        """The clauses by how many others they wait for, by number; those of facts stand in order."""
        depth: dict[int, int] = {}
        layers: list[list[int]] = []
        order = sorted(
            range(len(self.clauses)), key=lambda one: (self.clauses[one][0] < self.bits, self.clauses[one][0])
        )
        for place in order:
            head, _, facts = self.clauses[place]
            own = 1 + max([-1, *(depth.get(fact, -1) for fact in facts)])
            depth[head] = max(depth.get(head, 0), own)
            layers.extend([] for _ in range(own + 1 - len(layers)))
            layers[own].append(place)
        return layers

    def __call__(self, signs: Signs) -> Verdict:
        """``signs (B, K)`` of factors -> what follows."""
        sure, may, live = self.follow(signs)
        used = np.zeros((len(signs), len(self.sign)), np.bool_)
        for layer, matter in zip(self.layers, live, strict=True):
            layer.by_condition.into(used, matter)
        unknown = np.zeros(signs.shape, np.bool_)
        self.by_factor.into(unknown, used)
        return Verdict(sure[:, : self.bits], may[:, : self.bits], unknown & (signs == 0))

    def follow(self, signs: Signs) -> tuple[NDArray[np.bool_], NDArray[np.bool_], list[NDArray[np.bool_]]]:
        """What is certain and what is possible of outcomes and facts ``(B, all + 1)``.

        And for each layer which clauses could still matter, ``(B, clauses)``.
        """
        whole = np.concatenate([signs, np.ones((len(signs), 1), np.int8)], axis=1)
        holds = whole[:, self.members].prod(axis=2, dtype=np.int8) * self.sign
        sure = np.zeros((len(signs), self.all + 1), np.bool_)
        sure[:, self.all] = True
        may = sure.copy()
        possible = []
        for layer in self.layers:
            met = holds[:, layer.needs]
            can = (met >= 0).all(axis=2) & may[:, layer.facts].all(axis=2)
            must = (met > 0).all(axis=2) & sure[:, layer.facts].all(axis=2)
            layer.by_head.into(may, can)
            layer.by_head.into(sure, must)
            possible.append(can)
        matters = np.zeros_like(sure)
        matters[:, : self.bits] = True
        for layer, can in zip(self.layers[::-1], possible[::-1], strict=True):
            can &= matters[:, layer.gives] & ~sure[:, layer.gives]
            layer.by_fact.into(matters, can)
        return sure, may, possible

    def remaining(self, signs: Signs) -> Margins:
        """What is left to decide where factors are known to have ``signs (K,)``: often far fewer of them matter."""
        sure, _, live = self.follow(signs[np.newaxis])
        kept = [
            Clause(frozenset(), MIXED if place == self.bits - 1 else place)
            for place in np.nonzero(sure[0, : self.bits])[0].tolist()
        ]
        for own, matter in zip(self.order, live, strict=True):
            for place in np.nonzero(matter[0])[0].tolist():
                clause = self.given.clauses[own[place]]
                conditions = frozenset(one for one in clause.conditions if not all(signs[list(one.odd)]))
                facts = frozenset(fact for fact in clause.facts if not sure[0, self.place(fact)])
                kept.append(Clause(conditions, clause.outcome, facts))
        left = renumbered(self.given.variables, self.given.factors, tuple(kept), self.outcomes)
        return replace(left, touching=(), functions=self.given.functions)

    def labels(self, signs: Signs) -> NDArray[np.bool_]:
        """``signs (B, K)``, all of them known that matter -> bits ``(B, bits)``."""
        return self(signs).certain

    def settled(self, signs: Signs) -> NDArray[np.bool_] | None:
        """The label by ``signs (K,)``, 0 where on a border; None where what holds is another on its two sides."""
        unknown = np.nonzero(self(signs[np.newaxis]).open[0])[0]
        if len(unknown) > MOST_OPEN:
            return None
        labels = self.table(signs, unknown, 0).labels
        return None if labels is None else np.array(labels[0])

    def table(self, signs: Signs, unknown: NDArray[np.int64], most: int) -> Table:
        """Labels by the signs of the ``unknown`` factors, those of all others ``signs (K,)``; of at most ``most`` margins.

        One bit of a long whole number for each way the unknown signs may be: a condition is decided for all at once.
        """
        count = len(unknown)
        every = (1 << 2**count) - 1
        patterns = positive_bits(count)
        positive: dict[int, int] = {
            place: every if sign > 0 else 0 for place, sign in enumerate(signs.tolist()) if sign
        }
        positive.update(zip(unknown.tolist(), patterns, strict=True))
        known: dict[int, int] = {}
        sure, _, live = self.follow(signs[np.newaxis])
        bits = [every if one else 0 for one in sure[0].tolist()]
        for layer, matter in zip(self.layers, live, strict=True):
            for place in np.nonzero(matter[0])[0].tolist():
                met = every
                for fact in layer.facts[place].tolist():
                    met &= bits[fact]
                for number in layer.needs[place].tolist():
                    if not met:
                        break
                    if number not in known:
                        known[number] = self.met(number, positive, every)
                    met &= known[number]
                bits[layer.gives[place]] |= met
        bits = bits[: self.bits]
        steps = [1 << (count - 1 - place) for place in range(count)]
        kept = [
            place
            for place, step in enumerate(steps)
            if any((bit ^ (bit >> step)) & (every ^ patterns[place]) for bit in bits)
        ]
        margins = tuple(int(unknown[place]) for place in kept)
        if len(kept) > most:
            return Table(margins, None)
        ways = (
            sum(steps[place] for place, chosen in zip(kept, way, strict=True) if chosen)
            for way in product((0, 1), repeat=len(kept))
        )
        return Table(margins, tuple(tuple(bool(bit >> way & 1) for bit in bits) for way in ways))

    def met(self, number: int, positive: dict[int, int], every: int) -> int:
        """Where a condition is met; nowhere if a sign that it needs is not known, since then it does not matter."""
        if number == len(self.conditions):  # what fills up is always met
            return every
        sign, odd = self.conditions[number]
        result = every if sign > 0 else 0
        for factor in odd:
            if factor not in positive:
                return 0
            result ^= every ^ positive[factor]
        return result


@lru_cache(maxsize=16)
def positive_bits(count: int) -> tuple[int, ...]:
    """For each of some unknown signs the places of a table at which it is positive, as bits."""
    result = []
    for place in range(count):
        run = 1 << (count - 1 - place)
        block = ((1 << run) - 1) << run
        result.append(sum(block << start for start in range(0, 2**count, 2 * run)))
    return tuple(result)
