"""Where a store goes: nothing that no sweep wrote is ever replaced or deleted there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from sim.dataset.marks import MARKS, files, sealed

__all__ = ["OLD", "UNFINISHED", "put", "remove", "vacant"]

UNFINISHED, OLD = ".unfinished", ".old"
REPLACED = (
    f"{MARKS}/replaced"  # in a store on its way out: what is left of it after a crash is ours to delete
)
WRITTEN = re.compile(
    r"zarr\.json|[^/]+/zarr\.json|[^/]+/c(/\d+)*"  # the dataset, its variables, their pieces
    rf"|{MARKS}/((\d+(\.\d+)*|seal)\.json|replaced|done/zarr\.json|done/c(/\d+)*)"  # marks, of today and before
    r"|([^/]+/)*[^/]+\.[0-9a-f]+\.partial"  # what a killed sweep was writing
)


def vacant(path: Path) -> None:
    """Raise ValueError, saying what to move, unless a store may be put at ``path``.

    There may be a store of a sweep, whatever became of it, or nothing; the same holds for its neighbours
    ``.unfinished`` and ``.old``, which sweeps use.
    """
    for place in (path, path.with_name(path.name + UNFINISHED), path.with_name(path.name + OLD)):
        found = foreign(place)
        if found:
            raise ValueError(
                f"{place} {found}, and nothing that no sweep wrote is deleted: "
                "move it away, or choose another --out"
            )


def foreign(place: Path) -> str:
    """What stands in a place that no sweep of ours put there, in words; nothing if nothing does."""
    if place.is_symlink():
        return f"is a link to {place.readlink()}"
    if not place.exists():
        return ""
    if not place.is_dir():
        return "is a file"
    names, known = list(files(place)), {name.partition("/")[0] for name in sealed(place)}
    for name in names:
        added = known and name.partition("/")[0] not in known  # a variable of somebody else
        if added or not WRITTEN.fullmatch(name) or (place / name).is_symlink():
            return f"holds {name}"
    if place.name.endswith(OLD):
        return "" if REPLACED in names or not names else "is a dataset that was put aside"
    if place.name.endswith(UNFINISHED) and not names:
        return ""
    return "" if (place / MARKS).is_dir() else "was not written by a sweep"


def put(path: Path, new: Path) -> None:
    """Put a store in the place of an older one; at no time is there half a store under its name."""
    vacant(path)
    old = path.with_name(path.name + OLD)
    remove(old)
    if path.exists():
        (path / REPLACED).touch()
        path.rename(old)
    new.rename(path)
    remove(old)


def remove(path: Path, *, itself: bool = True) -> None:
    """Delete a store if it is there, or all in it; its marks go last, so that it is known to the end."""
    if not path.exists():
        return
    for part in sorted(path.iterdir(), key=lambda part: part.name == MARKS):
        shutil.rmtree(part) if part.is_dir() else part.unlink()
    if itself:
        path.rmdir()
