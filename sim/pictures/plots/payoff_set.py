"""The payoffs that equilibria of a repeated game of two players can give."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.pictures.style import Entry, Sheet, caption, concept_words, default_of, heading, sample
from sim.pictures.style.palette import INK, Pixels
from sim.plugins import plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 5.2, 4.9  # inches
MOST_SETS = 6  # along one parameter
PALE, STRONG = (
    np.array([0.86, 0.91, 0.96]),
    np.array([0.03, 0.19, 0.42]),
)  # the outermost set, and the innermost
ONE = np.array([0.55, 0.72, 0.86])
POINTS: dict[str, dict[str, Any]] = {
    "minmax": {"marker": "s", "markerfacecolor": "white", "markeredgecolor": INK, "markersize": 6},
    "stage_nash": {"marker": "o", "markerfacecolor": "#e07b39", "markeredgecolor": INK, "markersize": 7},
}


@plot(axes=(0, 1, 2), of="payoff_set")
def payoff_set(dataset: Any) -> Figure:
    """The equilibrium payoffs of two players: at one point, from each state, or along one parameter.

    Reads ``payoff_set (axes, vertex, player)``, and where they are there ``feasible (axes, corner, player)``,
    ``minmax (axes, player)``, ``stage_nash (axes, point, player)``; NaN pads vertices and points.  One swept
    parameter shows up to six cells; two, or sets by ``state``, the default point.
    Raises ValueError where there is no payoff set, or not of two players.
    """
    if "payoff_set" not in dataset:
        raise ValueError("this dataset keeps no payoff set: sweep the concept subgame_perfect with --full")
    cells, labels, notes = choose_cells(dataset)
    if cells[0]["payoff_set"].shape[-1] != 2:
        raise ValueError("a payoff set is drawn for two players")
    sets = [polygon(cell["payoff_set"]) for cell in cells]
    labels, sets = together(labels, sets)
    tones = shades(sets)
    players = [str(name) for name in dataset["player"].values] if "player" in dataset.coords else ["1", "2"]

    entries = [Entry("Equilibrium payoffs", bold=True)]
    entries += [
        Entry(f"{label}{describe(points)}", **looks(points, tone))
        for label, tone, points in zip(labels, tones, sets, strict=True)
    ]
    base = cells[0]
    shared = {
        name: polygon(base[name])
        for name in ("feasible", "minmax", "stage_nash")
        if name in base and same(cells, name) and polygon(base[name]).size
    }
    nothing = np.zeros((0, 2))
    feasible, floor = shared.get("feasible", nothing), shared.get("minmax", nothing)
    rational = above(feasible, floor[0]) if feasible.size and floor.size else nothing
    if feasible.size:
        entries.append(Entry("feasible: averages of what a round can give", line=FEASIBLE))
    if area(rational) > max(map(area, sets)):  # else nothing of it is to be seen
        words = "feasible, and no side below the least it can be held to"
        entries.append(Entry(words, pixels=sample([RATIONAL] * 3)))
    if floor.size:
        entries.append(Entry("least that each side can be held to", line=MINMAX))
    if "stage_nash" in shared:
        entries.append(Entry("equilibria of one round", line={"linestyle": "none", **POINTS["stage_nash"]}))

    sheet = Sheet(
        *heading(dataset, f"payoffs in {concept_words(dataset.attrs.get('concept', 'subgame_perfect'))}"),
        (f"average payoff of {players[0]} per round", ""),
        [(f"average payoff of {players[1]} per round", "")],
        entries,
        caption(dataset, finding(labels, sets, players), *notes),
        width=WIDTH,
        heights=[HEIGHT],
    )
    (panel,) = sheet.panels
    if rational.size:
        panel.fill(*rational.T, color=(RATIONAL,) * 3, linewidth=0, zorder=1)
    frame(panel, [*sets, rational, *(shared[name] for name in POINTS if name in shared)])
    if "feasible" in shared:
        closed(panel, shared["feasible"], FEASIBLE)
    # the largest first, so that smaller sets stay in sight
    for number in nested(sets):
        draw_set(panel, sets[number], tones[number])
    # outlines above all fills, so that sets that cross are followed with the eye
    for points in sets:
        if len(points) > 2:
            closed(panel, points, OUTLINE)
    if floor.size:
        panel.axvline(floor[0, 0], **MINMAX)
        panel.axhline(floor[0, 1], **MINMAX)
        panel.plot(*floor[0], zorder=4, linestyle="none", **POINTS["minmax"])
    if "stage_nash" in shared:
        panel.plot(*shared["stage_nash"].T, linestyle="none", zorder=5, **POINTS["stage_nash"])
    return sheet.figure


FEASIBLE: dict[str, Any] = {"color": "#8a8a8a", "linewidth": 1.0, "linestyle": "-"}
RATIONAL = 0.92  # grey
OUTLINE: dict[str, Any] = {"color": INK, "linewidth": 0.7, "zorder": 2.5}
SEGMENT: dict[str, Any] = {"linewidth": 3.0, "linestyle": "-"}
POINT: dict[str, Any] = {"marker": "D", "markersize": 7, "markeredgecolor": INK, "linestyle": "none"}
MINMAX: dict[str, Any] = {"color": INK, "linewidth": 0.9, "linestyle": (0, (3, 2))}


def choose_cells(dataset: Any) -> tuple[list[dict[str, NDArray[np.float64]]], list[str], list[str]]:
    """The sets to draw, each as name -> array of its cell and state, what to call it, notes for the caption."""
    dims = [str(dim) for dim in dataset["status"].dims]
    if len(dims) > 2:
        raise ValueError(f"payoff sets are drawn along one parameter, not {len(dims)}: fix others with --at")
    states = [str(name) for name in dataset["state"].values] if "state" in dataset["payoff_set"].dims else []
    if len(dims) == 1 and not states:
        (dim,) = dims
        picks = np.unique(np.round(np.linspace(0, dataset.sizes[dim] - 1, MOST_SETS)).astype(int))
        chosen = [dataset.isel({dim: int(pick)}) for pick in picks]
        labels = [f"{dim}\u00a0=\u00a0{float(cell[dim]):g}" for cell in chosen]
    else:
        chosen = [nearest_cell(dataset, {dim: default_of(dataset, dim) for dim in dims})]
        place = ", ".join(f"{dim}\u00a0=\u00a0{float(chosen[0][dim]):g}" for dim in dims)
        labels = [place or "all equilibria"]
    notes = (
        [f"the picture shows {len(chosen)} of these cells"] if len(chosen) < dataset["status"].size else []
    )
    if states:
        notes += [f"the picture is at {labels[0]}"] if dims else []
        labels = [f"from {state}" for state in states]
        chosen = [chosen[0].isel(state=number) for number in range(len(states))]
    names = [name for name in ("payoff_set", "feasible", "minmax", "stage_nash") if name in dataset]
    return (
        [{name: np.asarray(cell[name].values, dtype=float) for name in names} for cell in chosen],
        labels,
        notes,
    )


def nearest_cell(dataset: Any, wanted: Mapping[str, float]) -> Any:
    """The cell nearest to a point; the middle of an axis where the point is not known."""
    picks = {}
    for dim, value in wanted.items():
        along = np.asarray(dataset[dim].values, dtype=float)
        picks[dim] = int(np.abs(along - value).argmin()) if np.isfinite(value) else along.size // 2
    return dataset.isel(picks)


def polygon(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The points that are there, ``(V, 2)``."""
    points = points.reshape(-1, points.shape[-1])
    return points[~np.isnan(points).any(axis=1)]


