"""Subgame-perfect play where the players can also pay each other."""

from __future__ import annotations

from sim.concepts.methods.payments import paid_to_stay
from sim.forms.repeated import Repeated
from sim.plugins import concept

concept(
    "transfers",
    "subgame-perfect play where the players can also pay each other (Goldlücke and Kranz 2012)",
    title="equilibria with transfers",
    residual={Repeated: paid_to_stay},
    rank=42,
    each={Repeated: "each is one joint action, played throughout, with payments that keep it up"},
)
