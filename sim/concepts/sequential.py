"""Sequential equilibrium: best replies everywhere, given beliefs that small trembles would give."""

from __future__ import annotations

from sim.concepts.methods.assessments import consistent_assessments
from sim.concepts.methods.continua import linked_consistently
from sim.forms.tree import Tree
from sim.plugins import concept

concept(
    "sequential",
    "best replies given beliefs, which are those that small trembles of everybody would give (Kreps, Wilson 1982)",
    title="sequential equilibria",
    residual={Tree: consistent_assessments},
    linked={Tree: linked_consistently},
    rivals=True,
    rank=32,
)
