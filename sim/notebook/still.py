"""Where there is no widget: a picture of the map, and a sentence that says what to install."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.expression import Number
from sim.markup import as_address, element
from sim.notebook.dialogue import Dialogue, Values
from sim.solution import Solution

__all__ = ["Still"]

SENTENCE = (
    "This picture stands still: for sliders install the extra notebook, pip install 'standoff[notebook]'."
)


class Still:
    """What ``sim.explore`` shows without anywidget; ``values`` and ``solution`` as there."""

    def __init__(self, dialogue: Dialogue) -> None:
        self.dialogue = dialogue

    @property
    def values(self) -> Values:
        """Every parameter with its value; the next picture is of what is set."""
        return Values(self.dialogue.values, self.change)

    @values.setter
    def values(self, values: Mapping[str, Any]) -> None:
        self.dialogue.values = self.dialogue.read(values)

    @property
    def solution(self) -> Solution:
        """The certified game here, a batch of one."""
        return self.dialogue.solution

    def change(self, some: Mapping[str, Any]) -> Mapping[str, Number]:
        """Set some of the values; all of them then.  Raises ValueError for what does not fit."""
        self.values = {**self.values, **some}
        return self.dialogue.values

    def __repr__(self) -> str:
        return f"{self.dialogue.explored.scenario.name} at {dict(self.values)}\n{SENTENCE}"

    def _repr_html_(self) -> str:
        view = self.dialogue.view(self.dialogue.values)
        if not view.axes:
            return element("p", "No parameter of this scenario varies, so there is no map.")
        svg = self.dialogue.explored.export(view, "svg").decode()
        name = self.dialogue.explored.scenario.title or self.dialogue.explored.scenario.name
        return element(
            "div", element("p", SENTENCE), element("img", src=as_address(svg), alt=f"Map of outcomes: {name}")
        )
