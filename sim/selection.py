"""Which equilibria theories of selection choose: masks over a solution, which drop nothing.

A selection answers for each equilibrium of each cell, ``Solution -> (C, K) bool``.  It may choose several
(ties choose all that tie, except where the theory itself wants a strict order), and it may choose none.
Where ``complete`` is False it chooses among those that were found; where the cell is degenerate, among the
extreme ones.  Best and worst values over whole continua are taken at extreme equilibria, so that nothing
is missed there; of the other selections only the extreme members are known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.game import Floats, Game
from sim.kernels.base.joint_actions import strides, unit_payoffs
from sim.kernels.base.threads import over_blocks
from sim.kernels.base.tolerances import SAME_LIMIT, SAME_VALUE
from sim.kernels.one_shot.dominance import admissible
from sim.kernels.one_shot.logit import REACHED
from sim.kernels.one_shot.tracing import trace
from sim.plugins import concepts, unknown
from sim.solution import Solution

__all__ = [
    "SELECTIONS",
    "Selection",
    "by_value",
    "choose",
    "deviation_losses",
    "names",
    "p_dominance",
    "select",
    "selections",
]

Mask = NDArray[np.bool_]

MAX_STEPS = 2000  # of a traced path
BLOCK = 1024  # cells a thread takes at a time


@dataclass(frozen=True)
class Selection:
    """One idea of which equilibrium is played.

    ``of_values (value (.., K, n), margin (.., n), player) -> (.., K)`` where values decide, else ``of_game``.
    What it chooses another selection, which it ``implies``, chooses too.
    """

    name: str
    summary: str
    of_values: Callable[[Floats, Floats, int], Mask] | None = None
    of_game: Callable[[Solution], Mask] | None = None
    personal: bool = False  # of one player, who is named: ``best_for Russia``
    implies: str = ""


def select(solution: Solution, name: str) -> Mask:
    """The equilibria that a selection chooses, ``(C, K) bool``; False beyond a cell's last equilibrium.

    ``name`` is one of :data:`SELECTIONS`, followed by a space and the player where it is of one player.
    Raises ValueError for unknown names, and for a game or concept that the selection does not judge.

    >>> from sim import NormalForm, solve
    >>> hunt = NormalForm([[[4, 0], [3, 2]], [[4, 3], [0, 2]]], ("A", "B"))
    >>> solution = solve(hunt)
    >>> solution.value[0][select(solution, "payoff_dominant")[0]].tolist()
    [[4.0, 4.0]]
    """
    if not isinstance(solution, Solution):
        raise ValueError(  # noqa: TRY004 - the one error of wrong input
            f"select chooses among the equilibria of a Solution, as sim.solve gives it, not a {type(solution).__name__}"
        )
    if not concepts[solution.concept].rivals:
        rivals = ", ".join(name for name, concept in concepts.items() if concept.rivals)
        raise ValueError(
            f"selections choose among equilibria ({rivals}); answers of "
            f"{solution.concept!r} are not rivals of one another"
        )
    selection, player = choose(name, solution.game.players)
    if selection.of_values is not None:
        return selection.of_values(solution.value, SAME_VALUE * solution.game.scale, player)
    assert selection.of_game is not None
    if not solution.game.simultaneous:
        raise ValueError(
            f"{name!r} judges games in normal form, not a {type(solution.game).__name__} game; "
            f"choose one of {', '.join(names(solution.game.players, values_only=True))}"
        )
    return selection.of_game(solution)


def by_value(name: str, players: tuple[str, ...], value: Floats, margin: Floats) -> Mask:
    """A selection by values alone, ``value (.., K, n), margin (.., n) -> (.., K)``; NaN is no equilibrium.

    Raises ValueError where the values do not decide.
    """
    selection, player = choose(name, players)
    if selection.of_values is None:
        raise ValueError(
            f"values alone do not decide which equilibrium is {name!r} "
            f"(they do for {', '.join(names(players, values_only=True))})"
        )
    return selection.of_values(value, margin, player)


def names(players: tuple[str, ...], *, values_only: bool = False) -> list[str]:
    """All names of selections for these players."""
    return [
        f"{selection.name} {player}" if selection.personal else selection.name
        for selection in SELECTIONS.values()
        if selection.of_values is not None or not values_only
        if selection.name != "perfect" or len(players) == 2
        for player in (players if selection.personal else ("",))
    ]


def choose(name: str, players: tuple[str, ...]) -> tuple[Selection, int]:
    """The selection of this name, and the player it is of (0 where it is of nobody)."""
    if not isinstance(name, str):
        raise ValueError(unknown("selection", name, names(players)))  # noqa: TRY004 - the one error of wrong input
    word, _, player = name.partition(" ")
    if name == "perfect" and len(players) != 2:
        raise ValueError(
            f"'perfect' is decided for two players, not {len(players)}: with more, choose 'undominated', "
            "which all perfect equilibria are"
        )
    if name not in names(players):
        raise ValueError(unknown("selection", name, names(players)))
    selection = SELECTIONS[word]
    return selection, players.index(player) if selection.personal else 0


def selections(solution: Solution) -> dict[str, Mask]:
    """Every selection that judges this solution, by name; none where its answers are not rivals."""
    if not concepts[solution.concept].rivals:
        return {}
    game = solution.game
    return {name: select(solution, name) for name in names(game.players, values_only=not game.simultaneous)}


def payoff_dominant(value: Floats, margin: Floats, _: int) -> Mask:
    """Equilibria in which nobody gets less than in any other (Harsanyi and Selten 1988)."""
    return np.asarray((value >= most(value) - margin[..., np.newaxis, :]).all(axis=-1))


def payoff_undominated(value: Floats, margin: Floats, _: int) -> Mask:
    """Equilibria to which no other one of the cell is Pareto-superior."""
    exists = ~np.isnan(value).any(axis=-1)
    room, dominated = margin[..., np.newaxis, :], np.zeros(exists.shape, bool)
    for other in range(value.shape[-2]):
        rival = value[..., other : other + 1, :]
        with np.errstate(invalid="ignore"):  # NaN, where there is no equilibrium, dominates nothing
            dominated |= (rival >= value - room).all(axis=-1) & (rival > value + room).any(axis=-1)
    return np.asarray(exists & ~dominated)


def best_for(value: Floats, margin: Floats, player: int) -> Mask:
    """Equilibria that give the player most."""
    return np.asarray((value >= most(value) - margin[..., np.newaxis, :])[..., player])


def worst_for(value: Floats, margin: Floats, player: int) -> Mask:
    """Equilibria that give the player least."""
    return best_for(-value, margin, player)


def most(value: Floats) -> Floats:
    """Largest value of each player over the equilibria, ``(.., K, n) -> (.., 1, n)``."""
    result: Floats = np.max(
        np.where(np.isnan(value), -np.inf, value), axis=-2, keepdims=True, initial=-np.inf
    )
    return result


def risk_dominant(solution: Solution) -> Mask:
    """The equilibrium that is safest when nobody knows which will be played; at most one of a cell.

    In 2 x 2 games with two strict equilibria: the one with the larger product of deviation losses, none
    where the products are equal (Harsanyi and Selten 1988).  In all other games: the end of the path of logit
    equilibria that starts where everybody plays every action alike, in units of each player's range of
    payoffs (McKelvey and Palfrey 1995; Turocy 2005), and none where the path stops on its way or ends in an
    equilibrium that is not in the solution.  In symmetric 2 x 2 games both rules agree, in others they mostly
    do (all but 1 of 240 drawn at random).
    """
    game = solution.game
    chosen = np.zeros(solution.regret.shape, bool)
    exists = ~np.isnan(solution.regret)
    alone = solution.complete & ~solution.degenerate & (solution.count == 1)
    chosen[alone] = exists[alone]
    left = game.finite & ~alone & (solution.count > 0)
    if game.payoffs.shape[2:] == (2, 2):
        losses = deviation_losses(game) / game.scale[:, :, np.newaxis, np.newaxis]
        product = np.where((losses > SAME_VALUE).all(axis=1), losses.prod(axis=1), 0.0).reshape(-1, 4)
        pair = (product > 0).sum(axis=1) == 2
        ahead = np.sort(product, axis=1)
        clear = pair & left & (ahead[:, 3] > (1 + SAME_VALUE) * ahead[:, 2])
        action = np.stack(np.unravel_index(product.argmax(axis=1), (2, 2)), axis=1)
        played = np.take_along_axis(solution.strategy, action[:, np.newaxis, :, np.newaxis], axis=-1)
        chosen |= clear[:, np.newaxis] & (played[..., 0] > 1 - SAME_VALUE).all(axis=-1)
        left &= ~pair
    cells = np.nonzero(left)[0]
    if cells.size:
        sizes = game.payoffs.shape[2:]
        payoffs = unit_payoffs(game.payoffs[cells], game.scale[cells])
        play, _, reason = trace(payoffs, sizes, np.zeros(sum(sizes) - len(sizes)), MAX_STEPS)
        apart = np.abs(solution.strategy[cells] - play[:, np.newaxis]).max(axis=(2, 3))
        apart = np.where(np.isnan(apart) | (reason != REACHED)[:, np.newaxis], np.inf, apart)
        nearest = apart.argmin(axis=1)
        chosen[cells, nearest] = apart[np.arange(cells.size), nearest] < SAME_LIMIT
    return chosen


def undominated(solution: Solution) -> Mask:
    """Equilibria in which nobody's strategy is weakly dominated by another, pure or mixed.

    In two-player games these are exactly the trembling-hand perfect ones (van Damme 1991, theorem 3.2.2).
    With more players every perfect equilibrium is among them, and they need not all be perfect, which is
    why :func:`choose` refuses to call them so.
    """
    game = solution.game
    sizes = game.payoffs.shape[2:]
    verdict = np.zeros(solution.regret.shape, np.int8)
    payoffs, strategy = unit_payoffs(game.payoffs, game.scale), np.array(solution.strategy)
    arrays = (payoffs, np.array(sizes, np.int64), strides(sizes), strategy, solution.index)
    over_blocks(lambda first, last: admissible(*arrays, first, last, verdict), game.cells, BLOCK)
    return verdict == 1


def deviation_losses(game: Game) -> Floats:
    """What each player loses by his best deviation from each joint action, ``-> (C, n, A1, .., An)``.

    Negative where he gains; infinite for a player with one action.
    """
    result = np.empty(game.payoffs.shape)
    for i, size in enumerate(game.payoffs.shape[2:]):
        utility = np.moveaxis(game.payoffs[:, i], i + 1, -1)
        losses = np.full(utility.shape, np.inf)
        for a in range(size):
            for b in set(range(size)) - {a}:
                losses[..., a] = np.minimum(losses[..., a], utility[..., a] - utility[..., b])
        result[:, i] = np.moveaxis(losses, -1, i + 1)
    return result


def p_dominance(game: Game) -> Floats:
    """How sure of a joint action all must be to go along, ``-> (C, A1, .., An)``; NaN if it is no equilibrium.

    The least p such that everybody's action is a best reply to every belief that the others play theirs
    with probability p or more.  Below 1/2 in 2 x 2 games it is risk dominant.
    Source: Morris, Rob and Shin (1995).
    """
    sizes = game.payoffs.shape[2:]
    level = np.zeros((game.cells, *sizes))
    for i, size in enumerate(sizes):
        utility = np.moveaxis(game.payoffs[:, i], i + 1, -1)
        shape, flat = utility.shape, utility.reshape(game.cells, -1, size)
        needed = np.zeros(flat.shape)
        for a in range(size):
            for b in set(range(size)) - {a}:
                gain = (
                    flat[..., a] - flat[..., b]
                )  # by the action over its rival, (C, joint actions of others)
                least = np.minimum(gain.min(axis=1, keepdims=True), 0.0)
                with np.errstate(divide="ignore", invalid="ignore"):
                    share = np.where(least < 0, -least / (gain - least), 0.0)
                share[gain < -SAME_VALUE * game.scale[:, i : i + 1]] = np.nan
                needed[..., a] = np.maximum(needed[..., a], share)
        level = np.maximum(level, np.moveaxis(needed.reshape(shape), -1, i + 1))
    return np.minimum(level, 1.0)


SELECTIONS: dict[str, Selection] = {
    selection.name: selection
    for selection in (
        Selection(
            "payoff_dominant",
            "nobody gets less than in any other",
            payoff_dominant,
            implies="payoff_undominated",
        ),
        Selection("payoff_undominated", "no other is better for one and worse for none", payoff_undominated),
        Selection("best_for", "the player gets most", best_for, personal=True),
        Selection("worst_for", "the player gets least", worst_for, personal=True),
        Selection(
            "risk_dominant",
            "safest when nobody knows which is played (Harsanyi and Selten 1988)",
            of_game=risk_dominant,
        ),
        Selection("undominated", "nobody's strategy is weakly dominated", of_game=undominated),
        Selection(
            "perfect",
            "survives trembling hands; two players (Selten 1975)",
            of_game=undominated,
            implies="undominated",
        ),
    )
}