def same(cells: list[dict[str, NDArray[np.float64]]], name: str) -> bool:
    """Whether a variable is the same in all cells drawn, so that it can be drawn once."""
    return all(np.array_equal(one[name], other[name], equal_nan=True) for one, other in pairwise(cells))


def describe(points: NDArray[np.float64]) -> str:
    """What kind of set it is, where that is not seen at once."""
    return {0: ": none in pure strategies", 1: ": one point", 2: ": a segment"}.get(len(points), "")


def above(points: NDArray[np.float64], floor: NDArray[np.float64]) -> NDArray[np.float64]:
    """The part of a convex polygon with no coordinate below ``floor (2,)`` (Sutherland and Hodgman 1974)."""
    for axis in range(2):
        kept: list[NDArray[np.float64]] = []
        for one, other in zip(points, np.roll(points, -1, axis=0), strict=True):
            inside, next_inside = one[axis] >= floor[axis], other[axis] >= floor[axis]
            if inside:
                kept.append(one)
            if inside != next_inside:
                kept.append(one + (other - one) * (floor[axis] - one[axis]) / (other[axis] - one[axis]))
        points = np.array(kept).reshape(-1, 2)
    return points


def frame(panel: Any, shapes: list[NDArray[np.float64]]) -> None:
    """Limits that show all these points; what is feasible beyond them is cut off."""
    points = np.vstack(shapes)
    if len(points):
        low, high = points.min(axis=0), points.max(axis=0)
        margin = np.where(high > low, 0.12 * (high - low), 0.5)
        panel.set(
            xlim=(low[0] - margin[0], high[0] + margin[0]), ylim=(low[1] - margin[1], high[1] + margin[1])
        )
    panel.grid(color="#e4e4e4", linewidth=0.5)
    panel.set_axisbelow(True)


