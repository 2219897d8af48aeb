"""Nash equilibrium: nobody gains by changing his own strategy alone."""

from __future__ import annotations

from sim.concepts.methods.best_replies import best_replies
from sim.concepts.methods.plans import linked_by_plans
from sim.forms.normal import NormalForm
from sim.forms.tree import Tree
from sim.plugins import concept

concept(
    "nash",
    "nobody gains by changing his own strategy alone (Nash 1951)",
    title="Nash equilibria",
    residual={NormalForm: best_replies, Tree: best_replies},
    linked={Tree: linked_by_plans},
    rivals=True,
    essential=True,
    indexed=True,
    rank=10,
)
