"""Minmax in pure strategies."""

from __future__ import annotations

from sim.concepts.methods.security import pure_punishment
from sim.forms.normal import NormalForm
from sim.plugins import concept

concept(
    "pure_minmax",
    "one joint action holds each player to the least",
    title="minmax punishments in pure strategies",
    residual={NormalForm: pure_punishment},
    rank=53,
)
