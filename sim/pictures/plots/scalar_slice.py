"""A number along one parameter: critical patience, and whatever else a solver says of a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.pictures.style import Entry, Palette, Sheet, axis_label, caption, heading
from sim.pictures.style.finding import rises
from sim.pictures.style.line import DOTTED, DefaultLine, along_line
from sim.pictures.style.numbers import number_shown, one_of
from sim.pictures.style.palette import DASHES, INK
from sim.pictures.style.raster import edges
from sim.plugins import plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 5.6, 4.0  # inches


@plot(axes=(1,), of="critical_discount")
def scalar_slice(
    dataset: Any, *, variable: str | None = None, outcome: str | None = None, player: str | None = None
) -> Figure:
    """A number along one parameter; where there is none, a gap.

    ``variable`` names it; without it: the first number that the solver gives of each cell, else the number
    of equilibria.  Numbers by ``outcome`` or ``player`` have a line for each of which there is any, unless
    one is named.  Raises ValueError unless one parameter is swept, and for unknown names.
    """
    shown, dim, x = along_line(dataset)
    array = shown[number_shown(shown, variable)]
    words = str(array.attrs.get("long_name") or str(array.name).replace("_", " "))
    unit = str(array.attrs.get("units") or "")
    lines = curves(array, {"outcome": outcome, "player": player})

    known = {name: number for name, number in lines.items() if np.isfinite(number).any()}
    names = [str(label) for label in shown["outcome"].values]
    palette = Palette.of(shown)
    styles = {
        name: (palette.line(names.index(name)) if name in names else of_player(place)) | {"linewidth": 1.8}
        for place, name in enumerate(known)
    }
    entries = [Entry(words, bold=True)]
    entries += [Entry(name, line=style) for name, style in styles.items() if name]
    nothing = [name for name in lines if name and name not in known]
    if nothing:
        entries.append(Entry(f"never: {'; '.join(nothing)}"))
    default = DefaultLine(dataset, dim, x)
    entries += default.entries
    sheet = Sheet(
        *heading(dataset, words),
        axis_label(dataset, dim),
        [(f"{words} ({unit})" if unit else words, str(array.name))],
        entries,
        caption(dataset, finding(words, known, dim, x)),
        width=WIDTH,
        heights=[HEIGHT],
    )
    (panel,) = sheet.panels
    if array.dtype.kind in "iub":  # counts and truths change in steps
        steps: dict[str, Any] = {"drawstyle": "steps-mid"}
        panel.yaxis.get_major_locator().set_params(integer=True)
    else:
        steps = {"marker": "o", "markersize": 3} if x.size <= DOTTED else {}
    for name, number in known.items():
        panel.plot(x, number, solid_capstyle="butt", **steps, **styles[name])
    panel.set_xlim(edges(x)[0], edges(x)[-1])
    panel.grid(color="#e4e4e4", linewidth=0.5)
    panel.set_axisbelow(True)
    default.draw(panel)
    return sheet.figure


def curves(array: Any, wanted: dict[str, str | None]) -> dict[str, NDArray[np.float64]]:
    """The numbers along the axis, by outcome or player where they are by these, else under no name."""
    by = next((dim for dim in wanted if dim in array.dims), None)
    names = [str(name) for name in array[by].values] if by else []
    if by is None or wanted[by] is not None:
        one, _ = one_of(array, wanted)
        return {str(wanted[by] if by else ""): np.asarray(one.values, dtype=float)}
    one_of(array, wanted)  # the other must not be named
    table = np.asarray(array.transpose(by, ...).values, dtype=float)
    return dict(zip(names, table, strict=True))


def of_player(place: int) -> dict[str, Any]:
    """The line of a player, or of a number that is nobody's."""
    return {"color": INK, "linestyle": DASHES[place % len(DASHES)]}


def finding(words: str, known: dict[str, NDArray[np.float64]], dim: str, x: NDArray[np.float64]) -> str:
    """How far a number goes and which way, for each line."""
    told = []
    for name, number in known.items():
        low, high = np.nanmin(number), np.nanmax(number)
        span = f"{low:.3g}" if low == high else f"{low:.3g} to {high:.3g}"
        way = rises(number, {dim: x})
        told.append(f"{name + ' ' if name else ''}{span}{', ' + way if way else ''}")
    return f"{words}: {'; '.join(told)}" if told else ""
