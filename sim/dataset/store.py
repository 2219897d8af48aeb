"""The dataset of a sweep on disk: blocks in any order, the same bytes in the end."""

from __future__ import annotations

import contextlib
import json
import os
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np
import xarray
import zarr
from numpy.typing import NDArray
from zarr.core.buffer import default_buffer_prototype
from zarr.storage import LocalStore, MemoryStore

from sim.answers import EACH, RESERVED, Answer
from sim.dataset.labels import Labels
from sim.dataset.marks import (
    MARKS,
    SCHEMA_OF_MARKS,
    Mark,
    OlderSchemaError,
    Unchecked,
    checksum,
    false_parts,
    files,
    read_marks,
    seal,
    told,
    write_whole,
)
from sim.dataset.pieces import COMPRESSOR, Encoder, Pieces, chunks_of, fill_of, identity
from sim.dataset.places import UNFINISHED, put, remove, vacant
from sim.dataset.schema import SCHEMA, variables
from sim.designs import Block, Design

__all__ = ["Store", "open_dataset"]

# labels that do not match are an error, never silently dropped cells
xarray.set_options(arithmetic_join="exact")  # type: ignore[no-untyped-call]

ALWAYS = tuple(variable for variable in SCHEMA if variable.name in {"status", "count", "holds", "mixed"})
LONG = 4096  # labels that are worth compressing


