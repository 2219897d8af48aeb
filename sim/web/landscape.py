"""The map of a view: solved coarse to fine, as far as time allows, and told as bytes."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.designs import Refine, steps
from sim.pictures.style.palette import Regime
from sim.pictures.style.raster import pixel_codes
from sim.pictures.style.regimes import Regimes, Seen, tell_apart
from sim.scenario import Scenario
from sim.web.asked import View
from sim.web.cells import alike, each, picked, seen_at, words_of_cells
from sim.web.paint import legend

__all__ = ["Landscape", "as_bytes"]

SLICE = 2048  # cells that are solved before anybody else is looked for
STEP_SECONDS = 0.1  # of a slice, where cells are slow
MOST_REGIMES = 250


class Landscape:
    """A map in the making: ``points`` along each of the axes of a view, ``whole`` or only near borders.

    ``speed`` is what is known of the games a second, so that slices are short where games are slow.
    """

    def __init__(
        self, scenario: Scenario, view: View, points: int, *, whole: bool, speed: float = np.inf
    ) -> None:
        self.scenario, self.view, self.whole = scenario, view, whole
        self.axes = [steps(span.low, span.high, points) for span in view.axes]
        self.shape = (points, points if len(self.axes) > 1 else 1)
        self.refine = Refine(self.shape, whole=whole)
        self.values = dict(
            zip(view.names, (mesh.ravel() for mesh in np.meshgrid(*self.axes, indexing="ij")), strict=True)
        )
        self.cells: Seen | None = None
        self.solved, self.seconds, self.done = 0, 0.0, False
        self.guess = speed
        self.pending: list[NDArray[np.uint64]] = []
        self.at_work = threading.Lock()  # two pages may look at the same

    @property
    def speed(self) -> float:
        """Cells a second so far; before the first what was told."""
        return self.solved / max(self.seconds, 1e-3) if self.solved else self.guess

    def work(self, until: float, pause: Callable[[], None]) -> None:
        """Go on until a moment of the monotonic clock, or to the end; ``pause()`` is called before each slice."""
        with self.at_work:
            while not self.done and time.monotonic() < until:
                pause()
                self.go_on()

    def go_on(self) -> None:
        """Solve the next few cells; done where there are none."""
        asked = self.refine.ask()
        if not asked.size:
            self.done = True
        else:
            start = sum(map(len, self.pending))
            length = int(np.clip(self.speed * STEP_SECONDS, 1, SLICE))
            these = asked[start : start + length]
            self.pending.append(self.look(these))
            if start + len(these) == asked.size:
                self.refine.tell(np.concatenate(self.pending))
                self.pending = []

    def look(self, cells: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Solve some cells, keep what they are, and say which look alike."""
        begun = time.monotonic()
        seen = seen_at(self.scenario, self.view, {name: each[cells] for name, each in self.values.items()})
        if self.cells is None:
            size = self.refine.source.size
            self.cells = each(seen, lambda array: np.zeros((size, *array.shape[1:]), array.dtype))
        for one in fields(seen):
            getattr(self.cells, one.name)[cells] = getattr(seen, one.name)
        self.solved += cells.size
        self.seconds += time.monotonic() - begun
        return alike(seen)

    def told(self) -> tuple[dict[str, Any], NDArray[np.uint8], NDArray[np.uint8]]:
        """What is known by now: words, the number of the regime of each cell, first axis first, and where dots are."""
        with self.at_work:
            source, solved = self.refine.source.copy(), np.flatnonzero(self.refine.solved)
        known = source >= 0
        if self.cells is None or not known.any():
            return {**self.head(), "regimes": []}, np.zeros(0, np.uint8), np.zeros(0, np.uint8)
        found = self.regimes(self.cells, np.maximum(source, 0), solved)
        return as_told(found, self.head(), None if known.all() else known.reshape(self.shape))

    def regimes(self, cells: Seen, source: NDArray[np.int64], solved: NDArray[np.int64]) -> Regimes:
        """The regimes of the map, each of whose cells looks like the one of ``cells`` at its ``source``.

        Only the ``solved`` of these are told apart.
        """
        place = np.empty(source.size, np.int64)
        place[solved] = np.arange(solved.size)
        return tell_apart(
            picked(cells, solved),
            words_of_cells(self.scenario, self.view.concept),
            place[source].reshape(self.shape),
        )

    def head(self) -> dict[str, Any]:
        """What was asked, and how far it is."""
        return {
            "axes": [{"name": s.name, "low": float(s.low), "high": float(s.high)} for s in self.view.axes],
            "shape": self.shape,
            "solved": self.solved,
            "cells": int(self.refine.source.size),
            "whole": self.whole and self.done,
            "done": self.done,
            "milliseconds": round(1000 * self.seconds),
        }


def as_told(
    found: Regimes, head: dict[str, Any], known: NDArray[np.bool_] | None = None
) -> tuple[dict[str, Any], NDArray[np.uint8], NDArray[np.uint8]]:
    """Regimes as the page draws them; knife edges are given to their sides; where nothing is ``known`` is said."""
    code = found.code
    if known is not None:
        found = replace(
            found,
            code=np.where(known, code, len(found.regimes)),
            regimes=[*found.regimes, Regime("absent")],
            knife_edge=found.knife_edge & known,
        )
    # a strip has no sides to give knife edges to
    if min(found.code.shape) > 1:
        code = pixel_codes(found, np.arange(found.code.shape[0]), np.arange(found.code.shape[1])).T
    else:
        code = found.code
    dots = found.continuum if found.dotted else np.zeros(code.shape, np.bool_)
    regimes = legend(replace(found, code=code), code.size)
    for regime in regimes:
        if regime["kind"] == "absent":
            regime["words"] = "not solved yet"
    notes = [f"dots: payoffs tie, and there may be a continuum of {found.several}"] if dots.any() else []
    if any("mixed" in regime["words"] for regime in regimes):
        notes.append("thin stripes, (mixed): only where somebody mixes")
    told = {**head, "regimes": regimes, "notes": notes, "one": found.one, "several": found.several}
    return told, np.minimum(code, MOST_REGIMES).astype(np.uint8), dots.astype(np.uint8)


def as_bytes(head: dict[str, Any], code: NDArray[np.uint8], dots: NDArray[np.uint8]) -> bytes:
    """Length of the words as four bytes, the words as JSON, a byte for each cell; where there are dots, another one."""
    dotted = bool(dots.any())
    words = json.dumps({**head, "dots": dotted}, allow_nan=False).encode()
    return len(words).to_bytes(4, "little") + words + code.tobytes() + (dots.tobytes() if dotted else b"")
