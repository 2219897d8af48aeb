"""Crises, deterrence and races: models of the literature with a continuum of types, or without a form of their own."""

from __future__ import annotations

from sim import models
from tests.literature.bargains import uniform
from tests.literature.registry import model


@model("fearon94_audience", "w_dist")
def audiences(given, _):
    low, _ = uniform(given["w_dist"])
    return models.audience_costs(given["v"], given["a1"], given["a2"], -low)


@model("crisis_signalling", "audience_cost")
def challenge_and_resist(given, _):
    far = {side: -uniform(given[f"w{side}_dist"])[0] for side in "CT"}
    return models.crisis_of_resolve(given["audience_cost"], far["C"], far["T"], given["stake"])


@model("lewis_schultz", "S_A")
def shocks(given, _):
    return models.crisis_with_shocks(
        **{name: given[name] for name in ("S_A", "V_A", "C_B", "W_A", "W_B", "a", "V_B")}
    )


@model("signorino_lqre", "U1", "U2", "lam")
def noisy_deterrence(given, _):
    return models.strategic_deterrence(given["U1"], given["U2"], given["lam"])


@model("slantchev_coercion", "v1", "lam")
def arming(given, _):
    return models.military_coercion(**{name: given[name] for name in ("v1", "v2", "c1", "c2", "lam")})


@model("kydd_reassurance", "prior_trustworthy")
def gestures(given, _):
    names = ("prior_trustworthy", "trustworthy", "untrustworthy")
    return models.costly_reassurance(**{name: given[name] for name in names})


@model("arms_race_spiral", "mu", "d")
def fear(given, _):
    return models.arms_race_of_fear(given["mu"], given["d"], *uniform(given["c_dist"]))


@model("arms_race_spiral", "m", "n")
def races(given, _):
    return models.richardson_race(**given)


@model("chain_store_reputation", "p_tough")
def reputation(given, _):
    return models.chain_store(given["a"], given["b"], given["p_tough"], given["stages_left"])


@model("perfect_deterrence", "p_B_hard")
def one_threat(given, _):
    names = ("a_SQ", "a_DC", "a_DD", "b_SQ", "b_DC", "b_DDplus", "b_DDminus", "p_B_hard")
    return models.perfect_deterrence(**{name: given[name] for name in names})


@model("perfect_deterrence", "p_challenger_hard")
def two_threats(given, _):
    names = ("p_challenger_hard", "p_defender_hard", "challenger", "defender")
    return models.unilateral_deterrence(**{name: given[name] for name in names})


@model("cheap_talk", "bias")
def talk(given, _):
    return models.cheap_talk(given["bias"])


@model("brinkmanship", "prob_hard")
def chance_of_disaster(given, _):
    return models.threat_of_disaster(**given)


@model("brinkmanship", "N", "f")
def steps(given, _):
    return models.escalation_steps(**{name: given[name] for name in ("N", "f", "W", "X")})


@model("volunteers_dilemma", "cost", "benefit", asked=["p_not"])
def who_helps(given, _):
    return models.volunteers(**given)


@model("volunteers_dilemma", "threshold")
def enough_of_them(given, _):
    return models.threshold_contributions(**given)


@model("alliance_publicgood", "theta")
def spending(given, _):
    return models.alliance_spending(given["theta"])


@model("alliance_publicgood", "wealth", "a")
def effort(given, _):
    return models.alliance_effort(given["wealth"], given["a"])


@model("contests", "V1", "V2")
def lotteries(given, _):
    return models.contest(**given) | models.all_pay(**given)


@model("contests", "v1", "v2", "cost_rate")
def waiting(given, _):
    return models.concession_hazards(**given)


@model("markov_perfect", "alpha", "beta")
def stocks(given, _):
    return models.fishing(given["alpha"], given["beta"])


@model("markov_perfect", "a", "q", "r", "delta")
def quadratic(given, _):
    return models.quadratic_race(**{name: given[name] for name in ("a", "q", "r", "delta")})


@model("stag_hunt", "noise")
def little_noise(given, _):
    return models.stag_hunt_cutoff(given["b"], given["c"])


@model("seed_commitment", "K_f")
def pledges(given, _):
    return models.pledge(**given)


@model("seed_commitment", "shift_D")
def before_it_is_too_late(given, _):
    return models.attack_now(**given)


@model("voting_power", "quota", "weights")
def votes(given, _):
    return models.voting_power(given["quota"], given["weights"])


@model("gmcr", "moves", "ranking_position")
@model("seed_gmcr", "moves", "ranking_position")
def graphs(given, expected):
    found = models.graph_stability(given["moves"], given["ranking_position"], given["n_states"])
    first = next((state for states in expected.values() for state in states), 0)
    if isinstance(first, str):  # by name
        found = {rule: [given["states"][s] for s in states] for rule, states in found.items()}
    elif "1..9" in given.get("state_numbering", ""):  # the literature counts states from 1
        found = {rule: [s + 1 for s in states] for rule, states in found.items()}
    return found
