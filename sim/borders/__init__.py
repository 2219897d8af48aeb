"""Where the answer changes: conditions of equilibrium as signs of polynomials, certified blocks, tipping points.

At given supports everything that makes an equilibrium is the sign of a polynomial of the parameters, so
which outcomes hold is a Boolean function of finitely many signs.  A block of parameter space in which every sign
that matters is known is proved, not sampled.
"""

from sim.borders.blocks import Leaf, Map, proved_map
from sim.borders.conditions import Clause, Condition, Margins, NoMarginsError, conditions_of
from sim.borders.decide import Decider
from sim.borders.factoring import FlintMissingError

__all__ = [
    "Clause",
    "Condition",
    "Decider",
    "FlintMissingError",
    "Leaf",
    "Map",
    "Margins",
    "NoMarginsError",
    "conditions_of",
    "proved_map",
]
