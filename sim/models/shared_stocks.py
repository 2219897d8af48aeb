"""Two who draw on, or race with, the same stock: Markov-perfect play with a continuum of states."""

from __future__ import annotations

import math
from typing import Any

from sim.kernels.base.tolerances import SPECK
from sim.models.validity import demand

__all__ = ["fishing", "quadratic_race"]

ROUNDS = 100_000


def fishing(alpha: float, beta: float) -> dict[str, Any]:
    """Shares of a common stock that two take, and would take together (Levhari and Mirman 1980).

    The stock grows as ``(x - c1 - c2) ** alpha``, worth is logarithmic, patience ``beta``: each takes ``share_mpe`` in
    the Markov-perfect equilibrium, and ``share_coop`` would be best for both.
    """
    demand(f"alpha and beta are from 0 to 1, got {alpha}, {beta}", holds=0 <= alpha <= 1 and 0 <= beta < 1)
    kept = alpha * beta
    return {"share_mpe": (1.0 - kept) / (2.0 - kept), "share_coop": (1.0 - kept) / 2.0}


def quadratic_race(a: float, q: float, r: float, delta: float) -> dict[str, Any]:
    """Feedback of two who steer ``x' = a x + u1 + u2`` at cost ``q x^2 + r u_i^2`` each (Basar and Olsder 1999).

    Gains of ``u_i = -k x`` in the Markov-perfect equilibrium and where both costs are minimised together, from Riccati
    equations iterated to rest.  Meant for ``q >= 0``, ``r > 0`` and patience below 1.
    """
    demand(f"q >= 0, r > 0 and 0 <= delta < 1, got {q}, {r}, {delta}", holds=q >= 0 < r and 0 <= delta < 1)

    def settled(step: Any) -> float:
        value = q
        for _ in range(ROUNDS):
            new = step(value)
            if math.isclose(new, value, rel_tol=SPECK, abs_tol=0.0):
                break
            value = new
        return value

    def gain(value: float, weight: float) -> float:
        # own cost r k against weight delta V (a - 2 k)
        return weight * delta * value * a / (r + 2.0 * weight * delta * value)

    def alone(value: float) -> float:
        k = gain(value, 1.0)
        return q + r * k**2 + delta * value * (a - 2.0 * k) ** 2

    def together(value: float) -> float:
        k = gain(value, 2.0)
        return q + r * k**2 + delta * value * (a - 2.0 * k) ** 2

    k_mpe, k_joint = gain(settled(alone), 1.0), gain(settled(together), 2.0)
    return {"k_mpe": k_mpe, "k_joint": k_joint, "closed_loop_mpe": a - 2.0 * k_mpe}
