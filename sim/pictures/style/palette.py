"""Colours of outcomes by their tone, from peace to war, and the textures of pixels.

Seven tones that differ in hue and lightness, so that they stay apart in grey and for eyes without one kind of cones:
under each simulation of Machado, Oliveira and Fernandes (2009) the nearest two are 19 units of CIELAB apart, and their
lightness differs by 11.  A tone has four shades; which one an outcome has follows from its words alone, so that the same
words have the same colour everywhere.  Patterns are computed for pixels, so that what a cell holds is seen at any
number of cells.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "INK", "NEUTRAL", "SHADES", "Paint", "Palette", "Pixels", "Regime", "overlay", "sample", "to_line",
]  # fmt: skip

Pixels = NDArray[np.float64]

SHADES = {
    "agreement": ("#07a57a", "#91c68f", "#396847", "#68874c"),
    "talks": ("#2a72bc", "#7e85be", "#639bfd", "#99aef2"),
    "quiet": ("#d8f3f6", "#abeaff", "#a0cfd1", "#82d1f0"),
    "concession": ("#f3ca47", "#cca001", "#fcf094", "#d7ca82"),
    "standoff": ("#614b7a", "#543350", "#866f81", "#a96ca7"),
    "escalation": ("#f19b5c", "#ffae88", "#b8782a", "#f48125"),
    "war": ("#750f12", "#93253a", "#984630", "#9f0e0a"),
}
"""Tones in their order from peace to war, each with its shades, the first of which stands for the tone."""

NEUTRAL = (
    "#8d9cb4", "#e8dcc0", "#5f7091", "#c2ac86", "#2e4468", "#967f58", "#b9c6da", "#6b5532",
)  # fmt: skip
"""Of outcomes without a tone, in their order: slate and sand, which say nothing of peace or war."""

# of the shades: with it outcomes of one tone in one scenario of the library have different ones
SALT = "186640"
INK, PAPER = "#1a1a1a", "#ffffff"
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.2)), (0, (2, 1)), (0, (6, 1, 1.5, 1)), (0, (8, 1.5)))

STRIPE, THIN_STRIPE = (
    12,
    4,
)  # pixels across a stripe of an outcome among several; thin where only mixing plays it
RULE = 9  # pixels from line to line of a texture
DOTS = (16, 2.0)  # pixels from dot to dot of a continuum, and their radius
DARK = 0.35  # luminance below which what is drawn over a colour is white
FAINT_SHADE = 0.3  # what is left of a colour where its outcome is the likeliest, and does not reach one half
PALER = 0.6  # what is left of a colour after each round of four textures
LINE_LIGHT = 0.55  # luminance of the lightest thin line on white


@dataclass(frozen=True, order=True)
class Regime:
    """What the cells of one colour have in common.

    ``kind`` is ``outcomes`` (those in ``outcomes``, by number, each hold in some equilibrium), ``split``
    (equilibria, but no outcome holds), ``none`` (no equilibrium), ``absent`` (no number), or the name of a
    status.  ``mixed`` are those of ``outcomes`` that hold only in equilibria in which somebody mixes.  ``leading`` are
    the likeliest outcomes of each equilibrium where none holds, as far as they are known.
    """

    kind: str
    outcomes: tuple[int, ...] = ()
    mixed: tuple[int, ...] = ()
    leading: tuple[int, ...] = ()

    @property
    def solved(self) -> bool:
        """Whether these cells have an answer, be it that there is none."""
        return self.kind in {"outcomes", "split", "none"}


@dataclass(frozen=True)
class Paint:
    """How an outcome looks: its colour ``rgb`` in [0, 1], its ``texture`` (0: plain), the ``dash`` of its lines."""

    rgb: tuple[float, float, float]
    texture: int = 0
    dash: int = 0


@dataclass(frozen=True)
class Palette:
    """The looks of all outcomes (or states) of a dataset, by number."""

    paints: tuple[Paint, ...]

    @classmethod
    def of(cls, dataset: Any, dim: str = "outcome") -> Palette:
        """The palette of a dataset, whose attribute ``tones`` is a JSON table of tones by name."""
        tones = json.loads(dataset.attrs.get("tones") or "{}")
        return cls.named([str(name) for name in dataset[dim].values], tones)

    @classmethod
    def named(cls, names: Sequence[str], tones: Mapping[str, str]) -> Palette:
        """The palette of outcomes with these names and tones, in the order of their numbers."""
        return cls(paints(names, tones))

    def colour(self, number: int) -> tuple[float, float, float]:
        """The plain colour of an outcome."""
        return self.paints[number].rgb

    def paler(self, number: int) -> tuple[float, float, float]:
        """Its colour where it is the likeliest outcome, and does not hold."""
        red, green, blue = (1 - FAINT_SHADE * (1 - part) for part in self.colour(number))
        return red, green, blue

    def line(self, number: int) -> dict[str, Any]:
        """Colour and dashes of the lines of an outcome, the same in every picture."""
        own = self.paints[number]
        return {"color": to_line(own.rgb), "linestyle": DASHES[own.dash % len(DASHES)]}

    def plain(self, regime: Regime) -> bool:
        """Whether all pixels of the regime have the one colour of its outcome."""
        return len(regime.outcomes) == 1 and not regime.mixed and not self.paints[regime.outcomes[0]].texture

    def paint(self, regime: Regime, row: NDArray[Any], column: NDArray[Any]) -> Pixels:
        """Colours of the pixels of a regime, ``(P,), (P,) -> (P, 3)``."""
        if regime.kind == "outcomes":
            if len(regime.outcomes) > 1:
                return self.stripes(regime, row, column)
            own = self.paints[regime.outcomes[0]]
            if regime.mixed:
                return ruled(own.rgb, (row + column) % STRIPE < THIN_STRIPE, lighter=True)
            lines = np.zeros(row.shape, dtype=bool)
            if own.texture & 1:
                lines |= row % RULE < 2
            if own.texture & 2:
                lines |= column % RULE < 2
            return ruled(own.rgb, lines)
        if regime.leading:
            return self.pale(regime.leading, row, column)
        return without_outcome(regime.kind, row, column)

    def pale(self, leading: tuple[int, ...], row: NDArray[Any], column: NDArray[Any]) -> Pixels:
        """Pale shades of outcomes that are likeliest and yet do not hold: one with dots of its own, several in stripes."""
        place = (row + column) % (STRIPE * len(leading)) // STRIPE
        shades = np.array([self.paler(number) for number in leading])
        result: Pixels = shades[place]
        if len(leading) == 1:
            dotted = dots(row, column, 9, 1.6)
            result[dotted] = to_line(self.colour(leading[0]))
        return result

    def stripes(self, regime: Regime, row: NDArray[Any], column: NDArray[Any]) -> Pixels:
        """A stripe for each outcome that holds, a thin one where only equilibria with mixing play it."""
        widths = [THIN_STRIPE if number in regime.mixed else STRIPE for number in regime.outcomes]
        place = np.searchsorted(np.cumsum(widths), (row + column) % sum(widths), side="right")
        shades = [
            np.array(self.colour(number)) * 0.85 ** self.paints[number].texture for number in regime.outcomes
        ]
        result: Pixels = np.stack(shades)[place]
        return result


def paints(names: Sequence[str], tones: Mapping[str, str]) -> tuple[Paint, ...]:
    """The looks of outcomes: by tone and words; where two would look alike the later word gets a texture."""
    looks: list[tuple[str, int]] = []
    neutral = 0
    for name in names:
        tone = tones.get(name, "")
        if tone in SHADES:
            number = shade(name)
            looks.append((SHADES[tone][number], number))
        elif tone.startswith("#"):
            looks.append((tone, shade(name)))
        else:
            looks.append((NEUTRAL[neutral % len(NEUTRAL)], neutral))
            neutral += 1
    result: list[Paint | None] = [None] * len(names)
    for own in {look for look, _ in looks}:
        # those without a tone are in the order of the scenario, others in that of their words
        alike = [at for at, (look, _) in enumerate(looks) if look == own]
        alike.sort(key=lambda at: (names[at] in tones, names[at] if names[at] in tones else ""))
        for turn, at in enumerate(alike):
            red, green, blue = 1 - (1 - rgb(own)) * PALER ** (turn // 4)
            result[at] = Paint((float(red), float(green), float(blue)), turn % 4, looks[at][1] + turn)
    return tuple(paint for paint in result if paint is not None)


def shade(words: str) -> int:
    """Which of the shades of its tone an outcome has, by its words: that of the tone itself five times in eight."""
    last = len(SHADES["war"]) - 1
    return max(0, hashlib.sha256(f"{SALT}{words}".encode()).digest()[0] % 8 - (7 - last))


def rgb(text: str) -> Pixels:
    """``#rrggbb -> (3,)`` in [0, 1]."""
    return np.array([int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)])


