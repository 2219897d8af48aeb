"""Which equilibria theories of selection choose: masks over a solution, which drop nothing.

A selection answers for each equilibrium of each cell, ``Solution -> (C, K) bool``.  It may choose several
(ties choose all that tie, except where the theory itself wants a strict order), and it may choose none.
Where ``complete`` is False it chooses among those that were found; where the cell is degenerate, among the
extreme ones.  Best and worst values over whole continua are taken at extreme equilibria, so that nothing
is missed there; of the other selections only the extreme members are known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.answers.refinements import REFINEMENTS
from sim.game import Floats, Game
from sim.kernels.base.joint_actions import strides, unit_payoffs
from sim.kernels.base.threads import over_blocks
from sim.kernels.base.tolerances import FORMULA, SAME_LIMIT, SAME_SHARE, SAME_VALUE, TIE
from sim.kernels.bimatrix.order import exact_ranks
from sim.kernels.one_shot.dominance import IN_DOUBT, admissible
from sim.kernels.one_shot.exact_dominance import undominated as undominated_exactly
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
    "judged_by",
    "names",
    "p_dominance",
    "select",
    "selections",
    "spoken",
    "standing",
]

Mask = NDArray[np.bool_]

MAX_STEPS = 2000  # of a traced path
BLOCK = 1024  # cells a thread takes at a time


@dataclass(frozen=True)
class Selection:
    """One idea of which equilibrium is played.

    ``of_values (value (.., K, n), slack (.., K, n), player) -> (.., K)`` where values decide, which are known up
    to their slack, else ``of_game``.  What it chooses another selection, which it ``implies``, chooses too.
    """

    name: str
    summary: str
    of_values: Callable[[Floats, Floats, int], Mask] | None = None
    of_game: Callable[[Solution], Mask] | None = None
    personal: bool = False  # of one player, who is named: ``best_for Russia``
    implies: str = ""


def select(solution: Solution, name: str) -> Mask:
    """The equilibria that a selection chooses, ``(C, K) bool``; False beyond a cell's last equilibrium.

    ``name`` is one of :data:`SELECTIONS`, followed by a space and the player where it is of one player, or a
    refinement; ``"intuitive, best_for Russia"`` chooses among those that the first leaves.
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
    first, _, rest = str(name).partition(", ")
    if rest:
        kept = select(solution, first)
        return select(only(solution, kept), rest) & kept
    if name in REFINEMENTS:
        return refined(solution, name)
    selection, player = choose(name, solution.game.players)
    if selection.of_values is not None:
        return selection.of_values(*standing(solution), player)
    assert selection.of_game is not None
    if not solution.game.simultaneous:
        raise ValueError(
            f"{name!r} judges games in normal form, not a {type(solution.game).__name__} game; "
            f"choose one of {', '.join(names(solution.game.players, values_only=True))}"
        )
    return selection.of_game(solution)


def refined(solution: Solution, name: str) -> Mask:
    """The equilibria that survive a refinement, ``(C, K) bool``: those of which its solver does not say that it fails.

    Raises ValueError where nobody has judged that.
    """
    if name not in solution.claim.extra:
        raise ValueError(
            f"{name!r} refines equilibria of signalling games whose sender has two types, as the solver 'polylines' "
            f"finds them; nobody judged it of these {concepts[solution.concept].title}"
        )
    return (solution.claim.extra[name] != 0) & ~np.isnan(solution.strategy[..., 0, 0])


def judged_by(solution: Solution, name: str) -> Solution:
    """The solution with the verdicts of this refinement alone.

    Raises ValueError for an unknown one, and where nobody has judged it.
    """
    if name not in REFINEMENTS:
        raise ValueError(unknown("refinement", name, REFINEMENTS))
    refined(solution, name)
    others = set(REFINEMENTS) - {name}
    extra = {key: array for key, array in solution.claim.extra.items() if key not in others}
    return replace(solution, claim=replace(solution.claim, extra=extra))


def only(solution: Solution, kept: Mask) -> Solution:
    """The solution as if the equilibria that are not ``kept (C, K)`` were not there."""
    strategy = np.where(kept[..., np.newaxis, np.newaxis], solution.strategy, np.nan)
    value = np.where(kept[..., np.newaxis], solution.value, np.nan)
    return replace(solution, value=value, claim=replace(solution.claim, strategy=strategy))