def area(points: NDArray[np.float64]) -> float:
    """Area of a polygon (Gauss's formula)."""
    x, y = points[:, 0], points[:, 1]
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)


def together(
    labels: list[str], sets: list[NDArray[np.float64]]
) -> tuple[list[str], list[NDArray[np.float64]]]:
    """The same set is drawn and named once: ``patience = 0.6, 0.8``."""
    names: list[list[str]] = []
    kept: list[NDArray[np.float64]] = []
    for label, points in zip(labels, sets, strict=True):
        if kept and np.array_equal(points, kept[-1]):
            names[-1].append(label.rpartition("=")[2].strip())
        else:
            names.append([label])
            kept.append(points)
    return [", ".join(several) for several in names], kept


def nested(sets: list[NDArray[np.float64]]) -> list[int]:
    """The numbers of sets, the largest first."""
    return sorted(range(len(sets)), key=lambda number: (-area(sets[number]), -len(sets[number])))


def shades(sets: list[NDArray[np.float64]]) -> list[Pixels]:
    """Colours of sets in their order, from pale at the larger end to strong at the other."""
    if len(sets) == 1:
        return [ONE]
    shares = np.linspace(0, 1, len(sets))
    if area(sets[-1]) > area(sets[0]):
        shares = shares[::-1]
    return [(1 - share) * PALE + share * STRONG for share in shares]


def looks(points: NDArray[np.float64], tone: Pixels) -> dict[str, Any]:
    """The sample of a set in the legend: an area, a line, a point; nothing for none."""
    if not len(points):
        return {}
    if len(points) == 1:
        return {"line": POINT | {"markerfacecolor": tuple(tone)}}
    return {"line": {"color": tuple(tone), **SEGMENT}} if len(points) == 2 else {"pixels": sample(tone)}


def finding(labels: list[str], sets: list[NDArray[np.float64]], players: list[str]) -> str:
    """How much the sides can get at most, where that is not the same everywhere."""
    best = [points.max(axis=0) if len(points) else None for points in sets]
    known = [(label, top) for label, top in zip(labels, best, strict=True) if top is not None]
    if not known:
        return "there is no equilibrium in pure strategies"
    told = []
    for player, name in enumerate(players):
        label, top = max(known, key=lambda item: item[1][player])
        told.append(f"{name} at most {top[player]:.3g}" + (f" ({label})" if len(known) > 1 else ""))
    return "in equilibrium, per round: " + "; ".join(told)


def closed(panel: Any, points: NDArray[np.float64], style: Mapping[str, Any]) -> None:
    """The outline of a polygon."""
    if len(points):
        panel.plot(*np.vstack([points, points[:1]]).T, **style)


def draw_set(panel: Any, points: NDArray[np.float64], tone: Pixels) -> None:
    """A polygon, a segment or a point."""
    if len(points) > 2:
        panel.fill(*points.T, color=tuple(tone), linewidth=0, zorder=2)
    elif len(points) == 2:
        panel.plot(*points.T, color=tuple(tone), zorder=3, **SEGMENT)
    elif len(points) == 1:
        panel.plot(*points.T, zorder=3, **POINT | {"markerfacecolor": tuple(tone)})
