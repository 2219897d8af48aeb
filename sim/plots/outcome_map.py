"""The map of outcomes over two parameters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.plugins import plot
from sim.style import (
    Entry,
    Regime,
    Regimes,
    Sheet,
    axis_label,
    caption,
    concept_words,
    distinguish,
    text_width,
)
from sim.style.files import DPI
from sim.style.palette import INK
from sim.style.raster import border_lines, lay, pixel_codes, raster, room, swatch, thin
from sim.style.sheet import LINE, snap
from sim.style.words import FONT, balance, percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 5.6, 4.7  # of the map in inches
MOST_ENTRIES = 18  # regimes in the legend; the smallest beyond are summed up
COARSE = 4  # pixels of a side of the squares among which words look for room
OVERLAYS = {
    "beside": "dark dots: in some equilibrium somebody mixes",
    "only": "dense dark dots: in every equilibrium somebody mixes",
    "continuum": "white dots: degenerate, a continuum of equilibria",
}


@plot(axes=(2,))
def outcome_map(dataset: Any, *, labels: bool = True) -> Figure:
    """Which outcomes are in equilibrium, over two parameters: a colour each, stripes where several are.

    Colours belong to the scenario's outcomes, not to what a map holds.  ``labels`` puts the names of
    large regions into the map.  Raises ValueError unless two parameters are swept.
    """
    from matplotlib.collections import LineCollection

    dims = dataset["status"].dims
    if len(dims) != 2:
        raise ValueError(
            f"a map has two axes, this dataset {len(dims)} ({', '.join(dims)}): fix others with --set, or sweep two"
        )
    pixels = round(snap(WIDTH) * DPI), round(snap(HEIGHT) * DPI)
    shown = thin(dataset, max(pixels))
    thinned = shown.sizes != dataset.sizes
    shown = shown.sortby(list(dims)).load()
    found = distinguish(shown)
    x, y = (np.asarray(shown[dim].values, dtype=float) for dim in dims)
    columns, rows = lay(x, pixels[0]), lay(y, pixels[1])
    code = pixel_codes(found, columns, rows)

    inside, point = defaults(dataset)
    entries, notes = legend(found), []
    if inside:
        words = ", ".join(f"{dim} = {value:g}" for dim, value in zip(dims, point, strict=True))
        entries.append(Entry(f"defaults: {words}", line=MARKER))
    else:
        outside = [f"{dim} = {value:g}" for dim, value in zip(dims, point, strict=True) if np.isfinite(value)]
        notes.append(f"the default ({', '.join(outside)}) lies outside the map" if outside else "")
    if thinned:
        notes.append(f"of these cells the picture shows {' x '.join(str(shown.sizes[dim]) for dim in dims)}")
    title = dataset.attrs.get("title") or dataset.attrs.get("sweep", "")
    subtitle = f"{dataset.attrs.get('scenario_title') or dataset.attrs.get('scenario', '')}: outcomes in {concept_words(dataset.attrs.get('concept', 'nash'))}"
    sheet = Sheet(
        title, subtitle, axis_label(dataset, dims[0]), [axis_label(dataset, dims[1])], entries,
        caption(dataset, *notes), width=WIDTH, heights=[HEIGHT],
    )  # fmt: skip

    panel = sheet.panels[0]
    bounds = span(x), span(y)
    panel.imshow(
        raster(found, code, columns, rows),
        origin="lower",
        extent=(*bounds[0], *bounds[1]),
        aspect="auto",
        interpolation="none",
    )
    panel.set(xlim=bounds[0], ylim=bounds[1])
    pieces = border_lines(
        code, *(np.linspace(*ends, size + 1) for ends, size in zip(bounds, pixels, strict=True))
    )
    if len(pieces) <= 20_000:  # beyond, cells are as small as the line is wide
        panel.add_collection(LineCollection(pieces, colors=INK, linewidths=0.7, capstyle="projecting"))
    if inside:
        panel.plot(*point, zorder=5, clip_on=False, **MARKER)
    if labels:
        name_regions(panel, found, code[::COARSE, ::COARSE], bounds, point if inside else None)
    return sheet.figure


MARKER: dict[str, Any] = {
    "marker": "D", "markersize": 7, "markerfacecolor": "white", "markeredgecolor": "black", "markeredgewidth": 1.6, "color": "none",
}  # fmt: skip


def span(points: Any) -> tuple[float, float]:
    """From the first to the last point; half a unit each way around a single one."""
    return (
        (float(points[0]), float(points[-1]))
        if points.size > 1
        else (float(points[0]) - 0.5, float(points[0]) + 0.5)
    )


def defaults(dataset: Any) -> tuple[bool, tuple[float, float]]:
    """Whether the default point lies on the map, and where it is (NaN: not known)."""
    known = json.loads(dataset.attrs.get("defaults", "{}"))
    dims = dataset["status"].dims
    point = tuple(float(dataset[dim].attrs.get("default", known.get(dim, np.nan))) for dim in dims)
    values = [dataset[dim].values for dim in dims]
    inside = all(axis.min() <= value <= axis.max() for axis, value in zip(values, point, strict=True))
    return inside, (point[0], point[1])


def legend(found: Regimes) -> list[Entry]:
    """An entry for each regime that occurs, with its share of the cells, and for each kind of dots."""
    shares = found.shares()
    order = [number for number in np.argsort(-shares, kind="stable").tolist() if shares[number] > 0]
    keep, rest = set(order[:MOST_ENTRIES]), order[MOST_ENTRIES:]
    entries = [Entry("In equilibrium (share of cells)")]
    entries += [
        Entry(found.words(regime), percent(shares[number]), swatch(regime))
        for number, regime in enumerate(found.regimes)
        if number in keep
    ]
    if rest:
        entries.append(Entry(f"and {len(rest)} more combinations, the smallest", percent(shares[rest].sum())))
    if found.knife_edge.any():
        words = "knife edges: payoffs tie, and the outcomes of both sides hold"
        entries.append(
            Entry(
                words,
                percent(found.knife_edge.mean()),
                line={"linestyle": "-", "color": INK, "linewidth": 0.7},
            )
        )
    for kind, words in OVERLAYS.items():
        if getattr(found, kind).any():
            plain = Regime("outcomes", (0,)) if kind == "continuum" else Regime("none")
            entries.append(Entry(words, pixels=swatch(plain, kind)))
    return entries


def name_regions(
    panel: Any, found: Regimes, code: Any, bounds: Any, point: tuple[float, float] | None
) -> None:
    """Write names into connected regions that have room for them."""
    from matplotlib.patheffects import withStroke
    from scipy.ndimage import label

    per_inch = DPI / COARSE
    free = np.ones(code.shape, dtype=bool)
    if point is not None:
        at = [
            (value - low) / (high - low) * size
            for value, (low, high), size in zip(point, bounds, code.shape[::-1], strict=True)
        ]
        row, column = np.indices(code.shape)
        free = (row - at[1]) ** 2 + (column - at[0]) ** 2 > (0.12 * per_inch) ** 2
    for number, regime in enumerate(found.regimes):
        parts, count = label(code == number)
        sizes = np.bincount(parts.ravel())
        for part in range(1, count + 1):
            if sizes[part] < 0.012 * code.size:
                continue
            for size, lines in layouts(short_words(found, regime)):
                width = max(text_width(line, size) for line in lines) + 0.12
                height = len(lines) * size * LINE + 0.08
                place = room(
                    (parts == part) & free, int(np.ceil(width * per_inch)), int(np.ceil(height * per_inch))
                )
                if place is None:
                    continue
                x, y = (
                    low + at / length * (high - low)
                    for at, length, (low, high) in zip(place[::-1], code.shape[::-1], bounds, strict=True)
                )
                panel.text(
                    x, y, "\n".join(lines), fontsize=size, family=FONT, ha="center", va="center", color="black", parse_math=False,
                    linespacing=1.2, path_effects=[withStroke(linewidth=2.6, foreground="white")], zorder=6,
                )  # fmt: skip
                break


def short_words(found: Regimes, regime: Regime) -> str:
    """The regime in few words, for the map itself."""
    return {"split": "mixed play", "none": "none"}.get(regime.kind) or (
        found.words(regime) if regime.kind == "outcomes" else regime.kind.replace("_", " ")
    )


def layouts(words: str) -> list[tuple[float, list[str]]]:
    """Ways to set some words, the most legible first: size in points, and lines of about equal length."""
    result = []
    for size in (10.0, 9.0, 8.0, 7.0):
        whole = text_width(words, size)
        longest = max(text_width(word, size) for word in words.split(" "))
        for count in range(1, 6):
            width = max(longest, 1.05 * whole / count)
            lines = balance(words, width, size)
            if width <= 2.6 and (size, lines) not in result:
                result.append((size, lines))
    return result