def luminance(colour: Any) -> float:
    """How light a colour is, from 0 to 1, by the weights of the eye (ITU-R BT.601)."""
    red, green, blue = colour
    return float(0.299 * red + 0.587 * green + 0.114 * blue)


def to_line(colour: Any) -> tuple[float, float, float]:
    """A colour for a thin line on white: bright ones are darkened."""
    red, green, blue = (min(1.0, LINE_LIGHT / max(luminance(colour), LINE_LIGHT)) * part for part in colour)
    return red, green, blue


def ruled(colour: Any, lines: NDArray[np.bool_], *, lighter: bool = False) -> Pixels:
    """A colour with lines of its own hue where ``lines (P,)``: darker, on dark colours (or on demand) lighter."""
    base = np.array(colour)
    other = 1 - 0.45 * (1 - base) if lighter or luminance(base) < DARK else 0.6 * base
    return np.where(lines[:, np.newaxis], other, base)


def without_outcome(kind: str, row: NDArray[Any], column: NDArray[Any]) -> Pixels:
    """Pixels of cells in which no outcome holds, ``(P, 3)``: paper or grey, with a pattern for each kind."""
    falling, rising = (row - column) % 14 < 2, (row + column) % 14 < 2
    base, line, pattern = {
        "split": ("#f4f0e6", "#8a7f66", dots(row, column, 9, 1.6)),
        "none": (PAPER, PAPER, falling),
        "absent": (PAPER, "#9a9a9a", falling),
        "not_found": ("#dedede", "#a0a0a0", falling),
        "max_steps": ("#c9c9c9", "#8c8c8c", row % 12 < 2),
        "nonfinite": ("#b0b0b0", "#787878", falling | rising),
    }.get(kind, ("#5a5a5a", "#e8e8e8", falling | rising))
    return np.where(pattern[:, np.newaxis], rgb(line), rgb(base))


def dots(row: NDArray[Any], column: NDArray[Any], distance: int, radius: float) -> NDArray[np.bool_]:
    """Where dots of a staggered pattern are, ``(P,)``."""
    shifted = column + (row // distance % 2) * (distance // 2)
    centre = (distance - 1) / 2
    hit: NDArray[np.bool_] = (row % distance - centre) ** 2 + (shifted % distance - centre) ** 2 <= radius**2
    return hit


def overlay(image: Pixels, where: NDArray[np.bool_]) -> None:
    """Put the dots of a continuum over the pixels ``where (rows, columns)`` of ``image``, in place."""
    row, column = np.nonzero(where)
    hit = dots(row, column, *DOTS)
    under = image[row[hit], column[hit]]
    dark = under @ np.array([0.299, 0.587, 0.114]) < DARK
    image[row[hit], column[hit]] = np.where(dark[:, np.newaxis], 1.0, 0.15)


def sample(colour: Any, shape: tuple[int, int] = (40, 68)) -> Pixels:
    """A swatch of one colour."""
    return np.tile(np.asarray(colour, dtype=float), (*shape, 1))
