"""Compiled code on disk: read back only where it is whole and of the very same source, else compiled anew.

numba keeps an index beside the code and trusts both: a file cut short ends in an EOFError, a flipped byte of
machine code is run, and two processes that compile two signatures at once may each take the other's file.
Here every signature is a file of its own that carries its checksum and says what it is; and what one process
compiles, another that needs it waits for (:mod:`sim.kernels.turns`).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import llvmlite  # type: ignore[import-untyped]
import numba
from numba.core.caching import Cache
from numba.core.serialize import dumps

from sim.kernels.folder import MISSING, name_of
from sim.kernels.linking import door, entrance, kept_door, kept_of, restored, restored_door
from sim.kernels.turns import done, mine

__all__ = ["Kept"]

CHECKSUM = hashlib.sha256().digest_size


class Kept(Cache):
    """The compiled signatures of one function, as numba asks for them."""

    def __init__(self, function: Callable[..., Any], folder: Path) -> None:
        self._py_func = function
        self._name = f"{function.__module__}.{function.__qualname__}"
        self.begins = name_of(function)
        self._cache_path = str(folder)
        self.folder = folder
        self._enabled = True

    def flush(self) -> None:
        """Forget nothing: what is kept is of this very source."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled signature; None where there is none, or none that can be trusted, and it is ours to compile."""
        target_context.refresh()
        identity = self.identity(sig, target_context.codegen())
        found = self.read(identity, target_context)
        if found is None and not mine(self.file(identity)):
            found = self.read(identity, target_context)
            if found is not None:
                done(self.file(identity))
        if found is None:
            MISSING.append(self._name)
        return found

    def read(self, identity: str, target_context: Any) -> Any:
        """What is kept of a signature, if it is whole."""
        kept = self.content(identity)
        return kept and restored(target_context, kept)

    def content(self, identity: str) -> Any:
        """What is kept under that name, if it is whole."""
        with contextlib.suppress(OSError):
            content = self.file(identity).read_bytes()
            kept = content[CHECKSUM:]
            if hashlib.sha256(kept).digest() == content[:CHECKSUM]:
                of, what = pickle.loads(kept)  # noqa: S301 - written by this class, as the checksum says
                if of == identity:
                    return what
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a compiled signature; where the disk takes no more, it is compiled again next time."""
        identity = self.identity(sig, data.codegen)
        try:
            if (
                not any(not lifted.can_cache for lifted in data.lifted)
                and not data.library.has_dynamic_globals
            ):
                self.keep(identity, kept_of(data))
        finally:
            done(self.file(identity))

    def keep(self, identity: str, what: Any) -> None:
        """Keep something under that name, if the disk takes it."""
        kept = dumps((identity, what))  # type: ignore[no-untyped-call]
        with contextlib.suppress(OSError), whole(self.file(identity)) as partial:
            partial.write_bytes(hashlib.sha256(kept).digest() + kept)

    def door(self, result: Any, *, counts: bool) -> Any:
        """A compiled signature as Python calls it, which is asked for once."""
        identity = f"entrance, {self.identity(result.signature.args, result.codegen)}"
        kept = self.content(identity)
        made = restored_door(result, kept) if kept else door(result, counts=counts)
        if not kept:
            self.keep(identity, kept_door(result, made))
        return entrance(result, made)

    def identity(self, sig: Any, codegen: Any) -> str:
        """What a compiled signature is of: function, types, processor and compiler."""
        key = self._index_key(sig, codegen)  # type: ignore[no-untyped-call]
        return repr((self.begins, key, numba.__version__, llvmlite.__version__))

    def file(self, identity: str) -> Path:
        """Where a compiled signature is kept."""
        of = hashlib.sha256(identity.encode()).hexdigest()[:24]
        return self.folder / f"{self.begins}{of}.nbc"


@contextlib.contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A file to write that takes the place of ``path`` once it is whole."""
    handle, name = tempfile.mkstemp(prefix="partial-", dir=path.parent)
    os.close(handle)
    try:
        yield Path(name)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
