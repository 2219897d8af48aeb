"""The sheet a picture stands on: title, panels, legend beside them, caption below; nothing overlaps.

Everything is measured in inches before it is placed, so that long titles, many legend entries and
long captions make the sheet larger instead of running into each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.style.files import DPI
from sim.style.palette import INK, Pixels
from sim.style.words import FONT, balance, wrap

__all__ = ["Entry", "Sheet"]

LEFT, RIGHT, TOP, BOTTOM, GAP = 1.05, 0.2, 0.2, 0.15, 0.25  # margins, and from panel to legend or panel
LEGEND = 3.0  # width of the legend column
SWATCH = (0.34, 0.2)
TITLE, SUBTITLE, LABEL, NAME, TICK, ENTRY, CAPTION = 13.0, 9.5, 9.5, 7.5, 8.5, 8.5, 7.0  # sizes in points
LINE = 1.35 / 72  # inches from line to line, per point of size
GREY = "#555555"


@dataclass(frozen=True)
class Entry:
    """One line of a legend: a swatch of pixels, or a line or marker, or neither (a heading)."""

    label: str
    number: str = ""  # at the right end of the line
    pixels: Pixels | None = None
    line: dict[str, Any] = field(default_factory=dict)

    @property
    def heading(self) -> bool:
        """Whether it has nothing to show."""
        return self.pixels is None and not self.line


def snap(inches: float) -> float:
    """The nearest whole number of dots, so that pixels of an image are pixels of the file."""
    return round(inches * DPI) / DPI


class Sheet:
    """A figure with one or more ``panels`` one above the other, a legend and a caption.

    ``heights`` and ``width`` are those of the panels in inches; axis labels are words and a name.
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
        width: float = 5.6,
        heights: Sequence[float] = (4.7,),
        left: float = LEFT,
        gap: float = GAP,
    ) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.width = snap(left + width + GAP + LEGEND + RIGHT)
        whole = self.width - LEFT / 3 - RIGHT
        title_lines = wrap(title, whole, TITLE, "bold", most=4)
        subtitle_lines = wrap(subtitle, whole, SUBTITLE, most=3)
        below = [line for paragraph in paragraphs for line in wrap(paragraph, whole, CAPTION, most=6)]
        x_lines, x_name = balance(xlabel[0], width, LABEL, most=2), xlabel[1]
        legend = [
            wrap(
                entry.label,
                LEGEND - (0 if entry.heading else SWATCH[0] + 0.1) - (0.45 if entry.number else 0),
                ENTRY,
                most=6,
            )
            for entry in entries
        ]
        legend_height = sum(entry_height(entry, lines) for entry, lines in zip(entries, legend, strict=True))
        panels_height = sum(heights) + gap * (len(heights) - 1)
        # the legend may reach down beside the ticks and the label of the x axis
        middle = max(panels_height + 0.32 + (len(x_lines) * LABEL + NAME) * LINE, legend_height)
        head = TOP + len(title_lines) * TITLE * LINE + len(subtitle_lines) * SUBTITLE * LINE + 0.14
        foot = 0.14 + len(below) * CAPTION * LINE + BOTTOM
        self.height = snap(head + middle + foot)

        self.figure = Figure(figsize=(self.width, self.height), dpi=DPI, facecolor="white")
        FigureCanvasAgg(self.figure)
        down = TOP
        for lines, size, weight, ink in (
            (title_lines, TITLE, "bold", INK),
            (subtitle_lines, SUBTITLE, "normal", GREY),
        ):
            for line in lines:
                self.text(LEFT / 3, down, line, size, weight=weight, color=ink)
                down += size * LINE

        self.panels = []
        top = head
        for number, (height, label) in enumerate(zip(heights, labels, strict=True)):
            bounds = [
                snap(left) / self.width,
                1 - (snap(top) + snap(height)) / self.height,
                snap(width) / self.width,
                snap(height) / self.height,
            ]
            panel = self.figure.add_axes(
                (bounds[0], bounds[1], bounds[2], bounds[3]), sharex=self.panels[0] if self.panels else None
            )
            dress(panel)
            across = left - LEFT + 0.12
            for line, size, ink in [
                (line, LABEL, INK) for line in balance(label[0], height, LABEL, most=2)
            ] + [(label[1], NAME, GREY)]:
                self.text(
                    across + size * LINE / 2,
                    top + height / 2,
                    line,
                    size,
                    rotation=90,
                    ha="center",
                    va="center",
                    color=ink,
                )
                across += size * LINE
            panel.tick_params(labelbottom=number == len(heights) - 1)
            self.panels.append(panel)
            top += height + gap
        down = head + panels_height + 0.32
        for line in x_lines:
            self.text(left + width / 2, down, line, LABEL, ha="center")
            down += LABEL * LINE
        self.text(left + width / 2, down, x_name, NAME, ha="center", color=GREY)

        self.legend(entries, legend, snap(left + width + GAP), head)
        down = head + middle + 0.14
        for line in below:
            self.text(LEFT / 3, down, line, CAPTION, color=GREY)
            down += CAPTION * LINE

    def text(self, across: float, down: float, text: str, size: float, **options: Any) -> Any:
        """Text at inches from the left and the top of the sheet; dollar signs are dollar signs."""
        options = {"va": "top", "ha": "left", "color": INK, **options}
        return self.figure.text(
            across / self.width,
            1 - down / self.height,
            text,
            fontsize=size,
            family=FONT,
            parse_math=False,
            **options,
        )

    def lines(self, across: float, down: float, lines: Sequence[str], **options: Any) -> None:
        """Lines of a legend; the first stands beside a swatch at ``down``."""
        for number, line in enumerate(lines):
            baseline = down + SWATCH[1] / 2 + ENTRY * 0.36 / 72 + number * ENTRY * LINE
            self.text(across, baseline, line, ENTRY, va="baseline", **options)

    def legend(
        self, entries: Sequence[Entry], wrapped: Sequence[list[str]], across: float, down: float
    ) -> None:
        """Entries below each other, each with its swatch."""
        from matplotlib.lines import Line2D

        for entry, lines in zip(entries, wrapped, strict=True):
            height = entry_height(entry, lines)
            if entry.heading:
                self.lines(across, down, lines, weight="bold")
                down += height
                continue
            middle = down + SWATCH[1] / 2
            if entry.pixels is not None:
                box = [
                    across / self.width,
                    1 - (snap(down) + SWATCH[1]) / self.height,
                    SWATCH[0] / self.width,
                    SWATCH[1] / self.height,
                ]
                swatch = self.figure.add_axes((box[0], box[1], box[2], box[3]))
                swatch.imshow(entry.pixels, interpolation="none", aspect="auto")
                swatch.set(xticks=[], yticks=[])
                for spine in swatch.spines.values():
                    spine.set(linewidth=0.6, color=INK)
            else:
                x = np.array(
                    [across + 0.02, across + SWATCH[0] - 0.02]
                    if "linestyle" in entry.line
                    else [across + SWATCH[0] / 2]
                )
                self.figure.add_artist(
                    Line2D(
                        x / self.width,
                        np.full(x.shape, 1 - middle / self.height),
                        transform=self.figure.transFigure,
                        **entry.line,
                    )
                )
            if entry.number:
                self.lines(across + LEGEND, down, [entry.number], ha="right", color=GREY)
            self.lines(across + SWATCH[0] + 0.1, down, lines)
            down += height


def entry_height(entry: Entry, lines: Sequence[str]) -> float:
    """Inches that an entry takes, with the space below it."""
    return max(SWATCH[1], len(lines) * ENTRY * LINE) + (0.04 if entry.heading else 0.08)


def dress(panel: Any) -> None:
    """Ticks and frame of a panel."""
    panel.tick_params(labelsize=TICK, labelfontfamily=FONT, color=INK, labelcolor=INK, width=0.6, length=3)
    for spine in panel.spines.values():
        spine.set(linewidth=0.8, color=INK)
