"""Nobody gains by a one-shot deviation: what the game itself says of any claimed play."""

from __future__ import annotations

from sim.claim import Claim
from sim.game import Floats, Game, Judgement

__all__ = ["best_replies"]


def best_replies(_game: Game, _claim: Claim, judgement: Judgement) -> Floats:
    """Largest gain from a one-shot deviation, in units of the deviating player's range, ``(C, K)`` (Nash 1951)."""
    return judgement.relative
