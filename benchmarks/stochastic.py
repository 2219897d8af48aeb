"""Milliseconds a game of the stochastic solvers, one core: ``python benchmarks/stochastic.py``.

Random games of 9 states with 3 x 3 actions, payoffs uniform in [0, 1].  Compiling is not counted.  The
table is printed and written beside this file.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from sim.forms.stochastic import Stochastic
from sim.kernels import threads
from sim.run import solve

threads.cores = lambda: 1
STATES, SHAPE = 9, (3, 3)


def draw(cells: int, after: int, discount: float) -> Stochastic:
    """Random games; ``after`` next states of each joint action, 9 for dense, 1 for deterministic."""
    rng = np.random.default_rng(after)
    payoffs = rng.random((cells, 2, STATES, *SHAPE))
    transition = rng.random((cells, STATES, *SHAPE, STATES))
    rank = rng.random(transition.shape).argsort(axis=-1)
    transition = np.where(rank < after, transition, 0.0)
    return Stochastic(payoffs, transition / transition.sum(axis=-1, keepdims=True), discount)


def measure(name: str, game: Stochastic, concept: str, solver: str, **options: object) -> str:
    """One row: milliseconds a game, and what became of the cells."""
    solve(game.take(slice(20)), concept, solver, **options)  # compiles whatever is needed
    begin = time.perf_counter()
    solution = solve(game, concept, solver, **options)
    spent = (time.perf_counter() - begin) / game.cells * 1e3
    solved = (solution.status <= 1).mean()
    return f"| {name} | {game.cells} | {spent:.3g} | {solved:.1%} | {solution.complete.mean():.1%} |"


def main() -> None:
    """Print and write the table."""
    lines = [
        "# Stochastic games: milliseconds a game, one core",
        "",
        "9 states, 3 x 3 actions, uniform payoffs: `python benchmarks/stochastic.py`.",
        "",
        "| what | games | ms | certified | complete |",
        "|---|---|---|---|---|",
    ]
    for kind, after in (("dense", 9), ("deterministic", 1)):
        game = draw(200 if after == 9 else 20, after, 0.95)
        options = {} if after == 9 else {"budget": 200}
        name = f"all pure Markov-perfect, else one mixed; {kind}, 0.95" + (
            "" if after == 9 else ", budget 200"
        )
        lines.append(measure(name, game, "markov_perfect", "markov_enumeration", **options))
        name = f"one Markov-perfect by stage games and Newton, else tracing; {kind}, 0.95"
        lines.append(measure(name, game, "markov_perfect", "markov_tracing", quick=True))
    game = draw(10, 1, 0.9)
    lines.append(
        measure("payoff sets by state; deterministic, 0.9", game, "subgame_perfect", "state_payoff_sets")
    )
    text = "\n".join(lines) + "\n"
    print(text)
    (Path(__file__).parent / "stochastic.md").write_text(text)


if __name__ == "__main__":
    main()
