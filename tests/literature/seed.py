"""The seed's own crisis: its stage, its maps, what lasts, its capitals; trees are in another file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

import sim
from sim.scenario.library import shipped
from tests.literature.lasting import number
from tests.literature.matrices import equilibria
from tests.literature.registry import model

LETTERS = {
    "V": "prize", "I": "threat", "k": "build_up_cost", "h": "harm", "tauR": "talks_value_russia",
    "tauN": "talks_value_nato", "xi": "precondition_loss", "a": "face_cost", "phi": "face_saved",
    "K": "backbone", "rho": "coercion_cost", "x": "exposure", "sigma": "chill",
    "beta": "reinforcement_value", "e": "reinforcement_cost",
}  # fmt: skip
"""What the scenarios call the seed's parameters."""

MOVES, REPLIES = ("W", "L", "B"), ("C", "T", "F", "D", "DT")


def scenario(name):
    """A scenario of the library."""
    return sim.load(next(path for path in shipped() if Path(path).stem == name))


def translated(values):
    """The seed's parameters under the names of the scenarios."""
    return {LETTERS[letter]: value for letter, value in values.items() if letter in LETTERS}


def standoff(values):
    """The stage of the standoff; values beyond the scenario's bounds are refused there, and so here."""
    return scenario("standoff_2021").game(**translated(values))


@model("seed_stage", "parameters", asked=["payoff_R"])
def stage(given, _):
    game = standoff(given["parameters"])
    solution = sim.solve(game)
    found, _ = equilibria(solution)
    pure = [
        [MOVES[row.index(1.0)], REPLIES[column.index(1.0)]]
        for row, column in found
        if max(row) == max(column) == 1
    ]
    return {
        "payoff_R": game.payoffs[0, 0].tolist(), "payoff_N": game.payoffs[0, 1].tolist(), "n_extreme": len(found),
        "equilibria": found, "pure": pure,
    }  # fmt: skip


@model("seed_stage", "parameters", asked=["reply"])
def in_turn(given, _):
    """NATO sees Russia's posture: its best reply to each, and Russia's best posture before that."""
    russia, nato = standoff(given["parameters"]).payoffs[0]
    replies = nato.argmax(axis=1)
    move = int(russia[np.arange(3), replies].argmax())
    reply = int(replies[move])
    return {
        "outcome": f"{MOVES[move]}-{REPLIES[reply]}",
        "reply": {MOVES[row]: REPLIES[int(column)] for row, column in enumerate(replies)},
        "payoffs": [float(russia[move, reply]), float(nato[move, reply])],
    }


@model("seed_map", "axes", "formula")
def maps(given, _):
    (first, low), (second, other) = given["axes"].items()
    n = given["n"]
    grid = np.meshgrid(np.linspace(*low, n), np.linspace(*other, n), indexing="ij")
    axes = {LETTERS[first]: grid[0].ravel(), LETTERS[second]: grid[1].ravel()}
    game = scenario("standoff_2021").game(**translated(given["parameters"]) | axes)
    solution = sim.solve(game)
    labels = []
    for cell, count in enumerate(solution.count):
        pure = [one for one in solution.strategy[cell, :count] if (one.max(axis=-1) == 1).all()]
        names = sorted(f"{MOVES[int(one[0].argmax())]}-{REPLIES[int(one[1].argmax())]}" for one in pure)
        labels.append("+".join(names) or "mixed")
    return {"counts": dict(Counter(labels))}


@model("seed_repeated", "parameters", asked=["delta_LT"])
def patience_needed(given, _):
    game = standoff(given["parameters"])
    row, column = given["reversion"]
    threats = game.payoffs[0, :, MOVES.index(row), REPLIES.index(column)]
    found = {}
    for move, reply in ("LT", "WT"):
        least = sim.critical_discount(game, (MOVES.index(move), REPLIES.index(reply)), threats=threats)
        found[f"delta_{move}{reply}"] = number(least[0])
    return found


@model("seed_alliance", "capitals", "parameters")
def capitals(given, _):
    """Each capital chooses alone, as the scenario of the four capitals has it."""
    stems = {"tau": "talks", "sigma": "chill", "K": "backbone", "e": "troops_cost", "beta": "troops"}
    four = scenario("capitals_2021")
    values = {
        f"{stems[letter]}_{name.lower()}": value
        for name, own in given["capitals"].items()
        for letter, value in own.items()
    }
    solution = sim.solve(four.game(**values), "nash", "pure")
    chosen = {
        name: four.actions[i][int(solution.strategy[0, 0, i].argmax())] for i, name in enumerate(four.players)
    }
    found = {
        answer: [name for name in given["capitals"] if chosen[name] == action]
        for action, answer in (("talk", "talks"), ("reinforce", "reinforce"), ("sign", "sign"))
    }
    return found | {"alliance_concedes": len(found["sign"]) == len(given["capitals"])}


