"""Compiled primitives by subject: plain arrays in, written in place, a whole number out.

Everything numba compiles lives in this package, one file per primitive, and nothing here knows
of games or scenarios.  Subjects rest on ``base`` and ``polygon`` and do not know each other.

* ``@kernel`` compiles a function for the types it is first called with, without fast-math and without
  numba's own threads, and releases the interpreter lock, so that threads may work on different cells.
* The cache of compiled code (:mod:`sim.kernels.cache`) is keyed by the text of this whole package, subjects
  included.  numba itself looks only at the file of the compiled function, and would go on calling the old
  version of an edited callee in another file.
* A kernel gives what its Python gives, within rounding; ``tests/kernels/test_uncompiled.py`` holds it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numba
from numba.core.compiler_lock import global_compiler_lock

from sim.kernels.cache import Kept, cache_folder

__all__ = ["Array", "kernel"]

Array = Any  # of numba: plain arrays, shapes in the docstrings

FOLDER = cache_folder()

if hasattr(os, "register_at_fork"):
    # a child has only the thread that forked: it would wait for ever for a lock that another one held
    os.register_at_fork(
        before=global_compiler_lock.acquire,
        after_in_parent=global_compiler_lock.release,
        after_in_child=global_compiler_lock.release,
    )


def kernel(*, inline: bool = False) -> Callable[[Callable[..., Any]], Any]:
    """Compile a function when it is first called, cached on disk and free of the interpreter lock.

    ``inline`` copies the function into its compiled callers, for primitives of a few lines.
    """
    options: dict[str, Any] = {
        "nogil": True,
        "error_model": "numpy",
        "inline": "always" if inline else "never",
    }

    def compile_(function: Callable[..., Any]) -> Any:
        compiled = numba.njit(**options)(function)
        if compiled is not function:  # numba may be told to leave Python as it is
            compiled._cache = Kept(function, FOLDER)  # noqa: SLF001 - numba has no door for a cache of one's own
        return compiled

    return compile_
