"""Outcomes, values and the number of equilibria along one parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.dataset.proved import regions_of, stands_alone
from sim.kernels.base.tolerances import FAINT
from sim.pictures.style import (
    Entry,
    Palette,
    Regimes,
    Sheet,
    axis_label,
    caption,
    distinguish,
    equilibria_words,
    heading,
    percent,
)  # fmt: skip
from sim.pictures.style.branches import branches
from sim.pictures.style.finding import runs_along, runs_told
from sim.pictures.style.line import DOTTED, DefaultLine, along_line, at_value
from sim.pictures.style.naming import name_lines
from sim.pictures.style.palette import INK, Regime, to_line
from sim.pictures.style.proved import Runs, proved_runs
from sim.pictures.style.raster import edges, lay, snapped, swatch
from sim.pictures.style.sheet import LABEL, LINE
from sim.pictures.style.words import wrap
from sim.plugins import plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, ROW, VALUES, COUNT = 5.6, 0.42, 2.1, 0.85  # inches
NAMES = 1.95  # room for the names of outcomes, to the left
PLAYERS: tuple[Any, ...] = ("-", (0, (4, 1.5)), (0, (1, 1.2)), (0, (6, 1.5, 1, 1.5)), (0, (6, 1, 1, 1, 1, 1)))
UNDECIDED = "#8a8a8a"  # of equilibria in which no outcome has probability 1/2
KNIFE_EDGE: dict[str, Any] = {"color": "#999999", "linewidth": 0.8, "linestyle": "-"}
BORDER: dict[str, Any] = {"color": INK, "linewidth": 0.7, "linestyle": "-"}
AT_EDGE = "the default lies on a knife edge, where payoffs tie: what holds on both sides holds there"


@plot(axes=(1,), rank=10, proved=True)
def outcome_slice(dataset: Any) -> Figure:
    """Outcomes in equilibrium, what each side gets, and how many equilibria, along one parameter.

    A row for each outcome shows how probable it is in each equilibrium; lines join equilibria of
    neighbouring cells only where they continue each other.  The number of equilibria has a panel where it
    varies.  Datasets that keep only what a map needs show where outcomes hold, and no values.  Where a proved map
    belongs to the dataset, what holds changes exactly at its borders.
    Raises ValueError unless one parameter is swept.
    """
    shown, dim, x = along_line(dataset)
    found = distinguish(shown)
    probability, value = details(shown)
    probability[found.knife_edge], value[found.knife_edge] = np.nan, np.nan
    regions = regions_of(dataset)
    runs = None if regions is None else proved_runs(dataset, regions)
    ends = edges(x) if runs is None else snapped(x, runs.borders)
    count = np.asarray(shown["count"].values)
    usual = np.unique(count[~found.knife_edge])
    counted = not stands_alone(dataset)
    varies = counted and usual.size > 1
    detailed = value.shape[-1] > 0
    paths = branches(probability, value) if detailed else []
    occurring = [number for number in range(len(found.outcomes)) if (probability[..., number] > FAINT).any()]
    in_rows = {"outcomes", "split"} if detailed else {"outcomes"}
    others = [number for number, regime in enumerate(found.regimes) if regime.kind not in in_rows]
    players = [str(name) for name in shown["player"].values] if paths else []

    default = DefaultLine(dataset, dim, x)
    notes = [
        f"of these cells the picture shows {x.size}" if x.size < dataset.sizes[dim] else "",
        ""
        if default.inside or np.isnan(default.value)
        else f"the default ({dim} = {default.value:g}) lies outside the picture",
        AT_EDGE if default.inside and at_value(x, default.value, found.tie) else "",
        f"one {found.one} everywhere" if counted and usual.tolist() == [1] else "",
    ]
    entries = legend(found, others, players, detailed=detailed)
    if runs is not None and runs.borders:
        values = ", ".join(f"{border:.6g}" for border in runs.borders)
        entries.append(Entry(f"proved: what holds changes at {dim} = {values}", line=BORDER))
    entries += default.entries
    finding = runs_along(found, dim, x) if runs is None else told_runs(runs, dim)
    rows = [found.outcomes[number] for number in occurring] + (["other cells"] if others else [])
    sheet = Sheet(
        *heading(dataset, equilibria_words(dataset)),
        axis_label(dataset, dim),
        [
            ("", ""),
            *([("value (payoff)", "")] if players else []),
            *([(f"number of {found.several}", "")] if varies else []),
        ],
        entries,
        caption(dataset, finding, *notes),
        width=WIDTH,
        heights=[len(rows) * ROW, *([VALUES] if players else []), *([COUNT] if varies else [])],
        left=NAMES,
    )
    name_rows(sheet, rows)
    draw_outcomes(sheet.panels[0], x, ends, probability, paths, occurring, found.palette)
    if others:
        draw_others(sheet.panels[0], x, ends, found, others)
    for panel in sheet.panels:
        panel.set_xlim(edges(x)[0], edges(x)[-1])
    if players:
        draw_values(sheet.panels[1], x, probability, value, paths, found.palette)
    if varies:
        draw_count(sheet.panels[-1], ends, count)
    for panel in sheet.panels:
        for place in [] if runs is None else runs.borders:
            panel.axvline(place, **BORDER)
        for place in x[found.beyond]:
            panel.axvline(place, **KNIFE_EDGE)
        default.draw(panel)
    if players:
        name_values(sheet.panels[1], x, value, paths, players)
    return sheet.figure


def told_runs(runs: Runs, name: str) -> str:
    """What holds along a proved line, in words."""
    regimes = [runs.found.regimes[number] for number in runs.numbers]
    return runs_told(runs.found, name, regimes, [f"{border:.6g}" for border in runs.borders])


def details(shown: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Probabilities ``(X, K, outcome)`` and values ``(X, K, player)``.

    Where they were not kept, one equilibrium for each outcome that holds, and no players.
    """
    (dim,) = shown["status"].dims
    if "probability" in shown and "value" in shown:
        return (
            np.array(shown["probability"].transpose(dim, "equilibrium", "outcome").values, dtype=float),
            np.array(shown["value"].transpose(dim, "equilibrium", "player").values, dtype=float),
        )
    holds = np.asarray(shown["holds"].transpose(dim, "outcome").values)
    one_each = np.where(holds[:, :, None] & np.eye(holds.shape[1], dtype=bool), 1.0, 0.0)
    return one_each, np.full((*one_each.shape[:2], 0), np.nan)


