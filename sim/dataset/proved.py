"""Proved maps as they are stored, to be looked at: what their blocks say at points, and along lines.

Nothing is proved here: a stored map is taken at its word, as a dataset is; ``standoff borders --verify`` proves it anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import xarray
from numpy.typing import NDArray

from sim.borders import Map
from sim.borders.looking import NO_LABEL, labels_at, with_functions
from sim.borders.record import read_map
from sim.dataset.schema import VERDICTS
from sim.kernels.base.tolerances import ZERO

__all__ = [
    "NOT_PROVED",
    "PROOF",
    "Crossing",
    "Regions",
    "Says",
    "cells_of",
    "read_regions",
    "regions_of",
    "stands_alone",
    "unlike",
    "value",
]

NOT_PROVED = -1
ALIKE = 0.9  # share of compared cells that are as the proved map says, if it is of the same question
COMPARED = 40  # cells along each axis in which it is seen whether a dataset and its proved map agree
LOOKED, HALVINGS = 2001, 50  # along an axis for zeros of functions
PROOF = "proof"  # the attribute of a dataset in memory that holds the text of its proved map
POINTS = (
    201,
    101,
    41,
    21,
    9,
    7,
)  # of each of so many axes, of the cells that a map is shown as where it stands alone


class Says(NamedTuple):
    """What a region has: outcomes that hold, those of them that hold only where somebody mixes, whether somebody does."""

    holds: tuple[int, ...]
    only_mixed: tuple[int, ...]
    mixed: bool


class Crossing(NamedTuple):
    """A value at which what holds becomes another, from below to above: numbers of :class:`Says`."""

    at: float
    before: int
    after: int


@dataclass(frozen=True, eq=False)
class Regions:
    """A stored proved map: what it says of itself, and its blocks, of all equilibria and of pure ones.

    ``fixed`` are axes at which one value is looked at.
    """

    record: Mapping[str, Any]
    maps: tuple[Map, ...]
    fixed: Mapping[str, float]

    @property
    def axes(self) -> tuple[str, ...]:
        """The axes along which it is looked at."""
        return tuple(name for name in self.record["over"] if name not in self.fixed)

    @property
    def ends(self) -> dict[str, tuple[float, float]]:
        """From where to where each axis runs."""
        (first, *_) = self.maps
        return {
            name: (float(low), float(high))
            for name, low, high in zip(self.record["over"], first.low, first.high, strict=True)
        }

    @cached_property
    def says(self) -> list[Says]:
        """What each number stands for; filled as numbers are met."""
        return []

    @cached_property
    def numbers(self) -> dict[tuple[int, ...], int]:
        """Numbers met so far, by those of the labels of each map."""
        return {}

    def number(self, labels: tuple[int, ...]) -> int:
        """The number of what the labels of all maps say together."""
        if min(labels) < 0:
            return NOT_PROVED
        if labels not in self.numbers:
            bits = [one.labels[label] for one, label in zip(self.maps, labels, strict=True)]
            conditions = self.maps[0].conditions
            if conditions.told(bits[0]).perhaps:  # more may hold, of which nothing is proved
                return NOT_PROVED
            count = len(conditions.named)
            holds = tuple(np.nonzero(np.array(bits[0][:count]))[0].tolist())
            pure = set(np.nonzero(np.array(bits[-1][:count]))[0].tolist())
            told = Says(holds, tuple(one for one in holds if one not in pure), bits[0][-1])
            if told not in self.says:
                self.says.append(told)
            self.numbers[labels] = self.says.index(told)
        return self.numbers[labels]

    def at(self, points: Mapping[str, NDArray[np.float64]]) -> NDArray[np.int64]:
        """Numbers of what holds on a grid, ``points[axis] (P,)`` in rising order: one dim for each of ``axes``.

        Where a point lies on a border it is given to one of the sides; ``NOT_PROVED`` where nothing is proved.
        """
        along = [
            np.array([self.fixed[name]]) if name in self.fixed else np.asarray(points[name], float)
            for name in self.record["over"]
        ]
        word = np.zeros(tuple(values.size for values in along), np.int64)
        for one in self.maps:
            word = word * (len(one.labels) + 1) + labels_on(one, along) + 1
        kept = [
            values.size
            for name, values in zip(self.record["over"], along, strict=True)
            if name not in self.fixed
        ]
        return self.numbered(word).reshape(kept)

    def numbered(self, word: NDArray[np.int64]) -> NDArray[np.int64]:
        """Numbers of what the labels of all maps say, these given as digits of one number, 0 where there is none."""
        bases = [len(one.labels) + 1 for one in self.maps]
        result = np.full(np.prod(bases), NOT_PROVED)
        for each in np.nonzero(np.bincount(word.ravel(), minlength=result.size))[0].tolist():
            labels = [int(digit) - 1 for digit in np.unravel_index(each, bases)]
            result[each] = self.number(tuple(labels))
        return result[word]

    def one_by_one(self, points: NDArray[np.float64]) -> NDArray[np.int64]:
        """Numbers of what holds at points ``(B, axes)``, in the order of ``axes``."""
        whole = np.empty((len(points), len(self.record["over"])))
        for place, name in enumerate(self.record["over"]):
            whole[:, place] = self.fixed.get(name, np.nan)
        whole[:, [list(self.record["over"]).index(name) for name in self.axes]] = points
        word = np.zeros(len(points), np.int64)
        for one in self.maps:
            word = word * (len(one.labels) + 1) + labels_of(one, whole) + 1
        return self.numbered(word)

    @property
    def margins(self) -> dict[str, tuple[Map, int]]:
        """The margins that some block has, by their formulas: the map and the number of the factor in it."""
        found: dict[str, tuple[Map, int]] = {}
        for one, stored in zip(self.maps, (self.record["proof"], self.record["pure"]), strict=False):
            for number in sorted({margin for block in one.blocks for margin in block.margins}):
                found.setdefault(stored["factors"][number], (one, number))
        return found

    def turns(self) -> list[Crossing]:
        """Where what holds changes along the only axis, in order.  Raises ValueError unless there is one.

        The real part of a root that is complex is looked at as well: nothing changes there.
        """
        (name,) = self.axes
        low, high = self.ends[name]
        place = list(self.record["over"]).index(name)
        others = [self.fixed.get(other, 0.0) for other in self.record["over"]]
        marks = {low, high}
        for one, number in self.margins.values():
            marks |= {root for root in zeros(one, number, place, others) if low < root < high}
        ordered = sorted(marks)
        middles = np.array([(one + other) / 2 for one, other in pairwise(ordered)])
        codes = self.at({name: middles}).tolist()
        return [
            Crossing(at, before, after)
            for at, (before, after) in zip(ordered[1:-1], pairwise(codes), strict=True)
            if before != after
        ]


def labels_on(proved: Map, along: Sequence[NDArray[np.float64]]) -> NDArray[np.int64]:
    """Numbers of labels on the grid of ``along``, one array in rising order for each variable; block by block."""
    result = np.full(tuple(one.size for one in along), NOT_PROVED)
    shares = [
        (one - float(low)) / float(high - low)
        for one, low, high in zip(along, proved.low, proved.high, strict=True)
    ]
    for block in proved.blocks:
        part = tuple(
            slice(
                int(np.searchsorted(share, low - ZERO, "left")),
                int(np.searchsorted(share, high + ZERO, "right")),
            )
            for share, low, high in zip(shares, block.low, block.high, strict=True)
        )
        if any(one.start >= one.stop for one in part):
            continue
        here = np.ix_(*(one[cut] for one, cut in zip(along, part, strict=True)))
        word = np.zeros(tuple(cut.stop - cut.start for cut in part), np.int64)
        every = with_functions(proved.conditions, here)
        for margin in block.margins:
            word = 2 * word + (value(proved.conditions.factors[margin], every) > 0)
        result[part] = np.array(block.table)[word]
    return result


def labels_of(proved: Map, points: NDArray[np.float64]) -> NDArray[np.int64]:
    """Numbers of labels at points ``(B, variables)``."""
    low = np.array([float(one) for one in proved.low])
    shares = (points - low) / np.array([float(b - a) for a, b in zip(proved.low, proved.high, strict=True)])
    result = np.full(len(points), NOT_PROVED)
    for block in proved.blocks:
        inside = ((shares >= np.array(block.low) - ZERO) & (shares <= np.array(block.high) + ZERO)).all(
            axis=1
        )
        here = np.nonzero(inside)[0]
        if here.size:
            columns = with_functions(
                proved.conditions, [points[here, axis] for axis in range(points.shape[1])]
            )
            word = np.zeros(here.size, np.int64)
            for margin in block.margins:
                word = 2 * word + (value(proved.conditions.factors[margin], columns) > 0)
            result[here] = np.array(block.table)[word]
    return result


def value(factor: Mapping[tuple[int, ...], int], at: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """A factor at points, an array for each variable; they broadcast."""
    total: Any = 0.0
    for exponents, coefficient in factor.items():
        term: Any = float(coefficient)
        for one, exponent in zip(at, exponents, strict=True):
            for _ in range(exponent):
                term = term * one
        total = total + term
    return np.asarray(total)


def zeros(proved: Map, number: int, place: int, others: Sequence[float]) -> list[float]:
    """Where a margin is 0 along one variable, or its real part: of functions between values of other signs."""
    conditions = proved.conditions
    if not conditions.functions:
        return list(np.roots(on_line(conditions.factors[number], place, others)).real.tolist())

    def at(values: NDArray[np.float64]) -> NDArray[np.float64]:
        every = [np.asarray(one) for one in (*others[:place], values, *others[place + 1 :])]
        told = value(conditions.factors[number], with_functions(conditions, every))
        return np.broadcast_to(told, values.shape)

    grid = np.linspace(float(proved.low[place]), float(proved.high[place]), LOOKED)
    signs = np.sign(at(grid))
    here = np.nonzero(signs[:-1] * signs[1:] < 0)[0]
    low, high = grid[here], grid[here + 1]
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        before = np.sign(at(middle)) == signs[here]
        low, high = np.where(before, middle, low), np.where(before, high, middle)
    return [*grid[signs == 0].tolist(), *high.tolist()]


def on_line(
    factor: Mapping[tuple[int, ...], int], place: int, others: Sequence[float]
) -> NDArray[np.float64]:
    """Coefficients of a factor along one variable, that of the highest power first."""
    result = np.zeros(max(exponents[place] for exponents in factor) + 1)
    for exponents, coefficient in factor.items():
        term = float(coefficient)
        for variable, exponent in enumerate(exponents):
            if variable != place:
                term *= others[variable] ** exponent
        result[len(result) - 1 - exponents[place]] += term
    return result


@lru_cache(maxsize=8)
def parsed(text: str) -> Regions:
    """A stored map from its text.  Raises ValueError where it is none."""
    try:
        record = json.loads(text)
        axes = tuple(map(str, record["over"]))
        parts = [record["proof"], *([] if record["pure"] is None else [record["pure"]])]
        maps = tuple(read_map(part, axes) for part in parts)
        (
            record["certain"],
            json.loads(record["words"]["fixed"]),
            record["words"]["concept"],
            record["digest"],
            float(record["undecided"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"no stored map of borders: {type(error).__name__} {error}") from None
    return Regions(record, maps, {})


def read_regions(path: Path) -> str:
    """The text of a stored map.  Raises ValueError where it is none that can be read."""
    try:
        text = path.read_text(encoding="utf-8")
        parsed(text)
    except (OSError, ValueError) as error:
        raise ValueError(
            f"{path} cannot be read as a proved map ({error}): `standoff borders` makes one"
        ) from None
    return text


def regions_of(dataset: Any) -> Regions | None:
    """The proved map that belongs to a dataset, looked at along its axes; None where there is none."""
    text = getattr(dataset, "attrs", {}).get(PROOF)
    if not text:
        return None
    whole = parsed(text)
    dims = [str(dim) for dim in dataset["status"].dims]
    values = json.loads(dataset.attrs.get("fixed") or "{}")
    return Regions(
        whole.record,
        whole.maps,
        {name: float(values[name]) for name in whole.record["over"] if name not in dims},
    )


def unlike(text: str, dataset: Any) -> str:
    """In what a proved map is not of the question that a dataset answers, in words; nothing if in nothing."""
    whole = parsed(text)
    attrs, record = dataset.attrs, whole.record
    if record["digest"] != attrs.get("scenario_digest"):
        return "is of another version of the scenario's file"
    dims = [str(dim) for dim in dataset["status"].dims]
    ends = {
        name: (float(dataset[name].min()), float(dataset[name].max()))
        for name in dims
        if name in dataset.coords
    }
    if whole.ends != ends:
        return "is over other parameters, or over other ranges"
    if json.loads(record["words"]["fixed"]) != json.loads(attrs.get("fixed") or "{}"):
        return "holds other parameters at other values"
    if record["equilibria"] != "all" or attrs.get("concept") != record["words"]["concept"]:
        return "is of other equilibria"
    if list(whole.maps[0].conditions.named) != [str(name) for name in dataset["outcome"].values]:
        return "is of other outcomes"
    return "" if agrees(whole, dataset) else "says something else than its cells"


def agrees(regions: Regions, dataset: Any) -> bool:
    """Whether some cells of a dataset, those on borders left aside, are as its proved map says.

    More may hold on lines that part nothing, which a grid of round numbers meets: a few cells may differ.
    """
    dims = [str(dim) for dim in dataset["status"].dims]
    some = dataset[["holds", "mixed", "status"]].isel(
        {dim: np.unique(np.linspace(0, dataset.sizes[dim] - 1, COMPARED).round().astype(int)) for dim in dims}
    )
    along = [np.asarray(some[name].values, float) for name in regions.record["over"]]
    labels = labels_at(regions.maps[0], [one.ravel() for one in np.meshgrid(*along, indexing="ij")])
    held = np.asarray(some["holds"].transpose(*regions.record["over"], "outcome").values)
    bits = np.concatenate(
        [
            held.reshape(-1, held.shape[-1]),
            np.asarray(some["mixed"].transpose(*regions.record["over"]).values).reshape(-1, 1) > 0,
        ],
        axis=1,
    )
    known = np.nonzero(labels != NO_LABEL)[0]
    alike = (bits[known] == np.array(regions.maps[0].labels, bool)[labels[known]]).all(axis=1)
    return bool(alike.mean() >= ALIKE) if known.size else True


def stands_alone(dataset: Any) -> bool:
    """Whether a dataset is no more than a proved map: nothing was solved, and nothing kept."""
    return bool(dataset.attrs.get(PROOF)) and "keep" not in dataset.attrs


def cells_of(text: str) -> xarray.Dataset:
    """A proved map that stands alone as a dataset of its cells, which are read from it: what pictures start from."""
    whole = parsed(text)
    record = whole.record
    points = POINTS[len(whole.axes) - 1]
    along = {name: np.linspace(low, high, points) for name, (low, high) in whole.ends.items()}
    code = whole.at(along)
    names = whole.maps[0].conditions.named
    holds = np.zeros((len(whole.says) + 1, len(names)), bool)
    mixed = np.zeros(len(whole.says) + 1, np.int32)
    for number, told in enumerate(whole.says):
        holds[number, list(told.holds)] = True
        mixed[number] = told.mixed
    dims = tuple(along)
    some = holds.any(axis=1) | (mixed > 0)
    variables = {
        "status": (dims, np.zeros(code.shape, np.int8), VERDICTS),
        "count": (dims, some[code].astype(np.int32)),
        "complete": (dims, np.ones(code.shape, bool)),
        "degenerate": (dims, np.zeros(code.shape, bool)),
        "holds": ((*dims, "outcome"), holds[code]),
        "mixed": (dims, mixed[code]),
    }
    coords = {name: (name, values, record["parameters"][name]) for name, values in along.items()}
    attrs = {**record["words"], "solver": "", PROOF: text}
    return xarray.Dataset(variables, {**coords, "outcome": list(names)}, attrs)
