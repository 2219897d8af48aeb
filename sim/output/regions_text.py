"""What ``standoff borders`` says: the regions in words, their shares, and the borders between them as formulas."""

from __future__ import annotations

import json
from pathlib import Path

from sim.explain.sentences import named
from sim.output.page import columns
from sim.run.proving import Proved

__all__ = ["regions_report", "scenario_of"]

MOST_REGIMES = 30
NONE = {"all": "no outcome half the time", "pure": "no outcome half the time in a pure equilibrium"}
UNTOLD = 0.01  # of the map: less are points of the count that lie on borders


def regions_report(proved: Proved, path: Path) -> str:
    """In words."""
    told = proved.summary
    axes = " x ".join(
        f"{name} {float(axis.low):g}..{float(axis.high):g}" for name, axis in proved.sweep.over.items()
    )
    rows = [("SHARE", "WHAT HOLDS", "")]
    for one in told["regimes"][:MOST_REGIMES]:
        none = "nothing" if "perhaps" in one else NONE[told["equilibria"]]
        held = named(one["outcomes"]) if one["outcomes"] else none
        more = named(one.get("perhaps", [])) if one.get("perhaps") else ""
        also = (
            f"and perhaps {more}, by harder punishments" if more else "somebody mixes" if one["mixed"] else ""
        )
        rows.append((f"{100 * one['share']:.1f} %", held, also))
    left = told["undecided"]
    untold = 1 - sum(one["share"] for one in told["regimes"]) - left
    if untold > UNTOLD:
        rows.append((f"{100 * untold:.1f} %", "not told: payoffs that may tie, which is not proved", ""))
    ties = " but for where payoffs may tie" if untold > UNTOLD else ""
    decided = f"undecided: a share of {left:.2g}" if left else f"all of it decided{ties}"
    looked = f"{told['leaves']} proved block{'s' * (told['leaves'] != 1)} of {told['blocks']} looked at"
    proof = f"{looked}; {decided}, borders to {told['accuracy']:g} of each range."
    parts = [
        f"{proved.scenario.title or proved.scenario.name}: {axes}",
        proof,
        columns(rows),
        "\n".join(["Borders, where these are 0:", *told["margins"]])
        if told["margins"]
        else "No border runs through it."
        if untold <= UNTOLD
        else "What borders run through it is not told.",
        f"{path}",
    ]
    return "\n\n".join(parts)


def scenario_of(path: Path) -> str:
    """The scenario that a stored map is of.  Raises ValueError where it is none."""
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["scenario"])
    except (OSError, ValueError, KeyError, TypeError):
        raise ValueError(
            f"{path} is no stored map of borders: expected a .borders.json that standoff borders made"
        ) from None