def legend(found: Regimes, others: list[int], players: list[str], *, detailed: bool) -> list[Entry]:
    """How to read the rows and the lines."""
    solid = {"color": INK, "linewidth": 1.6, "linestyle": "-"}
    entries = [Entry("Outcomes in equilibrium" if found.one == "equilibrium" else "Outcomes", bold=True)]
    if detailed:
        entries.append(Entry(f"height: probability in each {found.one}; the full row is 1", line=solid))
    else:
        entries.append(Entry(f"filled: some {found.one} plays the outcome with probability 1/2 or more"))
    shares = found.shares()
    entries += [
        Entry(
            found.words(found.regimes[number]),
            percent(shares[number]),
            swatch(found.palette, found.regimes[number]),
        )
        for number in others
    ]
    if players:
        entries.append(Entry("Value of each side, coloured by outcome", bold=True))
    entries += [
        Entry(name, line=solid | {"linestyle": PLAYERS[number % len(PLAYERS)]})
        for number, name in enumerate(players)
    ]
    if found.extra:
        names = "; ".join(found.outcomes[number] for number in found.extra)
        entries.append(Entry(f"at this value alone also: {names}", line=KNIFE_EDGE))
    return entries


def name_rows(sheet: Sheet, rows: list[str]) -> None:
    """The name of each row of the first panel at its left, and lines between rows."""
    panel = sheet.panels[0]
    top = sheet.height * (1 - panel.get_position().y1)
    for row, name in enumerate(rows):
        text = wrap(name, NAMES - 0.35, LABEL - 1, most=2)
        for number, words in enumerate(text):
            middle = top + (row + 0.5) * ROW + (number - (len(text) - 1) / 2) * (LABEL - 1) * LINE
            sheet.text(NAMES - 0.12, middle, words, LABEL - 1, ha="right", va="center")
        if row:
            panel.axhline(len(rows) - row, color="#bbbbbb", linewidth=0.5)
    panel.set(ylim=(0, len(rows)), yticks=[])


