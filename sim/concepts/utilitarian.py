"""The utilitarian bargaining solution."""

from __future__ import annotations

from sim.concepts.methods.bargaining import largest_sum
from sim.forms.normal import NormalForm
from sim.plugins import concept

concept(
    "utilitarian",
    "the largest sum of payoffs that both accept (Harsanyi 1955)",
    title="the utilitarian bargaining solution",
    residual={NormalForm: largest_sum},
    rank=93,
)
