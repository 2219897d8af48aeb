"""The map of outcomes over two parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.pictures.style import Entry, Plane, Regime, Regimes, distinguish, equilibria_words, percent
from sim.pictures.style.palette import INK
from sim.pictures.style.raster import pixel_codes, raster, swatch
from sim.pictures.style.regions import name_regions
from sim.plugins import plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_ENTRIES = 14  # regimes in the legend; the smallest beyond are summed up,
FEW_ENTRIES, SLIVER = 6, 0.005  # and of more than a few those that have less than this share of the cells
MOST_NAMES = 2  # outcomes of a region named in the map itself
OVERLAYS = {
    "beside": "dark dots: in some {one} somebody mixes",
    "only": "dense dark dots: in every {one} somebody mixes",
    "continuum": "white dots: degenerate, a continuum of {several}",
}


@plot(axes=(2,), rank=10)
def outcome_map(dataset: Any, *, labels: bool = True) -> Figure:
    """Which outcomes are in equilibrium, over two parameters: a colour each, stripes where several are.

    Colours belong to the scenario's outcomes, not to what a map holds.  ``labels`` puts the names of
    large regions into the map.  Raises ValueError unless two parameters are swept.
    """
    plane = Plane.of(dataset)
    found = distinguish(plane.shown)
    code = pixel_codes(found, plane.columns, plane.rows)
    image = raster(found, code, plane.columns, plane.rows)
    subtitle = f"outcomes in {equilibria_words(dataset)}"
    sheet = plane.sheet(image, code, subtitle, legend(found))
    if labels:
        name_regions(
            sheet.panels[0], code, [short_words(found, regime) for regime in found.regimes], plane.point
        )
    return sheet.figure


def legend(found: Regimes) -> list[Entry]:
    """An entry for each regime that occurs, with its share of the cells, and for each kind of dots."""
    shares = found.shares()
    order = [number for number in np.argsort(-shares, kind="stable").tolist() if shares[number] > 0]
    most = max(FEW_ENTRIES, sum(shares[number] >= SLIVER for number in order))
    keep, rest = set(order[: min(most, MOST_ENTRIES)]), order[min(most, MOST_ENTRIES) :]
    place = "In equilibrium" if found.one == "equilibrium" else "Outcomes"
    entries = [Entry(f"{place} (share of cells)", bold=True)]
    entries += [
        Entry(found.words(regime), percent(shares[number]), swatch(regime))
        for number, regime in enumerate(found.regimes)
        if number in keep
    ]
    if rest:
        entries.append(
            Entry(f"and {len(rest)} smaller regime{'s' * (len(rest) > 1)}", percent(shares[rest].sum()))
        )
    if found.knife_edge.any():
        words = "knife edges: payoffs tie, and the outcomes of both sides hold"
        thin_line = {"linestyle": "-", "color": INK, "linewidth": 0.7}
        entries.append(Entry(words, percent(found.knife_edge.mean()), line=thin_line))
    for kind, words in OVERLAYS.items():
        if getattr(found, kind).any():
            plain = Regime("outcomes", (0,)) if kind == "continuum" else Regime("none")
            named = words.format(one=found.one, several=found.several)
            entries.append(Entry(named, pixels=swatch(plain, kind)))
    return entries


def short_words(found: Regimes, regime: Regime) -> str:
    """The regime in few words, for the map itself."""
    if regime.kind == "outcomes":
        many = len(regime.outcomes)
        return found.words(regime) if many <= MOST_NAMES else f"{many} outcomes"
    return {"split": "mixed play", "none": "none"}.get(regime.kind, regime.kind.replace("_", " "))
