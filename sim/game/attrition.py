"""Two obstinate sides wear each other out: claimed concessions, judged by integrals (Abreu and Gul 2000).

Each side is, with some chance, a type that insists on its share for ever; the type that reasons insists on the same
and gives in at a random moment.  A round is a unit of time, so that ``discount`` is ``exp(-rate)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.game.offers import Terms
from sim.game.private import Drawn
from sim.game.protocol import Floats

__all__ = ["War", "demand_table", "judge_attrition"]

MOMENTS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
"""When giving in is tried, as shares of the time by which all who reason have given in."""
LATER = 1.25
"""And when it is too late: everybody who is left is obstinate."""
LIVES = 40.0
NODES, WEIGHTS = np.polynomial.legendre.leggauss(40)


def demand_table(types: Sequence[Drawn], pie: Floats) -> tuple[Floats, Floats]:
    """What obstinate types of each side insist on, as shares of the pie, and how likely they are, ``(M, 2, D)`` both.

    In the order of the file; NaN and 0 where a side has fewer.
    """
    size = max(len(each.demands) for each in types)
    share, chance = np.full((len(pie), 2, size), np.nan), np.zeros((len(pie), 2, size))
    for each in types:
        own = list(each.demands)
        share[:, each.player, : len(own)] = each.obstinate[:, own] / pie[:, np.newaxis]
        chance[:, each.player, : len(own)] = np.where(
            np.isnan(each.obstinate[:, own]), 0.0, each.chance[:, own]
        )
    return share, chance


def judge_attrition(
    terms: Terms,
    types: Sequence[Drawn],
    rows: Mapping[str, NDArray[Any]],
    roles: Sequence[tuple[int, int, int]],
) -> tuple[Floats, Floats, Floats]:
    """Values ``(M, 2)``, largest gain ``(M,)``, outcomes ``(M, 4)`` of the claimed war of attrition."""
    share, chance = (array[..., 0] for array in demand_table(types, terms.pie))
    war = War(
        share, chance, terms.rate, rows["concedes_at_once"], rows["concession_rate"], rows["all_conceded"]
    )
    reasoning, insisting, gain = war.judged()
    values = (1.0 - chance) * reasoning + chance * insisting
    gain = np.maximum(gain, told(types, rows, roles, share * terms.pie[:, np.newaxis], terms.pie) / terms.pie)
    return values * terms.pie[:, np.newaxis], gain * terms.pie, war.outcomes()


@dataclass(frozen=True, eq=False)
class War:
    """A claimed war of attrition: ``share``, ``chance`` that a side is obstinate, ``rate`` of impatience, ``(M, 2)``.

    ``atom (M, 2)`` is how likely each gives in at once, ``hazard (M, 2)`` at which rate later, ``end (M,)`` until when.
    """

    share: Floats
    chance: Floats
    rate: Floats
    atom: Floats
    hazard: Floats
    end: Floats

    def judged(self) -> tuple[Floats, Floats, Floats]:
        """What each gets who reasons and who insists ``(M, 2)``, and the largest gain of a deviation ``(M,)``."""
        share, chance, rate, atom, hazard, end = (
            self.share, self.chance, self.rate, self.atom, self.hazard, self.end,
        )  # fmt: skip
        left = (1.0 - atom) * np.exp(-hazard * end[:, np.newaxis])
        # who has not given in at the end is obstinate; of two who give in at once one would rather wait an instant
        gain = np.abs(left - chance).max(axis=-1)
        gain = np.maximum(gain, np.minimum(atom[:, 0], atom[:, 1]))
        gain = np.where(((atom < 0.0) | (atom > 1.0)).any(axis=-1), np.inf, gain)
        reasoning, insisting = np.empty_like(share), np.empty_like(share)
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
            insisting[:, i] = share[:, i] * won
            late = insisting[:, i] + concede * np.exp(-rate[:, i] * LATER * end) * chance[:, j]
            lowest, reasoning[:, i] = np.min(support, axis=0), np.max(support, axis=0)
            gain = np.maximum(gain, np.maximum(np.maximum(reasoning[:, i], late), concede) - lowest)
        return reasoning, insisting, gain

    def outcomes(self) -> Floats:
        """How likely they agree at once, later, leave (never), and never agree, ``(M, 4)``."""
        result = np.zeros((len(self.end), 4))
        result[:, 0] = 1.0 - (1.0 - self.atom).prod(axis=-1)
        result[:, 3] = self.chance.prod(axis=-1)
        result[:, 1] = np.maximum(1.0 - result[:, 0] - result[:, 3], 0.0)
        return result


def integral(hazard: Floats, rate: Floats, until: Floats) -> Floats:
    """The discounted chance that the other gives in by then, by Gauss and Legendre's rule, ``(M,)``.

    What is left after so many lives is less than floats tell, and the rule is exact on as many.
    """
    until = np.minimum(until, LIVES / (hazard + rate))
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
