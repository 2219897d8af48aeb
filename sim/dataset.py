"""The result of a sweep: its schema, its labels, and the store on disk.  Nothing else builds a Dataset.

One sweep is one ``xarray.Dataset``.  Its first dims are the swept parameters, named as in the scenario
and in its order; :data:`SCHEMA` lists the variables and says what each means.  On disk it is a zarr
store that plain ``xarray.open_zarr`` reads: the same bytes for any number of workers and however often
the sweep was interrupted, because every block of cells is written on its own, marked done after its
data, and nothing in the store tells when, where or by whom it was made.

While a sweep runs, its store is called ``<sweep>.zarr.unfinished``; ``<sweep>.zarr`` is always whole.
"""

from __future__ import annotations

import json
import math
import shlex
import shutil
import threading
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import xarray
import zarr
from numcodecs import blosc
from numpy.typing import NDArray
from zarr.codecs import BloscCodec
from zarr.storage import LocalStore, MemoryStore

from sim import __version__
from sim.designs import Block, Grid
from sim.kernels.outcomes import holds_and_mixed
from sim.solution import Solution, Status

__all__ = [
    "LEVELS",
    "RESERVED",
    "SCHEMA",
    "Store",
    "Variable",
    "arrays",
    "command",
    "coordinates",
    "describe",
    "join",
    "open_dataset",
]

# labels that do not match are an error, never silently dropped cells
xarray.set_options(arithmetic_join="exact")
# with several threads blosc lays out its blocks in the order they finish: not the same bytes every time
blosc.use_threads = False

LEVELS = ("map", "equilibria", "full")
"""How much is kept: what a map needs, all numbers of each equilibrium, and the strategies too."""

COMPRESSOR = BloscCodec(cname="zstd", clevel=1, shuffle="bitshuffle")

PURE = 1 - 1e-9  # an action played with more than this probability is played for certain
HOLDS = 0.5  # an outcome holds in a cell if some equilibrium plays it at least this often


@dataclass(frozen=True)
class Variable:
    """One variable of the schema; ``dims`` follow the swept parameters, ``fill`` stands where there is none."""

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
    Variable("holds", "whether some equilibrium plays the outcome with probability >= 0.5", "bool", ("outcome",)),
    Variable("mixed", "number of equilibria in which somebody mixes", "int32"),
    Variable("value", "expected payoff", "float64", ("equilibrium", "player"), math.nan, "equilibria"),
    Variable("probability", "probability of the outcome", "float64", ("equilibrium", "outcome"), math.nan, "equilibria"),
    Variable("regret", "largest gain from a deviation", "float64", ("equilibrium",), math.nan, "equilibria"),
    Variable("index", "Shapley index, 0 where undefined", "int8", ("equilibrium",), 0, "equilibria"),
    Variable("component", "connected equilibria share a number", "int32", ("equilibrium",), -1, "equilibria"),
    Variable("strategy", "probability of each action", "float64", ("equilibrium", "agent", "action"), math.nan, "full"),
)  # fmt: skip
"""What a name means in every dataset: if it is there, it means exactly this."""

RESERVED = {variable.name for variable in SCHEMA} | {"player", "outcome", "equilibrium", "agent", "action"}
"""Names that no swept parameter may have."""


def arrays(solution: Solution, keep: str) -> dict[str, NDArray[Any]]:
    """The variables of a batch of cells by name, the cell first: ``(C, *dims)``."""
    probability, strategy = solution.outcomes, solution.strategy
    holds, mixed = holds_and_mixed(np.ascontiguousarray(strategy), probability, HOLDS, PURE)
    result: dict[str, NDArray[Any]] = {
        "status": solution.status,
        "count": solution.count,
        "complete": solution.complete,
        "degenerate": solution.degenerate,
        "holds": holds,
        "mixed": mixed,
    }
    extra = {name: array for name, array in solution.claim.extra.items() if array.dtype != object}
    result |= {name: array for name, array in extra.items() if array.ndim == 1}
    if keep != "map":
        result |= {
            "value": solution.value,
            "probability": probability,
            "regret": solution.regret,
            "index": solution.index,
            "component": solution.component,
        }
    if keep == "full":
        result["strategy"] = strategy
        result |= {name: array for name, array in extra.items() if array.ndim > 1}
        if solution.claim.joint is not None:
            result["joint"] = solution.claim.joint
    return result


def extra_variable(name: str, array: NDArray[Any]) -> Variable:
    """How an entry of ``claim.extra`` is kept: under its own name, its axes numbered."""
    dims = tuple(f"{name}_{axis}" for axis in range(1, array.ndim))
    fill = math.nan if array.dtype.kind == "f" else 0
    return Variable(name, name.replace("_", " "), array.dtype.name, dims, fill, "map" if not dims else "full")


def variables(sample: Mapping[str, NDArray[Any]]) -> dict[str, Variable]:
    """The variables that a solver's answers need, from the arrays of one cell."""
    known = {variable.name: variable for variable in SCHEMA}
    return {name: known.get(name) or extra_variable(name, array) for name, array in sample.items()}


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


