"""``form = "repeated"``: the stage has payoffs as in normal form; [repeated] says how patient players are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.borders import Margins, NoMarginsError
from sim.borders.lasting import lasting_conditions
from sim.forms.repeated import Repeated, misreading
from sim.polynomials import Case, Polynomial, PolynomialReader
from sim.scenario.automata import AutomatonTable, read_automata
from sim.scenario.fields import Label, Table, Whole
from sim.scenario.forms import FORMS, Draft, Reading, ScenarioForm, normal
from sim.scenario.names import Roster
from sim.scenario.patience import ForEachPlayer, Interval, read_for_each
from sim.scenario.payoffs import Formulas
from sim.scenario.signs import Signs, as_polynomials

__all__ = ["Patience", "RepeatedTable", "build", "read"]
LONGEST = 1_000_000


class MonitoringTable(Table):
    """What players learn of each other's actions."""

    error: Annotated[
        ForEachPlayer,
        Field(description="probability that a player's action is publicly taken for another of his actions"),
    ]


class RepeatedTable(Table):
    """How the stage game is repeated."""

    discount: Annotated[
        ForEachPlayer,
        Field(description="weight of the next stage: one for all, or { player = number or formula }"),
    ]
    horizon: Annotated[Whole | None, Field(description="number of stages; for ever if left out")] = None
    continuation: Annotated[
        ForEachPlayer, Field(description="probability that there is a next stage; multiplies the discount")
    ] = 1.0
    automata: Annotated[
        dict[Label, AutomatonTable], Field(description="strategies with a memory, by name")
    ] = Field(default_factory=dict)
    monitoring: Annotated[
        MonitoringTable | None,
        Field(description="public signals that err; left out, all see what was played"),
    ] = None


@dataclass(frozen=True)
class Patience:
    """Discount, continuation and error of signals ``(C, n)`` as formulas, and the number of stages."""

    discount: Formulas
    continuation: Formulas
    horizon: int | None
    error: Formulas | None = None


def read(draft: Draft) -> Reading:
    """The stage game and how it is repeated."""
    stage = normal.read(draft)
    table = draft.table
    if table is None:
        return stage
    names = draft.names()
    if table.horizon is not None and not 1 <= table.horizon <= LONGEST:
        draft.report.add(("repeated", "horizon"), f"expected 1 to {LONGEST} stages, found {table.horizon}")
    ends = table.horizon is not None or table.continuation != 1.0
    discount = read_for_each(table.discount, ("repeated", "discount"), Interval(open=not ends), names, draft)
    continuation = read_for_each(
        table.continuation, ("repeated", "continuation"), Interval(open=False), names, draft
    )
    automata = read_automata(table.automata, ("repeated", "automata"), draft)
    error = None
    if table.monitoring is not None:
        place = ("repeated", "monitoring", "error")
        error = read_for_each(table.monitoring.error, place, Interval(open=False), names, draft)
    return stage._replace(details=Patience(discount, continuation, table.horizon, error), automata=automata)


def build(reading: Reading, roster: Roster, values: dict[str, Any], cells: int) -> Repeated:
    """The batch of repeated games at the given parameters."""
    patience: Patience = reading.details
    stage, signals = normal.build(reading, roster, values, cells), None
    rounded = patience.discount.rounded(values, cells) | patience.continuation.rounded(values, cells)
    if patience.error is not None:
        signals = misreading(stage.payoffs.shape[2:], patience.error.evaluate(values, cells))
        rounded = rounded | patience.error.rounded(values, cells)
    return Repeated(
        stage,
        discount=patience.discount.evaluate(values, cells) * patience.continuation.evaluate(values, cells),
        horizon=patience.horizon,
        monitoring=signals,
        rounded=rounded,
    )


class RepeatedSigns(Signs):
    """Of games that are repeated without an end, all seen: what lasts, which is pure play, whatever punishes."""

    concepts = ("subgame_perfect",)
    certain = False  # where nothing lasts for ever, paths that go up and down may

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        patience: Patience = reading.details
        if patience.horizon is not None:
            raise NoMarginsError("repeated games that end are not decided by signs of polynomials")
        if patience.error is not None:
            raise NoMarginsError("repeated games whose signals err are not decided by signs of polynomials")

    def table(self, reader: PolynomialReader) -> NDArray[Any]:
        """Payoffs and weights of the next stage as rows ``(2n, ..)``, see :func:`lasting_conditions`."""
        patience: Patience = self.reading.details
        payoffs = as_polynomials(self.reading.formulas, reader, 1)
        parts = (patience.discount, patience.continuation)
        weights = [as_polynomials(one, reader.beside(one.program), 1) for one in parts]
        players = len(payoffs)
        flat = payoffs.reshape(players, -1)
        rows = np.full((2 * players, max(flat.shape[1], 2)), Polynomial.number(0), object)
        rows[:players, : flat.shape[1]] = flat
        rows[players:, 0] = np.prod(weights, axis=0)
        rows[players:, 1] = Polynomial.number(1)
        return rows

    def margins(self, given: Iterable[Case], vary: Sequence[str], *, mixed: bool) -> Margins:  # noqa: ARG002 - as all have
        """The conditions of what lasts."""
        outcomes = self.reading.named
        return lasting_conditions(given, vary, outcomes.names, outcomes.of)

    def ways(self, given: Iterable[Case], vary: Sequence[str]) -> list[tuple[int, list[Any]]]:  # noqa: ARG002 - as all have
        """Not told: between what lasts and what does not signs leave something open."""
        raise NoMarginsError("signs do not tell all that lasts in a repeated game")


FORMS.add(
    "repeated",
    ScenarioForm(
        read, build, RepeatedTable, automata=True, proved=RepeatedSigns.concepts, signs=RepeatedSigns
    ),
)
