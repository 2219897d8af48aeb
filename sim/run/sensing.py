"""How sure is it, and which parameter decides: new cells around the points of a sample."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.borders import FlintMissingError, NoMarginsError
from sim.claim import Status
from sim.designs.points import Points, unit_points
from sim.engines import Threads
from sim.game import Floats
from sim.run.blocks import Count, Question, asked_of, cells_at_once
from sim.run.drawing import sample_points
from sim.run.planning import settings
from sim.scenario.margins import margins_of, signs_of

if TYPE_CHECKING:
    import xarray

    from sim.dataset.indices import ByOutcome, OfRegime
    from sim.dataset.sensitivity import DrawnCells
    from sim.expression import Number
    from sim.scenario import Scenario, Sweep

__all__ = ["Sensed", "in_no_margin", "sense"]

WALK = 1  # the third word of the key of the orders of walks
CHUNK = 1 << 17  # cells that are solved before their sums are taken
LEAST_REPLICATES = 2


class Sensed(NamedTuple):
    """What came of it: the dataset of :mod:`sim.dataset.sensitivity`, and the cells of the sample if they were kept."""

    dataset: xarray.Dataset
    drawn: DrawnCells | None


def sense(
    scenario: Scenario,
    asked: Sweep,
    set: Mapping[str, Number] = MappingProxyType({}),
    *,
    points: int | None = None,
    uniform: bool = False,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Sensed:
    """Shares with intervals, and what decides: of a sweep, whose parameters are drawn, with new cells.

    Around each of the draws every parameter is drawn anew alone, and a walk leads to another draw: ``2 d`` cells a
    draw for ``d`` parameters.  ``uniform`` leaves out what the file believes of them.
    Raises ValueError as :func:`sim.sweep` does, and for fewer than two replicates, which give no intervals.
    """
    from sim.dataset import describe
    from sim.dataset.sensitivity import DrawnCells, of_sample, with_indices
    from sim.scenario.over import drawn_instead

    design = "sobol" if asked.sample is None else None
    sample = drawn_instead(scenario, asked, design, points, "map")
    assert sample is not None, "a design was named"
    if sample.replicates < LEAST_REPLICATES:
        raise ValueError(
            f"sweep {asked.name}: intervals need at least {LEAST_REPLICATES} replicates, and it has {sample.replicates}"
        )
    drawing, fixed = sample_points(scenario, sample, settings(asked, sample.ranges, set), uniform=uniform)
    question = asked_of(scenario, asked, fixed, drawing.cells, dict.fromkeys(WORDS) | {"keep": "map"})
    never = in_no_margin(question, drawing)
    deciding = tuple(name for name in drawing.names if name not in (never or ()))
    first = question.solve(drawing.points((slice(0, 1), slice(0, 1))))
    each = rows(len(deciding))
    count = Count(0, drawing.cells * each, progress)
    work = Around(question, drawing, deciding, cells_at_once(first.game), count)
    found = list(Threads(workers, work.abandoned).run(work, range(sample.replicates)))
    attrs = describe(scenario, asked, drawing, fixed, first, "", "map", question.select)
    attrs |= {"uniform": uniform}
    outcomes = tuple(first.game.outcomes.names)
    drawn = DrawnCells(
        {name: np.stack([one.values[name] for one in found]) for name in drawing.names},
        np.stack([one.holds for one in found]),
        np.stack([one.good for one in found]),
        outcomes,
    )
    made = with_indices(
        of_sample(drawn, attrs),
        [one.by for one in found],
        [one.regime for one in found],
        np.stack([one.counts for one in found]),
        drawing.cells * each,
        never,
    )
    return Sensed(made, drawn)


WORDS = ("concept", "solver", "select", "refine", "keep")


def in_no_margin(question: Question, drawing: Points) -> tuple[str, ...] | None:
    """Parameters of ``drawing`` that no border depends on, so that no value of theirs changes any outcome.

    None where that is not known: it is proved from the payoffs as polynomials; nothing is claimed of what is only not
    seen to matter.
    """
    if question.solver is not None or question.select is not None:
        return None
    try:
        if question.concept not in signs_of(question.scenario).concepts:
            return None
        used = margins_of(question.scenario, drawing.names, question.fixed).used
    except (NoMarginsError, FlintMissingError):
        return None
    return tuple(name for place, name in enumerate(drawing.names) if place not in used)


class AroundOne(NamedTuple):
    """What came of one replicate: its own cells, the sums, and ``counts (1 + O,)`` of what is solved and what holds.

    Every cell is a point as likely as the draws; counts are means over the cells around a draw, summed over draws.
    """

    values: dict[str, Floats]
    holds: NDArray[np.bool_]
    good: NDArray[np.bool_]
    counts: Floats
    by: ByOutcome
    regime: OfRegime


@dataclass(frozen=True)
class Around:
    """Solve all cells around the draws of a replicate; called by threads, one replicate each."""

    question: Question
    drawing: Points
    deciding: tuple[str, ...]
    batch: int
    count: Count
    abandoned: threading.Event = field(default_factory=threading.Event)

    def __call__(self, replicate: int) -> AroundOne:
        """Solve, number the regimes, and take the sums."""
        from sim.dataset.given import numbered
        from sim.dataset.indices import REGIMES, outcome_sums, regime_sums

        draws, count = self.drawing.draws, len(self.deciding)
        own, other = self.drawing.pair(replicate, slice(0, draws))
        unit = unit_points("random", count, draws, (self.drawing.seed, replicate, WALK), slice(0, draws))
        order = unit.argsort(axis=1, kind="stable")
        length = max(CHUNK // rows(count), 1)
        holds, good = (
            np.concatenate(parts, axis=1)
            for parts in zip(
                *(self.solved(cells) for cells in around(own, other, self.deciding, order, length)),
                strict=True,
            )
        )
        regimes = numbered(holds, good)
        numbers = (holds & good[..., np.newaxis]).astype(np.float64)
        walk, walked = (walk_of(cells, order) for cells in (regimes, numbers))
        return AroundOne(
            own,
            holds[0],
            good[0],
            np.concatenate([[good.sum()], numbers.sum(axis=(0, 1))]) / len(good),
            outcome_sums(numbers[0], numbers[1], numbers[2 : 2 + count], walked, order),
            regime_sums(regimes[0], regimes[1], regimes[2 : 2 + count], walk, order, REGIMES),
        )

    def solved(self, cells: dict[str, Floats]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """What holds in each cell, and where it is solved: ``name -> (k, n)`` to ``(k, n, O), (k, n)``."""
        shape = next(iter(cells.values())).shape
        flat = {name: values.ravel() for name, values in cells.items()}
        held, good = [], []
        for start in range(0, shape[0] * shape[1], self.batch):
            arrays = self.question.answer({name: v[start : start + self.batch] for name, v in flat.items()})
            held.append(arrays.get("selected_holds", arrays["holds"]))
            good.append(np.isin(arrays["status"], [Status.ok, Status.degenerate]))
            self.count.tell(len(good[-1]))
        holds = np.concatenate(held)
        return holds.reshape(*shape, holds.shape[1]), np.concatenate(good).reshape(shape)


def walk_of(cells: NDArray[Any], order: NDArray[np.int64]) -> NDArray[Any]:
    """The points of the walk of each draw, ``(d + 1, n, ..)``, among all cells around it, ``(rows, n, ..)``."""
    draws, count = order.shape
    if count < 2:
        return cells[: count + 1]
    begun = cells[2 + order[:, :1].T, np.arange(draws)]
    return np.concatenate([cells[:1], begun, cells[2 + count :], cells[1:2]])


def rows(count: int) -> int:
    """How many cells a draw takes, where so many parameters may decide."""
    return 2 + count + max(count - 2, 0)


def around(
    own: Mapping[str, Floats], other: Mapping[str, Floats], deciding: Sequence[str], order: NDArray[np.int64],
    length: int,
) -> Iterator[dict[str, Floats]]:  # fmt: skip
    """The cells around draws, some draws at a time: by parameter ``(2 d, n)``.

    First the draws, then those they are compared with, then for each deciding parameter the draw with that one of
    the other, then the inner points of the walk that changes one after the other; its first step is among the
    former.
    """
    count = len(deciding)
    place = np.empty_like(order)  # at which step of its walk a parameter changes
    np.put_along_axis(place, order, np.arange(count)[np.newaxis], axis=1)
    steps = np.arange(1, max(count - 1, 1))[:, np.newaxis]  # after how many changes less one
    for start in range(0, len(order), length):
        part = slice(start, start + length)
        cells = {}
        for name in own:
            a, b = own[name][part], other[name][part]
            if name not in deciding:
                cells[name] = np.repeat(a[np.newaxis], rows(count), axis=0)
                continue
            number = deciding.index(name)
            mixed = np.repeat(a[np.newaxis], count, axis=0)
            mixed[number] = b
            inner = np.where(place[part, number] <= steps, b, a)
            cells[name] = np.concatenate([a[np.newaxis], b[np.newaxis], mixed, inner])
        yield cells
