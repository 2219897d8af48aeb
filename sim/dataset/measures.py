"""What datasets say: regimes, shares, tipping points, and selections among equilibria.

Every measure is a function ``Dataset -> DataArray`` of results as :mod:`sim.dataset` describes them.
A selection is a mask over ``equilibrium``; it never drops any, and it may choose several.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import xarray
from numpy.typing import NDArray

from sim.claim import Status
from sim.dataset.schema import HOLDS
from sim.kernels.base.tolerances import FORMULA, SAME_VALUE
from sim.selection import by_value

__all__ = [
    "Tipping",
    "chosen",
    "regime",
    "selected",
    "shares",
    "solved",
    "tipping_points",
]
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
    attrs = {"long_name": "share of the cells in which the outcome holds"}
    cells, holding = 0, np.zeros(dataset.sizes["outcome"])
    if "tally" in dataset:
        cells = int(dataset["tally"].sum())
        holding = (dataset["tally"] * dataset["members"]).sum(("block", "regime")).values
    for part in [] if "tally" in dataset else slabs(dataset["status"]):
        slab = dataset[["status", "holds"]].isel({dataset["status"].dims[0]: part})
        good = solved(slab)
        cells += int(good.sum())
        holding = holding + (slab["holds"] & good).sum(good.dims).values
    result = holding / cells if cells else np.full(holding.shape, np.nan)
    return xarray.DataArray(result, {"outcome": dataset["outcome"]}, ("outcome",), "share", attrs)


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


def chosen(dataset: xarray.Dataset, selection: str) -> xarray.DataArray:
    """Equilibria that a selection of :mod:`sim.selection` chooses, ``(axes, equilibrium) -> bool``.

    What the sweep selected is in the dataset; other selections are made where values decide them.
    Raises ValueError where the dataset does not say.
    """
    if selection == dataset.attrs.get("select") and "selected" in dataset:
        return dataset["selected"]
    if "value" not in dataset:
        raise ValueError(f"this dataset keeps only what a map needs: sweep again with --select {selection!r}")
    players = tuple(str(name) for name in dataset["player"].values)
    value = dataset["value"].transpose(*dataset["status"].dims, "equilibrium", "player")
    try:
        mask = by_value(selection, players, value.values, margin(value.values))
    except ValueError as error:
        raise ValueError(f"{error}; for any other, sweep again with --select") from None
    coords = {name: value.coords[name] for name in value.dims[:-1] if name in value.coords}
    return xarray.DataArray(mask, coords, value.dims[:-1], "selected")


def selected(dataset: xarray.Dataset, selection: str | None = None) -> xarray.Dataset:
    """The dataset as it would be if only the chosen equilibria were there; it is what pictures draw.

    Without a name: as the sweep selected, if it did; ``"all"`` is the whole dataset.  The number of cells
    and their ``status``, ``complete`` and ``degenerate`` stay as they are; ``count`` may become 0.
    Raises ValueError as :func:`chosen` does.
    """
    name = selection or str(dataset.attrs.get("select", ""))
    if name in {"", "all"} or "tally" in dataset:
        return dataset
    if name == dataset.attrs.get("select"):
        new = {word: dataset[f"selected_{word}"] for word in ("count", "holds", "mixed")}
    else:
        mask = chosen(dataset, name)
        likely = (dataset["probability"] >= HOLDS) & mask
        new = {
            "count": mask.sum("equilibrium").astype(np.int32),
            "holds": likely.any("equilibrium"),
            "mixed": (dataset["mixes"] & mask).sum("equilibrium").astype(np.int32),
        }
    if "value" in dataset:
        mask = chosen(dataset, name)
        each = [word for word in ("value", "probability", "regret", "strategy") if word in dataset]
        new |= {word: dataset[word].where(mask) for word in each}
        new |= {"index": dataset["index"].where(mask, 0), "component": dataset["component"].where(mask, -1)}
    return dataset.assign(new).assign_attrs(selected=name)


def margin(value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Differences of value below this are rounding, ``(axes, K, n) -> (axes, K, n)``; 0 where there is none.

    A dataset does not know payoffs: it is a share of each value, and the rounding of the player's largest.
    """
    size = np.abs(np.nan_to_num(value))
    return np.asarray(SAME_VALUE * size + FORMULA * size.max(axis=-2, keepdims=True, initial=0.0))


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
