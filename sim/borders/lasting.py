"""What can be played for ever, as conditions on signs of polynomials of the parameters, patience among them.

A joint action a lasts where nobody gains by leaving it, whatever the best deviation b: ``(1 - d) u(b) + d w <= u(a)``,
``d`` being the weight of the next stage and ``w`` what follows.  The payoff of a pure equilibrium of the stage can
follow (Friedman 1971), and nothing that is worth less than the pure minmax (Abreu 1988, for pure play).  With the one
for ``w`` a joint action certainly lasts, without the other it certainly does not; both are polynomials, and often they
are the same.  Between them harder punishments than equilibria of the stage decide, which no such signs do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.borders.conditions import Clause, Condition, Margins, NoMarginsError, conditions_written, needed
from sim.borders.factoring import Algebra
from sim.polynomials import Case

__all__ = ["lasting_conditions"]

MOST_CLAUSES = 20_000  # ways in which a joint action can last

Ways = list[frozenset[Condition]]
"""Any one of them, each where all its conditions hold."""


def lasting_conditions(
    given: Iterable[Case], variables: Sequence[str], outcomes: tuple[str, ...], of: NDArray[np.int64]
) -> Margins:
    """The conditions of a game that is repeated without an end, whose payoffs are polynomials, case by case.

    The payoffs of a case are ``(2n, A1 .. An)``: first those of the n players, then for each a row that begins with the
    weight of his next stage and 1, both times one positive number.  ``of (A1, .., An)`` gives the number of each joint
    action's outcome.  Raises NoMarginsError where there would be too many.
    """

    def write(table: NDArray[Any], algebra: Algebra) -> Iterator[Clause]:
        stage = Lasting(table, of, algebra)
        for joint in np.ndindex(of.shape):
            outcome = int(of[joint])
            lasts, may = stage.by_equilibria(joint), stage.at_best(joint)
            yield from (Clause(one, outcome) for one in lasts)
            yield from (Clause(one, outcome + len(outcomes)) for one in [*lasts, *may])

    both = (*outcomes, *(f"perhaps {name}" for name in outcomes))
    return replace(conditions_written(given, variables, both, write), doubted=True)


@dataclass
class Lasting:
    """A stage as rows of polynomials, see :func:`lasting_conditions`, and what its joint actions need to last."""

    rows: NDArray[Any]
    of: NDArray[np.int64]
    algebra: Algebra

    def __post_init__(self) -> None:
        self.players = self.of.ndim
        self.place = np.arange(self.of.size).reshape(self.of.shape)
        # those that can be one
        self.equilibria = [
            (joint, conditions)
            for joint in np.ndindex(self.of.shape)
            for conditions in weakest([self.nobody_leaves(joint)])
        ]

    def instead(self, joint: tuple[int, ...], player: int) -> Iterator[tuple[int, ...]]:
        """The joint actions that a player can make of one by another action of his own."""
        for other in range(self.of.shape[player]):
            if other != joint[player]:
                yield (*joint[:player], other, *joint[player + 1 :])

    def pay(self, player: int, joint: tuple[int, ...]) -> Any:
        """What a joint action is worth to a player."""
        return self.rows[player][self.place[joint]]

    def stays(self, player: int, joint: tuple[int, ...]) -> frozenset[Condition]:
        """A player does not gain by leaving even once."""
        gains = (self.pay(player, joint) - self.pay(player, other) for other in self.instead(joint, player))
        return self.conditions(gains)

    def nobody_leaves(self, joint: tuple[int, ...]) -> frozenset[Condition]:
        """It is an equilibrium of the stage."""
        return frozenset().union(*(self.stays(player, joint) for player in range(self.players)))

    def deterred(
        self, player: int, joint: tuple[int, ...], after: Iterable[tuple[int, ...]]
    ) -> frozenset[Condition]:
        """A player does not gain by leaving where the best for him of some joint actions follows for ever."""
        later, whole = self.rows[self.players + player][:2]
        now, own = whole - later, whole * self.pay(player, joint)
        return self.conditions(
            own - now * self.pay(player, other) - later * self.pay(player, then)
            for then in after
            for other in self.instead(joint, player)
        )

    def conditions(self, margins: Iterable[Any]) -> frozenset[Condition]:
        """That none of some polynomials is negative; those that are zero everywhere ask for nothing."""
        return frozenset(one for one in map(self.algebra.product, margins) if one.sign)

    def by_equilibria(self, joint: tuple[int, ...]) -> Ways:
        """Ways in which it lasts: each player is not tempted, or an equilibrium of the stage deters him."""
        return together(
            [self.stays(player, joint)]
            + [among | self.deterred(player, joint, [then]) for then, among in self.equilibria]
            for player in range(self.players)
        )

    def at_best(self, joint: tuple[int, ...]) -> Ways:
        """Ways in which it is not excluded: each is not tempted, or his minmax deters him."""
        return together(
            [self.stays(player, joint)]
            + [self.deterred(player, joint, held) for held in self.holding(player)]
            for player in range(self.players)
        )

    def holding(self, player: int) -> Iterator[list[tuple[int, ...]]]:
        """For each way in which all others can play, the joint actions that a player chooses from."""
        others = [range(size) if one != player else range(1) for one, size in enumerate(self.of.shape)]
        for first in product(*others):
            yield [first, *self.instead(first, player)]


def together(ways: Iterable[Ways]) -> Ways:
    """Ways in which one of each holds, without those that a weaker one makes needless."""
    result: Ways = [frozenset()]
    for each in ways:
        alone = weakest(each)
        if len(result) * len(alone) > MOST_CLAUSES:
            raise NoMarginsError(f"there are more than {MOST_CLAUSES} ways in which outcomes could last")
        result = weakest(one | other for one in result for other in alone)
    return result


def weakest(found: Iterable[frozenset[Condition]]) -> Ways:
    """Sets of conditions that can hold together, without those that ask for more than another one."""
    return [clause.conditions for clause in needed((Clause(one, 0) for one in found), 1)]
