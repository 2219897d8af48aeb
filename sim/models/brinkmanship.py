"""Threats that leave something to chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.models.validity import demand, probability

__all__ = ["escalation_steps", "threat_of_disaster"]

MOST = 1_000_000  # steps, some seconds of work


def threat_of_disaster(
    target_comply: float, target_defy_safe: float, target_disaster: float, threatener_success: float,
    threatener_defied_safe: float, threatener_disaster: float, prob_hard: float,
) -> dict[str, Any]:  # fmt: skip
    """How likely a disaster must be, and may be, for a threat to work and to be worth making (Schelling 1960).

    A soft target complies if defiance leads to disaster with at least ``q_effective``; with ``prob_hard`` it never
    does, so that more than ``q_acceptable`` is not worth it (Dixit, Skeath and Reiley 2015).  ``window``: the threat
    can be made so that it works and pays.  Meant for a disaster that both like least.
    """
    probability(prob_hard=prob_hard)
    demand("disaster is worst for the target", holds=target_disaster < min(target_comply, target_defy_safe))
    demand("and for the threatener", holds=threatener_disaster < threatener_defied_safe < threatener_success)
    needed = (target_defy_safe - target_comply) / (target_defy_safe - target_disaster)
    effective = min(max(needed, 0.0), 1.0)
    gain = (1.0 - prob_hard) * (threatener_success - threatener_defied_safe)
    loss = prob_hard * (threatener_defied_safe - threatener_disaster)
    acceptable = min(gain / loss, 1.0) if loss > 0 else 1.0
    return {"q_effective": effective, "q_acceptable": acceptable, "window": effective <= acceptable}


def escalation_steps(N: int, f: float, W: Sequence[float], X: Sequence[float]) -> dict[str, Any]:
    """Two sides escalate in turn, up to ``N`` steps, each a disaster with chance ``f`` (Powell 1988, 1990).

    Who quits gets 0 and the other his prize ``W``; a disaster costs ``-X``; after N steps whoever is next quits.
    Backward induction from the end; who is indifferent escalates.  ``v1``, ``v2`` and the chance of disaster.
    """
    probability(f=f)
    demand(f"N is a whole number from 0 to {MOST}, got {N}", holds=int(N) == N >= 0 and N <= MOST)
    demand(
        f"W and X are two numbers each, one a side, got {len(W)} and {len(X)}", holds=len(W) == len(X) == 2
    )
    mover = int(N) % 2
    value, disaster = [0.0, 0.0], 0.0
    value[1 - mover] = W[1 - mover]
    for step in reversed(range(int(N))):
        mover = step % 2
        on = [(1.0 - f) * value[i] - f * X[i] for i in (0, 1)]
        if on[mover] >= 0.0:
            value, disaster = on, f + (1.0 - f) * disaster
        else:
            value, disaster = [0.0, 0.0], 0.0
            value[1 - mover] = W[1 - mover]
    return {"v1": value[0], "v2": value[1], "p_disaster": disaster}
