"""Markov-perfect equilibrium: play depends on the state alone."""

from __future__ import annotations

from sim.concepts.methods.best_replies import best_replies
from sim.forms.stochastic import Stochastic
from sim.plugins import concept

concept(
    "markov_perfect",
    "nobody gains by one deviation in any state, play depends on the state alone (Maskin, Tirole 2001)",
    title="Markov-perfect equilibria",
    residual={Stochastic: best_replies},
    rivals=True,
    essential=True,
    rank=30,
)
