"""Borders of a map that are proved: where what holds changes, as lines, from certified blocks at the present values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.borders import FlintMissingError, NoMarginsError
from sim.scenario import Scenario
from sim.scenario.margins import signs_of
from sim.web.asked import View
from sim.web.exports import swept

if TYPE_CHECKING:
    from sim.run.proving import Proved

__all__ = ["proved_borders"]

ACCURACY = 1e-4  # share of a range, less than a pixel
MOST_BLOCKS = 4000  # half a second
OPEN = 1e-3  # share of the map that may be left undecided, along borders
SHARES = 10_000  # of an axis, in which points are told
LONGEST, MOST_WORDS = 32, 4  # characters of a border that is told in words, and borders


def proved_borders(scenario: Scenario, view: View, give_way: Callable[[], None]) -> dict[str, Any]:
    """Lines ``[x, y, x, y, ..]`` in ten-thousandths of the axes, and a sentence; none where nothing is proved.

    They are of all equilibria: of other concepts, methods and selections there are none.
    """
    nothing: dict[str, Any] = {"lines": [], "words": ""}
    if len(view.axes) != 2 or view.solver or view.select:
        return nothing
    give_way()
    from sim.run.proving import prove

    try:
        if view.concept not in signs_of(scenario).concepts:
            return nothing
        proved = prove(scenario, swept(scenario, view, 2), accuracy=ACCURACY, boxes=MOST_BLOCKS)
    except (NoMarginsError, FlintMissingError):
        return nothing
    if proved.map.share_undecided > OPEN:
        return nothing
    give_way()
    return drawn(proved)


def drawn(proved: Proved) -> dict[str, Any]:
    """The borders of a proved map, as the pictures of the house draw them."""
    from sim.borders.record import as_record
    from sim.dataset.proved import Regions
    from sim.pictures.style.proved import border_curves

    maps = [one for one in (proved.map, proved.pure) if one is not None]
    records = dict(zip(("proof", "pure"), [*map(as_record, maps), None], strict=False))
    curves = border_curves(
        Regions({"over": tuple(proved.sweep.over), "certain": False, **records}, tuple(maps), {})
    )
    low = np.array([float(one) for one in proved.map.low])
    width = np.array([float(one) for one in proved.map.high]) - low
    short = [curve.words for curve in curves if len(curve.words) <= LONGEST]
    told = "; ".join(short[:MOST_WORDS])
    more = len(curves) - len(short[:MOST_WORDS])
    if told:
        told = f": {told}{f'; and {more} more' if more else ''}"
    return {
        "lines": [
            straightened(np.rint((line - low) / width * SHARES).astype(np.int64)).ravel().tolist()
            for curve in curves
            for line in curve.lines
        ],
        "words": f"lines: borders, proved between the cells as well{told}",
    }


def straightened(line: np.typing.NDArray[np.int64]) -> np.typing.NDArray[np.int64]:
    """A line ``(N, 2)`` without the points that lie on the way from the one before to the one behind, within a share."""
    kept = [0]
    for at in range(1, len(line) - 1):
        start, (x, y) = line[kept[-1]], line[at + 1] - line[kept[-1]]
        between = line[kept[-1] + 1 : at + 1] - start
        if (np.abs(between[:, 0] * y - between[:, 1] * x) > np.hypot(x, y)).any():
            kept.append(at)
    return line[[*kept, len(line) - 1]]
