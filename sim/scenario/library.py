"""Where scenarios are found: a path, or the bare name of a file in ``scenarios/``."""

from __future__ import annotations

from pathlib import Path

from sim.plugins import nearest

__all__ = ["find", "folder", "shelved", "shipped"]


def folder() -> Path:
    """The scenario library: ``scenarios/`` where the command runs, else the one beside the package."""
    here = Path("scenarios")
    return here if here.is_dir() else Path(__file__).parents[1] / "scenarios"


def shipped() -> list[Path]:
    """The files of the library, in the order of their names."""
    return sorted(folder().glob("*.toml"))


def shelved(word: str) -> Path:
    """The file of the library that a bare name means, else the path as it is."""
    path = Path(word)
    if path.name == word and not path.suffix and not path.exists():
        shelf = folder() / f"{word}.toml"
        return shelf if shelf.exists() else path
    return path


def find(word: str) -> Path:
    """The file that ``word`` means.  Raises ValueError with the nearest name where there is none."""
    path = shelved(word)
    if path.exists():
        return path
    names = [found.stem for found in shipped()]
    raise ValueError(
        f"{word}: no such file, and no scenario of that name in {folder()}/ "
        f"(scenarios: {', '.join(names) or 'none'}).{nearest(path.stem, names)}"
    )
