"""The division of a pie by offers in turn, or by one side's, without a last round: formulas in one of four regimes.

In a regime each side's border, the least share that it accepts, is its floor, or what waiting brings it: to propose next,
or to be asked again.  Sizes: C cells, H agents; i a side, j the other.
"""

from __future__ import annotations

import math

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.extremes import LARGEST, SMALLEST
from sim.kernels.base.tolerances import TIE

__all__ = ["FOUND", "NOT_FOUND", "TIED", "divisions"]

FOUND, TIED, NOT_FOUND = 0, 1, 2
"""What became of a cell: agreement wherever it is asked for, the same with a tie, or none; as in ``Status`` of claims."""

Pair = tuple[float, float]


@kernel(inline=True)
def over(number: float, by: float) -> float:
    """A share, NaN where it is of nothing."""
    return number / by if by != 0.0 else math.nan


@kernel(inline=True)
def borders(regime: int, pie: float, floor: Pair, fixed: Pair, weight: Pair, alone: bool) -> Pair:
    """What both would accept in a regime: its bits say whose border is its floor, that of the first side above."""
    first, second = regime >> 1 == 1, regime & 1 == 1
    if alone:
        return (
            floor[0] if first else over(fixed[0], 1.0 - weight[0]),
            floor[1] if second else over(fixed[1], 1.0 - weight[1]),
        )
    if regime == 0:
        both = 1.0 - weight[0] * weight[1]
        return (
            over(fixed[0] + weight[0] * (pie - fixed[1] - weight[1] * pie), both),
            over(fixed[1] + weight[1] * (pie - fixed[0] - weight[0] * pie), both),
        )
    return (
        floor[0] if first else fixed[0] + weight[0] * (pie - floor[1]),
        floor[1] if second else fixed[1] + weight[1] * (pie - floor[0]),
    )


@kernel(inline=True)
def waited(pie: float, border: Pair, fixed: Pair, weight: Pair, alone: bool) -> Pair:
    """What waiting brings either side: what the other's border leaves in the next round, or the own border again."""
    return (
        fixed[0] + weight[0] * (border[0] if alone else pie - border[1]),
        fixed[1] + weight[1] * (border[1] if alone else pie - border[0]),
    )


@kernel(inline=True)
def consistent(own: bool, wait: float, floor: float, room: float) -> bool:
    """Whether waiting brings no more than the floor where that binds, and no less where it does not."""
    return wait <= floor + room if own else wait >= floor - room


@kernel(inline=True)
def computable(game: tuple[Array, ...], c: int) -> bool:
    """Whether all numbers of a cell are finite and of a size to compute with."""
    pie, risk = game[0], game[5]
    total = 0.0 * risk[c]
    for table in game[1:5]:
        for i in range(2):
            total += 0.0 * table[c, i]
    for i in range(2):
        total += 0.0 * game[6][c, i]
    return pie[c] > SMALLEST and pie[c] < LARGEST and total == 0.0


@kernel(inline=True)
def nothing(c: int, out: tuple[Array, ...]) -> None:
    """A cell without an answer."""
    shares, accepted, leaves, offer, accepts, strategy, status, complete = out
    for s in range(2):
        for i in range(2):
            shares[c, s, i], accepted[c, s, i], leaves[c, s, i] = np.nan, np.nan, False
    for h in range(offer.shape[1]):
        offer[c, h], accepts[c, h], strategy[c, h] = np.nan, np.nan, np.nan
    status[c], complete[c] = NOT_FOUND, False


@kernel(inline=True)
def silent(
    c: int, s: int, game: tuple[Array, ...], rules: tuple[int, int, int], out: tuple[Array, ...]
) -> None:
    """The round in which the side that makes no offers would propose: nothing is offered; the other waits, or leaves.

    Nobody is ever there; the plan says what would be best, as it does everywhere.
    """
    pie, discount, outside, broken, inside, risk = game[:6]
    shares, accepted, leaves = out[:3]
    leaving, any_time, _ = rules
    j = 1 - s
    stay, ahead = 1.0 - risk[c], shares[c, j, j]
    wait = risk[c] * broken[c, j] + stay * ((1.0 - discount[c, j]) * inside[c, j] + discount[c, j] * ahead)
    exits = outside[c, j] > wait and leaving == 1
    least = max(outside[c, j] if exits else wait, 0.0)
    own = risk[c] * broken[c, s] + stay * (
        (1.0 - discount[c, s]) * inside[c, s] + discount[c, s] * shares[c, j, s]
    )
    no_deal = outside[c, s] if exits else own
    kept = pie[c] - least
    agreed = kept >= no_deal - TIE * pie[c] and kept >= 0.0
    walk = any_time == 1 and outside[c, s] > max(no_deal, kept if agreed else -np.inf)
    agreed = agreed and not walk
    shares[c, s, s] = kept if agreed else np.nan
    shares[c, s, j] = least if agreed else np.nan
    accepted[c, s, j], leaves[c, s, j], leaves[c, s, s] = least, exits, walk


