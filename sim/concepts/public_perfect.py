"""Perfect public equilibrium: all depends on signals that everybody sees."""

from __future__ import annotations

from sim.concepts.methods.enforcement import first_actions
from sim.concepts.methods.self_generation import self_generation
from sim.forms.repeated import Repeated
from sim.plugins import concept

concept(
    "public_perfect",
    "nobody gains by leaving it once, where all depends on public signals (Abreu, Pearce, Stacchetti 1990)",
    title="public-perfect equilibria",
    residual={Repeated: first_actions},
    of_set={Repeated: self_generation},
    rank=41,
    each={
        Repeated: "each is one joint action that signals can enforce today, with what its play throughout would give"
    },
)