def coordinates(scenario: Any, grid: Grid, solution: Solution) -> dict[str, tuple[Any, dict[str, Any]]]:
    """Values and attributes of the coordinate of each dim, by name."""
    result: dict[str, tuple[Any, dict[str, Any]]] = {}
    for name, values in grid.axes.items():
        parameter = scenario.parameters[name]
        result[name] = (
            values,
            {
                "long_name": parameter.meaning,
                "units": parameter.unit,
                "source": parameter.source,
                "default": parameter.default,
                "low": parameter.low,
                "high": parameter.high,
            },
        )
    agents = solution.game.agents
    result["player"] = list(solution.game.players), {}
    result["outcome"] = list(solution.game.outcomes.names), {}
    result["agent"] = [agent.label for agent in agents], {}
    result["action"] = (
        np.arange(solution.game.mask.shape[1]),
        {"labels": "the attribute 'actions' of the dataset"},
    )
    return result


def describe(
    scenario: Any,
    sweep: Any,
    grid: Grid,
    fixed: Mapping[str, float],
    solution: Solution,
    solver: str,
    keep: str,
) -> dict[str, str]:
    """The attributes of a dataset: all that is needed to read it and to cite it."""
    parameters = scenario.parameters
    return {
        "title": sweep.title or sweep.name,
        "note": sweep.note,
        "scenario": scenario.name,
        "scenario_title": scenario.title,
        "scenario_digest": scenario.digest,
        "sweep": sweep.name,
        "form": scenario.form,
        "concept": solution.concept,
        "solver": solver,
        "keep": keep,
        "axes": json.dumps(
            {name: [values[0], values[-1], values.size] for name, values in grid.axes.items()}
        ),
        "fixed": json.dumps(dict(fixed)),
        "defaults": json.dumps({name: parameter.default for name, parameter in parameters.items()}),
        "parameters": json.dumps(
            {name: {"unit": p.unit, "meaning": p.meaning} for name, p in parameters.items()}
        ),
        "players": json.dumps(list(solution.game.players)),
        "actions": json.dumps({agent.label: list(agent.actions) for agent in solution.game.agents}),
        "sources": json.dumps(list(scenario.sources)),
        "answers": json.dumps(list(solution.claim.names)),
        "standoff_version": __version__,
        "numpy_version": np.__version__,
        "zarr_version": zarr.__version__,
    }


def command(
    scenario: Any,
    sweep: Any,
    set: Mapping[str, float],
    points: int | None,
    concept: str | None,
    solver: str | None,
    *,
    full: bool,
) -> str:
    """The command that makes the same dataset again; nothing where the sweep is not one of the scenario's."""
    if scenario.sweeps.get(sweep.name) is not sweep:
        return ""
    words = ["standoff", "sweep", scenario.name, sweep.name]
    for name in sorted(set):
        words += ["--set", f"{name}={set[name]!r}"]
    for option, value in (("--points", points), ("--concept", concept), ("--solver", solver)):
        if value is not None:
            words += [option, str(value)]
    return shlex.join([*words, "--full"] if full else words)


