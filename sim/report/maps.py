"""Pictures of a page: the house's own as ``<img>``, and over a map a path for each regime, which says what it is."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.dataset.measures import selected
from sim.markup import Markup, as_address, element
from sim.pictures import figure_of
from sim.pictures.draw import choose_plot
from sim.pictures.style import Plane, Regimes, distinguish, percent, save
from sim.pictures.style.raster import edges
from sim.pictures.style.words import loads

__all__ = ["Picture", "Shown", "drawn", "figure", "hexadecimal", "map_of", "thumbnail"]

SIDE = 1000  # of the box that paths are drawn in
LEAST_SHARE = 0.002  # of a map that a regime must have to get a path


@dataclass(frozen=True)
class Picture:
    """A picture as SVG, its size, and where its only panel is: left, bottom, width, height as shares of it."""

    svg: str
    size: tuple[float, float]
    panel: tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Shown:
    """A dataset of two axes that is drawn as a map of outcomes: its plane, and the regimes on it."""

    plane: Plane
    found: Regimes


def map_of(dataset: Any) -> Shown | None:
    """What a map of outcomes shows; None for datasets that are drawn otherwise."""
    if "status" not in dataset or dataset["status"].ndim != 2:
        return None
    shown = selected(dataset)
    usual = loads(shown, "plot", {})
    if choose_plot(usual.get("name"), shown, ()).name != "outcome_map":
        return None
    plane = Plane.of(shown)
    return Shown(plane, distinguish(plane.shown))


def drawn(dataset: Any) -> Picture:
    """The house's picture of a dataset, with plain words in place of outlined ones, which take most of a file."""
    made = figure_of(dataset)
    for panel in made.axes:
        for text in panel.texts:
            effects = text.get_path_effects()
            if effects:
                ground = getattr(effects[0], "_gc", {}).get("foreground", "white")
                text.set_path_effects([])
                text.set_bbox({"facecolor": ground, "alpha": 0.75, "edgecolor": "none", "pad": 1.5})
    box = made.axes[0].get_position()
    with tempfile.TemporaryDirectory() as folder:
        svg = save(made, Path(folder) / "picture.svg").read_text("utf-8")
    width, height = made.get_size_inches()
    return Picture(
        shortened(svg[svg.index("<svg") :]),
        (float(width) * 72, float(height) * 72),
        (float(box.x0), float(box.y0), float(box.width), float(box.height)),
    )


PATH = re.compile(r'<path d="([^"]*)"([^>]*)/>')


def shortened(svg: str) -> str:
    """The same picture in fewer words: two decimals, paths of one look together, no line breaks."""
    svg = re.sub(r"\s*\n\s*", " ", re.sub(r"(\d\.\d\d)\d+", r"\1", svg))
    parts: list[str] = []
    end, path, look = 0, "", ""
    for found in PATH.finditer(svg):
        between = svg[end : found.start()]
        if look != found[2] or between.strip() or "marker" in look:
            parts += [f'<path d="{path}"{look}/>' if path else "", between]
            path, look = "", found[2]
        path += re.sub(r" *([MLQCz]) *", r"\1", found[1])
        end = found.end()
    return "".join([*parts, f'<path d="{path}"{look}/>' if path else "", svg[end:]])


def figure(dataset: Any, shown: Shown | None, words: str, note: str = "") -> Markup:
    """A picture with its words, and over a map (:func:`map_of`) what each region is."""
    picture = drawn(dataset)
    width, height = picture.size
    image = element(
        "img",
        src=as_address(picture.svg),
        alt=words,
        width=round(width),
        height=round(height),
        loading="lazy",
    )
    over = None if shown is None else overlay(picture, shown)
    at = (
        None
        if shown is None
        else element("p", "Point at a region to read what holds there.", class_="at note")
    )
    caption = element("figcaption", note) if note else None
    return element(
        "figure", element("div", element("div", image, over, class_="picture"), class_="wide"), at, caption
    )


