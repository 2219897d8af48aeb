"""What others do not know: signals of resolve, beer and quiche, Selten's horse, the seed's crisis, each as a tree."""

from __future__ import annotations

from collections import Counter
from itertools import product

import numpy as np

import sim
from sim.claim import Claim, Status
from sim.solution import certify
from tests.literature.registry import model

TIE = 1e-9
POSTURES = {"W": (0, 0), "L": (0, 1), "B": (1, 1)}
"""Rifle and demand in each posture of Russia."""
REPLIES = {"C": (1, 0, 0), "T": (0, 1, 0), "F": (0, 0, 0), "D": (0, 0, 1), "DT": (0, 1, 1)}
"""Concession, talks and reinforcement in each reply of NATO."""
ENDS = {
    "war": "p_war", "legal guarantee": "p_legal_guarantee", "standoff": "p_standoff",
    "talks without the rifle": "p_talks_no_rifle",
}  # fmt: skip


def read(tree):
    """A tree of the cases as moves inside moves."""
    players = tree["players"]

    def moves(node):
        if "payoffs" in node:
            return (*([node["label"]] if "label" in node else []), *node["payoffs"])
        if "chance" in node:
            return {"chance": {way: (p, moves(then)) for way, (p, then) in node["chance"].items()}}
        label = f"{players[node['player']]}@{node['infoset']}"
        return {label: {action: moves(then) for action, then in node["moves"].items()}}

    return sim.Tree(moves(tree["root"]), players=tuple(players))


def solved(game, *names):
    """All sequential equilibria of a game, of which it must have some in each cell."""
    solution = sim.solve(game, *names)
    if (solution.count == 0).any():
        raise ValueError(solution.sentence(int(np.argmin(solution.count))))
    return solution


def play(solution, label, action, k=0):
    """Probability that an agent does something in equilibrium ``k``, ``(C,)``."""
    place = [agent.label for agent in solution.game.agents].index(label)
    return solution.strategy[:, k, place, solution.game.agents[place].actions.index(action)]


def belief(solution, label, node, k=0, name="belief"):
    """What an agent of the first cell believes of a node."""
    found = solution.game.assessment(solution.strategy[:, k], picked(solution, k))["beliefs"][label][node]
    return {"belief_low": found[0], "belief_high": found[1]}.get(name, sum(found) / 2)


def picked(solution, k):
    """What is claimed beside equilibrium ``k`` of the first cell."""
    return {name: value[0, k] for name, value in solution.claim.extra.items() if name.startswith("belief")}


def share(solution, outcome, k=0):
    """Probability of an outcome in equilibrium ``k``, ``(C,)``."""
    shares = solution.game.shares(solution.strategy[:, k])
    names = solution.game.outcomes.names
    return shares[:, names.index(outcome)] if outcome in names else np.zeros(len(shares))


def border(holds, low, high):
    """Where ``holds (values) -> (C,) bool`` begins to; the upper end where it does nowhere."""
    for _ in range(12):
        values = np.linspace(low, high, 65)
        true = np.flatnonzero(holds(values))
        if not len(true):
            return high
        if true[0] == 0:
            return low
        low, high = values[true[0] - 1], values[true[0]]
    return (low + high) / 2


@model("bluff_signal", "prior_resolved", "k_build_cost")
def bluffs(given, _):
    give, war, gain = (
        given[name] for name in ("g_concession_cost_target", "c_war_cost_target", "b_target_gain_if_backdown")
    )
    reward = {"resolved": given["V_resolved"], "bluffing": given["V_bluffer"]}
    cost = given["k_build_cost"]

    def answered(kind):
        refused = (
            ("war", given["w_war_resolved"] - cost, -war)
            if kind == "resolved"
            else ("backdown", -given["a_backdown_cost"] - cost, gain)
        )
        return {"N@build": {"concede": ("concession", reward[kind] - cost, -give), "refuse": refused}}

    def signal(kind):
        return {f"S@{kind}": {"build": answered(kind), "quiet": ("status quo", 0, 0)}}

    def drawn(chance, then):
        return sim.Tree(
            {"chance": {"resolved": (chance, then("resolved")), "bluffing": (1 - chance, then("bluffing"))}},
            players=("S", "N"),
        )

    solution = solved(drawn(given["prior_resolved"], signal))
    if solution.count[0] != 1:
        raise ValueError(f"{solution.count[0]} equilibria")
    found = {f"build_{name}": float(play(solution, f"S@{kind}", "build")[0]) for kind, name in
             (("resolved", "resolved"), ("bluffing", "bluffer"))}  # fmt: skip
    concede = float(play(solution, "N@build", "concede")[0])
    if concede < TIE:
        regime = "never concede"
    elif found["build_bluffer"] < TIE:
        regime = "separating"
    else:
        regime = "pooling" if found["build_bluffer"] > 1 - TIE else "semi-separating"

    def conceded(chances):
        return play(solved(drawn(chances, answered)), "N@build", "concede") > 0.5

    return found | {
        "regime": regime,
        "q_star": border(conceded, 0.0, 1.0),
        "concede": concede,
        "posterior_resolved": belief(solution, "N@build", "resolved"),
        "prob_war": float(share(solution, "war")[0]),
        "prob_concession": float(share(solution, "concession")[0]),
        "prob_backdown": float(share(solution, "backdown")[0]),
    }


