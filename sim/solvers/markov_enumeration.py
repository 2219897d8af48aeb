"""The default for stochastic games: every pure stationary equilibrium, one mixed where there is none."""

from __future__ import annotations

import numpy as np

from sim.answers import Answer
from sim.answers.telling import words
from sim.claim import Claim, Status
from sim.forms.stochastic import Stochastic
from sim.kernels.stochastic.batch import Batch
from sim.kernels.stochastic.markov_logit import mixed_play
from sim.kernels.stochastic.markov_pure import pure_policies
from sim.plugins import solver

BUDGET = 20_000  # nodes or policies that the search for pure equilibria may try in a cell: 3^9 fit
MOST = 64  # pure equilibria that a cell can list
PURE_COMPLETE = Answer(
    "pure_complete", "whether no pure equilibrium is missing", dtype="bool",
    tell=words("yes, every one in pure strategies is here", "no, some in pure strategies may be missing"),
)  # fmt: skip


@solver(
    form=Stochastic, concept="markov_perfect", answers=(PURE_COMPLETE,), rank=10, title="Markov enumeration"
)
def markov_enumeration(
    game: Stochastic, *, budget: int = BUDGET, most: int = MOST, mixed: bool = True, seed: int = 0
) -> Claim:
    """All pure stationary Markov-perfect equilibria, or one mixed equilibrium where there is none.

    ``Stochastic -> strategy (C, K, H, A)``; ``extra["pure_complete"] (C,)`` says that no pure equilibrium
    is missing, which is also what ``complete`` says where one exists.
    Complete for pure equilibria unless a cell has more than ``most`` of them, or needs more than ``budget``
    nodes while all players but one have more pure policies than that.
    Cost: a quarter of a millisecond a cell at 9 states and 3 x 3 actions with dense transitions or little
    patience; about 25 ms, all policies of one player being tried, where transitions are sparse.
    Fails with ``not_found`` or ``max_steps`` where the mixed equilibrium is not reached either.
    Source: bounds and replies, see :mod:`sim.kernels.stochastic.markov_pure`; tracing, Eibelshaeuser and Poensgen
    (2019).
    """
    finite = game.finite
    games = Batch(game.flat_payoffs, game.flat_transition, game.discount, game.sizes)
    found, count, complete, tied = pure_policies(games, game.available, finite, budget, most)
    players, states = len(game.players), len(game.states)
    width = game.mask.shape[1]
    cell, place = np.nonzero(np.arange(found.shape[1]) < count[:, np.newaxis])
    wanted = finite & (count == 0) & mixed
    answers = max(int(count.max(initial=0)), int(wanted.any()))
    strategy = np.full((game.cells, answers, players, states, width), np.nan)
    strategy[cell, place] = 0.0
    action = np.unravel_index(found[cell, place], tuple(game.sizes))
    for i in range(players):
        for s in range(states):
            strategy[cell, place, i, s, action[i][:, s]] = 1.0
    status = np.where(count > 0, Status.ok, Status.not_found).astype(np.int8)
    if wanted.any():
        number = game.mask.sum(axis=1).reshape(players, states)
        play, verdict = mixed_play(games, number, wanted, seed)
        reached = wanted & (verdict == 0)
        strategy[reached, 0] = play[reached]
        status[wanted] = np.array([Status.ok, Status.max_steps, Status.not_found], np.int8)[verdict[wanted]]
    flat = strategy.reshape(game.cells, answers, players * states, width)
    extra = {"pure_complete": complete & finite}
    return Claim(flat, status, complete & (count > 0), tied & (count > 0), extra=extra)
