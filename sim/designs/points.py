"""Points drawn from what is believed of each parameter: low-discrepancy, Latin hypercube, or plain random.

``(seed, replicate, index)`` alone give a point, so that blocks may be made in any order, by anybody, again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.designs.blocks import Block, Design
from sim.designs.distributions import Belief, Choices, Lattice
from sim.game import Floats

__all__ = ["MOST_IN_HYPERCUBE", "SAMPLED", "Points", "unit_points"]

SAMPLED = ("sobol", "latin", "random")
MOST_IN_HYPERCUBE = 2**20  # a Latin hypercube is made as a whole


@dataclass(frozen=True, eq=False)
class Points(Design):
    """Independent draws of parameters: ``replicates`` samples of ``draws`` points, each drawn on its own.

    ``beliefs`` are distributions by parameter and ``lattices`` the short decimals that values are rounded to.
    Sobol' points are scrambled anew in each replicate (Matousek 1998); every replicate of a Latin design is one
    hypercube (McKay, Beckman and Conover 1979).
    """

    kind: str
    beliefs: Mapping[str, Belief]
    lattices: Mapping[str, Lattice]
    draws: int
    replicates: int
    seed: int

    axes: ClassVar[tuple[str, str]] = ("replicate", "draw")

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that are drawn."""
        return tuple(self.beliefs)

    @property
    def coordinates(self) -> tuple[str, ...]:  # type: ignore[override]
        """All of them: no axis tells their values."""
        return self.names

    @property
    def dims(self) -> dict[str, NDArray[np.int64]]:
        """``replicate`` and ``draw``, counted from 0."""
        return {"replicate": np.arange(self.replicates), "draw": np.arange(self.draws)}

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """The ends of every lattice."""
        return {name: lattice.ends for name, lattice in self.lattices.items()}

    @property
    def shape(self) -> tuple[int, ...]:
        """Replicates and draws."""
        return self.replicates, self.draws

    @property
    def told(self) -> dict[str, Any]:
        """All that decides its points."""
        return {
            "kind": self.kind, "draws": self.draws, "replicates": self.replicates, "seed": self.seed,
            "beliefs": {name: repr(belief) for name, belief in self.beliefs.items()},
            "lattices": {name: repr(lattice) for name, lattice in self.lattices.items()},
        }  # fmt: skip

    def tile(self, cells: int, *, apart: bool = False) -> tuple[int, ...]:
        """Blocks of whole replicates where those are small, else of half of one, a quarter, and so on."""
        length = self.draws
        while length > max(cells, 1):
            length = -(-length // 2)
        return 1 if apart else min(max(cells // length, 1), self.replicates), length

    def points(self, block: Block) -> dict[str, NDArray[Any]]:
        """Values of the parameters of a block, ``name -> (C,)``."""
        first, second = block
        several = [
            self.values(self.unit(replicate, second)[0]) for replicate in range(first.start, first.stop)
        ]
        return {name: np.concatenate([values[name] for values in several]) for name in self.names}

    def pair(self, replicate: int, draws: slice) -> tuple[dict[str, Floats], dict[str, Floats]]:
        """Some draws of a replicate, and as many others that are independent of them: ``name -> (n,)`` each."""
        one, other = self.unit(replicate, draws)
        return self.values(one), self.values(other)

    def unit(self, replicate: int, draws: slice) -> tuple[Floats, Floats]:
        """The same in the unit cube, ``(n, d)`` each."""
        count = len(self.beliefs)
        unit = unit_points(self.kind, 2 * count, self.draws, (self.seed, replicate), draws)
        return unit[:, :count], unit[:, count:]

    def values(self, unit: Floats) -> dict[str, Floats]:
        """Points of the unit cube as values of the parameters, ``(n, d) -> name -> (n,)``."""
        result = {}
        columns = np.ascontiguousarray(unit.T)  # numbers that follow each other are quicker
        for column, (name, belief) in zip(columns, self.beliefs.items(), strict=True):
            values = belief.quantile(column)
            result[name] = values if isinstance(belief, Choices) else self.lattices[name].nearest(values)
        return result


def unit_points(kind: str, dims: int, draws: int, key: tuple[int, ...], part: slice) -> Floats:
    """Some of the ``draws`` points of the sample that the key names, in the unit cube, ``(n, dims)``."""
    if kind == "latin":
        return hypercube(dims, draws, key)[part]
    count = part.stop - part.start
    source = np.random.PCG64(np.random.SeedSequence(key))
    if kind == "random":
        source.advance(part.start * dims)  # a point takes one number of the stream for each dim
        return np.random.Generator(source).random((count, dims))
    from scipy.stats import qmc

    sequence = qmc.Sobol(dims, scramble=True, rng=np.random.Generator(source))
    if part.start:
        sequence.fast_forward(part.start)
        return np.asarray(sequence.random(count))
    whole = 1 << max(count - 1, 0).bit_length()  # a first batch of another length would be warned of
    return np.asarray(sequence.random(whole))[:count]


@lru_cache(maxsize=2)
def hypercube(dims: int, draws: int, key: tuple[int, ...]) -> Floats:
    """A Latin hypercube, ``(draws, dims)``."""
    from scipy.stats import qmc

    return np.asarray(qmc.LatinHypercube(dims, rng=np.random.default_rng(key)).random(draws))
