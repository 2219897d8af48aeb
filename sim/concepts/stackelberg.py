"""Stackelberg commitment: one player commits, and the other sees it."""

from __future__ import annotations

from sim.concepts.methods.commitment import best_commitment
from sim.forms.normal import NormalForm
from sim.plugins import concept

concept(
    "stackelberg",
    "the best commitment, seen before the reply (von Stackelberg 1934)",
    title="Stackelberg commitment",
    residual={NormalForm: best_commitment},
    rank=80,
)
