"""What a solver says, and nothing derived: Claim, and the Status of each cell."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.game import Floats

__all__ = ["Claim", "Status"]


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
    agent's last action.  ``complete`` claims that nothing is missing, ``degenerate`` that the cell is;
    in ``exact (C,)`` cells both come from exact arithmetic.
    ``joint (C, K, A1, .., An)`` is for concepts whose play is one distribution over joint actions.
    ``extra`` holds set-valued answers and numbers per cell, cell first; ``names (K,)`` says what each
    of the K answers is, where a concept gives them roles ("best for Russia").
    """

    strategy: Floats
    status: NDArray[np.int8]
    complete: NDArray[np.bool_]
    degenerate: NDArray[np.bool_]
    joint: Floats | None = None
    names: tuple[str, ...] = ()
    extra: dict[str, NDArray[Any]] = field(default_factory=dict)
    exact: NDArray[np.bool_] | None = None
