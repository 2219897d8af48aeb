"""A file beside a scenario that is part of what it says: the tree of Gambit's that ``efg`` names."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

from sim.interchange.files import FileError, SourceFile, read_file

__all__ = ["digest_of", "file_beside"]

NAMED = re.compile(r"""^[ \t]*["']?efg["']?[ \t]*=[ \t]*["']([^"'\n]+)["']""", re.MULTILINE)


def file_beside(value: Any, path: Path) -> Path | None:
    """The file that ``efg`` names: in the folder of the scenario or below; None for what names none."""
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        return None
    named = PurePosixPath(value)
    if named.is_absolute() or ".." in named.parts or "\\" in value:
        return None
    return path.parent / named


def digest_of(file: SourceFile) -> str:
    """What tells the content of a scenario file from any other, that of a tree which it names included."""
    named = NAMED.search(file.text)
    tree = file_beside(named[1], file.path) if named else None
    if tree is None:
        return file.digest
    with suppress(FileError):  # which is told where the tree is read
        return hashlib.sha256(f"{file.digest} {read_file(tree).digest}".encode()).hexdigest()
    return file.digest
