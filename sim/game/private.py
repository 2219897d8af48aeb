"""Types in a bargain: what chance draws of a player that the others do not know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.game.checks import labels, numbers
from sim.game.protocol import Floats
from sim.kernels.base.tolerances import ROUNDED, SAME_PLAY
from sim.plugins import unknown

__all__ = ["Drawn", "read_types"]

KEYS = ("chance", "outside", "breakdown", "inside", "obstinate")


@dataclass(frozen=True, eq=False)
class Drawn:
    """The types of one player, cell first: ``chance``, ``outside``, ``breakdown``, ``inside (C, T)`` as for a player.

    ``obstinate (C, T)`` is the share that a type insists on for ever, NaN for a type that reasons.
    """

    player: int
    labels: tuple[str, ...]
    chance: Floats
    outside: Floats
    breakdown: Floats
    inside: Floats
    obstinate: Floats

    def take(self, cells: Any) -> Drawn:
        """The types in the chosen cells."""
        return Drawn(
            self.player, self.labels, self.chance[cells], self.outside[cells], self.breakdown[cells],
            self.inside[cells], self.obstinate[cells],
        )  # fmt: skip

    @property
    def demands(self) -> tuple[int, ...]:
        """The types that are obstinate, by their place."""
        return tuple(np.flatnonzero((~np.isnan(self.obstinate)).any(axis=0)).tolist())


def read_types(
    types: Mapping[str, Mapping[str, Mapping[str, Any]]], players: tuple[str, ...], own: Mapping[str, Floats]
) -> list[Drawn]:
    """Types by player from ``{player: {type: {"chance": .., "outside": ..}}}``; arrays ``(C,)`` make a batch.

    ``own`` holds what players have where a type says nothing, ``(C or 1, n)`` by name.
    Raises ValueError for unknown players and traits, and for chances that are none.
    """
    result = []
    for player, given in types.items():
        if player not in players:
            raise ValueError(unknown("player", player, players))
        place = players.index(player)
        words = labels(f"types of {player}", given)
        columns: dict[str, list[Floats]] = {key: [] for key in KEYS}
        for word in words:
            for key in given[word]:
                if key not in KEYS:
                    raise ValueError(f"type {word!r} of {player}: {unknown('trait', key, KEYS)}")
            if "chance" not in given[word]:
                raise ValueError(f"type {word!r} of {player} has no chance; say how likely it is")
            for key in KEYS:
                default = np.full(1, np.nan) if key == "obstinate" else own.get(key, np.zeros((1, place + 1)))
                value = numbers(
                    f"{key} of {word}",
                    given[word].get(key, default[..., place] if default.ndim > 1 else default),
                )
                columns[key].append(np.atleast_1d(value))
        tables = {key: np.stack(np.broadcast_arrays(*found), axis=-1) for key, found in columns.items()}
        result.append(Drawn(place, words, checked_chances(player, tables.pop("chance")), **tables))
        if len(result[-1].demands) == len(words):
            raise ValueError(f"every type of {player} is obstinate; one must reason")
    return result


def checked_chances(player: str, chance: Floats) -> Floats:
    """Chances that are at least 0 and sum to one; NaN is left to the certificate."""
    with np.errstate(invalid="ignore"):
        wrong = (chance < -ROUNDED).any(axis=-1) | (np.abs(chance.sum(axis=-1) - 1.0) > SAME_PLAY)
    if wrong.any():
        listed = ", ".join(f"{p:.6g}" for p in chance[np.argmax(wrong)])
        raise ValueError(
            f"chances of the types of {player} must be at least 0 and sum to 1; they are {listed}"
        )
    return np.asarray(np.maximum(chance, 0.0))
