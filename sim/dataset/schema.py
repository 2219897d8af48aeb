"""The schema of results: which variables a dataset has and what each means, and how solutions fill them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claim import Status
from sim.kernels.base.outcomes import holds_and_mixed
from sim.kernels.base.tolerances import CERTAIN
from sim.selection import select
from sim.solution import Solution

__all__ = ["ANSWERS", "HOLDS", "LEVELS", "SCHEMA", "Variable", "arrays", "join", "variables"]

LEVELS = ("map", "equilibria", "full")
"""How much is kept: what a map needs, all numbers of each equilibrium, and the strategies too."""

EACH = "equilibrium"
HOLDS = 0.5  # an outcome holds in a cell if some equilibrium plays it at least this often


@dataclass(frozen=True)
class Variable:
    """One variable: ``dims`` follow the swept parameters, ``fill`` stands where there is none."""

    name: str
    meaning: str
    dtype: str
    dims: tuple[str, ...] = ()
    fill: float = 0
    level: str = "map"
    attrs: dict[str, Any] = field(default_factory=dict)


SCHEMA = (
    Variable("status", "verdict on the cell", "int8", fill=-1, attrs={
        "flag_values": [int(status) for status in Status],
        "flag_meanings": " ".join(status.name for status in Status),
        "sentences": json.dumps([status.sentence for status in Status]),
    }),
    Variable("count", "number of equilibria", "int32"),
    Variable("complete", "whether all equilibria are known to be here", "bool"),
    Variable("degenerate", "whether some equilibria belong to a continuum", "bool"),
    Variable("holds", "whether some equilibrium plays it with probability >= 0.5", "bool", ("outcome",)),
    Variable("mixed", "number of equilibria in which somebody mixes", "int32"),
    Variable("selected_count", "number of equilibria that the selection chooses", "int32"),
    Variable("selected_holds", "the same as holds among the selected ones", "bool", ("outcome",)),
    Variable("selected_mixed", "the same as mixed among the selected ones", "int32"),
    Variable("selected", "whether the selection chooses it", "bool", (EACH,), 0, "equilibria"),
    Variable("mixes", "whether somebody mixes in it", "bool", (EACH,), 0, "equilibria"),
    Variable("value", "expected payoff", "float64", (EACH, "player"), math.nan, "equilibria",
             {"units": "payoff"}),
    Variable("probability", "share of play", "float64", (EACH, "outcome"), math.nan, "equilibria",
             {"units": "probability"}),
    Variable("regret", "largest gain from a deviation", "float64", (EACH,), math.nan, "equilibria",
             {"units": "payoff"}),
    Variable("index", "Shapley index, 0 where undefined", "int8", (EACH,), 0, "equilibria"),
    Variable("component", "connected equilibria share a number", "int32", (EACH,), -1, "equilibria"),
    Variable("strategy", "how likely an action is", "float64", (EACH, "agent", "action"), math.nan, "full",
             {"units": "probability"}),
)  # fmt: skip
"""What a name means in every dataset: if it is there, it means exactly this."""

VERTEX, CORNER, POINT = "vertex", "corner", "point"  # of payoff sets, of what is feasible, of equilibria

ANSWERS = (
    Variable("payoff_set", "average payoffs that equilibria can give", "float64", (VERTEX, "player"), math.nan,
             "equilibria", {"units": "payoff"}),
    Variable("worst", "least that an equilibrium gives", "float64", ("player",), math.nan, "equilibria",
             {"units": "payoff"}),
    Variable("worst_bound", "least that no equilibrium goes below", "float64", ("player",), math.nan,
             "equilibria", {"units": "payoff"}),
    Variable("gap", "distance between inner and outer bounds of the payoff set", "float64", (), math.nan, "map",
             {"units": "share of the range of payoffs"}),
    Variable("best_symmetric", "most for each where all do the same", "float64", (), math.nan, "map",
             {"units": "payoff"}),
    Variable("worst_symmetric", "least for each where all do the same", "float64", (), math.nan, "map",
             {"units": "payoff"}),
    Variable("largest_sum", "largest sum of payoffs", "float64", (), math.nan, "map", {"units": "payoff"}),
    Variable("minmax", "least that each side can be held to", "float64", ("player",), math.nan, "equilibria",
             {"units": "payoff"}),
    Variable("maxmin", "most that each side can make sure of", "float64", ("player",), math.nan, "equilibria",
             {"units": "payoff"}),
    Variable("disagreement", "payoff if talks fail", "float64", ("player",), math.nan, "equilibria",
             {"units": "payoff"}),
    Variable("feasible", "averages of what a round can give", "float64", (CORNER, "player"), math.nan,
             "equilibria", {"units": "payoff"}),
    Variable("stage_nash", "pure equilibria of one round", "float64", (POINT, "player"), math.nan,
             "equilibria", {"units": "payoff"}),
    Variable("critical_discount", "least common patience to keep up", "float64",
             ("outcome",), math.nan, "map", {"units": "weight of next round"}),
    Variable("knife_edge", "whether a joint action is sustained or not by a hair", "bool"),
    Variable("inner_gap", "what the payoff set lacks to generate itself", "float64", (), math.nan, "map",
             {"units": "share of the range of payoffs"}),
    Variable("outer_gap", "how far the payoff set still shrank in the last step", "float64", (), math.nan,
             "map", {"units": "share of the range of payoffs"}),
    Variable("reached", "precision at which the path of logit play ended", "float64", (), math.nan, "map",
             {"units": "per range of payoffs"}),
    Variable("stopped", "why the path of logit play ended (0: at an equilibrium)", "int8"),
    Variable("attempt", "which start led to the equilibrium (0: play at random)", "int8"),
    Variable("precision", "precision of replies", "float64", (), math.nan, "map", {"units": "per unit of payoff"}),
    Variable("undecided", "parts of strategy space in which equilibria may have been missed", "int64"),
    Variable("pure_complete", "whether no pure equilibrium is missing", "bool"),
    Variable("power", "bargaining power of the first side", "float64", (), math.nan, "map",
             {"units": "weight from 0 to 1"}),
    Variable("leader", "who commits first (0: the first player)", "int64"),
)  # fmt: skip
"""What solvers answer beside equilibria, by the names that several of them share.

