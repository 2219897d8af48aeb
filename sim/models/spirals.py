"""Arming out of fear: spirals with private costs, races that feed on each other, and how safe cooperation is."""

from __future__ import annotations

from typing import Any

from sim.models.validity import demand

__all__ = ["arms_race_of_fear", "richardson_race", "stag_hunt_cutoff"]


def arms_race_of_fear(mu: float, d: float, lo: float, hi: float) -> dict[str, Any]:
    """Whether fear alone makes both arm (Baliga and Sjostrom 2004; uniform costs).

    Arming costs a private ``c``, uniform from 0 to ``hi``; alone it brings ``mu``, to be without it against an armed
    side costs ``d``.  Who costs less than ``cutoff`` arms; where ``d >= hi`` the few that arm anyway make all others
    arm, for certain.  Meant for ``lo = 0 < mu < hi`` and ``d >= mu``.
    """
    demand(
        f"costs begin at 0 and 0 < mu < hi, mu <= d, got {lo}, {mu}, {hi}, {d}",
        holds=lo == 0 < mu < hi and d >= mu,
    )
    certain = d >= hi
    cutoff = hi if certain else min(mu / (1.0 - (d - mu) / hi), hi)
    share = cutoff / hi
    return {
        "cutoff": cutoff, "prob_build": share, "prob_arms_race": share**2, "certain_arms_race": certain,
    }  # fmt: skip


def richardson_race(a: float, b: float, m: float, n: float, g: float, h: float) -> dict[str, Any]:
    """Where a race of arms comes to rest: ``x' = m y - a x + g``, ``y' = n x - b y + h`` (Richardson 1960).

    ``stable`` if fatigue outweighs defence, ``a b > m n``; else the rest point is where no race ends.
    """
    demand("a, b > 0 and a b is not m n", holds=a > 0 and b > 0 and a * b != m * n)
    scale = a * b - m * n
    return {"x": (m * h + b * g) / scale, "y": (n * g + a * h) / scale, "stable": scale > 0}


def stag_hunt_cutoff(b: float, c: float) -> dict[str, Any]:
    """The state from which both cooperate when each sees it with a little noise (Carlsson and van Damme 1993).

    Cooperation is worth ``theta`` if both do and ``theta - c`` alone, ``b`` is what one has otherwise.  As noise
    vanishes the border is ``b + c / 2``: where cooperation is best against a coin.
    """
    demand(f"to cooperate alone costs something, c > 0, got {c}", holds=c > 0)
    return {"theta_star": b + c / 2.0}
