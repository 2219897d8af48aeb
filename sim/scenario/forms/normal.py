"""``form = "normal"``: payoffs by joint action and nothing else."""

from __future__ import annotations

from typing import Any

from sim.forms.normal import NormalForm
from sim.scenario.corners import check_corners
from sim.scenario.forms import FORMS, Draft, Reading, ScenarioForm
from sim.scenario.names import Roster
from sim.scenario.payoffs import ExactPayoffs, read_payoffs
from sim.scenario.ties import ties_of

__all__ = ["build", "read"]


def read(draft: Draft) -> Reading:
    """The payoffs; they are computed at corners of the bounds once everything else is in order."""
    formulas = read_payoffs(draft.data.get("payoffs"), draft.roster, draft.names())
    outcomes = draft.outcomes()
    if draft.sound:
        check_corners(formulas, draft)
    return Reading(formulas, outcomes)


def build(reading: Reading, roster: Roster, values: dict[str, Any], cells: int) -> NormalForm:
    """The batch of games at the given parameters."""
    formulas = reading.formulas
    payoffs, exact, ties = formulas.short_decimals(values, cells), None, None
    if payoffs is None:
        payoffs, exact = formulas.evaluate(values, cells), ExactPayoffs(formulas, values)
        ties = ties_of(formulas, values)
    rounded = formulas.rounded(values, cells)
    return NormalForm(payoffs, roster.players, roster.actions, reading.named, exact, rounded, ties)


FORMS.add("normal", ScenarioForm(read, build, one_shot=True))
