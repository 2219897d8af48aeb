"""Take it or leave it: the best single offer to a side whose resolve is hidden, by formula."""

from __future__ import annotations

import numpy as np

from sim.answers.talks import (
    ACCEPTED,
    ACCEPTS_FROM,
    ENDS,
    LEAVES,
    OFFER,
    SCHEDULE,
    SHARES,
    UNTIL,
)
from sim.claim import Claim, Status
from sim.forms.bargaining import Bargaining
from sim.game import Floats
from sim.kernels.base.tolerances import TIE
from sim.plugins import solver
from sim.solvers.methods.open_talks import one_round, placeholder


@solver(
    form=Bargaining, concept="perfect_bayesian", players=2, rank=20, title="one offer",
    answers=(OFFER, ACCEPTS_FROM, *(answer.sometimes() for answer in (ENDS, SCHEDULE, UNTIL, SHARES, ACCEPTED, LEAVES))),
)  # fmt: skip
def one_offer(game: Bargaining) -> Claim:
    """The best take-it-or-leave-it offer under hidden resolve: one of as many shares as there are types.

    ``Bargaining`` with one round ``-> strategy (C, 1, H, 1)``; ``extra`` as in
    :mod:`sim.solvers.hidden_resolve`.
    Complete: where no two offers are equally good, and every type is likely.
    Cost: types squared.
    Fails: never.  Raises ValueError for more rounds than one and for a proposer drawn by lot.
    Source: Fearon (1995), pages 393 to 395; Powell (1999), chapter 3.
    """
    if game.rounds == 1 and game.kind == "open" and game.offers != "random":
        return one_round(game)
    if game.rounds != 1 or game.kind != "screening":
        raise ValueError(
            "this formula is of one offer, rounds = 1, by a side that knows less: ask for the solver 'hidden_resolve'"
        )
    cells = np.flatnonzero(game.finite)
    part = game.take(cells)
    (types,) = part.types
    j, p, pie = types.player, 1 - types.player, part.pie[:, np.newaxis]
    risk = part.risk[:, np.newaxis]
    stay = risk * types.breakdown + (1.0 - risk) * types.outside
    exits = (types.outside >= stay) & (part.leaving != "never")
    other = risk * part.breakdown[:, [p]] + (1.0 - risk) * part.outside[:, [p]]
    refused = np.where(exits, part.outside[:, [p]], other)
    last = np.where(exits, types.outside, stay)
    border = np.maximum(last, 0.0)
    # an offer at a type's border is taken by all whose border is not above it
    takes = border[:, np.newaxis] <= border[:, :, np.newaxis] + TIE * pie[..., np.newaxis]
    given = np.where(takes, pie[..., np.newaxis] - border[:, :, np.newaxis], refused[:, np.newaxis])
    worth = np.where(border <= pie, (types.chance[:, np.newaxis] * given).sum(axis=-1), -np.inf)
    worth = np.where(types.chance > 0.0, worth, -np.inf)
    none = (types.chance * refused).sum(axis=-1)
    best = worth.argmax(axis=-1)
    row = np.arange(len(best))
    agreed = worth[row, best] >= none - TIE * part.pie
    order = np.argsort(last, axis=-1, kind="stable")
    mass = np.minimum(np.cumsum(np.take_along_axis(types.chance, order, axis=-1), axis=-1), 1.0)
    mass[:, -1] = 1.0
    ends, schedule = pieces(mass, np.take_along_axis(border, order, axis=-1))
    taken = np.where(takes[row, best], types.chance, 0.0).sum(axis=-1)
    nearest = np.nanargmin(np.abs(ends - taken[:, np.newaxis]), axis=-1) if len(row) else best
    until = np.where(agreed, ends[row, nearest], np.nan)[:, np.newaxis] + 0.0 * ends
    rows = {name: np.full((game.cells, 1, len(game.roles)), np.nan) for name in ("offer", "accepts_from")}
    for h, (i, s, kind) in enumerate(game.roles):
        if i == s:
            rows["offer"][cells, 0, h] = np.where(agreed, part.pie - border[row, best], np.nan)
        elif i == j:
            rows["accepts_from"][cells, 0, h] = border[:, kind]
    for name, array in (("ends", ends), ("schedule", schedule), ("until", until)):
        rows[name] = np.full((game.cells, 1, 1, array.shape[1]), np.nan)
        rows[name][cells, 0, 0] = array
    near = np.sort(np.concatenate([worth, none[:, np.newaxis]], axis=1), axis=1)
    apart = near[:, -1] - near[:, -2] > TIE * part.pie
    complete = np.zeros(game.cells, np.bool_)
    complete[cells] = apart & (types.chance > 0.0).all(axis=-1)
    return Claim(placeholder(game, game.finite), np.full(game.cells, Status.ok), complete, extra=rows)


def pieces(mass: Floats, border: Floats) -> tuple[Floats, Floats]:
    """Pieces of the mass of types with their borders, types without any left out: ``(C, T)`` both, NaN behind."""
    before = np.concatenate([np.zeros_like(mass[:, :1]), mass[:, :-1]], axis=1)
    there = mass > before
    first = np.argsort(~there, axis=1, kind="stable")
    ends = np.take_along_axis(np.where(there, mass, np.nan), first, axis=1)
    return ends, np.take_along_axis(np.where(there, border, np.nan), first, axis=1)
