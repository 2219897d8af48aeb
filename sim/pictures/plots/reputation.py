"""A name and how it is kept: what is believed of a side round by round, and how its types mix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.kernels.base.tolerances import FAINT
from sim.pictures.style import Entry, Sheet, heading
from sim.pictures.style.palette import INK
from sim.pictures.style.sides import line_of
from sim.pictures.style.words import paragraphs, sentence
from sim.plugins import plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, BELIEF, MIXING = 5.6, 2.3, 2.0  # inches
LOST: dict[str, Any] = {"color": INK, "linewidth": 1.0, "linestyle": (0, (1, 1.5))}
HOLLOW: dict[str, Any] = {"marker": "o", "markersize": 6, "markerfacecolor": "white", "markeredgecolor": INK}
MOST_NAMED = 6  # rounds whose moves stand below the picture
MOST_MARKED = 60  # moves with a marker each: of more, one in so many
MOST_TOLD = 8  # moves at which somebody mixes, in the caption


@plot(axes=(), of="belief")
def reputation(dataset: Any) -> Figure:
    """What is believed of a side with hidden types round by round while it keeps its name, and how each type mixes.

    Reads what :func:`sim.dataset.reputation` builds.  Raises ValueError for other datasets.
    """
    if "plays" not in dataset:
        raise ValueError(
            "this dataset is no reputation: standoff solve FILE --plot reputation --out PICTURE draws one"
        )
    player, good = str(dataset.attrs["player"]), str(dataset.attrs["good"])
    types, rounds = [str(name) for name in dataset["type"].values], dataset["round"].values
    points, at = dataset["point"].values, [str(name) for name in dataset["type"].values].index(good)
    belief, plays = dataset["belief"].values, dataset["plays"].values
    lost, tested = dataset["lost"].values, dataset["tested"].values
    others = [str(words) for words in dataset["test"].values]
    shown = [t for t in range(len(types)) if (~np.isnan(belief[:, t])).any()]
    if len(types) == 2:
        shown = [at]
    entries = [Entry(f"What is believed of {player}", bold=True)]
    entries += [Entry(f"to be {types[t]}, as long as it keeps that name", line=line_of(t)) for t in shown]
    if (~np.isnan(lost)).any():
        entries.append(Entry(f"to be {good}, once it does not", line={**LOST, **HOLLOW}))
    entries.append(Entry(f"How likely {player} keeps its name", bold=True))
    entries += [Entry(f"as {name}", line=line_of(t)) for t, name in enumerate(types)]
    if any(others):
        entries.append(Entry("how likely the others put it to the test", line=line_of(len(types))))
    sheet = Sheet(
        *heading(dataset, str(dataset.attrs.get("shows", "an equilibrium"))),
        (f"moves of {player}; what is believed stands before the move and, at the end, after the last", ""),
        [
            (
                f"belief that {player} is {good}" if len(shown) == 1 else f"belief of what {player} is",
                "probability",
            ),
            ("how likely it is done", "probability"),
        ],
        entries,
        paragraphs(dataset, sentence(told(dataset)), sentence(str(dataset.attrs.get("how", "")))),
        width=WIDTH,
        heights=[BELIEF, MIXING],
    )
    top, bottom = sheet.panels
    each = max(1, len(points) // MOST_MARKED)
    for k, gone in enumerate(lost.tolist()):
        if not np.isnan(gone) and (k % each == 0 or k == len(lost) - 1):
            top.plot(points[k : k + 2], [belief[k, at], gone], **LOST)
            top.plot(points[k + 1], gone, linestyle="none", zorder=3, clip_on=False, **HOLLOW)
    for t in shown:
        top.plot(points, belief[:, t], clip_on=False, zorder=4, markevery=each, **line_of(t))
    for t in range(len(types)):
        bottom.plot(rounds, plays[:, t], clip_on=False, zorder=3, markevery=each, **line_of(t))
    if any(others):
        bottom.plot(rounds, tested, clip_on=False, zorder=3, markevery=each, **line_of(len(types)))
    names = [str(name) for name in dataset["kept"].values]
    few = len(rounds) <= MOST_NAMED
    ticks = [f"{r}: {name}" if few else f"{r}" for r, name in zip(rounds.tolist(), names, strict=True)] + [
        "end"
    ]
    bottom.set_xticks(points, ticks)
    if not few:
        bottom.set_xticks(points[:: max(1, len(points) // 12)], ticks[:: max(1, len(points) // 12)])
    for panel in sheet.panels:
        panel.set(ylim=(-0.04, 1.04), xlim=(0.7, points[-1] + 0.3))
        panel.grid(color="#e4e4e4", linewidth=0.5)
        panel.set_axisbelow(True)
    return sheet.figure


def told(dataset: Any) -> str:
    """How the name grows, and what each type does for it, in words."""
    good = str(dataset.attrs["good"])
    types = [str(name) for name in dataset["type"].values]
    belief = dataset["belief"].values[:, types.index(good)]
    way = f"the belief in {good} goes from {belief[0]:.3g} to {belief[-1]:.3g}"
    parts = []
    for k, words in enumerate(str(name) for name in dataset["kept"].values):
        mixing = [
            f"{name} {share:.3g}"
            for name, share in zip(types, dataset["plays"].values[k].tolist(), strict=True)
            if FAINT < share < 1 - FAINT
        ]
        if mixing:
            parts.append(f"move {k + 1} ({words}): {', '.join(mixing)}")
    more = len(parts) - MOST_TOLD
    if more > 1:
        parts[MOST_TOLD:] = [f"and so on in {more} more moves"]
    return (
        f"{way}; who mixes: {'; '.join(parts)}"
        if parts
        else f"{way}; nobody of {dataset.attrs['player']} mixes"
    )
