"""The widget: wires messages of a notebook's page to the answers.  The only module that needs anywidget."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

import sim.web
from sim.expression import Number
from sim.notebook.dialogue import LIVE, Dialogue, Values
from sim.solution import Solution
from sim.web.asked import OUR_FAULT, sentence_of

__all__ = ["Explorer", "module"]

STATIC = Path(sim.web.__file__).with_name("static")
PARTS = ("map.js", "parts.js", "notebook.js")
BETWEEN = re.compile(r'^import \{[^}]*\} from "\./\w+\.js";\n', re.MULTILINE)


def module() -> str:
    """The page's own modules as one, as a widget needs it: those that are imported first."""
    return "\n".join(BETWEEN.sub("", (STATIC / name).read_text("utf-8")) for name in PARTS)


class Explorer(anywidget.AnyWidget):
    """A scenario with sliders, map, reasons, and what would have to change.

    ``values`` maps every parameter to its value, both ways: sliders change it, and what is set moves the sliders;
    names left out of a new one are at their defaults.  ``solution`` is the certified game here, a batch of one.
    """

    _esm = module()
    _css = (STATIC / "notebook.css").read_text("utf-8")
    values = traitlets.Any()

    def __init__(self, dialogue: Dialogue) -> None:
        self.dialogue = dialogue
        self.looked_at = False  # before somebody does, nothing is drawn
        self.answering = False
        super().__init__(values=dialogue.values)
        self.on_msg(self.heard)

    @property
    def solution(self) -> Solution:
        """The certified game here, a batch of one."""
        return self.dialogue.solution

    @traitlets.validate("values")
    def _read(self, proposal: Mapping[str, Any]) -> Values:
        return Values(self.dialogue.read(proposal["value"]), self.change)

    @traitlets.observe("values")
    def _moved(self, change: Mapping[str, Any]) -> None:
        self.dialogue.values = dict(change["new"])
        if self.looked_at and not self.answering:
            self.answer({"wants": LIVE})

    def change(self, some: Mapping[str, Any]) -> Mapping[str, Number]:
        """Set some of the values; all of them then.  Raises ValueError for what does not fit."""
        self.values = {**self.values, **some}
        return self.dialogue.values

    def heard(self, _: Any, message: Any, __: Any) -> None:
        """A message of the page: what hands did, and what it wants to know."""
        self.looked_at = True
        self.answer(message if isinstance(message, dict) else {})

    def answer(self, message: Mapping[str, Any]) -> None:
        """Tell the page what it wants, or in a sentence what is wrong."""
        self.answering = True
        maps: list[bytes] = []
        try:
            if "values" in message:
                self.values = message["values"]
            told, maps = self.dialogue.told(message.get("wants", ()), rest=message.get("rest") is True)
        except ValueError as error:
            told = {"wrong": sentence_of(error), **self.dialogue.place()}
        except Exception:  # the page must hear something, or it waits for ever
            logging.getLogger("standoff").exception("an answer failed")
            told = {"wrong": OUR_FAULT, **self.dialogue.place()}
        finally:
            self.answering = False
        self.send({**told, "by": message.get("by")}, maps)
