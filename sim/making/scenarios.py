"""One scenario made: its promises kept, its sweeps solved, its maps drawn."""

from __future__ import annotations

import math
import time
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sim.making.stamps import seconds_taken, stamp
from sim.scenario import Scenario

__all__ = ["make", "order"]

FIRST = "standoff_2021"  # the seed: what a newcomer looks at first
SHORTLY = 1.0  # seconds that promises may run as Python: sweeps need nearly all that they need compiled
POINTS = 101  # of an axis that does not say how many
OTHER_FORM = (
    1e6  # cells: who says a form means another than the usual one, and those cost more than large maps
)


def make(file: Path, folder: Path) -> list[Path]:
    """Sweep a scenario, draw its maps and keep its promises, into ``folder``, and stamp that; the files made.

    Raises ValueError where the scenario is not as it should be, a promise is not kept or a claim was refuted, and
    OSError or MemoryError where the machine refuses something.  What was made before stays, without a stamp.
    """
    from sim.claim import Status
    from sim.pictures import draw
    from sim.run import any_refuted, sweep
    from sim.run.promises import unanswerable, unkept
    from sim.run.proved_sweeps import prove_beside, prove_design, proved_by_design
    from sim.scenario import load

    begun = time.monotonic()
    scenario = load(file)
    require(scenario, unanswerable(scenario))
    made = []
    for name, asked in scenario.sweeps.items():
        if proved_by_design(asked):
            proved = prove_design(scenario, asked, folder)
            made += [proved, *draw(str(proved))]
            continue
        dataset = sweep(scenario, name, out=folder)
        if any_refuted(dataset):
            raise ValueError(f"{scenario.path}: sweep {name}: {Status.refuted.sentence}")
        store = folder / f"{name}.zarr"
        beside = prove_beside(scenario, asked, folder)
        made += [store, *filter(None, [beside]), *draw(str(store))]
    # last: maps are there sooner, and what sweeps have loaded compiled need not run as Python
    require(scenario, unkept(scenario, SHORTLY))
    stamp(file, folder, made, time.monotonic() - begun)
    return made


def require(scenario: Scenario, wrong: Iterable[str]) -> None:
    """Raise ValueError where something is wrong."""
    messages = [f"{scenario.path}: {message}" for message in wrong]
    if messages:
        raise ValueError("\n".join(messages))


def order(files: Iterable[Path], folders: dict[Path, Path]) -> list[Path]:
    """The seed first, then what takes longest, so that processes end at about the same time.

    That is what took longest the last time; what was never made is thought to take longer, by its cells, and one of
    each kind comes before the others of it: they need what is compiled for it.
    """
    taken = {file: seconds_taken(folders[file]) for file in files}
    told = {file: outline(file) for file in taken}
    cells = {file: told[file][1] + OTHER_FORM if each is None else each for file, each in taken.items()}
    largest = sorted(taken, key=lambda file: (file.stem != FIRST, -cells[file]))
    kinds = [told[file][0] for file in largest]
    first = {file for at, file in enumerate(largest) if taken[file] is None and kinds.index(kinds[at]) == at}
    return sorted(largest, key=lambda file: (file.stem != FIRST, file not in first))


def outline(file: Path) -> tuple[tuple[str, int], float]:
    """What form a scenario has and how many players it lists, and about how large its questions are, from its text."""
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8"))
        kind = (str(said.get("form", "")), len(said.get("players", ())))
        cells = sum(math.prod(map(points, each["over"].values())) for each in said.get("sweeps", {}).values())
        return kind, float(cells + (OTHER_FORM if "form" in said else 0.0))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ("", 0), 0.0


def points(axis: Any) -> int:
    """How many points an axis asks for: ``[0, 4, 201]`` or ``{ low = 0, high = 4, points = 201 }``."""
    asked = axis.get("points") if isinstance(axis, dict) else axis[2] if len(axis) > 2 else None
    return int(asked or POINTS)
