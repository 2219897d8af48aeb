"""This checkout beside another one: processor time, and the ratio, of what the other benchmarks measure.

    PYTHONPATH=. python benchmarks/compare.py OTHER_CHECKOUT [ROUNDS]

Each piece of work runs in a process of its own for each checkout, in turn, so that both meet the same noise; the
ratio is the median over the rounds (7).  Above 1 this checkout is slower.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np

CELLS = {(3, 3): 200_000, (4, 3): 150_000, (6, 6): 20_000, (9, 4): 20_000}


def bimatrix(family, shape):
    random, size = np.random.default_rng(2021), (CELLS[shape], 2, *shape)
    return random.random(size) if family == "uniform" else random.integers(-5, 6, size).astype(float)


def equilibria(sim, family, shape):
    payoffs = bimatrix(family, shape)
    return lambda: sim.solve(sim.NormalForm(payoffs, ("A", "B")), "nash")


def payoff_sets(sim, discount):
    stage = sim.NormalForm(np.random.default_rng(1).random((2_000, 2, 3, 3)), ("A", "B"))
    return lambda: sim.solve(sim.Repeated(stage, discount), "subgame_perfect")


def critical(sim, punishment):
    stage = sim.NormalForm(np.random.default_rng(1).random((600, 2, 3, 3)), ("A", "B"))
    return lambda: sim.critical_discount(stage, (0, 0), punishment)


def markov(sim, after, concept):
    rng, shape = np.random.default_rng(after), (3, 3)
    payoffs = rng.random((40, 2, 9, *shape))
    transition = rng.random((40, 9, *shape, 9))
    transition = np.where(transition.argsort(-1).argsort(-1) < after, transition, 0.0)
    game = sim.Stochastic(payoffs, transition / transition.sum(axis=-1, keepdims=True), 0.95)
    return lambda: sim.solve(game, concept)


def three_players(sim, shape):
    game = sim.NormalForm(np.random.default_rng(1).random((60, 3, *shape)), ("A", "B", "C"))
    return lambda: sim.solve(game, "nash")


def sweep(sim, scenario, name, points):
    loaded = sim.load(Path("scenarios") / f"{scenario}.toml")
    return lambda: sim.sweep(loaded, name, points=points)


WORK = {
    **{
        f"all equilibria, {family}, {m} x {n}": (equilibria, family, (m, n))
        for family in ("uniform", "integers")
        for m, n in CELLS
    },
    "equilibria of 2 x 2 x 2": (three_players, (2, 2, 2)),
    "equilibria of 3 x 3 x 2": (three_players, (3, 3, 2)),
    "payoff sets at 0.3": (payoff_sets, 0.3),
    "payoff sets at 0.7": (payoff_sets, 0.7),
    "payoff sets at 0.9": (payoff_sets, 0.9),
    "payoff sets at (0.7, 0.5)": (payoff_sets, (0.7, 0.5)),
    "critical discount, optimal": (critical, "optimal"),
    "critical discount, grim": (critical, "grim"),
    "Markov equilibria, dense": (markov, 9, "markov_perfect"),
    "Markov equilibria, two next states": (markov, 2, "markov_perfect"),
    "sweep standoff_2021 atmosphere, 301 x 301": (sweep, "standoff_2021", "atmosphere", 301),
    "sweep standoff_2021_repeated critical, 41": (sweep, "standoff_2021_repeated", "critical", 41),
}


def once(name):
    """Processor seconds of one piece of work, after a first time that compiles; the best of three."""
    import sim

    make, *arguments = WORK[name]
    work, spent = make(sim, *arguments), []
    work()
    for _ in range(3):
        begun = time.process_time()
        work()
        spent.append(time.process_time() - begun)
    return min(spent)


def measured(checkout, name):
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    command = [sys.executable, str(Path(__file__).resolve()), "--once", name]
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout)


def main(other, rounds):
    here = Path(__file__).resolve().parents[1]
    print(f"| work | this, s | other, s | ratio, median of {rounds} |\n|---|--:|--:|--:|")
    for name in WORK:
        pairs = [(measured(here, name), measured(other, name)) for _ in range(rounds)]
        ours, theirs = (min(side) for side in zip(*pairs, strict=True))
        ratio = median(one / two for one, two in pairs)
        print(f"| {name} | {ours:.3f} | {theirs:.3f} | {ratio:.2f} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "--once":
        print(once(sys.argv[2]))
    else:
        main(Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 7)
