"""Coarse correlated equilibrium: advice that everybody accepts before he hears it."""

from __future__ import annotations

from sim.concepts.methods.correlated import best_coarse_obedience
from sim.forms.normal import NormalForm
from sim.plugins import concept

concept(
    "coarse_correlated",
    "nobody gains by refusing a mediator's advice before hearing it (Moulin and Vial 1978)",
    title="coarse correlated equilibria",
    residual={NormalForm: best_coarse_obedience},
    rank=21,
)
