"""Where a game came from, for those who tell of it: a scenario at some parameters, or the file of other software."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sim.automata.automaton import Automaton
from sim.expression import Number
from sim.scenario.problems import shown
from sim.solution import Solution

__all__ = ["Source"]


def unwritten(*_: Any) -> str:
    """No formula."""
    return ""


@dataclass(frozen=True)
class Source:
    """Where a game came from: the scenario or file, its form, parameters of the cell, automata, tones.

    ``critical(joint action, deterrent)`` is a critical discount as a formula, "" where it is none of the parameters.
    ``defaults`` are those of the parameters, where there are any; ``remedy`` says what to do about a payoff that
    nobody can compute with.
    """

    name: str
    title: str
    form: str
    parameters: dict[str, Number] = field(default_factory=dict)
    automata: dict[str, Automaton] = field(default_factory=dict)
    tones: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, Number] = field(default_factory=dict)
    critical: Callable[[Any, Any], str] = unwritten
    remedy: str = "change the formula, its parameters or their bounds"

    def sentence(self, solution: Solution, cell: int = 0) -> str:
        """The verdict on a cell in words: where it is, and what can be done."""
        where = ", ".join(f"{name} = {shown(value)}" for name, value in self.parameters.items())
        return solution.sentence(cell, at=where and f"at {where}", remedy=self.remedy)