Games with states have one more axis ``state`` before the others.
"""


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
    extra = {name: array for name, array in solution.claim.extra.items() if array.dtype != object}
    if keep != "map":
        extra |= solution.game.landmarks()
    result |= {
        name: array
        for name, array in extra.items()
        if LEVELS.index(answer_variable(name, array).level) <= LEVELS.index(keep)
    }
    if keep != "map":
        result |= {
            "mixes": (strategy.max(axis=-1) <= CERTAIN).any(axis=-1),
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


def answer_variable(name: str, array: NDArray[Any]) -> Variable:
    """How an entry of ``claim.extra`` is kept: as ``ANSWERS`` says, else under its own name, axes numbered."""
    trailing = array.ndim - 1
    for known in ANSWERS:
        if known.name == name and trailing == len(known.dims):
            return known
        if known.name == name and trailing == len(known.dims) + 1:
            return replace(known, dims=("state", *known.dims))
    dims = tuple(f"{name}_{axis}" for axis in range(1, array.ndim))
    fill = math.nan if array.dtype.kind == "f" else 0
    return Variable(name, name.replace("_", " "), array.dtype.name, dims, fill, "map" if not dims else "full")


def variables(sample: Mapping[str, NDArray[Any]]) -> dict[str, Variable]:
    """The variables that a solver's answers need, from the arrays of one cell."""
    known = {variable.name: variable for variable in SCHEMA}
    return {name: known.get(name) or answer_variable(name, array) for name, array in sample.items()}


def join(
    parts: Sequence[Mapping[str, NDArray[Any]]], schema: Mapping[str, Variable]
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
