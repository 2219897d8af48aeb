"""Crises played out: by equilibria, learning rules or strategies with a memory."""

from sim.play.crises import Record, chosen_automata, play, play_by, play_states, verdict

__all__ = ["Record", "chosen_automata", "play", "play_by", "play_states", "verdict"]
