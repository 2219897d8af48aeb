"""What movers believe who cannot tell some nodes apart, along one parameter: lines, and bands where many will do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.answers.shared import KINDS
from sim.game import Floats
from sim.kernels.base.tolerances import SAME_PLAY
from sim.pictures.style import Entry, Sheet, axis_label, caption, equilibria_words, heading
from sim.pictures.style.branches import branches
from sim.pictures.style.line import DOTTED, DefaultLine, along_line
from sim.pictures.style.palette import INK
from sim.pictures.style.raster import edges
from sim.pictures.style.sheet import NAME
from sim.pictures.style.sides import line_of
from sim.pictures.style.words import FONT, wrap
from sim.plugins import plot, unknown

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 5.6, 1.75  # inches, of one belief
MOST = 6  # beliefs that one picture shows
BAND = 0.3  # how much of its colour a band has
THIN = 0.8  # points, of the edges of a band


@dataclass(frozen=True)
class Hidden:
    """One thing that a mover may believe: ``place`` among the decisions, of ``agent``, called ``node``."""

    place: int
    agent: str
    node: str


@plot(axes=(1,), rank=60)
def belief_slice(dataset: Any, *, agent: str | None = None) -> Figure:
    """What those believe who do not know what happened before, along one parameter.

    A panel for each thing that may be believed; of two the first is shown, since the other is the rest.  A line where
    one belief alone will do: what Bayes' rule gives where play comes.  A band from the least to the largest belief that
    supports the play, where it never comes.  ``agent`` names one information set, where there are many.
    Raises ValueError unless one parameter is swept, for games in which nothing is hidden, datasets that keep no beliefs,
    and unknown agents.
    """
    shown, dim, x = along_line(dataset)
    if "belief_low" not in shown:
        raise ValueError(
            "this dataset has no beliefs: they are those of games of moves in order, and kept by "
            "standoff sweep SCENARIO --keep equilibria"
        )
    panels = hidden(shown, agent)
    low, high = (
        np.asarray(shown[name].transpose(dim, "equilibrium", "decision").values, dtype=float)
        for name in ("belief_low", "belief_high")
    )
    kinds = np.asarray(shown["kind"].values) if "kind" in shown else np.zeros(low.shape[:2], np.int8)
    present = sorted(set(kinds[~np.isnan(low[..., 0])].tolist()) - {-1})
    words = equilibria_words(dataset)
    entries = [Entry(f"Beliefs in {words}", bold=True)]
    entries += [
        Entry(KINDS[k] if k else words, line=line_of(k - 1 if k else 0) | {"marker": "none"}) for k in present
    ]
    entries.append(Entry("line: the one belief that is held there; by Bayes' rule where play comes"))
    bands = high - low > SAME_PLAY
    if bands[..., [each.place for each in panels]].any():
        first = next((k for k in present if bands[kinds == k].any()), 0)
        colour = line_of(first - 1 if first else 0)["color"]
        entries.append(
            Entry(
                "band: play never comes there, and any belief in it supports the play",
                line={"color": colour, "linewidth": 9, "linestyle": "-", "alpha": BAND},
            )
        )
    default = DefaultLine(dataset, dim, x)
    entries += default.entries
    sheet = Sheet(
        *heading(dataset, f"what is believed in {words}"),
        axis_label(dataset, dim),
        [("probability", "")] * len(panels),
        entries,
        caption(dataset, told(panels, low, high, dim, x)),
        width=WIDTH,
        heights=[HEIGHT] * len(panels),
    )
    chains = branches(*(played(shown, dim, name, low) for name in ("probability", "value")))
    for panel, each in zip(sheet.panels, panels, strict=True):
        for cells, numbers in chains:
            chain = [array[cells, numbers, each.place] for array in (low, high)]
            trace(panel, x, cells, chain, kinds[cells, numbers])
        panel.set(ylim=(-0.04, 1.04), xlim=(edges(x)[0], edges(x)[-1]))
        (what,) = wrap(f"belief of {each.agent} in {each.node}", WIDTH, NAME, most=1)
        panel.set_title(what, loc="left", pad=3, fontsize=NAME, family=FONT, color=INK, parse_math=False)
        panel.grid(color="#e4e4e4", linewidth=0.5)
        panel.set_axisbelow(True)
        default.draw(panel)
    return sheet.figure


def hidden(shown: Any, agent: str | None) -> list[Hidden]:
    """What may be believed, by information set; of the nodes of a set all but the last where they are two."""
    labels = json.loads(shown.attrs.get("actions") or "{}")
    names = [str(name) for name in shown["decision"].values]
    sets = {label: [k for k, name in enumerate(names) if name.startswith(f"{label}: ")] for label in labels}
    sets = {label: places for label, places in sets.items() if len(places) > 1}
    if not sets:
        raise ValueError(
            "everybody who moves in this game knows all that happened before: there is nothing to believe"
        )
    if agent is not None and agent not in sets:
        raise ValueError(unknown("agent", agent, sets))
    chosen = sets if agent is None else {agent: sets[agent]}
    found = [
        Hidden(k, label, names[k].removeprefix(f"{label}: "))
        for label, places in chosen.items()
        for k in (places[:1] if len(places) == 2 else places)
    ]
    if len(found) > MOST:
        raise ValueError(
            f"{len(found)} beliefs are too many for one picture, which shows {MOST}: name one mover with "
            f"--option agent=NAME (agents: {'; '.join(sets)})"
        )
    return found


def played(shown: Any, dim: str, name: str, low: Floats) -> Floats:
    """Probabilities of outcomes or values, ``(X, K, ..)``."""
    other = {"probability": "outcome", "value": "player"}[name]
    if name not in shown:
        return np.where(np.isnan(low[..., :1]), np.nan, 1.0)
    return np.array(shown[name].transpose(dim, "equilibrium", other).values, dtype=float)


def trace(panel: Any, x: Floats, cells: NDArray[np.int64], chain: list[Floats], kind: NDArray[Any]) -> None:
    """One equilibrium along the axis: pieces of one kind, with lines or bands."""
    low, high = chain
    wide = high - low > SAME_PLAY
    state = np.where(np.isnan(low), -2, kind.astype(np.int64) * 2 + wide)
    for part in np.split(np.arange(cells.size), np.nonzero(np.diff(state))[0] + 1):
        if np.isnan(low[part[0]]):
            continue
        style = line_of(max(int(kind[part[0]]) - 1, 0))
        at, ends = x[cells[part]], [low[part], high[part]]
        if part.size == 1:
            at, ends = (
                edges(x)[[cells[part[0]], cells[part[0]] + 1]],
                [np.repeat(end, 2) for end in ends],
            )
        if wide[part[0]]:
            panel.fill_between(at, *ends, color=style["color"], alpha=BAND, linewidth=0)
            for end in ends:
                panel.plot(at, end, color=style["color"], linewidth=THIN)
            continue
        dots = {"marker": style["marker"], "markersize": 3} if x.size <= DOTTED and part.size > 1 else {}
        panel.plot(
            at, ends[0], color=style["color"], linewidth=1.8, linestyle=style["linestyle"], solid_capstyle="butt", **dots
        )  # fmt: skip


def told(panels: list[Hidden], low: Floats, high: Floats, dim: str, x: Floats) -> str:
    """From what to what beliefs go, in words."""
    parts = []
    for each in panels:
        held = high[..., each.place] - low[..., each.place] <= SAME_PLAY
        values = low[..., each.place][held]
        if values.size:
            least, most = float(values.min()), float(values.max())
            span = f"{least:.3g}" if f"{least:.3g}" == f"{most:.3g}" else f"{least:.3g} to {most:.3g}"
            parts.append(f"{each.agent} believes in {each.node} with {span}")
        else:
            parts.append(f"{each.agent} is never reached")
    return f"for {dim} from {x[0]:.3g} to {x[-1]:.3g}: {'; '.join(parts)}"
