"""How regimes look on the page: words, and a small square of colours that is laid side by side."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from sim.pictures.style import percent
from sim.pictures.style.palette import DARK, Palette, Regime, luminance
from sim.pictures.style.regimes import MIXED, Regimes, in_words

__all__ = ["legend", "looks"]

LARGEST = 128  # pixels of a square
MOST_NAMES = 2  # outcomes named within the map


def looks(found: Regimes) -> list[dict[str, Any]]:
    """Of each regime: its kind, words, the outcomes that hold, short words for the map itself, and its square."""
    return [
        {
            "kind": regime.kind,
            "words": found.words(regime),
            "short": short_words(found, regime),
            "outcomes": [found.outcomes[number] for number in regime.outcomes],
            "plain": found.palette.plain(regime),
            "square": square(found.palette, regime),
            "dot": dot_on(found.palette, regime),
        }
        for regime in found.regimes
    ]


def short_words(found: Regimes, regime: Regime) -> str:
    """The regime in few words."""
    if regime.kind == "outcomes":
        many = len(regime.outcomes)
        return found.words(regime).replace(MIXED, "") if many <= MOST_NAMES else f"{many} outcomes"
    if regime.leading:
        names = in_words([found.outcomes[number] for number in regime.leading])
        return f"likeliest: {names}" if len(regime.leading) <= MOST_NAMES else "none reaches half"
    return {"split": "none reaches half", "none": "none"}.get(regime.kind, "")


def dot_on(palette: Palette, regime: Regime) -> str:
    """The colour of dots on a plain regime: a dark one, on dark colours white."""
    dark = palette.plain(regime) and luminance(palette.colour(regime.outcomes[0])) < DARK
    return "#ffffff" if dark else "#262626"


@lru_cache(maxsize=4096)
def square(palette: Palette, regime: Regime) -> dict[str, Any]:
    """The smallest square of pixels that repeats: ``size``, ``colours``, and their numbers row by row from the bottom.

    Where a row is the one below it, moved by one pixel, only the first is there.
    """
    row, column = np.indices((2 * LARGEST, 2 * LARGEST))
    image = np.round(255 * palette.paint(regime, row.ravel(), column.ravel())).astype(np.int64)
    numbers = (image @ np.array([65536, 256, 1])).reshape(row.shape)
    size = next((size for size in range(1, LARGEST) if repeats(numbers, size)), LARGEST)
    colours, cells = np.unique(numbers[:size, :size], return_inverse=True)
    cells = cells.reshape(size, size)
    diagonal = all((np.roll(cells[0], -step) == cells[step]).all() for step in range(size))
    return {
        "size": size,
        "colours": [f"#{colour:06x}" for colour in colours.tolist()],
        "cells": (cells[0] if diagonal else cells.ravel()).tolist(),
    }


def repeats(numbers: Any, size: int) -> bool:
    """Whether pixels are the same so many to the right and so many up."""
    return bool((numbers[:, size:] == numbers[:, :-size]).all() and (numbers[size:] == numbers[:-size]).all())


def legend(found: Regimes, cells: int) -> list[dict[str, Any]]:
    """Looks with the share of each regime in ``cells``, as the map counts and words it."""
    shares = np.bincount(found.code.ravel(), minlength=len(found.regimes)) / max(cells, 1)
    return [
        {**look, "share": percent(share), "part": float(share)}
        for look, share in zip(looks(found), shares.tolist(), strict=True)
    ]
