"""Which parameter decides what comes of it, as bars with intervals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dataset.sensitivity import as_sensed
from sim.pictures.style.bars import INTERVAL, Bars, bar_sheet
from sim.pictures.style.sheet import Entry
from sim.plugins import plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PART, ALONE = "#2c5f8a", "#b9cfe2"
CHANCE: dict[str, Any] = {"linestyle": (0, (4, 2)), "color": "#555555", "linewidth": 1.0}


@plot(axes=(), sample=True, rank=20)
def deciding_parameters(dataset: Any) -> Figure:
    """Which parameters decide which outcomes hold: their parts, or how far each shifts the shares.

    Parts take new cells (`standoff sensitivity`); a finished sample tells of shifts alone.
    Raises ValueError for what is no sample, and for counts that do not say where they lie.
    """
    found = as_sensed(dataset)
    if "pawn" not in found:
        raise ValueError("this dataset keeps shares and no cells: sweep again with --keep map")
    names = [str(name) for name in found["parameter"].values]
    new = "shapley" in found
    main = found["shapley" if new else "pawn"].values
    order = np.argsort(-np.nan_to_num(main[:, 0]), kind="stable")
    entries = [Entry("What decides", bold=True)]
    if new:
        kinds = [
            Bars(main[order], [PART] * len(names), "part"),
            Bars(found["decides"].values[order], [ALONE] * len(names), "alone"),
        ]
        entries += [
            Entry("the parameter's part in what decides (Shapley effect; all add to 100%)", line=block(PART)),
            Entry("how often outcomes change when it alone is drawn anew (total index)", line=block(ALONE)),
        ]
        subtitle = "which parameter decides"
    else:
        kinds = [Bars(main[order], [PART] * len(names), "shift")]
        entries.append(
            Entry("largest shift of the share of a set of outcomes along it (PAWN)", line=block(PART))
        )
        entries.append(Entry("such a shift by chance alone", line=CHANCE))
        subtitle = "how far a parameter shifts what holds"
    if int(found.attrs["replicates"]) > 1:
        entries.append(Entry("where the true number lies with 95% confidence", line=INTERVAL))
    never = json.loads(str(found.attrs.get("never", "null")))
    how = f"no value of {' or '.join(never)} changes any outcome, which is proved" if never else ""
    sheet = bar_sheet(found, subtitle, [names[place] for place in order], kinds, entries, how)
    if not new:
        sheet.panels[0].axvline(float(found.attrs["by_chance"]), **CHANCE)
    return sheet.figure


def block(shade: str) -> dict[str, Any]:
    """The look of a bar in a legend."""
    return {"linestyle": "-", "color": shade, "linewidth": 7}
