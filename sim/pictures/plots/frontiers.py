"""From where on each outcome can last, over two parameters: a line for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.pictures.style import Entry, Plane, distinguish, equilibria_words, percent
from sim.pictures.style.raster import swatch
from sim.pictures.style.words import holding
from sim.plugins import plot, unknown

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDEST, NARROWEST = 4.2, 1.4  # points: lines that run together show side by side
TICKS = 9.0  # points from tick to tick


@plot(axes=(2,))
def frontiers(dataset: Any, *, outcome: str | None = None) -> Figure:
    """From where on each outcome can last: a line for each, with ticks on the side where it can.

    Over the two sides' patience this is the frontier of what they can keep up.  Lines run midway between
    cells, so that they are as fine as the sweep.  ``outcome`` shows one alone.
    Raises ValueError unless two parameters are swept, and for unknown outcomes.
    """
    from matplotlib.patheffects import TickedStroke

    plane = Plane.of(dataset)
    found = distinguish(plane.shown)
    if outcome is not None and outcome not in found.outcomes:
        raise ValueError(unknown("outcome", outcome, found.outcomes))
    holds = np.asarray(plane.shown["holds"].transpose(*plane.dims, "outcome").values)
    wanted = [number for number, name in enumerate(found.outcomes) if outcome in {None, name}]
    share = holds.mean(axis=(0, 1))
    drawn = [number for number in wanted if 0 < share[number] < 1]

    image = np.ones((plane.rows.size, plane.columns.size, 3))
    concept = equilibria_words(dataset)
    lasts = holding(dataset)[0]
    words = f"{lasts.capitalize()} beyond its line, where the ticks point (share of cells)"
    entries = [Entry(words, bold=True)]
    # the outcome that lasts in most cells has the widest line, below the others
    drawn.sort(key=lambda number: -share[number])
    widths = np.linspace(WIDEST, NARROWEST, max(len(drawn), 2))[: len(drawn)]
    if len(drawn) == 1:
        widths = np.array([2.2])
    styles = [
        found.palette.line(number) | {"linewidth": float(width)}
        for number, width in zip(drawn, widths, strict=True)
    ]
    entries += [
        Entry(found.outcomes[number], percent(share[number]), line=style)
        for number, style in zip(drawn, styles, strict=True)
    ]
    for word, part in (("everywhere", 1.0), ("nowhere", 0.0)):
        names = [found.outcomes[number] for number in wanted if share[number] == part]
        if names:
            entries.append(Entry(f"{word}: {'; '.join(names)}"))
    for at, regime in enumerate(found.regimes):
        if not regime.solved:
            row, column = np.nonzero(plane.pixels(found.code == at))
            image[row, column] = found.palette.paint(regime, row, column)
            entries.append(
                Entry(found.words(regime), percent((found.code == at).mean()), swatch(found.palette, regime))
            )
    nothing: NDArray[np.int64] = np.zeros(image.shape[:2], dtype=np.int64)
    sheet = plane.sheet(
        image,
        nothing,
        f"from where on an outcome {'is ' * lasts.startswith('in')}{lasts}: {concept}",
        entries,
        finding([found.outcomes[number] for number in drawn], share[drawn], lasts),
    )
    (panel,) = sheet.panels
    for number, style in zip(drawn, styles, strict=True):
        lines = panel.contour(plane.x, plane.y, holds[..., number].T.astype(float), levels=[0.5])
        pieces = lines.allsegs[0]
        lines.remove()
        # contours run with what is higher on their left
        ticks = TickedStroke(spacing=TICKS, angle=90, length=0.9)
        for piece in pieces:
            panel.plot(*piece.T, solid_capstyle="butt", dash_capstyle="butt", **style)
            panel.plot(*piece.T, color=style["color"], linewidth=0.8, path_effects=[ticks])
    return sheet.figure


def finding(names: list[str], shares: NDArray[np.float64], lasts: str) -> str:
    """What lasts over most of the map, and what over least of it."""
    if not names:
        return ""
    told = f"{names[0]}: {lasts} over {percent(shares[0])} of the map"
    return told if len(names) == 1 else f"{told}; {names[-1]}: over {percent(shares[-1])}"
