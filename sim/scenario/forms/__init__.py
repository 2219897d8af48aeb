"""What each form adds to the scenario file: one file each, registered by being here.

A file calls ``FORMS.add(name, ScenarioForm(...))``.  ``table`` is the pydantic model of the form's own
table, which has the form's name (``[repeated]``) and is allowed with that form only.  ``read`` turns the
file into formulas and details, reporting mistakes; ``build`` makes the game.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.plugins import Registry
from sim.scenario.fields import Table
from sim.scenario.names import Names, Roster
from sim.scenario.problems import Report
from sim.scenario.tables import Parameter

if TYPE_CHECKING:
    from sim.game import Game
    from sim.scenario.payoffs import Formulas
    from sim.scenario.scenario import Scenario

__all__ = ["FORMS", "Draft", "ScenarioForm"]


@dataclass(frozen=True)
class Draft:
    """A scenario while it is read: ``payoffs`` as the file has them, ``table`` validated (None if there is none).

    ``parameters`` is None where one of them is mistaken; then nothing can be computed yet.
    """

    roster: Roster
    names: Names
    payoffs: Any
    table: Any
    parameters: dict[str, Parameter] | None
    report: Report


@dataclass(frozen=True)
class ScenarioForm:
    """``read(draft) -> (formulas of the payoffs, details)``; ``build(scenario, values, cells) -> Game``."""

    read: Callable[[Draft], tuple[Formulas, Any]]
    build: Callable[[Scenario, dict[str, Any], int], Game]
    table: type[Table] | None = None


FORMS: Registry[ScenarioForm] = Registry("sim.scenario.forms")
