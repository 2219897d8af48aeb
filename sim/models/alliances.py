"""Who pays for what all enjoy: volunteers, thresholds, allies of different size."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from typing import Any

from scipy.optimize import brentq
from scipy.stats import binom

from sim.kernels.base.tolerances import SINGULAR, SPECK
from sim.models.validity import demand

__all__ = ["alliance_effort", "alliance_spending", "threshold_contributions", "volunteers"]

MOST = 100_000  # members: coalitions of more have more digits than are worth writing


def volunteers(n: int, benefit: float, cost: float) -> dict[str, Any]:
    """How likely nobody helps when one would be enough (Diekmann 1985).

    The symmetric mixed equilibrium: each does not with ``p_not``, nobody with ``p_nobody``, and each gets what helping
    for certain would give.  Meant for two and more, and ``0 < cost < benefit``.
    """
    demand(f"n >= 2 and 0 < cost < benefit, got {n}, {cost}, {benefit}", holds=n >= 2 and 0 < cost < benefit)
    alone = (cost / benefit) ** (1.0 / (n - 1))
    return {"p_not": alone, "p_nobody": alone**n, "payoff": benefit - cost}


def threshold_contributions(n: int, threshold: int, cost: float, benefit: float = 1.0) -> dict[str, Any]:
    """Chances to contribute where ``threshold`` of ``n`` must (Palfrey and Rosenthal 1984, no refunds).

    Symmetric mixed equilibria: one is as likely as not to be decisive at the price of ``cost``.  Two, one or none;
    ``p`` with the chance of ``success`` of each, from the least.
    """
    demand(
        f"1 <= threshold <= n and n from 2 to {MOST}, got {threshold} of {n}",
        holds=1 <= threshold <= n and 2 <= n <= MOST,
    )
    demand(f"0 < cost < benefit, got {cost}, {benefit}", holds=0 < cost < benefit)

    def decisive(p: float) -> float:
        others = comb(n - 1, threshold - 1) * p ** (threshold - 1) * (1.0 - p) ** (n - threshold)
        return benefit * others - cost

    top = (threshold - 1) / (n - 1)
    roots = []
    for low, high in ((0.0, top), (top, 1.0)):
        if low < high and decisive(low) * decisive(high) < 0:
            roots.append(float(brentq(decisive, low, high, xtol=SPECK, rtol=SINGULAR)))
        elif decisive(top) == 0.0 and top not in roots:
            roots.append(top)
    return {"p": roots, "success": [float(binom.sf(threshold - 1, n, p)) for p in roots]}


def alliance_spending(theta: Sequence[float]) -> dict[str, Any]:
    """Who pays where worth is ``theta_i ln(total) - own`` (Olson and Zeckhauser 1966; quasi-linear).

    Only who values it most pays; of several equally large ones each pays the same part.  ``efficient`` is what all
    together would want.
    """
    demand("there is somebody, and all theta are above 0", holds=bool(theta) and min(theta) > 0)
    top = max(theta)
    share = top / sum(value == top for value in theta)
    paid = [share if value == top else 0.0 for value in theta]
    return {"contributions": paid, "total": top, "efficient": sum(theta)}


def alliance_effort(wealth: Sequence[float], a: float) -> dict[str, Any]:
    """Who pays where worth is ``(wealth - own) ** (1 - a) total ** a`` (Bergstrom, Blume and Varian 1986).

    Of those who pay, total = ``a`` times their wealth over ``1 + (k - 1)(1 - a)`` for k of them; the others would pay
    less than nothing.  Meant for wealth above 0 and ``0 < a < 1``.
    """
    demand(f"0 < a < 1 and wealth above 0, got {a}", holds=0 < a < 1 and bool(wealth) and min(wealth) > 0)
    order = sorted(wealth, reverse=True)
    total = 0.0
    for k in range(1, len(order) + 1):
        candidate = a * sum(order[:k]) / (a + k * (1.0 - a))
        # the k-th pays what is left of his wealth after (1 - a) / a of the total
        if order[k - 1] > (1.0 - a) / a * candidate:
            total = candidate
    paid = [max(own - (1.0 - a) / a * total, 0.0) for own in wealth]
    return {"contributions": paid, "total": total}
