"""Division or war: the range that both prefer to fighting, a demand under private costs, the first strike."""

from __future__ import annotations

from typing import Any

from sim.models.validity import demand, probability

__all__ = ["bargaining_range", "first_strike", "risk_and_return", "status_quo_bargain"]


def bargaining_range(
    p: float, cA: float, cB: float, utility_exponent_A: float = 1.0, utility_exponent_B: float = 1.0
) -> dict[str, Any]:
    """Divisions of a pie of 1 that both sides prefer to war (Fearon 1995, pages 386 to 390).

    A wins with ``p``; war costs ``cA`` and ``cB``; the utility of a share ``x`` is ``x ** exponent``.
    ``x_lo`` and ``x_hi`` are A's shares at the ends, ``width`` between them, ``x_A_tioli`` what A demands if B can
    only take it or leave it.  Meant for probabilities, costs of at least 0 and exponents above 0.
    """
    probability(p=p)
    demand(f"costs of war are at least 0, got {cA} and {cB}", holds=cA >= 0 and cB >= 0)
    demand("exponents of utility are above 0", holds=utility_exponent_A > 0 and utility_exponent_B > 0)
    low = max(p - cA, 0.0) ** (1.0 / utility_exponent_A)
    high = 1.0 - max(1.0 - p - cB, 0.0) ** (1.0 / utility_exponent_B)
    low, high = min(low, 1.0), min(max(high, 0.0), 1.0)
    return {"x_lo": low, "x_hi": high, "width": high - low, "x_A_tioli": high}


def status_quo_bargain(q: float, p: float, cA: float, cB: float) -> dict[str, Any]:
    """Who would fight to change a division ``q``, and what it is offered (Powell 1999, chapter 3).

    Complete information, A's share ``q`` of 1; the satisfied side makes the offer, which gives the other what war
    would.  Both cannot be dissatisfied, since war costs something.
    """
    probability(q=q, p=p)
    demand(f"costs of war are at least 0, got {cA} and {cB}", holds=cA >= 0 and cB >= 0)
    first, second = p - cA > q, 1.0 - p - cB > 1.0 - q
    share = p - cA if first else p + cB if second else q
    return {"A_dissatisfied": first, "B_dissatisfied": second, "x": share, "war": False}


def risk_and_return(p: float, cA: float, lo: float, hi: float) -> dict[str, Any]:
    """The demand of A when B's cost of war is private, uniform from ``lo`` to ``hi`` (Fearon 1995, pages 393 to 395).

    B fights if its cost is below ``x - p``.  The demand ``x`` is ``p + max(lo, (hi - cA) / 2)``, at most ``p + hi``
    and 1; ``prob_war`` follows, and ``U_A`` is what A expects.  Meant for ``0 <= lo < hi`` and ``cA >= 0``.
    """
    probability(p=p)
    demand(f"0 <= lo < hi and cA >= 0, got {lo}, {hi}, {cA}", holds=0 <= lo < hi and cA >= 0)
    x = min(p + max(lo, (hi - cA) / 2.0), p + hi, 1.0)
    war = min(max((x - p - lo) / (hi - lo), 0.0), 1.0)
    return {"x": x, "prob_war": war, "U_A": (1.0 - war) * x + war * (p - cA)}


def first_strike(p_first: float, p_second: float, cA: float, cB: float) -> dict[str, Any]:
    """Whether peace enforces itself when striking first helps (Fearon 1995, pages 402 to 404).

    A wins with ``p_first`` if it strikes first, ``p_second`` if B does.  ``width`` of the range that is left is
    ``cA + cB - (p_first - p_second)``.
    """
    probability(p_first=p_first, p_second=p_second)
    width = cA + cB - (p_first - p_second)
    return {"peace_range_exists": width >= 0, "width": width}
