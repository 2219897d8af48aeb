"""Crises in which resolve is drawn from a continuum: audience costs, bluffs, shocks that only one side sees."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, ndtr

from sim.kernels.base.tolerances import SINGULAR, SPECK
from sim.models.validity import demand

__all__ = ["audience_costs", "crisis_of_resolve", "crisis_with_shocks", "strategic_deterrence"]

NODES, WEIGHTS = np.polynomial.legendre.leggauss(160)
FAR = 9.0
"""Standard deviations beyond which a normal shock is left out: less than 1e-18."""
SCANNED = 8001


def audience_costs(v: float, a1: float, a2: float, L: float) -> dict[str, Any]:
    """Escalation in continuous time with audience costs (Fearon 1994; uniform war values).

    A prize ``v`` goes to whose opponent quits; quitting at t costs ``a_i t``; war is worth a private number, uniform
    from ``-L`` to 0.  Until ``t_star`` types quit; who is left then goes to war.  ``Q_i_0`` quit at once, ``backdown_i``
    in all.  Meant for numbers above 0.
    """
    demand(f"v, a1, a2 and L are above 0, got {v}, {a1}, {a2}, {L}", holds=min(v, a1, a2, L) > 0)
    cost = a1, a2
    alone = [
        v / (2.0 * cost[1 - i]) * (math.sqrt(1.0 + 4.0 * cost[1 - i] * L / (cost[i] * v)) - 1.0)
        for i in (0, 1)
    ]
    end = min(alone)
    quits = [1.0 - own * end / L for own in cost]
    at_once = [((v + cost[1 - i] * end) * quits[i] - cost[1 - i] * end) / v for i in (0, 1)]
    at_once = [0.0 if alone[i] == end else share for i, share in enumerate(at_once)]
    war = (1.0 - quits[0]) * (1.0 - quits[1])
    return {
        "t_star": end, "Q1_0": at_once[0], "Q2_0": at_once[1], "backdown1": quits[0], "backdown2": quits[1],
        "prob_war": war,
    }  # fmt: skip


def crisis_of_resolve(audience_cost: float, L: float, T: float, stake: float = 1.0) -> dict[str, Any]:
    """Challenge, resist, fight or back down, both sides' war values private (Schultz 1998; Lewis and Schultz 2003).

    The challenger's war value is uniform from ``-L`` to 0, the target's from ``-T`` to 0; backing down costs
    ``audience_cost``.  Either some do not challenge, so that a challenge tells something ("semi-separating"), or all
    do.  War is the likelier, the larger the audience cost.  Meant for an audience cost below ``L`` and a target of
    which some give in.
    """
    a, low, far = audience_cost / stake, L / stake, T / stake
    demand(f"0 < audience cost <= L and T > 0, got {audience_cost}, {L}, {T}", holds=0 < a <= low and far > 0)
    posterior = (1.0 + a) / (1.0 + a + far)
    fighters = a / low
    challenge = fighters / posterior
    if challenge <= 1.0:
        resist, regime = 1.0 / (1.0 + a), "semi-separating"
    else:
        challenge, posterior, regime = 1.0, fighters, "all challenge"
        resist = min((1.0 - posterior) / (posterior * far), 1.0)
    return {
        "regime": regime, "prob_challenge": challenge, "prob_bluff": challenge - fighters,
        "posterior_fight": posterior, "prob_resist": resist, "prob_war": fighters * resist,
    }  # fmt: skip


def crisis_with_shocks(
    S_A: float, V_A: float, C_B: float, W_A: float, W_B: float, a: float, V_B: float
) -> dict[str, Any]:
    """All equilibria of the crisis game with standard normal private shocks on war and on backing down.

    The status quo is worth ``S_A`` to A; if B concedes, ``V_A`` and ``C_B``; if A backs down, ``a`` and ``V_B``; war
    ``W_A`` and ``W_B``, of which each sees its own shock (Lewis and Schultz 2003; several equilibria: Crisman-Cox and
    Gibilisco 2021).  Each is a fixed point of ``p_resist``; all roots on a fine scan are given, by ``p_resist``.
    """
    numbers = (S_A, V_A, C_B, W_A, W_B, a, V_B)
    demand("all worths are finite", holds=all(map(math.isfinite, numbers)))

    def chances(resist: float) -> tuple[float, float]:
        cut = (S_A - (1.0 - resist) * V_A) / resist
        challenge = 1.0 - float(ndtr(cut - W_A) * ndtr(cut - a))
        low = min(max(cut - W_A, -FAR), FAR)
        shocks = low + (FAR - low) * (NODES + 1.0) / 2.0
        density = np.exp(-(shocks**2) / 2.0) / math.sqrt(2.0 * math.pi)
        fight = float((FAR - low) / 2.0 * (WEIGHTS * density * ndtr(shocks + W_A - a)).sum())
        return challenge, fight / challenge if challenge > 0 else 0.0

    def miss(resist: float) -> float:
        fight = chances(resist)[1]
        if fight <= 0.0:
            return (1.0 if V_B > C_B else 0.0) - resist
        return float(ndtr((fight * W_B + (1.0 - fight) * V_B - C_B) / fight)) - resist

    # close to the ends, and evenly between
    scan = expit(np.linspace(-16.0, 16.0, SCANNED))
    found = [miss(float(p)) for p in scan]
    roots = [
        float(brentq(miss, scan[k], scan[k + 1], xtol=SPECK, rtol=SINGULAR))
        for k in range(SCANNED - 1)
        if found[k] * found[k + 1] < 0
    ]
    answers = []
    for resist in roots:
        challenge, fight = chances(resist)
        war = challenge * fight * resist
        answers.append({"p_resist": resist, "p_challenge": challenge, "p_fight": fight, "p_war": war})
    return {"n_equilibria": len(answers), "equilibria": answers}


def strategic_deterrence(U1: Mapping[str, float], U2: Mapping[str, float], lam: float) -> dict[str, Any]:
    """Attack or not, resist or give in, with choices that err by logit (Signorino 1999).

    ``U1`` has SQ, Cap and War, ``U2`` Cap and War; ``lam`` is the precision, at least 0.
    """
    demand(f"precision lam is at least 0, got {lam}", holds=lam >= 0)
    resist = float(expit(lam * (U2["War"] - U2["Cap"])))
    expected = resist * U1["War"] + (1.0 - resist) * U1["Cap"]
    attack = float(expit(lam * (expected - U1["SQ"])))
    return {
        "p_attack": attack, "p_resist": resist, "p_war": attack * resist, "p_cap": attack * (1.0 - resist),
        "p_sq": 1.0 - attack,
    }  # fmt: skip