@model("beer_quiche", "p_wimp", "tree")
def breakfast(given, _):
    game = read(given["tree"])
    solution = solved(game)
    wimp, surly = (
        [float(play(solution, f"Sender@S_{kind}", "beer", k)[0]) for k in range(solution.count[0])]
        for kind in ("wimp", "surly")
    )
    found = {}
    for k, pair in enumerate(zip(wimp, surly, strict=True)):
        kind = {(1.0, 1.0): "pool_beer", (0.0, 0.0): "pool_quiche"}.get(pair, "separating")
        found.setdefault(kind, []).append(k)
    answers = {name: name in found for name in ("pool_beer", "pool_quiche", "separating")}
    for name in ("pool_beer", "pool_quiche"):
        strategy = solution.strategy[:, found[name][0]]
        reached = game.reach(strategy)[0, game.shape.ends]
        kinds = np.array([game.spoken((z,)).startswith("wimp") for z in range(len(reached))])
        payoffs = game.payoffs[0, 0]
        each = [float((reached * payoffs)[own].sum() / reached[own].sum()) for own in (kinds, ~kinds)]
        answers[f"payoffs_{name}"] = [*each, float(solution.value[0, found[name][0], 1])]
    kept = {
        name
        for name, places in found.items()
        if any(solution.claim.extra["intuitive"][0, k] == 1 for k in places)
    }
    return answers | {"intuitive": "+".join(sorted(kept))}


@model("extensive_refinement", "tree", asked=["LRR_nash", "q_min"])
def horse(given, _):
    """Whether play holds is asked of the certificate, with beliefs that a tremble would give."""
    game = read(given["tree"])
    labels = [agent.label for agent in game.agents]
    third = game.shape.first[labels.index("3@3")]

    def holds(concept, chances, after_left):
        """``chances``: of R, for each player."""
        play = np.array([
            [chances[agent.label[0]] if action == "R" else 1 - chances[agent.label[0]] for action in agent.actions]
            for agent in game.agents
        ])  # fmt: skip
        believed = np.ones(len(game.decisions))
        left = next(
            d for d, words in enumerate(game.decisions) if words.startswith("3@3") and "R" not in words
        )
        believed[third : third + 2] = 1 - after_left
        believed[left] = after_left
        claim = Claim(play[np.newaxis, np.newaxis], extra={"belief": believed[np.newaxis, np.newaxis]})
        return certify(game, claim, concept).status[0] <= Status.degenerate

    def replies(beliefs):
        end = {way: {"R": right, "L": left} for way, right, left in (("L", (2,), (0,)), ("R", (0,), (1,)))}
        asked = {"chance": {"L": (beliefs, {"3": end["L"]}), "R": (1 - beliefs, {"3": end["R"]})}}
        return play(solved(sim.Tree(asked, players=("3",))), "3", "R") > 0.5

    even = border(replies, 0.0, 1.0)
    return {
        "LRR_nash": holds("nash", {"1": 0.0, "2": 1.0, "3": 1.0}, 1.0),
        "LRR_sequential": holds("sequential", {"1": 0.0, "2": 1.0, "3": 1.0}, 1.0),
        "q_min": border(
            lambda many: [holds("sequential", {"1": 1.0, "2": 1.0, "3": 1.0 - q}, even) for q in many],
            0.0,
            0.999,
        ),
        "mu_after_L": even,
    }


def peace(p, posture, reply):
    """Payoffs of the seed's stage, of a NATO whose backbone is ``(K, rho)``: ``(Russia, NATO by backbone)``."""
    (r, q), (c, t, d) = POSTURES[posture], REPLIES[reply]
    worth = 1 - p["xi"] * q
    russia = p["V"] * c + (p["I"] - p["k"]) * r + p["tauR"] * t * worth - p["h"] * d
    russia = russia - p["a"] * (1 - q) * (1 - c) * (1 - p["phi"] * t)
    nato = -p["x"] * r * (1 - c) + p["tauN"] * t * worth - p["sigma"] * t * r + (p["beta"] * r - p["e"]) * d
    return russia, nato - c * p["own_K"] - c * r * p["own_rho"]


