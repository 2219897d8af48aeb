"""How pictures look: colours of outcomes, words for axes and captions, the sheet they stand on, and files.

No picture uses pyplot or changes a global setting, so pictures can be drawn in threads.
"""

from __future__ import annotations

from sim.pictures.style.files import FORMATS, save, showing_itself
from sim.pictures.style.palette import NEUTRAL, SHADES, Palette, Regime, sample
from sim.pictures.style.plane import Plane, default_of, heading
from sim.pictures.style.regimes import Regimes, distinguish
from sim.pictures.style.sheet import Entry, Sheet
from sim.pictures.style.words import axis_label, caption, concept_words, equilibria_words, percent

__all__ = [
    "FORMATS",
    "NEUTRAL",
    "SHADES",
    "Entry",
    "Palette",
    "Plane",
    "Regime",
    "Regimes",
    "Sheet",
    "axis_label",
    "caption",
    "concept_words",
    "default_of",
    "distinguish",
    "equilibria_words",
    "heading",
    "percent",
    "sample",
    "save",
    "showing_itself",
]
