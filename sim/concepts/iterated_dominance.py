"""What survives when strictly dominated actions go, again and again."""

from __future__ import annotations

from sim.concepts.methods.dominance import strict_elimination
from sim.forms.normal import NormalForm
from sim.plugins import concept

concept(
    "iterated_dominance",
    "what survives strict dominance, iterated (Pearce 1984)",
    title="play that survives iterated strict dominance",
    residual={NormalForm: strict_elimination},
    rank=60,
)
