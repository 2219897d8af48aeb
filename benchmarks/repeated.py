"""Payoff sets of random 3 x 3 games against QuantEcon, in one run, one core each; writes repeated.md."""

from __future__ import annotations

import os
import time
import warnings
from multiprocessing import Pipe
from pathlib import Path

import numpy as np
from quantecon.game_theory import NormalFormGame, Player, RepeatedGame

from sim.forms.normal import NormalForm
from sim.forms.repeated import Repeated
from sim.kernels.base import threads
from sim.patience import critical_bounds
from sim.solving import solve

GAMES = 150
COPIES, BEST = 40, 5
BATCH = 20_000


def peer_game(table, discount):
    return RepeatedGame(NormalFormGame([Player(table[0]), Player(table[1].T.copy())]), discount)


def ask_peer(table, discount):
    """Seconds and vertices, from a process of its own: on some games the peer writes out of bounds."""
    receive, send = Pipe(duplex=False)
    if os.fork() == 0:
        try:
            peer_game(table, discount).equilibrium_payoffs(
                options={"u_init": np.zeros(2)}
            )  # warms the caches
            start = time.process_time()
            hull = peer_game(table, discount).equilibrium_payoffs(options={"u_init": np.zeros(2)})
            send.send((time.process_time() - start, hull.points[hull.vertices]))
        finally:
            os._exit(0)
    send.close()
    try:
        answer = receive.recv()
    except EOFError:
        answer = None, None
    os.wait()
    return answer


def seconds_of(payoffs, discount):
    """Processor time of the payoff sets of a batch, certificate included: the best of a few."""
    game, taken = Repeated(NormalForm(payoffs), discount), []
    for _ in range(BEST):
        start = time.process_time()
        solve(game, "subgame_perfect")
        taken.append(time.process_time() - start)
    return min(taken)


def main():
    warnings.simplefilter("ignore")
    threads.cores = lambda: 1
    draw = np.random.default_rng(0)
    payoffs = draw.random((BATCH, 2, 3, 3))
    lines = [
        "# Repeated games", "", "`python benchmarks/repeated.py`, random 3 x 3 games, one core, microseconds a game.",
        "Ours includes the certificate; the peer is timed on its second call, in a process of its own.",
        "Both times are over the same games, those on which the peer returns a set (ours solved",
        f"{COPIES} times over as one batch, best of {BEST}); the last column is ours over {BATCH} games as they come.", "",
        "| discount | ours | QuantEcon | ratio | QuantEcon answers | largest difference | ours, all games |",
        "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    solve(Repeated(NormalForm(payoffs[:2]), 0.5), "subgame_perfect")
    critical_bounds(NormalForm(payoffs[:2]))
    dilemma = np.array([[[9.0, 1.0], [10.0, 3.0]], [[9.0, 10.0], [1.0, 3.0]]])
    peer_game(dilemma, 0.9).equilibrium_payoffs(options={"u_init": np.zeros(2)})  # compiles
    for discount in (0.3, 0.5, 0.7, 0.9):
        peer, answered, worst = 0.0, [], 0.0
        for c in range(GAMES):
            seconds, theirs = ask_peer(payoffs[c], discount)
            if seconds is None:
                continue
            peer += seconds
            answered.append(c)
            ours = solve(Repeated(NormalForm(payoffs[c]), discount), "subgame_perfect").claim.extra[
                "payoff_set"
            ][0]
            found = ours[~np.isnan(ours[:, 0])]
            worst = max(worst, *(np.abs(found - v).max(axis=1).min() for v in theirs))
        own = (
            seconds_of(np.repeat(payoffs[answered], COPIES, axis=0), discount)
            / (COPIES * len(answered))
            * 1e6
        )
        every = seconds_of(payoffs, discount) / BATCH * 1e6
        peer = peer / len(answered) * 1e6
        lines.append(
            f"| {discount} | {own:.1f} | {peer:.0f} | {peer / own:.0f} | {len(answered)} of {GAMES} | {worst:.1e} "
            f"| {every:.1f} |"
        )
    solve(Repeated(NormalForm(payoffs[:2]), [0.7, 0.5]), "subgame_perfect")
    lines.append("")
    for unequal, games in (([0.7, 0.5], 1000), ([0.9, 0.6], 300), ([0.98, 0.9], 30)):
        a_second = games / seconds_of(payoffs[:games], unequal)
        lines.append(f"Unequal discounts {tuple(unequal)}: {a_second:.0f} cells a second.")
    start = time.process_time()
    critical_bounds(NormalForm(payoffs[:2000]))
    lines.append(f"All nine critical discounts: {2000 / (time.process_time() - start):.0f} games a second.")
    Path(__file__).with_suffix(".md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