class Store:
    """The dataset of a sweep under construction: blocks of cells go in, in any order and from any thread.

    ``path`` is where the finished store will be (None: in memory); ``sample`` are the arrays of one cell,
    from which variables take their shape, and ``answers`` say what those are that not all datasets have
    (:func:`sim.dataset.declared`); ``attrs`` also say what a store is: one with other attributes is another
    sweep.  ``resume`` takes over every block that is there, whole and true, of an unfinished store or of a
    finished one that was damaged since.
    Raises ValueError for a swept parameter with the name of a variable, where something that no sweep wrote
    is in the way, where another sweep is writing this store, and on ``resume`` where the store is of
    another sweep.
    """

    def __init__(
        self,
        path: Path | None,
        design: Design,
        tile: tuple[int, ...],
        sample: Mapping[str, NDArray[Any]],
        labels: Labels,
        attrs: Mapping[str, Any],
        *,
        answers: Mapping[str, Answer] | None = None,
        resume: bool = False,
    ) -> None:
        self.path, self.design, self.tile = path, design, tile
        self.schema = variables(sample, answers)
        for name in design.names:
            if name in RESERVED or (name in self.schema and name not in design.coordinates):
                raise ValueError(
                    f"{name!r} has a meaning of its own in datasets: "
                    "give the parameter another name to sweep it"
                )
        self.labels = labels
        self.lock = contextlib.ExitStack()
        self.finished = False
        self.marks: dict[str, Mark] = {}
        self.sweep = identity(attrs, design, tile)
        self.encoder = Encoder.of(self.sweep, tile, self.schema, sample)
        if path is None:
            self.memory: dict[str, Any] = {}
            self.group = zarr.create_group(MemoryStore(self.memory), attributes=dict(attrs))
            return
        vacant(path)
        unfinished = self.unfinished = path.with_name(path.name + UNFINISHED)
        if resume and not begun(unfinished) and begun(path):
            self.finished = self.take_over(path, attrs)
        if self.finished:
            return
        unfinished.mkdir(parents=True, exist_ok=True)
        self.lock.enter_context(alone(unfinished))
        if resume:
            check_same(unfinished, attrs, self.sweep)
            self.marks = self.keep()
        else:
            remove(unfinished, itself=False)
        (unfinished / MARKS).mkdir(exist_ok=True)
        self.group = zarr.create_group(LocalStore(unfinished), attributes=dict(attrs))
        self.group.create_group(MARKS, attributes={"schema": SCHEMA_OF_MARKS})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.lock.close()

    def take_over(self, path: Path, attrs: Mapping[str, Any]) -> bool:
        """Whether the finished store of this sweep is whole and true; one that is not is unfinished again."""
        check_same(path, attrs, self.sweep)
        if not false_parts(path):
            return True
        path.rename(self.unfinished)
        return False

    def keep(self) -> dict[str, Mark]:
        """The marks of all blocks of this sweep that are whole and true; what else there is, is deleted.

        What describes the variables is written anew in any case.
        """
        folder = self.unfinished
        marks = {
            name: mark
            for name, mark in read_marks(folder).items()
            if mark.sweep == self.sweep
            and all(checksum(folder / piece) == known for piece, known in mark.pieces.items())
        }
        kept = {piece for mark in marks.values() for piece in mark.pieces}
        kept |= {f"{MARKS}/{name}" for name in marks}
        for name in list(files(folder)):
            if name not in kept:
                (folder / name).unlink()
        return marks

    def describe(self) -> None:
        """Make the variables around the pieces that are there, as long as these are, and coordinates."""
        axes, used = tuple(self.design.dims), {*self.design.dims}
        for name, variable in self.schema.items():
            usual = self.encoder.shapes[name]
            shape = tuple(
                map(max, zip(usual, *(mark.shapes[name] for mark in self.marks.values()), strict=True))
            )
            units = {"units": variable.unit} if variable.unit else {}
            self.group.create_array(
                name, shape=(*self.design.shape, *shape), chunks=(*self.tile, *chunks_of(variable, usual)),
                dtype=variable.dtype, dimension_names=(*axes, *variable.dims), fill_value=fill_of(variable),
                attributes={"long_name": variable.meaning, **units, **variable.attrs}, compressors=COMPRESSOR,
            )  # fmt: skip
            used.update(variable.dims)
            if name == "value":
                self.label(EACH, np.arange(shape[0]), {})
        for name, (values, attrs) in self.labels.items():
            if name in used:
                self.label(name, values, attrs)

    def label(self, name: str, values: Any, attrs: dict[str, Any]) -> None:
        """Write the coordinate of a dim."""
        if isinstance(values, list):
            values = np.array(values, dtype=np.dtypes.StringDType())
        self.group.create_array(
            name, data=values, chunks=values.shape, dimension_names=(name,), attributes=attrs,
            compressors=COMPRESSOR if values.dtype.kind == "f" or values.size > LONG else None, overwrite=True,
        )  # fmt: skip

    def pending(self) -> list[Block]:
        """The blocks that are not done."""
        if self.finished:
            return []
        return [block for block in self.design.blocks(self.tile) if self.mark_of(block) not in self.marks]

    def mark_of(self, block: Block) -> str:
        """The name of the mark of a block."""
        return ".".join(map(str, self.encoder.number(block))) + ".json"

    def write(self, block: Block, data: Mapping[str, NDArray[Any]]) -> None:
        """Put in the cells of one block, ``name -> (C, *dims)``, then mark it done."""
        self.take(block, self.encoder(block, data))

    def take(self, block: Block, pieces: Pieces) -> None:
        """Put in one block as somebody encoded it for a store of this sweep, then mark it done."""
        for name, content in pieces.content.items():
            if self.path is None:
                self.memory[name] = default_buffer_prototype().buffer.from_bytes(content)
            else:
                (self.unfinished / name).parent.mkdir(parents=True, exist_ok=True)
                write_whole(self.unfinished / name, content)
        name = self.mark_of(block)
        if self.path is not None:
            pieces.mark.write(self.unfinished / MARKS / name)
        self.marks[name] = pieces.mark

    def finish(self) -> xarray.Dataset:
        """Close the store, put it in the place of an older one, and open it."""
        if not self.finished:
            self.describe()
            with warnings.catch_warnings():  # zarr announces that its format may still grow
                warnings.simplefilter("ignore")
                zarr.consolidate_metadata(self.group.store)
            if self.path is not None:
                seal(self.unfinished, self.marks.values())
                put(self.path, self.unfinished)
        if self.path is None:
            return as_dataset(self.group.store).load()
        return as_dataset(self.path)


