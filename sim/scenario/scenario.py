"""Scenario: what a scenario file says, checked; it makes payoffs and games at any parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.automata.automaton import Automaton
from sim.expression import is_masked, numbers_as_written, read_number
from sim.game import Game, Outcomes
from sim.plugins import views
from sim.scenario.forms import FORMS, Reading
from sim.scenario.names import Roster
from sim.scenario.problems import Problem, ScenarioError, choices
from sim.scenario.questions import outside
from sim.scenario.tables import Parameter, Promise, Sweep

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Scenario"]


@dataclass(frozen=True, eq=False, repr=False)
class Scenario:
    """One crisis.  ``digest`` is the SHA-256 of the file; ``reading`` is what its form makes of it.

    ``tones`` are those of outcomes and states that the file gives one, by name.
    """

    name: str
    path: Path
    digest: str
    title: str
    about: str
    sources: tuple[str, ...]
    form: str
    roster: Roster
    parameters: dict[str, Parameter]
    sweeps: dict[str, Sweep]
    promises: tuple[Promise, ...]
    reading: Reading
    tones: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        text: str = views["scenario_page"](self).text()
        return text

    def _repr_html_(self) -> str:
        """For notebooks."""
        page: str = views["scenario_page"](self).html()
        return page

    def plot(self, sweep: Any = None, plot: str | None = None, **options: Any) -> Figure:
        """The picture of a sweep, the scenario's first if none is named, as a matplotlib figure.

        ``points``, ``set``, ``concept``, ``solver``, ``workers`` and ``out`` are those of :func:`sim.sweep`, all
        other options those of :func:`sim.plot`.  Raises ValueError as these do, and where there is no sweep.
        """
        figure: Figure = views["picture_of_scenario"](self, sweep, plot, **options)
        return figure

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

        Numbers may be fractions, decimals or texts such as ``"1/3"``.  They come out as floats, or arrays of
        them, where those tell what was written, else as fractions, or arrays of objects.
        Raises ScenarioError for names that are no parameters and values outside their bounds.
        """
        problems: list[Problem] = []
        result: dict[str, Any] = {name: parameter.default for name, parameter in self.parameters.items()}
        for name, value in given.items():
            if name not in self.parameters:
                message = f"unknown parameter {name!r} {choices(name, {'parameters': self.parameters})}"
                problems.append(Problem(str(self.path), 0, "", message))
                continue
            try:
                result[name] = self.checked(name, value)
            except ValueError as error:
                problems.append(Problem(str(self.path), 0, "", str(error)))
        lengths = {name: len(value) for name, value in result.items() if np.ndim(value)}
        if not problems and len(set(lengths.values())) > 1:
            listed = ", ".join(f"{name} has {size}" for name, size in lengths.items())
            message = f"arrays of different lengths: {listed}"
            problems.append(Problem(str(self.path), 0, "", message))
        if problems:
            raise ScenarioError(problems)
        return result

    def checked(self, name: str, value: Any) -> Any:
        """A value for a parameter, or several, as they were written.  Raises ValueError for what is none."""
        parameter = self.parameters[name]
        if type(value) is float and parameter.low <= value <= parameter.high:
            return value  # as nearly all are, and always the same: a page asks thousands of times
        if is_masked(value):
            raise ValueError(f"{name} is a masked array; give a plain one, without what is masked")
        try:
            array = numbers_as_written(read_number(value) if isinstance(value, str) else value)
        except (TypeError, ValueError, OverflowError):
            raise ValueError(f"{name} = {str(value)[:60]!r} is no number") from None
        if array.ndim > 1 or array.size == 0:
            raise ValueError(f"{name} has shape {array.shape}; expected a number or an array (cells,)")
        floats = array.astype(np.float64)
        beyond = np.maximum(float(parameter.low) - floats, floats - float(parameter.high))
        worst = int(np.argmax(np.where(np.isnan(floats), np.inf, beyond)))
        message = outside(name, float(floats.flat[worst]), parameter)
        if message:
            raise ValueError(message)
        if array.dtype == object:
            return array if array.ndim else array[()]
        return floats if array.ndim else float(floats)

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
            game = FORMS[self.form].build(self.reading, self.roster, values, cells_of(values))
            return game.with_parameters(values)
        except ValueError as error:
            # formulas were fine at the corners of the bounds, but not at these values between them
            message = f"there is no game at these parameters: {error}"
            raise ScenarioError([Problem(str(self.path), 0, "", message)]) from None


def cells_of(values: Mapping[str, Any]) -> int:
    """The number of cells C of a set of values."""
    return next((len(value) for value in values.values() if np.ndim(value)), 1)
