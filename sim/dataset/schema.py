"""The schema of results: which variables a dataset has and what each means, and how solutions fill them."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.answers import JOINT, SOLVED, Answer
from sim.claim import Status
from sim.kernels.base.outcomes import holds_and_mixed
from sim.kernels.base.tolerances import CERTAIN, HALF
from sim.selection import select
from sim.solution import Solution

__all__ = ["HOLDS", "SCHEMA", "arrays", "declared", "join", "variables"]

HOLDS = HALF  # an outcome holds in a cell if some equilibrium plays it at least this often

VERDICTS = {
    "flag_values": [int(status) for status in Status],
    "flag_meanings": " ".join(status.name for status in Status),
    "sentences": json.dumps([status.sentence for status in Status]),
}
SCHEMA = tuple(replace(one, attrs=VERDICTS) if one.name == "status" else one for one in SOLVED)
"""What a name means in every dataset: if it is there, it means exactly this."""


def arrays(solution: Solution, keep: str, selection: str | None = None) -> dict[str, NDArray[Any]]:
    """The variables of a batch of cells by name, the cell first: ``(C, *dims)``.

    Raises ValueError for a ``selection`` that does not judge this solution.
    """
    probability, strategy = solution.outcomes, solution.strategy
    holds, mixed = holds_and_mixed(np.ascontiguousarray(strategy), probability, HOLDS, CERTAIN)
    result: dict[str, NDArray[Any]] = {
        "status": solution.status,
        "count": solution.count,
        "complete": solution.complete,
        "degenerate": solution.degenerate,
        "holds": holds,
        "mixed": mixed,
    }
    if selection:
        chosen = select(solution, selection)
        alone = np.where(chosen[:, :, np.newaxis, np.newaxis], strategy, np.nan)
        result["selected_count"] = chosen.sum(axis=1)
        result["selected_holds"], result["selected_mixed"] = holds_and_mixed(
            alone, probability, HOLDS, CERTAIN
        )
        if keep != "map":
            result["selected"] = chosen
    result |= {answer.name: array for answer, array in solution.claim.answered() if answer.kept(keep)}
    if keep != "map":
        result |= solution.game.landmarks()
    if keep != "map":
        result |= {
            "mixes": np.any(largest_along_last(strategy) <= CERTAIN, axis=-1),
            "value": solution.value,
            "probability": probability,
            "regret": solution.regret,
            "index": solution.index,
            "component": solution.component,
        }
    if keep == "full":
        result["strategy"] = strategy
        if solution.claim.joint is not None:
            result["joint"] = solution.claim.joint
    return result


def largest_along_last(array: NDArray[Any]) -> NDArray[Any]:
    """The largest along the last axis, which is short: numpy is slow at that."""
    return functools.reduce(np.maximum, np.moveaxis(array, -1, 0))


def declared(solution: Solution) -> dict[str, Answer]:
    """What the arrays of a solution are beside those of :data:`SCHEMA`, by name."""
    landmarks = {answer.name: answer for answer in solution.game.landmark_answers}
    return {JOINT.name: JOINT, **landmarks, **solution.claim.answers}


def variables(
    sample: Mapping[str, NDArray[Any]], answers: Mapping[str, Answer] | None = None
) -> dict[str, Answer]:
    """The variables of a dataset with their axes as it names them, from the arrays of one cell.

    ``answers`` are what solver and form declare (:func:`declared`).
    """
    known = {**(answers or {}), **{variable.name: variable for variable in SCHEMA}}
    return {
        name: replace(known[name], dims=known[name].axes(array.ndim - 1)) for name, array in sample.items()
    }


def join(
    parts: Sequence[Mapping[str, NDArray[Any]]], schema: Mapping[str, Answer]
) -> dict[str, NDArray[Any]]:
    """Batches of cells one after the other; shorter axes are padded with the fill of the variable."""
    if len(parts) == 1:
        return dict(parts[0])
    result = {}
    for name, variable in schema.items():
        pieces = [part[name] for part in parts]
        longest = np.max([piece.shape[1:] for piece in pieces], axis=0, initial=0)
        whole = np.full((sum(len(piece) for piece in pieces), *longest), variable.fill, dtype=variable.dtype)
        first = 0
        for piece in pieces:
            whole[(slice(first, first + len(piece)), *(slice(size) for size in piece.shape[1:]))] = piece
            first += len(piece)
        result[name] = whole
    return result
