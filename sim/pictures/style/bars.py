"""Estimates as bars with intervals, one below the other, and the words around pictures of samples."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.game import Floats
from sim.pictures.style.palette import INK, Palette
from sim.pictures.style.plane import heading
from sim.pictures.style.sheet import TICK, Entry, Sheet
from sim.pictures.style.words import equilibria_words, paragraphs, sentence, text_width, wrap

__all__ = ["INTERVAL", "Bars", "bar_sheet", "foot", "of_outcome"]

ROW, WIDTH, WORDS = 0.4, 4.6, 2.4  # inches of a bar's row, of the panel, and of the widest name
GAP = 0.3  # from names to the panel, and to the edge
INTERVAL: dict[str, Any] = {"linestyle": "-", "color": INK, "linewidth": 1.2}


@dataclass(frozen=True, eq=False)
class Bars:
    """Bars of one kind: ``values (rows, 3)``, value, low and high; a colour each; ``words`` say what they are."""

    values: Floats
    colours: Sequence[Any]
    words: str


def bar_sheet(
    dataset: Any, subtitle: str, names: Sequence[str], kinds: Sequence[Bars], entries: Sequence[Entry], how: str,
) -> Sheet:  # fmt: skip
    """A sheet of rows with a bar of each kind, from top to bottom; ``how`` is said below."""
    lines = [wrap(name, WORDS, TICK, most=2) for name in names]
    widest = max((text_width(line, TICK) for row in lines for line in row), default=0.0)
    title, below = heading(dataset, subtitle)
    sheet = Sheet(
        title, below, ("share", ""), [("", "")], entries, foot(dataset, how),
        width=WIDTH, heights=[ROW * max(len(names), 1)], left=widest + 2 * GAP,
    )  # fmt: skip
    (panel,) = sheet.panels
    thick = 0.72 / len(kinds)
    rows = np.arange(len(names))
    for place, kind in enumerate(kinds):
        at = rows + (place - (len(kinds) - 1) / 2) * thick
        value, low, high = np.nan_to_num(kind.values.T, nan=0.0)
        panel.barh(at, value, height=thick * 0.86, color=list(kind.colours), linewidth=0)
        known = ~np.isnan(kind.values[:, 1])
        panel.hlines(at[known], low[known], high[known], colors=INK, linewidth=1.2)
    most = max(
        (float(np.nanmax(kind.values)) for kind in kinds if np.isfinite(kind.values).any()), default=1.0
    )
    panel.set(xlim=(0, min(max(1.08 * most, 0.01), 1.0)), ylim=(len(names) - 0.5, -0.5))
    panel.set_yticks(rows, ["\n".join(row) for row in lines])
    panel.xaxis.set_major_formatter(lambda value, _: f"{100 * value:g}%")
    panel.xaxis.get_major_locator().set_params(nbins=5)
    panel.tick_params(axis="y", length=0)
    panel.grid(axis="x", color="#e4e4e4", linewidth=0.5)
    panel.set_axisbelow(True)
    return sheet


def of_outcome(dataset: Any, number: int) -> tuple[float, float, float]:
    """The colour of an outcome, by its place in the scenario."""
    return Palette.of(dataset).colour(number)


def foot(dataset: Any, how: str = "") -> list[str]:
    """The caption of a sample: note, what is set, how many draws of what, sources, version and command."""
    attrs = dataset.attrs
    draws = int(attrs.get("draws", 0)) or int(np.prod([dataset.sizes[dim] for dim in ("replicate", "draw")]))
    drawn = len(json.loads(str(attrs.get("distributions", "{}"))))
    words = f"{equilibria_words(dataset)} at {draws:,} draws"
    if drawn:
        words += f" of {drawn} parameter{'s' * (drawn != 1)}, each drawn on its own"
    told = " ".join(map(sentence, filter(None, (words, how))))
    return paragraphs(dataset, str(attrs.get("note", "")), told, full=attrs.get("caption") == "full")
