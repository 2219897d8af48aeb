"""Two obstinate sides wear each other out: claimed concessions, judged by integrals (Abreu and Gul 2000).

Each side is, with some chance, a type that insists on its share for ever; the type that reasons insists on the same
and gives in at a random moment.  A round is a unit of time, so that ``discount`` is ``exp(-rate)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.game.offers import Terms
from sim.game.private import Drawn
from sim.game.protocol import Floats

__all__ = ["insistence", "judge_attrition"]

MOMENTS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
"""When giving in is tried, as shares of the time by which all who reason have given in."""
LATER = 1.25
"""And when it is too late: everybody who is left is obstinate."""
NODES, WEIGHTS = np.polynomial.legendre.leggauss(40)


def insistence(types: Sequence[Drawn], pie: Floats) -> tuple[Floats, Floats]:
    """What each insists on as a share of the pie, and how likely it is obstinate, ``(M, 2)`` both."""
    ordered = sorted(types, key=lambda each: each.player)
    insists = [~np.isnan(each.obstinate) for each in ordered]
    share = [np.nanmax(each.obstinate, axis=-1) / pie for each in ordered]
    chance = [(each.chance * there).sum(axis=-1) for each, there in zip(ordered, insists, strict=True)]
    return np.stack(share, axis=-1), np.stack(chance, axis=-1)


def judge_attrition(
    terms: Terms,
    types: Sequence[Drawn],
    rows: Mapping[str, NDArray[Any]],
    roles: Sequence[tuple[int, int, int]],
) -> tuple[Floats, Floats, Floats]:
    """Values ``(M, 2)``, largest gain ``(M,)``, outcomes ``(M, 4)`` of the claimed war of attrition."""
    share, chance = insistence(types, terms.pie)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = -np.log(terms.discount)
    atom, hazard, end = rows["concedes_at_once"], rows["concession_rate"], rows["all_conceded"]
    left = (1.0 - atom) * np.exp(-hazard * end[:, np.newaxis])
    # who has not given in at the end is obstinate; of two who give in at once one would rather wait an instant
    gain = np.abs(left - chance).max(axis=-1)
    gain = np.maximum(gain, np.minimum(atom[:, 0], atom[:, 1]))
    gain = np.where(((atom < 0.0) | (atom > 1.0)).any(axis=-1), np.inf, gain)
    values = np.empty_like(share)
    for i in (0, 1):
        j = 1 - i
        concede = 1.0 - share[:, j]
        support = []
        for moment in MOMENTS:
            until = moment * end
            won = atom[:, j] + (1.0 - atom[:, j]) * integral(hazard[:, j], rate[:, i], until)
            last = np.exp(-(rate[:, i] + hazard[:, j]) * until)
            support.append(share[:, i] * won + concede * (1.0 - atom[:, j]) * last)
        won = atom[:, j] + (1.0 - atom[:, j]) * integral(hazard[:, j], rate[:, i], end)
        never = share[:, i] * won
        late = never + concede * np.exp(-rate[:, i] * LATER * end) * chance[:, j]
        lowest, highest = np.min(support, axis=0), np.max(support, axis=0)
        gain = np.maximum(gain, np.maximum(np.maximum(highest, late), concede) - lowest)
        values[:, i] = (1.0 - chance[:, i]) * highest + chance[:, i] * never
    gain = np.maximum(gain, told(types, rows, roles, share * terms.pie[:, np.newaxis], terms.pie) / terms.pie)
    outcome = np.zeros((len(gain), 4))
    outcome[:, 0] = 1.0 - (1.0 - atom).prod(axis=-1)
    outcome[:, 3] = chance.prod(axis=-1)
    outcome[:, 1] = np.maximum(1.0 - outcome[:, 0] - outcome[:, 3], 0.0)
    pie = terms.pie[:, np.newaxis]
    return values * pie, gain * terms.pie, outcome


def integral(hazard: Floats, rate: Floats, until: Floats) -> Floats:
    """The discounted chance that the other gives in by then, by Gauss and Legendre's rule, ``(M,)``."""
    moments = 0.5 * until[:, np.newaxis] * (NODES + 1.0)
    density = hazard[:, np.newaxis] * np.exp(-(hazard + rate)[:, np.newaxis] * moments)
    result: Floats = 0.5 * until * (density @ WEIGHTS)
    return result


def told(
    types: Sequence[Drawn],
    rows: Mapping[str, NDArray[Any]],
    roles: Sequence[tuple[int, int, int]],
    share: Floats,
    pie: Floats,
) -> Floats:
    """How far the shares that are told differ from what is insisted on and given in to, ``(M,)``."""
    result = np.zeros(len(share))
    for h, (i, s, kind) in enumerate(roles):
        own = next(each for each in types if each.player == i)
        reasons = np.isnan(own.obstinate[:, kind])
        wanted = share[:, i] if i == s else np.where(reasons, pie - share[:, 1 - i], share[:, i])
        said = rows["offer" if i == s else "accepts_from"][:, h]
        result = np.maximum(result, np.abs(said - wanted))
    return result
