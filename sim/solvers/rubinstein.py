"""Two sides and no end: the division as a formula, in one of four regimes."""

from __future__ import annotations

import numpy as np

from sim.answers.talks import ACCEPTED, ACCEPTS_FROM, LEAVES, OFFER, SHARES
from sim.claim import Claim, Status
from sim.forms.bargaining import Bargaining
from sim.kernels.bargaining.divisions import divisions
from sim.kernels.base.threads import over_blocks
from sim.plugins import solver
from sim.solvers.methods.open_talks import one_round, refuse_types

BLOCK = 65_536  # cells a thread takes at a time
STATUS = np.array([Status.ok, Status.degenerate, Status.not_found], np.int8)
"""Of a cell that is FOUND, TIED, NOT_FOUND."""


@solver(
    form=Bargaining, concept="subgame_perfect", players=2, rank=20,
    answers=(OFFER, ACCEPTS_FROM, SHARES, ACCEPTED, LEAVES), title="Rubinstein's division",
    more="the formula is of agreement at once; where there is none, ask for the solver rounds_of_offers",
)  # fmt: skip
def rubinstein(game: Bargaining) -> Claim:
    """The division of a pie by alternating offers, or by one side's, without a last round: closed form.

    ``Bargaining -> strategy (C, 1, H, 1)``; ``extra`` as in :mod:`sim.solvers.rounds_of_offers`.
    Complete: where both sides' offers are accepted, which is then the only subgame-perfect play but for ties.
    Cost: four formulas a cell.
    Fails with ``not_found`` where some side would rather not agree.  Raises ValueError for talks of two rounds
    and more that end, and for proposers drawn by lot.
    Source: Rubinstein (1982); Binmore, Rubinstein and Wolinsky (1986) for breakdown; Binmore, Shaked and Sutton (1989)
    for outside options.
    """
    refuse_types(game)
    if game.rounds not in {None, 1} or game.offers == "random":
        raise ValueError(
            "the formula is of two sides that take turns, or of one that makes all offers, in one round or without a "
            "last: ask for the solver 'rounds_of_offers'"
        )
    if game.rounds == 1:
        return one_round(game)
    cells, agents = game.cells, len(game.roles)
    beside = game.payoffs.reshape(cells, 2)
    tables = (game.pie, game.discount, game.outside, game.breakdown, game.inside, game.risk, beside)
    numbers = tuple(np.ascontiguousarray(table, np.float64) for table in tables)
    alone = game.players.index(game.offers) if game.offers in game.players else -1
    rules = (int(game.leaving != "never"), int(game.leaving == "any_time"), alone)
    roles = np.array([(i, s if s >= 0 else 1 - i) for i, s, _ in game.roles], np.int64)
    shares, accepted, leaves = (np.empty((cells, 2, 2), kind) for kind in (np.float64, np.float64, np.bool_))
    offer, accepts, strategy = (np.empty((cells, agents)) for _ in range(3))
    verdict, complete = np.empty(cells, np.int64), np.empty(cells, np.bool_)
    out = (shares, accepted, leaves, offer, accepts, strategy, verdict, complete)
    over_blocks(lambda first, last: divisions(numbers, rules, roles, first, last, out), cells, BLOCK)
    by_round = (cells, 1, 1, 2, 2)
    extra = {
        "shares": shares.reshape(by_round), "accepted": accepted.reshape(by_round), "leaves": leaves.reshape(by_round),
        "offer": offer[:, np.newaxis], "accepts_from": accepts[:, np.newaxis],
    }  # fmt: skip
    status = STATUS[verdict]
    return Claim(
        strategy.reshape(cells, 1, agents, 1), status, complete, status == Status.degenerate, extra=extra
    )
