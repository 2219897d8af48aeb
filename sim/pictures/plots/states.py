"""States of a stochastic game with one equilibrium: what is done in each, what comes of it, and where play goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.kernels.base.tolerances import FAINT
from sim.pictures.style import Entry, Palette, Sheet, heading, percent
from sim.pictures.style.palette import INK
from sim.pictures.style.words import FONT, paragraphs, sentence, text_width
from sim.plugins import plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_STATES = 40
ROW, LINE = 0.62, 0.145  # inches: from one state to the next, and from one line of words to the next
SIZE, SMALL = 8.0, 7.0  # points
BEND, SIDE = 0.16, 0.1  # inches that a way bends out for each state it passes, and half a mark
LONGEST = 110  # characters of a line
THICKEST = 3.5  # points, of a way that is certain
NOTHING = "#c8c8c8"  # where no outcome is as likely as not
SPECK = 0.0005  # shares below are not told


@plot(axes=(), of="following")
def states(dataset: Any) -> Figure:
    """States of one game from top to bottom, coloured by what comes of play there, and the ways between them.

    Ways down are on the left, ways up on the right, thick as likely; words tell the same.  Reads what
    :func:`sim.dataset.led_on` builds.  Raises ValueError for other datasets, and for more than 40 states.
    """
    if "following" not in dataset:
        raise ValueError(
            "this dataset has no states: standoff solve FILE --plot states --out PICTURE draws those of one game"
        )
    count = dataset.sizes["state"]
    if count > MOST_STATES:
        raise ValueError(
            f"this game has {count} states; {MOST_STATES} at most can be read in a picture: "
            "standoff solve FILE, without --out, tells of each"
        )
    palette = Palette.of(dataset)
    likely = dataset["likely"].values
    entries = [Entry("What comes of play in a state", bold=True)]
    names = [str(name) for name in dataset["outcome"].values]
    entries += [
        Entry(names[number], line=mark(palette, number)) for number in sorted(set(likely.tolist()) - {-1})
    ]
    if (likely < 0).any():
        entries.append(Entry("no outcome is as likely as not", line=mark(palette, -1)))
    certain = {"linestyle": "-", "color": INK, "linewidth": THICKEST}
    entries += [
        Entry("Ways", bold=True),
        Entry(
            "certain to be next: the thinner, the less likely; down on the left, up on the right",
            line=certain,
        ),
    ]
    told = [lines(dataset, s) for s in range(count)]
    ways = np.argwhere(dataset["following"].values > FAINT)
    ahead = (ways[:, 1] - ways[:, 0]).tolist()
    left, right = (BEND * max([1, *(way * one for one in ahead)]) + 2 * SIDE for way in (1, -1))
    wide = max(text_width(line, SIZE, "bold") for rows in told for line in rows)
    width, height = left + right + wide + 0.2, count * ROW
    sheet = Sheet(
        *heading(dataset, str(dataset.attrs.get("shows", "an equilibrium"))),
        ("", ""),
        [("", "")],
        entries,
        paragraphs(dataset, "", sentence(str(dataset.attrs.get("how", "")))),
        width=width,
        heights=[height],
        left=0.35,
    )
    panel = sheet.panels[0]
    panel.set_axis_off()
    panel.set(xlim=(0, width), ylim=(height, 0))
    for s, rows in enumerate(told):
        down = (s + 0.5) * ROW
        panel.plot(left, down, zorder=3, **mark(palette, int(likely[s])))
        for at, words in enumerate(rows):
            style = {"fontsize": SIZE if not at else SMALL, "weight": "normal" if at else "bold"}
            panel.text(
                left + right, down + (at - (len(rows) - 1) / 2) * LINE, words, family=FONT, color=INK, va="center",
                ha="left", parse_math=False, **style,
            )  # fmt: skip
    draw_ways(panel, dataset["following"].values, left)
    return sheet.figure


def draw_ways(panel: Any, following: Any, middle: float) -> None:
    """Half an ellipse from each state to each that may follow, with an arrow's head where it arrives."""
    turn = np.linspace(0, np.pi, 40)
    for s, to in np.argwhere(following > FAINT).tolist():
        if s == to:
            continue
        start, stop = (s + 0.5) * ROW, (to + 0.5) * ROW
        side = -1 if to > s else 1
        x = middle + side * (SIDE + BEND * abs(to - s) * np.sin(turn))
        y = (start + stop) / 2 - (stop - start) / 2 * np.cos(turn)
        thick = max(THICKEST * float(following[s, to]), 0.6)
        panel.plot(x, y, color=INK, linewidth=thick, zorder=1, solid_capstyle="butt")
        panel.plot(
            x[-1], y[-1], marker=">" if side < 0 else "<", color=INK, markersize=4 + thick / 2, zorder=2
        )


def mark(palette: Palette, number: int) -> dict[str, Any]:
    """The mark of a state by the outcome of play there, -1 for none."""
    colour = palette.colour(number) if number >= 0 else NOTHING
    return {
        "marker": "s", "markersize": 10, "markerfacecolor": colour, "markeredgecolor": INK, "markeredgewidth": 0.8,
        "linestyle": "none",
    }  # fmt: skip


def lines(dataset: Any, s: int) -> list[str]:
    """A state in words: its name and how often it is met, what is done there, what follows."""
    begin, share = (float(dataset[name].values[s]) for name in ("begin", "share"))
    names = [str(name) for name in dataset["next"].values]
    met = [f"play begins here{'' if begin == 1 else f' with {percent(begin)}'}"] if begin > 0 else []
    met += [f"{percent(share)} of the long run"] if share > SPECK else []
    follow = dataset["following"].values[s]
    order = sorted(np.nonzero(follow > FAINT)[0].tolist(), key=lambda to: -follow[to])
    then = ", ".join(f"{names[to]} {percent(float(follow[to]))}" for to in order)
    rows = [f"{names[s]}{': ' if met else ''}{', '.join(met)}", str(dataset["doing"].values[s])]
    rows.append("it stays" if order == [s] else f"then {then}")
    return [row if len(row) <= LONGEST else f"{row[: LONGEST - 1]}…" for row in rows]
