"""What each form adds to the scenario file: one file each, registered by being here.

A file calls ``FORMS.add(name, ScenarioForm(...))``.  ``table`` is the pydantic model of the form's own
table, which has the form's name (``[repeated]``) and is allowed with that form only.  ``read`` turns the
file into a Reading, reporting mistakes; ``build`` makes the game of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sim.automata.automaton import Automaton
from sim.game import Game, Outcomes
from sim.plugins import Registry
from sim.scenario.fields import Table
from sim.scenario.names import Names, Roster, StateTraits, read_names
from sim.scenario.outcomes import read_outcomes
from sim.scenario.payoffs import Formulas
from sim.scenario.problems import Report
from sim.scenario.signs import Signs
from sim.scenario.tables import Parameter

__all__ = ["FORMS", "Draft", "Reading", "ScenarioForm"]


@dataclass(frozen=True)
class Draft:
    """A scenario while it is read: ``data`` as the file has it, ``table`` validated (None where mistaken).

    ``parameters`` are the sound ones; where another is mistaken nothing is computed yet.
    """

    data: dict[str, Any]
    roster: Roster
    table: Any
    parameters: dict[str, Parameter]
    report: Report

    def names(self, state: StateTraits | None = None, roster: Roster | None = None) -> Names:
        """What formulas may use; ``roster`` where not everybody can do everything."""
        return read_names(
            self.data.get("parameters"), self.data.get("let"), roster or self.roster, self.report, state
        )

    def outcomes(self) -> Outcomes | None:
        """The table [outcomes], None where mistaken."""
        return read_outcomes(self.data.get("outcomes"), self.roster, self.report)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong so far, so that formulas can be computed."""
        return not self.report.found


class Reading(NamedTuple):
    """What a form makes of a draft: payoffs, outcomes (None where mistaken), and details of its own.

    ``automata`` are the strategies with a memory that the file defines, by name, each None where it is
    mistaken; None where the form has none, or mistakes hide them.  ``states`` are those that play moves between.
    ``concept`` is what is asked of such games where nobody says, None for that of the form.
    """

    formulas: Formulas
    outcomes: Outcomes | None
    details: Any = None
    automata: dict[str, Automaton | None] | None = None
    states: tuple[str, ...] = ()
    concept: str | None = None

    @property
    def named(self) -> Outcomes:
        """The outcomes of a scenario in which nothing is mistaken."""
        assert self.outcomes is not None, "a scenario without problems is complete"
        return self.outcomes


@dataclass(frozen=True)
class ScenarioForm:
    """``read(draft) -> Reading``, once; ``build(reading, roster, values, cells) -> Game`` at any parameters.

    ``automata`` says that strategies with a memory play such games, so that promises can be about them; ``proved``
    are concepts, the usual one first, whose answers signs of polynomials may decide, and ``signs(reading)`` says how.
    ``sections`` are further tables of such files by their keys, each an annotation and what it is for; a table of
    another meaning than elsewhere, as of [outcomes], is one as well.  ``roster(data, report)`` says who plays where
    that is not the table [players].
    """

    read: Callable[[Draft], Reading]
    build: Callable[[Reading, Roster, dict[str, Any], int], Game]
    table: type[Table] | None = None
    automata: bool = False
    proved: tuple[str, ...] = ()
    signs: Callable[[Reading], Signs] | None = None
    sections: Mapping[str, tuple[Any, str]] = field(default_factory=dict)
    roster: Callable[[dict[str, Any], Report], Roster | None] | None = None


FORMS: Registry[ScenarioForm] = Registry("sim.scenario.forms")
