"""What came of many crises over time: shares of outcomes, and single runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.pictures.style import Entry, Palette, Regime, Sheet, heading, percent, sample
from sim.pictures.style.files import DPI
from sim.pictures.style.palette import Pixels
from sim.pictures.style.raster import lay, swatch
from sim.pictures.style.words import loads, paragraphs, sentence
from sim.plugins import plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, SHARES, STATES = 5.6, 2.4, 1.3  # inches
RUN = 0.09  # inches of the row of one run
MOST = 8  # outcomes, and states, that are told apart; the rarest beyond are one grey
OTHERS = 0.75
CHANGES = 0.1  # share of the runs by which the last period differs from all, where that is told
ENDS = "end state that only slips lead into: its share grows with every period that is played"


@plot(axes=(), of="lived")
def paths(dataset: Any) -> Figure:
    """Shares of outcomes over the periods of play, single runs below, and shares of states where there are any.

    Reads what :func:`sim.dataset.played` builds.  Up to eight outcomes and eight states have a colour and a name.
    Raises ValueError for the dataset of a sweep.
    """
    if "lived" not in dataset:
        raise ValueError("this dataset is a sweep: standoff play SCENARIO --out PICTURE draws played crises")
    lived = np.asarray(dataset["lived"].values)
    periods, runs = lived.shape
    outcomes = Kinds.of(dataset, "outcome", np.asarray(dataset["share"].values, dtype=float))
    states = (
        Kinds.of(dataset, "state", np.asarray(dataset["visits"].values, dtype=float))
        if "visits" in dataset
        else None
    )
    entries = outcomes.legend("Outcomes (share of all periods)")
    entries += states.legend("States (share of all periods)") if states else []
    attrs = dataset.attrs
    title, subtitle = heading(dataset, str(attrs.get("by", "played")))
    slips = [str(name) for name in loads(dataset, "slips", [])]
    told = f"{', '.join(slips)}: {'an' if len(slips) == 1 else 'each an'} {ENDS}" if slips else ""
    sheet = Sheet(
        f"{title}: {outcomes.finding()}" if title else outcomes.finding(),
        subtitle,
        ("period", ""),
        [
            ("share of runs", ""),
            (f"first {runs} runs" if runs > 1 else "one run", ""),
            *([("share of runs in a state", "")] if states else []),
        ],
        entries,
        paragraphs(
            dataset,
            sentence(told),
            sentence(str(attrs.get("how", ""))),
            full=attrs.get("caption") == "full",
        ),
        width=WIDTH,
        heights=[SHARES, max(runs, 8) * RUN, *([STATES] if states else [])],
    )
    columns = lay(np.arange(1.0, periods + 1), round(WIDTH * DPI))
    draw(sheet.panels[0], outcomes.pixels(stacked(outcomes.share, columns, SHARES)), periods)
    rows = np.arange(round(max(runs, 8) * RUN * DPI)) * runs // round(max(runs, 8) * RUN * DPI)
    # the first run on top
    draw(sheet.panels[1], outcomes.pixels(lived[columns][:, rows[::-1]].T), periods)
    sheet.panels[1].set_yticks([])
    for run in range(1, runs):
        sheet.panels[1].axhline(run / runs, color="white", linewidth=0.5)
    for panel, height in ((sheet.panels[0], SHARES), *([(sheet.panels[2], STATES)] if states else [])):
        panel.set_yticks([0, 0.5, 1] if height > 1 else [0, 1])
        panel.yaxis.set_major_formatter(lambda value, _: percent(value))
    if states:
        draw(sheet.panels[2], states.pixels(stacked(states.share, columns, STATES)), periods)
    return sheet.figure


@dataclass(frozen=True, eq=False)
class Kinds:
    """Outcomes or states: their names, looks and shares ``(T, N)``, and those that are told apart, by number."""

    names: list[str]
    palette: Palette
    share: NDArray[np.float64]
    apart: list[int]

    @classmethod
    def of(cls, dataset: Any, dim: str, share: NDArray[np.float64]) -> Kinds:
        """The most frequent of what is there, in the order of the scenario."""
        often = share.mean(axis=0)
        frequent = [number for number in np.argsort(-often, kind="stable").tolist() if often[number] > 0]
        apart = sorted(frequent if len(frequent) <= MOST else frequent[: MOST - 1])
        names = [str(name) for name in dataset[dim].values]
        return cls(names, Palette.of(dataset, dim), share, apart)

    def legend(self, heading: str) -> list[Entry]:
        """An entry for each that is told apart, and one for all others that there are."""
        often = self.share.mean(axis=0)
        entries = [Entry(heading, bold=True)]
        entries += [
            Entry(
                self.names[number],
                percent(often[number]),
                swatch(self.palette, Regime("outcomes", (number,))),
            )
            for number in self.apart
        ]
        rest = [number for number in np.nonzero(often)[0].tolist() if number not in self.apart]
        if rest:
            entries.append(Entry(f"{len(rest)} others", percent(often[rest].sum()), sample([OTHERS] * 3)))
        return entries

    def pixels(self, code: NDArray[np.int64]) -> Pixels:
        """Colours of numbers, ``(rows, columns) -> (rows, columns, 3)``."""
        image = np.full((*code.shape, 3), OTHERS)
        for number in self.apart:
            row, column = np.nonzero(code == number)
            image[row, column] = self.palette.paint(Regime("outcomes", (number,)), row, column)
        return image

    def finding(self) -> str:
        """What came of it most, and in the last period where that is something else."""
        often, last = self.share.mean(axis=0), self.share[-1]
        most, end = int(often.argmax()), int(last.argmax())
        if often[most] == 1:
            return f"{self.names[most]} throughout"
        told = f"{self.names[most]} in {percent(often[most])} of all periods"
        if len(self.share) < 2:
            return f"{self.names[most]} in {percent(often[most])}"
        if end != most or abs(last[end] - often[end]) >= CHANGES:
            which = f"{self.names[end]} " if end != most else ""
            told += f", {which}in {percent(last[end])} at the end"
        return told


def stacked(share: NDArray[Any], columns: NDArray[Any], height: float) -> NDArray[np.int64]:
    """Which of several shares ``(T, N)`` a pixel of a stack shows, ``(rows, columns)``, the first on top."""
    rows = round(height * DPI)
    level = (np.arange(rows) + 0.5) / rows
    tops = np.cumsum(share[:, ::-1], axis=1)[columns]
    tops /= tops[:, -1:]
    place = (level[:, np.newaxis, np.newaxis] > tops[np.newaxis]).sum(axis=-1)
    result: NDArray[np.int64] = share.shape[1] - 1 - np.minimum(place, share.shape[1] - 1)
    return result


def draw(panel: Any, image: Pixels, periods: int) -> None:
    """An image over all periods, each as wide as the others."""
    panel.imshow(
        image, origin="lower", extent=(0.5, periods + 0.5, 0, 1), aspect="auto", interpolation="none"
    )
    panel.set(xlim=(0.5, periods + 0.5), ylim=(0, 1))
    panel.xaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
