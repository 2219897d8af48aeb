"""Answers of bargaining: who keeps what, and from which share each side accepts."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.answers.answer import Answer
from sim.answers.solved import EACH
from sim.game import Game

__all__ = [
    "ACCEPTED",
    "ACCEPTS_FROM",
    "ALL_CONCEDED",
    "ANNOUNCES",
    "CONCEDES_AT_ONCE",
    "CONCESSION_RATE",
    "COUNTERS",
    "ENDS",
    "EXITS",
    "LEAVES",
    "OFFER",
    "SCHEDULE",
    "SHARES",
    "UNTIL",
    "WALKS",
    "WAR_ENDS",
    "WAR_GIVES_IN",
    "WAR_RATE",
]

for_programs = partial(Answer, level="full", tell=None, numbered=True)


def by_player_in_each(value: NDArray[np.float64], game: Game) -> str:
    """Each player's number, in each of the answers."""
    rows = (", ".join(f"{who} {x:.6g}" for who, x in zip(game.players, row, strict=True)) for row in value)
    return f": {'; '.join(rows)}"


OFFER = Answer(
    "offer", "share of the pie that an agent keeps in its first offer", "share", (EACH, "agent"),
    level="equilibria", tell=None,
)  # fmt: skip
ACCEPTS_FROM = Answer(
    "accepts_from", "least share that an agent accepts when it first answers", "share", (EACH, "agent"),
    level="equilibria", tell=None,
)  # fmt: skip
SHARES = for_programs(
    "shares", "what an offer leaves each, by round and proposer", "share",
    (EACH, "round", "proposer", "player"))  # fmt: skip
ACCEPTED = for_programs(
    "accepted", "least share that each accepts, by round and proposer", "share",
    (EACH, "round", "proposer", "player"))  # fmt: skip
LEAVES = for_programs(
    "leaves", "whether who rejects, or proposes, leaves", "", (EACH, "round", "proposer", "player"), "bool")  # fmt: skip
EXITS = for_programs("exits", "types that leave when they reject", "", (EACH, "type"), "bool")
WALKS = Answer(
    "walks", "whether the first to propose leaves instead", "", (EACH,), "bool", level="full", tell=None
)
ENDS = for_programs(
    "ends", "pieces of the mass of types that has agreed, by round", "", (EACH, "round", "piece")
)
SCHEDULE = for_programs(
    "schedule", "share from which the types of a piece agree, by round", "share", (EACH, "round", "piece"))  # fmt: skip
UNTIL = for_programs(
    "until", "mass to which the next offer goes, by round and piece", "", (EACH, "round", "piece")
)
CONCEDES_AT_ONCE = Answer(
    "concedes_at_once", "chance that a side gives in at once", "probability", (EACH, "player"),
    level="equilibria", tell=by_player_in_each,
)  # fmt: skip
CONCESSION_RATE = Answer(
    "concession_rate", "chance that a side gives in, a unit of time", "per round", (EACH, "player"),
    level="equilibria", tell=by_player_in_each,
)  # fmt: skip
ALL_CONCEDED = Answer(
    "all_conceded", "rounds by which all who reason have given in", "rounds", (EACH,), level="equilibria"
)
ANNOUNCES = for_programs(
    "announces", "how likely the first side, if it reasons, makes each demand", "probability",
    (EACH, "demand"))  # fmt: skip
COUNTERS = for_programs(
    "counters", "how likely the second, if it reasons, answers each demand by each of its own, or at last gives in",
    "probability", (EACH, "demand", "counter"))  # fmt: skip
WAR_GIVES_IN = for_programs(
    "war_gives_in", "chance that a side gives in as soon as two demands are made", "probability",
    (EACH, "demand", "counter", "player"))  # fmt: skip
WAR_RATE = for_programs(
    "war_rate", "chance that a side gives in later, a unit of time", "per round",
    (EACH, "demand", "counter", "player"))  # fmt: skip
WAR_ENDS = for_programs(
    "war_ends", "rounds by which all who reason have given in", "rounds", (EACH, "demand", "counter"))  # fmt: skip
