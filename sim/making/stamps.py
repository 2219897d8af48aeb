"""Stamps: what was made of a scenario, and of what, so that it is made again where either has changed.

``results/<scenario>/.done`` is written last.  It holds a digest of all that the results depend on (the text of the
scenario and of the package, and the versions of what it stands on), and a checksum of every dataset's metadata and
of every picture: one that is gone, or that another command has put in its place, is made again.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

from sim.interchange.files import FileError, read_file
from sim.scenario.beside import digest_of
from sim.version import digest_of_sources

__all__ = ["is_made", "seconds_taken", "stamp"]

STAMP = ".done"


@cache
def digest_of_code() -> str:
    """Of the text of the whole package, of the versions of what it needs, and of Python's."""
    stands_on = "".join(f"\0{name} {version}" for name, version in needed())
    return hashlib.sha256(f"{sys.version}\0{digest_of_sources()}{stands_on}".encode()).hexdigest()


def needed() -> list[tuple[str, str]]:
    """What the package needs, with the versions that are installed; nothing where it is not installed itself."""
    try:
        lines = importlib.metadata.requires("standoff") or []
    except importlib.metadata.PackageNotFoundError:
        return []
    names = sorted({re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in lines if "extra ==" not in line})
    result = []
    for name in names:
        try:
            result.append((name, importlib.metadata.version(name)))
        except importlib.metadata.PackageNotFoundError:
            result.append((name, ""))
    return result


def of_what(file: Path) -> str:
    """Digest of all that is made of a scenario file depends on."""
    content = file.read_bytes()
    with suppress(FileError):  # what no scenario can be read from depends on nothing else
        content += digest_of(read_file(file)).encode()
    return hashlib.sha256(digest_of_code().encode() + content).hexdigest()


def checksum(path: Path) -> str:
    """Of a file, or of what a dataset says of itself and of its pieces."""
    content = path / "progress" / "seal.json" if path.is_dir() else path
    return hashlib.sha256(content.read_bytes()).hexdigest()


def stamp(file: Path, folder: Path, made: Iterable[Path], seconds: float) -> None:
    """Write down that all of it is made; files of ``made`` lie in ``folder``."""
    what = {str(path.relative_to(folder)): checksum(path) for path in made}
    text = json.dumps({"of": of_what(file), "made": what, "seconds": round(seconds, 1)}, indent=1)
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{STAMP}.partial"
    partial.write_text(text + "\n")
    partial.replace(folder / STAMP)


def is_made(file: Path, folder: Path) -> bool:
    """Whether all that is made of a scenario file lies in ``folder``, of the file and of the package as they are now."""
    try:
        said = json.loads((folder / STAMP).read_bytes())
        return said["of"] == of_what(file) and all(
            checksum(folder / name) == known for name, known in said["made"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def seconds_taken(folder: Path) -> float | None:
    """How long it took the last time; None where that is not known."""
    try:
        return float(json.loads((folder / STAMP).read_bytes())["seconds"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
