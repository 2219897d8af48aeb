"""A block solved by a worker of a cluster, which begins the sweep anew from the scenario's file."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sim.engines import differing, machine
from sim.run.blocks import Asking, Count, Making, Work
from sim.scenario import Sweep

if TYPE_CHECKING:
    from sim.dataset.pieces import Pieces
    from sim.designs import Block
    from sim.scenario import Scenario

__all__ = ["There"]


@dataclass(frozen=True)
class There:
    """``there(block)`` is the block, and what the store is to hold of it; sent to workers, which all begin alike.

    ``sweep`` tells the store from others, and is found again where the worker reads the same file with the same code.
    """

    sweep: str
    path: Path = field(compare=False)
    digest: str = field(compare=False)
    asking: Asking = field(compare=False)
    tile: tuple[int, ...] = field(compare=False)
    machine: Mapping[str, str] = field(compare=False)
    portable: bool = field(compare=False)

    @classmethod
    def of(cls, scenario: Scenario, asking: Asking, made: Making) -> Self:
        """What workers are told of a sweep that was begun here."""
        if isinstance(asking.sweep, Sweep) and scenario.sweeps.get(asking.sweep.name) is asking.sweep:
            asking = replace(asking, sweep=asking.sweep.name)  # which is the file's there as well
        path, here = scenario.path.resolve(), dict(machine())
        return cls(made.sweep, path, scenario.digest, asking, made.tile, here, made.attrs["portable"])

    def wrong(self) -> str:
        """Why the process that is asked must not work on this sweep, in words; nothing where it may."""
        found = differing(machine(), self.machine, portable=self.portable)
        if not found:
            try:
                scenario_at(self.path, self.digest)
            except ValueError as error:
                found = str(error)
        return found

    def __call__(self, block: Block) -> tuple[Block, Pieces]:
        """Raises ValueError where this machine is unlike the one that asks, for it may have joined since."""
        return block, begun(self)(block)


@lru_cache(maxsize=4)
def begun(there: There) -> Work[Any]:
    """A sweep begun in this process.  Raises ValueError, saying why, where it is not the one that was asked for."""
    from sim.dataset.pieces import Encoder

    wrong = there.wrong()
    if wrong:
        raise ValueError(f"a worker that joined is refused: {wrong}")
    _, question, made = there.asking.begun(scenario_at(there.path, there.digest))
    made = replace(made, tile=there.tile)
    if made.sweep != there.sweep:
        raise ValueError(
            "a worker understood the sweep otherwise than it was asked: was the scenario changed in Python? "
            "Workers know what its file says"
        )
    encoder = Encoder.of(made.sweep, made.tile, made.schema, made.sample)
    return Work.of(question, made, encoder, Count(0, made.points.cells, None), threading.Event())


def scenario_at(path: Path, digest: str) -> Scenario:
    """The scenario in a file, of which every machine sees the same content under the same path."""
    from sim.scenario import load

    shared = (
        "workers need the scenario's file under the same path, as on a file system that all machines share"
    )
    if not path.is_file():
        raise ValueError(f"a worker finds no file {path}: {shared}")
    try:
        scenario = load(path)
    except (ValueError, OSError) as error:
        raise ValueError(f"a worker cannot read {path}: {error}") from None
    if scenario.digest != digest:
        raise ValueError(f"{path} has another content where a worker reads it: {shared}")
    return scenario
