"""What patience sustains: critical discounts, who can be punished how, and the penal codes that do it.

A joint action is sustained for ever where no player gains by one deviation, given what follows it:
u_i(a) >= (1 - d) best_i(a) + d w_i, with a threat w_i.  The threats are

* ``"grim"``: each deviator's worst pure equilibrium of the stage, for ever after (Friedman 1971);
* ``"nash_reversion"``: his worst equilibrium of the stage, mixed ones included;
* ``"stick_and_carrot"``: one stage of punishment, the stick, then back to the path; whoever does not take
  part in the punishment begins it again (Abreu 1986).  The best stick is found by trying all joint actions;
* ``"own_sticks"``: the same with a stick for each deviator, never worse; two players;
* ``"optimal"``: his worst subgame-perfect payoff in pure strategies with public randomisation, which no
  punishment can go below (Abreu 1988); two players.

Threats, penal codes and critical discounts rest on answers that ``solve`` has certified.  A critical discount is
found by a search; :func:`both_sides` then certifies that the path lasts just above it and not just below.
"""

from __future__ import annotations

from sim.designs.intervals import discounts_where
from sim.patience.certified import critical_bounds
from sim.patience.critical import critical_discount, critical_discounts, tempted
from sim.patience.paths import critical_frontier, path_gain, sustainable_discounts
from sim.patience.punishments import (
    PUNISHMENTS,
    STICKS,
    checked,
    position,
    stage_gains,
    temptations,
    threats,
    threats_of,
    worst_equilibria,
)
from sim.patience.sets import feasible_rational, minmax, outer_gap
from sim.patience.two_phase import along_cycle, sticks
from sim.patience.verdicts import BothSides, both_sides

__all__ = [
    "PUNISHMENTS",
    "STICKS",
    "BothSides",
    "along_cycle",
    "both_sides",
    "checked",
    "critical_bounds",
    "critical_discount",
    "critical_discounts",
    "critical_frontier",
    "discounts_where",
    "feasible_rational",
    "minmax",
    "outer_gap",
    "path_gain",
    "position",
    "stage_gains",
    "sticks",
    "sustainable_discounts",
    "temptations",
    "tempted",
    "threats",
    "threats_of",
    "worst_equilibria",
]
