"""Pure equilibria of game trees as conditions on signs of polynomials: backward induction in which ties are kept.

What may come of play from a node on is a list of prospects, each with what has to hold for it.  Where somebody who saw
all that happened moves, a prospect of one action is played on if each other action has some prospect that is no better:
play in other subgames is chosen on its own.  Where somebody has not seen all, every pure play of that part of the tree is
a prospect (:mod:`sim.borders.assessments`).  What many prospects rest on is written once, as a fact.
Mixed play of who sees all needs a tie: it lies on borders, or where payoffs tie at all values of the parameters.
Source: Kuhn (1953).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.borders.assessments import Part, Stakes, linked, part_from, profiles
from sim.borders.conditions import PURE_ONLY, Clause, Condition, Margins, NoMarginsError, conditions_written
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
    *,
    mixed: bool,
) -> Margins:
    """The conditions of pure sequential equilibria of a tree; if everybody saw all, of all equilibria off the borders.

    Payoffs of each case are ``(n + 1, Z or E)``: a row for each player, by end, and one of chances, by way.
    ``of (Z,)`` gives the number of each end's outcome.  Raises NoMarginsError for ``mixed`` play of who has not seen
    all, and where there would be too many.
    """
    if mixed and not shape.singletons:
        raise NoMarginsError(
            "where somebody moves without having seen all that happened, mixed equilibria are not decided by signs: "
            f"ask for pure ones ({PURE_ONLY})"
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
        self.supported: dict[tuple[tuple[str, ...], ...], Premise | None] = {}

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
            elif shape.subgames[v]:
                part = part_from(shape, v, found)
                below = [found.pop(w) for w in part.ends]
                found[v] = self.merged(self.played_on(part, below))
        return found[0]

    def played_on(self, part: Part, below: Sequence[list[Prospect]]) -> Iterator[Prospect]:
        """How play may go through a part of the tree, and on."""
        (first, *others) = part.inner
        if others or (part.agents and len(self.shape.members(part.agents[0])) > 1):
            return self.unseen(part, below)
        return self.chosen(first, below) if part.agents else self.drawn(first, below)

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
        for found in map(self.together, product(*below)):
            if found is not None:
                ways, premise = found
                yield self.average(v, ways)._replace(premise=premise)

    def average(self, v: int, ways: Sequence[Prospect]) -> Prospect:
        """What a move of chance is worth."""
        shares = [self.chance[self.shape.edge[w]] for w in self.shape.children(v).tolist()]
        values, weights = (
            tuple(
                sum(share * part for share, part in zip(shares, parts, strict=True))
                for parts in zip(*each, strict=True)
            )
            for each in ([way.values for way in ways], [way.weights for way in ways])
        )
        return Prospect(values, weights, ALWAYS)

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

    def unseen(self, part: Part, below: Sequence[list[Prospect]]) -> Iterator[Prospect]:
        """Where not all is seen, every pure play that is best by some beliefs."""
        further = [one for one in map(self.together, product(*below)) if one is not None]
        for play in profiles(self.shape, part, len(further)):
            sets = linked(self.shape, part, play)
            for ways, premise in further:
                whole = self.expected(part, play, ways)
                held: Premise | None = premise
                for each in sets:
                    best = None if held is None else self.some_odds(self.losses(each, part, whole))
                    held = None if held is None or best is None else both(held, best)
                if held is not None:
                    yield whole[part.inner[0]]._replace(premise=held)

    def together(self, ways: tuple[Prospect, ...]) -> tuple[tuple[Prospect, ...], Premise] | None:
        """Prospects of several nodes, and what has to hold for all of them; None where that never does."""
        premise = self.all_of(way.premise for way in ways)
        return None if premise is None else (ways, premise)

    def expected(
        self, part: Part, play: Mapping[int, int], ways: tuple[Prospect, ...]
    ) -> dict[int, Prospect]:
        """What each node of a part is worth under play."""
        found = dict(zip(part.ends, ways, strict=True))
        for v in part.inner[::-1]:
            children = self.shape.children(v).tolist()
            if self.shape.agent[v] == CHANCE:
                found[v] = self.average(v, [found[w] for w in children])
            else:
                taken = play[int(self.shape.agent[v])]
                found[v] = next(found[w] for w in children if self.shape.edge[w] == taken)
        return found

    def losses(self, sets: Sequence[Stakes], part: Part, worth: Mapping[int, Prospect]) -> list[list[Any]]:
        """What is lost by each other action at sets that share a belief, for each kind of nodes: ``(actions, kinds)``."""
        shape, result = self.shape, []
        likely = {part.inner[0]: self.algebra.number(1)}
        for v in part.inner[1:]:
            above = int(shape.parent[v])
            drawn = shape.agent[above] == CHANCE
            likely[v] = likely[above] * self.chance[shape.edge[v]] if drawn else likely[above]
        for agent, action, kinds in sets:
            player = int(shape.owner[agent])
            for other in range(int(shape.sizes[agent])):
                if other == action:
                    continue
                row = []
                for kind in kinds:
                    after = [
                        (likely[v], {int(shape.edge[w]): worth[w] for w in shape.children(v)}) for v in kind
                    ]
                    row.append(
                        sum(
                            share * (follows[action].values[player] - follows[other].values[player])
                            for share, follows in after
                        )
                    )
                result.append(row)
        return result

    def some_odds(self, losses: list[list[Any]]) -> Premise | None:
        """What has to hold for some odds of kinds of nodes to make no row of ``losses`` negative, one or two kinds."""
        key = tuple(tuple(map(str, row)) for row in losses)
        if key not in self.supported:
            if not losses or len(losses[0]) == 1:
                self.supported[key] = self.all_of(self.needs(own) for (own,) in losses)
            else:
                alone = [self.either(map(self.needs, row)) for row in losses]
                pairs = [self.meeting(*two) for two in combinations(losses, 2)]
                self.supported[key] = self.all_of([*alone, *pairs])
        return self.supported[key]

    def meeting(self, one: Sequence[Any], other: Sequence[Any]) -> Premise | None:
        """What has to hold for the odds at which one row is not negative to meet those at which another is not."""
        (p, q), (r, s) = one, other
        turn = q * r - p * s
        ways = ([p, r], [q, s], [q, r, turn], [p, s, -turn])
        return self.either(self.all_of(map(self.needs, way)) for way in ways)

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

    def all_of(self, ways: Iterable[Premise | None]) -> Premise | None:
        """What has to hold for all of some ways; None where they never do."""
        result: Premise | None = ALWAYS
        for way in ways:
            result = None if result is None or way is None else both(result, way)
        return result

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
