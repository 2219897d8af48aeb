"""Bargaining: offers in turn, outside options, breakdown, hidden resolve, divisions by axiom."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

import sim
from sim import models
from tests.literature.registry import model

SIDES = ("A", "B")


def talks(**terms):
    """A solved bargain of two, and what each agent keeps or accepts by its label."""
    solution = sim.solve(sim.Bargaining(SIDES, **terms))
    if solution.count[0] == 0:
        raise ValueError(solution.sentence())
    extra = solution.claim.extra
    told = {}
    for h, agent in enumerate(solution.game.agents):
        offer, least = extra["offer"][0, 0, h], extra["accepts_from"][0, 0, h]
        told[agent.label] = float(least if np.isnan(offer) else offer)
    return solution, told


def uniform(dist):
    """Ends of a uniform distribution."""
    if dist["type"] != "uniform":
        raise ValueError(f"only uniform distributions, not {dist['type']}")
    return dist["lo"], dist["hi"]


@model("fearon95_range", "p", "cA", "cB", asked=["x_lo"])
def division_or_war(given, _):
    names = ("p", "cA", "cB", "utility_exponent_A", "utility_exponent_B")
    return models.bargaining_range(**{name: given[name] for name in names if name in given})


@model("fearon95_range", "q", "p", "cA", "cB")
def status_quo(given, _):
    return models.status_quo_bargain(**given)


@model("fearon95_riskreturn", "cB_dist")
def hidden_costs(given, _):
    low, high = uniform(given["cB_dist"])
    return models.risk_and_return(given["p"], given["cA"], low, high)


@model("fearon95_twotype", "q_resolved")
def two_types(given, _):
    """One offer to a side that is resolved or not, what war is worth standing outside; the border by bisection."""
    p, own = given["p"], given["cA"]

    def offered(chance):
        war = {"resolved": 1 - p - given["cB_resolved"], "unresolved": 1 - p - given["cB_unresolved"]}
        chances = {"resolved": chance, "unresolved": 1 - chance}
        types = {"B": {name: {"chance": chances[name], "outside": war[name]} for name in war}}
        return talks(discount=1.0, outside=[p - own, 0.0], offers="A", rounds=1, types=types)

    def risky(chance):
        """Whether the demand is one that the resolved fight over; chances may be a batch."""
        solution, _ = offered(chance)
        return solution.claim.extra["offer"][:, 0, 0] > p + given["cB_resolved"] + 1e-9

    low, high = 0.0, 1.0
    for _ in range(4):  # a grid of chances in the gap that is left
        chances = np.linspace(low, high, 1001)
        last = np.flatnonzero(risky(chances)).max(initial=0)
        low, high = chances[last], chances[min(last + 1, 1000)]
    solution, told = offered(given["q_resolved"])
    war = float(solution.outcomes[0, 0, 2])
    return {
        "q_star": float(low),
        "risky": bool(risky(given["q_resolved"])[0]),
        "x": told["A@proposing"],
        "prob_war": war,
        "U_A": float(solution.value[0, 0, 0]),
    }


@model("fearon95_preventive", "p1", "p2", "delta")
def power_shift(given, _):
    return models.preventive_war(**{name: given[name] for name in ("p1", "p2", "delta", "cA", "cB")})


@model("powell06_inefficiency", "D")
def any_protocol(given, _):
    return models.unavoidable_war(**{name: given[name] for name in ("p1", "p2", "delta", "D")})


@model("fearon95_firststrike", "p_first")
def striking_first(given, _):
    return models.first_strike(**given)


@model("rubinstein", "delta1", "delta2")
def rubinstein(given, _):
    pie = given.get("pie", 1)
    _, told = talks(discount=[given["delta1"], given["delta2"]], pie=pie)
    return {"x1_when_1_proposes": told["A@proposing"], "x1_when_2_proposes": pie - told["B@proposing"]}


@model("rubinstein", "r1", "r2", "h")
def fast_offers(given, _):
    """The limit from intervals that are halved, by Richardson's extrapolation."""

    def share(h):
        return talks(discount=[math.exp(-given["r1"] * h), math.exp(-given["r2"] * h)])[1]["A@proposing"]

    table = [share(given["h"] / 2**k) for k in range(6)]
    for order in range(1, len(table)):
        table = [(2**order * b - a) / (2**order - 1) for a, b in pairwise(table)]
    return {"x1": share(given["h"]), "limit": table[0]}


@model("rubinstein_outside", "deltaA", "wA")
def outside_options(given, _):
    outside = [given["wA"], given["wB"]]
    _, told = talks(discount=[given["deltaA"], given["deltaB"]], outside=outside)
    bound = [
        name for name, own in zip(SIDES, outside, strict=True) if abs(told[f"{name}@answering"] - own) < 1e-12
    ]
    waiting = {"A": given["deltaA"] * told["A@proposing"], "B": given["deltaB"] * told["B@proposing"]}
    bound = [name for name in bound if outside[SIDES.index(name)] > waiting[name] + 1e-12]
    words = {0: "none", 1: bound[0] if bound else "", 2: "both"}
    return {"x_A": told["A@proposing"], "x_B": told["B@proposing"], "binding": words[len(bound)]}


