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
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

from sim.kernels.folder import MISSING, name_of
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
        with contextlib.suppress(OSError):
            content = self.file(identity).read_bytes()
            kept = content[CHECKSUM:]
            if hashlib.sha256(kept).digest() == content[:CHECKSUM]:
                of, reduced = pickle.loads(kept)  # noqa: S301 - written by this class, as the checksum says
                if of == identity:
                    return CompileResult._rebuild(target_context, *reduced)  # type: ignore[no-untyped-call] # noqa: SLF001 - numba's own way
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a compiled signature; where the disk takes no more, it is compiled again next time."""
        identity = self.identity(sig, data.codegen)
        path = self.file(identity)
        try:
            if (
                not any(not lifted.can_cache for lifted in data.lifted)
                and not data.library.has_dynamic_globals
            ):
                kept = dumps((identity, data._reduce()))  # type: ignore[no-untyped-call] # noqa: SLF001 - as numba does
                with contextlib.suppress(OSError), whole(path) as partial:
                    partial.write_bytes(hashlib.sha256(kept).digest() + kept)
        finally:
            done(path)

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
