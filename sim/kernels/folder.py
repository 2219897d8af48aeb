"""Where compiled code is kept, and under which names: keyed by the text that it is made of, without the compiler."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["MISSING", "cache_folder", "chosen_folder", "digest_of_reached", "kept", "name_of"]

HERE = Path(__file__).parent
IMPORTED = re.compile(rb"^\s*(?:from|import) sim\.kernels((?:\.\w+)*)", re.MULTILINE)
MISSING: list[str] = []
"""What this process did not find there, and so compiles."""


@cache
def chosen_folder() -> Path:
    """The folder of this process, found once."""
    return cache_folder()


def name_of(function: Callable[..., Any]) -> str:
    """How the files of a function's compiled signatures begin: its name, and the digest of all that it can reach.

    numba itself looks only at the file of the function, and would go on calling the old version of an edited
    callee in another file.
    """
    return f"{function.__module__}.{function.__qualname__}"[-80:] + f"-{digest_of_reached(function)}-"


def digest_of_reached(function: Callable[..., Any]) -> str:
    """Of the text of all that a function can reach."""
    digest = hashlib.sha256()
    for path in reached(Path(function.__code__.co_filename)):
        digest.update(source(path))
    return digest.hexdigest()[:12]


def reached(path: Path) -> list[Path]:
    """A file and the kernels it imports, directly and through others; of a package all that is in it."""
    found: set[Path] = set()
    ahead = [path]
    while ahead:
        path = ahead.pop()
        if path not in found:
            found.add(path)
            for module in IMPORTED.findall(source(path)):
                place = HERE.joinpath(*module.decode().split(".")[1:])
                ahead += place.glob("*.py") if place.is_dir() else [place.with_suffix(".py")]
    return sorted(found)


@cache
def source(path: Path) -> bytes:
    """The text of a file, read once in a process: it is what was imported."""
    return path.read_bytes()


def kept(functions: Iterable[Callable[..., Any]]) -> bool:
    """Whether something compiled is kept of each of these functions."""
    try:
        files = [path.name for path in chosen_folder().iterdir() if path.suffix == ".nbc"]
    except OSError:
        return False
    return all(any(file.startswith(name) for file in files) for name in map(name_of, functions))


def cache_folder() -> Path:
    """Where compiled code is kept: where the user wants it, beside the package if it can be written, or with him.

    Its name is that of the Python and of how kernels are compiled; each file in it has a name of its own (:func:`name_of`).
    """
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(HERE.glob("*.py")):
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
