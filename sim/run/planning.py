"""What a sweep asks, and where it looks: wrong names and numbers are refused before anything is solved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sim.answers import KEEPS
from sim.plugins import unknown
from sim.run.checks import check_question

if TYPE_CHECKING:
    from sim.designs import Design, Grid
    from sim.expression import Number
    from sim.scenario import Scenario, Sweep

__all__ = ["level_asked", "plan"]

LONGEST_NAME = 200  # characters of a sweep that names its axes: a file's name has 255


def plan(
    scenario: Scenario,
    sweep: str | Sweep | Mapping[str, Any],
    set: Mapping[str, Number],
    points: int | None,
    design: str | None = None,
    keep: str | None = None,
) -> tuple[Sweep, Design, dict[str, Number]]:
    """What a sweep asks, where it looks, and the values of all other parameters.

    Raises ValueError for a sweep that is none, and for values that cannot be set.
    """
    from sim.designs import Grid
    from sim.run.drawing import sample_points
    from sim.scenario.fields import LONGEST_LABEL
    from sim.scenario.over import drawn_instead, no_such_sweep, over_words, sweep_over
    from sim.scenario.questions import no_name_of_a_sweep
    from sim.scenario.tables import too_many

    check_question(scenario, sweep, set, points)
    if isinstance(sweep, str) and sweep not in scenario.sweeps:
        raise ValueError(no_such_sweep(scenario, sweep))
    if isinstance(sweep, Mapping):
        sweep = sweep_over(scenario, sweep)
    asked = scenario.sweeps[sweep] if isinstance(sweep, str) else sweep
    longest = LONGEST_NAME if over_words(scenario, asked) else LONGEST_LABEL
    wrong = no_name_of_a_sweep(asked.name, longest) or too_many(
        {name: axis.points if points is None else points for name, axis in asked.over.items()},
        keep or asked.keep,
    )
    if wrong:
        raise ValueError(f"sweep {asked.name}: {wrong}")
    sample = drawn_instead(scenario, asked, design, points, keep or asked.keep)
    given = settings(asked, asked.over if sample is None else sample.ranges, set)
    if sample is not None:
        return asked, *sample_points(scenario, sample, given)
    grid = Grid.over(asked.over, points)
    return asked, grid, fixed_values(scenario, grid, given)


def settings(asked: Sweep, swept: Iterable[str], given: Mapping[str, Number]) -> dict[str, Number]:
    """What a sweep and whoever asks for it set.  Raises ValueError for what is swept or drawn."""
    found = {**asked.set, **given}
    for name in swept:
        if name in found:
            raise ValueError(f"sweep {asked.name}: {name!r} is swept and cannot be set as well")
    return found


def fixed_values(scenario: Scenario, grid: Grid, given: Mapping[str, Number]) -> dict[str, Number]:
    """Values of the parameters that are not swept; raises ValueError for values out of bounds."""
    for end in (0, -1):
        values = scenario.values(**given, **{name: float(axis[end]) for name, axis in grid.axes.items()})
    return {name: value for name, value in values.items() if name not in grid.axes}


def level_asked(keep: str | None, *, full: bool) -> str | None:
    """What is to be kept, if anybody said.  Raises ValueError for a word that is no level, or two of them."""
    if keep is not None and keep not in KEEPS:
        raise ValueError(unknown("level", keep, KEEPS))
    if full and keep not in {None, "full"}:
        raise ValueError(f"full keeps everything, and keep = {keep!r} does not: give one or the other")
    return "full" if full else keep
