"""Where one chosen outcome can last, over two parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.pictures.style import Entry, Plane, distinguish, equilibria_words, percent, sample
from sim.pictures.style.finding import divided
from sim.pictures.style.palette import Pixels
from sim.pictures.style.raster import swatch
from sim.pictures.style.regions import name_regions
from sim.pictures.style.words import holding
from sim.plugins import plot, unknown

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NEVER = 0.96  # grey of cells in which it cannot last
BESIDE = 0.5  # how much of its colour is left where others can last as well


@plot(axes=(2,))
def sustainability_map(dataset: Any, *, outcome: str | None = None) -> Figure:
    """Where one outcome can last: alone, beside others, or not at all.

    In a repeated game an outcome can last where some joint action of it is sustained for ever; in other
    games where some equilibrium plays it with probability one half or more.  ``outcome`` names it; without
    it: the first of the scenario that holds in some cells but not in all.
    Raises ValueError unless two parameters are swept, and for unknown outcomes.
    """
    plane = Plane.of(dataset)
    name = choose(plane.shown, outcome)
    found = distinguish(plane.shown)
    holds = np.asarray(plane.shown["holds"].transpose(*plane.dims, "outcome").values)
    number = found.outcomes.index(name)
    mine, others = holds[..., number], np.delete(holds, number, axis=-1).any(axis=-1)
    failed = [at for at, regime in enumerate(found.regimes) if not regime.solved]
    known = ~np.isin(found.code, failed)

    own = np.array(found.palette.colour(number))
    tones = [own, 1 - BESIDE * (1 - own), np.full(3, NEVER)]
    words = ["it and nothing else", "it, and other outcomes as well", "not this outcome"]
    code = np.where(mine, np.where(others, 1, 0), 2)
    entries = [Entry(f"{holding(dataset)[0].capitalize()}: {name}", bold=True)]
    for kind, (tone, meaning) in enumerate(zip(tones, words, strict=True)):
        share = (known & (code == kind)).mean()
        if share:
            entries.append(Entry(meaning, percent(share), sample(tone)))
    pixels = plane.pixels(code)
    image: Pixels = np.stack(tones)[pixels]
    for at in failed:
        row, column = np.nonzero(plane.pixels(found.code == at))
        image[row, column] = found.palette.paint(found.regimes[at], row, column)
        pixels[row, column] = len(words) + at
        share = percent((found.code == at).mean())
        entries.append(Entry(found.words(found.regimes[at]), share, swatch(found.palette, found.regimes[at])))
    subtitle = f"{name}, in {equilibria_words(dataset)}"
    lasts = holding(dataset)[0]
    finding = f"{name}: {lasts} in {percent(mine.mean())} of the cells"
    if 0 < mine.mean() < 1:
        finding += f", {divided(mine & known, ~mine & known, plane.axes)}"
    sheet = plane.sheet(image, pixels, subtitle, entries, finding)
    name_regions(sheet.panels[0], compact(pixels), labels(pixels, holding(dataset)), plane.point)
    return sheet.figure


def choose(shown: Any, outcome: str | None) -> str:
    """The outcome to draw."""
    names = [str(name) for name in shown["outcome"].values]
    if outcome is not None:
        if outcome not in names:
            raise ValueError(unknown("outcome", outcome, names))
        return outcome
    share = shown["holds"].mean(shown["status"].dims).values
    telling = [name for name, part in zip(names, share, strict=True) if 0 < part < 1]
    certain = [name for name, part in zip(names, share, strict=True) if part == 1]
    return (telling + certain + names)[0]


def compact(code: NDArray[Any]) -> NDArray[np.int64]:
    """The codes that occur, numbered from 0 in their order."""
    return np.unique(code, return_inverse=True)[1].reshape(code.shape)


def labels(code: NDArray[Any], lasts: tuple[str, str]) -> list[str]:
    """Words for the regions of the codes that occur."""
    words = ["only this", *lasts]
    return [words[number] if number < len(words) else "" for number in np.unique(code).tolist()]
