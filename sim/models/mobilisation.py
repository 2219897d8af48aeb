"""Arming sinks costs and ties hands: coercion by mobilisation."""

from __future__ import annotations

import math
from typing import Any

from sim.models.validity import demand

__all__ = ["military_coercion"]

GRID = 20_000


def military_coercion(v1: float, v2: float, c1: float, c2: float, lam: float) -> dict[str, Any]:
    """Who mobilises how much, and what comes of it, where all is known (Slantchev 2005).

    S1 mobilises ``m1``, which is sunk; S2 concedes, or mobilises ``m2``; S1 fights or quits, and wins with
    ``lam m1 / (lam m1 + m2)``.  War costs ``c1`` and ``c2``, the prize is worth ``v1`` and ``v2``.  ``m1_compel`` makes
    S2 concede: too much to deter S1 from, and too much to fight.  S1 compels, wages war or capitulates, whichever is
    best; of equals S2 concedes.  Meant for numbers above 0 and prizes above the costs of war.
    """
    demand("v1, v2, c1, c2 and lam are above 0", holds=min(v1, v2, c1, c2, lam) > 0)
    demand(f"v1 > c1 and v2 > c2: nobody fights else, got {v1}, {c1}, {v2}, {c2}", holds=v1 > c1 and v2 > c2)
    compel = max(v2 * c1 / (v1 - c1), (math.sqrt(v2) - math.sqrt(c2)) ** 2) / lam

    def war(m1: float) -> float:
        """What S1 gets by ``m1`` if S2 then fights rather than deter or concede; minus infinity if it does not."""
        reach = lam * m1
        if reach <= 0.0 or reach >= v2:
            return -math.inf
        answer = math.sqrt(reach * v2) - reach
        win = reach / (reach + answer)
        fights = (math.sqrt(v2) - math.sqrt(reach)) ** 2 - c2
        deters = v2 - reach * (v1 - c1) / c1
        if win * v1 < c1 or fights <= max(deters, 0.0):
            return -math.inf
        return win * v1 - c1 - m1

    best = v1**2 * lam / (4.0 * v2)
    if war(best) == -math.inf:  # the best is not to be had: the best that is
        best = max((compel * k / GRID for k in range(1, GRID)), key=war)
    answers = {"compels": (v1 - compel, compel), "war": (war(best), best), "capitulates": (0.0, 0.0)}
    outcome = max(answers, key=lambda name: (answers[name][0], name == "compels"))
    worth, m1 = answers[outcome]
    return {"m1_compel": compel, "m1": m1, "outcome": outcome, "U1": worth}
