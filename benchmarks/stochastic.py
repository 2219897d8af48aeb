"""Milliseconds a game of the stochastic solvers beside sgamesolver, one core: ``python benchmarks/stochastic.py``.

Random games of 9 states with 3 x 3 actions, payoffs uniform in [0, 1], and the nine-state standoffs of the
tests.  Processor time, best of three, without compiling; ours includes the certificate.  sgamesolver 1.0.2
does not install beside numpy 2 by itself (``pip install --no-build-isolation sgamesolver`` does, and this
script mends the one name it misses), so it is in no dependency group; where it is absent its rows say so.
The table is printed and written beside this file.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np

from sim.forms.stochastic import Stochastic
from sim.kernels.base import threads
from sim.solving import solve

threads.cores = lambda: 1
STATES, SHAPE, PATIENCE = 9, (3, 3), 0.95
KINDS = (("dense", 9), ("two next states", 2), ("deterministic", 1))
PEER_GAMES = 10
CASES = Path(__file__).parents[1] / "tests" / "cases" / "stochastic.json"


def draw(cells: int, after: int, discount: float) -> Stochastic:
    """Random games; ``after`` next states of each joint action, 9 for dense, 1 for deterministic."""
    rng = np.random.default_rng(after)
    payoffs = rng.random((cells, 2, STATES, *SHAPE))
    transition = rng.random((cells, STATES, *SHAPE, STATES))
    rank = rng.random(transition.shape).argsort(axis=-1)
    transition = np.where(rank < after, transition, 0.0)
    return Stochastic(payoffs, transition / transition.sum(axis=-1, keepdims=True), discount)


def measure(game: Stochastic, concept: str, solver: str, **options: object) -> tuple[float, str]:
    """Milliseconds a game, and the row of what became of the cells."""
    solve(game.take(slice(2)), concept, solver, **options)  # compiles whatever is needed
    spent = []
    for _ in range(3):
        begin = time.process_time()
        solution = solve(game, concept, solver, **options)
        spent.append((time.process_time() - begin) / game.cells * 1e3)
    whole = solution.claim.extra.get("pure_complete", solution.complete)
    said = f"{whole.mean():.0%}" if whole.any() else "not claimed"
    return min(spent), f"{game.cells} | {min(spent):.3g} | {(solution.status <= 1).mean():.0%} | {said}"


def peer(game: Stochastic) -> list[float] | None:
    """Milliseconds of sgamesolver's path of logit equilibria for each game it solves; None: not installed."""
    vars(np).setdefault("NaN", np.nan)  # the name it knows
    try:
        import sgamesolver
    except ImportError:
        return None
    spent = []
    for c in range(min(game.cells, PEER_GAMES)):
        payoffs = [np.ascontiguousarray(game.payoffs[c, :, s]) for s in range(STATES)]
        other = sgamesolver.SGame(payoffs, list(game.transition[c]), float(game.discount[c, 0]))
        path = sgamesolver.homotopy.QRE(other)
        path.solver_setup()
        path.solver.verbose = 0
        begin = time.process_time()
        if path.solver.start()["success"]:
            spent.append((time.process_time() - begin) * 1e3)
    return spent


def standoffs() -> Stochastic:
    """The nine-state standoffs of the tests, at discount 0.9."""
    cases = [case for case in json.loads(CASES.read_text()) if case["id"].startswith("standoff9")]
    payoffs = np.array([np.moveaxis(np.array(case["payoffs"]), 1, 0) for case in cases])
    return Stochastic(payoffs, np.array([case["transitions"] for case in cases]), 0.9)


def main() -> None:
    """Print and write the table."""
    lines = [
        "# Stochastic games: milliseconds of processor time a game, one core", "",
        "9 states, 3 x 3 actions, uniform payoffs: `python benchmarks/stochastic.py`.  Certificates are included;",
        "sgamesolver 1.0.2 follows one path of logit equilibria to one equilibrium.", "",
        f"## Markov-perfect equilibria, discount {PATIENCE}", "",
        "| what | games | ms | certified | all pure found | sgamesolver ms | ratio |", "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for kind, after in KINDS:
        game = draw(200 if after == STATES else 24, after, PATIENCE)
        theirs = peer(game)
        for name, solver, options in (
            ("all pure, else one mixed", "markov_enumeration", {}),
            ("one by stage games and Newton", "markov_tracing", {"quick": True}),
        ):
            own, row = measure(game, "markov_perfect", solver, **options)
            beside = (
                "not installed | "
                if theirs is None
                else f"{np.mean(theirs):.0f} | {np.mean(theirs) / own:.0f}"
            )
            lines.append(f"| {name}; {kind} | {row} | {beside} |")
    lines += [
        "", "## Payoff sets by state, discount 0.9", "",
        "| what | games | ms | certified | proved |", "|---|---|---|---|---|",
        f"| nine-state standoffs | {measure(standoffs(), 'subgame_perfect', 'state_payoff_sets')[1]} |",
    ]  # fmt: skip
    for kind, after in KINDS[::-1]:
        row = measure(draw(8, after, 0.9), "subgame_perfect", "state_payoff_sets")[1]
        lines.append(f"| {kind} | {row} |")
    text = "\n".join(lines) + "\n"
    print(text)
    Path(__file__).with_suffix(".md").write_text(text)


if __name__ == "__main__":
    main()
