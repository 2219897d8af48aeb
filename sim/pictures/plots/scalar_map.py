"""The map of a number over two parameters: critical patience, and whatever else a solver says of a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.pictures.style import Entry, Plane, Regime, distinguish, percent, sample
from sim.pictures.style.finding import rises
from sim.pictures.style.jumps import as_paths, cut, walls
from sim.pictures.style.numbers import number_shown, one_of
from sim.pictures.style.palette import INK, Pixels
from sim.pictures.style.raster import swatch
from sim.pictures.style.sheet import LEGEND, Sheet
from sim.pictures.style.words import FONT
from sim.plugins import plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = "viridis"  # rises evenly in lightness, also without red or green
FEW = 8  # up to so many whole numbers each has a swatch
BAR = 0.5  # inches of the legend for the colour bar
WALL: dict[str, Any] = {"color": INK, "linewidth": 0.7, "linestyle": "-"}


@plot(axes=(2,), of="critical_discount")
def scalar_map(
    dataset: Any, *, variable: str | None = None, outcome: str | None = None, player: str | None = None
) -> Figure:
    """A number per cell over two parameters, with contours; where there is none, a hatched gap.

    ``variable`` names it; without it: the first number that the solver gives of each cell, else the number
    of equilibria.  Of numbers by ``outcome`` or ``player`` the first that is somewhere known is shown, unless
    it is named.  Raises ValueError unless two parameters are swept, and for unknown names.
    """
    from matplotlib.collections import LineCollection

    plane = Plane.of(dataset)
    name = number_shown(dataset, variable)
    shown, whose = one_of(plane.shown[name], {"outcome": outcome, "player": player})
    number = np.asarray(shown.transpose(*plane.dims).values, dtype=float)
    words = str(shown.attrs.get("long_name") or name.replace("_", " ")) + whose
    unit = str(plane.shown[name].attrs.get("units") or "")
    words += f" ({unit})" if unit else ""
    found = distinguish(plane.shown)
    failed = [at for at, regime in enumerate(found.regimes) if not regime.solved]
    solved = ~np.isin(found.code, failed)
    known = solved & np.isfinite(number)
    values = np.unique(number[known])
    discrete = values.size == 1 or (values.size <= FEW and bool((values == np.round(values)).all()))

    # what a pixel shows: a number, the absence of one, or a status
    code = np.where(known, 0, -1)
    code[~solved] = found.code[~solved] + 1
    if discrete:
        code[known] = -2 - np.searchsorted(values, number[known])
    shade = colours(values, number, known)
    heading = Entry(words, bold=True)
    entries = [heading] if discrete else []
    if discrete:
        shades = colours(values, values, np.ones(values.shape, dtype=bool))
        entries += [
            Entry(
                f"{value:g}",
                percent((number[known] == value).sum() / number.size),
                sample(tone),
            )
            for value, tone in zip(values, shades, strict=True)
        ]
    image = plane.pixels(shade)
    gaps = [(Regime("absent"), ~known & solved, "never: there is no such number")]
    gaps += [(found.regimes[at], found.code == at, found.words(found.regimes[at])) for at in failed]
    for regime, where, meaning in gaps:
        if where.any():
            row, column = np.nonzero(plane.pixels(where))
            image[row, column] = found.palette.paint(regime, row, column)
            entries.append(Entry(meaning, percent(where.mean()), swatch(found.palette, regime)))
    bar = values.size > 0 and not discrete
    smooth = np.where(known, number, np.nan)
    steps = walls(smooth, plane.x, plane.y) if bar else []
    if steps:
        entries.append(Entry("here it jumps", line=WALL))
    sheet = plane.sheet(
        image, plane.pixels(code), words, entries, finding(words, smooth, plane),
        reserve=heading.height() + BAR if bar else 0.0,
    )  # fmt: skip
    if bar:
        sheet.legend([heading], sheet.legend_left, sheet.legend_top)
        colour_bar(sheet, values, sheet.legend_top + heading.height())
        (panel,) = sheet.panels
        contours(panel, plane, smooth)
        panel.add_collection(LineCollection(steps, colors=WALL["color"], linewidths=WALL["linewidth"]))
    return sheet.figure


def colours(values: NDArray[Any], number: NDArray[Any], known: NDArray[np.bool_]) -> Pixels:
    """Colours of numbers between the smallest and the largest of ``values``, ``(...) -> (..., 3)``."""
    from matplotlib import colormaps

    result = np.ones((*number.shape, 3))
    if values.size:
        low, high = values[0], values[-1]
        # the darkest part is left out, so that contours and words can be read
        place = 0.2 + 0.75 * (number[known] - low) / (high - low if high > low else 1.0)
        result[known] = colormaps[COLOURS](place)[:, :3]
    return result


def colour_bar(sheet: Sheet, values: NDArray[Any], top: float) -> None:
    """The scale of colours, ``top`` inches from the top of the sheet."""
    bar = sheet.axes(sheet.legend_left, top, LEGEND - 0.15, 0.16)
    ramp = np.linspace(values[0], values[-1], 256)
    shades = colours(values, ramp, np.ones(256, dtype=bool))
    bar.imshow(shades[None], extent=(ramp[0], ramp[-1], 0, 1), aspect="auto", interpolation="none")
    bar.set_yticks([])
    bar.tick_params(labelsize=7.5, labelfontfamily=FONT, width=0.6, length=3)
    bar.locator_params(axis="x", nbins=5)
    for spine in bar.spines.values():
        spine.set(linewidth=0.6)


def contours(panel: Any, plane: Plane, number: NDArray[Any]) -> None:
    """Lines of equal numbers, each with its number, and none through a jump."""
    from matplotlib.patheffects import withStroke
    from matplotlib.ticker import MaxNLocator

    low, high = np.nanmin(number), np.nanmax(number)
    levels = [level for level in MaxNLocator(7).tick_values(low, high) if low < level < high]
    if min(number.shape) < 4 or not levels:
        return
    lines = panel.contour(plane.x, plane.y, number.T, levels=levels, colors="black", linewidths=0.8)
    pieces = [
        [part for line in level for part in cut(np.asarray(line), number, plane.x, plane.y)]
        for level in lines.allsegs
    ]
    lines.set_paths(as_paths(pieces))
    halo = [withStroke(linewidth=2, foreground="white")]
    for text in panel.clabel(lines, fmt="%g", fontsize=7.5, inline=True):
        text.set(fontfamily=FONT, path_effects=halo)


def finding(words: str, number: NDArray[np.float64], plane: Plane) -> str:
    """How far a number goes and which way, and where there is none."""
    known = np.isfinite(number)
    if not known.any():
        return f"{words}: nowhere"
    low, high = np.nanmin(number), np.nanmax(number)
    span = f"{low:.3g} everywhere" if low == high else f"from {low:.3g} to {high:.3g}"
    way = rises(number, plane.axes)
    told = f"{words}: {span}{'; it ' + way if way else ''}"
    return told if known.all() else f"{told}; there is none in {percent(1 - known.mean())} of cells"
