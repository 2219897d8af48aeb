"""Which sweeps are proved: those whose design says so, and beside their cells those that a proof can tell more of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sim.borders import FlintMissingError, NoMarginsError
from sim.plugins import plots
from sim.run.proving import prove, stored
from sim.scenario import Scenario, Sweep
from sim.scenario.margins import signs_of

__all__ = ["prove_beside", "prove_design", "proved_by_design"]

MOST_AXES = 2  # what pictures show
MOST_BLOCKS = 20_000  # looked at without being asked: some seconds
OF_POINTS = ("points", "keep", "concept", "solver", "select", "refine")
"""Options of sweeps that are about points that are solved."""

Options = Mapping[str, Any]


def proved_by_design(sweep: Sweep, options: Options = MappingProxyType({})) -> bool:
    """Whether regions are proved in place of points that are solved.

    Raises ValueError for options that only points have.
    """
    if sweep.proof is None or options.get("design"):
        return False
    for name in OF_POINTS:
        if options.get(name) is not None:
            raise ValueError(
                f"sweep {sweep.name} is proved, and solves no points: leave out --{name}, or ask for points with "
                "--design grid"
            )
    return True


def prove_design(
    scenario: Scenario, sweep: Sweep, folder: Path, given: Options = MappingProxyType({})
) -> Path:
    """Prove the regions of a sweep whose design says so, into a folder; the file.

    Raises ValueError where no signs of polynomials decide the answer.
    """
    return stored(prove(scenario, sweep, given=given), folder)


def prove_beside(
    scenario: Scenario,
    sweep: Sweep,
    folder: Path,
    given: Options = MappingProxyType({}),
    options: Options = MappingProxyType({}),
) -> Path | None:
    """Prove the regions between the cells of a grid beside its dataset, in the same folder; the file.

    None where the cells, or the plot that the file asks for, show something else than all equilibria of two players, or
    of a tree in which everybody sees all that happened, over one parameter or two, where no signs of polynomials decide,
    or what decides by them is not installed.
    """
    if not shows_all(scenario, sweep, options):
        return None
    try:
        proved = prove(scenario, sweep, given=given, boxes=MOST_BLOCKS)
    except (FlintMissingError, NoMarginsError):
        return None
    if any(one.get("perhaps") for one in proved.summary["regimes"]):
        return None  # cells tell more
    return stored(proved, folder)


def shows_all(scenario: Scenario, sweep: Sweep, options: Options) -> bool:
    """Whether a dataset, as it is drawn, shows all equilibria of a game that is small over one parameter or two."""
    said = {word: options.get(word) or getattr(sweep, word, None) for word in OF_POINTS}
    drawn = sweep.plot is None or plots[str(sweep.plot["name"])].proved
    gridded = sweep.sample is None and options.get("design") in {None, "grid"}
    whole = not (said["solver"] or said["select"] or said["refine"])
    return (
        gridded
        and drawn
        and whole
        and said["keep"] != "shares"
        and len(sweep.over) <= MOST_AXES
        and is_small(scenario, said["concept"])
    )


def is_small(scenario: Scenario, concept: str | None) -> bool:
    """Whether all equilibria that a concept asks for are decided by conditions that are quickly written out."""
    try:
        signs = signs_of(scenario)
    except NoMarginsError:
        return False
    return signs.small and concept in signs.concepts
