"""Games of one round: equilibria, mediation, commitment, noise, learning and evolution."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq, minimize_scalar

import sim
from sim.play import play
from sim.play.learning import RULES
from sim.solvers.replicator import trajectory
from tests.literature.registry import model


def game_of(given):
    """The bimatrix of a case."""
    return sim.NormalForm([given["payoff1"], given["payoff2"]])


def symmetric(rows):
    """A game in which the second player's payoffs are the first one's with the roles exchanged."""
    rows = np.array(rows, dtype=float)
    return sim.NormalForm(np.stack([rows, rows.T]))


def equilibria(solution):
    """Each equilibrium as lists of the players' strategies, and payoffs."""
    sizes = [len(agent.actions) for agent in solution.game.agents]
    found = [
        [row[:size].tolist() for row, size in zip(one, sizes, strict=True)]
        for one in solution.strategy[0, : solution.count[0]]
    ]
    return found, solution.value[0, : solution.count[0]].tolist()


@model("normal_form_nash", "payoff1")
@model("degenerate_bimatrix", "payoff1")
def all_equilibria(given, _):
    solution = sim.solve(game_of(given), "nash")
    if not solution.complete[0]:
        raise ValueError("some equilibria may be missing")
    found, payoffs = equilibria(solution)
    return {"n_extreme": len(found), "n_equilibria": len(found), "equilibria": found, "payoffs": payoffs}


@model("nplayer_nash", "payoffs")
def three_players(given, _):
    solution = sim.solve(sim.NormalForm(given["payoffs"], cells=False), "nash")
    top, left, first = (float(row[0]) for row in solution.strategy[0, 0])
    return {"p_top": top, "p_left": left, "p_1": first, "n_equilibria": int(solution.count[0])}


@model("stag_hunt", "payoff_row")
def stag_hunt(given, _):
    game = symmetric(given["payoff_row"])
    solution = sim.solve(game, "nash")
    strategy = solution.strategy[0, : solution.count[0]]
    mixed = next(one for one in strategy if one.max() < 1)
    chosen = sim.select(solution, "risk_dominant")[0]
    pure = strategy[chosen[: len(strategy)]]
    losses = []
    for action in (0, 1):
        everybody = np.eye(2)[[[action, action]]]
        losses.append(float(np.prod(np.einsum("ha,ha->h", everybody[0], (d := game.deviations(everybody)[0])) -
                                    np.einsum("ha,ha->h", 1 - everybody[0], d))))  # fmt: skip

    def better(p):
        """By how much the stag is better where the other hunts it with p."""
        play_ = np.array([[[0.5, 0.5], [p, 1 - p]]])
        hunt, hare = game.deviations(play_)[0, 0]
        return hunt - hare

    return {
        "p_stag_mixed": float(mixed[0, 0]),
        "risk_dominant": "stag" if pure[0, 0, 0] == 1 else "hare",
        "loss_stag": losses[0],
        "loss_hare": losses[1],
        "p_dominance_stag": brentq(better, 0, 1, xtol=1e-15),
    }


@model("correlated_equilibrium", "payoff1")
def mediation(given, expected):
    game = game_of(given)
    solution = sim.solve(game, "correlated")
    value = dict(zip(solution.claim.names, solution.value[0], strict=True))
    best, worst = value["best for joint welfare"], value["worst for joint welfare"]
    found = {
        "max_sum": best.sum(), "min_sum": worst.sum(), "max_u1": value["best for player 1"][0],
        "min_u1": value["worst for player 1"][0],
    }  # fmt: skip
    if "dist" in expected:
        best_of_all = solution.claim.joint[0, list(solution.claim.names).index("best for joint welfare")]
        swapped = (best_of_all + best_of_all.T) / 2  # of players who are alike
        nash = sim.solve(game, "nash")
        mixed = nash.value[0, : nash.count[0]][
            (nash.strategy[0, : nash.count[0]].max(axis=-1) < 1).all(axis=-1)
        ]
        thirds = np.array([[1, 1], [1, 0]]) / 3
        payoffs = game.payoffs[0]
        obeys = all(
            ((rows := np.moveaxis(payoffs[i], i, 0)), (weight := np.moveaxis(thirds, i, 0)))
            and (weight[a] @ rows[a] >= weight[a] @ rows[b] - 1e-12)
            for i in (0, 1)
            for a in (0, 1)
            for b in (0, 1)
        )
        found |= {
            "best_symmetric": float((swapped * payoffs[0]).sum()), "dist": swapped.tolist(), "thirds_is_ce": obeys,
            "thirds_payoff": float((thirds * payoffs[0]).sum()), "mixed_ne_payoff": float(mixed[0, 0]),
        }  # fmt: skip
    return found


