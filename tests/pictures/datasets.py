"""Small datasets of the schema, made up without solving anything: what pictures must cope with."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import xarray

from sim.dataset import led_on, unfolded
from sim.forms.stochastic import Stochastic
from sim.forms.tree import Tree
from sim.game import Outcomes
from sim.pictures.style.palette import Palette, paints

STATUSES = ["ok", "degenerate", "max_steps", "not_found", "nonfinite", "refuted"]
SENTENCES = [f"what {name} means: what to do" for name in STATUSES]
NAMES = ("legal guarantee", "talks", "frozen standoff", "open conflict")
TONES = dict(zip(NAMES, ("concession", "talks", "standoff", "war"), strict=True))


def colour(number, names=NAMES, tones=TONES):
    """The colour of an outcome of these datasets."""
    return Palette(paints(names, tones)).colour(number)


def texts(figure):
    """The texts of a figure, those of its axes left out."""
    return [text.get_text() for text in figure.texts]


def words(figure):
    """All that a figure says in words; the lines of an entry of its legend are joined."""
    return " | ".join(texts(figure))


def dataset(
    probability, *, mixed=None, degenerate=None, status=None, names=NAMES, axes=None, detail=True,
    players=("Russia", "NATO"), **attrs,
):  # fmt: skip
    """A dataset of equilibria with these outcomes, ``probability (*axes, K, outcome)``, NaN where none is."""
    probability = np.asarray(probability, dtype=float)
    shape, most = probability.shape[:-2], probability.shape[-2]
    axes = axes or dict.fromkeys(["build_up_cost", "chill", "patience"][: len(shape)], (0.0, 4.0))
    dims = tuple(axes)
    present = ~np.isnan(probability[..., 0])
    flags = {
        "flag_values": list(range(6)),
        "flag_meanings": " ".join(STATUSES),
        "sentences": json.dumps(SENTENCES),
    }
    variables = {
        "status": (dims, np.zeros(shape, "int8") if status is None else np.asarray(status, "int8"), flags),
        "count": (dims, present.sum(axis=-1).astype("int32")),
        "complete": (dims, np.ones(shape, bool)),
        "degenerate": (dims, np.zeros(shape, bool) if degenerate is None else degenerate),
        "holds": ((*dims, "outcome"), (np.nan_to_num(probability) >= 0.5).any(axis=-2)),
        "mixed": (dims, np.zeros(shape, "int32") if mixed is None else np.asarray(mixed, "int32")),
    }
    coords = {"outcome": list(names)}
    for (name, ends), size in zip(axes.items(), shape, strict=True):
        words = {"long_name": f"cost of {name.replace('_', ' ')}", "units": "utility", "default": 1.2}
        coords[name] = name, np.linspace(*ends, size), words | {"low": ends[0], "high": ends[1]}
    if detail:
        slope = np.arange(np.prod(shape)).reshape(*shape, 1, 1) / np.prod(shape)
        worth = np.nan_to_num(probability) @ np.arange(len(names))[:, None]
        value = worth + slope + np.array([0.0, -2.0, 1.0][: len(players)])
        variables["probability"] = (*dims, "equilibrium", "outcome"), probability
        variables["value"] = (*dims, "equilibrium", "player"), np.where(present[..., None], value, np.nan)
        coords |= {"player": list(players), "equilibrium": np.arange(most)}
    fixed = {"prize": 25.0, "harm": 1.5}
    usual = {
        "title": "How costly must the rifle be before talks start?",
        "note": "",
        "scenario": "tiny",
        "scenario_title": "A tiny standoff",
        "sweep": "rifle",
        "form": "normal",
        "concept": "nash",
        "solver": "pure",
        "keep": "equilibria" if detail else "map",
        "fixed": json.dumps(fixed),
        "defaults": json.dumps({"prize": 20.0, "harm": 1.5} | dict.fromkeys(dims, 1.2)),
        "tones": json.dumps(TONES),
        "players": json.dumps(players),
        "sources": json.dumps(["Polityka, 3 December 2021"]),
        "command": "standoff sweep tiny rifle",
        "standoff_version": "0.1.0",
    }
    return xarray.Dataset(variables, coords, usual | attrs)


def pure(outcome, outcomes=4):
    """Certain outcomes, ``(*axes, K) -> (*axes, K, outcome)``; -1: no such equilibrium."""
    outcome = np.asarray(outcome)
    return np.where((outcome >= 0)[..., None], np.eye(outcomes)[outcome], np.nan)


def quarters(size=40, **options):
    """Four corners: one outcome, another, both with a mixed equilibrium beside them, and mixed play alone."""
    x, y = np.meshgrid(np.arange(size), np.arange(size), indexing="ij")
    right, upper = x >= size // 2, y >= size // 3
    first = np.where(right & ~upper, 2, 1)
    both = right & upper
    probability = pure(np.stack([first, np.where(both, 2, -1), np.full_like(x, -1)], axis=-1))
    mix = np.array([0.0, 0.45, 0.45, 0.1])
    probability[both, 2] = mix
    alone = ~right & upper
    probability[alone, 0] = mix
    return dataset(probability, mixed=(both | alone).astype(int), **options)


def line(size=50, **options):
    """Along one parameter: talks; talks or a standoff, and a mixed equilibrium between; a standoff."""
    at = np.linspace(0, 1, size)
    both = (at > 0.3) & (at < 0.7)
    probability = pure(
        np.stack([np.where(at < 0.7, 1, 2), np.where(both, 2, -1), np.full(size, -1)], axis=-1)
    )
    share = (at - 0.3) / 0.4
    probability[both, 2] = np.stack([0 * at, share, 1 - share, 0 * at], axis=-1)[both]
    return dataset(probability, mixed=both.astype(int), **options)


def many(size=40, outcomes=15, seed=1):
    """Many outcomes with long names, blotches of several at once."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, outcomes, (5, 5, 3))
    chosen = np.repeat(np.repeat(coarse, size // 5, 0), size // 5, 1)
    chosen[..., 1] = np.where(chosen[..., 1] < outcomes // 2, chosen[..., 1], -1)
    chosen[..., 2] = np.where(chosen[..., 1] >= 0, np.where(chosen[..., 2] < 3, chosen[..., 2], -1), -1)
    names = [
        f"outcome number {number} of a scenario with a long list, ${number}" for number in range(outcomes)
    ]
    return dataset(pure(chosen, outcomes), names=names)


def failed(shape=(6, 6)):
    """Nothing was solved: each row has another status."""
    nothing = pure(np.full((*shape, 1), -1))
    rows = np.arange(shape[0]).reshape(-1, *[1] * (len(shape) - 1)) % 4 + 2
    return dataset(nothing, status=np.broadcast_to(rows, shape))


def seam(size=41):
    """Two outcomes with a degenerate line of cells between them in which both hold."""
    x, _ = np.meshgrid(np.arange(size), np.arange(size), indexing="ij")
    on = x == size // 2
    probability = pure(np.stack([np.where(x < size // 2, 1, 2), np.where(on, 1, -1)], axis=-1))
    return dataset(probability, degenerate=on, status=on.astype(int))


def sample(replicates=4, draws=256, outcomes=NAMES, seed=2):
    """Points that were drawn: a standoff where the build-up is cheap and it is cold, else talks."""
    unit = np.random.default_rng(seed).random((3, replicates, draws))
    standoff = (unit[0] < 0.6) & (unit[1] > 0.3)
    data = dataset(
        pure(np.where(standoff, 2, 1)[..., None], len(outcomes)), names=outcomes, detail=False,
        axes={"replicate": (0, replicates - 1), "draw": (0, draws - 1)}, design="sobol",
        distributions=json.dumps(dict.fromkeys(["build_up_cost", "chill", "prize"], "Uniform(low=0, high=1)")),
    )  # fmt: skip
    words = {"long_name": "cost of this", "units": "utility"}
    names = ("build_up_cost", "chill", "prize")
    return data.assign_coords(
        {name: (("replicate", "draw"), values, words) for name, values in zip(names, unit, strict=True)}
    )


def payoffs():
    """Payoff sets along patience: none, a point, a segment, then growing triangles, inside a square."""
    patience = np.array([0.1, 0.3, 0.5, 0.7, 0.8, 0.9])
    vertices = np.full((6, 4, 2), np.nan)
    vertices[1, 0] = 0.5, 0.5
    vertices[2, :2] = [[0.5, 0.5], [1.0, 1.0]]
    for cell, size in ((3, 1.0), (4, 1.25), (5, 1.5)):
        vertices[cell, :3] = [[0.5, 0.5], [0.5 + size, 0.5], [0.5, 0.5 + size]]
    data = dataset(pure(np.full((6, 1), 1)), axes={"patience": (0.1, 0.9)}, concept="subgame_perfect")
    return data.assign_coords(patience=("patience", patience, data["patience"].attrs)).assign(
        payoff_set=(("patience", "vertex", "player"), vertices),
        feasible=(("corner", "player"), [[0.0, 0.0], [2.5, 0.0], [2.5, 2.5], [0.0, 2.5]]),
        minmax=(("patience", "player"), np.full((6, 2), 0.5)),
        stage_nash=(("point", "player"), [[0.5, 0.5], [1.0, 1.0]]),
    )


def played(periods=30, runs=5, states=("calm", "tense")):
    """Crises that begin with talks and end frozen, run after run; with states where there are any."""
    from sim.dataset import played as build

    came = np.arange(periods)[:, None] * (runs + 1) > np.arange(1, runs + 1) * periods
    share = np.stack([0 * came.mean(1), 1 - came.mean(1), came.mean(1), 0 * came.mean(1)], axis=1)
    attrs = {
        "title": f"{runs} crises of {periods} periods",
        "scenario_title": "A tiny standoff",
        "by": "played by fictitious play",
        "how": "played by fictitious play, seed 0",
        "fixed": json.dumps({"prize": 25.0}),
        "tones": json.dumps(TONES | {"calm": "quiet"}),
        "command": "standoff play tiny --by fictitious_play",
        "standoff_version": "0.1.0",
    }
    visits = share[:, 1:3] if states else None
    return build(share, came + 1, NAMES, attrs, visits, states)


def signals(count=3, equilibria=9):
    """Polylines of some signals of three corners each, and equilibria that lie on them or on top of each other."""
    gain = np.array([[[m, 1.0], [m + 0.5, 3.0 - m], [m + 2.0, 2.5]] for m in range(count)]).reshape(-1, 2)
    names = ["build up", "$withdraw$", "a signal with a long name that is to be read whole"][:count]
    variables = {
        "gain": (("corner", "type"), gain),
        "signal": ("corner", [name for name in names for _ in range(3)]),
        "belief_low": ("corner", [0.0, 0.3, 0.6] * count),
        "belief_high": ("corner", [0.3, 0.6, 1.0] * count),
        "value": (("equilibrium", "type"), gain[np.arange(equilibria) % len(gain) // 2]),
        "sent": ("equilibrium", [names[k % count] for k in range(equilibria)]),
    }
    attrs = {"title": "What does a signal tell?", "how": "made up", "standoff_version": "0.1.0"}
    return xarray.Dataset(variables, {"type": ["Russia@resolved", "Russia@bluffing"]}, attrs)


def crisis_states(size=4):
    """States that lead on to the next, or back to the first; who plays there mixes in every second one."""
    names = [f"week {s + 1}, in which $much$ may happen" for s in range(size)]
    transition = np.zeros((1, size, 2, 1, size))
    for s in range(size):
        transition[0, s, 0, 0, min(s + 1, size - 1)] = transition[0, s, 1, 0, 0] = 1
    outcomes = Outcomes(("calm", "war"), np.tile([[0], [1]], (size, 1, 1)))
    actions = [["wait", "attack"], ["watch"]]
    game = Stochastic(np.zeros((1, 2, size, 2, 1)), transition, 0.9, ("A", "B"), names, actions, outcomes)
    strategy = np.zeros((1, 1, 2 * size, 2))
    strategy[..., 0] = 1
    strategy[0, 0, :size:2] = 0.5
    return led_on(SimpleNamespace(game=game, strategy=strategy), {"title": "On and on?", "how": "made up"})


def unfolded_tree(rounds=2, lots=(0.25, 0.75)):
    """The tree of a side with a type of its own that builds up, or not, in turn with another."""

    def after(rounds, path):
        if not rounds:
            return (path, len(path), -1.5)
        mover = f"Russia@{path}, round {rounds}" if rounds % 2 else f"NATO@seen {path[1:]}, round {rounds}"
        return {mover: {"build_up": after(rounds - 1, path + "b"), "wait": after(rounds - 1, path + "w")}}

    names = ("$resolved$", "bluffing", "a type with a long name that is to be read whole")
    drawn = {name: (lot, after(rounds, name[0])) for name, lot in zip(names, lots, strict=False)}
    tree = Tree({"chance": drawn}, ("Russia", "NATO"))
    strategy = np.zeros((1, 1, len(tree.agents), 2))
    strategy[..., 0] = np.arange(len(tree.agents)) % 3 / 2
    strategy[..., 1] = 1 - strategy[..., 0]
    answer = SimpleNamespace(game=tree, strategy=strategy)
    uniform = np.full(len(tree.decisions), 0.5)
    assessment = tree.assessment(strategy[0], {"belief": uniform, "belief_high": uniform + 0.25})
    return unfolded(
        answer, assessment, {"title": "Who builds up?", "how": "made up", "standoff_version": "0.1.0"}
    )


def bargain(types=3, players=("Russia", "the Alliance of many capitals")):
    """What there is to agree on with each of some types, and with the last nothing."""
    rows = [f"the Alliance@a type with a name that is long, number {k}\u00a0(0.3)" for k in range(types)]
    variables = {
        "low": ("row", np.linspace(0.1, 0.6, types)),
        "high": ("row", np.linspace(0.9, 0.5, types)),
        "at": ("sign", np.tile([0.02, 0.5, 0.98], types)),
        "share": ("sign", np.tile([0.02, 0.5, 0.02], types)),
        "sign_row": ("sign", np.repeat(np.arange(types), 3)),
        "sign_player": ("sign", np.tile([0, 0, 1], types)),
        "what": ("sign", ["keeps", "accepts", "insists"] * types),
        "agent": (
            "sign",
            [players[0] + "@proposing", players[0] + "@answering", players[1] + "@$firm$"] * types,
        ),
        "probability": ("outcome", [0.25, 0.75]),
    }
    attrs = {
        "title": "What is there to agree on?", "scale": "what Russia gets", "fallback": "what each has outside",
        "pie": 1.0, "standoff_version": "0.1.0",
    }  # fmt: skip
    coords = {"row": rows, "player": list(players), "outcome": ["agreement at once", "outside"]}
    return xarray.Dataset(variables, coords, attrs)


def named(rounds=3):
    """A name that grows for some rounds, and is lost in each."""
    variables = {
        "belief": (("point", "type"), np.stack([x := np.linspace(0.1, 1.0, rounds + 1), 1 - x], axis=1)),
        "lost": ("round", np.zeros(rounds)),
        "plays": (("round", "type"), np.stack([np.ones(rounds), np.linspace(0.9, 0.0, rounds)], axis=1)),
        "tested": ("round", np.linspace(0.0, 0.5, rounds)),
        "kept": ("round", ["fight for $name$ and all"] * rounds),
        "test": ("round", ["an entrant: enter"] * rounds),
    }
    coords = {"type": ["tough", "weak"], "round": np.arange(1, rounds + 1), "point": np.arange(1, rounds + 2)}
    attrs = {"title": "A name", "player": "The owner", "good": "tough", "standoff_version": "0.1.0"}
    return xarray.Dataset(variables, coords, attrs)


def believed(size=30):
    """Along one parameter: two equilibria of which one has a belief that is free, and one that ends half way."""
    low = np.full((size, 2, 3), np.nan)
    low[:, 0] = np.stack([x := np.linspace(0.1, 0.5, size), 1 - x, np.ones(size)], axis=1)
    high = low.copy()
    low[: size // 2, 1], high[: size // 2, 1] = [0.5, 0.0, 1.0], [1.0, 0.5, 1.0]
    data = line(size, concept="sequential", form="tree")
    data = data.isel(equilibrium=slice(2)).assign(
        belief_low=((*data["status"].dims, "equilibrium", "decision"), low),
        belief_high=((*data["status"].dims, "equilibrium", "decision"), high),
        kind=((*data["status"].dims, "equilibrium"), np.tile(np.array([1, 3], "int8"), (size, 1))),
    )
    names = ["NATO@build_up: resolved", "NATO@build_up: bluffing", "Russia@resolved"]
    moves = json.dumps({"NATO@build_up": ["concede", "refuse"], "Russia@resolved": ["build_up", "wait"]})
    return data.assign_coords(decision=names).assign_attrs(actions=moves)


def tiny():
    """Name -> dataset, of one and two axes: the corners of what a sweep can give."""
    everywhere = pure(np.full((3, 5, 1), 2))
    absent = pure(np.full((2, 2, 1), -1))
    return {
        "bargain": bargain(),
        "bargain of one row": bargain(1),
        "name": named(),
        "name of many rounds": named(40),
        "beliefs": believed(),
        "quarters": quarters(),
        "three_by_three": quarters(3),
        "two_by_two": quarters(2),
        "map_level": quarters(12, detail=False),
        "one_regime": dataset(everywhere),
        "one_point": dataset(everywhere[:1, :1]),
        "continuum": dataset(pure(np.full((20, 20, 2), [1, 2])), degenerate=np.ones((20, 20), bool)),
        "by_mixing": dataset(np.full((5, 5, 1, 4), [0.1, 0.7, 0.2, 0.0]), mixed=np.ones((5, 5))),
        "no_equilibrium": dataset(absent),
        "all_failed": failed(),
        "many_outcomes": many(),
        "seam": seam(),
        "long_and_thin": dataset(pure(np.full((2, 90, 1), 1))),
        "line": line(),
        "line_of_two": line(2),
        "line_of_one": line(1),
        "line_map_level": line(30, detail=False),
        "line_failed": failed((7,)),
        "payoffs": payoffs(),
        "three_players": line(players=("A", "B", "C")),
        "played": played(),
        "played_once": played(1, 1, ()),
        "tree": unfolded_tree(),
        "states": crisis_states(),
        "signals": signals(),
        "one_signal": signals(1, 1),
        "wide_tree": unfolded_tree(5, (0.25, 0.25, 0.5)),
    }  # fmt: skip
