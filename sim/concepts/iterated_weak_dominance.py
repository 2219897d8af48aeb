"""What survives when weakly dominated actions go, again and again."""

from __future__ import annotations

from sim.concepts.methods.dominance import weak_elimination
from sim.forms.normal import NormalForm
from sim.plugins import concept

concept(
    "iterated_weak_dominance",
    "what survives weak dominance when all dominated actions go at once, iterated (Moulin 1979)",
    title="play that survives iterated weak dominance",
    residual={NormalForm: weak_elimination},
    rank=62,
)
