"""Crises played out: by equilibria, learning rules or strategies with a memory."""

from sim.play.crises import Record, chosen_automata, play, play_by, play_states, verdict
from sim.play.ends import by_slips_only
from sim.play.telling import Request

__all__ = [
    "Record",
    "Request",
    "by_slips_only",
    "chosen_automata",
    "play",
    "play_by",
    "play_states",
    "verdict",
]
