"""Stackelberg commitment to one action."""

from __future__ import annotations

from sim.concepts.methods.commitment import best_pure_commitment
from sim.forms.normal import NormalForm
from sim.plugins import concept

concept(
    "stackelberg_pure",
    "the best action to commit to, seen before the reply",
    title="Stackelberg commitment to one action",
    residual={NormalForm: best_pure_commitment},
    rank=81,
)
