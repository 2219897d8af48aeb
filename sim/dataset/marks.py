"""Marks: what a store on disk must hold, so that a piece that is lost or was changed is seen before it is read.

Values lie in pieces (zarr calls them chunks), of which each belongs to one block of cells; pieces that hold
nothing but the fill value are not written.  Three kinds of file in ``progress/`` say what is there:

* ``zarr.json`` names the schema of these marks, also in the metadata of the whole store, so that a store that
  lost them is told from one that never had any;
* ``<block>.json``, the mark of a finished block, lists its pieces, each with its checksum;
* ``seal.json``, written last, does so for all other files, marks included.

Marks and seal begin with the checksum of their own text.  All checksums are SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = [
    "MARKS", "SCHEMA_OF_MARKS", "SEAL", "Mark", "OlderSchemaError", "Unchecked",
    "checksum", "false_parts", "files", "read_marks", "seal", "sealed", "told", "write_whole",
]  # fmt: skip

MARKS = "progress"
SEAL = f"{MARKS}/seal.json"
SCHEMA_OF_MARKS = 2
MOST_TOLD = 4  # false pieces that a message names


class Unchecked(UserWarning):
    """What was read could not be checked, for it carries no checksums."""


class OlderSchemaError(ValueError):
    """The store was written by a version whose marks say nothing of pieces."""


@dataclass(frozen=True)
class Mark:
    """What is known of a finished block: of which ``sweep``, how long its axes are, and its pieces.

    ``shapes`` are those beyond the swept parameters, by variable; ``pieces`` are checksums by path.
    """

    sweep: str
    shapes: Mapping[str, list[int]]
    pieces: Mapping[str, str]

    def write(self, path: Path) -> None:
        """Put the mark in its place, whole or not at all."""
        write_text(path, {"sweep": self.sweep, "shapes": dict(self.shapes), "pieces": dict(self.pieces)})


def checksum(path: Path) -> str:
    """SHA-256 of a file; nothing where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def write_text(path: Path, content: Mapping[str, Any]) -> None:
    """Write a table below the checksum of its own text, whole or not at all."""
    text = json.dumps(content, sort_keys=True, indent=0)
    write_whole(path, f"{hashlib.sha256(text.encode()).hexdigest()}\n{text}".encode())


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all."""
    partial = path.with_name(f"{path.name}.{os.getpid():x}.partial")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read_text(path: Path) -> dict[str, Any] | None:
    """What :func:`write_text` wrote; None where it is missing or not what was written."""
    try:
        begun, _, text = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if hashlib.sha256(text).hexdigest().encode() != begun:
        return None
    content: dict[str, Any] = json.loads(text)
    return content


def read_marks(folder: Path) -> dict[str, Mark]:
    """The marks of finished blocks by the names of their files; damaged ones are none."""
    found = {}
    for path in sorted((folder / MARKS).glob("*.json")):
        content = read_text(path) if re.fullmatch(r"\d+(\.\d+)*", path.stem) else None
        if content is not None and content.keys() == {"sweep", "shapes", "pieces"}:
            found[path.name] = Mark(**content)
    return found


def files(folder: Path) -> Iterator[str]:
    """Every file below a folder, as a path from there with ``/``; links are files, and are not followed."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        for entry in sorted(os.scandir(here), key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                waiting.append(Path(entry.path))
            else:
                yield Path(entry.path).relative_to(folder).as_posix()


def seal(folder: Path, marks: Iterable[Mark]) -> None:
    """Say what a finished store consists of beside the pieces that its marks list."""
    listed = {piece for mark in marks for piece in mark.pieces}
    rest = {name: checksum(folder / name) for name in files(folder) if name not in listed and name != SEAL}
    write_text(folder / SEAL, {"schema": SCHEMA_OF_MARKS, "files": rest})


def sealed(folder: Path) -> dict[str, str]:
    """The files that the seal of a store lists, with their checksums; none where there is no sound seal."""
    files: dict[str, str] = (read_text(folder / SEAL) or {}).get("files", {})
    return files


def false_parts(folder: Path) -> list[str]:
    """What a finished store lost or was not written so, in words; nothing where it is whole and true.

    Raises OlderSchemaError for marks of an older schema, ValueError for those of a newer one.
    """
    if (folder / MARKS / "done").exists():
        raise OlderSchemaError(
            f"{folder} is of an older schema, whose pieces carry no checksums: what it lost would not be seen. "
            "Sweep again, without --resume"
        )
    content = read_text(folder / SEAL)
    if content is None:
        return [f"its seal, {SEAL}, is {'damaged' if (folder / SEAL).exists() else 'missing'}"]
    if content["schema"] != SCHEMA_OF_MARKS:
        raise ValueError(
            f"{folder} is of schema {content['schema']}, and this version reads {SCHEMA_OF_MARKS}: "
            "draw it with the version that made it, or sweep again"
        )
    expected: dict[str, str] = dict(content["files"])
    for mark in read_marks(folder).values():
        expected.update(mark.pieces)
    variables = {name.partition("/")[0] for name in expected}
    wrong = [fault(folder, name) for name, known in expected.items() if checksum(folder / name) != known]
    # a piece where none was written would be read in place of the fill value
    wrong += [
        f"{in_words(name)} was not there when the sweep ended"
        for name in files(folder)
        if name not in expected and name.partition("/")[0] in variables and re.search(r"/c(/\d+)*$", name)
    ]
    return wrong


def fault(folder: Path, name: str) -> str:
    """What is wrong with a file that is not what was written."""
    return f"{in_words(name)} is {'damaged' if (folder / name).exists() else 'missing'}"


def in_words(name: str) -> str:
    """A file of a store: ``a piece of 'holds', holds/c/0/0/0,``."""
    variable, _, rest = name.partition("/")
    if variable == MARKS:
        return f"the mark {name}"
    if rest.startswith("c"):
        return f"a piece of {variable!r}, {name},"
    return f"what describes {variable!r}, {name}," if rest else f"what describes the dataset, {name},"


def told(folder: Path, wrong: list[str]) -> str:
    """One sentence about all that is wrong with a store, and what to do."""
    more = f"; and {len(wrong) - MOST_TOLD} more" if len(wrong) > MOST_TOLD else ""
    return (
        f"{folder} is not what the sweep wrote: {'; '.join(wrong[:MOST_TOLD])}{more}. "
        "Sweep again with --resume to make again what is wrong"
    )