@model("seed_stochastic", "parameters")
def posture(given, _):
    """Russia moves and NATO replies in one month: two half months, whose patience is the root of a month's."""
    p = given["parameters"]
    last, trends = range(3), range(2)
    here = [(own, trend) for own in last for trend in trends]
    seen = [(own, move, trend) for own in last for move in range(3) for trend in trends]
    states = len(here) + len(seen) + 1
    treaty = states - 1
    patience = np.sqrt([p["dR"], p["dN"]])
    weight = (1.0 + patience) / patience  # so that averages are those of whole months
    table, chain = np.zeros((2, states, 3, 5)), np.zeros((states, 3, 5, states))
    for s, (own, trend) in enumerate(here):
        for move in range(3):
            chain[s, move, :, len(here) + seen.index((own, move, trend))] = 1.0
    rifle, demand = np.array([0, 0, 1]), np.array([0, 1, 1])
    concede, talk, arm = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 0], [0, 0, 1], [0, 1, 1]]).T
    for s, (own, move, trend) in enumerate(seen, start=len(here)):
        r, q = rifle[move], demand[move]
        worth = p["tauR"] * talk * (1 - p["xi"] * q)
        russia = p["V_f"] * concede + (p["I"] - p["Delta"] * trend - p["k"]) * r + worth - p["h"] * arm
        if own > 0 and q == 0:
            russia = russia - p["a"] * (1 - concede) * (1 - p["phi"] * talk)
        nato = -p["K_f"] * concede - p["rho_f"] * concede * r - p["x"] * r * (1 - concede)
        nato = (
            nato
            + p["tauN"] * talk * (1 - p["xi"] * q)
            - p["sigma"] * talk * r
            + (p["beta"] * r - p["e"]) * arm
        )
        table[0, s], table[1, s] = russia, nato
        later = p["g0"] + p["g1"] * r if trend == 0 else 1.0
        for reply in range(5):
            if reply == 0:
                chain[s, :, reply, treaty] = 1.0
            else:
                for to, chance in ((0, 1.0 - later), (1, later)):
                    chain[s, :, reply, here.index((move, to))] += chance
    chain[treaty, ..., treaty] = 1.0
    table[0, treaty], table[1, treaty] = p["V_f"], -p["K_f"]
    table[:, len(here) : treaty] *= weight[:, np.newaxis, np.newaxis, np.newaxis]
    game = sim.Stochastic(
        table, chain, patience, players=("Russia", "NATO"),
        actions=[[[*MOVES], ["-"]]] * len(here) + [[["-"], [*REPLIES]]] * len(seen) + [[["-"], ["-"]]],
    )  # fmt: skip
    solution = sim.solve(game, "markov_perfect")
    if solution.count[0] == 0:
        raise ValueError(solution.sentence())
    play = solution.strategy[0, 0].reshape(2, states, -1).argmax(axis=-1)
    values = game.evaluate(solution.strategy[:, 0])[0][0]
    found = {"play": {}, "V_R": {}, "V_N": {}, "n_pure_mpe": int(solution.count[0])}
    for s, (own, trend) in enumerate(here):
        name, move = f"last{MOVES[own]}_trend{trend}", int(play[0, s])
        reply = int(play[1, len(here) + seen.index((own, move, trend))])
        found["play"][name] = f"{MOVES[move]}-{REPLIES[reply]}"
        found["V_R"][name], found["V_N"][name] = float(values[0, s]), float(values[1, s])
    return found


@model("seed_alliance", "n", "s", "parameters")
def softness(given, _):
    """The alliance concedes if all would; a bluffer builds up where that is likelier than what makes him indifferent."""
    omega = given["s"] ** given["n"]
    game = standoff(given["parameters"])
    russia = game.payoffs[0, 0]
    quiet = russia[MOVES.index("L"), REPLIES.index("T")]
    conceded, armed = (russia[MOVES.index("B"), REPLIES.index(reply)] for reply in ("C", "D"))
    border = (quiet - armed) / (conceded - armed)
    return {
        "omega": omega,
        "s_critical": float(border ** (1 / given["n"])),
        "bluffer_builds": bool(omega > border),
    }
