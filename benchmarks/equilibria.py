"""All equilibria of random two-player games: games per second and mistakes, ours and the peers', in one run.

    PYTHONPATH=. python benchmarks/equilibria.py

Every solver runs on one core, on the same games; games per second of its processor time.  Ours is the whole
call ``sim.solve(sim.NormalForm(payoffs))``: validation, all equilibria, values, regret, index, component.  Peers
make their game objects inside the time, except in the row that says otherwise.  Missed, spurious and duplicate
equilibria are counted against the exact path, on the games of the sample; peers that are not installed are left
out.
"""

from __future__ import annotations

import os
import platform
import sys
import time
import warnings
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import numpy as np

import sim

SHAPES = [(2, 2), (3, 3), (4, 3), (6, 6), (9, 4), (12, 12)]
SECONDS = 1.0  # about how long each solver is timed on each family of games
BATCH = {(2, 2): 400_000, (3, 3): 400_000, (4, 3): 300_000, (6, 6): 40_000, (9, 4): 40_000, (12, 12): 40}
SAMPLE = {(2, 2): 200, (3, 3): 200, (4, 3): 100, (6, 6): 20, (9, 4): 20, (12, 12): 1}
MOST_TIMED = 50_000
SAME = 1e-5  # two answers nearer than this are one equilibrium
HERE = Path(__file__)


def draw(family, cells, shape):
    random = np.random.default_rng(2021)
    if family == "uniform":
        return random.random((cells, 2, *shape))
    return random.integers(-5, 6, (cells, 2, *shape)).astype(float)


def nashpy_supports(payoffs):
    import nashpy

    return list(nashpy.Game(*payoffs).support_enumeration())


def nashpy_vertices(payoffs):
    import nashpy

    return list(nashpy.Game(*payoffs).vertex_enumeration())


def quantecon_game(payoffs):
    from quantecon.game_theory import NormalFormGame, Player

    rows, columns = payoffs
    return NormalFormGame([Player(rows), Player(np.ascontiguousarray(columns.T))])


def quantecon_prebuilt(game):
    from quantecon.game_theory import support_enumeration

    return support_enumeration(game)


def quantecon_supports(payoffs):
    return quantecon_prebuilt(quantecon_game(payoffs))


def gambit(payoffs):
    import pygambit

    game = pygambit.Game.from_arrays(*payoffs)
    found = pygambit.nash.enummixed_solve(game, rational=False).equilibria
    return [
        [[float(pair[action]) for action in player.strategies] for player in game.players] for pair in found
    ]


PEERS = {
    "nashpy support_enumeration": ("nashpy", nashpy_supports),
    "nashpy vertex_enumeration": ("nashpy", nashpy_vertices),
    "QuantEcon support_enumeration": ("quantecon", quantecon_supports),
    "QuantEcon, objects prebuilt": ("quantecon", quantecon_prebuilt),
    "pygambit enummixed": ("pygambit", gambit),
}
PREBUILT = {"QuantEcon, objects prebuilt": quantecon_game}
LIMITS = {
    "nashpy support_enumeration": 60,
    "nashpy vertex_enumeration": 60,
    "QuantEcon support_enumeration": 90,
    "QuantEcon, objects prebuilt": 90,
}
"""Actions of player 1 times those of player 2 beyond which a peer takes more than seconds a game."""


def timed(function, games):
    """Games per second, over as many games as SECONDS allow, after one for compilation."""
    attempt(function, games[0])
    start, done = time.process_time(), 0
    while time.process_time() - start < SECONDS and done < len(games):
        attempt(function, games[done])
        done += 1
    return done / (time.process_time() - start)


def attempt(function, payoffs):
    """The equilibria a peer returns; none where it raises an error."""
    try:
        return [tuple(map(np.asarray, pair)) for pair in function(payoffs)]
    except (TypeError, ValueError, RuntimeError, IndexError, np.linalg.LinAlgError):
        return []


