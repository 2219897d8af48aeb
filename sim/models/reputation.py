"""A name for fighting, and how long it lasts."""

from __future__ import annotations

import math
from typing import Any

from sim.kernels.base.tolerances import ZERO
from sim.models.validity import demand, probability

__all__ = ["chain_store", "chain_store_rounds"]

MOST = 10_000  # rounds that are told one by one


def chain_store(a: float, b: float, p_tough: float, stages_left: int) -> dict[str, Any]:
    """The sequential equilibrium of the chain store with ``stages_left`` entrants to come (Kreps and Wilson 1982).

    A weak incumbent gets ``a`` if an entrant stays out, 0 if it gives in, -1 if it fights; an entrant gets 0, ``b`` or
    ``b - 1``.  A tough one, of chance ``p_tough``, always fights.  Entrants stay out if that exceeds ``b ** n``, with
    probability ``1 / a`` at equality; the weak fight for certain from ``b ** (n - 1)`` on, else so often that entrants
    are indifferent next time.  Meant for ``a > 1`` and ``0 < b < 1``.
    """
    probability(p_tough=p_tough)
    demand(f"a > 1 and 0 < b < 1, got {a} and {b}", holds=a > 1 and 0 < b < 1)
    demand(
        f"stages_left is a whole number above 0, got {stages_left}",
        holds=stages_left == int(stages_left) >= 1,
    )
    n = int(stages_left)

    # from so many entrants on each stays out for certain: the least whole number with p_tough > b ** n, nearly equal apart
    certain = None
    if p_tough > 0.0:
        certain = max(1, math.floor((math.log(p_tough) + math.log1p(-ZERO)) / math.log(b)) - 1)
        while not p_tough > b**certain or math.isclose(p_tough, b**certain, rel_tol=ZERO):
            certain += 1

    def stays_out(left: int) -> float:
        if p_tough > 0.0 and math.isclose(p_tough, b**left, rel_tol=ZERO):
            return 1.0 / a
        return 1.0 if p_tough > b**left else 0.0

    border = b ** (n - 1)
    if p_tough >= border or math.isclose(p_tough, border, rel_tol=ZERO):
        fights, posterior = 1.0 if n > 1 else 0.0, p_tough
    else:
        fights, posterior = (1.0 - border) * p_tough / ((1.0 - p_tough) * border), border
    sure = 0 if certain is None else max(0, n - certain + 1)
    value, left, weight = sure * a, n - sure, 1.0
    while left >= 1 and stays_out(left) > 0:  # once somebody enters for certain the weak gets nothing more
        value += weight * stays_out(left) * a
        weight *= stays_out(left)
        left -= 1
    return {
        "p_out": stays_out(n), "p_fight_weak": fights, "posterior_after_fight": max(posterior, border),
        "deterrence_certain_if_stages_left_ge": certain, "value_weak": value,
    }  # fmt: skip


def chain_store_rounds(a: float, b: float, p_tough: float, entrants: int) -> dict[str, list[float]]:
    """The chain store round by round, any number of entrants, while each is fought who enters (Kreps and Wilson 1982).

    ``belief`` that the incumbent is tough, before each entrant and after the last; ``p_out`` how likely each stays out;
    ``p_fight_weak`` how likely a weak incumbent fights him if he does not; ``p_name_kept`` how likely it is that the weak
    are still taken for perhaps tough after him.

    >>> chain_store_rounds(a=2, b=0.5, p_tough=0.1, entrants=4)["belief"]
    [0.1, 0.125, 0.25, 0.5, 1.0]
    """
    demand(
        f"entrants is a whole number above 0 and at most {MOST}, got {entrants}",
        holds=entrants == int(entrants) and 1 <= entrants <= MOST,
    )
    belief = [float(p_tough)]
    out: list[float] = []
    fights: list[float] = []
    kept: list[float] = []
    for left in range(int(entrants), 0, -1):
        found = chain_store(a, b, belief[-1], left)
        out.append(float(found["p_out"]))
        fights.append(float(found["p_fight_weak"]))
        kept.append((kept[-1] if kept else 1.0) * (out[-1] + (1.0 - out[-1]) * fights[-1]))
        fought = belief[-1] + (1.0 - belief[-1]) * fights[-1]
        belief.append(belief[-1] / fought if fought > 0.0 else 0.0)
    return {"belief": belief, "p_out": out, "p_fight_weak": fights, "p_name_kept": kept}
