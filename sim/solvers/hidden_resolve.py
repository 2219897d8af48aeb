"""The default for bargains in which one side, or both, have types that the other does not know."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.answers.talks import (
    ACCEPTED,
    ACCEPTS_FROM,
    ALL_CONCEDED,
    ANNOUNCES,
    CONCEDES_AT_ONCE,
    CONCESSION_RATE,
    COUNTERS,
    ENDS,
    EXITS,
    LEAVES,
    OFFER,
    SCHEDULE,
    SHARES,
    UNTIL,
    WALKS,
    WAR_ENDS,
    WAR_GIVES_IN,
    WAR_RATE,
)
from sim.claim import Claim, Status
from sim.forms.bargaining import Bargaining
from sim.plugins import solver
from sim.solvers.methods.hidden_talks import Resolved, skimmed, sorted_out
from sim.solvers.methods.obstinate import concessions, demanded
from sim.solvers.methods.open_talks import open_claim, placeholder
from sim.solvers.methods.values_of_rounds import values_of_rounds

BY_KIND = {
    "leaving": (SHARES, ACCEPTED, LEAVES, EXITS, WALKS),
    "screening": (ENDS, SCHEDULE, UNTIL),
    "obstinate": (CONCEDES_AT_ONCE, CONCESSION_RATE, ALL_CONCEDED),
    "demands": (ANNOUNCES, COUNTERS, WAR_GIVES_IN, WAR_RATE, WAR_ENDS),
}
METHODS = {"leaving": sorted_out, "screening": skimmed, "obstinate": concessions, "demands": demanded}


@solver(
    form=Bargaining, concept="perfect_bayesian", rank=10,
    answers=(OFFER, ACCEPTS_FROM, *(answer.sometimes() for own in BY_KIND.values() for answer in own)),
    title="hidden resolve", more="other beliefs after offers that nobody expects may hold other play",
)  # fmt: skip
def hidden_resolve(game: Bargaining) -> Claim:
    """Who is offered what by a side that does not know the other's type, and which types agree, wait or leave.

    ``Bargaining -> strategy (C, 1, H, 1)``; ``extra`` holds ``offer`` and ``accepts_from (C, 1, H)``
    and, by what types may do, the plan after the first offer (types that leave), a schedule (offers in a row), or
    for obstinate types which of their demands are made by who reasons, and the rates at which sides give in.
    Complete: never; one equilibrium is given, in which who neither agrees nor leaves is taken for the neediest type.
    Cost: microseconds a cell; rounds times pieces where offers follow one another.
    Fails with ``not_found`` where no such equilibrium exists, ``max_steps`` where a schedule has too many pieces.
    Source: Fearon (1995); Board and Pycia (2014); Fudenberg, Levine and Tirole (1985); Abreu and Gul (2000).
    """
    if game.kind not in METHODS:  # nothing is hidden: beliefs are certain, and what is left is to look ahead
        found_open = values_of_rounds(game.terms.take(np.flatnonzero(game.finite)))
        return open_claim(game, found_open.plan, found_open.found, found_open.tied)
    finite = np.flatnonzero(game.finite)
    part = game.take(finite)
    found: Resolved = METHODS[game.kind](part)
    return whole_claim(game, finite, found)


def whole_claim(game: Bargaining, finite: NDArray[np.int64], found: Resolved) -> Claim:
    """What was found in the finite cells as a claim of all."""
    status = np.full(game.cells, Status.not_found, np.int8)
    status[finite] = found.status
    good = found.status == Status.ok
    there = np.zeros(game.cells, np.bool_)
    there[finite] = good
    extra: dict[str, NDArray[Any]] = {}
    for name, array in found.answers.items():
        extra[name] = np.full(
            (game.cells, 1, *array.shape[1:]), 0 if array.dtype == np.bool_ else np.nan, array.dtype
        )
        extra[name][finite[good], 0] = array[good]
    return Claim(placeholder(game, there), status, extra=extra)
