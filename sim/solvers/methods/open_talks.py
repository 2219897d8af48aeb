"""Plans of bargains in which nothing is hidden, as claims."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.claim import Claim, Status
from sim.forms.bargaining import Bargaining
from sim.game import Floats
from sim.game.offers import Plan
from sim.game.talks import told_borders, told_offers
from sim.kernels.base.tolerances import TIE

__all__ = ["one_round", "open_claim", "placeholder", "refuse_types"]


def refuse_types(game: Bargaining) -> None:
    """Raise ValueError where some player has types."""
    if game.types:
        whose = " and ".join(game.players[each.player] for each in game.types)
        raise ValueError(
            f"this method takes it that nothing is hidden, and {whose} has types: "
            "ask for the concept 'perfect_bayesian'"
        )


def placeholder(game: Bargaining, found: NDArray[np.bool_]) -> Floats:
    """Strategies ``(C, 1, H, 1)``: everybody talks, where something was found."""
    strategy = np.ones((game.cells, 1, *game.mask.shape))
    strategy[~found] = np.nan
    return strategy


def open_claim(game: Bargaining, plan: Plan, found: NDArray[np.bool_], tied: NDArray[np.bool_]) -> Claim:
    """The claim of a plan of the finite cells, ``(E, N, s, n)``; ``found (E,)``, ``tied (E,)``."""
    finite = np.flatnonzero(game.finite)
    there, ties = np.zeros(game.cells, np.bool_), np.zeros(game.cells, np.bool_)
    there[finite], ties[finite] = found, found & tied
    rows = {"shares": plan.shares, "accepted": plan.accepts_from, "leaves": plan.leaves}
    rows |= {"offer": told_offers(game.terms, plan, game.roles)}
    rows |= {"accepts_from": told_borders(game.terms, plan, game.roles)}
    extra = {}
    for name, array in rows.items():
        extra[name] = np.full(
            (game.cells, 1, *array.shape[1:]), 0 if array.dtype == np.bool_ else np.nan, array.dtype
        )
        extra[name][finite[found], 0] = array[found]
    status = np.where(there, np.where(ties, Status.degenerate, Status.ok), Status.not_found)
    # with more to divide than both get elsewhere, and agreement wherever it is asked for, no other play is perfect
    gains = np.maximum(game.outside.sum(axis=-1), game.breakdown.sum(axis=-1)) < game.pie
    agreed = np.zeros(game.cells, np.bool_)
    agreed[finite] = plan.offers()[:, :, list(game.proposers)].all(axis=(1, 2))
    complete = there & gains & agreed & (len(game.players) == 2)
    return Claim(placeholder(game, there), status, complete, ties, extra=extra)


def one_round(game: Bargaining) -> Claim:
    """The ultimatum of the first proposer where nothing is hidden: the other gets what refusing would bring it."""
    part = game.take(np.flatnonzero(game.finite))
    s = part.proposers[0]
    risk = part.risk[:, np.newaxis]
    stay = risk * part.breakdown + (1.0 - risk) * part.outside
    exits = (part.outside > stay) & (part.leaving != "never")
    shape = (part.cells, 1, 2, 2)
    shares, border, leaves = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape, np.bool_)
    room = TIE * part.pie
    tied = np.zeros(part.cells, np.bool_)
    for i, j in ((0, 1), (1, 0)):
        border[:, 0, i, j] = np.maximum(np.where(exits[:, j], part.outside[:, j], stay[:, j]), 0.0)
        leaves[:, 0, i, j] = exits[:, j]
        refused = np.where(exits[:, j], part.outside[:, i], stay[:, i])
        kept = part.pie - border[:, 0, i, j]
        agreed = (kept >= refused - room) & (kept >= 0.0)
        best = np.maximum(refused, np.where(agreed, kept, -np.inf))
        leaves[:, 0, i, i] = (part.leaving == "any_time") & (part.outside[:, i] > best + room)
        agreed &= ~leaves[:, 0, i, i]
        shares[:, 0, i, i] = np.where(agreed, kept, np.nan)
        shares[:, 0, i, j] = np.where(agreed, border[:, 0, i, j], np.nan)
        tied |= (np.abs(kept - refused) <= room) & (i == s)
    return open_claim(game, Plan(shares, border, leaves), np.ones(part.cells, np.bool_), tied)
