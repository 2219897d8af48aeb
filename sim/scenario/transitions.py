"""Transitions of a stochastic game in scenario files: from a state, by joint action, to states.

From each state one of three: the name of a state, for certain; for each next state a formula or a
matrix; or cells, by the action of each player in turn, with the name of a state or a table of them.
``"rest"`` takes the probability that the other next states leave.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from sim.scenario.names import Names, Roster
from sim.scenario.payoffs import Entry, item_at, matrix_fits, walk_cells
from sim.scenario.positions import KeyPath
from sim.scenario.problems import shown

__all__ = ["Transitions"]

REST = "rest"

Written = dict[str, tuple[Any, KeyPath]]  # next states, with the formula and its key


@dataclass(frozen=True)
class Transitions:
    """Reads what follows on one state; ``roster`` has the actions of this state."""

    states: tuple[str, ...]
    state: int
    roster: Roster
    names: Names

    def read(self, value: Any, key: KeyPath) -> Iterator[Entry]:
        """Formulas for every next state, zeros included: ``place = (state, next state, joint action)``."""
        everywhere = tuple({a: a for a in range(size)} for size in self.roster.shape)
        report = self.names.report
        if isinstance(value, dict) and any(isinstance(item, dict) for item in value.values()):
            for inner, place, joint_action in walk_cells(value, self.roster, report, key, (), everywhere):
                yield from self.distribution(self.written(inner, place), place, joint_action)
        elif isinstance(value, dict) and any(isinstance(item, list) for item in value.values()):
            written = self.written(value, key)
            lists = [(item, place) for item, place in written.values() if isinstance(item, list)]
            fits = [matrix_fits(item, self.roster, report, place) for item, place in lists]
            if all(fits):
                for joint_action in product(*everywhere):
                    here = {
                        to: (item_at(item, joint_action), (*place, *joint_action))
                        if isinstance(item, list)
                        else (item, place)
                        for to, (item, place) in written.items()
                    }
                    yield from self.distribution(here, key, joint_action)
        else:
            yield from self.distribution(self.written(value, key), key, None)

    def written(self, value: Any, key: KeyPath) -> Written:
        """The next states with what is written for them."""
        if isinstance(value, str):
            value, places = {value: 1.0}, {value: key}
        elif isinstance(value, dict):
            places = {to: (*key, to) for to in value}
        else:
            self.names.report.add(
                key,
                f"expected the name of a state or a table {{ state = probability }}, found {shown(value)}",
            )
            return {}
        for to in value:
            if to not in self.states:
                self.names.report.unknown(places[to], "state", to, self.states)
        return {to: (value[to], places[to]) for to in value if to in self.states}

    def distribution(
        self, written: Written, key: KeyPath, joint_action: tuple[int, ...] | None
    ) -> Iterator[Entry]:
        """An entry for every next state, at one joint action or at all."""
        program = self.names.program
        where = tuple(slice(size) for size in self.roster.shape) if joint_action is None else joint_action
        left = program.add("number", (), 1.0)
        rest = [to for to, (source, _) in written.items() if source == REST]
        for other in rest[1:]:
            self.names.report.add(
                written[other][1], f"only one next state can take the rest; {shown(rest[0])} does"
            )
        for to, state in enumerate(self.states):
            source, place = written.get(state, (0.0, key))
            if source == REST:
                continue
            step = self.names.step(source, place, joint_action)
            if step is not None:
                left = program.add("-", (left, step)) if state in written else left
                yield Entry((self.state, to, *where), step, place)
        for state in rest[:1]:
            # rounding may leave -1e-17; where others really exceed 1 their sum tells
            left = program.add("max", (left, program.add("number", (), 0.0)))
            yield Entry((self.state, self.states.index(state), *where), left, written[state][1])
