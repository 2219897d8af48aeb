"""What a solver says, and nothing derived: Claim, and the Status of each cell."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.answers import Answer
from sim.game import Floats

__all__ = ["EVERYWHERE", "NOWHERE", "Claim", "Status"]

EVERYWHERE: NDArray[np.bool_] = np.array(True)
NOWHERE: NDArray[np.bool_] = np.array(False)


class Status(enum.IntEnum):
    """The verdict on a cell; ``sentence`` says what it means and what can be done."""

    ok = 0
    degenerate = 1
    max_steps = 2
    not_found = 3
    nonfinite = 4
    refuted = 5

    @property
    def sentence(self) -> str:
        """The verdict in words, with the remedy."""
        return SENTENCES[self]


SENTENCES = {
    Status.ok: "solved and certified",
    Status.degenerate: "solved and certified; payoffs tie, and a continuum, if any, is given by its extreme points",
    Status.max_steps: "the method ran out of steps: allow more steps, or choose another solver",
    Status.not_found: "the method found nothing here: choose another solver or another concept",
    Status.nonfinite: "a payoff is infinite, not a number, or beyond what floats can tell apart: "
    "mend the formula or its parameters' bounds",
    Status.refuted: "the solver's claim failed the certificate: this is a bug of ours, please report it",
}


@dataclass(frozen=True, eq=False)
class Claim:
    """What a solver says, and nothing derived.

    ``strategy (C, K, H, A)`` is padded with NaN beyond a cell's last equilibrium and holds 0 beyond an
    agent's last action.  ``status`` need not say which payoffs are not finite: the certificate sees that.
    ``complete`` claims that nothing is missing, ``degenerate`` that the cell is; in ``exact (C,)`` cells both
    come from exact arithmetic.  One value, such as ``EVERYWHERE``, stands for all cells: left out, every cell is
    solved, something may be missing in each, and none is degenerate.
    ``joint (C, K, A1, .., An)`` is for concepts whose play is one distribution over joint actions.
    ``extra`` holds set-valued answers and numbers per cell, cell first, and ``answers`` what each of them is, as
    the solver declares it; ``names (K,)`` says what each of the K answers is, where a concept gives them roles
    ("best for Russia").
    """

    strategy: Floats
    status: NDArray[np.int8] = field(default_factory=lambda: np.array(Status.ok, np.int8))
    complete: NDArray[np.bool_] = field(default_factory=lambda: NOWHERE)
    degenerate: NDArray[np.bool_] = field(default_factory=lambda: NOWHERE)
    joint: Floats | None = None
    names: tuple[str, ...] = ()
    extra: dict[str, NDArray[Any]] = field(default_factory=dict)
    exact: NDArray[np.bool_] | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        cells = len(self.strategy)
        for name, kind in (("status", np.int8), ("complete", np.bool_), ("degenerate", np.bool_)):
            given = np.asarray(getattr(self, name), kind)
            # frozen: the constructor is the one place where fields are brought into their final form
            object.__setattr__(self, name, given if given.ndim else np.full(cells, given))

    def answered(self) -> Iterator[tuple[Answer, NDArray[Any]]]:
        """Every entry of ``extra`` with its declaration, those of numbers.

        Raises RuntimeError for one that was never declared: an error of ours.
        """
        for name, array in self.extra.items():
            if name not in self.answers:
                raise RuntimeError(
                    f"the answer {name!r} is not declared: this is a bug of ours, please report it"
                )
            if self.answers[name].numeric:
                yield self.answers[name], array
