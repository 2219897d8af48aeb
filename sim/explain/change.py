"""One change of outcomes: what moves, where to, and what then holds."""

from __future__ import annotations

from dataclasses import dataclass

from sim.expression import Number

__all__ = ["Change", "Held"]

Held = tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """Moving one parameter alone outward, at ``at`` the outcomes change; ``share`` of its range from here.

    ``exact`` is True where that is proved: ``at`` is the float next to a root; False where it was bracketed by looks.
    """

    parameter: str
    here: Number
    at: Number
    share: float
    exact: bool
    before: Held
    after: Held
