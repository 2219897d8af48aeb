"""The cells of a block as pieces of a store: encoded by whoever solved them, written by whoever keeps the store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import zarr
from numcodecs import blosc  # type: ignore[import-untyped]
from numpy.typing import NDArray
from zarr.codecs import BloscCodec
from zarr.storage import MemoryStore, StorePath

from sim.answers import EACH, Answer
from sim.dataset.marks import Mark
from sim.designs import Block, Design

__all__ = ["COMPRESSOR", "Encoder", "Pieces", "chunks_of", "fill_of", "identity"]

# with several threads blosc lays out its blocks in the order they finish: not the same bytes every time
blosc.use_threads = False

COMPRESSOR = BloscCodec(cname="zstd", clevel=1, shuffle="bitshuffle")
GROWING = {
    EACH: 1,  # a piece for each, so that those which most cells lack cost nothing
    "regime": 32,
}


class Pieces(NamedTuple):
    """What a store is to hold of a block: files by their paths in it, and the mark that lists them."""

    mark: Mark
    content: Mapping[str, bytes]

    def true(self) -> bool:
        """Whether these are the files that the mark lists."""
        return self.mark.pieces == {name: digest(content) for name, content in self.content.items()}


@dataclass(frozen=True)
class Encoder:
    """``encoder(block, data)`` is what a store holds of the cells of a block, ``name -> (C, *dims)``.

    ``sweep`` tells the store from those of other sweeps (:func:`identity`); ``tile`` are the lengths of its blocks and
    ``shapes`` those of one cell.  Nothing is shared between calls, so that blocks may be encoded anywhere.
    """

    sweep: str
    tile: tuple[int, ...]
    schema: Mapping[str, Answer]
    shapes: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(
        cls,
        sweep: str,
        tile: tuple[int, ...],
        schema: Mapping[str, Answer],
        sample: Mapping[str, NDArray[Any]],
    ) -> Encoder:
        """The encoder of a store whose variables take their shape from the arrays of one cell."""
        shapes = {name: tuple(max(size, 1) for size in sample[name].shape[1:]) for name in schema}
        return cls(sweep, tile, schema, shapes)

    def __call__(self, block: Block, data: Mapping[str, NDArray[Any]]) -> Pieces:
        """The files of all variables of a block, and its mark."""
        content: dict[str, bytes] = {}
        for name, values in data.items():
            content.update(self.encoded(name, block, values))
        shapes = {name: list(values.shape[1:]) for name, values in data.items()}
        pieces = {name: digest(piece) for name, piece in content.items()}
        return Pieces(Mark(self.sweep, shapes, pieces), content)

    def number(self, block: Block) -> tuple[int, ...]:
        """Where a block stands among all blocks, along each axis."""
        return tuple(part.start // length for part, length in zip(block, self.tile, strict=True))

    def encoded(self, name: str, block: Block, values: NDArray[Any]) -> dict[str, bytes]:
        """The files of a variable, by their paths; what holds nothing but the fill value is none."""
        variable, trailing = self.schema[name], values.shape[1:]
        if not values.size:
            return {}
        written: dict[str, Any] = {}
        chunks = chunks_of(variable, self.shapes[name])
        shape = (*self.tile, *map(max, trailing, chunks))
        metadata = described(variable, shape, (*self.tile, *chunks))
        array = zarr.Array(zarr.AsyncArray(metadata=metadata, store_path=StorePath(MemoryStore(written))))
        lengths = [part.stop - part.start for part in block]
        where = tuple(slice(size) for size in (*lengths, *trailing))
        array[where] = values.reshape(*lengths, *trailing).astype(variable.dtype)
        axes, place = len(block), map(str, self.number(block))
        begin = "/".join([name, "c", *place])
        return {
            "/".join([begin, *key.split("/")[1 + axes :]]): chunk.to_bytes()
            for key, chunk in sorted(written.items())
            if key.startswith("c/")
        }


@lru_cache(maxsize=256)
def described(variable: Answer, shape: tuple[int, ...], chunks: tuple[int, ...]) -> Any:
    """The metadata of an array that is encoded by itself: blocks have the same, and making it takes as long as encoding."""
    return zarr.create_array(
        MemoryStore(), shape=shape, chunks=chunks, dtype=variable.dtype, fill_value=fill_of(variable),
        compressors=COMPRESSOR,
    ).metadata  # fmt: skip


def chunks_of(variable: Answer, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Lengths of the pieces of a variable beyond the swept axes, of which some grow while blocks are written."""
    return tuple(GROWING.get(dim, size) for dim, size in zip(variable.dims, shape, strict=True))


def fill_of(variable: Answer) -> Any:
    """What a variable holds where nothing was written."""
    return np.dtype(variable.dtype).type(variable.fill)


def digest(content: bytes) -> str:
    """SHA-256."""
    return hashlib.sha256(content).hexdigest()


def identity(attrs: Mapping[str, Any], design: Design, tile: tuple[int, ...]) -> str:
    """What tells the pieces of one sweep from those of another."""
    return digest(json.dumps([dict(attrs), design.told, tile], sort_keys=True).encode())
