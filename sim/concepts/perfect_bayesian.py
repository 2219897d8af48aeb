"""Perfect Bayesian equilibrium: nobody gains by one deviation anywhere, given beliefs that play leads to."""

from __future__ import annotations

from sim.concepts.methods.best_replies import best_replies
from sim.forms.bargaining import Bargaining
from sim.plugins import concept

concept(
    "perfect_bayesian",
    "nobody gains by one deviation, given beliefs by Bayes' rule where play leads (Fudenberg, Tirole 1991)",
    title="perfect Bayesian equilibria",
    residual={Bargaining: best_replies},
    rank=45,
)
