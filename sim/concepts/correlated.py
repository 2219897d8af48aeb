"""Correlated equilibrium: advice that everybody wants to follow once he has heard it."""

from __future__ import annotations

from sim.concepts.methods.correlated import best_obedience
from sim.forms.normal import NormalForm
from sim.plugins import concept

concept(
    "correlated",
    "nobody gains by disobeying a mediator's advice (Aumann 1974)",
    title="correlated equilibria",
    residual={NormalForm: best_obedience},
    rank=20,
)
