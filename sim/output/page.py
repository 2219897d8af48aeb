"""What is told of one thing, a part after the other: the same parts as plain text and as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sim.markup import Markup, element, in_a_row, raw

__all__ = ["Page", "Rows", "columns"]

STYLE = (
    ".standoff-page table { border-collapse: collapse; margin: 0.4em 0; } "
    ".standoff-page caption { text-align: left; font-weight: bold; } "
    ".standoff-page th, .standoff-page td { text-align: left; padding: 0.1em 0.7em; white-space: pre-wrap; } "
    ".standoff-page thead th { border-bottom: 1px solid; } "
    ".standoff-page td.marked { font-weight: bold; outline: 1px solid; } "
    ".standoff-page pre { margin: 0.4em 0; white-space: pre-wrap; } "
    ".standoff-page .note { font-size: smaller; }"
)
"""Of one class alone, and without colours, so that it does nothing to the page around and reads on any ground."""


@dataclass(frozen=True)
class Rows:
    """A table of texts: ``rows`` of equal length, the first of them its ``head`` unless it has none.

    ``marked`` are the places ``(row, column)`` of entries that stand out; ``note`` says below what signs mean.
    """

    rows: Sequence[tuple[str, ...]]
    title: str = ""
    note: str = ""
    head: bool = True
    marked: frozenset[tuple[int, int]] = frozenset()

    def text(self) -> str:
        """Aligned columns under the title."""
        return "\n".join(filter(None, (self.title, columns(self.rows), self.note)))

    def html(self) -> Markup:
        """A table, every text in it escaped."""
        lines = [
            element("tr", *(self.entry(r, c, text) for c, text in enumerate(row)))
            for r, row in enumerate(self.rows)
        ]
        caption = element("caption", self.title) if self.title else None
        head = element("thead", lines.pop(0)) if self.head and lines else None
        note = element("p", self.note, class_="note") if self.note else None
        return in_a_row([element("table", caption, head, element("tbody", *lines)), note])

    def entry(self, row: int, column: int, text: str) -> Markup:
        """One entry: of the head, of the first column, which says what the row is of, or of the body."""
        kind = "th" if column == 0 or (self.head and row == 0) else "td"
        return element(kind, text, class_="marked" if (row, column) in self.marked else None)


@dataclass(frozen=True)
class Page:
    """Parts in the order of reading, texts and tables; the first is what all of it is about."""

    parts: Sequence[str | Rows]

    def text(self) -> str:
        """For terminals: parts with an empty line between."""
        return "\n\n".join(part.text() if isinstance(part, Rows) else part for part in self.parts)

    def html(self) -> Markup:
        """For notebooks: no script, and a style that stays within."""
        title, *parts = self.parts
        first = title.html() if isinstance(title, Rows) else element("strong", title)
        rest = (part.html() if isinstance(part, Rows) else element("pre", part) for part in parts)
        return element("div", element("style", raw(STYLE)), first, *rest, class_="standoff-page")


def columns(rows: Iterable[tuple[str, ...]]) -> str:
    """Rows of text in aligned columns."""
    table = list(rows)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    )