def draw_outcomes(
    panel: Any,
    x: NDArray[Any],
    ends: NDArray[Any],
    probability: NDArray[Any],
    paths: list[Any],
    occurring: list[int],
    palette: Palette,
) -> None:
    """A row per outcome: an area up to its largest probability, and a line for each equilibrium."""
    top = panel.get_ylim()[1]
    for row, outcome in enumerate(occurring):
        base = top - 1 - row
        largest = np.nan_to_num(np.fmax.reduce(probability[..., outcome], axis=1))
        panel.stairs(
            base + 0.86 * largest, ends, baseline=base, fill=True, linewidth=0,
            color=palette.colour(outcome), alpha=0.55 if paths else 1.0,
        )  # fmt: skip
        for cells, numbers in paths:
            share = probability[cells, numbers, outcome]
            if (share > FAINT).any():
                height = np.where(share > FAINT, base + 0.86 * share, np.nan)
                line(panel, x, cells, height, color=to_line(palette.colour(outcome)), linewidth=1.8)


def draw_others(panel: Any, x: NDArray[Any], ends: NDArray[Any], found: Regimes, others: list[int]) -> None:
    """The last row: cells in which there is no equilibrium to show."""
    columns = lay(x, 1120, ends)
    for number in others:
        regime: Regime = found.regimes[number]
        image = np.ones((67, columns.size, 4))
        image[..., :3] = swatch(found.palette, regime, shape=image.shape[:2])
        image[..., 3] = (found.code == number)[columns]
        panel.imshow(
            image, extent=(ends[0], ends[-1], 0.1, 0.9), aspect="auto", interpolation="none", origin="lower"
        )


def line(panel: Any, x: NDArray[Any], cells: NDArray[Any], height: NDArray[Any], **style: Any) -> None:
    """One branch; a branch of one cell is drawn across that cell."""
    if cells.size == 1:
        panel.plot(edges(x)[[cells[0], cells[0] + 1]], [height[0]] * 2, solid_capstyle="butt", **style)
        return
    marks = {"marker": "o", "markersize": 3} if x.size <= DOTTED else {}
    panel.plot(x[cells], height, solid_capstyle="butt", **marks, **style)


def draw_values(
    panel: Any,
    x: NDArray[Any],
    probability: NDArray[Any],
    value: NDArray[Any],
    paths: list[Any],
    palette: Palette,
) -> None:
    """A line for each side in each equilibrium, in the colour of the outcome that holds in it."""
    from matplotlib.colors import to_rgb

    for cells, numbers in paths:
        played = probability[cells, numbers]
        likeliest = np.where(played.max(axis=1) >= 0.5, played.argmax(axis=1), -1)
        for part in np.split(np.arange(cells.size), np.nonzero(np.diff(likeliest))[0] + 1):
            # up to the first cell of the next outcome, so that a branch that changes its colour has no gap
            reach = np.append(part, part[-1] + 1) if part[-1] + 1 < cells.size else part
            outcome = int(likeliest[part[0]])
            ink = UNDECIDED if outcome < 0 else to_line(palette.colour(outcome))
            for player in range(value.shape[-1]):
                along = value[cells[reach], numbers[reach], player]
                style = PLAYERS[player % len(PLAYERS)]
                # darker over the line of the first side, so that both are seen where both get the same
                tone = to_rgb(ink) if player == 0 else tuple(0.6 * part for part in to_rgb(ink))
                line(panel, x, cells[reach], along, linewidth=1.8, color=tone, linestyle=style)
    panel.grid(color="#e4e4e4", linewidth=0.5)
    panel.set_axisbelow(True)


def name_values(
    panel: Any, x: NDArray[Any], value: NDArray[Any], paths: list[Any], players: list[str]
) -> None:
    """The name of each side beside the longest of its lines."""
    longest = sorted(paths, key=lambda path: -path[0].size)
    curves = {
        name: [np.column_stack([x[cells], value[cells, numbers, player]]) for cells, numbers in longest]
        for player, name in enumerate(players)
    }
    name_lines(panel, curves, (WIDTH, VALUES))


def draw_count(panel: Any, ends: NDArray[Any], count: NDArray[Any]) -> None:
    """Steps of the number of equilibria; cells run from one of ``ends`` to the next."""
    from matplotlib.ticker import MaxNLocator

    panel.stairs(count, ends, color=INK, linewidth=1.4, baseline=None)
    panel.set_ylim(0, max(int(count.max()), 1) * 1.15)
    panel.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True))
