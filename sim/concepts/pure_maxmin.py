"""Maxmin in pure strategies."""

from __future__ import annotations

from sim.concepts.methods.security import pure_security
from sim.forms.normal import NormalForm
from sim.plugins import concept

concept(
    "pure_maxmin",
    "each player secures most with one action",
    title="maxmin play in pure strategies",
    residual={NormalForm: pure_security},
    rank=52,
)
