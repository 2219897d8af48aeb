"""Games that many tests speak of, and the scenario library wherever the tests are run from."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import sim

ROOT = Path(__file__).parents[1]


def prisoners_dilemma(together, tempted, fooled, apart):
    """The prisoner's dilemma ``(2, 2, 2)`` whose first action is to cooperate."""
    own = np.array([[together, fooled], [tempted, apart]], dtype=float)
    return np.stack([own, own.T])


DILEMMA = prisoners_dilemma(3, 5, 0, 1)
"""As Axelrod (1984) numbers it."""

MILD = prisoners_dilemma(9, 10, 1, 3)
"""Little temptation and much to lose: sustained payoffs change at discounts of 1/7, 36 sqrt(7) - 95 and 1/4."""


def library(name):
    """A scenario of the library, by its bare name."""
    return sim.load(ROOT / "scenarios" / f"{name}.toml")
