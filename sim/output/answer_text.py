"""Set-valued answers and numbers that stand beside the solutions of a cell, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.game import Game, Outcomes
from sim.kernels.base.tolerances import TIE
from sim.solution import Solution

__all__ = ["extras"]

PROOFS = frozenset({
    "attempt", "belief", "dominator", "levels", "multipliers", "normals", "path", "path_end",
    "path_precision", "punishment", "rational", "stopped", "undecided",
})  # fmt: skip
"""What programs check answers with; ``--json`` has it, readers are told the verdict."""

MOST_NUMBERS = 12  # more say less than their names


def extras(answer: Solution) -> Iterator[str]:
    """A line for each, under its name; for each state where it is by state."""
    game = answer.game
    states: tuple[str, ...] = getattr(game, "states", ())
    for name, array in answer.claim.extra.items():
        if name in PROOFS or array.dtype.kind not in "fiub" or array.shape[0] != game.cells:
            continue
        title = name.replace("_", " ")
        if array.ndim > 2 and array.shape[1] == len(states):
            for state, value in zip(states, array[0], strict=True):
                yield from extra(name, f"{title} from {state}", value, game)
        else:
            yield from extra(name, title, array[0], game)


def extra(name: str, title: str, value: NDArray[Any], game: Game) -> Iterator[str]:
    """What one array says, by the names of players, actions and outcomes that its places have."""
    players, outcomes = game.players, game.outcomes.names
    stage: Any = game.stage
    tiny = TIE * float(game.scale[0].max())
    if name == "payoff_set":
        points = value[~np.isnan(value).any(axis=-1)]
        shown = ["(" + ", ".join(number(x, tiny) for x in point) + ")" for point in points[:MOST_NUMBERS]]
        more = f" and {len(points) - MOST_NUMBERS} more (--json)" if len(points) > MOST_NUMBERS else ""
        count = f"{len(points)} corner{'s' * (len(points) != 1)}"
        yield f"{title}, {count}: {', '.join(shown) or 'empty'}{more}"
    elif name in {"sustained", "enforced"}:
        names = Outcomes.each_its_own(stage.actions).names
        held = [f"({joint})" for joint, there in zip(names, value.ravel(), strict=True) if there]
        if len(names) <= 4 * MOST_NUMBERS:
            yield f"{title}: {', '.join(held) or 'nothing'}"
    elif name in {"survives", "round", "start"} and value.shape == game.mask.shape:
        agents = zip(game.agents, value.tolist(), strict=True)
        yield f"{title}: " + "; ".join(
            f"{agent.label} {actions(agent.actions, row, name)}" for agent, row in agents
        )
    elif name == "leader":
        yield f"{title}: {players[int(value)]}"
    elif name == "critical_discount":
        yield f"{title}: {labelled(outcomes, value, 0.0)}"
    elif value.shape == (len(players),):
        yield f"{title}: {labelled(players, value, tiny)}"
    elif value.dtype.kind == "b" and value.ndim == 0:
        yield f"{title}: {'yes' if value else 'no'}"
    elif value.size <= MOST_NUMBERS:
        yield f"{title}: {', '.join(number(x, 0.0) for x in np.atleast_1d(value).ravel())}"


def actions(labels: Iterable[str], row: list[Any], name: str) -> str:
    """Actions that survive, those that went with the round in which they did, or shares of all."""
    pairs = list(zip(labels, row, strict=False))
    if name == "start":
        return ", ".join(f"{label} {share:.6g}" for label, share in pairs)
    if name == "survives":
        return ", ".join(label for label, there in pairs if there) or "nothing"
    return ", ".join(f"{label} {when}" for label, when in pairs if when) or "keeps all"


def labelled(labels: Iterable[str], values: Iterable[float], tiny: float) -> str:
    """Each number behind the name it belongs to."""
    return ", ".join(f"{label} {number(value, tiny)}" for label, value in zip(labels, values, strict=True))


def number(value: Any, tiny: float) -> str:
    """Six digits; 0 for what is rounding."""
    if np.isnan(value):
        return "none"
    return f"{0.0 if abs(value) < tiny else float(value) + 0.0:.6g}"
