"""Answer: what an entry of ``claim.extra`` is called, means, and is told as."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.answers.telling import few_numbers
from sim.game import Game

__all__ = ["KEEPS", "LEVELS", "Answer", "Tell"]

LEVELS = ("map", "equilibria", "full")
"""How much is kept of each cell: what a map needs, all numbers of each equilibrium, and the strategies too."""

KEEPS = ("shares", *LEVELS)
"""What a sweep can be asked to keep; with ``shares`` it counts cells, and keeps none."""

Tell = Callable[[NDArray[Any], Game], str]
"""What the array of one cell says, to stand behind the answer's name; nothing where it is not worth a line."""


@dataclass(frozen=True)
class Answer:
    """A number or a set that is given for each cell, or for each of its equilibria.

    ``dims`` are the axes after the cell, in words: "player", "outcome", "state", "agent", "action", "equilibrium",
    "vertex" and the like; "joint_action" is an axis for each player.  In datasets they are called so, or, where
    ``numbered``, after the answer (``survives_1``, ``survives_2``).  ``fill`` stands where there is none, by
    default NaN, and 0 in whole numbers.  ``level``, one of :data:`LEVELS`, is the least at which datasets
    keep it; ``attrs`` are further attributes there.  ``tell`` says it to readers; without one it is for programs,
    which check answers with it.  ``always`` is False where a solver gives it only when an option asks for it.
    Raises ValueError for a level that is none.
    """

    name: str
    meaning: str
    unit: str = ""
    dims: tuple[str, ...] = ()
    dtype: str = "float64"
    fill: float = math.nan
    level: str = "map"
    tell: Tell | None = few_numbers
    numbered: bool = False
    always: bool = True
    attrs: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            raise ValueError(
                f"answer {self.name!r}: unknown level {self.level!r} (levels: {', '.join(LEVELS)})"
            )
        if math.isnan(self.fill) and np.dtype(self.dtype).kind != "f":
            object.__setattr__(self, "fill", 0)

    @property
    def title(self) -> str:
        """Its name for readers: ``worst_bound`` -> ``worst bound``."""
        return self.name.replace("_", " ")

    @property
    def numeric(self) -> bool:
        """Whether it is of numbers, which datasets and JSON can hold."""
        return self.dtype != "object"

    @property
    def by_state(self) -> bool:
        """Whether it is told for each state of the game."""
        return self.dims[:1] == ("state",)

    def each(self, dim: str) -> Answer:
        """The same for each state, or for each of something else: ``WORST.each("state")``."""
        return replace(self, dims=(dim, *self.dims))

    def sometimes(self) -> Answer:
        """The same where an option of the solver asks for it."""
        return replace(self, always=False)

    def kept(self, level: str) -> bool:
        """Whether a dataset that keeps so much has it."""
        return self.numeric and LEVELS.index(self.level) <= LEVELS.index(level)

    def axes(self, count: int) -> tuple[str, ...]:
        """Names of its ``count`` axes in a dataset, after those of the cell.

        Raises ValueError where an array has another number of axes than was declared.
        """
        if "joint_action" not in self.dims and count != len(self.dims):
            raise ValueError(f"answer {self.name!r} has {count} axes after the cell, not {len(self.dims)}")
        if self.numbered:
            return tuple(f"{self.name}_{axis}" for axis in range(1, count + 1))
        return self.dims
