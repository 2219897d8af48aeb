"""What there is to agree on in a bargain, and what is offered and accepted, as a dataset for pictures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, cast

import numpy as np
import xarray

from sim.forms.bargaining import Bargaining
from sim.solution import Solution

__all__ = ["bargain_range"]


@dataclass(frozen=True)
class Side:
    """A player, as one of his types or without any: what he has without agreement, or the share he insists on."""

    player: int
    kind: int
    label: str
    fallback: float
    insists: float


@dataclass(frozen=True)
class Sign:
    """One sign of the picture: ``what`` is "keeps", "accepts" or "insists", of an agent; ``at`` is its place."""

    row: int
    player: int
    what: str
    agent: str
    at: float
    share: float


def bargain_range(solution: Solution, attrs: Mapping[str, str], number: int = 0) -> xarray.Dataset:
    """The bargaining range of the first cell and the offers of one answer: ``row``, ``sign``, ``outcome``.

    Of two players there is a row for each pair of types, from ``low`` to ``high (row)`` on the scale of what the first
    gets: between them a division is better for both than none.  Of more there is a row for each player, on the scale of
    what he gets.  ``at (sign)`` is where a sign stands on that scale, ``share (sign)`` what its player gets there, ``what
    (sign)`` "keeps" (an offer), "accepts" (the least that is accepted) or "insists", ``agent`` and ``player (sign)``
    whose it is.  ``probability (outcome)`` tells what comes of it.  The attributes ``fallback`` and ``scale`` say in words
    what each has without agreement, and whose share it is; ``pie`` is what is divided.

    Raises ValueError for games that are no bargains.
    """
    if solution.game.picture != "bargaining_range":
        raise ValueError(f"only bargains have a range of divisions, and this is a {solution.game.form} game")
    game = cast("Bargaining", solution.game).take([0])
    pie = float(game.pie[0])
    sides = [sides_of(game, i) for i in range(len(game.players))]
    claimed = {name: solution.claim.extra[name][0, number] for name in ("offer", "accepts_from")}
    rows: list[tuple[str, float, float]] = []
    signs: list[Sign] = []
    if len(sides) == 2:
        scale = f"what {game.players[0]} gets"
        for row, (one, other) in enumerate(product(*sides)):
            names = [side.label for side in (one, other) if side.kind >= 0]
            rows.append((" and ".join(names) or "both sides", one.fallback, pie - other.fallback))
            signs += signs_of(game, claimed, row, (one, other), pie)
    else:
        scale = "what each gets"
        for i, own in enumerate(sides):
            others = sum(each[0].fallback for j, each in enumerate(sides) if j != i)
            rows.append((game.players[i], own[0].fallback, pie - others))
            signs += signs_of(game, claimed, i, own[:1], pie)
    variables = {
        "low": ("row", np.array([low for _, low, _ in rows]), {"units": "share of the pie"}),
        "high": ("row", np.array([high for _, _, high in rows]), {"units": "share of the pie"}),
        "at": ("sign", np.array([sign.at for sign in signs], dtype=float)),
        "share": ("sign", np.array([sign.share for sign in signs], dtype=float)),
        "sign_row": ("sign", np.array([sign.row for sign in signs], dtype=np.int64)),
        "sign_player": ("sign", np.array([sign.player for sign in signs], dtype=np.int64)),
        "what": ("sign", np.array([sign.what for sign in signs], dtype=str)),
        "agent": ("sign", np.array([sign.agent for sign in signs], dtype=str)),
        "probability": ("outcome", solution.outcomes[0, number]),
    }
    coords = {
        "row": [label for label, _, _ in rows],
        "player": list(game.players),
        "outcome": list(game.outcomes.names),
    }
    told: dict[str, Any] = {**attrs, "scale": scale, "fallback": fallback_words(game), "pie": pie}
    return xarray.Dataset(variables, coords, told)


def sides_of(game: Bargaining, player: int) -> list[Side]:
    """A player as each of his types, or alone."""
    name = fallback_name(game)
    drawn = next((each for each in game.types if each.player == player), None)
    if drawn is None:
        own = float(
            {"outside": game.outside, "breakdown": game.breakdown, "inside": game.inside}[name][0, player]
        )
        return [Side(player, -1, game.players[player], own, math.nan)]
    return [
        Side(
            player, k, f"{game.players[player]}@{label}\u00a0({float(drawn.chance[0, k]):.3g})",
            float(getattr(drawn, name)[0, k]), float(drawn.obstinate[0, k]),
        )
        for k, label in enumerate(drawn.labels)
    ]  # fmt: skip


def fallback_name(game: Bargaining) -> str:
    """Which of its numbers a bargain leaves each without agreement."""
    if game.leaving != "never":
        return "outside"
    return "breakdown" if game.risk[0] > 0 else "inside"


def fallback_words(game: Bargaining) -> str:
    """What each has without agreement, in words."""
    words = {
        "outside": "what each has outside, once somebody leaves",
        "breakdown": "what each has when talks break down",
        "inside": "what each has as long as they do not agree",
    }
    return words[fallback_name(game)]


def signs_of(
    game: Bargaining, claimed: Mapping[str, Any], row: int, sides: tuple[Side, ...] | list[Side], pie: float
) -> list[Sign]:
    """What these sides offer and accept, the one that proposes first first."""
    result = []
    for place, side in enumerate(sides):
        turned = len(game.players) == 2 and place == 1

        def sign(what: str, agent: str, share: float, who: Side = side, turned: bool = turned) -> Sign:
            return Sign(row, who.player, what, agent, pie - share if turned else share, share)

        for h, (player, proposer, kind) in enumerate(game.roles):
            if player != side.player or kind not in (side.kind, -1):
                continue
            label = game.agents[h].label
            name, what = ("offer", "keeps") if proposer == player else ("accepts_from", "accepts")
            if not math.isnan(float(claimed[name][h])) and math.isnan(side.insists):
                result.append(sign(what, label, float(claimed[name][h])))
        if not math.isnan(side.insists):
            result.append(sign("insists", side.label, side.insists))
    return result
