"""``form = "normal"``: payoffs by joint action and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.forms.normal import NormalForm
from sim.scenario.corners import check_corners
from sim.scenario.forms import FORMS, Draft, ScenarioForm
from sim.scenario.outcomes import spoken
from sim.scenario.payoffs import Entry, ExactPayoffs, Formulas, read_payoffs

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

__all__ = ["build", "read"]


def read(draft: Draft) -> tuple[Formulas, Any]:
    """The payoffs; they are computed at corners of the bounds once everything else is in order."""
    formulas = read_payoffs(draft.payoffs, draft.roster, draft.names)
    if draft.parameters is not None and not draft.report.found:
        check_corners(formulas, draft.parameters, lambda entry, place: at(entry, place, draft), draft.report)
    return formulas, None


def at(entry: Entry, place: tuple[int, ...], draft: Draft) -> str:
    """Where a formula over traits failed; a cell says so by its key."""
    return f" for {spoken(place, draft.roster)}" if place else ""


def build(scenario: Scenario, values: dict[str, Any], cells: int) -> NormalForm:
    """The batch of games at the given parameters."""
    return NormalForm(
        scenario.formulas.evaluate(values, cells),
        players=scenario.players,
        actions=scenario.actions,
        outcomes=scenario.outcomes,
        exact=ExactPayoffs(scenario.formulas, values),
    )


FORMS.add("normal", ScenarioForm(read, build))
