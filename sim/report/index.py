"""The index of pages: what each scenario is about, and a small map."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from sim.markup import Markup, as_address, element
from sim.report.sheet import document
from sim.report.write import Entry, put_down

__all__ = ["index"]


def index(entries: Iterable[Entry], out: Path) -> Path:
    """``out/index.html``, in the order of names."""
    cards = [card(entry) for entry in sorted(entries, key=lambda one: one.name)]
    path = out / "index.html"
    title = "Scenarios of Standoff"
    put_down(path, document(title, element("h1", title), element("div", *cards, class_="cards")))
    return path


def card(entry: Entry) -> Markup:
    """One scenario."""
    image = element("img", src=as_address(entry.small), alt="") if entry.small else None
    return element(
        "article",
        element("h2", element("a", entry.title, href=f"{quote(entry.name)}.html")),
        image,
        element("p", entry.paragraph),
        element("p", f"{entry.name}, {entry.form} form; {entry.promises}", class_="note"),
    )
