"""Data frames: a row for each cell and equilibrium, of solutions and of datasets alike."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.answers import EACH
from sim.claim import Status
from sim.game import Floats, Integers

if TYPE_CHECKING:
    import pandas as pd
    import xarray

__all__ = ["Columns", "cells_and_places", "dataset_table", "frame"]

FIXED = (EACH, "regret", "index", "component", "status")
"""Columns that every table has."""


@dataclass(frozen=True)
class Columns:
    """What rows are of, the cell first: ``value (C, K, n)``, ``probability (C, K, outcome)``, ``status (C,)``.

    ``regret``, ``index`` and ``component`` are ``(C, K)``; in cells without equilibria nobody looks at them.
    """

    value: Floats
    probability: Floats
    regret: Floats
    index: NDArray[Any]
    component: NDArray[Any]
    status: NDArray[Any]


def dataset_table(dataset: xarray.Dataset) -> pd.DataFrame:
    """A dataset as a data frame: a row for each cell and equilibrium, and one for a cell without any.

    Columns as in ``solution.to_dataframe()``: all parameters, ``equilibrium``, the value of each player under his
    name, ``p(outcome)``, ``regret``, ``index``, ``component``, ``status``.  The index is the cell, counted as the
    axes of the dataset are; of a selection there are rows for the equilibria that it chooses.
    Raises ValueError for what is no dataset of a sweep, and for one that keeps only what a map needs.

    >>> import sim
    >>> frame = sim.table(sim.sweep(sim.load("chicken"), "disaster", points=2))
    >>> frame[["collision", "equilibrium", "North", "South"]].to_numpy().tolist()[:2]
    [[-30.0, 0, 2.0, 7.0], [-30.0, 1, 7.0, 2.0]]
    """
    if "status" not in getattr(dataset, "data_vars", {}):
        raise ValueError(
            f"table takes the dataset of a sweep, as sim.sweep gives it, not a {type(dataset).__name__}"
        )
    if "value" not in dataset:
        raise ValueError(
            "this dataset keeps only what a map needs: sweep again with fewer points, or with full=True"
        )
    axes = dataset["status"].dims
    cells = dataset["status"].size

    def flat(name: str, *dims: str) -> NDArray[Any]:
        found = dataset[name].transpose(*axes, *dims)
        return found.values.reshape(cells, *found.shape[len(axes) :])

    found = Columns(
        flat("value", EACH, "player"),
        flat("probability", EACH, "outcome"),
        flat("regret", EACH),
        flat("index", EACH),
        flat("component", EACH),
        flat("status"),
    )
    grids = np.meshgrid(*(dataset[name].values for name in axes), indexing="ij")
    swept = {str(name): grid.ravel() for name, grid in zip(axes, grids, strict=True)}
    fixed = {
        name: np.full(cells, value) for name, value in json.loads(dataset.attrs.get("fixed") or "{}").items()
    }
    order = json.loads(dataset.attrs.get("defaults") or "{}")
    parameters = {name: (swept | fixed)[name] for name in [*order, *swept, *fixed] if name in swept | fixed}
    cell, place = cells_and_places(np.asarray(~np.isnan(found.value[..., 0])))
    players, outcomes = dataset["player"].values.tolist(), dataset["outcome"].values.tolist()
    return frame(cell, place, parameters, players, outcomes, found)


def cells_and_places(there: NDArray[np.bool_]) -> tuple[Integers, Integers]:
    """Cell and place of every equilibrium ``(C, K)``, in order; place -1 once in a cell without any."""
    cell, place = np.nonzero(there)
    alone = np.nonzero(~there.any(axis=1))[0]
    cell, place = np.append(cell, alone), np.append(place, np.full(alone.size, -1))
    order = np.argsort(cell, kind="stable")
    return cell[order], place[order]


def frame(
    cell: Integers,
    place: Integers,
    parameters: Mapping[str, NDArray[Any]],
    players: Sequence[str],
    outcomes: Sequence[str],
    found: Columns,
) -> pd.DataFrame:
    """The data frame whose rows are these equilibria of these cells, ``(R,)``; missing where place is -1.

    A parameter or player with the name of another column is called ``parameter:name`` or ``value:name``.
    """
    import pandas as pd

    there = place >= 0

    def pick(array: NDArray[Any], *rest: Any) -> NDArray[Any]:
        if not array.shape[1]:
            return np.full(place.size, np.nan)
        return np.where(there, array[(cell, place, *rest)], np.nan)

    def whole(numbers: NDArray[Any], missing: NDArray[np.bool_]) -> Any:
        return pd.arrays.IntegerArray(np.where(missing, 0, numbers).astype(np.int64), missing)

    columns: dict[str, Any] = {}
    for name, values in parameters.items():
        columns[name if name not in FIXED else f"parameter:{name}"] = values[cell]
    columns[EACH] = whole(place, ~there)
    for i, player in enumerate(players):
        own = player if player not in columns and player not in FIXED else f"value:{player}"
        columns[own] = pick(found.value, i)
    for o, outcome in enumerate(outcomes):
        columns[f"p({outcome})"] = pick(found.probability, o)
    columns["regret"] = pick(found.regret)
    for name, none in (("index", 0), ("component", -1)):
        numbers = np.nan_to_num(pick(getattr(found, name)), nan=none)
        columns[name] = whole(numbers, ~there | (numbers == none))
    names = np.array([status.name for status in Status], dtype=object)
    columns["status"] = names[found.status[cell]]
    return pd.DataFrame(columns, index=pd.Index(cell, name="cell"))
