"""The dataset of a sweep on disk: blocks in any order, the same bytes in the end."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import threading
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np
import xarray
import zarr
from numcodecs import blosc  # type: ignore[import-untyped]
from numpy.typing import NDArray
from zarr.codecs import BloscCodec
from zarr.storage import LocalStore, MemoryStore

from sim.answers import EACH, RESERVED, Answer
from sim.dataset.labels import Labels
from sim.dataset.schema import variables
from sim.designs import Block, Grid

__all__ = ["Store", "open_dataset"]

# labels that do not match are an error, never silently dropped cells
xarray.set_options(arithmetic_join="exact")  # type: ignore[no-untyped-call]
# with several threads blosc lays out its blocks in the order they finish: not the same bytes every time
blosc.use_threads = False

COMPRESSOR = BloscCodec(cname="zstd", clevel=1, shuffle="bitshuffle")


class Store:
    """The dataset of a sweep under construction: blocks of cells go in, in any order and from any thread.

    ``path`` is where the finished store will be (None: in memory); ``sample`` are the arrays of one cell,
    from which variables take their shape, and ``answers`` say what those are that not all datasets have
    (:func:`sim.dataset.declared`); ``attrs`` also say what a store is: one with other attributes is another sweep.
    Raises ValueError for a swept parameter with the name of a variable, where another sweep is writing
    this store, and on ``resume`` where the store is of another sweep.
    """

    def __init__(
        self,
        path: Path | None,
        grid: Grid,
        tile: tuple[int, ...],
        sample: Mapping[str, NDArray[Any]],
        labels: Labels,
        attrs: Mapping[str, str],
        *,
        answers: Mapping[str, Answer] | None = None,
        resume: bool = False,
    ) -> None:
        self.path, self.grid, self.tile = path, grid, tile
        self.schema = variables(sample, answers)
        for name in grid.axes:
            if name in RESERVED or name in self.schema:
                raise ValueError(
                    f"{name!r} has a meaning of its own in datasets: "
                    "give the parameter another name to sweep it"
                )
        self.growing = threading.Lock()
        self.lock = contextlib.ExitStack()
        self.finished = False
        if path is None:
            self.group = zarr.create_group(MemoryStore(), attributes=dict(attrs))
        else:
            unfinished = self.unfinished = path.with_name(path.name + ".unfinished")
            begun = resume and is_store(unfinished)
            if resume and (begun or is_store(path)):
                check_same(unfinished if begun else path, attrs)
                self.finished = not begun
            if self.finished:
                return
            unfinished.mkdir(parents=True, exist_ok=True)
            self.lock.enter_context(alone(unfinished))
            if begun:
                for leftover in unfinished.rglob("*.partial"):
                    leftover.unlink()
                self.group = zarr.open_group(LocalStore(unfinished), mode="r+", use_consolidated=False)
            else:
                for old in unfinished.iterdir():
                    remove(old)
                self.group = zarr.create_group(LocalStore(unfinished), attributes=dict(attrs))
        self.create(sample, labels)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.lock.close()

    def create(self, sample: Mapping[str, NDArray[Any]], labels: Labels) -> None:
        """Make what is not there yet: empty variables, coordinates, and the marks of finished blocks."""
        axes, used = tuple(self.grid.axes), {*self.grid.axes}
        self.arrays: dict[str, Any] = {}
        for name, variable in self.schema.items():
            shape = tuple(max(size, 1) for size in sample[name].shape[1:])
            # the number of equilibria is not known before the end: one chunk for each, so that those which
            # most cells lack cost nothing, and the axis can grow
            chunks = tuple(1 if dim == EACH else size for dim, size in zip(variable.dims, shape, strict=True))
            units = {"units": variable.unit} if variable.unit else {}
            self.arrays[name] = self.array(
                name, (*self.grid.shape, *shape), (*self.tile, *chunks), variable.dtype,
                (*axes, *variable.dims), {"long_name": variable.meaning, **units, **variable.attrs}, variable.fill,
            )  # fmt: skip
            used.update(variable.dims)
        for name, (values, attrs) in labels.items():
            if name in used:
                self.label(name, values, attrs)
        marks = tuple(-(-size // length) for size, length in zip(self.grid.shape, self.tile, strict=True))
        # in a group of its own: those who open the dataset do not see it
        dims = tuple(f"block_{name}" for name in axes)
        self.done = self.array("progress/done", marks, (1,) * len(marks), "uint8", dims, {}, 0)

    def array(
        self, name: str, shape: tuple[int, ...], chunks: tuple[int, ...], dtype: str,
        dims: tuple[str, ...], attrs: dict[str, Any], fill: float,
    ) -> Any:  # fmt: skip
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
        marks = np.ravel(self.done[...])
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
                self.label(EACH, np.arange(self.arrays["value"].shape[len(self.tile)]), {})
            with warnings.catch_warnings():  # zarr announces that its format may still grow
                warnings.simplefilter("ignore")
                zarr.consolidate_metadata(self.group.store)
            if self.path is not None:
                replace(self.path, self.unfinished)
        if self.path is None:
            return open_dataset(self.group.store).load()
        return open_dataset(self.path)


def open_dataset(store: Any) -> xarray.Dataset:
    """A finished store as a dataset; values are read when they are asked for."""
    dataset: xarray.Dataset = xarray.open_zarr(store, chunks=None)
    return dataset


def is_store(path: Path) -> bool:
    """Whether a store was begun here."""
    return (path / "zarr.json").exists()


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
    """Delete a store, or a file of one, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
