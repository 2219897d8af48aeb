"""Where scenarios are found: a path, or the bare name of a file in ``scenarios/``."""

from __future__ import annotations

from pathlib import Path

from sim.plugins import nearest

__all__ = ["find", "folder", "results_of", "shelved", "shipped"]


def folder() -> Path:
    """The scenario library: ``scenarios/`` where the command runs, else the one beside the package."""
    here = Path("scenarios")
    return here if here.is_dir() else Path(__file__).parents[2] / "scenarios"


def shipped() -> list[Path]:
    """The files of the library, in the order of their names."""
    return sorted(folder().glob("*.toml"))


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
