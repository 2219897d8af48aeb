"""Compiled primitives by subject: plain arrays in, written in place, a whole number out.

Everything numba compiles lives in this package, one file per primitive, and nothing here knows
of games or scenarios.  Subjects rest on ``base`` and ``polygon`` and do not know each other.

* ``@kernel`` compiles a function for the types it is first called with, without fast-math and without
  numba's own threads, and releases the interpreter lock, so that threads may work on different cells.
* The cache of compiled code is keyed by the text of this whole package, subjects included.  numba itself
  looks only at the file of the compiled function, and would go on calling the old version of an edited
  callee in another file.
* A kernel gives what its Python gives, within rounding; ``tests/kernels/test_uncompiled.py`` holds it.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

__all__ = ["Array", "kernel"]

Array = Any  # of numba: plain arrays, shapes in the docstrings

HERE = Path(__file__).parent


def cache_folder() -> Path:
    """Where compiled code is kept: beside the package if it can be written, else with the user."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(HERE.rglob("*.py")):
        digest.update(path.read_bytes())
    name = f"numba-{digest.hexdigest()[:16]}"
    user = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "standoff"
    for folder in (HERE / "__pycache__", user, Path(tempfile.gettempdir()) / "standoff"):
        try:
            (folder / name).mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder / name, os.W_OK):
            return folder / name
    return Path(tempfile.mkdtemp(prefix="standoff-"))


os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder()))

import numba  # noqa: E402 - reads the folder set above when it is imported


def kernel(*, inline: bool = False) -> Callable[[Callable[..., Any]], Any]:
    """Compile a function when it is first called, cached on disk and free of the interpreter lock.

    ``inline`` copies the function into its compiled callers, for primitives of a few lines.
    """
    options: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy"}
    return numba.njit(**options, inline="always" if inline else "never")
