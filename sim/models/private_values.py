"""Red lines that each side alone knows, drawn from a continuum: two offers in a row, and both at once."""

from __future__ import annotations

from typing import Any

from sim.models.validity import demand, probability

__all__ = ["double_auction", "two_offers"]


def two_offers(delta: float) -> dict[str, Any]:
    """Two offers to a side whose value is uniform on 0 to 1 (Sobel and Takahashi 1983; Fudenberg and Tirole 1983).

    Values above ``cutoff`` accept ``p1`` at once, those above ``p2`` the second offer, ``delta`` a round later.
    With finitely many types: ``sim.Bargaining`` with ``rounds=2, leaving="never"``.
    """
    probability(delta=delta)
    cutoff = (2.0 - delta) / (4.0 - 3.0 * delta)
    first = (2.0 - delta) ** 2 / (2.0 * (4.0 - 3.0 * delta))
    return {"p1": first, "cutoff": cutoff, "p2": cutoff / 2.0, "prob_no_deal_first": cutoff}


def double_auction(k: float = 0.5) -> dict[str, Any]:
    """Ask and bid at once, cost and value uniform on 0 to 1, the price ``k`` bid + ``(1 - k)`` ask.

    The linear equilibrium (Chatterjee and Samuelson 1983): slopes and constants, the chance of trade, what it brings,
    and what would be brought if all gains were taken, which no mechanism does (Myerson and Satterthwaite 1983).
    ``trade_gap`` is by how much the value must exceed a cost of 0.  Meant for ``0 < k < 1``.
    """
    demand(f"0 < k < 1, got {k}", holds=0 < k < 1)
    ask, ask_at = 1.0 / (2.0 - k), (1.0 - k) / 2.0
    bid, bid_at = 1.0 / (1.0 + k), k * (1.0 - k) / (2.0 * (1.0 + k))
    slope, gap = ask / bid, (ask_at - bid_at) / bid  # trade if value >= slope cost + gap
    most = min((1.0 - gap) / slope, 1.0)
    chance = (1.0 - gap) * most - slope * most**2 / 2.0
    # the integral of (1 - (s c + g)^2) / 2 - c (1 - s c - g) over costs up to the last that trades
    first = (1.0 - gap**2) / 2.0 * most - (slope * gap / 2.0 + (1.0 - gap) / 2.0) * most**2
    gains = first + (slope / 3.0 - slope**2 / 6.0) * most**3
    return {
        "ask_slope": ask, "ask_const": ask_at, "bid_slope": bid, "bid_const": bid_at, "trade_gap": gap,
        "prob_trade": chance, "gains": gains, "efficient_gains": 1.0 / 6.0,
    }  # fmt: skip
