"""What came of many crises over time: shares of outcomes, and single runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.pictures.style import Entry, Regime, Sheet, heading, percent
from sim.pictures.style.files import DPI
from sim.pictures.style.palette import Pixels, paint
from sim.pictures.style.raster import lay, swatch
from sim.pictures.style.words import paragraphs, sentence
from sim.plugins import plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, SHARES, STATES = 5.6, 2.4, 1.3  # inches
RUN = 0.09  # inches of the row of one run
STATE_COLOURS = "cividis"


@plot(axes=(), of="lived")
def paths(dataset: Any) -> Figure:
    """Shares of outcomes over the periods of play, single runs below, and shares of states where there are any.

    Reads what :func:`sim.dataset.played` builds.  Raises ValueError for the dataset of a sweep.
    """
    if "lived" not in dataset:
        raise ValueError("this dataset is a sweep: standoff play SCENARIO --out PICTURE draws played crises")
    share = np.asarray(dataset["share"].values, dtype=float)
    lived = np.asarray(dataset["lived"].values)
    names = [str(name) for name in dataset["outcome"].values]
    occurring = [number for number in range(len(names)) if share[:, number].any()]
    periods, runs = lived.shape

    entries = [Entry("Outcomes (share of all periods)", bold=True)]
    entries += [
        Entry(names[number], percent(share[:, number].mean()), swatch(Regime("outcomes", (number,))))
        for number in occurring
    ]
    states = [str(name) for name in dataset["state"].values] if "visits" in dataset else []
    tones = shades(len(states))
    if states:
        visits = np.asarray(dataset["visits"].values, dtype=float)
        entries.append(Entry("States (share of all periods)", bold=True))
        entries += [
            Entry(name, percent(visits[:, number].mean()), np.tile(tones[number], (40, 68, 1)))
            for number, name in enumerate(states)
            if visits[:, number].any()
        ]
    attrs = dataset.attrs
    sheet = Sheet(
        *heading(dataset, str(attrs.get("by", "played"))),
        ("period", ""),
        [
            ("share of runs", ""),
            (f"first {runs} runs" if runs > 1 else "one run", ""),
            *([("share of runs", "")] if states else []),
        ],
        entries,
        paragraphs(dataset, sentence(str(attrs.get("how", "")))),
        width=WIDTH,
        heights=[SHARES, max(runs, 8) * RUN, *([STATES] if states else [])],
    )
    columns = lay(np.arange(1.0, periods + 1), round(WIDTH * DPI))
    draw(sheet.panels[0], outcome_pixels(stacked(share, columns, SHARES)), periods)
    rows = np.arange(round(max(runs, 8) * RUN * DPI)) * runs // round(max(runs, 8) * RUN * DPI)
    # the first run on top
    draw(sheet.panels[1], outcome_pixels(lived[columns][:, rows[::-1]].T), periods)
    sheet.panels[1].set_yticks([])
    for run in range(1, runs):
        sheet.panels[1].axhline(run / runs, color="white", linewidth=0.5)
    for panel, height in ((sheet.panels[0], SHARES), *([(sheet.panels[2], STATES)] if states else [])):
        panel.set_yticks([0, 0.5, 1] if height > 1 else [0, 1])
        panel.yaxis.set_major_formatter(lambda value, _: percent(value))
    if states:
        draw(sheet.panels[2], np.stack(tones)[stacked(visits, columns, STATES)], periods)
    return sheet.figure


def stacked(share: NDArray[Any], columns: NDArray[Any], height: float) -> NDArray[np.int64]:
    """Which of several shares ``(T, N)`` a pixel of a stack shows, ``(rows, columns)``, the first on top."""
    rows = round(height * DPI)
    level = (np.arange(rows) + 0.5) / rows
    tops = np.cumsum(share[:, ::-1], axis=1)[columns]
    tops /= tops[:, -1:]
    place = (level[:, np.newaxis, np.newaxis] > tops[np.newaxis]).sum(axis=-1)
    result: NDArray[np.int64] = share.shape[1] - 1 - np.minimum(place, share.shape[1] - 1)
    return result


def outcome_pixels(code: NDArray[np.int64]) -> Pixels:
    """Colours of numbers of outcomes, ``(rows, columns) -> (rows, columns, 3)``."""
    image = np.ones((*code.shape, 3))
    for number in np.unique(code).tolist():
        row, column = np.nonzero(code == number)
        image[row, column] = paint(Regime("outcomes", (number,)), row, column)
    return image


def draw(panel: Any, image: Pixels, periods: int) -> None:
    """An image over all periods, each as wide as the others."""
    panel.imshow(
        image, origin="lower", extent=(0.5, periods + 0.5, 0, 1), aspect="auto", interpolation="none"
    )
    panel.set(xlim=(0.5, periods + 0.5), ylim=(0, 1))
    panel.xaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)


def shades(count: int) -> list[Pixels]:
    """Colours of states in order: their lightness rises, also without red or green."""
    from matplotlib import colormaps

    return [np.array(colormaps[STATE_COLOURS](place)[:3]) for place in np.linspace(0.1, 0.95, max(count, 1))]
