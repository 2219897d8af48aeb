"""Where in a sample an outcome mostly holds: boxes, over the two parameters they bound most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.dataset.sensitivity import DrawnCells, boxes_of, drawn_from
from sim.pictures.style.bars import foot, of_outcome
from sim.pictures.style.palette import INK
from sim.pictures.style.plane import heading
from sim.pictures.style.sheet import Entry, Sheet
from sim.pictures.style.words import axis_label
from sim.plugins import plot, unknown

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.dataset.given import Box
    from sim.game import Floats

WIDTH, HEIGHT = 5.2, 4.4  # inches
TILES = 24  # along each axis
NOBODY = (0.87, 0.87, 0.87)
LINES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (2, 1.5)))


@plot(axes=(), sample=True, rank=30)
def outcome_box(
    dataset: Any, *, outcome: str | None = None, x: str | None = None, y: str | None = None
) -> Figure:
    """Where an outcome mostly holds: its share over two parameters, and boxes of bounds.

    ``outcome`` is the most frequent one if left out, ``x`` and ``y`` the parameters that the first box bounds most.
    Raises ValueError for what is no sample, keeps no cells, or has no such outcome or parameters.
    """
    if "draw" not in dataset.dims:
        raise ValueError("no sample of what is believed: standoff sweep SCENARIO --design sobol makes one")
    drawn = drawn_from(dataset)
    names = list(drawn.values)
    held = drawn.holds & drawn.good[..., np.newaxis]
    place = chosen_outcome(drawn, held, outcome)
    found = boxes_of(drawn, drawn.outcomes[place])
    across, up = chosen_axes(names, drawn, found, x, y)
    cells, columns, rows = share_tiles(drawn.values[across], drawn.values[up], held[..., place], drawn.good)
    shade = np.array(of_outcome(dataset, place))
    image = np.where(
        np.isnan(cells)[..., np.newaxis], NOBODY, 1 - np.nan_to_num(cells)[..., np.newaxis] * (1 - shade)
    )
    entries = [Entry(f"Share of draws in which {drawn.outcomes[place]} holds", bold=True)]
    entries += [
        Entry(f"{share:.0%}", pixels=np.broadcast_to(1 - share * (1 - shade), (2, 2, 3)))
        for share in (0.0, 0.5, 1.0)
    ]
    for number, box in enumerate(found):
        look = {"linestyle": LINES[number], "color": INK, "linewidth": 1.6}
        others = [told(name, ends) for name, ends in box.bounds.items() if name not in {across, up}]
        words = f"box: holds in {box.density:.0%} inside, which are {box.coverage:.0%} of its draws"
        entries.append(Entry(words + "".join(f"; {other}" for other in others), line=look))
    sheet = Sheet(
        *heading(dataset, f"where {drawn.outcomes[place]} holds"), axis_label(dataset, across),
        [axis_label(dataset, up)], entries,
        foot(dataset, "the other parameters vary within every tile; boxes by the patient rule induction method"),
        width=WIDTH, heights=[HEIGHT],
    )  # fmt: skip
    (panel,) = sheet.panels
    panel.pcolormesh(columns, rows, image, shading="flat", rasterized=True)
    ends = (columns[0], columns[-1]), (rows[0], rows[-1])
    for number, box in enumerate(found):
        outline(panel, box, (across, up), ends, LINES[number])
    panel.set(xlim=ends[0], ylim=ends[1])
    return sheet.figure


def chosen_outcome(drawn: DrawnCells, held: NDArray[np.bool_], outcome: str | None) -> int:
    """The number of the outcome that is asked for, else of the most frequent one."""
    if outcome is not None and outcome not in drawn.outcomes:
        raise ValueError(unknown("outcome", outcome, drawn.outcomes))
    counts = held.sum(axis=(0, 1))
    return int(counts.argmax()) if outcome is None else drawn.outcomes.index(outcome)


def chosen_axes(
    names: list[str], drawn: DrawnCells, found: list[Box], x: str | None, y: str | None
) -> tuple[str, str]:
    """The two parameters that are asked for, else those that the first box bounds most."""
    for word in (x, y):
        if word is not None and word not in names:
            raise ValueError(unknown("parameter", word, names))
    kept = {}
    for name in names:
        low, high = found[0].bounds.get(name, (-np.inf, np.inf)) if found else (-np.inf, np.inf)
        values = drawn.values[name]
        kept[name] = float(((values >= low) & (values <= high)).mean())
    order = [name for name in sorted(names, key=lambda name: kept[name]) if name not in {x, y}]
    across = x or order.pop(0)
    if y is None and not order:
        raise ValueError(
            "a box is drawn over two parameters, and only one is drawn from: standoff map --plot share_bars"
        )
    return across, y or order[0]


def share_tiles(
    x: Floats, y: Floats, held: NDArray[np.bool_], good: NDArray[np.bool_]
) -> tuple[Floats, Floats, Floats]:
    """The share of draws that hold in each tile, ``(up, across)``, NaN where none is; and the edges of tiles."""
    edges = [np.linspace(values.min(), values.max(), TILES + 1) for values in (x, y)]
    every, _, _ = np.histogram2d(x[good], y[good], bins=edges)
    these, _, _ = np.histogram2d(x[held], y[held], bins=edges)
    share = np.divide(these, every, out=np.full(every.shape, np.nan), where=every > 0)
    return share.T, edges[0], edges[1]


def outline(panel: Any, box: Box, axes: tuple[str, str], ends: Any, style: Any) -> None:
    """The box as a rectangle over two parameters, as far as the panel goes."""
    from matplotlib.patches import Rectangle

    (left, right), (bottom, top) = (
        np.clip(box.bounds.get(name, (-np.inf, np.inf)), *limit)
        for name, limit in zip(axes, ends, strict=True)
    )
    panel.add_patch(
        Rectangle(
            (left, bottom),
            right - left,
            top - bottom,
            fill=False,
            edgecolor=INK,
            linewidth=1.6,
            linestyle=style,
        )
    )


def told(name: str, ends: tuple[float, float]) -> str:
    """``chill at least 0.8``."""
    low, high = ends
    if np.isinf(high):
        return f"{name} at least {low:.4g}"
    return f"{name} at most {high:.4g}" if np.isinf(low) else f"{name} from {low:.4g} to {high:.4g}"
