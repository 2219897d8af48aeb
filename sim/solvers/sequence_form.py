"""All Nash equilibria of two-player trees, by the sequences of both."""

from __future__ import annotations

from sim.answers.shared import RATIONAL
from sim.claim import Claim
from sim.forms.tree import Tree
from sim.plugins import solver
from sim.solvers.methods.realisation_plans import extreme_claim, few_plans

__all__ = ["sequence_form"]


@solver(form=Tree, concept="nash", answers=(RATIONAL,), players=2, rank=20, exact=True, fits=few_plans)
def sequence_form(game: Tree, *, exact: bool = False) -> Claim:
    """All extreme Nash equilibria of two-player trees, in exact arithmetic.

    ``Tree -> strategy (C, K, H, A)``; at sets that a player's own moves rule out he does the first of what is best if
    he comes there after all; with ``exact`` also ``extra["rational"]``, the same as fractions.
    Complete: every equilibrium is a mixture of those with the same plan of either player, which share a component.
    Cost: 0.2 milliseconds a cell of 10 sequences; the number of equilibria may grow exponentially with them.
    Fails with ``max_steps`` where there are more vertices than 2**14; ValueError for more than 62 sequences of both
    players or 1000 pure plans of one, with their number.
    Source: von Stengel (1996); Audet, Belhaiza and Hansen (2009), here by double description.
    """
    return extreme_claim(game, exact=exact)