def overlay(picture: Picture, shown: Shown) -> Markup:
    """A transparent picture over the panel: a path for each regime, with its name."""
    left, bottom, width, height = picture.panel
    sides = {"left": left, "top": 1 - bottom - height, "width": width, "height": height}
    place = ";".join(f"{side}:{100 * share:.3f}%" for side, share in sides.items())
    x, y = shown.plane.bounds[:2], shown.plane.bounds[2:]
    return element(
        "svg",
        *(
            element("path", element("title", f"{words} ({percent(share)})"), d=path)
            for words, share, path in paths(shown)
        ),
        viewBox=f"0 0 {SIDE} {SIDE}",
        preserveAspectRatio="none",
        style=place,
        data_x=shown.plane.dims[0],
        data_y=shown.plane.dims[1],
        data_xlow=f"{x[0]:g}",
        data_xhigh=f"{x[1]:g}",
        data_ylow=f"{y[0]:g}",
        data_yhigh=f"{y[1]:g}",
        role="presentation",
    )


def paths(shown: Shown) -> Iterator[tuple[str, float, str]]:
    """For each regime of some size its words, its share of the map, and its cells as a path."""
    columns, rows = (
        np.round(SIDE * (edges(axis) - axis[0]) / (axis[-1] - axis[0] or 1.0)).astype(int)
        for axis in (shown.plane.x, shown.plane.y)
    )
    shares = shown.found.shares()
    for number, regime in enumerate(shown.found.regimes):
        if shares[number] >= LEAST_SHARE:
            cells = shown.found.code == number
            yield shown.found.words(regime), float(shares[number]), outline(cells, columns, SIDE - rows)


def outline(cells: NDArray[np.bool_], columns: NDArray[np.int64], rows: NDArray[np.int64]) -> str:
    """Cells ``(X, Y)`` as rectangles: runs of a row, and rows that are alike together."""
    parts: list[str] = []
    first = 0
    for y in range(1, cells.shape[1] + 1):
        if y < cells.shape[1] and (cells[:, y] == cells[:, first]).all():
            continue
        change = np.flatnonzero(np.diff(np.concatenate([[False], cells[:, first], [False]]).astype(int)))
        for low, high in zip(change[::2].tolist(), change[1::2].tolist(), strict=True):
            parts.append(f"M{columns[low]} {rows[y]}H{columns[high]}V{rows[first]}H{columns[low]}z")
        first = y
    return "".join(parts)


def thumbnail(shown: Shown) -> str:
    """A small picture of a map: plain colours, stripes where several outcomes hold."""
    columns, rows = (
        np.round(SIDE * (edges(axis) - axis[0]) / (axis[-1] - axis[0] or 1.0)).astype(int)
        for axis in (shown.plane.x, shown.plane.y)
    )
    palette = shown.found.palette
    parts, patterns = [], []
    for number, regime in enumerate(shown.found.regimes):
        d = outline(shown.found.code == number, columns, SIDE - rows)
        colours = [hexadecimal(palette.colour(outcome)) for outcome in regime.outcomes]
        colours = (
            colours or [hexadecimal(palette.paler(outcome)) for outcome in regime.leading] or ["#e8e4d8"]
        )
        fill = colours[0]
        if len(colours) > 1:
            fill, size = f"url(#p{number})", 50 * len(colours)
            bands = (
                element("rect", x=50 * place, y=0, width=50, height=size, fill=colour)
                for place, colour in enumerate(colours)
            )
            patterns.append(
                element(
                    "pattern", *bands, id=f"p{number}", width=size, height=size, patternUnits="userSpaceOnUse",
                    patternTransform="rotate(45)",
                )
            )  # fmt: skip
        parts.append(element("path", d=d, fill=fill))
    return element(
        "svg",
        element("defs", *patterns),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {SIDE} {SIDE}",
        preserveAspectRatio="none",
    )


def hexadecimal(colour: tuple[float, float, float]) -> str:
    """``#rrggbb``."""
    return "#" + "".join(f"{round(255 * part):02x}" for part in colour)
