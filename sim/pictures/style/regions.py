"""Words inside a map: each large region is named where there is room for its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.pictures.style.files import DPI
from sim.pictures.style.sheet import LINE
from sim.pictures.style.words import FONT, balance, text_width

__all__ = ["layouts", "name_regions", "room"]

COARSE = 4  # pixels of a side of the squares among which words look for room
SMALLEST = 0.012  # share of the map
MARGIN = 0.12  # inches around words, and around the default point
WIDEST = 2.6  # inches of a line
MOST_LINES = 3
PAPER: dict[str, Any] = {"facecolor": "white", "alpha": 0.8, "linewidth": 0, "boxstyle": "round,pad=0.25"}


def name_regions(
    panel: Any,
    code: NDArray[np.int64],
    words: Sequence[str],
    point: tuple[float, float] | None,
    plain: Sequence[bool] = (),
) -> None:
    """Write ``words[code]`` into every connected region of ``code (rows, columns)`` with room, once each.

    Regions without words stay without; words on those that are not ``plain[code]`` stand on paper.
    ``point`` is in the panel's coordinates; no words come near it.
    """
    from matplotlib.patheffects import withStroke
    from scipy.ndimage import find_objects, label

    code = code[::COARSE, ::COARSE]
    height, width = code.shape
    (left, right), (bottom, top) = panel.get_xlim(), panel.get_ylim()
    free = np.ones(code.shape, dtype=bool)
    if point is not None:
        row, column = np.ogrid[:height, :width]
        down, across = (
            (point[1] - bottom) / (top - bottom) * height,
            (point[0] - left) / (right - left) * width,
        )
        free = (row - down) ** 2 + (column - across) ** 2 > (MARGIN * DPI / COARSE) ** 2
    for number, text in enumerate(words):
        if not text:
            continue
        parts, _ = label(code == number)
        for part, box in enumerate(find_objects(parts), start=1):
            mask = (parts[box] == part) & free[box]
            if mask.sum() < SMALLEST * code.size:
                continue
            fit = best_fit(mask, text)
            if fit is None:
                continue
            (up, along), size, lines = fit
            striped = bool(plain) and not plain[number]
            panel.text(
                left + (box[1].start + along) / width * (right - left),
                bottom + (box[0].start + up) / height * (top - bottom),
                "\n".join(lines),
                fontsize=size,
                family=FONT,
                ha="center",
                va="center",
                color="black",
                parse_math=False,
                linespacing=1.2,
                path_effects=[withStroke(linewidth=2.6, foreground="white")],
                bbox=PAPER if striped else None,
                zorder=6,
            )


def best_fit(mask: NDArray[np.bool_], text: str) -> tuple[tuple[float, float], float, list[str]] | None:
    """Place, size and lines of the most legible way to write words into a mask; None: no way."""
    from scipy.ndimage import distance_transform_edt

    distance = distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1]
    for size, lines in layouts(text):
        width = max(text_width(line, size) for line in lines) + 2 * MARGIN
        height = len(lines) * size * LINE + MARGIN
        inch = DPI / COARSE
        place = room(mask, distance, int(np.ceil(width * inch)), int(np.ceil(height * inch)))
        if place is not None:
            return place, size, lines
    return None


def room(
    mask: NDArray[np.bool_], distance: NDArray[np.float64], width: int, height: int
) -> tuple[float, float] | None:
    """Centre (row, column) of the best place for a box inside the mask; None: there is no room.

    The best place is farthest from the border (``distance`` is that of each point of the mask): the pole
    of the region, if the box fits there; of places nearly as far, the most central one.
    """
    if height > mask.shape[0] or width > mask.shape[1]:
        return None
    sums = np.zeros((mask.shape[0] + 1, mask.shape[1] + 1), dtype=np.int64)
    sums[1:, 1:] = mask.cumsum(axis=0).cumsum(axis=1)
    inside = sums[height:, width:] - sums[:-height, width:] - sums[height:, :-width] + sums[:-height, :-width]
    fits = inside == width * height
    if not fits.any():
        return None
    centre = distance[height // 2 :, width // 2 :][: fits.shape[0], : fits.shape[1]]
    centre = np.where(fits, centre, -1.0)
    rows, columns = np.nonzero(centre >= 0.95 * centre.max())
    best = np.argmin((rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2)
    return float(rows[best]) + height / 2, float(columns[best]) + width / 2


def layouts(words: str) -> list[tuple[float, list[str]]]:
    """Ways to set some words, the most legible first: size in points, and lines of about equal length."""
    result: list[tuple[float, list[str]]] = []
    for size in (10.0, 9.0, 8.0, 7.5):
        whole = text_width(words, size)
        longest = max(text_width(word, size) for word in words.split(" "))
        for count in range(1, MOST_LINES + 1):
            width = max(longest, 1.05 * whole / count)
            lines = balance(words, width, size)
            if width <= WIDEST and len(lines) <= MOST_LINES and (size, lines) not in result:
                result.append((size, lines))
    return result
