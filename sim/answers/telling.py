"""How answers are told: the array of one cell in the words of its game.

Each function is ``(value, game) -> text``, to stand behind the answer's name; nothing where more would be said by
``--json``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.game import Game
from sim.kernels.base.tolerances import CERTIFIED, MEET, TIE, ZERO

__all__ = [
    "action_shares",
    "by_agent",
    "by_joint_action",
    "by_player",
    "few_numbers",
    "if_any",
    "joint_actions",
    "missing",
    "one_player",
    "patience_by_outcome",
    "polygon_corners",
    "rounds",
    "six_digits",
    "those",
    "words",
]

MOST_NUMBERS = 12  # more say less than their names


def six_digits(value: Any, tiny: float = 0.0) -> str:
    """Six digits; 0 for what is rounding."""
    if np.isnan(value):
        return "none"
    return f"{0.0 if abs(value) < tiny else float(value) + 0.0:.6g}"


def rounding(game: Game) -> float:
    """Payoffs smaller than this are 0."""
    return TIE * float(game.scale[0].max())


def few_numbers(value: NDArray[Any], game: Game) -> str:
    """A number, or a few in a row."""
    if value.size > MOST_NUMBERS:
        return ""
    tiny = min(ZERO, rounding(game))
    return f": {', '.join(six_digits(x, tiny) for x in np.atleast_1d(value).ravel())}"


def missing(value: NDArray[Any], _game: Game) -> str:
    """A share of the range of payoffs that is lacking; what the certificate forgives is nothing."""
    return f": {six_digits(value, CERTIFIED)}"


def if_any(value: NDArray[Any], game: Game) -> str:
    """The same, and not a word where nothing is lacking."""
    return missing(value, game) if abs(value) >= CERTIFIED else ""


def words(there: str, absent: str = "") -> Callable[[NDArray[Any], Game], str]:
    """What it means that something is so, and that it is not; nothing where that is as usual."""

    def tell(value: NDArray[Any], _game: Game) -> str:
        said = there if value else absent
        return said and f": {said}"

    return tell


def one_player(value: NDArray[Any], game: Game) -> str:
    """The player whose position it is."""
    return f": {game.players[int(value)]}"


def by_player(value: NDArray[Any], game: Game) -> str:
    """Each player's payoff behind his name."""
    return labelled(game.players, value, rounding(game))


def patience_by_outcome(value: NDArray[Any], game: Game) -> str:
    """Each patience behind the outcome that needs it; what no patience keeps up never lasts."""
    least = ["never" if np.isnan(one) else six_digits(one, MEET) for one in value]
    return f": {', '.join(map(' '.join, zip(game.outcomes.names, least, strict=True)))}"


def by_joint_action(value: NDArray[Any], game: Game) -> str:
    """Each number behind the joint action of a stage that it belongs to."""
    if value.size > MOST_NUMBERS:
        return ""
    return labelled((f"({joint})" for joint in game.joint_actions), value.ravel(), ZERO)


def labelled(labels: Iterable[str], values: Iterable[float], tiny: float) -> str:
    """Each number behind the name it belongs to."""
    pairs = zip(labels, values, strict=True)
    return f": {', '.join(f'{label} {six_digits(value, tiny)}' for label, value in pairs)}"


def polygon_corners(value: NDArray[Any], game: Game) -> str:
    """The first of the points ``(V, n)``, and how many there are."""
    tiny, points = rounding(game), value[~np.isnan(value).any(axis=-1)]
    shown = ["(" + ", ".join(six_digits(x, tiny) for x in point) + ")" for point in points[:MOST_NUMBERS]]
    more = f" and {len(points) - MOST_NUMBERS} more (--json)" if len(points) > MOST_NUMBERS else ""
    count = f"{len(points)} corner{'s' * (len(points) != 1)}"
    return f", {count}: {', '.join(shown) or 'empty'}{more}"


def joint_actions(value: NDArray[Any], game: Game) -> str:
    """The joint actions of a stage that are marked, by their names."""
    names = game.joint_actions
    if len(names) > 4 * MOST_NUMBERS:
        return ""
    held = [f"({joint})" for joint, there in zip(names, value.ravel(), strict=True) if there]
    return f": {', '.join(held) or 'nothing'}"


def by_agent(told: Callable[[list[tuple[str, Any]]], str]) -> Callable[[NDArray[Any], Game], str]:
    """What ``told`` makes of each agent's actions, each with its number ``(H, A)``."""

    def tell(value: NDArray[Any], game: Game) -> str:
        rows = zip(game.agents, value.tolist(), strict=True)
        lines = (f"{agent.label} {told(list(zip(agent.actions, row, strict=False)))}" for agent, row in rows)
        return f": {'; '.join(lines)}"

    return tell


def those(pairs: list[tuple[str, Any]]) -> str:
    """Actions that are marked."""
    return ", ".join(label for label, there in pairs if there) or "nothing"


def rounds(pairs: list[tuple[str, Any]]) -> str:
    """Actions that went, each with the round in which it did."""
    return ", ".join(f"{label} {when}" for label, when in pairs if when) or "keeps all"


def action_shares(pairs: list[tuple[str, Any]]) -> str:
    """Each action with its share."""
    return ", ".join(f"{label} {share:.6g}" for label, share in pairs)