def as_dataset(store: Any) -> xarray.Dataset:
    """A store as a dataset; values are read when they are asked for."""
    dataset: xarray.Dataset = xarray.open_zarr(store, chunks=None)
    return dataset


def open_dataset(path: Path) -> xarray.Dataset:
    """A finished store, checked piece by piece; values are read when they are asked for.

    One that carries no marks (xarray saved it, say) is read at once, with the warning :class:`Unchecked`.
    Raises ValueError for a store that is not what the sweep wrote, or of another schema, or none at all.
    """
    if (path / MARKS).exists() or in_metadata(path, MARKS):
        wrong = false_parts(path)
        if wrong:
            raise ValueError(told(path, wrong))
        return as_dataset(path)
    try:
        with warnings.catch_warnings():  # of what it may lack, we know better
            warnings.simplefilter("ignore")
            dataset = as_dataset(path).load()
    except Exception as error:
        raise ValueError(f"{path} cannot be read as a dataset: {error}") from error
    lacking = unlike_a_sweep(dataset)
    if lacking:
        raise ValueError(f"{path} is not the dataset of a sweep: {lacking}")
    warnings.warn(
        f"{path} carries no marks of a sweep: whether its values are whole and true could not be checked",
        Unchecked,
        stacklevel=2,
    )
    return dataset


def unlike_a_sweep(dataset: xarray.Dataset) -> str:
    """In what a dataset differs from those that sweeps make, in words; nothing if in nothing."""
    absent = [variable.name for variable in ALWAYS if variable.name not in dataset]
    if absent:
        return f"it has no {', '.join(absent)}"
    axes = dataset["status"].dims
    for variable in SCHEMA:
        if variable.name in dataset:
            found, dims = dataset[variable.name], (*axes, *variable.dims)
            if found.dims != dims or found.dtype.kind not in "biuf":
                there = f"{found.dtype.name} along {', '.join(map(str, found.dims)) or 'nothing'}"
                return (
                    f"{variable.name} is {there}; expected {variable.dtype} along {', '.join(map(str, dims))}"
                )
    unlabelled = [str(dim) for dim in (*axes, "outcome") if dim not in dataset.coords]
    return f"it has no coordinate {', '.join(unlabelled)}" if unlabelled else ""


def in_metadata(path: Path, name: str) -> bool:
    """Whether what describes a store mentions a part of this name."""
    try:
        return f'"{name}"'.encode() in (path / "zarr.json").read_bytes()
    except OSError:
        return False


def begun(path: Path) -> bool:
    """Whether a store was begun here."""
    return (path / "zarr.json").exists() or (path / MARKS).exists()


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else writes into a folder; the lock ends with the process and leaves no file behind.

    Raises ValueError where another sweep is writing there.
    """
    try:
        import fcntl
    except ImportError:  # no such locks on Windows
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"another sweep is writing {folder}: wait for it, or choose another --out"
            raise ValueError(message) from None
        yield
    finally:
        os.close(handle)


def check_same(path: Path, attrs: Mapping[str, Any], sweep: str) -> None:
    """Raise ValueError, saying what differs, unless the store on disk is of this sweep, as far as it can tell.

    Marks come first, for what describes the dataset may be damaged.
    """
    if (path / MARKS / "done").exists():
        raise OlderSchemaError(f"{path} is of an older schema: sweep without --resume to replace it")
    of = {mark.sweep for mark in read_marks(path).values()}
    if sweep in of:
        return
    try:
        there = json.loads((path / "zarr.json").read_bytes())["attributes"]
        differing = [
            f"its {name} is {there.get(name)!r}, now {attrs.get(name)!r}"
            for name in sorted({*there, *attrs})
            if there.get(name) != attrs.get(name)
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # there is none, or none to be read
        differing = ["what describes it is damaged, and its marks are of another one"] if of else []
    if differing:
        raise ValueError(
            f"{path} cannot be resumed, it is of another sweep: {'; '.join(differing)}. "
            "Sweep without --resume to replace it, or choose another --out"
        )
