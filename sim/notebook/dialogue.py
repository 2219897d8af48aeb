"""What is looked at in a notebook, and the answers about it: messages in, messages and buffers out.  No widget here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

from sim.expression import Number
from sim.scenario import Scenario
from sim.solution import Solution
from sim.web.answers import Explored
from sim.web.asked import View
from sim.web.cells import solved_at
from sim.web.described import written_short

__all__ = ["LIVE", "Dialogue", "Values"]

SHARE = 0.15  # seconds of a map at rest before the next message is heard
LIVE = ("map", "point", "why", "tracks")
"""What follows a hand."""


class Values(MutableMapping[str, Number]):
    """Every parameter with its value; ``change`` is told what is set here, and gives what all are then."""

    def __init__(
        self, values: Mapping[str, Number], change: Callable[[Mapping[str, Any]], Mapping[str, Number]]
    ) -> None:
        self._values, self._change = dict(values), change

    def __getitem__(self, name: str) -> Number:
        return self._values[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._values = dict(self._change({name: value}))

    def __delitem__(self, name: str) -> None:
        raise TypeError(f"{name} cannot be taken away: a parameter always has a value")

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(self._values)


class Dialogue:
    """A scenario, what is asked of it in words (axes, concept, solver, selection), and the values of its parameters.

    Raises ValueError for words and values that do not fit.
    """

    def __init__(self, scenario: Scenario, asked: list[tuple[str, str]], values: Mapping[str, Any]) -> None:
        self.explored = Explored(scenario, SHARE)
        self.asked = asked
        self.values = self.read(values)

    def read(self, values: Any) -> dict[str, Number]:
        """Every parameter with its value; what is left out is at its default.  Raises ValueError for what is wrong."""
        if not isinstance(values, Mapping):
            raise ValueError(  # noqa: TRY004 - whatever does not fit is told alike
                f"values are names with numbers, such as {{'threat': 2}}; found {values!r:.60}"
            )
        return dict(self.view(values).values)

    def view(self, values: Mapping[str, Any], *, rest: bool = False) -> View:
        """What is looked at, with these values."""
        settings = [("set", f"{name}:{value}") for name, value in values.items()]
        return self.explored.view([*self.asked, *settings, ("rest", "1" if rest else "0")])

    @property
    def solution(self) -> Solution:
        """The certified game here, a batch of one."""
        return solved_at(self.explored.scenario, self.view(self.values), {})

    def told(self, wants: Any, *, rest: bool = False) -> tuple[dict[str, Any], list[bytes]]:
        """What is wanted, by name, and the map as bytes; at ``rest`` as much of the whole map as there is time for."""
        view = self.view(self.values, rest=rest)
        answers: dict[str, Callable[[], Any]] = {
            "scenario": lambda: {**self.explored.described(), "axes": list(view.names)},
            "point": lambda: self.explored.here(view),
            "why": lambda: self.explored.why(view),
            "tracks": lambda: self.explored.tracks(view),
            "tips": lambda: self.explored.tips(view),
        }
        words = {name: answer() for name, answer in answers.items() if name in wants}
        return {**words, **self.place(), "rest": rest}, [self.explored.map(view)] if "map" in wants else []

    def place(self) -> dict[str, Any]:
        """The values as texts, as sliders have them."""
        return {"values": {name: written_short(value) for name, value in self.values.items()}}
