"""Everything that a page can be answered about one scenario.  No HTTP here."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from sim.designs import steps
from sim.scenario import Scenario
from sim.web.along import FEWEST, LOOKS, tracks
from sim.web.asked import View, view_of
from sim.web.borders import proved_borders
from sim.web.cells import seen_at
from sim.web.described import about_scenario
from sim.web.exports import as_csv, as_question, as_tree, from_dataset
from sim.web.here import game_here, why_here
from sim.web.landscape import Landscape, as_bytes
from sim.web.stored import stored_map
from sim.web.tips import tips

__all__ = ["Explored"]

LADDER = (201, 101, 51, 41, 21, 11)  # points along each axis
FRAME = 0.05  # seconds that a map may take while a hand moves
LONGEST_FRAME = 0.4  # of the coarsest; slower games wait until it rests
REST = 20.0  # seconds that the map at rest may take in all,
SHARE = 0.6  # told in parts of so many
NEAR_BORDERS = 0.15  # share of a fine map that is solved while a hand moves
MOST_TRIED, TIMED = 512, 0.2  # games, and seconds of a batch that is timed
KEPT = 4  # maps in the making
QUICK = 2.0  # seconds for tracks at rest
SLOW = 51  # points: where no more can be had, what is stored is shown


def nobody_waits() -> None:
    """No pause."""


class Explored:
    """One scenario: how fast it is solved, and the maps that are being made of it.

    A map at rest is told in parts of so many seconds, the ``share``.
    """

    def __init__(self, scenario: Scenario, share: float = SHARE) -> None:
        self.scenario, self.share = scenario, share
        self.game = scenario.game()
        self.making: OrderedDict[Any, Landscape] = OrderedDict()
        self.speeds: dict[Any, float] = {}
        self.changing, self.trying = threading.Lock(), threading.Lock()

    def view(self, asked: Iterable[tuple[str, str]]) -> View:
        """What is asked for.  Raises ValueError for what is wrong."""
        return view_of(self.scenario, self.game.usual_concept, asked)

    def described(self) -> dict[str, Any]:
        """What stands on the page whatever is asked."""
        return about_scenario(self.scenario, self.game)

    def speed(self, view: View) -> float:
        """Games a second, as the last ones of this kind took; the first are tried."""
        kind = view.concept, view.solver
        with self.trying:
            if kind not in self.speeds:
                self.speeds[kind] = tried(self.scenario, view)
        return max(self.speeds[kind], 1e-3)

    def learn(self, view: View, land: Landscape) -> None:
        """How fast it went this time."""
        if land.solved >= 100 or land.seconds > FRAME:
            kind = view.concept, view.solver
            self.speeds[kind] = 0.5 * self.speeds.get(kind, land.speed) + 0.5 * land.speed

    def map(self, view: View, give_way: Callable[[], None] = nobody_waits) -> bytes:
        """The map, as bytes: while a hand moves as much as there is time for, at rest part by part until it is whole."""
        if not view.axes:
            return as_bytes({"none": "No parameter of this scenario varies, so there is no map."}, *nothing())
        return self.resting(view, give_way) if view.rest else self.moving(view)

    def moving(self, view: View) -> bytes:
        """The map for a moving hand: near borders only, and coarse where games are slow."""
        speed, dims = self.speed(view), len(view.axes)
        points = view.points or next((n for n in LADDER if to_solve(n, dims) / speed <= FRAME), LADDER[-1])
        if not view.points and to_solve(points, dims) / speed > LONGEST_FRAME:
            later = f"One game takes {told_time(1 / speed)} here: the map is drawn when you rest."
            return as_bytes({"later": later}, *nothing())
        land = Landscape(self.scenario, view, points, whole=points <= LADDER[-2], speed=speed)
        land.work(float("inf"), nobody_waits)
        self.learn(view, land)
        head, *arrays = land.told()
        head["whole"] = head["whole"] and self.finest(view) <= points  # else there is a finer one at rest
        return as_bytes(head, *arrays)

    def resting(self, view: View, give_way: Callable[[], None]) -> bytes:
        """What there is of the whole map after another while; more of it comes when it is asked for again."""
        speed = self.speed(view)
        points = view.points or self.finest(view)
        if points <= SLOW:
            kept = stored_map(self.scenario, view)
            if kept is not None:
                return as_bytes(*kept)
        key = (*view.key, points)
        with self.changing:
            land = self.making.get(key) or Landscape(self.scenario, view, points, whole=True, speed=speed)
            self.making[key] = land
            self.making.move_to_end(key)
            while len(self.making) > KEPT:
                self.making.popitem(last=False)
        land.work(time.monotonic() + self.share, give_way)
        self.learn(view, land)
        head, *arrays = land.told()
        left = (land.refine.source.size - land.solved) / max(land.speed, 1e-3)
        if not head["done"] and left > 1:
            head["left"] = f"about {told_time(left)} to go"
        if head["done"] and not view.points and self.finest(view) > points:  # quicker than was thought
            head["done"] = False
        return as_bytes(head, *arrays)

    def finest(self, view: View) -> int:
        """The most points along each axis that there is time for at rest."""
        speed, dims = self.speed(view), len(view.axes)
        return next((n for n in LADDER if n**dims / speed <= REST), LADDER[-1])

    def borders(self, view: View, give_way: Callable[[], None] = nobody_waits) -> dict[str, Any]:
        """Where what holds changes on the map, proved, where that is quickly done."""
        return proved_borders(self.scenario, view, give_way)

    def here(self, view: View) -> dict[str, Any]:
        """The game at the point."""
        return game_here(self.scenario, view)

    def why(self, view: View) -> dict[str, Any]:
        """Why each side does what it does, and why nothing else holds."""
        return why_here(self.scenario, view)

    def tracks(self, view: View) -> dict[str, Any]:
        """What the sliders are painted with; why they are not, where games are slow."""
        count = sum(one.low != one.high for one in self.scenario.parameters.values())
        looks = int((QUICK if view.rest else FRAME) * self.speed(view) / max(count, 1))
        if looks < FEWEST:
            return {"later": True, "regimes": [], "tracks": {}}
        return tracks(self.scenario, view, min(looks | 1, LOOKS))

    def tips(self, view: View, give_way: Callable[[], None] = nobody_waits) -> dict[str, Any]:
        """What would have to change."""
        return tips(self.scenario, view, give_way)

    def export(self, view: View, kind: str, give_way: Callable[[], None] = nobody_waits) -> bytes:
        """The view as a file of this kind.  Raises ValueError where there is no such file of it."""
        if kind == "tree.svg":
            return as_tree(self.scenario, view)
        points = view.points or self.finest(view)
        if kind == "toml":
            return as_question(self.scenario, view, view.points or LADDER[0])
        if kind == "csv":
            return as_csv(self.scenario, view, points, give_way)
        return from_dataset(self.scenario, view, points, kind)


def tried(scenario: Scenario, view: View) -> float:
    """Games a second: of ever larger batches the first that takes long enough to be timed."""
    rng = np.random.default_rng(0)
    cells, speed = 1, 0.0
    seen_at(scenario, view, {})  # what has to be compiled is compiled by now
    while cells <= MOST_TRIED:
        values = {
            span.name: steps(span.low, span.high, LADDER[0]).astype(float)[rng.integers(0, LADDER[0], cells)]
            for span in view.axes
        }
        begun = time.monotonic()
        seen_at(scenario, view, values)
        took = max(time.monotonic() - begun, 1e-4)
        speed = max(speed, cells / took)
        if took > TIMED:
            break
        cells *= 8
    return speed


def to_solve(points: int, dims: int) -> float:
    """About how many cells a map of so many points takes while a hand moves."""
    cells = float(points**dims)
    return cells * NEAR_BORDERS if points > LADDER[-2] else cells


def told_time(seconds: float) -> str:
    """``1.4 s``, ``3 minutes``."""
    return f"{seconds:.2g} s" if seconds < 100 else f"{seconds / 60:.0f} minutes"


def nothing() -> tuple[Any, Any]:
    """No cells."""
    return np.zeros(0, np.uint8), np.zeros(0, np.uint8)
