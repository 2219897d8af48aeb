"""The sheet a picture stands on: title, panels, legend beside them, caption below; nothing overlaps.

Everything is measured in inches before it is placed, so that long titles, many legend entries and
long captions make the sheet larger instead of running into each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.pictures.style.files import DPI
from sim.pictures.style.palette import INK, Pixels
from sim.pictures.style.words import FONT, balance, wrap

__all__ = ["LABEL", "LEGEND", "LINE", "SWATCH", "Entry", "Sheet", "snap"]

LEFT, RIGHT, TOP, BOTTOM, GAP = 1.05, 0.2, 0.2, 0.15, 0.25  # margins, and from panel to legend or panel
MARGIN = 0.35  # of title and caption
TICKS = 0.32  # from a panel down to the label of its axis
REST = 0.14  # between head, panels and foot
LEGEND = 3.0  # width of the legend column
SWATCH = (0.34, 0.2)
NUMBER = 0.45  # room for a number at the right end of an entry
TITLE, SUBTITLE, LABEL, NAME, TICK, ENTRY, CAPTION = 13.0, 9.5, 9.5, 7.5, 8.5, 8.5, 7.0  # sizes in points
LINE = 1.35 / 72  # inches from line to line, per point of size
GREY = "#555555"


@dataclass(frozen=True)
class Entry:
    """One entry of a legend: words, with a swatch of pixels, or with a line or marker, or alone.

    ``number`` stands at the right end of the first line.
    """

    label: str
    number: str = ""
    pixels: Pixels | None = None
    line: dict[str, Any] = field(default_factory=dict)
    bold: bool = False

    @property
    def alone(self) -> bool:
        """Whether there is nothing to show beside the words."""
        return self.pixels is None and not self.line

    def lines(self) -> list[str]:
        """The words, wrapped."""
        room = LEGEND - (0 if self.alone else SWATCH[0] + 0.1) - (NUMBER if self.number else 0)
        return wrap(self.label, room, ENTRY, "bold" if self.bold else "normal", most=6)

    def height(self) -> float:
        """Inches it takes, with the space below."""
        return max(SWATCH[1], len(self.lines()) * ENTRY * LINE) + (0.04 if self.bold else 0.08)


def snap(inches: float) -> float:
    """The nearest whole number of dots, so that pixels of an image are pixels of the file."""
    return round(inches * DPI) / DPI


class Sheet:
    """A figure with ``panels`` one above the other, a legend beside and a caption below.

    ``width`` and ``heights`` are those of the panels in inches; an axis label is words and a name.
    ``reserve`` inches above the legend are left free, from ``legend_top`` (inches from the top) down,
    right of ``legend_left``.
    """

    def __init__(
        self,
        title: str,
        subtitle: str,
        xlabel: tuple[str, str],
        labels: Sequence[tuple[str, str]],
        entries: Sequence[Entry],
        paragraphs: Sequence[str],
        *,
        width: float,
        heights: Sequence[float],
        left: float = LEFT,
        reserve: float = 0.0,
    ) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.width = snap(left + width + GAP + LEGEND + RIGHT)
        whole = self.width - MARGIN - RIGHT
        head = [(line, TITLE, "bold", INK) for line in wrap(title, whole, TITLE, "bold", most=4)]
        head += [(line, SUBTITLE, "normal", GREY) for line in wrap(subtitle, whole, SUBTITLE, most=3)]
        foot = [line for paragraph in paragraphs for line in wrap(paragraph, whole, CAPTION, most=6)]
        below = [(line, LABEL, INK) for line in balance(xlabel[0], width, LABEL, most=2)]
        below += [(xlabel[1], NAME, GREY)] if xlabel[1] else []
        top = TOP + sum(size for _, size, _, _ in head) * LINE + REST
        panels_height = sum(heights) + GAP * (len(heights) - 1)
        middle = max(
            panels_height + TICKS + sum(size for _, size, _ in below) * LINE,
            reserve + sum(entry.height() for entry in entries),
        )
        self.height = snap(top + middle + REST + len(foot) * CAPTION * LINE + BOTTOM)
        self.figure = Figure(figsize=(self.width, self.height), dpi=DPI, facecolor="white")
        FigureCanvasAgg(self.figure)

        down = TOP
        for words, size, weight, ink in head:
            self.text(MARGIN, down, words, size, weight=weight, color=ink)
            down += size * LINE
        self.panels: list[Any] = []
        down = top
        for height, label in zip(heights, labels, strict=True):
            self.panel(left, down, width, height, label)
            down += height + GAP
        for panel in self.panels[:-1]:
            panel.tick_params(labelbottom=False)
        down = top + panels_height + TICKS
        for words, size, ink in below:
            self.text(left + width / 2, down, words, size, ha="center", color=ink)
            down += size * LINE
        self.legend_left, self.legend_top = snap(left + width + GAP), top
        self.legend(entries, self.legend_left, top + reserve)
        for number, words in enumerate(foot):
            self.text(MARGIN, top + middle + REST + number * CAPTION * LINE, words, CAPTION, color=GREY)

    def text(self, across: float, down: float, text: str, size: float, **options: Any) -> Any:
        """Text at inches from the left and the top of the sheet; dollar signs are dollar signs."""
        options = {"va": "top", "ha": "left", "color": INK, **options}
        return self.figure.text(
            across / self.width, 1 - down / self.height, text, fontsize=size, family=FONT, parse_math=False,
            **options,
        )  # fmt: skip

    def axes(self, across: float, down: float, width: float, height: float, **options: Any) -> Any:
        """Axes at inches from the left and the top of the sheet, on whole dots."""
        left, bottom = snap(across) / self.width, 1 - (snap(down) + snap(height)) / self.height
        return self.figure.add_axes(
            (left, bottom, snap(width) / self.width, snap(height) / self.height), **options
        )

    def panel(self, left: float, down: float, width: float, height: float, label: tuple[str, str]) -> None:
        """One more panel, with the label of its y axis."""
        panel = self.axes(left, down, width, height, sharex=self.panels[0] if self.panels else None)
        panel.tick_params(
            labelsize=TICK, labelfontfamily=FONT, color=INK, labelcolor=INK, width=0.6, length=3
        )
        for spine in panel.spines.values():
            spine.set(linewidth=0.8, color=INK)
        words = [(line, LABEL, INK) for line in balance(label[0], height, LABEL, most=2)]
        words += [(label[1], NAME, GREY)] if label[1] else []
        across = left - 0.48 - sum(size for _, size, _ in words) * LINE
        for line, size, ink in words:
            middle = across + size * LINE / 2
            self.text(middle, down + height / 2, line, size, rotation=90, ha="center", va="center", color=ink)
            across += size * LINE
        self.panels.append(panel)

    def legend(self, entries: Sequence[Entry], across: float, down: float) -> None:
        """Entries below each other, each with what it shows."""
        for entry in entries:
            words = across if entry.alone else across + SWATCH[0] + 0.1
            for number, line in enumerate(entry.lines()):
                self.legend_line(words, down, line, number, weight="bold" if entry.bold else "normal")
            if entry.number:
                self.legend_line(across + LEGEND, down, entry.number, ha="right", color=GREY)
            if entry.pixels is not None:
                swatch = self.axes(across, down, *SWATCH)
                swatch.imshow(entry.pixels, interpolation="none", aspect="auto")
                swatch.set(xticks=[], yticks=[])
                for spine in swatch.spines.values():
                    spine.set(linewidth=0.6, color=INK)
            elif entry.line:
                self.sample(across, down, entry.line)
            down += entry.height()

    def legend_line(self, across: float, down: float, text: str, number: int = 0, **options: Any) -> None:
        """Line ``number`` of an entry whose swatch is at ``down``."""
        baseline = down + SWATCH[1] / 2 + ENTRY * 0.36 / 72 + number * ENTRY * LINE
        self.text(across, baseline, text, ENTRY, va="baseline", **options)

    def sample(self, across: float, down: float, style: dict[str, Any]) -> None:
        """A piece of a line, or one marker, in the place of a swatch."""
        from matplotlib.lines import Line2D

        ends = [0.02, SWATCH[0] - 0.02] if style.get("linestyle", "none") != "none" else [SWATCH[0] / 2]
        x = (across + np.array(ends)) / self.width
        y = np.full(x.shape, 1 - (down + SWATCH[1] / 2) / self.height)
        self.figure.add_artist(Line2D(x, y, transform=self.figure.transFigure, **style))
