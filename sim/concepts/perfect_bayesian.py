"""Perfect Bayesian equilibrium: best replies everywhere, given beliefs that follow Bayes' rule where it applies."""

from __future__ import annotations

from sim.concepts.methods.assessments import rational_assessments
from sim.concepts.methods.best_replies import best_replies
from sim.concepts.methods.continua import linked_rationally
from sim.forms.bargaining import Bargaining
from sim.forms.tree import Tree
from sim.plugins import concept

concept(
    "perfect_bayesian",
    "best replies given beliefs, which follow Bayes' rule in every subgame where it applies (Fudenberg, Tirole 1991)",
    title="perfect Bayesian equilibria",
    residual={Bargaining: best_replies, Tree: rational_assessments},
    linked={Tree: linked_rationally},
    rivals=True,
    rank=34,
)
