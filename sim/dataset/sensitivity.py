"""How sure a conclusion is, and what decides it: the answers about a sample as a dataset of their own.

Dims are ``parameter``, ``outcome`` and ``estimate`` (value, low, high).  What is not known is NaN: what needs new
cells where only a finished sample was given, and indices of an outcome that is too rare for them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray
from numpy.typing import NDArray

from sim.claim import Status
from sim.dataset.given import Box, boxes, equal_slices, numbered, pawn, pawn_of_counts, shift
from sim.dataset.indices import ByOutcome, OfRegime
from sim.dataset.intervals import ESTIMATE, ratio_estimate, share_estimate
from sim.dataset.measures import solved
from sim.dataset.tally import along_all
from sim.game import Floats

__all__ = [
    "RARE",
    "DrawnCells",
    "as_dataset_of",
    "as_sensed",
    "boxes_of",
    "drawn_from",
    "of_counts",
    "of_sample",
    "share_of_counts",
    "with_indices",
]

SHARE = {"long_name": "share of the cells in which the outcome holds"}
SHIFT = {"long_name": "largest shift of a regime's share along the parameter (PAWN)"}
RARE = 0.01  # outcomes that hold in fewer cells, or fail in fewer: indices would be as large as their errors


@dataclass(frozen=True)
class DrawnCells:
    """Cells of a sample, by replicate: values of parameters ``name -> (R, n)``, and what holds in each cell.

    ``holds (R, n, O)``, ``good (R, n)`` where cells are solved.
    """

    values: dict[str, Floats]
    holds: NDArray[np.bool_]
    good: NDArray[np.bool_]
    outcomes: tuple[str, ...]


def drawn_from(dataset: xarray.Dataset) -> DrawnCells:
    """The cells of a finished dataset; a grid is one replicate, in which every point of it counts alike.

    Raises ValueError where cells were counted and not kept.
    """
    if "tally" in dataset:
        raise ValueError("this dataset keeps shares and no cells: sweep again with --keep map")
    dims = [str(dim) for dim in dataset["status"].dims]
    held = "selected_holds" if "selected_holds" in dataset else "holds"
    holds = dataset[held].transpose(*dims, "outcome").values
    good = solved(dataset[["status"]]).values
    names = [str(name) for name in dataset["status"].coords if str(name) not in {"replicate", "draw"}]
    values = {name: np.asarray(dataset[name].broadcast_like(dataset["status"]).values) for name in names}
    shape = good.shape if "draw" in dims else (1, good.size)
    return DrawnCells(
        {name: value.reshape(shape) for name, value in values.items()},
        holds.reshape(*shape, holds.shape[-1]),
        good.reshape(shape),
        tuple(str(name) for name in dataset["outcome"].values),
    )


def share_of_counts(dataset: xarray.Dataset) -> Floats:
    """Shares of outcomes with intervals from a dataset that keeps shares, ``(O, 3)``."""
    replicate = dataset["replicate"].values
    holding = (dataset["tally"] * dataset["members"]).sum("regime").transpose("block", "outcome").values
    cells = dataset["tally"].sum("regime").values
    numbers = np.unique(replicate)
    return share_estimate(
        np.stack([holding[replicate == number].sum(axis=0) for number in numbers]).astype(np.float64),
        np.array([cells[replicate == number].sum() for number in numbers]),
    )


def of_counts(dataset: xarray.Dataset) -> xarray.Dataset:
    """What a dataset tells that keeps shares: these, and how far each parameter shifts the regimes, with intervals."""
    cells = int(dataset["verdicts"].sum())
    found: dict[str, Any] = {"share": (("outcome", "estimate"), share_of_counts(dataset), SHARE)}
    attrs = {
        **dataset.attrs, "draws": cells, "cells": cells, "replicates": int(np.unique(dataset["replicate"].values).size),
        "unsolved": float(1 - int(dataset["tally"].sum()) / cells),
    }  # fmt: skip
    names = []
    if "along" in dataset:
        along = np.moveaxis(along_all(dataset), 1, 0)
        names = [str(name) for name in dataset["parameter"].values]
        slices = [equal_slices(tables) for tables in along]
        found["pawn"] = ("parameter", "estimate"), np.stack([pawn_of_counts(one) for one in slices]), SHIFT
        attrs["by_chance"] = max(by_chance_of_counts(one.sum(axis=0)) for one in slices)
    coords = {"outcome": dataset["outcome"].values, "parameter": names, "estimate": list(ESTIMATE)}
    return xarray.Dataset(found, coords, attrs)


def by_chance_of_counts(table: NDArray[np.int64]) -> float:
    """The shift that slices of such sizes show where the parameter has nothing to do with the regimes."""
    everywhere = table.sum(axis=0) / max(int(table.sum()), 1)
    drawn = np.random.default_rng(0).multinomial(table.sum(axis=1), everywhere)
    return float(shift(drawn))


def of_sample(drawn: DrawnCells, attrs: Mapping[str, Any]) -> xarray.Dataset:
    """What a sample tells by itself: shares with intervals, and how far each parameter shifts the regimes.

    ``attrs`` are those of the sweep; ``cells``, ``draws`` and ``replicates`` are added.
    """
    replicates, draws = drawn.good.shape
    regimes = numbered(drawn.holds, drawn.good)
    held = (drawn.holds & drawn.good[..., np.newaxis]).sum(axis=1).astype(np.float64)
    found = {
        "share": (("outcome", "estimate"), share_estimate(held, drawn.good.sum(axis=1)),
                  SHARE),
        "pawn": (("parameter", "estimate"), np.stack([pawn(one, regimes) for one in drawn.values.values()]), SHIFT),
    }  # fmt: skip
    coords = {"outcome": list(drawn.outcomes), "parameter": list(drawn.values), "estimate": list(ESTIMATE)}
    counts = {"draws": replicates * draws, "replicates": replicates, "cells": replicates * draws}
    chance = {"by_chance": by_chance(regimes), "unsolved": float(1 - drawn.good.mean())}
    return xarray.Dataset(found, coords, {**attrs, **counts, **chance})


def by_chance(regimes: NDArray[np.int64]) -> float:
    """The shift that a parameter shows which has nothing to do with the regimes: its values are drawn at random."""
    return float(pawn(np.random.default_rng(0).random(regimes.shape), regimes)[0])


def with_indices(
    sample: xarray.Dataset,
    outcomes: Sequence[ByOutcome],
    regime: Sequence[OfRegime],
    more: Floats,
    cells: int,
    never: Sequence[str] | None,
) -> xarray.Dataset:
    """What new cells add, replicate by replicate: indices of each parameter, and shares from all cells.

    ``more (R, 1 + O)`` are solved cells, and those in which each outcome holds.  Parameters of the sample that are in
    no replicate's sums come last in ``never``: their indices are 0, proved.
    """
    shares = share_estimate(more[:, 1:], more[:, 0])
    rare = np.minimum(shares[:, 0], 1 - shares[:, 0]) < RARE
    count = sample.sizes["parameter"] - regime[0].anew.size
    nothing = ((0, 0), (0, count))

    def padded(array: Floats) -> Floats:
        return np.pad(array, nothing + ((0, 0),) * (array.ndim - 2))

    variance = np.stack([one.variance for one in outcomes])
    by = {}
    for word in ("first", "total"):
        above = padded(np.stack([getattr(one, word) for one in outcomes]))
        by[word] = ratio_estimate(above, np.broadcast_to(variance[:, np.newaxis], above.shape))
        by[word][:, rare] = np.nan
    anew, steps = (
        padded(np.stack([one.anew for one in regime])),
        padded(np.stack([one.steps for one in regime])),
    )
    apart, walked = (np.array([getattr(one, word) for one in regime]) for word in ("apart", "walked"))
    order = [name for name in sample["parameter"].values if name not in (never or ())] + list(never or ())
    found = {
        "share": (("outcome", "estimate"), shares, sample["share"].attrs),
        "decides": (("parameter", "estimate"), ratio_estimate(anew, np.broadcast_to(apart[:, np.newaxis], anew.shape)),
                    {"long_name": "how often the regime changes when this parameter alone is drawn anew, "
                                  "as a share of how often two draws differ"}),
        "shapley": (("parameter", "estimate"), ratio_estimate(steps, np.broadcast_to(walked[:, np.newaxis], steps.shape)),
                    {"long_name": "the parameter's part in what decides the regime (Shapley effect)"}),
        "total": (("parameter", "outcome", "estimate"), by["total"],
                  {"long_name": "total index: how much of the outcome's variance goes without the parameter known"}),
        "first": (("parameter", "outcome", "estimate"), by["first"],
                  {"long_name": "first index: how much of the outcome's variance the parameter explains alone"}),
    }  # fmt: skip
    made = xarray.Dataset(found, {**sample.coords, "parameter": order}, sample.attrs)
    made["pawn"] = sample["pawn"].sel(parameter=order)
    attrs = {**sample.attrs, "cells": cells, "never": json.dumps(None if never is None else list(never))}
    return made.assign_attrs(attrs)


def as_sensed(dataset: xarray.Dataset) -> xarray.Dataset:
    """What a dataset tells by itself, unless it is what was told already.

    Raises ValueError for what is no sample of what is believed.
    """
    if "estimate" in dataset.dims:
        return dataset
    if "tally" in dataset:
        return of_counts(dataset)
    if "draw" not in dataset.dims:
        raise ValueError("no sample of what is believed: standoff sweep SCENARIO --design sobol makes one")
    return of_sample(drawn_from(dataset), dataset.attrs)


def as_dataset_of(drawn: DrawnCells, sensed: xarray.Dataset) -> xarray.Dataset:
    """The cells of a sample as a dataset, for pictures."""
    words = json.loads(str(sensed.attrs["parameters"]))
    dims = ("replicate", "draw")
    coords: dict[str, Any] = {
        name: (dims, values, {"long_name": words[name]["meaning"], "units": words[name]["unit"]})
        for name, values in drawn.values.items()
    }
    status = np.where(drawn.good, int(Status.ok), int(Status.not_found)).astype(np.int8)
    found = {"status": (dims, status), "holds": ((*dims, "outcome"), drawn.holds)}
    return xarray.Dataset(found, {**coords, "outcome": list(drawn.outcomes)}, sensed.attrs)


def boxes_of(drawn: DrawnCells, outcome: str) -> list[Box]:
    """Boxes that mostly hold an outcome (:func:`sim.dataset.given.boxes`)."""
    cases = drawn.holds[..., drawn.outcomes.index(outcome)] & drawn.good
    return boxes(drawn.values, cases)
