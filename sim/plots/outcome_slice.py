"""Outcomes, values and the number of equilibria along one parameter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.plugins import plot
from sim.style import Entry, Regimes, Sheet, axis_label, caption, colour, concept_words, distinguish
from sim.style.branches import branches
from sim.style.palette import INK, Regime
from sim.style.raster import edges, swatch, thin
from sim.style.sheet import LABEL, LINE
from sim.style.words import FONT, percent, wrap

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, ROW, VALUES, COUNT = 5.6, 0.42, 2.1, 0.85  # inches
NAMES = 1.95  # room for the names of outcomes, to the left
MOST_POINTS = 2000
DOTTED = 60  # up to so many points each is marked, so that lines do not pretend to know more
PLAYERS: tuple[Any, ...] = (
    "-",
    (0, (4, 1.5)),
    (0, (1, 1.2)),
    (0, (6, 1.5, 1, 1.5)),
    (0, (6, 1.5, 1, 1.5, 1, 1.5)),
)
UNDECIDED = "#8a8a8a"  # of equilibria in which no outcome has probability 1/2


@plot(axes=(1,))
def outcome_slice(dataset: Any) -> Figure:
    """Outcomes in equilibrium, what each side gets, and how many equilibria, along one parameter.

    A row for each outcome shows how probable it is in each equilibrium; lines join equilibria of
    neighbouring cells only where they continue each other.  Datasets that keep only what a map needs
    show where outcomes hold, and no values.  Raises ValueError unless one parameter is swept.
    """
    dims = dataset["status"].dims
    if len(dims) != 1:
        raise ValueError(
            f"a slice has one axis, this dataset {len(dims)} ({', '.join(dims)}): fix others with --set"
        )
    (dim,) = dims
    shown = thin(dataset, MOST_POINTS)
    thinned = shown.sizes[dim] < dataset.sizes[dim]
    shown = shown.sortby(dim).load()
    x = np.asarray(shown[dim].values, dtype=float)
    found = distinguish(shown)
    detailed = "probability" in shown and "value" in shown
    probability, value = details(shown, found)
    probability[found.knife_edge], value[found.knife_edge] = np.nan, np.nan
    paths = branches(probability, value) if detailed else []
    occurring = [number for number in range(len(found.outcomes)) if (probability[..., number] > 1e-9).any()]
    others = [
        number for number, regime in enumerate(found.regimes) if regime.kind not in {"outcomes", "split"}
    ]
    players = [str(name) for name in shown["player"].values] if detailed else []

    default = float(
        dataset[dim].attrs.get("default", json.loads(dataset.attrs.get("defaults", "{}")).get(dim, np.nan))
    )
    inside = bool(x[0] <= default <= x[-1])
    notes = [
        f"of these cells the picture shows {x.size}" if thinned else "",
        "" if inside or np.isnan(default) else f"the default ({dim} = {default:g}) lies outside the picture",
    ]
    rows = max(len(occurring), 1) + bool(others)
    entries = legend(found, others, detailed=detailed)
    if players:
        entries.append(Entry("Value of each side, in the colour of the outcome"))
        entries += [
            Entry(name, line={"linestyle": PLAYERS[number % len(PLAYERS)], "color": INK, "linewidth": 1.6})
            for number, name in enumerate(players)
        ]
    if found.knife_edge.any():
        entries.append(Entry("knife edge: payoffs tie, and the outcomes of both sides hold", line=KNIFE_EDGE))
    if inside:
        entries.append(Entry(f"default: {dim} = {default:g}", line=DEFAULT))
    subtitle = f"{dataset.attrs.get('scenario_title') or dataset.attrs.get('scenario', '')}: {concept_words(dataset.attrs.get('concept', 'nash'))}"
    sheet = Sheet(
        dataset.attrs.get("title") or dataset.attrs.get("sweep", ""), subtitle, axis_label(dataset, dim),
        [("", ""), *([("value (payoff)", "")] if players else []), ("number of equilibria", "")], entries, caption(dataset, *notes),
        width=WIDTH, heights=[rows * ROW, *([VALUES] if players else []), COUNT], left=NAMES,
    )  # fmt: skip
    draw_outcomes(sheet, x, probability, paths, occurring, found, others)
    if players:
        draw_values(sheet.panels[1], x, probability, value, paths)
    draw_count(sheet.panels[-1], x, np.asarray(shown["count"].values))
    for panel in sheet.panels:
        panel.set_xlim(edges(x)[0], edges(x)[-1])
        for place in x[found.knife_edge]:
            panel.axvline(place, **KNIFE_EDGE)
        if inside:
            panel.axvline(default, **DEFAULT)
    return sheet.figure


KNIFE_EDGE: dict[str, Any] = {"color": "#999999", "linewidth": 0.8, "linestyle": "-"}
DEFAULT: dict[str, Any] = {"color": "black", "linewidth": 1.0, "linestyle": (0, (2, 2))}


def details(shown: Any, found: Regimes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Probabilities ``(X, K, outcome)`` and values ``(X, K, player)``; from what holds where they were not kept."""
    (dim,) = shown["status"].dims
    if "probability" in shown and "value" in shown:
        return (
            np.asarray(shown["probability"].transpose(dim, "equilibrium", "outcome").values, dtype=float),
            np.asarray(shown["value"].transpose(dim, "equilibrium", "player").values, dtype=float),
        )
    holds = np.asarray(shown["holds"].transpose(dim, "outcome").values)
    one_each = np.where(holds[:, :, None] & np.eye(holds.shape[1], dtype=bool), 1.0, 0.0)
    return one_each, np.full((*one_each.shape[:2], 0), np.nan)


