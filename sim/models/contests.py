"""Races of effort: contests by lottery and by auction."""

from __future__ import annotations

from typing import Any

from sim.models.validity import demand

__all__ = ["all_pay", "contest"]


def contest(V1: float, V2: float) -> dict[str, Any]:
    """Efforts in a lottery contest, where the chance to win is the share of effort (Tullock 1980).

    ``x1``, ``x2`` and the first's chance ``p1``.  Meant for prizes above 0.
    """
    demand(f"V1 and V2 are above 0, got {V1} and {V2}", holds=min(V1, V2) > 0)
    total = (V1 + V2) ** 2
    return {"x1": V1**2 * V2 / total, "x2": V2**2 * V1 / total, "p1": V1 / (V1 + V2)}


def all_pay(V1: float, V2: float) -> dict[str, Any]:
    """Expected efforts where the higher effort wins for certain and both are spent (Hillman and Riley 1989).

    The stronger draws evenly up to the weaker's prize; the weaker does the same or stays out.  Meant for prizes above 0.
    """
    demand(f"V1 and V2 are above 0, got {V1} and {V2}", holds=min(V1, V2) > 0)
    strong, weak = max(V1, V2), min(V1, V2)
    efforts = weak / 2.0, weak**2 / (2.0 * strong)
    first, second = efforts if V1 >= V2 else efforts[::-1]
    return {"allpay_E1": first, "allpay_E2": second}