@kernel(inline=True)
def division(
    c: int, game: tuple[Array, ...], rules: tuple[int, int, int], roles: Array, out: tuple[Array, ...]
) -> None:
    """The plan of one cell: everybody is offered exactly his border."""
    if not computable(game, c):
        nothing(c, out)
        return
    pie, discount, outside, broken, inside, risk = game[:6]
    shares, accepted, leaves, offer, accepts, strategy, status, complete = out
    leaving, any_time, proposer = rules
    whole, stay, alone = pie[c], 1.0 - risk[c], proposer >= 0
    room = TIE * whole
    weight = (stay * discount[c, 0], stay * discount[c, 1])
    fixed = (
        risk[c] * broken[c, 0] + stay * (1.0 - discount[c, 0]) * inside[c, 0],
        risk[c] * broken[c, 1] + stay * (1.0 - discount[c, 1]) * inside[c, 1],
    )
    away = (outside[c, 0] if leaving == 1 else -np.inf, outside[c, 1] if leaving == 1 else -np.inf)
    floor = (max(away[0], 0.0), max(away[1], 0.0))  # nobody can be asked to bring something
    border, found = (math.nan, math.nan), False
    for regime in range(4):
        if not found:
            border = borders(regime, whole, floor, fixed, weight, alone)
            wait = waited(whole, border, fixed, weight, alone)
            fits = consistent(regime >> 1 == 1, wait[0], floor[0], room)
            fits = fits and consistent(regime & 1 == 1, wait[1], floor[1], room)
            found = fits and math.isfinite(border[0]) and math.isfinite(border[1])
    wait = waited(whole, border, fixed, weight, alone)
    exits = (away[0] > wait[0], away[1] > wait[1])
    kept = (whole - border[1], whole - border[0])
    no_deal = (
        outside[c, 0] if exits[1] else fixed[0] + weight[0] * (kept[0] if alone else border[0]),
        outside[c, 1] if exits[0] else fixed[1] + weight[1] * (kept[1] if alone else border[1]),
    )
    tied = False
    for s in range(2):
        if proposer in (-1, s):
            found = found and kept[s] >= 0.0 and kept[s] >= no_deal[s] - room
            found = found and (any_time == 0 or outside[c, s] <= kept[s] + room)
            tied = tied or abs(kept[s] - no_deal[s]) <= room
    if not found:
        nothing(c, out)
        return
    for s in range(2):
        j = 1 - s
        shares[c, s, s], shares[c, s, j] = kept[s], border[j]
        accepted[c, s, s], accepted[c, s, j] = np.nan, border[j]
        leaves[c, s, s], leaves[c, s, j] = False, exits[j]
    if alone:
        silent(c, 1 - proposer, game, rules, out)
    agreed = True
    for h in range(offer.shape[1]):
        i, asking = roles[h, 0], roles[h, 1]
        strategy[c, h] = 1.0
        made = not leaves[c, asking, asking] and not math.isnan(shares[c, asking, asking])
        if i == asking:
            offer[c, h], accepts[c, h] = shares[c, i, i] if made else np.nan, np.nan
            agreed = agreed and made
        else:
            offer[c, h], accepts[c, h] = np.nan, accepted[c, asking, i]
    status[c] = TIED if tied else FOUND
    # with more to divide than both get elsewhere, and agreement wherever it is asked for, no other play is perfect
    elsewhere = max(outside[c, 0] + outside[c, 1], broken[c, 0] + broken[c, 1])
    complete[c] = agreed and elsewhere < whole


@kernel(borrows=True)
def divisions(
    game: tuple[Array, ...],
    rules: tuple[int, int, int],
    roles: Array,
    first: int,
    last: int,
    out: tuple[Array, ...],
) -> None:
    """The divisions of the cells ``first..last``.

    ``game``: ``pie (C,)``, ``discount``, ``outside``, ``breakdown``, ``inside (C, 2)``, ``risk (C,)``, ``beside (C, 2)``.
    ``rules``: whether somebody may leave, also in place of an offer, and who makes all offers, -1 for both in turn.
    ``roles (H, 2)``: the side of each agent, and who proposes, himself or to whom he answers.
    Written: ``shares``, ``accepted``, ``leaves (C, 2, 2)`` by proposer; ``offer``, ``accepts_from``, ``strategy (C, H)``;
    ``status``, ``complete (C,)``.
    """
    for c in range(first, last):
        division(c, game, rules, roles, out)
