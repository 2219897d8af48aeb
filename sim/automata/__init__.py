"""Strategies as finite automata: states, what is done in each, and where each joint action leads.

An automaton plays for one player or for several; automata that together play for everybody make a
profile.  A profile makes a stochastic game of the repeated one, whose states are the automaton's own,
so that values and the one-shot deviation check are those of every other game here: a profile is
subgame perfect exactly if nobody gains by one deviation in any state that some history leads to
(Mailath and Samuelson 2006, proposition 2.4.1).
"""

from __future__ import annotations

from sim.automata.automaton import Automaton, profile
from sim.automata.builtin import BUILT_IN
from sim.automata.one_shot import OneShot, best_reply_gains, one_shot, perfect_discounts, tempted
from sim.automata.spelling import spelled

__all__ = [
    "BUILT_IN", "Automaton", "OneShot", "best_reply_gains", "one_shot", "perfect_discounts", "profile",
    "spelled", "tempted",
]  # fmt: skip
