"""What patience sustains: critical discounts, who can be punished how, and the penal codes that do it.

A joint action is sustained for ever where no player gains by one deviation, given what follows it:
u_i(a) >= (1 - d) best_i(a) + d w_i, with a threat w_i.  The threats are

* ``"grim"``: each deviator's worst pure equilibrium of the stage, for ever after (Friedman 1971);
* ``"nash_reversion"``: his worst equilibrium of the stage, mixed ones included;
* ``"stick_and_carrot"``: one stage of punishment, the stick, then back to the path; whoever does not take
  part in the punishment begins it again (Abreu 1986).  The best stick is found by trying all joint actions;
* ``"own_sticks"``: the same with a stick for each deviator, never worse; two players;
* ``"optimal"``: his worst subgame-perfect payoff in pure strategies with public randomisation, which no
  punishment can go below (Abreu 1988); two players.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.forms.normal import NormalForm
from sim.forms.repeated import Repeated
from sim.game import Floats
from sim.kernels.finite_horizon import feasible_rational_sets
from sim.kernels.matrix_game import matrix_game
from sim.kernels.outer_bound import outer_distance
from sim.kernels.stick_and_carrot import best_sticks, least_discounts
from sim.kernels.threads import over_blocks
from sim.plugins import nearest
from sim.solvers.abreu_sannikov import abreu_sannikov
from sim.solvers.critical_patience import critical_bounds

__all__ = [
    "critical_discount",
    "critical_discounts",
    "critical_frontier",
    "discounts_where",
    "feasible_rational",
    "minmax",
    "outer_gap",
    "path_gain",
    "stage_gains",
    "sticks",
    "sustainable_discounts",
    "temptations",
    "tempted",
    "threats",
]

PUNISHMENTS = ("grim", "nash_reversion", "stick_and_carrot", "own_sticks", "optimal")
STICKS = ("stick_and_carrot", "own_sticks")
BLOCK = 256  # cells a thread takes at a time
THREAT_STEPS = 20_000
OUTER_STEPS = 20_000
TIE = 1e-12  # payoffs closer than this share of a player's range are equal


def critical_discount(
    stage: NormalForm, joint_action: tuple[int, ...], punishment: str = "optimal", *, threats: Any = None
) -> Floats:
    """The least common discount that sustains a joint action for ever, ``(C,)``; NaN where none below 1 does.

    Every higher common discount sustains it too: for ``"optimal"`` because payoff sets grow with patience
    (Abreu, Pearce and Stacchetti 1990, theorem 6), else because the condition is linear; not so with sticks,
    where a patient player may rather be punished.  ``threats (C, n)`` or ``(n,)`` replaces the punishment by
    any other promise of what follows a deviation.  With ``"optimal"`` the answer is the upper one of
    :func:`critical_bounds`.
    Raises ValueError for an unknown punishment, a joint action that is none, more than two players with
    ``"optimal"`` or without pure equilibria to revert to with ``"nash_reversion"``.
    """
    chosen = position(stage, joint_action)
    if threats is None and checked(punishment) == "optimal":
        wanted = np.zeros(stage.payoffs.shape[2:], np.bool_)
        wanted[chosen] = True
        return at(critical_bounds(stage, wanted=wanted)[1], 1, chosen)
    if threats is None and punishment in STICKS:
        place = np.full(1, np.ravel_multi_index(chosen, stage.payoffs.shape[2:]), dtype=np.int64)
        return critical_by_sticks(stage, punishment, place)[:, 0]
    return at(critical_discounts(stage, punishment, threats=threats), 1, chosen)


def critical_discounts(stage: NormalForm, punishment: str = "optimal", *, threats: Any = None) -> Floats:
    """Critical discounts of every joint action, ``(C, A1, .., An)``; see :func:`critical_discount`."""
    if threats is None:
        if checked(punishment) == "optimal":
            return critical_bounds(stage)[1]
        if punishment in STICKS:
            every = np.arange(stage.payoffs[0, 0].size)
            return critical_by_sticks(stage, punishment, every).reshape(stage.cells, *stage.payoffs.shape[2:])
        threats = threats_of(stage, punishment)
    worst = np.broadcast_to(np.asarray(threats, dtype=np.float64), (stage.cells, len(stage.players)))
    gains, scale = stage_gains(stage), stage.scale
    result = np.zeros((stage.cells, *stage.payoffs.shape[2:]))
    extra = (1,) * len(stage.players)
    for i in range(len(stage.players)):
        tie = TIE * scale[:, i].reshape(-1, *extra)
        gain = np.where(gains[:, i] > tie, gains[:, i], 0.0)
        spare = stage.payoffs[:, i] - worst[:, i].reshape(-1, *extra)
        with np.errstate(invalid="ignore", divide="ignore"):
            least = np.where(gain > 0.0, gain / (gain + spare), 0.0)
        hopeless = ~(spare >= -tie) | ((gain > 0.0) & (spare <= tie))
        result = np.maximum(result, np.where(hopeless, np.nan, least))
    return result


def critical_by_sticks(stage: NormalForm, punishment: str, wanted: NDArray[np.int64]) -> Floats:
    """Critical discounts of the ``wanted (K,)`` joint actions (flattened) under the best sticks: ``(C, K)``, exact.

    Higher ones may fail where a player would rather meet his stick: see :func:`sustainable_discounts`.
    """
    shape = stage.payoffs.shape
    scale = stage.scale[..., np.newaxis]
    payoffs, gains = (table.reshape(*shape[:2], -1) / scale for table in (stage.payoffs, temptations(stage)))
    least, own = np.empty((shape[0], len(wanted))), each_his_own(stage, punishment)

    def work(first: int, last: int) -> None:
        part = slice(first, last)
        least_discounts(payoffs[part], gains[part], own, wanted, least[part])

    over_blocks(work, stage.cells, BLOCK)
    return least


def each_his_own(stage: NormalForm, punishment: str) -> bool:
    """Whether every deviator meets a stick of his own.  Raises ValueError for more than two players."""
    if punishment == "own_sticks" and len(stage.players) != 2:
        raise ValueError(
            f"own sticks are tried for two players, not {len(stage.players)}; use 'stick_and_carrot'"
        )
    return punishment == "own_sticks"


def sticks(
    game: Repeated, cycle: list[tuple[int, ...]], punishment: str = "stick_and_carrot"
) -> tuple[NDArray[np.int64], Floats]:
    """The sticks that sustain a cycle of joint actions best, ``(C, n, n)``, and what is gained in spite of them.

    ``[c, i]`` is the joint action that follows a deviation of player i; the largest gain ``(C,)`` from one
    deviation, on the path or from a stick, is an average per stage, and at most 0 where all is sustained.
    """
    shape = game.payoffs.shape
    flat = np.ascontiguousarray(game.payoffs.reshape(*shape[:2], -1))
    gains = temptations(game.stage).reshape(flat.shape)
    leave, values = along_cycle(game, cycle)
    own = each_his_own(game.stage, punishment)
    chosen, gain = np.empty(shape[:2], np.int64), np.empty(shape[0])
    best_sticks(
        flat, gains, np.array(game.discount), (leave - values).max(axis=1), values[:, 0], own, chosen, gain,
    )  # fmt: skip
    return np.stack(np.unravel_index(chosen, shape[2:]), axis=-1), np.where(game.finite, gain, np.nan)


def along_cycle(game: Repeated, cycle: list[tuple[int, ...]]) -> tuple[Floats, Floats]:
    """What leaving in each phase brings at once, weighted, and what going on is worth: ``(C, phases, n)``."""
    steps = [position(game.stage, joint_action) for joint_action in cycle]
    discount, size = game.discount, len(steps)
    pay = np.stack([at(game.payoffs, 2, step) for step in steps], axis=1)
    tempt = np.stack([at(temptations(game.stage), 2, step) for step in steps], axis=1)
    rest = (1.0 - discount) / (1.0 - discount**size)
    values = [
        sum(discount**t * pay[:, (phase + t) % size] for t in range(size)) * rest for phase in range(size)
    ]
    return (1.0 - discount)[:, np.newaxis] * (pay + tempt), np.stack(values, axis=1)


def threats(game: Repeated, punishment: str = "optimal") -> Floats:
    """What each player expects after deviating, ``(C, n)``; NaN where there is no such threat.

    Raises ValueError for sticks, whose threats depend on the path: see :func:`sticks`.
    """
    if punishment in STICKS:
        raise ValueError("the threats of stick and carrot depend on the path they sustain: see sticks")
    if checked(punishment) == "optimal":
        worst: Floats = abreu_sannikov(game, max_steps=THREAT_STEPS).extra["worst"]
        return worst
    return threats_of(game.stage, punishment)


def threats_of(stage: NormalForm, punishment: str) -> Floats:
    """Worst equilibrium payoffs of the stage, ``(C, n)``: of pure ones, or of all (two players)."""
    play = worst_equilibria(stage, punishment)
    each = [stage.values(play[:, i])[:, i] for i in range(len(stage.players))]
    return np.stack(each, axis=1)


def worst_equilibria(stage: NormalForm, punishment: str) -> Floats:
    """The equilibrium of the stage that is worst for each player, ``(C, n, n, A)``; NaN where there is none.

    ``"grim"`` looks at pure ones, ``"nash_reversion"`` at all where there are two players.
    """
    n, shape = len(stage.players), stage.payoffs.shape[2:]
    cells = np.arange(stage.cells)[:, np.newaxis]
    if punishment == "nash_reversion" and n == 2:
        from sim.solution import certify
        from sim.solvers.support_enumeration import support_enumeration

        found = certify(stage, support_enumeration(stage))
        if not found.strategy.shape[1]:
            return np.full((stage.cells, n, n, max(shape)), np.nan)
        worst = np.where(np.isnan(found.value), np.inf, found.value).argmin(axis=1)
        played: Floats = found.strategy[cells, worst]
        return played
    scale = stage.scale.reshape(stage.cells, n, *(1,) * n)
    pure = (stage_gains(stage) <= TIE * scale).all(axis=1, keepdims=True)
    worst = np.where(pure, stage.payoffs, np.inf).reshape(stage.cells, n, -1).argmin(axis=-1)
    result = np.eye(max(shape))[np.stack(np.unravel_index(worst, shape), axis=-1)]
    result[~pure.reshape(stage.cells, -1).any(axis=1)] = np.nan
    return result


def stage_gains(stage: NormalForm) -> Floats:
    """What the best deviation from each joint action gains each player at once, ``(C, n, A1, .., An)``."""
    best = [
        stage.payoffs[:, i].max(axis=i + 1, keepdims=True) - stage.payoffs[:, i]
        for i in range(len(stage.players))
    ]
    return np.stack(best, axis=1)


def temptations(stage: NormalForm) -> Floats:
    """What the best of all other actions brings at once, ``(C, n, A1, .., An)``: a loss where they are worse.

    Minus infinity for a player who has one action only.
    """
    result = np.full_like(stage.payoffs, -np.inf)
    for i, size in enumerate(stage.payoffs.shape[2:]):
        own = np.moveaxis(stage.payoffs[:, i], i + 1, -1)
        best = np.repeat(own[..., np.newaxis, :], size, axis=-2)
        best[..., np.arange(size), np.arange(size)] = -np.inf
        result[:, i] = np.moveaxis(best.max(axis=-1) - own, -1, i + 1)
    return result


def tempted(
    stage: NormalForm, joint_action: tuple[int, ...], punishment: str = "optimal"
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Whose patience binds: player ``(C,)``, his best deviation ``(C,)``, and what it gains at once ``(C,)``.

    The player who needs the highest discount to stay with the joint action (or with a stick, where those
    sustain it), given the threats at the critical discount; player and deviation are -1 and the gain NaN
    where nobody is tempted or nothing sustains it.
    """
    chosen = position(stage, joint_action)
    critical = critical_discount(stage, joint_action, punishment)
    found = np.nan_to_num(critical) > 0.0
    who, what = np.full(stage.cells, -1, np.int64), np.full(stage.cells, -1, np.int64)
    how = np.full(stage.cells, np.nan)
    if not found.any():
        return who, what, how
    part, shape = stage.take(found), stage.payoffs.shape[2:]
    game = Repeated(part, np.repeat(critical[found, np.newaxis], len(shape), 1))
    payoffs, pay = part.payoffs.reshape(part.cells, len(shape), -1), at(part.payoffs, 2, chosen)
    places = np.full((part.cells, 1), np.ravel_multi_index(chosen, shape))
    if punishment in STICKS:
        after = np.ravel_multi_index(tuple(np.moveaxis(sticks(game, [chosen], punishment)[0], -1, 0)), shape)
        stick = np.take_along_axis(payoffs, after[:, :, np.newaxis], axis=2)[:, :, 0]
        worst = (1.0 - game.discount) * stick + game.discount * pay
        places = np.concatenate([places, after], axis=1)
    else:
        worst = threats(game, punishment)
    gain = np.take_along_axis(stage_gains(part).reshape(payoffs.shape), places[:, np.newaxis], axis=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        needed = np.where(gain > 0.0, gain / (gain + (pay - worst)[..., np.newaxis]), 0.0)
    cells = np.arange(part.cells)
    who[found], where = np.divmod(needed.reshape(part.cells, -1).argmax(axis=1), places.shape[1])
    how[found] = gain[cells, who[found], where]
    from_there = np.unravel_index(places[cells, where], shape)
    for i in range(len(shape)):
        others = tuple(own for j, own in enumerate(from_there) if j != i)
        replies = np.moveaxis(part.payoffs[:, i], i + 1, -1)[(cells, *others)]
        what[found] = np.where(who[found] == i, replies.argmax(axis=1), what[found])
    return who, what, how


def path_gain(game: Repeated, cycle: list[tuple[int, ...]], punishment: str = "optimal") -> Floats:
    """Largest gain from leaving a cycle of joint actions once, ``(C,)``: sustained where it is at most 0.

    Averages per stage, largest over players and phases; ``cycle`` is repeated for ever.  NaN without threats.
    A player who would rather be punished gains by the best of his other actions, if at all.
    """
    if checked(punishment) in STICKS:
        return sticks(game, cycle, punishment)[1]
    leave, values = along_cycle(game, cycle)
    later = (game.discount * threats(game, punishment))[:, np.newaxis]
    result: Floats = (leave + later - values).max(axis=(1, 2))
    return result


def sustainable_discounts(
    stage: NormalForm,
    cycle: list[tuple[int, ...]],
    punishment: str = "optimal",
    *,
    player: int | None = None,
    others: Any = 0.5,
    points: int = 49,
    tolerance: float = 1e-9,
) -> list[NDArray[np.float64]]:
    """Intervals of discounts that sustain a cycle of joint actions: one array ``(intervals, 2)`` a cell.

    The discount is common, or that of ``player`` alone with the ``others`` held fixed.  One joint action at a
    common discount is sustained from its :func:`critical_discount` on, which is proved, unless with sticks or
    where a patient player would rather be punished, as one who gets less than in the equilibrium that grim goes
    back to.  Else the set need not be an interval: see :func:`discounts_where`.
    """
    if player is None and len(cycle) == 1 and checked(punishment) not in STICKS:
        critical = critical_discount(stage, cycle[0], punishment)
        if punishment == "optimal" or not np.isnan(critical).any():
            return [np.array([] if np.isnan(least) else [[least, 1.0]]).reshape(-1, 2) for least in critical]
    n = len(stage.players)

    def holds(cells: NDArray[np.int64], own: Floats) -> NDArray[np.bool_]:
        discount = np.full((len(own), n), others)
        discount[:, slice(None) if player is None else player] = own[:, np.newaxis] if player is None else own
        gain = path_gain(Repeated(stage.take(cells), discount), cycle, punishment)
        result: NDArray[np.bool_] = gain <= 10 * TIE * stage.scale[cells].max(axis=1)
        return result

    return discounts_where(holds, stage.cells, points=points, tolerance=tolerance)


def discounts_where(
    holds: Callable[[NDArray[np.int64], Floats], NDArray[np.bool_]],
    cells: int,
    *,
    points: int = 49,
    tolerance: float = 1e-9,
) -> list[NDArray[np.float64]]:
    """Intervals of discounts at which ``holds(cell, discount)`` is true: one array ``(intervals, 2)`` a cell.

    ``points`` discounts in (0, 1) are tried and each change between two of them is bisected to
    ``tolerance``; intervals that fit between two points are not seen.
    """
    grid = np.linspace(0.0, 1.0, points + 2)[1:-1]
    every = np.repeat(np.arange(cells), points)
    sustained = holds(every, np.tile(grid, cells)).reshape(cells, points)
    cell, place = np.nonzero(sustained[:, 1:] != sustained[:, :-1])
    low, high, rises = grid[place], grid[place + 1], sustained[cell, place + 1]
    while cell.size and (high - low).max() > tolerance:
        middle = 0.5 * (low + high)
        inside = holds(cell, middle) == rises
        low, high = np.where(inside, low, middle), np.where(inside, middle, high)
    border = np.where(rises, high, low)
    result = []
    for c in range(cells):
        ends = border[cell == c].tolist()
        if sustained[c, 0]:
            ends.insert(0, 0.0)
        if sustained[c, -1]:
            ends.append(1.0)
        result.append(np.array(ends).reshape(-1, 2))
    return result


def critical_frontier(
    stage: NormalForm,
    joint_action: tuple[int, ...],
    others: Any,
    punishment: str = "optimal",
    *,
    player: int = 0,
    highest: float = 0.95,
    points: int = 20,
    tolerance: float = 1e-9,
) -> Floats:
    """Least discount of ``player`` that sustains a joint action for ever, given that of the ``others``: ``(C, K)``.

    ``others (K,)`` are discounts that all the others share.  NaN where none up to ``highest`` does.  With unequal
    discounts patience may harm as well as help: ``points`` equal steps are tried from 0 on, and the first
    change is bisected to ``tolerance``; what happens within a step is not seen.
    Cost: ``points`` + 30 payoff sets for each of the K with ``"optimal"``, 0.3 ms to 0.1 s each.
    Raises ValueError as :func:`critical_discount`.
    """
    position(stage, joint_action)
    given = np.asarray(others, dtype=np.float64).ravel()
    cells, rest = np.repeat(np.arange(stage.cells), len(given)), np.tile(given, stage.cells)
    tie = 10 * TIE * stage.scale.max(axis=1)

    def holds(of: NDArray[np.int64], own: Floats) -> NDArray[np.bool_]:
        discount = np.repeat(rest[of, np.newaxis], len(stage.players), 1)
        discount[:, player] = own
        gain = path_gain(Repeated(stage.take(cells[of]), discount), [joint_action], punishment)
        result: NDArray[np.bool_] = gain <= tie[cells[of]]
        return result

    high, low = np.full(len(cells), np.nan), np.zeros(len(cells))
    for own in np.linspace(0.0, highest, points + 1):
        open_ = np.flatnonzero(np.isnan(high))
        if not len(open_):
            break
        inside = holds(open_, np.full(len(open_), own))
        high[open_[inside]] = own
        low[open_[~inside]] = own
    while len(wide := np.flatnonzero(high - low > tolerance)):
        middle = 0.5 * (low[wide] + high[wide])
        inside = holds(wide, middle)
        high[wide], low[wide] = np.where(inside, middle, high[wide]), np.where(inside, low[wide], middle)
    return high.reshape(stage.cells, len(given))


def outer_gap(game: Repeated, payoff_set: Floats, *, max_steps: int = OUTER_STEPS) -> Floats:
    """How far beyond a claimed payoff set ``(C, V, 2)`` an equilibrium payoff can lie at most, ``(C,)``.

    In units of each player's range of payoffs (rounded up to a power of two).  A certificate from outside, by
    other steps than the solver's at a common discount: what self-generation is from inside.  Rounding error
    where the set is complete, inf for an empty set that is not proved to be all; where ``max_steps`` are
    not enough the bound is wide, not wrong.  Infinite horizon, two players.
    Cost: 20 to 200 microseconds a cell at 3 x 3 and a common discount up to 0.9.
    """
    payoffs, discount = np.array(game.payoffs), np.array(game.discount)
    gap, sets, finite = np.full(game.cells, np.nan), np.array(payoff_set), game.finite

    def work(first: int, last: int) -> None:
        part = slice(first, last)
        outer_distance(payoffs[part], discount[part], finite[part], sets[part], max_steps, gap[part])

    over_blocks(work, game.cells, BLOCK)
    return gap


def minmax(stage: NormalForm, *, mixed: bool = False) -> Floats:
    """What each player can be held to in the stage, ``(C, n)``: by pure or by mixed actions of the others.

    Mixed minmax is the value of a zero-sum game, by linear programming; two players.
    """
    n, shape = len(stage.players), stage.payoffs.shape[2:]
    result = np.empty((stage.cells, n))
    if not mixed:
        for i in range(n):
            result[:, i] = stage.payoffs[:, i].max(axis=i + 1).reshape(stage.cells, -1).min(axis=-1)
        return result
    if n != 2:
        raise ValueError(f"mixed minmax is computed for two players, not {n}")
    for i in range(2):
        tables = np.ascontiguousarray(np.moveaxis(stage.payoffs[:, i], i + 1, 1))  # own action first
        own, other = np.empty(shape[i]), np.empty(shape[1 - i])
        for c, table in enumerate(tables):
            result[c, i] = (
                matrix_game(table, shape[i], shape[1 - i], own, other) if stage.finite[c] else np.nan
            )
    return result


def feasible_rational(stage: NormalForm, *, mixed: bool = False) -> Floats:
    """Feasible payoffs that give each player at least his minmax: polygons ``(C, V, 2)``, padded with NaN.

    By the folk theorem patient players can reach any point above the minmax (Fudenberg and Maskin 1986);
    with the pure minmax, in pure strategies.  Two players.
    """
    if len(stage.players) != 2:
        raise ValueError(f"payoff sets are polygons of two players, not {len(stage.players)}")
    floor = minmax(stage, mixed=mixed)
    sets = np.full((stage.cells, stage.payoffs[0, 0].size + 6, 2), np.nan)
    feasible_rational_sets(np.array(stage.payoffs), floor, stage.finite, sets)
    most = int((~np.isnan(sets[..., 0])).sum(axis=1).max(initial=1))
    return np.ascontiguousarray(sets[:, : max(most, 1)])


def at(table: Floats, lead: int, joint_action: tuple[int, ...]) -> Floats:
    """The entries of one joint action, whose axes come after the first ``lead``."""
    where: Any = (slice(None),) * lead + joint_action
    result: Floats = table[where]
    return result


def position(stage: NormalForm, joint_action: tuple[int, ...]) -> tuple[int, ...]:
    """A joint action as positions; raises ValueError where it is none."""
    shape = stage.payoffs.shape[2:]
    chosen = tuple(int(a) for a in joint_action)
    if len(chosen) != len(shape) or any(not 0 <= a < size for a, size in zip(chosen, shape, strict=True)):
        raise ValueError(f"joint action {tuple(joint_action)} is none of a game with {shape} actions")
    return chosen


def checked(punishment: str) -> str:
    """The name of a punishment; raises ValueError with the nearest one."""
    if punishment not in PUNISHMENTS:
        raise ValueError(
            f"unknown punishment {punishment!r} (punishments: {', '.join(PUNISHMENTS)})."
            f"{nearest(punishment, PUNISHMENTS)}"
        )
    return punishment
