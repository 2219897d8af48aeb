"""Waiting for the other to give in, where nothing is hidden."""

from __future__ import annotations

from typing import Any

from sim.models.validity import demand

__all__ = ["concession_hazards"]


def concession_hazards(v1: float, v2: float, cost_rate: float) -> dict[str, Any]:
    """The mixed equilibrium of the war of attrition: who gives in at which rate (Maynard Smith 1974).

    Waiting costs ``cost_rate``; each gives in at the rate that makes the other indifferent, ``h_i = c / v_j``: who
    values the prize more gives in the sooner.  Meant for numbers above 0.
    """
    demand(f"v1, v2 and cost_rate are above 0, got {v1}, {v2}, {cost_rate}", holds=min(v1, v2, cost_rate) > 0)
    h1, h2 = cost_rate / v2, cost_rate / v1
    return {"h1": h1, "h2": h2, "duration": 1.0 / (h1 + h2), "p1_wins": h2 / (h1 + h2)}
