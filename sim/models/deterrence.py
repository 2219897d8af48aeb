"""Threats that may be carried out: deterrence when it is not known who would retaliate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.models.validity import demand, probability

__all__ = ["perfect_deterrence", "unilateral_deterrence"]


def perfect_deterrence(
    a_SQ: float,
    a_DC: float,
    a_DD: float,
    b_SQ: float,
    b_DC: float,
    b_DDplus: float,
    b_DDminus: float,
    p_B_hard: float,
) -> dict[str, Any]:
    """The rudimentary asymmetric deterrence game (Zagare and Kilgour 2000, section 3.4).

    A cooperates, which leaves the status quo, or defects; B, hard with ``p_B_hard``, then retaliates or concedes.  A is
    deterred if B is likely enough to be hard: from ``threshold`` on.  Meant for ``a_DC > a_SQ > a_DD`` and a B that
    retaliates when hard (``b_DDplus > b_DC``) and concedes when soft.
    """
    probability(p_B_hard=p_B_hard)
    demand(f"a_DC > a_SQ > a_DD, got {a_DC}, {a_SQ}, {a_DD}", holds=a_DC > a_SQ > a_DD)
    demand(
        "b_SQ > b_DC, and hard is who prefers to retaliate", holds=b_SQ > b_DC and b_DDplus > b_DC > b_DDminus
    )
    threshold = (a_DC - a_SQ) / (a_DC - a_DD)
    defects = 1.0 if p_B_hard < threshold else 0.0
    return {
        "threshold": threshold, "A_defects": defects, "p_SQ": 1.0 - defects, "p_DC": defects * (1.0 - p_B_hard),
        "p_DD": defects * p_B_hard,
    }  # fmt: skip


def unilateral_deterrence(
    p_challenger_hard: float,
    p_defender_hard: float,
    challenger: Mapping[str, float],
    defender: Mapping[str, float],
) -> dict[str, Any]:
    """Perfect Bayesian equilibria of the unilateral deterrence game (Zagare and Kilgour 2000, chapter 5).

    The challenger cooperates (SQ) or defects; the defender concedes (DC) or defies; the challenger gives in (CD) or
    fights (DD).  Types are hard or soft on both sides: DDp is war to the hard, DDm to the soft.  ``c_t``, ``c_s`` and
    ``d_s`` are credibility thresholds; ``equilibria`` those that exist, with chances of outcomes: certain deterrence,
    steadfast deterrence (there always is one, held by beliefs about a challenge that never comes), separating, attack
    and bluff.  Meant for numbers off the borders and the order DC > SQ > DDp > CD > DDm of the challenger, CD > SQ >
    DDp > DC > DDm of the defender.
    """
    probability(p_challenger_hard=p_challenger_hard, p_defender_hard=p_defender_hard)
    c, d, hard, firm = challenger, defender, p_challenger_hard, p_defender_hard
    demand(
        "DC > SQ > DDp > CD > DDm for the challenger", holds=c["DC"] > c["SQ"] > c["DDp"] > c["CD"] > c["DDm"]
    )
    demand(
        "CD > SQ > DDp > DC > DDm for the defender", holds=d["CD"] > d["SQ"] > d["DDp"] > d["DC"] > d["DDm"]
    )
    c_t = (c["DC"] - c["SQ"]) / (c["DC"] - c["DDp"])
    c_s = (c["DC"] - c["SQ"]) / (c["DC"] - c["CD"])
    d_s = (d["CD"] - d["DC"]) / (d["CD"] - d["DDm"])
    found = []

    def add(kind: str, quo: float, conceded: float, gave_in: float, war: float) -> None:
        found.append({"type": kind, "SQ": quo, "DC": conceded, "CD": gave_in, "DD": war})

    if firm >= c_t:
        add("certain_deterrence", 1.0, 0.0, 0.0, 0.0)
    add("steadfast_deterrence", 1.0, 0.0, 0.0, 0.0)
    if c_s <= firm <= c_t:  # only the hard challenge, and the soft defender gives in to them
        add("separating", 1.0 - hard, hard * (1.0 - firm), 0.0, hard * firm)
    if hard >= d_s and firm <= c_s:  # all challenge; only the hard defender defies
        add("attack", 0.0, 1.0 - firm, firm * (1.0 - hard), firm * hard)
    if hard < d_s and firm < c_s:
        # the soft challenge so often that a soft defender is indifferent, and he defies so often that they are
        soft = hard * (1.0 - d_s) / (d_s * (1.0 - hard))
        defied = c_s
        challenged = hard + (1.0 - hard) * soft
        add(
            "bluff",
            1.0 - challenged,
            challenged * (1.0 - defied),
            (1.0 - hard) * soft * defied,
            hard * defied,
        )
    return {"c_t": c_t, "c_s": c_s, "d_s": d_s, "equilibria": found}
