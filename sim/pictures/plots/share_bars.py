"""How often each outcome holds in a sample, as bars with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dataset.sensitivity import as_sensed
from sim.pictures.style.bars import INTERVAL, Bars, bar_sheet, of_outcome
from sim.pictures.style.sheet import Entry
from sim.plugins import plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@plot(axes=(), sample=True, rank=10)
def share_bars(dataset: Any) -> Figure:
    """How often each outcome holds where parameters are as believed, with intervals.

    Raises ValueError for what is no sample.
    """
    found = as_sensed(dataset)
    values, names = found["share"].values, [str(name) for name in found["outcome"].values]
    order = np.argsort(-values[:, 0], kind="stable")
    bars = Bars(values[order], [of_outcome(found, int(place)) for place in order], "share")
    entries = [Entry("Holds in (share of draws)", bold=True)]
    entries += [Entry(names[place], exactly(values[place, 0])) for place in order]
    replicates = int(found.attrs["replicates"])
    if replicates > 1:
        entries.append(
            Entry(f"where the true share lies with 95% confidence ({replicates} replicates)", line=INTERVAL)
        )
    return bar_sheet(
        found, "how often outcomes hold", [names[place] for place in order], [bars], entries, ""
    ).figure


def exactly(share: float) -> str:
    """``39.7%``, and of small shares two digits."""
    return f"{100 * share:.1f}%" if share >= 0.01 or share == 0 else f"{100 * share:.2g}%"