def ours(payoffs):
    """Games per second of the whole call: the best of five, after one for compilation."""
    best = 0.0
    sim.solve(sim.NormalForm(payoffs))
    for _ in range(5):
        start = time.process_time()
        sim.solve(sim.NormalForm(payoffs))
        best = max(best, len(payoffs) / (time.process_time() - start))
    return best


def profiles(solution, cell, shape):
    """Our equilibria of one cell as pairs of arrays."""
    found = solution.strategy[cell, : solution.count[cell]]
    return [(pair[0, : shape[0]], pair[1, : shape[1]]) for pair in found]


def mistakes(found, exact):
    """How many of the exact equilibria are missed, of the found ones spurious, and found again."""
    seen = np.zeros(len(exact), int)
    spurious = 0
    for pair in found:
        near = [
            k
            for k, other in enumerate(exact)
            if max(np.abs(a - b).max() for a, b in zip(pair, other, strict=True)) < SAME
        ]
        seen[near] += 1
        spurious += not near
    return np.array([(seen == 0).sum(), spurious, np.maximum(seen - 1, 0).sum()])


def rows(family, shape):
    payoffs = draw(family, BATCH[shape], shape)
    sample = payoffs[: SAMPLE[shape]]
    exact = sim.solve(sim.NormalForm(sample), "nash", "vertex_enumeration")
    truth = [profiles(exact, cell, shape) for cell in range(len(sample))]
    solution = sim.solve(sim.NormalForm(sample))
    wrong = sum(mistakes(profiles(solution, cell, shape), truth[cell]) for cell in range(len(sample)))
    speed = ours(payoffs)
    yield "**Standoff**", speed, None, wrong, len(sample)
    for name, (package, function) in PEERS.items():
        if not installed(package) or shape[0] * shape[1] > LIMITS.get(name, 200):
            continue
        tested = sample if shape[0] * shape[1] < 30 else sample[:5]
        build = PREBUILT.get(name, np.asarray)
        wrong = sum(mistakes(attempt(function, build(game)), truth[cell]) for cell, game in enumerate(tested))
        rate = timed(function, [build(game) for game in payoffs[:MOST_TIMED]])
        yield name, rate, speed / rate, wrong, len(tested)


def installed(package):
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def machine():
    model = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return f"{model}, {os.cpu_count()} cores, of which one is used"


def main():
    versions = {name: installed(name) for name in ("numpy", "numba", "nashpy", "quantecon", "pygambit")}
    used = ", ".join(f"{name} {number}" for name, number in versions.items() if number)
    lines = [
        "# All equilibria of two-player games",
        "",
        "Command: `PYTHONPATH=. python benchmarks/equilibria.py`.",
        f"Machine: {machine()}.  Python {platform.python_version()}, {used}.",
        "",
        "Games per second of processor time of one core; *ours / theirs* is the ratio in this run.  Missed,",
        "spurious and duplicate equilibria are counted over *sample* games against exact arithmetic.",
        "QuantEcon and pygambit solve objects: making them is part of the time, except where it says so.",
        "Ours is the best of five calls on one large batch, theirs one pass over as many games as a second allows.",
    ]
    for family, title in (("uniform", "Uniform payoffs"), ("integers", "Whole payoffs from -5 to 5")):
        lines += [
            "",
            f"## {title}",
            "",
            "| shape | solver | games/s | ours / theirs | missed | spurious | duplicate | sample |",
            "|---|---|--:|--:|--:|--:|--:|--:|",
        ]
        for shape in SHAPES:
            for name, rate, ratio, wrong, size in rows(family, shape):
                shown = f"{rate:,.0f}" if rate >= 10 else f"{rate:.2g}"
                times = "" if ratio is None else f"{ratio:,.0f}"
                columns = [f"{shape[0]} x {shape[1]}", name, shown, times, *map(str, wrong), str(size)]
                lines.append(f"| {' | '.join(columns)} |")
                print(lines[-1], flush=True)
    text = "\n".join(lines) + "\n"
    HERE.with_suffix(".md").write_text(text)
    sys.stdout.write(text)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