@model("rubinstein_breakdown", "p_breakdown")
def breakdown(given, _):
    """The limit is half of the two shares' difference, which risk alone makes: split what breakdown leaves."""

    def shares(risk):
        told = talks(discount=1.0, risk=risk, breakdown=[given["bA"], given["bB"]], leaving="never")[1]
        return told["A@proposing"], told["B@proposing"]

    own, other = shares(given["p_breakdown"])
    steps = [shares(2.0**-k)[0] for k in range(4, 11)]
    for order in range(1, len(steps)):
        steps = [(2**order * b - a) / (2**order - 1) for a, b in pairwise(steps)]
    return {"x_A": own, "x_B": other, "limit_A": steps[0]}


@model("nplayer_bargaining", "n", "delta")
def unanimity_and_majority(given, _):
    n, delta = given["n"], given["delta"]
    found = {"baron_ferejohn_majority": models.majority_division(n, delta)["proposer"]}
    for name, offers in (
        ("random_proposer_unanimity", "random"),
        ("rotating_proposer_unanimity", "alternating"),
    ):
        found[name] = proposer_keeps(n, delta, offers)
    return found


def proposer_keeps(n, delta, offers):
    """By the form where it takes so many; with more of them by the same equations, all being alike."""
    if n <= 12:
        game = sim.Bargaining(tuple(f"side {i + 1}" for i in range(n)), discount=delta, offers=offers)
        return float(sim.solve(game).claim.extra["offer"][0, 0, 0])
    step = np.eye(n) if offers == "alternating" else np.full((n, n), 1.0 / n)
    system, right = np.zeros((n, n)), np.zeros(n)  # worth of who proposes in k rounds, k = 0 .. n - 1
    turns = np.roll(step, 1, axis=1) if offers == "alternating" else step
    for k in range(1, n):  # he answers in the meantime, and gets what waiting brings
        if offers == "alternating":
            system[k, k], system[k, k - 1] = 1.0, -delta
        else:
            system[k] = -delta * turns[k]
            system[k, k] += 1.0
    system[0], right[0] = 1.0, 1.0  # what the others accept and what he keeps is all there is
    return float(np.linalg.solve(system, right)[0])


@model("abreu_gul", "alpha1", "z1")
def obstinate(given, _):
    rate, insists, chance = ([given[f"{name}{i}"] for i in (1, 2)] for name in ("r", "alpha", "z"))
    types = {
        side: {"obstinate": {"chance": z, "obstinate": share}, "rational": {"chance": 1 - z}}
        for side, z, share in zip(SIDES, chance, insists, strict=True)
    }
    solution, _ = talks(discount=[math.exp(-r) for r in rate], leaving="never", types=types)
    extra = solution.claim.extra
    hazard, atom = extra["concession_rate"][0, 0], extra["concedes_at_once"][0, 0]
    answers = {"T0": float(extra["all_conceded"][0, 0])}
    for i in (0, 1):
        j = 1 - i
        answers |= {f"lambda{i + 1}": hazard[i], f"c{i + 1}": atom[i]}
        answers[f"v{i + 1}"] = atom[j] * insists[i] + (1 - atom[j]) * (1 - insists[j])
    return {name: float(value) for name, value in answers.items()}


@model("two_sided_reservation", "k")
def both_at_once(given, _):
    return models.double_auction(given["k"])


@model("screening", "delta", asked=["p1"])
def two_offers(given, _):
    return models.two_offers(given["delta"])


def agreed(points, concept, threat, **options):
    """The payoffs a rule chooses in the hull of some points."""
    game = sim.NormalForm(np.array(points, dtype=float).T[np.newaxis, :, np.newaxis], cells=True)
    return sim.solve(game, concept, disagreement=threat, **options).value[0, 0].tolist()


@model("axiomatic_bargaining", "vertices", "d")
def on_a_polygon(given, expected):
    rules = {"nash": "nash_bargaining", "utilitarian": "utilitarian"}
    return {rule: agreed(given["vertices"], rules.get(rule, rule), given["d"]) for rule in expected}


@model("axiomatic_bargaining", "frontier", "u1_range", "d")
def on_a_curve(given, _):
    return models.divisions_of_frontier(given["frontier"], given["u1_range"], given["d"])


@model("axiomatic_bargaining", "alpha", "d", asked=["x1"])
def with_power(given, _):
    pie = given.get("pie", 1)
    found = agreed([(0, 0), (pie, 0), (0, pie)], "nash_bargaining", given["d"], power=given["alpha"])
    return {"x1": found[0], "x2": found[1]}


@model("axiomatic_bargaining", "bill_goods", "jack_goods")
def whole_goods(given, _):
    return models.barter(given["bill_goods"], given["jack_goods"])