@model("stackelberg", "payoff1", "leader")
def commitment(given, _):
    game, leader = game_of(given), given["leader"] - 1
    mixed = sim.solve(game, "stackelberg", leader=leader)
    pure = sim.solve(game, "stackelberg_pure", leader=leader)
    nash = sim.solve(game, "nash")
    size = len(game.actions[leader])
    return {
        "best_nash": float(nash.value[0, : nash.count[0], leader].max()),
        "pure_commitment": float(pure.value[0, 0, leader]),
        "mixed_commitment": float(mixed.value[0, 0, leader]),
        "commitment": mixed.strategy[0, 0, leader, :size].tolist(),
    }


@model("stackelberg", "eps", "payoffs")
def noisy_commitment(given, _):
    """The follower sees the leader's move wrongly with eps and replies to what it sees: four plans."""
    eps, payoff = given["eps"], given["payoffs"]
    table = np.zeros((2, 2, 4))
    plans = [(s, c) for s in "SC" for c in "SC"]  # reply to a signal S, to a signal C
    for row, move in enumerate("SC"):
        for column, (after_s, after_c) in enumerate(plans):
            seen = (1 - eps, eps) if move == "S" else (eps, 1 - eps)
            for chance, reply in zip(seen, (after_s, after_c), strict=True):
                table[:, row, column] += chance * np.array(payoff[move + reply])
    solution = sim.solve(sim.NormalForm(table), "nash")
    strategy = solution.strategy[0, : solution.count[0]]
    leads = sorted({round(float(one[0, 0]), 9) for one in strategy})
    return {"p1_S": leads, "pure_equilibria": int((strategy.max(axis=-1) == 1).all(axis=-1).sum())}


def response(game, precision, **options):
    """Quantal response at a precision."""
    return sim.solve(game, "quantal_response", precision=precision, **options)


@model("qre", "lam", asked=["path"])
@model("seed_stage", "lam", asked=["path"])
def principal_branch(given, expected):
    game, path = game_of(given), []
    for precision in given["lam"]:
        play_ = response(game, precision).strategy[0, 0]
        if isinstance(expected["path"][0], dict):
            path.append({"lam": precision, "p_row1": float(play_[0, 0]), "q_col1": float(play_[1, 0])})
        else:
            sizes = [len(labels) for labels in game.actions]
            path.append([row[:size].tolist() for row, size in zip(play_, sizes, strict=True)])
    return {"path": path}


@model("qre", "lam", asked=["qre"])
def all_branches(given, _):
    game, answers = game_of(given), []
    for precision in given["lam"]:
        solution = response(game, precision, every=True)
        points = solution.strategy[0, : solution.count[0], :, 0].tolist()
        answers.append({"lam": precision, "n": len(points), "points": points})
    return {"qre": answers}


