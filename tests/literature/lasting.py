"""Games that last: what patience sustains, payoff sets, states."""

from __future__ import annotations

from itertools import product

import numpy as np
from scipy.optimize import brentq

import sim
from sim import patience
from sim.automata import BUILT_IN, Automaton, best_reply_gains, one_shot, perfect_discounts, profile
from tests.literature.matrices import symmetric
from tests.literature.registry import model


def number(value):
    """A number, None for NaN."""
    return None if np.isnan(value) else float(value)


def least(intervals):
    """Where a profile begins to be perfect for good, None where it never is."""
    return float(intervals[-1, 0]) if len(intervals) and intervals[-1, 1] > 0.999 else None


def dilemma(given):
    """The prisoners' dilemma of a case."""
    T, R, P, S = (given[name] for name in "TRPS")
    return symmetric([[R, S], [T, P]])


def both(name):
    """The same automaton for both."""
    return profile([BUILT_IN[name]((2, 2), i) for i in (0, 1)])


@model("folk_pd", "T", "R", "P", "S")
def cooperation(given, _):
    stage, mirror = dilemma(given), both("tit_for_tat")

    def tempts(discount):
        return float(best_reply_gains(sim.Repeated(stage, discount), mirror).max())

    low, high = 0.0, 1.0 - 1e-9
    nash = None
    if tempts(high) <= 1e-9:
        while high - low > 1e-11:
            middle = (low + high) / 2
            low, high = (low, middle) if tempts(middle) <= 1e-10 else (middle, high)
        nash = high
    edge = (given["T"] - given["R"]) / (given["R"] - given["S"])
    perfect = bool(edge < 1 and one_shot(sim.Repeated(stage, edge), mirror).perfect[0])
    found = {"grim": number(sim.critical_discount(stage, (0, 0), "grim")[0]), "tft_nash": nash}
    found["tft_spe_at_knife_edge"] = perfect
    names = {"wsls": "win_stay_lose_shift", **{f"punish_{k}": f"punish_{k}" for k in (1, 2, 3)}}
    return found | {key: least(perfect_discounts(stage, both(name))[0]) for key, name in names.items()}


@model("chicken", "T", "R", "S", "P")
def daring(given, _):
    T, R, S, P = (given[name] for name in "TRSP")
    stage = symmetric([[R, S], [T, P]])
    solution = sim.solve(stage, "nash")
    strategy = solution.strategy[0, : solution.count[0]]
    (place,) = np.flatnonzero((strategy < 1).all(axis=(1, 2)))

    def worth_standing(p):
        """By how much standing firm against one who does with p is better than to yield to one who surely does."""
        stands = stage.deviations(np.array([[[0.5, 0.5], [1 - p, p]]]))[0, 0, 1]
        return stands - S

    return {
        "prob_D": float(strategy[place, 0, 1]),
        "value_mixed": float(solution.value[0, place, 0]),
        "minmax": float(patience.minmax(stage, mixed=True)[0, 0]),
        "delta_asym": number(sim.critical_discount(stage, (0, 0), "grim")[0]),
        "delta_mixed": number(sim.critical_discount(stage, (0, 0), threats=solution.value[0, place])[0]),
        "critical_risk": brentq(worth_standing, 0, 1, xtol=1e-15),
    }


@model("repeated_deterrence", "cost_of_resisting")
def resistance(given, _):
    """One challenge resisted ends all challenges; one concession, and the challenger comes for ever."""
    worth, cost, concede = (
        given[name] for name in ("a_value_unchallenged", "cost_of_resisting", "payoff_concede")
    )
    stage = sim.NormalForm([[[-cost, worth], [concede, worth]], np.zeros((2, 2))])
    challenged, deterred, lost = range(3)
    moves = np.eye(2)[[[0, 0], [0, 1], [1, 0]]]
    follow = np.zeros((3, 2, 2, 3))
    follow[challenged, 0, :, deterred] = follow[challenged, 1, :, lost] = 1.0
    follow[deterred, ..., deterred] = follow[lost, ..., lost] = 1.0
    plan = Automaton((0, 1), ("challenged", "deterred", "lost"), np.eye(3)[challenged], moves, follow)
    return {"delta_star": least(perfect_discounts(stage, plan)[0])}


@model("alliance_publicgood", "n", "benefit_each", "cost")
def all_contribute(given, _):
    """All are alike, so that two tell it: each sees all others do what the other one does, and any defection ends it."""
    n, each, cost = given["n"], given["benefit_each"], given["cost"]
    stage = symmetric([[n * each - cost, each - cost], [(n - 1) * each, 0.0]])
    return {"delta_star": number(sim.critical_discount(stage, (0, 0), threats=[0.0, 0.0])[0])}


@model("penal_codes", "n")
def bertrand(given, _):
    """Keep the monopoly price, or undercut it by ever so little; one firm and one of the others tell it."""
    n = given["n"]
    stage = symmetric([[1.0 / n, 0.0], [1.0, 0.0]])
    return {"delta_star": number(sim.critical_discount(stage, (0, 0), threats=[0.0, 0.0])[0])}