def by_value(name: str, players: tuple[str, ...], value: Floats, margin: Floats) -> Mask:
    """A selection by values alone, ``value (.., K, n), margin (.., n) -> (.., K)``; NaN is no equilibrium.

    Values of a player that differ by no more than his ``margin`` are equal; it may be one for each equilibrium,
    ``(.., K, n)``, and then the mean of the two counts.
    Raises ValueError where the values do not decide.
    """
    selection, player = choose(name, players)
    if selection.of_values is None:
        raise ValueError(
            f"values alone do not decide which equilibrium is {name!r} "
            f"(they do for {', '.join(names(players, values_only=True))})"
        )
    each = margin if margin.ndim == value.ndim else margin[..., np.newaxis, :]
    return selection.of_values(value, np.broadcast_to(0.5 * each, value.shape), player)


def names(players: tuple[str, ...], *, values_only: bool = False) -> list[str]:
    """All names of selections for these players."""
    return [
        f"{selection.name} {player}" if selection.personal else selection.name
        for selection in SELECTIONS.values()
        if selection.of_values is not None or not values_only
        if selection.name != "perfect" or len(players) == 2
        for player in (players if selection.personal else ("",))
    ]


def spoken(name: str) -> str:
    """A selection for readers: ``best_for New_York`` -> ``best for New_York``; players are called what they are."""
    word, _, player = name.partition(" ")
    return f"{word.replace('_', ' ')} {player}".rstrip()


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
    game, known = solution.game, standing(solution)
    result = {}
    for name in names(game.players, values_only=not game.simultaneous):
        selection, player = choose(name, game.players)
        by_values = selection.of_values
        result[name] = select(solution, name) if by_values is None else by_values(*known, player)
    return result


def standing(solution: Solution) -> tuple[Floats, Floats]:
    """What tells equilibria apart for each player, and how exactly it is known: ``value, slack (C, K, n)``.

    Values, which rounding blurs in units of the payoffs that play can reach and not of all there are; those of
    pure play are numbers as they were written.  Where two players' values are too near to tell, ranks by exact
    arithmetic stand for them.
    """
    game, cells = solution.game, np.nonzero(solution.count > 1)[0]
    value, slack = solution.value.copy(), np.zeros(solution.value.shape)
    cell, place = np.nonzero(~np.isnan(solution.strategy[cells, :, 0, 0]))
    if not cell.size:
        return value, slack
    each, play = game.take(cells[cell]), solution.strategy[cells[cell], place]
    with np.errstate(over="ignore"):
        reached = np.stack(
            [each.expect(np.abs(each.payoffs[:, i]), play) for i in range(len(game.players))], axis=-1
        )
    room = 0.5 * SAME_VALUE * np.minimum(reached, each.scale)
    if game.simultaneous:
        pure = ((play > 0).sum(axis=-1) == 1).all(axis=-1)
        room[pure] = FORMULA * reached[pure] if game.computed else 0.0
    slack[cells[cell], place] = room
    if game.simultaneous and len(game.players) == 2:
        close = cells[too_near(value[cells], slack[cells], solution.strategy[cells])]
        chosen = game.take(close)
        ranks = exact_ranks(
            chosen.payoffs, chosen.rational, solution.strategy[close], decimals=not game.computed
        )
        told = ~np.isnan(ranks[:, :1, 0]).any(axis=1)
        value[close[told]], slack[close[told]] = ranks[told], 0.0
    return value, slack


def too_near(value: Floats, slack: Floats, strategy: Floats) -> Mask:
    """Cells in which floats cannot tell whether two equilibria are equally good for someone, ``.. -> (C,)``.

    They can where both are pure; and where the other player does the same in both, they are.
    """
    doubtful = np.zeros(len(value), np.bool_)
    for i in range(value.shape[-1]):
        order = np.argsort(value[..., i], axis=1)
        own, room = (np.take_along_axis(array[..., i], order, axis=1) for array in (value, slack))
        other = np.take_along_axis(strategy[:, :, 1 - i], order[..., np.newaxis], axis=1)
        moved = np.abs(np.diff(other, axis=1)) > SAME_SHARE * np.maximum(other[:, 1:], other[:, :-1])
        # twice the slack, so that no comparison at its very edge is left to rounding
        near = (np.diff(own, axis=1) <= 2.0 * (room[:, 1:] + room[:, :-1])) & (
            (room[:, 1:] > 0) | (room[:, :-1] > 0)
        )
        doubtful |= (near & moved.any(axis=2)).any(axis=1)
    return doubtful


