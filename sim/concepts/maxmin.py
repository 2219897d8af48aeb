"""Maxmin: what each player can make sure of."""

from __future__ import annotations

from sim.concepts.methods.security import security
from sim.forms.normal import NormalForm
from sim.plugins import concept

concept(
    "maxmin",
    "each player secures most, whatever the others do (von Neumann 1928)",
    title="maxmin play",
    residual={NormalForm: security},
    rank=50,
)
