"""What datasets say: regimes, shares, tipping points, and selections among equilibria.

Every measure is a function ``Dataset -> DataArray`` of results as :mod:`sim.dataset` describes them.
A selection is a mask over ``equilibrium``; it never drops any, and it may choose several: apply it
with ``dataset["value"].where(mask)``.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import xarray

from sim.solution import Status

__all__ = [
    "Tipping",
    "best_for",
    "multiplicity",
    "payoff_dominant",
    "regime",
    "shares",
    "solved",
    "tipping_points",
    "undominated",
    "worst_for",
]

SAME = 1e-9  # values nearer than this share of the largest value of the cell are equal
SLAB = 1 << 20  # cells read from the disk at a time


def solved(dataset: xarray.Dataset) -> xarray.DataArray:
    """Cells with a certified answer, ``(axes) -> bool``."""
    return dataset["status"].isin([int(Status.ok), int(Status.degenerate)])


def regime(dataset: xarray.Dataset) -> xarray.DataArray:
    """Which set of outcomes holds in each cell: a number ``(axes)``, -1 where the cell is not solved.

    The attribute ``regimes`` is the table, a JSON list of lists of outcomes by number; the most
    frequent regime is number 0, and of equally frequent ones that of the earlier outcome.
    """
    names = [str(name) for name in dataset["outcome"].values]
    status, holds = dataset["status"], dataset["holds"]
    axis = status.dims[0]
    codes = np.empty(status.shape, np.int32)
    found: dict[bytes, int] = {}
    counts: list[int] = []
    for part in slabs(status):
        good = solved(dataset[["status"]].isel({axis: part})).values
        # one bit for each outcome, so that a set of outcomes is one short word
        words = np.packbits(holds.isel({axis: part}).transpose(*status.dims, "outcome").values[good], axis=-1)
        as_one = np.ascontiguousarray(words).view(f"V{words.shape[-1]}").ravel()
        sets, inverse, cells = np.unique(as_one, return_inverse=True, return_counts=True)
        numbers = [found.setdefault(word.tobytes(), len(found)) for word in sets]
        counts.extend([0] * (len(found) - len(counts)))
        for number, several in zip(numbers, cells.tolist(), strict=True):
            counts[number] += several
        slab = np.full(good.shape, -1, np.int32)
        slab[good] = np.asarray(numbers, np.int32)[inverse]
        codes[part] = slab
    members = {
        number: np.unpackbits(np.frombuffer(word, np.uint8), count=len(names)).astype(bool)
        for word, number in found.items()
    }
    order = sorted(members, key=lambda number: (-counts[number], (~members[number]).tolist()))
    place = np.full(len(order) + 1, -1, np.int32)  # the last entry keeps -1 where it is
    place[order] = np.arange(len(order))
    table = [
        [name for name, member in zip(names, members[number], strict=True) if member] for number in order
    ]
    attrs = {"long_name": "set of outcomes that hold", "regimes": json.dumps(table)}
    coords = {name: dataset[name] for name in status.dims}
    return xarray.DataArray(place[codes], coords, status.dims, "regime", attrs)


def shares(dataset: xarray.Dataset) -> xarray.DataArray:
    """Share of the solved cells in which each outcome holds, ``(outcome)``; NaN where no cell is solved."""
    axis = dataset["status"].dims[0]
    cells, holding = 0, np.zeros(dataset.sizes["outcome"])
    for part in slabs(dataset["status"]):
        slab = dataset[["status", "holds"]].isel({axis: part})
        good = solved(slab)
        cells += int(good.sum())
        holding = holding + (slab["holds"] & good).sum(good.dims).values
    result = holding / cells if cells else np.full(holding.shape, np.nan)
    attrs = {"long_name": "share of the cells in which the outcome holds"}
    return xarray.DataArray(result, {"outcome": dataset["outcome"]}, ("outcome",), "share", attrs)


def multiplicity(dataset: xarray.Dataset) -> xarray.DataArray:
    """Share of the solved cells with each number of equilibria, ``(count)``, from 0 to the largest."""
    counts = dataset["count"].values[solved(dataset).values]
    cells = np.bincount(counts, minlength=1)
    result = cells / counts.size if counts.size else np.full(cells.shape, np.nan)
    attrs = {"long_name": "share of the cells with this number of equilibria"}
    return xarray.DataArray(result, {"count": np.arange(cells.size)}, ("count",), "share", attrs)


class Tipping(NamedTuple):
    """Between ``below`` and ``above`` the outcomes that hold change from ``before`` to ``after``."""

    below: float
    above: float
    before: tuple[str, ...]
    after: tuple[str, ...]


def tipping_points(dataset: xarray.Dataset) -> list[Tipping]:
    """Where outcomes change along the axis of a dataset with one axis, in the order of the axis.

    Choose a line through a map first: ``tipping_points(dataset.sel(chill=1.0, method="nearest"))``.
    A point of the axis that is not solved bounds no tipping: its neighbours on either side are compared.
    Raises ValueError for datasets of more axes.
    """
    codes = regime_of_line(dataset)
    names = [tuple(outcomes) for outcomes in json.loads(codes.attrs["regimes"])]
    axis, numbers = codes[codes.dims[0]].values.tolist(), codes.values.tolist()
    places = [place for place, number in enumerate(numbers) if number >= 0]
    return [
        Tipping(axis[a], axis[b], names[numbers[a]], names[numbers[b]])
        for a, b in pairwise(places)
        if numbers[a] != numbers[b]
    ]


def best_for(dataset: xarray.Dataset, player: str) -> xarray.DataArray:
    """Equilibria of each cell that give the player most, ``(axes, equilibrium) -> bool``."""
    value = dataset["value"].sel(player=player)
    return at_least(value, value.max("equilibrium"), dataset).rename("best")


def worst_for(dataset: xarray.Dataset, player: str) -> xarray.DataArray:
    """Equilibria of each cell that give the player least, ``(axes, equilibrium) -> bool``."""
    value = dataset["value"].sel(player=player)
    return at_least(-value, -value.min("equilibrium"), dataset).rename("worst")


def payoff_dominant(dataset: xarray.Dataset) -> xarray.DataArray:
    """Equilibria that give every player at least as much as any other, ``(axes, equilibrium)``.

    There may be none.  Source: Harsanyi and Selten (1988), section 3.6, but equal payoffs do not disqualify.
    """
    value = dataset["value"]
    return at_least(value, value.max("equilibrium"), dataset).all("player").rename("payoff_dominant")


def undominated(dataset: xarray.Dataset) -> xarray.DataArray:
    """Equilibria to which no other of the cell is Pareto-superior, ``(axes, equilibrium) -> bool``."""
    value = dataset["value"].transpose(*dataset["status"].dims, "equilibrium", "player")
    exists = value.notnull().all("player")
    numbers, room = value.values, margin(dataset).values[..., np.newaxis, np.newaxis]
    dominated = np.zeros(exists.shape, bool)
    for other in range(dataset.sizes["equilibrium"]):
        rival = numbers[..., other : other + 1, :]
        with np.errstate(invalid="ignore"):  # NaN, where there is no equilibrium, dominates nothing
            dominated |= (rival >= numbers - room).all(-1) & (rival > numbers + room).any(-1)
    return (exists & ~dominated).rename("undominated")


def at_least(value: xarray.DataArray, bound: xarray.DataArray, dataset: xarray.Dataset) -> xarray.DataArray:
    """Whether values reach a bound up to rounding."""
    return value >= bound - margin(dataset)


def margin(dataset: xarray.Dataset) -> xarray.DataArray:
    """Differences of value below this are rounding, ``(axes)``."""
    return SAME * abs(dataset["value"]).max(("equilibrium", "player"))


def regime_of_line(dataset: xarray.Dataset) -> xarray.DataArray:
    """The regimes of a dataset that has one axis."""
    dims = dataset["status"].dims
    if len(dims) != 1:
        raise ValueError(
            f"tipping points lie on a line; this dataset has the axes {', '.join(map(str, dims)) or 'none'}: "
            "choose one value for each of the others, as in dataset.sel(name=value, method='nearest')"
        )
    return regime(dataset)


def slabs(array: xarray.DataArray) -> list[slice]:
    """The first axis cut so that each part has about SLAB cells."""
    rows = max(1, SLAB * array.shape[0] // max(array.size, 1))
    return [slice(first, first + rows) for first in range(0, array.shape[0], rows)]
