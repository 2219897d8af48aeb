"""Cells that are counted and not kept: how many are of each regime, block by block, with flat memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.answers import Answer
from sim.claim import Status
from sim.dataset.schema import SCHEMA
from sim.designs import Block, Design

__all__ = ["TALLY", "added", "counted", "whereabouts"]

VERDICTS = next(answer for answer in SCHEMA if answer.name == "status").attrs
TALLY = (
    Answer("tally", "solved cells of each regime", "cells", ("regime",), "int64"),
    Answer("members", "whether an outcome holds in the regime", "", ("regime", "outcome"), "bool"),
    Answer("verdicts", "cells of each status", "cells", ("verdict",), "int64", attrs=VERDICTS),
    Answer("mixing", "cells in which somebody mixes", "cells", (), "int64"),
    Answer("replicate", "number of the sample that the block is of", "", (), "int64", -1),
)
"""The variables of a dataset that keeps shares, by ``block`` of cells; regimes stand in the order of their outcomes."""


def counted(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The cells of a batch as one row: the variables of :data:`TALLY`, ``(1, ..)``.

    With a selection what is counted is what holds among the selected equilibria.
    """
    status = arrays["status"]
    holds = arrays.get("selected_holds", arrays["holds"])
    mixed = arrays.get("selected_mixed", arrays["mixed"])
    good = np.isin(status, [Status.ok, Status.degenerate])
    outcomes = holds.shape[1]
    words, cells = np.unique(np.packbits(holds[good], axis=-1), axis=0, return_counts=True)
    return {
        "tally": cells.astype(np.int64)[np.newaxis],
        "members": np.unpackbits(words, axis=-1, count=outcomes).astype(np.bool_)[np.newaxis],
        "verdicts": np.bincount(status.astype(np.int64), minlength=len(Status))[np.newaxis],
        "mixing": np.count_nonzero(mixed[good], keepdims=True),
    }


def added(parts: Sequence[Mapping[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    """Several rows as one."""
    members = np.concatenate([part["members"][0] for part in parts])
    sets, place = np.unique(members, axis=0, return_inverse=True)
    tally = np.zeros(len(sets), np.int64)
    np.add.at(tally, place.ravel(), np.concatenate([part["tally"][0] for part in parts]))
    sums = {name: np.sum([part[name] for part in parts], axis=0) for name in ("verdicts", "mixing")}
    return {"tally": tally[np.newaxis], "members": sets[np.newaxis], **sums}


def whereabouts(design: Design, block: Block) -> dict[str, NDArray[Any]]:
    """Of which replicate a block is; -1 in designs that have none."""
    number = block[0].start if "replicate" in design.dims else -1
    return {"replicate": np.array([number])}
