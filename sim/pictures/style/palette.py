"""Colours and textures: one per outcome by its place in the scenario, the same in every picture.

Eight colours that stay apart under deuteranopia, protanopia and tritanopia (Okabe and Ito 2008, with a
dark red in the place of black); the ninth outcome has the first colour with a fine texture, and so on.
Patterns are computed for pixels, so that what a cell holds is seen at any number of cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["DOTS", "INK", "PALETTE", "Pixels", "Regime", "colour", "line_colour", "overlay", "paint", "plain"]

Pixels = NDArray[np.float64]

PALETTE = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#7b2d26")
INK = "#1a1a1a"

STRIPE = 12  # pixels across one stripe where several outcomes hold
RULE = 9  # pixels from line to line of a texture
DOTS = {"beside": (18, 2.2, 0.15), "only": (10, 2.0, 0.15), "continuum": (16, 2.0, 1.0)}
"""Overlays of dots: pixels from dot to dot, their radius, their grey."""


@dataclass(frozen=True, order=True)
class Regime:
    """What the cells of one colour have in common.

    ``kind`` is ``outcomes`` (those in ``outcomes``, by number, each hold in some equilibrium), ``split``
    (equilibria, but no outcome holds), ``none`` (no equilibrium), ``absent`` (no number), or the name of a
    status.
    """

    kind: str
    outcomes: tuple[int, ...] = ()


SOFTEN = 0.92  # full colours glare over large areas


def rgb(text: str) -> Pixels:
    """``#rrggbb -> (3,)`` in [0, 1]."""
    return np.array([int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)])


def colour(outcome: int) -> tuple[float, float, float]:
    """The plain colour of an outcome, from its place in the scenario."""
    base = rgb(PALETTE[outcome % len(PALETTE)])
    lightness = outcome // (4 * len(PALETTE))  # after the four textures, paler and paler
    red, green, blue = 1 - (1 - base) * SOFTEN * 0.6**lightness
    return float(red), float(green), float(blue)


def line_colour(outcome: int) -> tuple[float, float, float]:
    """The colour of an outcome for a thin line on white: bright colours are darkened."""
    red, green, blue = colour(outcome)
    dim = min(1.0, 0.55 / (0.299 * red + 0.587 * green + 0.114 * blue))
    return red * dim, green * dim, blue * dim


def plain(regime: Regime) -> bool:
    """Whether all pixels of the regime have the one colour of its outcome."""
    return len(regime.outcomes) == 1 and regime.outcomes[0] // len(PALETTE) % 4 == 0


def textured(outcome: int, row: NDArray[Any], column: NDArray[Any]) -> Pixels:
    """Colour of an outcome at pixels, ``(P, 3)``: plain, lines across, lines up, or both."""
    base = np.array(colour(outcome))
    texture = outcome // len(PALETTE) % 4
    lines = np.zeros(row.shape, dtype=bool)
    if texture & 1:
        lines |= row % RULE < 2
    if texture & 2:
        lines |= column % RULE < 2
    return np.where(lines[:, None], 0.55 * base, base)


def paint(regime: Regime, row: NDArray[Any], column: NDArray[Any]) -> Pixels:
    """Colours of the pixels of a regime, ``(P,), (P,) -> (P, 3)``."""
    if regime.kind == "outcomes":
        turn = (row + column) // STRIPE % len(regime.outcomes)
        result = np.empty((*row.shape, 3))
        for place, outcome in enumerate(regime.outcomes):
            mine = turn == place
            result[mine] = textured(outcome, row[mine], column[mine])
        return result
    falling, rising = (row - column) % 14 < 2, (row + column) % 14 < 2
    base, line, pattern = {
        "split": ("#f4f0e6", "#8a7f66", dots(row, column, 9, 1.6)),
        "none": ("#ffffff", "#ffffff", falling),
        "absent": ("#ffffff", "#9a9a9a", falling),
        "not_found": ("#dedede", "#a0a0a0", falling),
        "max_steps": ("#c9c9c9", "#8c8c8c", row % 12 < 2),
        "nonfinite": ("#b0b0b0", "#787878", falling | rising),
    }.get(regime.kind, ("#5a5a5a", "#e8e8e8", falling | rising))
    return np.where(pattern[:, None], rgb(line), rgb(base))


def dots(row: NDArray[Any], column: NDArray[Any], distance: int, radius: float) -> NDArray[np.bool_]:
    """Where dots of a staggered pattern are, ``(P,)``."""
    shifted = column + (row // distance % 2) * (distance // 2)
    centre = (distance - 1) / 2
    hit: NDArray[np.bool_] = (row % distance - centre) ** 2 + (shifted % distance - centre) ** 2 <= radius**2
    return hit


def overlay(image: Pixels, where: NDArray[np.bool_], kind: str) -> None:
    """Put the dots of :data:`DOTS` over the pixels ``where (rows, columns)`` of ``image``, in place."""
    distance, radius, grey = DOTS[kind]
    row, column = np.nonzero(where)
    hit = dots(row, column, distance, radius)
    image[row[hit], column[hit]] = grey
