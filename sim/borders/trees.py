"""Equilibria of game trees as conditions on signs of polynomials: backward induction in which ties are kept.

What may come of play from a node on is a list of prospects, each with what has to hold for it.  Where somebody who saw
all that happened moves, a prospect of one action is played on if each other action has some prospect that is no better:
play in other subgames is chosen on its own.  What many prospects rest on is written once, as a fact.
Mixed play of who sees all needs a tie: it lies on borders, or where payoffs tie at all values of the parameters.
Source: Kuhn (1953).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.borders.conditions import Clause, Condition, Margins, NoMarginsError, conditions_written
from sim.borders.factoring import Algebra, Product
from sim.game.tree_shape import CHANCE, END, Shape
from sim.polynomials import Case

__all__ = ["tree_conditions"]

MOST_PROSPECTS = 512  # from one node on
MOST_CLAUSES = 50_000


class Premise(NamedTuple):
    """What has to hold: conditions and facts, all of them; nothing if there are none."""

    conditions: frozenset[Condition] = frozenset()
    facts: frozenset[int] = frozenset()


ALWAYS = Premise()


class Prospect(NamedTuple):
    """What may come of play from a node on: what it is worth to each player, and how likely outcomes are then.

    Polynomials, all of them times the same positive number.
    """

    values: tuple[Any, ...]
    weights: tuple[Any, ...]
    premise: Premise


def tree_conditions(
    given: Iterable[Case],
    variables: Sequence[str],
    outcomes: tuple[str, ...],
    of: NDArray[np.int64],
    shape: Shape,
) -> Margins:
    """The conditions of pure subgame-perfect equilibria of a tree in which whoever moves saw all that happened.

    Payoffs of each case are ``(n + 1, Z or E)``: a row for each player, by end, and one of chances, by way.
    ``of (Z,)`` gives the number of each end's outcome.  Raises NoMarginsError where somebody moves without having seen
    all, and where there would be too many.
    """
    if not shape.singletons:
        raise NoMarginsError(
            "who moves without having seen all that happened plays by beliefs, which are not decided by signs here"
        )

    def write(table: NDArray[Any], algebra: Algebra) -> Iterator[Clause]:
        return Backward(table, algebra, shape, of, len(outcomes)).clauses()

    return conditions_written(given, variables, outcomes, write)


class Backward:
    """A tree gone through from its ends, in one case."""

    def __init__(
        self, table: NDArray[Any], algebra: Algebra, shape: Shape, of: NDArray[np.int64], outcomes: int
    ) -> None:
        self.algebra, self.shape, self.of, self.outcomes = algebra, shape, of, outcomes
        self.payoffs = table[:-1]
        ways = sum(map(len, shape.chances))
        self.chance = table[-1][:ways]
        self.whole = sum(self.chance[shape.chances[0]]) if ways else algebra.number(1)
        # what is likely is never negative
        self.signed: dict[int, int] = {}
        for share in {str(one): one for one in self.chance}.values():
            found = algebra.product(share)
            if len(found.odd) == 1:
                self.signed[min(found.odd)] = found.sign
        self.written: list[Clause] = []
        self.facts = 0
        self.no_better: dict[tuple[str, int, int], Premise | None] = {}

    def clauses(self) -> Iterator[Clause]:
        """All of them."""
        for prospect in self.prospects():
            for outcome, weight in enumerate(prospect.weights):
                if weight == 0:
                    continue
                likely = self.needs(2 * weight - sum(prospect.weights))
                if likely is not None and (premise := both(prospect.premise, likely)) is not None:
                    self.write(Clause(premise.conditions, outcome, premise.facts))
        yield from self.written

    def write(self, clause: Clause) -> None:
        """One more."""
        self.written.append(clause)
        if len(self.written) > MOST_CLAUSES:
            raise NoMarginsError(f"the tree needs more than {MOST_CLAUSES} conditions")

    def prospects(self) -> list[Prospect]:
        """What may come of play from the beginning."""
        shape = self.shape
        found: dict[int, list[Prospect]] = {}
        depth = self.draws()
        for v in range(len(shape.parent) - 1, -1, -1):
            if shape.agent[v] == END:
                found[v] = [self.at_end(v, self.whole ** int(depth.max() - depth[v]))]
                continue
            below = [found.pop(w) for w in shape.children(v).tolist()]
            found[v] = self.merged(
                self.drawn(v, below) if shape.agent[v] == CHANCE else self.chosen(v, below)
            )
        return found[0]

    def draws(self) -> NDArray[np.int64]:
        """How often chance moved before each node, ``(N,)``."""
        result = np.zeros(len(self.shape.parent), np.int64)
        for v in range(1, len(result)):
            above = self.shape.parent[v]
            result[v] = result[above] + (self.shape.agent[above] == CHANCE)
        return result

    def at_end(self, v: int, times: Any) -> Prospect:
        """What an end is worth: chances are multiples of what they are, ends after fewer draws are as well."""
        end = int(np.searchsorted(self.shape.ends, v))
        nothing = self.algebra.number(0)
        weights = tuple(times if one == self.of[end] else nothing for one in range(self.outcomes))
        return Prospect(tuple(times * own[end] for own in self.payoffs), weights, ALWAYS)

    def drawn(self, v: int, below: Sequence[list[Prospect]]) -> Iterator[Prospect]:
        """Where chance moves, each way may go on as it will."""
        shares = [self.chance[self.shape.edge[w]] for w in self.shape.children(v).tolist()]
        for ways in product(*below):
            premise: Premise | None = ALWAYS
            for way in ways:
                premise = None if premise is None else both(premise, way.premise)
            if premise is not None:
                values, weights = (
                    tuple(
                        sum(share * part for share, part in zip(shares, parts, strict=True))
                        for parts in zip(*each, strict=True)
                    )
                    for each in ([way.values for way in ways], [way.weights for way in ways])
                )
                yield Prospect(values, weights, premise)

    def chosen(self, v: int, below: Sequence[list[Prospect]]) -> Iterator[Prospect]:
        """Where somebody moves, what no other action betters."""
        player = int(self.shape.owner[self.shape.agent[v]])
        children = self.shape.children(v).tolist()
        for child, prospects in zip(children, below, strict=True):
            for prospect in prospects:
                premise: Premise | None = prospect.premise
                for other, instead in zip(children, below, strict=True):
                    if other == child or premise is None:
                        continue
                    worse = self.some_no_better(prospect.values[player], player, other, instead)
                    premise = None if worse is None else both(premise, worse)
                if premise is not None:
                    yield prospect._replace(premise=premise)

    def some_no_better(
        self, value: Any, player: int, node: int, instead: Iterable[Prospect]
    ) -> Premise | None:
        """What has to hold for some prospect of a node to give a player no more than a value."""
        key = str(value), player, node
        if key not in self.no_better:
            ways = [(self.needs(value - one.values[player]), one.premise) for one in instead]
            self.no_better[key] = self.either(both(*way) for way in ways if way[0] is not None)  # type: ignore[arg-type]
        return self.no_better[key]

    def merged(self, given: Iterable[Prospect]) -> list[Prospect]:
        """Prospects of which no two are alike."""
        alike: dict[tuple[str, ...], list[Prospect]] = {}
        for prospect in given:
            alike.setdefault((*map(str, prospect.values), *map(str, prospect.weights)), []).append(prospect)
            if len(alike) > MOST_PROSPECTS:
                raise NoMarginsError(f"play can go on in more than {MOST_PROSPECTS} ways from one move on")
        result = []
        for each in alike.values():
            premise = self.either(one.premise for one in each)
            if premise is not None:
                result.append(each[0]._replace(premise=premise))
        return result

    def needs(self, polynomial: Any) -> Premise | None:
        """What has to hold for a polynomial not to be negative; None where that is never so."""
        sign, odd = self.algebra.product(polynomial)
        for factor in odd.intersection(self.signed):
            sign *= self.signed[factor]
        odd = odd.difference(self.signed)
        if sign == 0 or (sign > 0 and not odd):
            return ALWAYS
        return Premise(frozenset({Product(sign, odd)})) if odd else None

    def either(self, ways: Iterable[Premise | None]) -> Premise | None:
        """What holds where some of the ways does: the only one, or a fact; None where none ever does."""
        found = list(dict.fromkeys(one for one in ways if one is not None))
        if not found or ALWAYS in found:
            return ALWAYS if found else None
        if len(found) == 1:
            return found[0]
        number = self.outcomes + self.facts
        self.facts += 1
        for one in found:
            self.write(Clause(one.conditions, number, one.facts))
        return Premise(facts=frozenset({number}))


def both(one: Premise, other: Premise) -> Premise | None:
    """What has to hold for both; None where that is so on a border at most."""
    conditions = one.conditions | other.conditions
    if any(Product(-each.sign, each.odd) in conditions for each in other.conditions):
        return None
    return Premise(conditions, one.facts | other.facts)
