"""A sweep of a scenario as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.pictures import figure_of
from sim.plugins import view
from sim.run import sweep as swept
from sim.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["picture_of_scenario"]

OF_SWEEPS = ("points", "set", "concept", "solver", "workers", "out")


@view
def picture_of_scenario(
    scenario: Scenario, sweep: Any = None, plot: str | None = None, **options: Any
) -> Figure:
    """Sweep and draw: the named sweep, or the first; options of sweeps go there, the others to the plot."""
    if sweep is None:
        if not scenario.sweeps:
            raise ValueError(f"{scenario.name} has no sweeps: say under [sweeps.NAME] what to draw")
        sweep = next(iter(scenario.sweeps))
    asked = {name: options.pop(name) for name in OF_SWEEPS if name in options}
    return figure_of(swept(scenario, sweep, **asked), plot, **options)
