"""Where a game came from, for those who tell of it: a scenario at some parameters, or the file of other software."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.automata.automaton import Automaton

__all__ = ["Source"]


@dataclass(frozen=True)
class Source:
    """Where a game came from: the scenario or file, its form, parameters of the cell, and automata."""

    name: str
    title: str
    form: str
    parameters: dict[str, float] = field(default_factory=dict)
    automata: dict[str, Automaton] = field(default_factory=dict)