@model("qre", "freq_row1", "n_row")
def maximum_likelihood(given, _):
    game = game_of(given)

    def play_at(precision):
        return response(game, precision).strategy[0, 0, :, 0]

    def loss(precision):
        x, y = play_at(precision)
        f, g = given["freq_row1"], given["freq_col1"]
        rows, columns = f * np.log(x) + (1 - f) * np.log(1 - x), g * np.log(y) + (1 - g) * np.log(1 - y)
        return -given["n_row"] * rows - given["n_col"] * columns

    found = minimize_scalar(loss, bounds=(0.05, 20), method="bounded", options={"xatol": 1e-8})
    x, y = play_at(found.x)
    return {"lam": float(found.x), "p_row1": float(x), "q_col1": float(y), "loglik": float(-found.fun)}


def hawks(value, cost):
    """Hawk and dove."""
    return symmetric([[(value - cost) / 2, value], [0, value / 2]])


@model("evolutionary", "V", "C", asked=["hawk_share"])
def hawk_share(given, _):
    solution = sim.solve(hawks(given["V"], given["C"]), "replicator", start=[[0.05, 0.95]] * 2)
    return {"hawk_share": float(solution.strategy[0, 0, 0, 0]), "payoff": float(solution.value[0, 0, 0])}


@model("evolutionary", "x0", "x1")
def passage(given, _):
    game, first = hawks(given["V"], given["C"]), given["x0"]

    def ahead(time):
        return float(trajectory(game, [[first, 1 - first]] * 2, [time])[0, 0, 0, 0]) - given["x1"]

    last = 1.0
    while ahead(last) < 0:
        last *= 2
    return {"time": brentq(ahead, 1e-9, last, xtol=1e-12)}


@model("evolutionary", "payoff_row")
def basins(given, _):
    game = symmetric(given["payoff_row"])
    solution = sim.solve(game, "nash")
    strategy = solution.strategy[0, : solution.count[0]]
    border = float(next(one for one in strategy if one.max() < 1)[0, 0])
    ends = [
        float(
            sim.solve(game, "replicator", start=[[border + step, 1 - border - step]] * 2).strategy[0, 0, 0, 0]
        )
        for step in (-1e-3, 1e-3)
    ]
    if ends != [0.0, 1.0]:
        raise ValueError(f"from around {border} the dynamics end at {ends}")
    return {"threshold": border, "basin_stag": 1 - border}


@model("evolutionary", "win", "loss")
def rock_paper_scissors(given, _):
    win, loss, tie = given["win"], given["loss"], given["tie"]
    game = symmetric([[tie, loss, win], [win, tie, loss], [loss, win, tie]])
    stable = sim.solve(game, "evolutionarily_stable")
    ess = bool(stable.count[0] > 0)
    start = np.array([0.4, 0.33, 0.27])
    path = trajectory(game, [start] * 2, [0.0, 60.0])[0, :, 0]
    near = [float(np.abs(point[:3] - 1 / 3).max()) for point in path]
    word = (
        "closed orbits" if win == -loss else "asymptotically stable" if near[1] < near[0] / 2 else "unstable"
    )
    return {"stability": word, "ess": ess}


@model("fictitious_play", "first", asked=["x"])
def frequencies(given, _):
    record = play(RULES["fictitious_play"](game_of(given), 1), periods=given["rounds"], first=given["first"])
    sizes = [len(row) for row in (given["payoff1"], given["payoff1"][0])]
    first, second = (row[:size].tolist() for row, size in zip(record.frequency, sizes, strict=True))
    return {"x": first, "y": second}


@model("fictitious_play", "first", asked=["converges"])
def cycles(given, _):
    game = game_of(given)
    solution = sim.solve(game, "nash")
    if solution.count[0] != 1 or not solution.complete[0]:
        raise ValueError("the equilibrium is not unique")
    away = []
    for rounds in given["rounds"][:2]:
        record = play(RULES["fictitious_play"](game, 1), periods=rounds, first=given["first"])
        away.append(np.abs(record.frequency - solution.strategy[0, 0]).max())
    return {"converges": bool(max(away) < 0.1), "ne": solution.strategy[0, 0, 0].tolist()}
