"""How signs of polynomials decide what holds in games of a form: each form that they do decide has one of these."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.borders import Margins
from sim.polynomials import Case, PolynomialReader
from sim.scenario.payoffs import Formulas

__all__ = ["Signs", "as_polynomials"]


class Signs(ABC):
    """``concepts`` are those whose answers are decided, the usual one first.

    ``pure`` is the solver of pure ones alone, None where that is the usual one.
    ``usual`` says which equilibria a promise is about that names no solver, "all" or "pure"; ``small`` whether conditions
    are quickly written out; ``certain`` whether pure play brings one outcome about, and no chance several.
    """

    concepts: tuple[str, ...]
    pure: str | None = None
    usual: str = "all"
    small: bool = True
    certain: bool = True
    most_ways: ClassVar[int] = 256  # in which one outcome may come about

    @abstractmethod
    def table(self, reader: PolynomialReader) -> NDArray[Any]:
        """What conditions are about as polynomials, a row for each whose scale is its own."""

    @abstractmethod
    def margins(self, given: Iterable[Case], vary: Sequence[str], *, mixed: bool) -> Margins:
        """The conditions of such tables, case by case.  Raises NoMarginsError where there are none, or too many."""

    def ways(self, given: Iterable[Case], vary: Sequence[str]) -> list[tuple[int, list[Any]]]:
        """Each way in which a pure equilibrium brings an outcome about: its number, and polynomials that are 0 or more.

        Raises NoMarginsError where there are too many.
        """
        margins = self.margins(given, vary, mixed=False)
        return [
            (outcome, list(map(margins.product, conditions)))
            for outcome, conditions in margins.ways(self.most_ways)
        ]


def as_polynomials(formulas: Formulas, reader: PolynomialReader, joint: int) -> NDArray[Any]:
    """What formulas fill, as polynomials: ``(*shape)``, from axis ``joint`` on by what formulas are arrays of."""
    result = np.empty(formulas.shape, object)
    for entry in formulas.entries:
        whole = (*entry.place, *[slice(None)] * (result.ndim - len(entry.place)))
        places = [
            range(size)[own] if isinstance(own, slice) else [own]
            for own, size in zip(whole, result.shape, strict=True)
        ]
        for within in np.ndindex(*map(len, places)):
            there = tuple(own[at] for own, at in zip(places, within, strict=True))
            result[there] = reader.read(entry.step, within[joint:])
    return result