def legend(found: Regimes, others: list[int], *, detailed: bool) -> list[Entry]:
    """How to read the rows."""
    entries = [Entry("Outcomes in equilibrium")]
    if detailed:
        entries.append(
            Entry(
                "height: probability in each equilibrium; the full row is 1",
                line={"color": INK, "linewidth": 1.6, "linestyle": "-"},
            )
        )
    else:
        entries.append(Entry("filled where some equilibrium plays the outcome with probability 1/2 or more"))
    shares = found.shares()
    entries += [
        Entry(found.words(found.regimes[number]), percent(shares[number]), swatch(found.regimes[number]))
        for number in others
    ]
    return entries


def draw_outcomes(
    sheet: Sheet,
    x: NDArray[Any],
    probability: NDArray[Any],
    paths: list[Any],
    occurring: list[int],
    found: Regimes,
    others: list[int],
) -> None:
    """A row per outcome: an area up to its largest probability, and a line for each equilibrium."""
    panel = sheet.panels[0]
    ends = edges(x)
    rows = max(len(occurring), 1) + bool(others)
    for row, outcome in enumerate(occurring):
        base = rows - 1 - row
        heights = (
            np.nan_to_num(np.fmax.reduce(probability[..., outcome], axis=1, initial=0.0))
            if probability.shape[1]
            else np.zeros(x.size)
        )
        panel.stairs(
            base + 0.86 * heights,
            ends,
            baseline=base,
            fill=True,
            color=colour(outcome),
            alpha=0.55 if paths else 1.0,
            linewidth=0,
        )
        for cells, numbers in paths:
            height = probability[cells, numbers, outcome]
            if (height > 1e-9).any():
                line(
                    panel,
                    x,
                    cells,
                    np.where(height > 1e-9, base + 0.86 * height, np.nan),
                    ends,
                    color=colour(outcome),
                    linewidth=1.8,
                )
        text = wrap(found.outcomes[outcome], NAMES - 0.35, LABEL - 1, most=2)
        top = sheet.height * (1 - panel.get_position().y1)
        for number, words in enumerate(text):
            middle = top + (row + 0.5) * ROW + (number - (len(text) - 1) / 2) * (LABEL - 1) * LINE
            sheet.text(NAMES - 0.12, middle, words, LABEL - 1, ha="right", va="center")
    if others:
        where = [swatch_row(found.regimes[number], np.asarray(found.code == number), x) for number in others]
        for image, mask in where:
            panel.imshow(
                np.dstack([image, mask]),
                extent=(ends[0], ends[-1], 0.1, 0.9),
                aspect="auto",
                interpolation="none",
                origin="lower",
            )
    for row in range(1, rows):
        panel.axhline(row, color="#bbbbbb", linewidth=0.5)
    panel.set(ylim=(0, rows), yticks=[])


def swatch_row(regime: Regime, mask: NDArray[np.bool_], x: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Pixels of a row, and which of them belong to the regime."""
    from sim.style.raster import lay

    columns = lay(x, 1120)
    return swatch(regime, shape=(67, columns.size)), np.broadcast_to(
        mask[columns], (67, columns.size)
    ).astype(float)


def line(
    panel: Any, x: NDArray[Any], cells: NDArray[Any], height: NDArray[Any], ends: NDArray[Any], **style: Any
) -> None:
    """One branch; a branch of one cell is drawn across that cell."""
    if cells.size == 1:
        panel.plot([ends[cells[0]], ends[cells[0] + 1]], [height[0]] * 2, solid_capstyle="butt", **style)
    else:
        marks = {"marker": "o", "markersize": 3} if x.size <= DOTTED else {}
        panel.plot(x[cells], height, solid_capstyle="butt", **marks, **style)


def draw_values(
    panel: Any, x: NDArray[Any], probability: NDArray[Any], value: NDArray[Any], paths: list[Any]
) -> None:
    """A line for each side in each equilibrium, in the colour of the outcome that holds in it."""
    ends = edges(x)
    for cells, numbers in paths:
        played = probability[cells, numbers]
        likeliest = np.where(played.max(axis=1) >= 0.5, played.argmax(axis=1), -1)
        turns = np.nonzero(np.diff(likeliest))[0] + 1
        for part in np.split(np.arange(cells.size), turns):
            # up to the first cell of the next outcome, so that a branch that changes its colour has no gap
            reach = np.append(part, part[-1] + 1) if part[-1] + 1 < cells.size else part
            ink = UNDECIDED if likeliest[part[0]] < 0 else colour(int(likeliest[part[0]]))
            for player in range(value.shape[-1]):
                style = PLAYERS[player % len(PLAYERS)]
                line(
                    panel,
                    x,
                    cells[reach],
                    value[cells[reach], numbers[reach], player],
                    ends,
                    linewidth=1.8,
                    color=ink,
                    linestyle=style,
                )
    panel.grid(color="#e4e4e4", linewidth=0.5)
    panel.set_axisbelow(True)


def draw_count(panel: Any, x: NDArray[Any], count: NDArray[Any]) -> None:
    """Steps of the number of equilibria."""
    from matplotlib.ticker import MaxNLocator

    panel.stairs(count, edges(x), color=INK, linewidth=1.4, baseline=None)
    panel.set_ylim(0, max(int(count.max(initial=1)), 1) * 1.15)
    panel.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True))
    panel.tick_params(labelfontfamily=FONT)
