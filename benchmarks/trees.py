"""Signalling games: microseconds of processor time a cell, beside pygambit where it is installed.

``python benchmarks/trees.py`` prints tables.  Games are random with three decimals, solved as arrays of a view of trees,
or the crisis of ``scenarios/crisis_2021.toml``; compiling is not counted.  Processor time of one thread: other work on
the machine makes all of it longer, peers and ours alike, so that ratios say more than times.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))  # a script sees its own folder only

import sim
import sim.plugins
from sim.interchange.objects import to_pygambit
from sim.kernels.tree.belief_faces import belief_faces, face_room
from sim.kernels.tree.face_patterns import face_patterns
from sim.kernels.tree.polylines import polylines, room_for
from sim.solution import certify
from sim.solvers.methods.folding import folded_agents

try:
    import pygambit
except ImportError:
    pygambit = None

RUNS = 3


def drawn(cells: int, shape: tuple[int, int, int, int]) -> tuple[np.ndarray, ...]:
    """Arrays of random signalling games: prior, chance of receivers, payoffs of both."""
    draw = np.random.default_rng(20211203)
    prior = draw.dirichlet(np.ones(shape[0]), cells)
    payoffs = draw.random((2, cells, *shape)).round(3)
    return prior, np.ones((cells, shape[0], shape[2])), payoffs[0], payoffs[1]


def best(work, runs: int = RUNS) -> float:
    """Least processor time of some runs, in seconds."""
    times = []
    for _ in range(runs):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return min(times)


def by_polylines(arrays: tuple[np.ndarray, ...]) -> np.ndarray:
    """How many equilibria each cell has."""
    cells, _, signals, receivers, replies = arrays[2].shape
    game = (*arrays, np.full((signals, receivers), replies))
    verdict, count = np.empty(cells, np.uint8), np.zeros(cells, np.int64)
    out, scratch = room_for((signals, receivers, replies), 8 * cells + 64)
    polylines(game, 0, cells, verdict, count, out, scratch)
    return count


def by_faces(arrays: tuple[np.ndarray, ...]) -> np.ndarray:
    """How many equilibria each cell has."""
    cells, types, signals, receivers, most = arrays[2].shape
    replies = ((most,) * receivers,) * signals
    conditions, out, scratch = face_room(types, replies, 16 * cells + 64)
    out[0][:] = -1
    patterns = (*face_patterns(types, replies), conditions)
    belief_faces((*arrays, np.array(replies)), 0, cells, patterns, np.empty(cells, np.uint8), out, scratch)
    return np.bincount(out[0][out[0] >= 0], minlength=cells)


def as_gambit(arrays: tuple[np.ndarray, ...], games: int) -> list:
    """The first games as trees of pygambit."""
    tree = as_tree(arrays)
    return [to_pygambit(tree, c) for c in range(games)]


def gambit_times(arrays: tuple[np.ndarray, ...], games: int) -> tuple[str, str]:
    """Seconds a game of enumpoly and of enummixed in floats, as text; a dash where pygambit is not installed."""
    if pygambit is None:
        return "-", "-"
    built = as_gambit(arrays, games)
    found = []
    for method in (
        pygambit.nash.enumpoly_solve,
        lambda game: pygambit.nash.enummixed_solve(game, rational=False),
    ):
        begun = time.process_time()
        for game in built:
            method(game)
        found.append((time.process_time() - begun) / games)
    return f"{found[0] * 1e3:.3g} ms", f"{found[1] * 1e3:.3g} ms"


def signalling() -> None:
    """All equilibria of random games, by size."""
    print("| types x signals x replies | method | us a cell | equilibria | enumpoly | enummixed |")
    print("|---|---|---|---|---|---|")
    for shape, method, cells, peers in (
        ((2, 2, 1, 2), by_polylines, 20_000, 60),
        ((2, 2, 1, 2), by_faces, 20_000, 0),
        ((2, 3, 1, 3), by_polylines, 10_000, 0),
        ((3, 3, 1, 3), by_faces, 1_000, 0),
    ):
        arrays = drawn(cells, shape)
        count = method(arrays)
        each = best(lambda arrays=arrays, method=method: method(arrays)) / cells * 1e6
        poly, mixed = gambit_times(arrays, peers) if peers else ("-", "-")
        size = " x ".join(str(n) for n in (*shape[:2], shape[3]))
        print(f"| {size} | {method.__name__} | {each:.2f} | {count.mean():.3f} | {poly} | {mixed} |")


def nash() -> None:
    """All extreme Nash equilibria of random games in whole numbers, beside enummixed in fractions."""
    print("\nNash equilibria by the sequence form, exactly:")
    print("| types x signals x replies | us a cell | equilibria | decided | enummixed in fractions |")
    print("|---|---|---|---|---|")
    for shape, cells, peers in (((2, 2, 1, 2), 500, 30), ((2, 3, 1, 2), 100, 3), ((3, 2, 1, 3), 30, 0)):
        arrays = drawn(cells, shape)
        game = as_tree(arrays)
        solution = sim.solve(game, "nash", "sequence_form")
        each = best(lambda game=game: sim.plugins.solvers["sequence_form"].function(game)) / cells * 1e6
        peer = "-"
        if pygambit is not None and peers:
            built = as_gambit(arrays, peers)
            begun = time.process_time()
            for one in built:
                pygambit.nash.enummixed_solve(one, rational=True)
            peer = f"{(time.process_time() - begun) / peers * 1e6:.3g} us"
        size = " x ".join(str(n) for n in (*shape[:2], shape[3]))
        print(
            f"| {size} | {each:.0f} | {solution.count.mean():.3f} | {solution.complete.mean():.0%} | {peer} |"
        )


def as_tree(arrays: tuple[np.ndarray, ...]) -> sim.Tree:
    """The games as trees, of one type of receiver."""
    prior, _, sender, receiver = arrays
    _, types, signals, _, replies = sender.shape

    def sends(t: int) -> dict:
        ends = {
            f"m{m}": {
                f"Receiver@m{m}": {
                    f"r{r}": (sender[:, t, m, 0, r], receiver[:, t, m, 0, r]) for r in range(replies)
                }
            }
            for m in range(signals)
        }
        return {f"Sender@t{t}": ends}

    return sim.Tree({"chance": {f"t{t}": (prior[:, t], sends(t)) for t in range(types)}})


def crisis(points: int = 201) -> None:
    """The crisis, payoffs, all equilibria and certificate, each over a map."""
    scenario = sim.load("scenarios/crisis_2021.toml")
    first, second = (np.linspace(*ends, points) for ends in ((0.01, 0.65), (0.01, 0.4)))
    resolve, division = (axis.ravel() for axis in np.meshgrid(first, second, indexing="ij"))
    sim.solve(scenario.game(resolve=resolve[:2], division=division[:2]))
    steps = {"payoffs": 0.0, "folding": 0.0, "all equilibria": 0.0, "certificate": 0.0}
    begun = time.process_time()

    def took(step: str) -> None:
        nonlocal begun
        steps[step] = time.process_time() - begun
        begun = time.process_time()

    game = scenario.game(resolve=resolve, division=division)
    took("payoffs")
    folded_agents(game)
    took("folding")
    claim = sim.plugins.solvers["polylines"].function(game)
    took("all equilibria")
    solution = certify(game, claim, "sequential")
    took("certificate")
    print(f"\nCrisis, {points} x {points}, complete in {solution.complete.mean():.0%} of cells:")
    print("| step | s | us a cell |\n|---|---|---|")
    for step, seconds in (*steps.items(), ("whole", sum(steps.values()))):
        print(f"| {step} | {seconds:.2f} | {seconds / game.cells * 1e6:.1f} |")


def bargains(cells: int = 20_000) -> None:
    """Alternating offers with options outside and breakdown: the formula beside the computation of rounds, claims alone."""
    draw = np.random.default_rng(1982)
    game = sim.Bargaining(
        ("A", "B"), draw.uniform(0, 0.999, (cells, 2)), draw.uniform(0, 0.45, (cells, 2)),
        draw.uniform(0, 0.4, (cells, 2)), risk=draw.uniform(0, 0.4, cells),
    )  # fmt: skip
    print(f"\nAlternating offers, {cells} cells:\n| method | million cells a second |\n|---|---|")
    for name in ("rubinstein", "rounds_of_offers"):
        method = sim.plugins.solvers[name].function
        method(game.take(slice(2)))
        print(f"| {name} | {cells / best(lambda method=method: method(game)) / 1e6:.2f} |")


def paths(cells: int = 64) -> None:
    """The logit path to a regret of 1e-8 of the range, beside that of pygambit, on trees of the library at its defaults."""
    print("\nOne sequential equilibrium by the logit path, to a regret of 1e-8:")
    print("| tree | nodes | ms a cell | regret, share of the range | pygambit, ms | its regret | ratio |")
    print("|---|---|---|---|---|---|---|")
    for name in ("beer_quiche", "build_up_signal_2021", "chain_store", "crisis_2021"):
        scenario = sim.load(name)
        one = scenario.game()
        first = next(iter(next(iter(scenario.sweeps.values())).over))
        default = scenario.values()[first]
        game = scenario.game(**{first: default * np.linspace(0.9, 1.0, cells)})
        method = sim.plugins.solvers["logit_path"].function
        method(one)
        each = best(lambda game=game, method=method: method(game)) / cells
        gap = float(one.judge(method(one).strategy).relative[0, 0])
        peer, its, ratio = "-", "-", "-"
        if pygambit is not None:
            other = to_pygambit(one)
            begun = time.process_time()
            found = pygambit.nash.logit_solve(other, use_strategic=False, maxregret=1e-8)
            took = time.process_time() - begun
            worst = float(found.equilibria[0].max_regret()) / one.scale[0].max()
            peer, its, ratio = f"{took * 1e3:.3g}", f"{worst:.1e}", f"{took / each:.0f}"
        print(
            f"| {name} | {len(one.shape.parent)} | {each * 1e3:.3g} | {gap:.1e} | {peer} | {its} | {ratio} |"
        )


def backwards(cells: int = 100_000) -> None:
    """Backward induction with ties: one chooses among three, then the other among five; whole payoffs, which tie often."""
    draw = np.random.default_rng(1953)
    pay = draw.integers(0, 1000, (2, cells, 3, 5)).astype(float)
    second = [{f"B@{a}": {f"b{b}": (pay[0, :, a, b], pay[1, :, a, b]) for b in range(5)}} for a in range(3)]
    game = sim.Tree({"A": {f"a{a}": moves for a, moves in enumerate(second)}})
    method = sim.plugins.solvers["backward_induction"].function
    method(game.take(slice(2)))
    each = best(lambda: method(game)) / cells
    nodes = len(game.shape.parent)
    print(f"\nBackward induction with ties, {nodes} nodes: {1e-6 / each:.2f} million cells a second")


if __name__ == "__main__":
    print(f"pygambit: {pygambit.__version__ if pygambit else 'not installed, so without peers'}\n")
    signalling()
    nash()
    crisis()
    paths()
    backwards()
    bargains()
