"""A page on disk, and what the index tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.report.maps import thumbnail
from sim.report.material import Material, material_of
from sim.report.page import page, promises

__all__ = ["Entry", "entry_of", "put_down", "write"]


@dataclass(frozen=True)
class Entry:
    """What the index tells of a scenario; ``small`` is its first map as SVG, empty where it has none."""

    name: str
    title: str
    form: str
    paragraph: str
    promises: str
    small: str
    size: int


def write(word: str, out: Path, results: Path = Path("results")) -> Entry:
    """The page of a scenario, ``out/NAME.html``; the same input gives the same bytes.

    Raises ValueError for what is no scenario, and OSError where the machine refuses to write.
    """
    material = material_of(word, results)
    text = page(material)
    put_down(out / f"{material.scenario.name}.html", text)
    return entry_of(material, len(text.encode()))


def put_down(path: Path, text: str) -> None:
    """A file that is whole or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_text(text, "utf-8")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def entry_of(material: Material, size: int) -> Entry:
    """What the index tells of it."""
    scenario = material.scenario
    shown = next((one.shown for one in material.chapters if one.shown is not None), None)
    first = " ".join(scenario.about.strip().partition("\n\n")[0].split())
    return Entry(
        scenario.name, scenario.title or scenario.name, scenario.form, first, promises(material),
        "" if shown is None else thumbnail(shown), size,
    )  # fmt: skip
