"""The map of outcomes over two parameters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dataset.proved import Regions, regions_of
from sim.pictures.style import Entry, Plane, Regime, Regimes, distinguish, equilibria_words, percent
from sim.pictures.style.finding import regions as main_regions
from sim.pictures.style.palette import INK
from sim.pictures.style.proved import Curve, border_curves, proved_regimes
from sim.pictures.style.raster import chains, painted, pixel_codes, raster, swatch
from sim.pictures.style.regimes import MIXED, in_words
from sim.pictures.style.regions import name_regions
from sim.pictures.style.words import FONT
from sim.plugins import plot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_ENTRIES = 14  # regimes in the legend; the smallest beyond are summed up,
SLIVER = 0.01  # as are all that have less than this share of the cells
MOST_NAMES = 2  # outcomes of a region named in the map itself
EDGE: dict[str, Any] = {"linestyle": "-", "color": INK, "linewidth": 0.9}

NO_BORDERS = (
    "borders have formulas where they are proved, and no proved map belongs to this dataset: "
    "`standoff sweep SCENARIO` proves those that signs of polynomials decide"
)
KNIFE_EDGE = "the marked point lies on a knife edge, where payoffs tie: what holds on both sides holds there"


@plot(axes=(2,), rank=10, proved=True)
def outcome_map(dataset: Any, *, labels: bool = True, slivers: bool = False, borders: bool = False) -> Figure:
    """Which outcomes are in equilibrium, over two parameters: a colour each, stripes where several are.

    Colours follow from tones, or from the order of the scenario's outcomes, not from what a map holds.
    Where a proved map belongs to the dataset, regions and the borders between them are drawn from that.
    ``labels`` puts the names of large regions into the map; ``slivers`` names regions of less than 1 % of
    the cells in the legend; ``borders`` numbers the borders of a proved map, with their formulas in the legend.
    Raises ValueError unless two parameters are swept.
    """
    from matplotlib.collections import LineCollection

    plane = Plane.of(dataset)
    cells = distinguish(plane.shown)
    regions = regions_of(dataset)
    if regions is None:
        if borders:
            raise ValueError(NO_BORDERS)
        found, curves, axes = cells, [], plane.axes
        code = pixel_codes(found, plane.columns, plane.rows)
    else:
        found, curves = of_regions(dataset, regions, plane, cells), border_curves(regions)
        code, axes = found.code.T, dict(zip(plane.dims, plane.middles, strict=True))
    image = raster(found, code, plane.columns, plane.rows) if regions is None else painted(found, code)
    subtitle = f"outcomes in {equilibria_words(dataset)}"
    entries, finding = legend(found, slivers=slivers, proved=regions is not None), main_regions(found, axes)
    entries += numbered(curves) if borders else []
    notes = [KNIFE_EDGE] if plane.at_point(cells.tie) else []
    parting = code if regions is None else [line for curve in curves for line in curve.lines]
    sheet = plane.sheet(image, parting, subtitle, entries, finding, notes)
    (panel,) = sheet.panels
    chained = chains(cells.beyond, plane.x, plane.y)
    if chained:
        style = {"colors": EDGE["color"], "linewidths": EDGE["linewidth"]}
        panel.add_collection(LineCollection(chained, **style))
    if labels:
        plain = [found.palette.plain(regime) for regime in found.regimes]
        name_regions(
            panel, code, [short_words(found, regime) for regime in found.regimes], plane.point, plain
        )
    if borders:
        number_curves(panel, curves)
    return sheet.figure


def of_regions(dataset: Any, regions: Regions, plane: Plane, cells: Regimes) -> Regimes:
    """The regimes of a proved map, pixel by pixel; what its cells tell of ties beside them stays as it is."""
    found = proved_regimes(dataset, regions, plane.middles)
    continuum = cells.continuum[np.ix_(plane.columns, plane.rows)]
    return replace(found, continuum=continuum, extra=cells.extra, one=cells.one, several=cells.several)


def numbered(curves: list[Curve]) -> list[Entry]:
    """An entry for each border: its number in the map, and its formula."""
    if not curves:
        return []
    head = Entry("Borders, proved", bold=True)
    return [head, *(Entry(f"{number}: {curve.words}") for number, curve in enumerate(curves, 1))]


def number_curves(panel: Any, curves: list[Curve]) -> None:
    """The number of each border at the middle of its longest line."""
    for number, curve in enumerate(curves, start=1):
        line = max(curve.lines, key=len)
        across, up = line[len(line) // 2]
        panel.text(
            across, up, str(number), fontsize=8, family=FONT, ha="center", va="center", zorder=7,
            bbox={"facecolor": "white", "edgecolor": INK, "linewidth": 0.6, "boxstyle": "circle,pad=0.2"},
        )  # fmt: skip


def legend(found: Regimes, *, slivers: bool = False, proved: bool = False) -> list[Entry]:
    """An entry for each regime that occurs, with its share of the map, and for what else the map shows."""
    shares = found.shares()
    order = [number for number in np.argsort(-shares, kind="stable").tolist() if shares[number] > 0]
    large = [number for number in order if shares[number] >= SLIVER] or order[:1]
    keep = set(order if slivers else large[:MOST_ENTRIES])
    rest = [number for number in order if number not in keep]
    place = "In equilibrium" if found.one == "equilibrium" else "Outcomes"
    entries = [Entry(f"{place} (share of {'the map' if proved else 'cells'})", bold=True)]
    entries += [
        Entry(found.words(regime), percent(shares[number]), swatch(found.palette, regime))
        for number, regime in enumerate(found.regimes)
        if number in keep
    ]
    if rest:
        many = "1 smaller region" if len(rest) == 1 else f"{len(rest)} smaller regions"
        entries.append(Entry(f"and {many}", percent(shares[rest].sum())))
    entries += remarks(found, keep)
    return entries


def remarks(found: Regimes, keep: set[int]) -> list[Entry]:
    """What the legend says beside the colours: of mixing, of knife edges that matter, of a continuum."""
    entries = []
    if any(found.regimes[number].mixed for number in keep):
        entries.append(Entry(f"thin stripes,{MIXED}: only where somebody mixes"))
    if found.extra:
        names = "; ".join(found.outcomes[number] for number in found.extra)
        entries.append(Entry(f"on this line alone also: {names}", line=EDGE))
    dotted = [number for number in keep if found.palette.plain(found.regimes[number])]
    within = [(found.continuum & (found.code == number)).sum() for number in dotted]
    if any(within) and found.dotted:
        regime = found.regimes[dotted[int(np.argmax(within))]]
        words = f"dots: payoffs tie, and there may be a continuum of {found.several}"
        entries.append(
            Entry(words, percent(found.continuum.mean()), swatch(found.palette, regime, dots=True))
        )
    elif found.continuum.any():
        words = f"payoffs tie: there may be a continuum of {found.several}"
        entries.append(Entry(words, percent(found.continuum.mean())))
    return entries


def short_words(found: Regimes, regime: Regime) -> str:
    """The regime in few words, for the map itself."""
    if regime.kind == "outcomes":
        many = len(regime.outcomes)
        return found.words(regime) if many <= MOST_NAMES else f"{many} outcomes"
    if regime.leading:
        names = in_words([found.outcomes[number] for number in regime.leading])
        return f"likeliest: {names}" if len(regime.leading) <= MOST_NAMES else "none reaches half"
    return {"split": "none reaches half", "none": "none"}.get(regime.kind, regime.kind.replace("_", " "))
