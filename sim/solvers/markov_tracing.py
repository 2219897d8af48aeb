"""One Markov-perfect equilibrium of a stochastic game, whether pure or mixed."""

from __future__ import annotations

import numpy as np

from sim.claim import Claim, Status
from sim.forms.stochastic import Stochastic
from sim.kernels.stochastic.batch import Batch
from sim.kernels.stochastic.markov_logit import mixed_play
from sim.plugins import solver


@solver(form=Stochastic, concept="markov_perfect", rank=20, title="Markov tracing")
def markov_tracing(game: Stochastic, *, quick: bool = False, seed: int = 0) -> Claim:
    """One Markov-perfect equilibrium: the one that logit play from noise to reason leads to.

    ``Stochastic -> strategy (C, 1, H, A)``.  Should the curve from even noise be lost, curves from drawn
    priors (``seed``) are followed.  ``quick`` tries stage equilibria and Newton first, which is faster
    and leads to some other equilibrium.
    Complete: never claimed.
    Cost: milliseconds a cell at 9 states and 3 x 3 actions; ``quick`` a tenth of one or less.
    Fails with ``not_found`` where every curve is lost and ``max_steps`` where they are too long.
    Source: Eibelshaeuser and Poensgen (2019); quantal response, McKelvey and Palfrey (1995).
    """
    finite = game.finite
    number = game.mask.sum(axis=1).reshape(len(game.players), len(game.states))
    games = Batch(game.flat_payoffs, game.flat_transition, game.discount, game.sizes)
    play, verdict = mixed_play(games, number, finite, seed, quick=8 * quick)
    status = np.array([Status.ok, Status.max_steps, Status.not_found], np.int8)[verdict]
    strategy = np.where(((verdict == 0) & finite)[:, None, None, None], play, np.nan)
    return Claim(strategy.reshape(game.cells, 1, -1, play.shape[-1]), status)
