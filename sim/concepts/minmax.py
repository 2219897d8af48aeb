"""Minmax: what all others together can hold a player to."""

from __future__ import annotations

from sim.concepts.methods.security import punishment
from sim.forms.normal import NormalForm
from sim.plugins import concept

concept(
    "minmax",
    "all others together hold each player to the least (von Neumann 1928)",
    title="minmax punishments",
    residual={NormalForm: punishment},
    rank=51,
)
