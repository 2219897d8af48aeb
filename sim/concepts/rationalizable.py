"""Best replies to beliefs about best replies."""

from __future__ import annotations

from sim.concepts.methods.dominance import strict_elimination
from sim.forms.normal import NormalForm
from sim.plugins import concept

concept(
    "rationalizable",
    "best replies to beliefs about best replies (Bernheim 1984)",
    title="rationalizable play",
    residual={NormalForm: strict_elimination},
    rank=61,
)