class Store:
    """The dataset of a sweep under construction: blocks of cells go in, in any order and from any thread.

    ``path`` is where the finished store will be (None: in memory); ``sample`` are the arrays of one cell,
    from which variables take type and shape; ``attrs`` also say what a store is: one with other
    attributes is another sweep.
    Raises ValueError on ``resume`` where the store on disk is of another sweep.
    """

    def __init__(
        self,
        path: Path | None,
        grid: Grid,
        tile: tuple[int, ...],
        sample: Mapping[str, NDArray[Any]],
        labels: Mapping[str, tuple[Any, dict[str, Any]]],
        attrs: Mapping[str, str],
        *,
        resume: bool = False,
    ) -> None:
        self.path, self.grid, self.tile = path, grid, tile
        self.schema = variables(sample)
        self.growing = threading.Lock()
        self.unfinished = None if path is None else path.with_name(path.name + ".unfinished")
        self.finished = False
        if path is None or self.unfinished is None:
            self.group = zarr.create_group(MemoryStore(), attributes=dict(attrs))
        elif resume and is_store(self.unfinished):
            check_same(self.unfinished, attrs)
            for leftover in self.unfinished.rglob("*.partial"):
                leftover.unlink()
            self.group = zarr.open_group(LocalStore(self.unfinished), mode="r+", use_consolidated=False)
        elif resume and is_store(path):
            check_same(path, attrs)
            self.finished = True
            return
        else:
            remove(self.unfinished)
            self.group = zarr.create_group(LocalStore(self.unfinished), attributes=dict(attrs))
        self.create(sample, labels)

    def create(
        self, sample: Mapping[str, NDArray[Any]], labels: Mapping[str, tuple[Any, dict[str, Any]]]
    ) -> None:
        """Make what is not there yet: empty variables, coordinates, and the marks of finished blocks."""
        used = {*self.grid.axes}
        self.arrays = {}
        for name, variable in self.schema.items():
            trailing = tuple(max(size, 1) for size in sample[name].shape[1:])
            chunks = tuple(
                1 if dim == "equilibrium" else size for dim, size in zip(variable.dims, trailing, strict=True)
            )
            used.update(variable.dims)
            self.arrays[name] = self.array(
                name, (*self.grid.shape, *trailing), (*self.tile, *chunks), variable.dtype, (*self.grid.axes, *variable.dims),
                {"long_name": variable.meaning, **variable.attrs}, fill=variable.fill,
            )  # fmt: skip
        for name, (values, attrs) in labels.items():
            if name in used:
                self.label(name, values, attrs)
        marks = tuple(-(-size // length) for size, length in zip(self.grid.shape, self.tile, strict=True))
        # in a group of its own: those who open the dataset do not see it
        self.done = self.array(
            "progress/done",
            marks,
            (1,) * len(marks),
            "uint8",
            tuple(f"block_{name}" for name in self.grid.axes),
            {},
        )

    def array(
        self, name: str, shape: tuple[int, ...], chunks: tuple[int, ...], dtype: str,
        dims: tuple[str, ...], attrs: dict[str, Any], *, fill: float = 0,
    ) -> zarr.Array[Any]:  # fmt: skip
        """The array of this name, created if need be."""
        if name in self.group:
            return self.group[name]
        return self.group.create_array(
            name, shape=shape, chunks=chunks, dtype=dtype, dimension_names=dims, attributes=attrs,
            fill_value=np.dtype(dtype).type(fill), compressors=COMPRESSOR,
        )  # fmt: skip

    def label(self, name: str, values: Any, attrs: dict[str, Any]) -> None:
        """Write the coordinate of a dim."""
        if isinstance(values, list):
            values = np.array(values, dtype=np.dtypes.StringDType())
        self.group.create_array(
            name, data=values, chunks=values.shape, dimension_names=(name,), attributes=attrs,
            compressors=COMPRESSOR if values.dtype.kind == "f" else None, overwrite=True,
        )  # fmt: skip

    def pending(self) -> list[Block]:
        """The blocks that are not done."""
        if self.finished:
            return []
        marks = self.done[...].ravel()
        return [block for block, mark in zip(self.grid.blocks(self.tile), marks, strict=True) if not mark]

    def write(self, block: Block, data: Mapping[str, NDArray[Any]]) -> None:
        """Put in the cells of one block, ``name -> (C, *dims)``, then mark it done."""
        lengths = [part.stop - part.start for part in block]
        for name, values in data.items():
            target, trailing = self.arrays[name], values.shape[1:]
            with self.growing:
                rest = target.shape[len(block) :]
                if any(size > room for size, room in zip(trailing, rest, strict=True)):
                    target.resize((*self.grid.shape, *map(max, trailing, rest)))
            if values.size:
                where = (*block, *(slice(size) for size in trailing))
                target[where] = values.reshape(*lengths, *trailing).astype(target.dtype)
        self.done[tuple(part.start // length for part, length in zip(block, self.tile, strict=True))] = 1

    def finish(self) -> xarray.Dataset:
        """Close the store, put it in the place of an older one, and open it."""
        if not self.finished:
            if "value" in self.arrays:
                self.label("equilibrium", np.arange(self.arrays["value"].shape[len(self.tile)]), {})
            with warnings.catch_warnings():  # zarr announces that its format may still grow
                warnings.simplefilter("ignore")
                zarr.consolidate_metadata(self.group.store)
            if self.path is not None and self.unfinished is not None:
                replace(self.path, self.unfinished)
        if self.path is None:
            return open_dataset(self.group.store).load()
        return open_dataset(self.path)


def open_dataset(store: Any) -> xarray.Dataset:
    """A finished store as a dataset; values are read when they are asked for."""
    return xarray.open_zarr(store, chunks=None)


def is_store(path: Path) -> bool:
    """Whether a store was begun here."""
    return (path / "zarr.json").exists()


def check_same(path: Path, attrs: Mapping[str, str]) -> None:
    """Raise ValueError, saying what differs, unless the store on disk has these attributes."""
    there = json.loads((path / "zarr.json").read_text())["attributes"]
    differing = [
        f"its {name} is {there.get(name)!r}, now {attrs.get(name)!r}"
        for name in sorted({*there, *attrs})
        if there.get(name) != attrs.get(name)
    ]
    if differing:
        raise ValueError(
            f"{path} cannot be resumed, it is of another sweep: {'; '.join(differing)}. "
            "Sweep without --resume to replace it, or choose another --out"
        )


def replace(path: Path, new: Path) -> None:
    """Put a store in the place of an older one; at no time is there half a store under its name."""
    old = path.with_name(path.name + ".old")
    remove(old)
    if path.exists():
        path.rename(old)
    new.rename(path)
    remove(old)


def remove(path: Path) -> None:
    """Delete a store if it is there."""
    if path.exists():
        shutil.rmtree(path)