def ended(posture, reply, war):
    """What an end of the crisis is called."""
    if war:
        return "war"
    if reply == "C":
        return "legal guarantee"
    if posture == "B":
        return "standoff"
    return "talks without the rifle" if "T" in reply else "no talks"


def last(p, kind, reply, label):
    """Russia holds or attacks after the build-up, and knows which of the two it is."""
    d = REPLIES[reply][2]
    war = p["w_res" if kind == "resolved" else "w_bluff"] - p["k"] - p["eta"] * d
    attacked = ("war", war, -p["cN"] + (p["zeta"] - p["e"]) * d)
    return {label: {"hold": ("standoff", *peace(p, "B", reply)), "attack": attacked}}


def crisis(p):
    """The seed's crisis; parameters may be arrays of cells."""
    backbones = {"cohesive": ("K", "rho"), "divided": ("K_div", "rho_div")}

    def after(kind, side, posture, reply):
        own = p | dict(zip(("own_K", "own_rho"), (p[name] for name in backbones[side]), strict=True))
        if posture == "B" and reply != "C":
            return last(own, kind, reply, f"Russia@{kind}, {reply}")
        return (ended(posture, reply, war=False), *peace(own, posture, reply))

    def moves(kind, side):
        answers = {
            posture: {
                f"NATO@{side}, {posture}": {reply: after(kind, side, posture, reply) for reply in REPLIES}
            }
            for posture in POSTURES
        }
        return {f"Russia@{kind}": answers}

    def met(kind):
        divided = p["omega"]
        return {
            "chance": {
                "cohesive": (1 - divided, moves(kind, "cohesive")),
                "divided": (divided, moves(kind, "divided")),
            }
        }

    resolved = p["pi"]
    drawn = {"resolved": (resolved, met("resolved")), "bluffing": (1 - resolved, met("bluffing"))}
    return sim.Tree({"chance": drawn}, players=("Russia", "NATO"))


def regime(resolved, bluffing):
    """What the two kinds of Russia do, in a word."""
    if resolved < TIE:
        return "no build-up"
    if bluffing < TIE:
        return "separating"
    return "pooling build-up" if bluffing > 1 - TIE else "semi-separating"


def replies_to_the_rifle(solution, side, k):
    """What a NATO of one kind does about the build-up, by the replies it uses; of a tie with DT it is D."""
    found = {}
    for reply in REPLIES:
        chance = float(play(solution, f"NATO@{side}, B", reply, k)[0])
        if chance > TIE:
            found[reply] = chance
    return found


@model("seed_crisis", "parameters", asked=["equilibria"])
def standoff_with_private_resolve(given, _):
    """Equilibria with the same ends and values, which differ off the path or by replies that tie, are told once."""
    game = crisis(given["parameters"])
    solution = solved(game)
    equilibria = []
    for k in range(solution.count[0]):
        if any(same_end(solution, k, j) for j in range(k)):
            continue
        builds = [float(play(solution, f"Russia@{kind}", "B", k)[0]) for kind in ("resolved", "bluffing")]
        ends = {name: float(share(solution, end, k)[0]) for end, name in ENDS.items()}
        cohesive = replies_to_the_rifle(solution, "cohesive", k)
        told = {
            "type": regime(*builds),
            "build_resolved": builds[0],
            "build_bluffer": builds[1],
            "reply_cohesive": "+".join(cohesive),
            "reply_divided": replies_to_the_rifle(solution, "divided", k),
        }
        label = "NATO@divided, B"
        least, most = (belief(solution, label, "resolved", k, name) for name in ("belief_low", "belief_high"))
        corners = [most] if most - least < TIE else [most, least]
        equilibria += [told | ends | {"posterior": corner} for corner in corners]
    rows = by_strategic_form(game)
    return {
        "outcome": {name: equilibria[0][name] for name in ENDS.values()},
        "equilibria": equilibria,
        "unique_nash_outcome": outcomes_of_nash(game, *rows) == 1,
        "dominance_solvable": left_by_dominance(rows[0]) == 1,
    }


def same_end(solution, k, j):
    """Whether two equilibria end alike, and are worth the same to everybody."""
    shares = (solution.game.shares(solution.strategy[:, one]) for one in (k, j))
    return np.allclose(*shares, atol=TIE) and np.allclose(*solution.value[0, [k, j]], atol=TIE)


