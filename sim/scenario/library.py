"""Where scenarios are found: a path, or the bare name of a file in ``scenarios/`` or in the library.

The library comes with Standoff.  ``scenarios/`` where a command runs adds to it, and wins where both have a name; so
does a file of that name, with its ``.toml``, where the command runs.
"""

from __future__ import annotations

import difflib
import warnings
from pathlib import Path

from sim.plugins import nearest

__all__ = ["Overridden", "find", "folder", "overridden", "results_of", "shelved", "shipped"]

OWN, HERE = Path("scenarios"), Path()


class Overridden(UserWarning):
    """A scenario of one's own is used in place of the library's."""


def folder() -> Path:
    """The library: in the installed package, or at the top of the repository, where the package is installed from."""
    installed = Path(__file__).with_name("library")
    return installed if installed.is_dir() else Path(__file__).parents[2] / "scenarios"


def shipped() -> list[Path]:
    """The files that bare names mean, one's own and the library's, in the order of their names."""
    return [path for _, path in sorted(shelf().items())]


def shelf() -> dict[str, Path]:
    """The files that bare names mean, by name."""
    return {path.stem: path for place in (folder(), OWN) for path in place.glob("*.toml")}


def overridden() -> list[str]:
    """A sentence for each scenario of one's own that is used in place of the library's."""
    return [told for path in shipped() if (told := in_place_of(path))]


def in_place_of(path: Path) -> str:
    """The sentence about a file of one's own that has the name of one of the library's; nothing where it has not."""
    theirs = folder() / path.name
    if path.parent not in {OWN, HERE} or not theirs.is_file() or theirs.samefile(path):
        return ""
    return f"{path} is used in place of the library's {path.stem}"


def results_of(name: str, results: Path = Path("results")) -> Path:
    """The folder for what comes of a scenario, within ``results``.

    Raises ValueError for a name that would lead out of it.
    """
    if name in {"", ".", ".."} or not name.isprintable() or Path(name).name != name:
        raise ValueError(
            f"{name!r} cannot name a folder in {results}/: give the scenario's file another name, "
            "or say with --out where to put what comes of it"
        )
    return results / name


def shelved(word: str) -> Path:
    """The file that a bare name means, else the path as it is; a folder of that name is in nobody's way.

    Warns, as :class:`Overridden`, where a file of one's own is used in place of the library's.
    """
    path = Path(word)
    if path.name != word or path.suffix or path.is_file():
        return path
    known, here = shelf(), Path(f"{word}.toml")
    own = known[word] if word in known and known[word].parent == OWN else here
    found = own if own.is_file() else known.get(word, path)
    told = in_place_of(found)
    if told:
        warnings.warn(told, Overridden, stacklevel=1)
    return found


def find(word: str) -> Path:
    """The file that ``word`` means.  Raises ValueError with the nearest name where there is none."""
    path = shelved(word)
    if path.exists():
        return path
    names = [found.stem for found in shipped()]
    if path.name != word or path.suffix:
        beside = [found for found in sorted(path.parent.glob(f"*{path.suffix}")) if found.is_file()]
        # the suffix, which all have, says nothing of what is near
        close = difflib.get_close_matches(path.stem, [found.stem for found in beside], n=1)
        near = (
            f" Did you mean '{path.with_name(close[0] + path.suffix)}'?"
            if close
            else nearest(path.stem, names)
        )
        raise ValueError(f"{word}: no such file.{near}")
    raise ValueError(
        f"{word}: no such file, and no scenario of that name in {OWN}/ or in the library "
        f"(scenarios: {', '.join(names) or 'none'}).{nearest(path.stem, names)}"
    )
