"""Cells that are counted and not kept: how many are of each regime, and where, block by block, with flat memory."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray
from numpy.typing import NDArray

from sim.answers import Answer
from sim.claim import Status
from sim.dataset.schema import SCHEMA
from sim.designs import Block, Design

__all__ = ["BINS", "TALLY", "added", "along_all", "counted", "pairs", "whereabouts"]

BINS, COARSE = 64, 16  # parts of equal width of the range of a parameter: alone, and beside another one
MOST_PAIRED = 6  # parameters whose pairs are looked at
AT_ONCE = 256  # rows that are read at a time
BITS = 16  # outcomes whose sets are numbered without being sorted
VERDICTS = next(answer for answer in SCHEMA if answer.name == "status").attrs
TALLY = (
    Answer("tally", "solved cells of each regime", "cells", ("regime",), "int64"),
    Answer("members", "whether an outcome holds in the regime", "", ("regime", "outcome"), "bool"),
    Answer("along", f"solved cells of each regime in each of {BINS} equal parts of a parameter's range", "cells",
           ("parameter", "part", "regime"), "int32"),
    Answer("across", f"solved cells of each regime in {COARSE} x {COARSE} parts of the ranges of two parameters",
           "cells", ("pair", "part_of_first", "part_of_second", "regime"), "int32"),
    Answer("verdicts", "cells of each status", "cells", ("verdict",), "int64", attrs=VERDICTS),
    Answer("mixing", "cells in which somebody mixes", "cells", (), "int64"),
    Answer("replicate", "number of the sample that the block is of", "", (), "int64", -1),
)  # fmt: skip
"""The variables of a dataset that keeps shares, by ``block`` of cells; regimes stand in the order of their outcomes."""

BY_REGIME = {answer.name for answer in TALLY if answer.dims[-1:] == ("regime",)}

Ranges = Mapping[str, tuple[float, float]]


def counted(
    arrays: Mapping[str, NDArray[Any]], values: Mapping[str, NDArray[Any]], ranges: Ranges
) -> dict[str, NDArray[Any]]:
    """The cells of a batch as one row: the variables of :data:`TALLY`, ``(1, ..)``.

    ``values`` are those of the parameters that vary, ``name -> (C,)``, and ``ranges`` between what they lie.
    With a selection what is counted is what holds among the selected equilibria.
    """
    status = arrays["status"]
    holds = arrays.get("selected_holds", arrays["holds"])
    mixed = arrays.get("selected_mixed", arrays["mixed"])
    good: Any = (status == Status.ok) | (status == Status.degenerate)
    if good.all():
        good = slice(None)  # nothing is copied
    regime, members = regimes(holds[good])
    kinds = len(members)
    places = [part_of(values[name][good], *ranges[name]) for name in ranges]
    row = {
        "tally": np.bincount(regime, minlength=kinds),
        "members": members,
        "along": np.array([table(place, BINS, regime, kinds) for place in places]),
        "verdicts": np.bincount(status.astype(np.int64), minlength=len(Status)),
        "mixing": np.count_nonzero(mixed[good]),
    }
    if pairs(ranges):
        coarse = [place // (BINS // COARSE) for place in places]
        found = [
            table(a * COARSE + b, COARSE**2, regime, kinds) for a, b in itertools.combinations(coarse, 2)
        ]
        row["across"] = np.array(found).reshape(-1, COARSE, COARSE, kinds)
    return {name: np.asarray(value)[np.newaxis] for name, value in row.items()}


def pairs(names: Mapping[str, Any]) -> list[str]:
    """The pairs of parameters whose ranges are looked at together, in words; none of many, which are too many."""
    return [", ".join(pair) for pair in itertools.combinations(names, 2)] if len(names) <= MOST_PAIRED else []


def regimes(holds: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The number of each cell's set of outcomes, and the sets in their order, ``(C, O) -> (C,), (R, O)``."""
    outcomes, bits = holds.shape[1], np.packbits(holds, axis=-1)
    if outcomes > BITS:
        words, number = np.unique(bits, axis=0, return_inverse=True)
        return number.ravel(), np.unpackbits(words, axis=-1, count=outcomes).astype(np.bool_)
    word = bits[:, 0].astype(np.int64)
    if outcomes > 8:
        word = (word << 8) + bits[:, 1]
    there = np.flatnonzero(np.bincount(word))
    number = np.zeros(2**BITS, np.int64)
    number[there] = np.arange(len(there))
    width = 8 * bits.shape[1]
    return number[word], (there[:, np.newaxis] >> np.arange(width - 1, width - 1 - outcomes, -1) & 1) > 0


def part_of(values: NDArray[Any], low: float, high: float) -> NDArray[np.int64]:
    """In which part of its range each value lies, ``(C,) -> (C,)``."""
    scale = BINS / (high - low) if high > low else 0.0
    return np.clip(((values.astype(np.float64) - low) * scale).astype(np.int64), 0, BINS - 1)


def table(place: NDArray[np.int64], places: int, regime: NDArray[np.int64], kinds: int) -> NDArray[np.int64]:
    """Cells by place and regime, ``(places, kinds)``."""
    return np.bincount(place * kinds + regime, minlength=places * kinds).reshape(places, kinds)


def added(parts: Sequence[Mapping[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    """Several rows as one."""
    members = np.concatenate([part["members"][0] for part in parts])
    sets, place = np.unique(members, axis=0, return_inverse=True)
    whole: dict[str, NDArray[Any]] = {"members": sets}
    ends = np.cumsum([part["members"].shape[1] for part in parts])[:-1]
    for name in parts[0].keys() - {"members"}:
        found = [part[name][0] for part in parts]
        if name not in BY_REGIME:
            whole[name] = np.sum(found, axis=0)
            continue
        whole[name] = np.zeros((*found[0].shape[:-1], len(sets)), np.int64)
        for one, numbers in zip(found, np.split(place.ravel(), ends), strict=True):
            whole[name][..., numbers] += one  # a row has each set once
    return {name: np.asarray(value)[np.newaxis] for name, value in whole.items()}


def whereabouts(design: Design, block: Block) -> dict[str, NDArray[Any]]:
    """Of which replicate a block is; -1 in designs that have none."""
    number = block[0].start if "replicate" in design.dims else -1
    return {"replicate": np.array([number])}


def along_all(dataset: xarray.Dataset) -> NDArray[np.int64]:
    """The counts along each parameter, rows of a replicate as one, ``(replicate, parameter, part, regime)``.

    Rows number the regimes that they hold; here each has one number.
    """
    members = np.packbits(dataset["members"].transpose("block", "regime", "outcome").values, axis=-1)
    _, number = np.unique(members.reshape(-1, members.shape[-1]), axis=0, return_inverse=True)
    number = number.reshape(members.shape[:2])
    _, replicate = np.unique(dataset["replicate"].values, return_inverse=True)
    sizes = dataset.sizes
    found = np.zeros((replicate.max() + 1, sizes["parameter"], sizes["part"], number.max() + 1), np.int64)
    for first in range(0, sizes["block"], AT_ONCE):
        rows = dataset["along"].isel(block=slice(first, first + AT_ONCE)).values
        for row, one, sets in zip(rows, replicate[first:], number[first:], strict=False):
            for regime in np.flatnonzero(row.any(axis=(0, 1))):  # a row that has fewer is padded
                found[one, :, :, sets[regime]] += row[:, :, regime]
    return found