def by_strategic_form(game):
    """The crisis before the last decision, as what each kind of either does: the game, and the tree's strategies.

    Russia chooses a posture for each kind, NATO a reply to the rifle for each kind; what follows on other postures and
    at last is what is best there.
    """
    settled = sim.solve(game).strategy[0, 0]
    places = {agent.label: h for h, agent in enumerate(game.agents)}
    plans = list(product(POSTURES, repeat=2)), list(product(REPLIES, repeat=2))
    strategies = np.tile(settled, (len(plans[0]), len(plans[1]), 1, 1))
    for (a, own), (b, theirs) in product(enumerate(plans[0]), enumerate(plans[1])):
        chosen = dict(zip(("Russia@resolved", "Russia@bluffing"), own, strict=True))
        chosen |= dict(zip(("NATO@cohesive, B", "NATO@divided, B"), theirs, strict=True))
        for label, action in chosen.items():
            row = strategies[a, b, places[label]]
            row[:] = 0.0
            row[game.agents[places[label]].actions.index(action)] = 1.0
    flat = strategies.reshape(-1, *settled.shape)
    values = game.take(np.zeros(len(flat), int)).values(flat)
    shape = strategies.shape[:2]
    ends = game.take(np.zeros(len(flat), int)).shares(flat).reshape(*shape, -1)
    return sim.NormalForm(values.T.reshape(2, *shape)), ends


def outcomes_of_nash(game, matrix, ends):
    """How many distributions of outcomes the extreme Nash equilibria of the strategic form have."""
    solution = solved(matrix, "nash")
    found = []
    for rows, columns in solution.strategy[0, : solution.count[0]]:
        shares = np.einsum("a,b,abo->o", rows[: ends.shape[0]], columns[: ends.shape[1]], ends)
        if not any(np.allclose(shares, other, atol=1e-7) for other in found):
            found.append(shares)
    return len(found)


def left_by_dominance(matrix):
    """How many joint plans survive strict dominance, again and again."""
    survives = sim.solve(matrix, "iterated_dominance").claim.extra["survives"][0]
    return int(survives.sum(axis=1).prod())


@model("seed_crisis", "parameters", asked=["omega_star"])
def thresholds(given, _):
    """Each by bisection over the equilibria of the crisis, or of the part of it that the question is about."""
    p = given["parameters"]

    def bluffers_build(division):
        return play(solved(crisis(p | {"omega": division, "pi": 0.9})), "Russia@bluffing", "B") > TIE

    def divided_concede(resolve):
        solution = solved(crisis(p | {"omega": 0.5, "pi": resolve}))
        return play(solution, "NATO@divided, B", "C") > 1 - TIE

    def cohesive_holds(backbone):
        own = p | {"own_K": backbone, "own_rho": p["rho"]}
        replies = {
            reply: peace(own, "B", reply) if reply == "C" else last(own, "resolved", reply, f"Russia@{reply}")
            for reply in REPLIES
        }
        ends = {reply: ("C", *end) if isinstance(end, tuple) else end for reply, end in replies.items()}
        return play(solved(sim.Tree({"NATO": ends}, players=("Russia", "NATO"))), "NATO", "C") < 0.5

    def attacks(reply):
        own = p | {"own_K": p["K"], "own_rho": p["rho"]}

        def holds(worth):
            game = sim.Tree(
                last(own | {"w_res": worth}, "resolved", reply, "Russia"), players=("Russia", "NATO")
            )
            return play(solved(game), "Russia", "attack") > 0.5

        return border(holds, -50.0, 50.0)

    return {
        "mu_star": border(divided_concede, 0.0, 1.0),
        "omega_star": border(bluffers_build, 0.0, 1.0),
        "K_star_backbone": border(cohesive_holds, -50.0, 50.0),
    } | {f"w_attack_after_{reply}": attacks(reply) for reply in ("D", "F", "T")}


@model("seed_map", "axes")
def map_of_regimes(given, expected):
    """The regimes of the crisis over resolve and division."""
    n, axes = given["n"], given["axes"]
    grid = np.meshgrid(*(np.linspace(*ends, n) for ends in axes.values()), indexing="ij")
    solution = solved(crisis(given["parameters"] | dict(zip(axes, map(np.ravel, grid), strict=True))))
    found = [
        {regime(a, b) for a, b in zip(*builds, strict=True)} for builds in np.moveaxis(every(solution), 1, 0)
    ]
    return {"counts": dict(Counter("+".join(sorted(one)) for one in found))}


def every(solution):
    """Probability that each kind of Russia builds up, ``(2, C, K)``, repeating the last equilibrium where K is more."""
    each = np.array([
        [play(solution, f"Russia@{kind}", "B", k) for k in range(solution.strategy.shape[1])]
        for kind in ("resolved", "bluffing")
    ])  # fmt: skip
    first = each[:, :1]
    return np.where(np.isnan(each), first, each).swapaxes(1, 2)
