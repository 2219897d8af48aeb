"""``form = "normal"``: payoffs by joint action and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.borders import Margins, NoMarginsError, conditions_of
from sim.borders.conditions import PURE_ONLY
from sim.borders.factoring import Algebra
from sim.forms.normal import NormalForm
from sim.polynomials import Case, Polynomial, PolynomialReader
from sim.scenario.corners import check_corners
from sim.scenario.forms import FORMS, Draft, Reading, ScenarioForm
from sim.scenario.names import Roster
from sim.scenario.payoffs import ExactPayoffs, read_payoffs
from sim.scenario.signs import Signs, as_polynomials
from sim.scenario.ties import ties_of

__all__ = ["build", "read"]

MOST_JOINT_ACTIONS = 25  # of games whose conditions are quickly written out


def read(draft: Draft) -> Reading:
    """The payoffs; they are computed at corners of the bounds once everything else is in order."""
    formulas = read_payoffs(draft.data.get("payoffs"), draft.roster, draft.names())
    outcomes = draft.outcomes()
    if draft.sound:
        check_corners(formulas, draft)
    return Reading(formulas, outcomes)


class NormalSigns(Signs):
    """Of normal form: of two players all equilibria, of more those in which nobody mixes."""

    concepts = ("nash",)
    pure = "pure"

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        players, *actions = reading.formulas.shape
        self.usual = "all" if players == 2 else "pure"
        self.small = players == 2 and prod(actions) <= MOST_JOINT_ACTIONS

    def table(self, reader: PolynomialReader) -> NDArray[Any]:
        """Payoffs ``(n, A1, .., An)``."""
        return as_polynomials(self.reading.formulas, reader, 1)

    def margins(self, given: Iterable[Case], vary: Sequence[str], *, mixed: bool) -> Margins:
        """The conditions of equilibria."""
        if mixed and self.usual == "pure":
            raise NoMarginsError(
                "mixed equilibria of more than two players are not decided by signs: "
                f"ask for pure ones ({PURE_ONLY})"
            )
        outcomes = self.reading.named
        return conditions_of(given, vary, outcomes.names, outcomes.of, mixed=mixed)

    def ways(self, given: Iterable[Case], vary: Sequence[str]) -> list[tuple[int, list[Any]]]:
        """Each joint action in each case, by what nobody must gain."""
        algebra = Algebra(vary)
        found = []
        for case in given:
            for joint in np.ndindex(case.payoffs.shape[1:]):
                gains = [one for one in (*case.guards, *losses(case.payoffs, joint)) if not one.is_zero]
                found.append((int(self.reading.named.of[joint]), list(map(algebra.polynomial, gains))))
        return found


def losses(payoffs: NDArray[Any], joint: tuple[int, ...]) -> list[Polynomial]:
    """What each player loses by each deviation from a joint action."""
    return [
        payoffs[(player, *joint)] - payoffs[(player, *joint[:player], other, *joint[player + 1 :])]
        for player, action in enumerate(joint)
        for other in range(payoffs.shape[1 + player])
        if other != action
    ]


def build(reading: Reading, roster: Roster, values: dict[str, Any], cells: int) -> NormalForm:
    """The batch of games at the given parameters."""
    formulas = reading.formulas
    payoffs, exact, ties = formulas.short_decimals(values, cells), None, None
    if payoffs is None:
        payoffs, exact = formulas.evaluate(values, cells), ExactPayoffs(formulas, values)
        ties = ties_of(formulas, values)
    rounded = formulas.rounded(values, cells)
    return NormalForm(payoffs, roster.players, roster.actions, reading.named, exact, rounded, ties)


FORMS.add("normal", ScenarioForm(read, build, proved=NormalSigns.concepts, signs=NormalSigns))
