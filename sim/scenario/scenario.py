"""Scenario: what a scenario file says, checked; it makes payoffs and games at any parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.automata.automaton import Automaton
from sim.game import Game, Outcomes
from sim.scenario.forms import FORMS, Reading
from sim.scenario.names import Roster
from sim.scenario.problems import Problem, ScenarioError, choices
from sim.scenario.questions import outside
from sim.scenario.tables import Parameter, Promise, Sweep

__all__ = ["Scenario"]


@dataclass(frozen=True, eq=False)
class Scenario:
    """One crisis.  ``digest`` is the SHA-256 of the file; ``reading`` is what its form makes of it."""

    name: str
    path: Path
    digest: str
    title: str
    about: str
    sources: tuple[str, ...]
    form: str
    roster: Roster = field(repr=False)
    parameters: dict[str, Parameter]
    sweeps: dict[str, Sweep]
    promises: tuple[Promise, ...]
    reading: Reading = field(repr=False)

    @property
    def players(self) -> tuple[str, ...]:
        """Names of the players."""
        return self.roster.players

    @property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """What each player can do."""
        return self.roster.actions

    @property
    def outcomes(self) -> Outcomes:
        """What can come of it."""
        return self.reading.named

    @property
    def automata(self) -> dict[str, Automaton]:
        """The automata that the file defines, by name."""
        return {name: found for name, found in (self.reading.automata or {}).items() if found is not None}

    def values(self, **given: Any) -> dict[str, Any]:
        """All parameters: the defaults, and what is given (numbers, or arrays ``(C,)`` for a batch).

        Raises ScenarioError for names that are no parameters and values outside their bounds.
        """
        problems: list[Problem] = []
        result: dict[str, Any] = {name: parameter.default for name, parameter in self.parameters.items()}
        for name, value in given.items():
            if name not in self.parameters:
                message = f"unknown parameter {name!r} {choices(name, {'parameters': self.parameters})}"
                problems.append(Problem(str(self.path), 0, "", message))
                continue
            message = self.fault(name, value)
            if message:
                problems.append(Problem(str(self.path), 0, "", message))
            else:
                array = np.asarray(value, dtype=np.float64)
                result[name] = array if array.ndim else float(array)
        lengths = {name: len(value) for name, value in result.items() if np.ndim(value)}
        if not problems and len(set(lengths.values())) > 1:
            listed = ", ".join(f"{name} has {size}" for name, size in lengths.items())
            message = f"arrays of different lengths: {listed}"
            problems.append(Problem(str(self.path), 0, "", message))
        if problems:
            raise ScenarioError(problems)
        return result

    def fault(self, name: str, value: Any) -> str:
        """What is wrong with a value for a parameter; nothing if it can be used."""
        try:
            array = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError, OverflowError):
            return f"{name} = {str(value)[:60]!r} is no number"
        if array.ndim > 1 or array.size == 0:
            return f"{name} has shape {array.shape}; expected a number or an array (cells,)"
        parameter = self.parameters[name]
        worst = array.flat[
            np.argmax(
                np.where(np.isnan(array), np.inf, np.maximum(parameter.low - array, array - parameter.high))
            )
        ]
        return outside(name, float(worst), parameter)

    def payoffs(self, *, exact: bool = False, **given: Any) -> NDArray[Any]:
        """Payoffs ``(C, n, A1, .., An)`` at the given parameters; fractions if ``exact``."""
        values = self.values(**given)
        return self.reading.formulas.evaluate(values, cells_of(values), exact=exact)

    def game(self, **given: Any) -> Game:
        """The game at the given parameters; arrays ``(C,)`` make a batch of C cells.

        Raises ScenarioError as :meth:`values` does, and where a formula gives an impossible discount or
        probability.
        """
        values = self.values(**given)
        try:
            return FORMS[self.form].build(self.reading, self.roster, values, cells_of(values))
        except ValueError as error:
            # formulas were fine at the corners of the bounds, but not at these values between them
            message = f"there is no game at these parameters: {error}"
            raise ScenarioError([Problem(str(self.path), 0, "", message)]) from None


def cells_of(values: Mapping[str, Any]) -> int:
    """The number of cells C of a set of values."""
    return next((len(value) for value in values.values() if np.ndim(value)), 1)
