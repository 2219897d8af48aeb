"""What a sender of two types gets from each signal as beliefs change, and where equilibria are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.pictures.style import Entry, Sheet, heading
from sim.pictures.style.palette import INK
from sim.pictures.style.sides import line_of
from sim.pictures.style.words import FONT, paragraphs, sentence
from sim.plugins import plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 5.0, 4.4  # inches
MARK, OFFSET, LETTER, LINE = (
    0.1,
    0.125,
    0.08,
    0.2,
)  # half a star, from its middle to its number, of the number
EQUILIBRIUM: dict[str, Any] = {
    "marker": "*", "markersize": 13, "markerfacecolor": "white", "markeredgecolor": INK, "linestyle": "none",
}  # fmt: skip


@plot(axes=(), of="gain")
def polylines(dataset: Any) -> Figure:
    """What each signal gives a sender of two types, one payoff on each axis, as the belief goes from one to the other.

    Reads what :func:`sim.dataset.signal_lines` builds.  Raises ValueError for other datasets.
    """
    if "gain" not in dataset:
        raise ValueError(
            "this dataset is no signalling game: standoff solve FILE --plot polylines --out PICTURE draws one"
        )
    first, second = (str(name) for name in dataset["type"].values)
    signals = list(dict.fromkeys(str(name) for name in dataset["signal"].values))
    entries = [Entry("Signals", bold=True)]
    entries += [Entry(name, line=line_of(k)) for k, name in enumerate(signals)]
    entries.append(
        Entry(
            f"Along a line the belief changes: hollow where the signal is surely {first}'s, filled where {second}'s"
        )
    )
    entries += [Entry("Equilibria, by the signals that are sent", bold=True)]
    value = dataset["value"].values
    groups: dict[tuple[float, float], list[str]] = {}
    for k, (x, y) in enumerate(value.round(6).tolist()):
        groups.setdefault((x, y), []).append(f"{k + 1}: {dataset['sent'].values[k]}")
    for told in groups.values():
        entries.append(Entry("; ".join(told), line=EQUILIBRIUM))
    sheet = Sheet(
        *heading(dataset, str(dataset.attrs.get("shows", "polylines of signals"))),
        (f"payoff of {first}", ""),
        [(f"payoff of {second}", "")],
        entries,
        paragraphs(dataset, "", sentence(str(dataset.attrs.get("how", "")))),
        width=WIDTH,
        heights=[HEIGHT],
    )
    panel = sheet.panels[0]
    for k, name in enumerate(signals):
        own = dataset["gain"].values[dataset["signal"].values == name]
        style = line_of(k)
        panel.plot(*own.T, **{**style, "marker": "none"}, zorder=2)
        for end, face in ((own[0], "white"), (own[-1], style["color"])):
            if face != "white" or len(own) > 1:
                panel.plot(*end, **{**style, "markerfacecolor": face}, zorder=3)
    for x, y in groups:
        panel.plot(x, y, **EQUILIBRIUM, zorder=4)
    points = np.concatenate([dataset["gain"].values, value])
    room = 0.08 * np.maximum(np.ptp(points, axis=0), 0.001 * np.abs(points).max() or 1.0)
    low, high = points.min(axis=0) - room, points.max(axis=0) + room
    panel.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    size = np.array([WIDTH, HEIGHT]) / (high - low)
    taken = [(x * size[0], y * size[1], MARK) for x, y in groups]  # middle and half width, in inches
    for (x, y), told in groups.items():
        numbers = ", ".join(words.partition(":")[0] for words in told)
        numbers = numbers if len(numbers) < 12 else "…"
        across, down, half = x * size[0], y * size[1], LETTER * len(numbers) / 2
        inner = -1 if x > (low[0] + high[0]) / 2 else 1
        for side in (inner, -inner):
            middle = across + side * (OFFSET + half)
            if all(abs(middle - a) > half + wide or abs(down - b) > LINE for a, b, wide in taken):
                panel.annotate(
                    numbers, (x, y), xytext=(side * OFFSET * 72, 0), textcoords="offset points",
                    ha="left" if side > 0 else "right", va="center", fontsize=8, family=FONT, zorder=5,
                )  # fmt: skip
                taken.append((middle, down, half))
                break  # where neither side is free the legend tells of it
    return sheet.figure
