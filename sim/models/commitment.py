"""Promises that cannot be kept: power that shifts, pledges that bind nobody, attacks before it is too late."""

from __future__ import annotations

from typing import Any

from sim.models.validity import demand, probability

__all__ = ["attack_now", "pledge", "preventive_war", "unavoidable_war"]


def preventive_war(p1: float, p2: float, delta: float, cA: float, cB: float) -> dict[str, Any]:
    """Whether B fights while it is strong (Fearon 1995, pages 404 to 408).

    A pie of 1 a period; A makes every offer; A wins with ``p1`` in the first period and ``p2`` ever after.  War is
    worth ``p / (1 - delta) - cA`` and ``(1 - p) / (1 - delta) - cB``.  B fights if ``delta p2 - p1 > cB (1 - delta)^2``;
    ``p2_star`` is the border.  Meant for war values of B that are at least 0: else A could not take so much a period,
    and the condition is another.
    """
    probability(p1=p1, p2=p2)
    demand(f"0 < delta < 1, got {delta}", holds=0 < delta < 1)
    demand(f"cA >= 0 and cB >= 0, got {cA}, {cB}", holds=cA >= 0 and cB >= 0)
    worst = (1.0 - max(p1, p2)) / (1.0 - delta) - cB
    demand(f"war is worth at least 0 to B, here {worst:.6g}", holds=worst >= 0)
    left, right = delta * p2 - p1, cB * (1.0 - delta) ** 2
    return {"lhs": left, "rhs": right, "preventive_war": left > right, "p2_star": (p1 + right) / delta}


def unavoidable_war(p1: float, p2: float, delta: float, D: float) -> dict[str, Any]:
    """Whether any way of bargaining avoids a war, when power shifts once (Powell 2004, 2006).

    War destroys the share ``D`` of a flow of 1, so that each side can make sure of ``p (1 - D) / (1 - delta)``.  It
    cannot be avoided if ``delta M_A(2) - M_A(1)`` exceeds what peace leaves over; ``p2_star`` is the border, above 1
    where there is none.
    """
    probability(p1=p1, p2=p2, D=D)
    demand(f"0 < delta < 1 and D < 1, got {delta} and {D}", holds=0 < delta < 1 and D < 1)
    left = (delta * p2 - p1) * (1.0 - D) / (1.0 - delta)
    right = D / (1.0 - delta)
    border = (1.0 / (1.0 - D) - (1.0 - p1)) / delta
    return {"lhs": left, "rhs": right, "war_unavoidable": left > right, "p2_star": border}


def pledge(K_f: float, tauN: float, standoff_loss: float) -> dict[str, Any]:
    """The least patience that keeps a pledge which binds nobody, None where only a treaty would (folk theorem).

    Keeping it costs ``K_f`` a period; while it is kept talks are worth ``tauN`` and the standoff that follows a breach,
    which costs ``standoff_loss``, is avoided: ``delta = K_f / (tauN + standoff_loss)`` (Friedman 1971 for the stage of
    the crisis).  Meant for a cost above 0 and gains from talks.
    """
    demand(
        f"K_f > 0 and tauN + standoff_loss > 0, got {K_f}, {tauN}, {standoff_loss}",
        holds=K_f > 0 < tauN + standoff_loss,
    )
    border = K_f / (tauN + standoff_loss)
    return {"delta_star": border if border < 1 else None}


def attack_now(W: float, eta: float, standoff_flow: float, delta: float, shift_D: float) -> dict[str, Any]:
    """Whether to attack at once when every period of waiting makes it worth less, once (Fearon 1995; Powell 2006).

    Now it is worth ``W - eta``; whoever waits gets ``standoff_flow`` a period, and may attack later, when the shift has
    taken ``shift_D``, or never.
    """
    demand(f"0 <= delta < 1, got {delta}", holds=0 <= delta < 1)
    now = W - eta
    wait = standoff_flow + delta * max(W - shift_D - eta, standoff_flow / (1.0 - delta))
    return {"value_now": now, "value_wait": wait, "attack_now": now > wait}
