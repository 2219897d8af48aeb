"""Models of the literature that no scenario file expresses: a continuum of types, continuous time, contests.

``sim.models.NAME(**inputs) -> dict``: each is a formula, or a few equations solved, with the source and the region of
validity in its docstring, and an independent computation in its test.  What a form expresses (a bargain, a tree, a
repeated game) is written as a scenario or with ``sim.Bargaining`` and its like instead.
"""

from sim.models.alliances import (
    alliance_effort,
    alliance_spending,
    threshold_contributions,
    volunteers,
)
from sim.models.attrition import concession_hazards
from sim.models.brinkmanship import escalation_steps, threat_of_disaster
from sim.models.cheap_talk import cheap_talk
from sim.models.commitment import attack_now, pledge, preventive_war, unavoidable_war
from sim.models.contests import all_pay, contest
from sim.models.crises import audience_costs, crisis_of_resolve, crisis_with_shocks, strategic_deterrence
from sim.models.deterrence import perfect_deterrence, unilateral_deterrence
from sim.models.divisions import barter, divisions_of_frontier, majority_division
from sim.models.graph import graph_stability
from sim.models.mobilisation import military_coercion
from sim.models.private_values import double_auction, two_offers
from sim.models.reassurance import costly_reassurance
from sim.models.reputation import chain_store, chain_store_rounds
from sim.models.shared_stocks import fishing, quadratic_race
from sim.models.spirals import arms_race_of_fear, richardson_race, stag_hunt_cutoff
from sim.models.votes import voting_power
from sim.models.war import bargaining_range, first_strike, risk_and_return, status_quo_bargain

__all__ = [
    "all_pay",
    "alliance_effort",
    "alliance_spending",
    "arms_race_of_fear",
    "attack_now",
    "audience_costs",
    "bargaining_range",
    "barter",
    "chain_store",
    "chain_store_rounds",
    "cheap_talk",
    "concession_hazards",
    "contest",
    "costly_reassurance",
    "crisis_of_resolve",
    "crisis_with_shocks",
    "divisions_of_frontier",
    "double_auction",
    "escalation_steps",
    "first_strike",
    "fishing",
    "graph_stability",
    "majority_division",
    "military_coercion",
    "perfect_deterrence",
    "pledge",
    "preventive_war",
    "quadratic_race",
    "richardson_race",
    "risk_and_return",
    "stag_hunt_cutoff",
    "status_quo_bargain",
    "strategic_deterrence",
    "threat_of_disaster",
    "threshold_contributions",
    "two_offers",
    "unavoidable_war",
    "unilateral_deterrence",
    "volunteers",
    "voting_power",
]
