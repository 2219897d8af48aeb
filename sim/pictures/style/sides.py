"""What tells players, or signals, apart in a picture that does not show outcomes: colour, shape and dashes all differ.

Colours are those of Okabe and Ito without yellow, which is too bright for lines; no two are told apart by hue alone.
"""

from __future__ import annotations

from typing import Any

from sim.pictures.style.palette import INK

__all__ = ["line_of", "marker_of"]

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7b2d26")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "h")
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.5, 1)), (0, (5, 1.5, 1.5, 1.5)))


def marker_of(side: int) -> dict[str, Any]:
    """The sign of a player, by number, or of chance, -1."""
    shown = {"linestyle": "none", "markersize": 5.5, "markeredgecolor": INK, "markeredgewidth": 0.7}
    if side < 0:
        return {**shown, "marker": "o", "markerfacecolor": "white"}
    return {**shown, "marker": MARKERS[side % len(MARKERS)], "markerfacecolor": COLOURS[side % len(COLOURS)]}


def line_of(number: int) -> dict[str, Any]:
    """A line with signs at its ends, by its number."""
    colour = COLOURS[number % len(COLOURS)]
    return {
        "color": colour, "linewidth": 1.8, "linestyle": DASHES[number % len(DASHES)], "markersize": 6.5,
        "marker": MARKERS[number % len(MARKERS)], "markerfacecolor": colour, "markeredgecolor": colour,
    }  # fmt: skip
