"""A tree of moves with one equilibrium: how likely each way is, what is believed, and which paths are played."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.game import Floats, Integers
from sim.pictures.style import Entry, Sheet, heading
from sim.pictures.style.palette import INK
from sim.pictures.style.sides import marker_of
from sim.pictures.style.words import FONT, paragraphs, sentence, text_width
from sim.plugins import plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_NODES = 200
ROW = 0.29  # inches from one end to the next: two lines of words
SIZE, SMALL = 7.0, 6.0  # points
ELBOW, MARK, PAD = 0.14, 0.06, 0.07  # inches: from a node to where ways part, half a node, around words
LONGEST = 46  # characters of a label
THICKEST = 4.0  # points, of a path that is certain
PLAYED: dict[str, Any] = {"linestyle": "-", "color": INK, "linewidth": THICKEST}
POSSIBLE: dict[str, Any] = {"linestyle": "-", "color": "#8a8a8a", "linewidth": 1.2}
NEVER: dict[str, Any] = {"linestyle": (0, (1, 1.5)), "color": "#8a8a8a", "linewidth": 0.9}
WAYS = (
    ("certain to be walked: the thinner, the less likely", PLAYED),
    ("would be taken, but play does not come there", POSSIBLE),
    ("never taken", NEVER),
)
BELIEF = (
    "belief: how likely the mover, who cannot tell some nodes apart, thinks this one is; from one number to another "
    "where any belief supports the play"
)


@plot(axes=(), of="parent")
def tree(dataset: Any) -> Figure:
    """The moves of one game from left to right: probabilities, beliefs, and the paths of an equilibrium, thick as likely.

    Reads what :func:`sim.dataset.unfolded` builds.  Raises ValueError for the dataset of a sweep, and for trees of
    more than 200 nodes.
    """
    if "parent" not in dataset:
        raise ValueError(
            "this dataset is no tree: standoff solve FILE --out PICTURE draws the tree of one game"
        )
    nodes = dataset.sizes["node"]
    if nodes > MOST_NODES:
        raise ValueError(
            f"this tree has {nodes} nodes; {MOST_NODES} at most can be read in a picture: "
            "standoff solve FILE, without --out, tells of every information set"
        )
    layout = Layout(dataset)
    players = [str(name) for name in dataset["player"].values]
    entries = [Entry("Who moves", bold=True)]
    movers = sorted(set(dataset["side"].values.tolist()) - {-1})
    entries += [Entry(players[i], line=marker_of(i)) for i in movers]
    if (dataset["mover"].values == "chance").any():
        entries.append(Entry("chance", line=marker_of(-1)))
    entries.append(Entry("Ways, with how likely each is where it starts", bold=True))
    entries += [Entry(words, line=style) for words, style in WAYS]
    entries.append(Entry(f"At the ends: payoffs of {', '.join(players)}; outcome"))
    if not np.isnan(dataset["belief_low"].values).all():
        entries.append(Entry(BELIEF))
    sheet = Sheet(
        *heading(dataset, str(dataset.attrs.get("shows", "an equilibrium"))),
        ("", ""),
        [("", "")],
        entries,
        paragraphs(dataset, "", sentence(str(dataset.attrs.get("how", "")))),
        width=layout.width,
        heights=[layout.height],
        left=0.35,
    )
    layout.draw(sheet.panels[0])
    return sheet.figure


@dataclass
class Layout:
    """Where nodes and words are, in inches: columns by how many moves came before, a row for each end."""

    dataset: Any
    parent: Integers = field(init=False)
    depth: Integers = field(init=False)
    down: Floats = field(init=False)
    across: Floats = field(init=False)

    def __post_init__(self) -> None:
        data = self.dataset
        self.parent = np.asarray(data["parent"].values)
        nodes = len(self.parent)
        self.depth = np.zeros(nodes, dtype=np.int64)
        for v in range(1, nodes):
            self.depth[v] = self.depth[self.parent[v]] + 1
        self.ways = [self.way(v) for v in range(nodes)]
        self.under = [self.mover(v) for v in range(nodes)]
        self.place()

    def way(self, v: int) -> str:
        """What stands above the line into a node."""
        if self.parent[v] < 0:
            return ""
        probability = float(self.dataset["probability"].values[v])
        return f"{short(str(self.dataset['way'].values[v]))}  {number(probability)}"

    def mover(self, v: int) -> str:
        """What stands below the line into a node: who moves there, and what he believes."""
        data = self.dataset
        mover, low, high = str(data["mover"].values[v]), *(
            float(data[name].values[v]) for name in ("belief_low", "belief_high")
        )  # fmt: skip
        if not mover or mover == "chance":
            return ""
        if np.isnan(low):
            return short(mover)
        told = number(low) if number(low) == number(high) else f"{number(low)} to {number(high)}"
        return f"{short(mover)}: belief {told}"

    def end(self, v: int) -> str:
        """What stands behind an end."""
        payoffs = ", ".join(number(float(x)) for x in self.dataset["payoff"].values[v])
        return f"{payoffs};  {short(str(self.dataset['outcome'].values[v]))}"

    def place(self) -> None:
        """Rows and columns wide enough for their words."""
        nodes = len(self.parent)
        inner = np.zeros(nodes, np.bool_)
        inner[self.parent[1:]] = True
        self.inner = inner
        self.down = np.zeros(nodes)
        row = 0.5
        below: list[list[int]] = [[] for _ in range(nodes)]
        for v in range(nodes):  # preorder: ends come in the order of their rows
            if v:
                below[self.parent[v]].append(v)
            if not inner[v]:
                self.down[v], row = row * ROW, row + 1
        for v in range(nodes - 1, -1, -1):
            if inner[v]:
                self.down[v] = (self.down[below[v][0]] + self.down[below[v][-1]]) / 2
        columns = np.zeros(int(self.depth.max()) + 1)
        for v in range(nodes):
            words = max(text_width(self.ways[v], SIZE), text_width(self.under[v], SMALL))
            columns[self.depth[v]] = max(columns[self.depth[v]], words)
        steps = columns + ELBOW + 2 * PAD + MARK
        steps[0] = columns[0] + 2 * PAD
        self.columns = np.cumsum(steps)
        self.across = self.columns[self.depth]
        ends = [
            self.across[v] + 2 * PAD + MARK + text_width(self.end(v), SIZE)
            for v in range(nodes)
            if not inner[v]
        ]
        self.width, self.height = max(ends) + PAD, max(row - 0.5, 1.5) * ROW + 0.1

    def draw(self, panel: Any) -> None:
        """Lines, nodes and words on a panel whose units are inches, the root on the left."""
        panel.set_axis_off()
        panel.set(xlim=(0, self.width), ylim=(self.height, 0))
        data = self.dataset
        probability, reach = data["probability"].values, data["reach"].values
        for v in sorted(range(1, len(self.parent)), key=lambda v: reach[v]):
            above = int(self.parent[v])
            start = self.across[above]
            style = POSSIBLE if probability[v] > 0 else NEVER
            if reach[v] > 0:
                style = {**PLAYED, "linewidth": max(THICKEST * reach[v], 0.8)}
            x, y = [start, start + ELBOW, self.across[v]], [self.down[above], self.down[v], self.down[v]]
            panel.plot(x, y, solid_capstyle="butt", zorder=1 + reach[v], **style)
        for v, side in enumerate(data["side"].values.tolist()):
            if self.inner[v]:
                panel.plot(self.across[v], self.down[v], zorder=3, **marker_of(side))
            else:
                self.write(panel, self.across[v] + 2 * PAD, self.down[v], self.end(v), SIZE, "center")
            first = self.columns[self.depth[v] - 1] + ELBOW + PAD if v else PAD
            self.write(panel, first, self.down[v] - 0.03, self.ways[v], SIZE, "bottom")
            self.write(panel, first, self.down[v] + 0.04, self.under[v], SMALL, "top", color="#404040")

    def write(
        self, panel: Any, x: float, y: float, words: str, size: float, where: str, **style: Any
    ) -> None:
        """Words that begin at a place."""
        style = {"fontsize": size, "family": FONT, "va": where, "ha": "left", "color": INK, **style}
        if words:
            panel.text(x, y, words, parse_math=False, **style)


def number(value: float) -> str:
    """A number with three digits, whole where it is."""
    return f"{value:.3g}"


def short(label: str) -> str:
    """A label that is not too long."""
    return label if len(label) <= LONGEST else label[: LONGEST - 1] + "…"
