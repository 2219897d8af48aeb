"""What there is to agree on in a bargain, with the offers that are made and the least that is accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.kernels.base.tolerances import FAINT
from sim.pictures.style import Entry, Sheet, heading
from sim.pictures.style.palette import INK
from sim.pictures.style.sheet import LABEL, LINE
from sim.pictures.style.sides import marker_of
from sim.pictures.style.words import FONT, paragraphs, sentence, text_width, wrap
from sim.plugins import plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, NAMES = 5.6, 1.95  # inches, of the scale and of the names of rows
STEP, BAR, AIR = 0.19, 0.16, 0.12  # inches: from sign to sign, of the bar, and around the signs of a row
SIZE = 7.5  # points
RANGE: dict[str, Any] = {"color": "#c9c9c9", "linewidth": 9, "linestyle": "-"}
NOTHING: dict[str, Any] = {"color": INK, "linewidth": 1.4, "linestyle": (0, (1, 1.5))}
SIGNS = {
    "keeps": "offer: what it keeps",
    "accepts": "the least it accepts",
    "insists": "insists on it for ever",
}


@plot(axes=(), of="low")
def bargaining_range(dataset: Any) -> Figure:
    """The divisions that are better than none for everybody, and where offers and acceptance lie among them.

    Reads what :func:`sim.dataset.bargain_range` builds.  Raises ValueError for other datasets.
    """
    if "sign_row" not in dataset:
        raise ValueError("this dataset is no bargain: standoff solve FILE --out PICTURE draws one")
    players = [str(name) for name in dataset["player"].values]
    pie, rows = float(dataset.attrs["pie"]), [str(name) for name in dataset["row"].values]
    owners, parts_told = dataset["sign_row"].values, [str(word) for word in dataset["what"].values]
    counts = np.bincount(owners, minlength=len(rows))
    heights = counts * STEP + BAR + 2 * AIR
    two = len(players) == 2
    low, high = dataset["low"].values, dataset["high"].values
    entries = [Entry("What there is to agree on", bold=True)]
    if (high > low).any():
        entries.append(
            Entry(
                f"divisions that are better for {'both' if two else 'everybody'} than none; at its "
                f"ends {dataset.attrs['fallback']}",
                line=RANGE,
            )
        )
    if (high <= low).any():
        entries.append(Entry("nothing to agree on: together they want more than there is", line=NOTHING))
    for i, name in enumerate(players):
        shown = [
            what
            for what in SIGNS
            if any(
                w == what and p == i for w, p in zip(parts_told, dataset["sign_player"].values, strict=True)
            )
        ]
        if shown:
            entries.append(Entry(f"{name}, with its share", bold=True))
            entries += [Entry(SIGNS[what], line=sign_style(what, i, turned=two and i == 1)) for what in shown]
    sheet = Sheet(
        *heading(dataset, str(dataset.attrs.get("shows", "an equilibrium"))),
        (f"{dataset.attrs['scale']} (of {pie:g} that {'is' if pie == 1 else 'are'} divided)", ""),
        [("", "")],
        entries,
        paragraphs(dataset, sentence(came_of(dataset)), sentence(str(dataset.attrs.get("how", "")))),
        width=WIDTH,
        heights=[float(heights.sum())],
        left=NAMES,
    )
    (panel,) = sheet.panels
    top = sheet.height * (1 - panel.get_position().y1)
    panel.set(xlim=(-0.04 * pie, 1.04 * pie), ylim=(float(heights.sum()), 0), yticks=[])
    start = 0.0
    for row, name in enumerate(rows):
        text = wrap(name, NAMES - 0.35, LABEL - 1, most=3)
        for k, words in enumerate(text):
            middle = top + start + heights[row] / 2 + (k - (len(text) - 1) / 2) * (LABEL - 1) * LINE
            sheet.text(NAMES - 0.12, middle, words, LABEL - 1, ha="right", va="center")
        if row:
            panel.axhline(start, color="#bbbbbb", linewidth=0.5)
        draw_row(panel, dataset, row, start + AIR + BAR / 2, two=two)
        start += float(heights[row])
    panel.grid(axis="x", color="#e4e4e4", linewidth=0.5)
    panel.set_axisbelow(True)
    return sheet.figure


def draw_row(panel: Any, dataset: Any, row: int, down: float, *, two: bool) -> None:
    """The range of one row, and below it a line for each sign, with its share in words."""
    low, high, pie = (
        float(x) for x in (dataset["low"].values[row], dataset["high"].values[row], dataset.attrs["pie"])
    )
    if high > low:
        panel.fill_between([low, high], down - BAR / 2, down + BAR / 2, color=RANGE["color"], linewidth=0)
    else:
        panel.plot([high, low], [down, down], **NOTHING)
    signs = np.flatnonzero(dataset["sign_row"].values == row).tolist()
    for place in (low, high):
        panel.plot(
            [place, place],
            [down - BAR / 2, down + BAR / 2 + STEP * len(signs)],
            color="#8a8a8a",
            linewidth=0.8,
        )
    for k, s in enumerate(signs):
        at, player = float(dataset["at"].values[s]), int(dataset["sign_player"].values[s])
        y = down + BAR / 2 + (k + 0.6) * STEP
        style = sign_style(str(dataset["what"].values[s]), player, turned=two and player == 1)
        panel.plot(at, y, zorder=3, clip_on=False, **style)
        words = f"{float(dataset['share'].values[s]):.3g}  {spoken(str(dataset['agent'].values[s]))}"
        # beside the sign, on the side where there is room
        room = WIDTH * (1.04 * pie - at) / (1.08 * pie)
        left = room < text_width(words, SIZE) + 0.15
        panel.annotate(
            words, (at, y), xytext=(-8 if left else 8, 0), textcoords="offset points", fontsize=SIZE, family=FONT,
            ha="right" if left else "left", va="center", color=INK, parse_math=False, zorder=4,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        )  # fmt: skip


def sign_style(what: str, player: int, *, turned: bool) -> dict[str, Any]:
    """Offers have the sign of their player; what is accepted an arrow towards more of it; who insists a cross."""
    own = marker_of(player)
    if what == "keeps":
        return own
    if what == "insists":
        return {**own, "marker": "X", "markersize": 7}
    return {**own, "marker": "<" if turned else ">", "markerfacecolor": "white", "markeredgecolor": own["markerfacecolor"],
            "markeredgewidth": 1.5}  # fmt: skip


def spoken(agent: str) -> str:
    """``NATO@cohesive, answering`` as words beside a sign."""
    return agent.replace("@", ", ", 1)


def came_of(dataset: Any) -> str:
    """What comes of the talks, likeliest first."""
    chance = dataset["probability"].values
    names = [str(name) for name in dataset["outcome"].values]
    order = [k for k in np.argsort(-chance, kind="stable").tolist() if chance[k] > FAINT]
    told = ", ".join(names[k] if chance[k] > 1 - FAINT else f"{names[k]} {chance[k]:.3g}" for k in order)
    return f"what comes of it: {told}" if told else ""