def payoff_dominant(value: Floats, slack: Floats, _: int) -> Mask:
    """Equilibria in which nobody gets less than in any other (Harsanyi and Selten 1988)."""
    return np.asarray((value + slack >= most(value - slack)).all(axis=-1))


def payoff_undominated(value: Floats, slack: Floats, _: int) -> Mask:
    """Equilibria to which no other one of the cell is Pareto-superior."""
    exists = ~np.isnan(value).any(axis=-1)
    low, high, dominated = value - slack, value + slack, np.zeros(exists.shape, bool)
    for other in range(value.shape[-2]):
        rival = np.s_[..., other : other + 1, :]
        with np.errstate(invalid="ignore"):  # NaN, where there is no equilibrium, dominates nothing
            dominated |= (high[rival] >= low).all(axis=-1) & (low[rival] > high).any(axis=-1)
    return np.asarray(exists & ~dominated)


def best_for(value: Floats, slack: Floats, player: int) -> Mask:
    """Equilibria that give the player most."""
    return np.asarray((value + slack >= most(value - slack))[..., player])


def worst_for(value: Floats, slack: Floats, player: int) -> Mask:
    """Equilibria that give the player least."""
    return best_for(-value, slack, player)


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
        losses = deviation_losses(game)
        unit = np.abs(losses).max(axis=(2, 3), keepdims=True)
        losses /= np.where(np.isfinite(unit) & (unit > 0), unit, 1.0)
        product = np.where((losses > 0).all(axis=1), losses.prod(axis=1), 0.0).reshape(-1, 4)
        pair = (product > 0).sum(axis=1) == 2
        ahead = np.sort(product, axis=1)
        clear = pair & left & (ahead[:, 3] > (1 + TIE) * ahead[:, 2])
        action = np.stack(np.unravel_index(product.argmax(axis=1), (2, 2)), axis=1)
        played = np.take_along_axis(solution.strategy, action[:, np.newaxis, :, np.newaxis], axis=-1)
        alone_played = (solution.strategy > 0).sum(axis=-1) == 1
        chosen |= clear[:, np.newaxis] & (alone_played & (played[..., 0] > 0)).all(axis=-1)
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
    sizes, cells = game.payoffs.shape[2:], game.cells
    # where the index is not 0 a strategy is the only one with its payoffs against the equilibrium
    verdict = np.where(np.isnan(solution.regret), 0, np.where(solution.index != 0, 1, IN_DOUBT)).astype(
        np.int8
    )
    payoffs = np.ascontiguousarray(game.payoffs.reshape(cells, len(sizes), -1))
    shape = np.array(sizes, np.int64), strides(sizes), game.computed
    arrays = (payoffs, *shape, np.array(solution.strategy))
    over_blocks(lambda first, last: admissible(*arrays, first, last, verdict), cells, BLOCK)
    doubtful = np.nonzero((verdict == IN_DOUBT).any(axis=1))[0]
    for c, fractions in zip(doubtful.tolist(), game.rational(doubtful) if doubtful.size else [], strict=True):
        for k in np.nonzero(verdict[c] == IN_DOUBT)[0]:
            verdict[c, k] = undominated_exactly(fractions, solution.strategy[c, k])
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
                losses[..., a] = np.minimum(losses[..., a], lead(game, utility[..., a], utility[..., b]))
        result[:, i] = np.moveaxis(losses, -1, i + 1)
    return result


def lead(game: Game, one: Floats, other: Floats) -> Floats:
    """By how much payoffs are better than others, of any shape; 0 where rounded values of formulas may be equal."""
    difference = one - other
    if game.computed:
        difference[np.abs(difference) <= FORMULA * np.maximum(np.abs(one), np.abs(other))] = 0.0
    return difference


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
                gain = lead(game, flat[..., a], flat[..., b])  # (C, joint actions of others)
                least = np.minimum(gain.min(axis=1, keepdims=True), 0.0)
                with np.errstate(divide="ignore", invalid="ignore"):
                    share = np.where(least < 0, -least / (gain - least), 0.0)
                share[gain < 0] = np.nan
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
