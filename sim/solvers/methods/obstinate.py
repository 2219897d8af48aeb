"""Obstinate types, solved: wars of attrition in closed form, and the demands before them (Abreu and Gul 2000)."""

from __future__ import annotations

import numpy as np

from sim.claim import Status
from sim.forms.bargaining import Bargaining
from sim.game import Floats
from sim.game.attrition import demand_table
from sim.game.demands import Announced, reasoning, told_shares
from sim.kernels.bargaining.demands import announcements
from sim.kernels.base.tolerances import ROUNDED
from sim.solvers.methods.hidden_talks import Resolved

__all__ = ["concessions", "demanded"]


def war(share: Floats, chance: Floats, rate: Floats) -> tuple[Floats, Floats, Floats]:
    """How likely each gives in at once, at which rate later ``(M, 2)``, and until when ``(M,)`` (proposition 1).

    ``share`` is what each insists on, ``chance`` how likely it is obstinate, ``rate`` how impatient it is, ``(M, 2)``.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = rate[:, ::-1] * (1.0 - share) / (share.sum(axis=-1) - 1.0)[:, np.newaxis]
        alone = -np.log(chance) / hazard  # when each would have given in, were there no atom
        end = alone.min(axis=-1)
        atom = np.maximum(0.0, 1.0 - chance * np.exp(hazard * end[:, np.newaxis]))
    return np.where(alone <= end[:, np.newaxis], 0.0, atom), hazard, end


def concessions(game: Bargaining) -> Resolved:
    """One demand for each side: rates, the atom at the start and the end of giving in."""
    share, chance = (array[..., 0] for array in demand_table(game.types, game.pie))
    atom, hazard, end = war(share, chance, game.terms.rate)
    good = (
        (share.sum(axis=-1) > 1.0)
        & (share < 1.0).all(axis=-1)
        & np.isfinite(hazard).all(axis=-1)
        & (hazard > 0.0).all(axis=-1)
    )
    good &= np.isfinite(end) & ((chance > 0.0) & (chance < 1.0)).all(axis=-1)
    offer = np.full((game.cells, len(game.roles)), np.nan)
    accepts = offer.copy()
    for h, (i, s, kind) in enumerate(game.roles):
        own = next(each for each in game.types if each.player == i)
        if i == s:
            offer[:, h] = share[:, i] * game.pie
        else:
            reasons = np.isnan(own.obstinate[:, kind])
            accepts[:, h] = np.where(reasons, 1.0 - share[:, 1 - i], share[:, i]) * game.pie
    answers = {"concedes_at_once": atom, "concession_rate": hazard, "all_conceded": end}
    return Resolved(
        np.where(good, Status.ok, Status.not_found), answers | {"offer": offer, "accepts_from": accepts}
    )


def demanded(game: Bargaining) -> Resolved:
    """Several demands: who passes for whom (:mod:`sim.kernels.bargaining.demands`), and the wars that follow."""
    share, chance = demand_table(game.types, game.pie)
    rate, size = game.terms.rate, share.shape[-1]
    there = chance > 0.0
    with np.errstate(invalid="ignore"):
        good = ((share > 0.0) & (share < 1.0) | ~there).all(axis=(1, 2))
    good &= ((rate > 0.0) & np.isfinite(rate)).all(axis=-1)
    reasons = reasoning(game.types)
    good &= (reasons > 0.0).all(axis=-1) & there.any(axis=-1).all(axis=-1)
    kept = np.flatnonzero(good)
    first, second = np.zeros((len(kept), size)), np.zeros((len(kept), size, size))
    if len(kept):
        announcements(share[kept], chance[kept], reasons[kept], rate[kept], first, second)
    announces, counters = np.zeros((game.cells, size)), np.zeros((game.cells, size, size + 1))
    announces[kept] = first / first.sum(axis=-1, keepdims=True)
    yields = reasons[kept, 1, np.newaxis] - second.sum(axis=-1)
    yields = np.where(yields > ROUNDED * reasons[kept, 1, np.newaxis], yields, 0.0)
    answers = np.concatenate([second, yields[..., np.newaxis]], axis=-1)
    counters[kept] = answers / answers.sum(axis=-1, keepdims=True)
    said = Announced(game.types, game.pie, announces, counters)
    m, shares, belief = said.pairs()
    atoms, hazards, ends = war(shares, belief, rate[m])
    pairs = said.fight.shape
    told = {
        "announces": announces,
        "counters": counters,
        **told_shares(game.types, game.roles, said, game.pie),
    }
    for name, array in (("war_gives_in", atoms), ("war_rate", hazards), ("war_ends", ends)):
        told[name] = np.full((*pairs, *array.shape[1:]), np.nan)
        told[name][said.fight] = array
    return Resolved(np.where(good, Status.ok, Status.not_found), told)
