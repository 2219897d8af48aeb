"""How signs of polynomials decide trees: payoffs by end and chances by way, as polynomials."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.borders import Margins
from sim.borders.trees import tree_conditions
from sim.polynomials import Case, Polynomial, PolynomialReader
from sim.scenario.forms import Reading
from sim.scenario.signs import Signs, as_polynomials

__all__ = ["CONCEPTS", "TreeSigns"]

CONCEPTS = ("sequential", "subgame_perfect", "perfect_bayesian")
"""What borders of trees are of; where somebody has not seen all, of the first."""
MOST_ENDS = 100  # of trees whose conditions are quickly written out


class TreeSigns(Signs):
    """Of trees.  Who saw all that happened needs no beliefs, so that the concepts are one."""

    def __init__(self, reading: Reading) -> None:
        self.reading, self.shape = reading, reading.details.shape
        self.concepts = CONCEPTS if self.shape.singletons else CONCEPTS[:1]
        self.pure = "backward_induction" if self.shape.singletons else "pure_assessments"
        self.certain = not self.shape.chances
        self.small = len(self.shape.ends) <= MOST_ENDS

    def table(self, reader: PolynomialReader) -> NDArray[Any]:
        """A row for each player, by end, and one for chance, by way."""
        payoffs = as_polynomials(self.reading.formulas, reader, 1)
        chance = as_polynomials(self.reading.details.chance, reader, 0)
        for columns in self.shape.chances:
            chance[columns] = adding_up(chance[columns].tolist(), reader)
        result = np.full((len(payoffs) + 1, max(payoffs.shape[1], len(chance))), Polynomial.number(0), object)
        result[:-1, : payoffs.shape[1]] = payoffs
        result[-1, : len(chance)] = chance
        return result

    def margins(self, given: Iterable[Case], vary: Sequence[str], *, mixed: bool) -> Margins:
        """The conditions of pure play: who saw all and mixes is on a border."""
        outcomes = self.reading.named
        return tree_conditions(given, vary, outcomes.names, outcomes.of, self.shape, mixed=mixed)


def adding_up(shares: list[Polynomial], reader: PolynomialReader) -> list[Polynomial]:
    """Chances of which one takes the rest, ``max(1 - others, 0)``: it is not cut, since chances add up to 1.

    What is cut last is tried first, until they add up to 1 as they are written.
    """
    found = shares
    for name, atom in reversed(reader.atoms.items()):
        if is_whole(found):
            return found
        if atom.operation == "max" and len(atom.arguments) == 2 and atom.arguments[1].is_zero:
            found = [share.substituted({name: atom.arguments[0]}) for share in found]
    return found if is_whole(found) else shares


def is_whole(shares: Iterable[Polynomial]) -> bool:
    """Whether chances add up to 1 whatever the parameters are."""
    return sum(shares, Polynomial.number(0)) == Polynomial.number(1)
