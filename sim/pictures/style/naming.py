"""Names beside lines: where there is room, and where they cover least."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.pictures.style.palette import INK
from sim.pictures.style.sheet import LINE
from sim.pictures.style.words import FONT, text_width

__all__ = ["name_lines"]

SIZE = 8.0  # points
AWAY = 0.06  # inches from a line to its name, and from name to name
PLACES = np.linspace(0.04, 0.96, 24)  # of a line, where its name may begin
MOST_LINES = 3  # the longest of a name, beside which it may stand

Floats = NDArray[np.float64]


def name_lines(panel: Any, curves: Mapping[str, Sequence[Floats]], size: tuple[float, float]) -> None:
    """Write each name beside one of its lines ``(V, 2)``, longest first; where there is no room, not at all.

    ``size`` is that of the panel in inches, whose limits are final.  Of the places that no other name has, the one
    that covers least of all lines is chosen.
    """
    from matplotlib.patheffects import withStroke

    (left, right), (bottom, top) = panel.get_xlim(), panel.get_ylim()
    scale = np.array([size[0] / (right - left), size[1] / (top - bottom)])
    inches = {
        name: [(np.asarray(line) - [left, bottom]) * scale for line in lines]
        for name, lines in curves.items()
    }
    ink = np.vstack([dense(line) for lines in inches.values() for line in lines])
    taken: list[Floats] = []
    for name, lines in inches.items():
        best = place(name, lines[:MOST_LINES], ink, taken, size)
        if best is None:
            continue
        taken.append(best)
        centre = (best[0] + best[1]) / 2 / scale + [left, bottom]
        panel.text(
            *centre, name, fontsize=SIZE, family=FONT, color=INK, ha="center", va="center", parse_math=False,
            path_effects=[withStroke(linewidth=2.4, foreground="white")], zorder=6,
        )  # fmt: skip
    panel.set(xlim=(left, right), ylim=(bottom, top))


def place(
    name: str, lines: Sequence[Floats], ink: Floats, taken: Sequence[Floats], size: tuple[float, float]
) -> Floats | None:
    """Lower left and upper right corner of the best box for a name, ``(2, 2)`` in inches; None: no room."""
    box = np.array([text_width(name, SIZE), SIZE * LINE])
    found: tuple[tuple[int, int], Floats] | None = None
    for rank, line in enumerate(lines):
        for start in PLACES:
            anchor = line[round(start * (len(line) - 1))]
            for side in (1, -1):
                middle = anchor + np.array([0.0, side * (AWAY + box[1] / 2)])
                corners = np.array([middle - box / 2, middle + box / 2])
                if (corners[0] < AWAY).any() or (corners[1] > np.array(size) - AWAY).any():
                    continue
                if any(overlap(corners, other) for other in taken):
                    continue
                covered = int(((ink > corners[0]) & (ink < corners[1])).all(axis=1).sum())
                if found is None or (covered, rank) < found[0]:
                    found = (covered, rank), corners
    return None if found is None else found[1]


def overlap(one: Floats, other: Floats) -> bool:
    """Whether two boxes meet, or are nearer than names should be."""
    return bool((one[0] < other[1] + AWAY).all() and (other[0] < one[1] + AWAY).all())


def dense(line: Floats) -> Floats:
    """Points along a line, close enough that none of it is overlooked."""
    if len(line) < 2:
        return line
    steps = np.linspace(0, len(line) - 1, 400)
    return np.column_stack([np.interp(steps, np.arange(len(line)), line[:, axis]) for axis in range(2)])
