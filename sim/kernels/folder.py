"""Where compiled code is kept: a folder keyed by the text of all kernels, found without the compiler."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["MISSING", "cache_folder", "chosen_folder", "kept", "name_of"]

HERE = Path(__file__).parent
MISSING: list[str] = []
"""What this process did not find there, and so compiles."""


@cache
def chosen_folder() -> Path:
    """The folder of this process, found once."""
    return cache_folder()


def name_of(function: Callable[..., Any]) -> str:
    """How the files of a function's compiled signatures begin."""
    return f"{function.__module__}.{function.__qualname__}"[-80:] + "-"


def kept(functions: Iterable[Callable[..., Any]]) -> bool:
    """Whether something compiled is kept of each of these functions."""
    try:
        files = [path.name for path in chosen_folder().iterdir() if path.suffix == ".nbc"]
    except OSError:
        return False
    return all(any(file.startswith(name_of(function)) for file in files) for function in functions)


def cache_folder() -> Path:
    """Where compiled code is kept: where the user wants it, beside the package if it can be written, or with him.

    Its name is that of the text of this whole package.
    """
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(HERE.rglob("*.py")):
        digest.update(path.read_bytes())
    name = f"numba-{digest.hexdigest()[:16]}"
    wanted = os.environ.get("NUMBA_CACHE_DIR")
    places = [
        *([Path(wanted)] if wanted else []),
        HERE / "__pycache__",
        Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "standoff",
    ]
    for place in places:
        folder = place / name
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.access(folder, os.W_OK) and ours(folder):
                return folder
    return Path(tempfile.mkdtemp(prefix="standoff-"))


def ours(folder: Path) -> bool:
    """Whether nobody else can put code there for us to run."""
    if not hasattr(os, "getuid"):
        return True
    found = folder.stat()
    return found.st_uid == os.getuid() and not found.st_mode & stat.S_IWOTH