@model("penal_codes", "demand")
def cournot(given, _):
    """Outputs on a grid that is refined: reversion to Cournot's outputs, and the stick that works for most impatience."""
    if given["demand"].replace(" ", "") != "p=1-q1-q2" or given["cost"] != 0:
        raise ValueError("only the linear duopoly without costs is known")

    def payoff(own, other):
        return (1.0 - own - other) * own

    def reply(other):
        return max((1.0 - other) / 2.0, 0.0)

    carrot, rest = 0.25, 1.0 / 3.0
    gain = payoff(reply(carrot), carrot) - payoff(carrot, carrot)
    reversion = gain / (payoff(reply(carrot), carrot) - payoff(rest, rest))

    def needed(stick):
        """The discount at which neither the carrot nor the stick is left, for this stick."""
        loss = payoff(carrot, carrot) - payoff(stick, stick)
        tempted = payoff(reply(stick), stick) - payoff(stick, stick)
        return max(gain, tempted) / loss if loss > 0 else np.inf

    low, high = rest, 0.75
    for _ in range(200):  # the gain falls and the temptation rises in the stick: where they meet
        first, second = low + (high - low) / 3, high - (high - low) / 3
        low, high = (low, second) if needed(first) <= needed(second) else (first, high)
    stick = (low + high) / 2
    return {"nash_reversion": reversion, "stick_carrot": needed(stick), "stick_q": stick}


def vertices(stage, discount):
    """Corners of the payoff set of a repeated game."""
    solution = sim.solve(sim.Repeated(stage, discount), "subgame_perfect")
    corners = solution.claim.extra["payoff_set"][0]
    return corners[~np.isnan(corners[:, 0])]


@model("spe_payoff_set", "payoff1", "delta", asked=["vertices"])
@model("seed_repeated", "payoff1", "delta", asked=["vertices"])
def payoff_sets(given, _):
    found = vertices(sim.NormalForm([given["payoff1"], given["payoff2"]]), given["delta"])
    return {"n_vertices": len(found), "vertices": found.tolist()}


@model("spe_payoff_set", "payoff1", asked=["delta_star"])
def critical(given, _):
    stage = sim.NormalForm([given["payoff1"], given["payoff2"]])
    return {"delta_star": number(sim.critical_discount(stage, tuple(given["profile"]))[0])}


@model("spe_payoff_set", "payoff1", "delta", asked=["area"])
def extent(given, _):
    rows = np.array(given["payoff1"], dtype=float)
    other = np.array(given["payoff2"], dtype=float) if "payoff2" in given else rows.T
    x, y = vertices(sim.NormalForm([rows, other]), given["delta"]).T
    area = 0.5 * (x * np.roll(y, -1) - y * np.roll(x, -1)).sum()
    return {"min1": x.min(), "min2": y.min(), "max1": x.max(), "max_sum": (x + y).max(), "area": area}


@model("stochastic_zero_sum", "delta", "live_state")
def big_match(given, _):
    """What is won at the end is won for ever: absorbing entries go on paying."""
    live = given["live_state"]
    payoff, ends = np.array(live["payoff"], dtype=float), np.array(live["absorbing"])
    return zero_sum(payoff, np.where(ends, np.nan, 0), given["delta"], averaged=True)


@model("stochastic_zero_sum", "delta", "continue_on")
def one_live_state(given, _):
    stays = np.array(given["continue_on"]) == 1
    found = zero_sum(
        np.array(given["payoff"], dtype=float), np.where(stays, 0, np.nan), given["delta"], averaged=False
    )
    return {"value": found["value"]}


def zero_sum(payoff, stays, delta, *, averaged):
    """State 0 is played while ``stays`` is 0; elsewhere play ends: what was won goes on, or nothing more comes."""
    rows, columns = payoff.shape
    ends = list(product(range(rows), range(columns)))
    states = 1 + len(ends)
    table, chain = np.zeros((2, states, rows, columns)), np.zeros((states, rows, columns, states))
    table[0, 0], table[1, 0] = payoff, -payoff
    for number_, (a, b) in enumerate(ends, start=1):
        chain[0, a, b, 0 if stays[a, b] == 0 else number_] = 1.0
        kept = payoff[a, b] if averaged else 0.0
        table[0, number_], table[1, number_], chain[number_, :, :, number_] = kept, -kept, 1.0
    actions = [[[str(a) for a in range(rows)], [str(b) for b in range(columns)]]] + [[["-"], ["-"]]] * len(
        ends
    )
    game = sim.Stochastic(table, chain, delta, players=("1", "2"), actions=actions)
    solution = sim.solve(game, "markov_perfect")
    value = game.take([0]).evaluate(solution.strategy[:, 0])[0][0, 0, 0]
    return {
        "value": float(value) if averaged else float(value) / (1.0 - delta),
        "stop_prob": float(solution.strategy[0, 0, 0, 0]),
    }


@model("markov_perfect", "Tc", "rho_up")
def tension(given, _):
    """Hold or escalate in a calm and a tense state."""
    table, chain = np.zeros((2, 2, 2, 2)), np.zeros((2, 2, 2, 2))
    for s, letter in enumerate("ct"):
        T, R, P, S = (given[name + letter] for name in "TRPS")
        table[0, s], table[1, s] = [[R, S], [T, P]], [[R, T], [S, P]]
    for a, b in product(range(2), repeat=2):
        up = given["rho_up"] if a or b else 0.0
        down = 0.0 if a or b else given["rho_down"]
        chain[0, a, b], chain[1, a, b] = [1 - up, up], [down, 1 - down]
    game = sim.Stochastic(table, chain, given["delta"], players=("1", "2"))
    solution = sim.solve(game, "markov_perfect")
    answers = []
    for k in range(solution.count[0]):
        values = game.evaluate(solution.strategy[:, k])[0][0]
        policy = solution.strategy[0, k].argmax(axis=-1).reshape(2, 2)
        answers.append(
            {"policy": policy.tolist(), "V_calm": values[:, 0].tolist(), "V_tense": values[:, 1].tolist()}
        )
    return {"n": len(answers), "equilibria": answers}
