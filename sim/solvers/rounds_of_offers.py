"""The default for bargains in which nothing is hidden: values of rounds, computed."""

from __future__ import annotations

import numpy as np

from sim.answers.talks import ACCEPTED, ACCEPTS_FROM, LEAVES, OFFER, SHARES
from sim.claim import Claim
from sim.forms.bargaining import Bargaining
from sim.plugins import solver
from sim.solvers.methods.open_talks import open_claim, refuse_types
from sim.solvers.methods.values_of_rounds import values_of_rounds


@solver(
    form=Bargaining, concept="subgame_perfect", answers=(OFFER, ACCEPTS_FROM, SHARES, ACCEPTED, LEAVES), rank=10,
    title="rounds of offers",
    more="with three and more players other divisions may last too; without a last round this is the stationary one",
)  # fmt: skip
def rounds_of_offers(game: Bargaining) -> Claim:
    """The division that nobody gains by refusing, from the end or as the fixed point of all rounds.

    ``Bargaining -> strategy (C, 1, H, 1)``; ``extra`` holds ``offer`` and ``accepts_from (C, 1, H)`` and the plan
    ``shares``, ``accepted``, ``leaves (C, 1, N, n, n)`` by round and proposer.
    Complete for two players, whose subgame-perfect equilibrium is unique but for ties; of more players the stationary
    one is found.
    Cost: some microseconds a cell; each round once where there is a last one.
    Fails with ``not_found`` where nothing makes anybody agree: no impatience, no risk and no last round.
    Source: Rubinstein (1982); Binmore, Shaked and Sutton (1989).
    """
    refuse_types(game)
    finite = game.finite
    terms = game.terms.take(np.flatnonzero(finite))
    found = values_of_rounds(terms)
    return open_claim(game, found.plan, found.found, found.tied)
