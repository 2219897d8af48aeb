"""``sim.explore``: a scenario to look around in, in a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.notebook.dialogue import Dialogue
from sim.notebook.still import Still
from sim.scenario import Scenario, load
from sim.scenario.library import find

if TYPE_CHECKING:
    from sim.notebook.widget import Explorer

__all__ = ["explore"]


def explore(
    scenario: Scenario | str | Path,
    x: str | None = None,
    y: str | None = None,
    *,
    values: Mapping[str, Any] | None = None,
    concept: str | None = None,
    solver: str | None = None,
    select: str | None = None,
) -> Explorer | Still:
    """A widget with sliders, map and reasons: ``explore("standoff_2021", x="threat", y="face_cost:0:3")``.

    ``scenario`` is one, or its name or file; ``x`` and ``y`` are the parameters of the map, with bounds if not all
    of it is wanted (``y`` left out: a strip along ``x``; both: the axes of its first question); ``values`` where to
    begin.  Without anywidget (the extra ``notebook``) it is a still picture.  Either has ``.values``, a dictionary
    of all parameters that can be set, and ``.solution``, the certified game there.
    Raises ValueError for names and numbers that do not fit.

    >>> here = explore("standoff_2021", x="threat", y="face_cost")
    >>> here.values["threat"] = 1
    >>> float(here.solution.value[0, 0, 1])  # what NATO gets
    0.75
    """
    read = scenario if isinstance(scenario, Scenario) else load(find(str(scenario)))
    if y and not x:
        raise ValueError(f"y is {y}, but x, the parameter across, is left out")
    axes = (x, y) if x else usual_axes(read)
    words = [
        *zip(("x", "y"), axes, strict=False),
        ("concept", concept),
        ("solver", solver),
        ("select", select),
    ]
    dialogue = Dialogue(read, [(word, text) for word, text in words if text], values or {})
    try:
        from sim.notebook.widget import Explorer
    except ModuleNotFoundError as error:
        if error.name not in {"anywidget", "traitlets"}:
            raise
        return Still(dialogue)
    return Explorer(dialogue)


def usual_axes(scenario: Scenario) -> list[str]:
    """The axes of the first question over two parameters, else the first two parameters that vary."""
    for sweep in scenario.sweeps.values():
        if len(sweep.over) == 2:
            return [f"{name}:{axis.low}:{axis.high}" for name, axis in sweep.over.items()]
    return [name for name, one in scenario.parameters.items() if one.low != one.high][:2]
