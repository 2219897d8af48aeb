"""Games in normal form: everybody chooses once, at the same time.

Player i of n has actions ``1..Ai``; ``payoffs[c, i, a1, .., an]`` is what player i gets in cell c
when the joint action is ``(a1, .., an)``.  The order of the axes is the same for every player.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar, Self, TypeGuard

import numpy as np
from numpy.typing import NDArray

from sim.game import Agent, Essence, Floats, Game, Judgement, Outcomes
from sim.game.checks import Written, checked_outcomes, labels, payoff_readings, rounded_cells, with_exact
from sim.kernels.base.outcomes import bimatrix_outcomes
from sim.kernels.base.tolerances import LEVEL_NOISE, SAME_PLAY
from sim.kernels.judge.certificate import judge_bimatrix
from sim.plugins import forms

__all__ = ["NormalForm", "Ties", "is_normal"]


Exact = Callable[[NDArray[Any]], NDArray[Any]]


@dataclass(frozen=True)
class Ties:
    """What the source of two-player games knows of payoffs that are alike in all cells.

    ``vanishing()`` tells for each player which minors of his payoffs are zero in every cell: by his opponent's
    actions and his own, in the order of ``sim.polynomials.vanishing_minors``.  ``errors(cells)`` bounds how far
    the payoffs of chosen cells are off what exact arithmetic gives, ``(E,) -> (E, 2)``.
    """

    vanishing: Callable[[], tuple[NDArray[np.bool_], NDArray[np.bool_]]]
    errors: Callable[[NDArray[Any]], Floats]

    def take(self, chosen: NDArray[Any]) -> Ties:
        """The same of the chosen cells (positions)."""
        return Ties(self.vanishing, lambda cells: self.errors(chosen[cells]))


@dataclass(frozen=True, eq=False, init=False)
class NormalForm(Game):
    """A batch of normal-form games: ``payoffs (C, n, A1, .., An)``, or ``(n, A1, .., An)`` for one.

    ``players``, ``actions`` and ``outcomes`` are labels and may be left out.  An array that could be either
    a batch or one game, as ``(3, 2, 2, 2)`` may be three games of two players or one of three, is refused
    unless the number of labels decides, or ``cells``: True where the first axis is that of cells, False
    where there is none.  Payoffs may be fractions, decimals and whole numbers of any size; where floats
    round them, exact arithmetic reads what was written.  ``exact`` gives the payoffs of chosen cells as
    fractions, ``(cells,) -> (cells, n, A1, .., An)`` of ``Fraction``, where the source of the game knows them
    better than its floats do, ``rounded (C,)`` in which cells numbers were written that floats round, and ``ties``
    what is known of payoffs that are always alike.

    Raises ValueError for a shape that is no game, or more than one, and for labels that do not fit it.

    >>> game = NormalForm([[[3, 0], [5, 1]], [[3, 5], [0, 1]]], ("Row", "Column"), (("keep", "break"),) * 2)
    >>> game.cells, [agent.label for agent in game.agents]
    (1, ['Row', 'Column'])
    """

    form: ClassVar[str] = "normal"
    default_concept: ClassVar[str] = "nash"
    exports: ClassVar[tuple[str, ...]] = (".nfg",)
    simultaneous: ClassVar[bool] = True

    payoffs: Floats
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    outcomes: Outcomes
    exact: Exact | None = field(repr=False)
    rounded: NDArray[np.bool_] = field(repr=False)
    ties: Ties | None = field(repr=False)

    def __init__(
        self,
        payoffs: Any,
        players: Iterable[str] = (),
        actions: Iterable[Iterable[str]] = (),
        outcomes: Outcomes | None = None,
        exact: Exact | None = None,
        rounded: Any = False,
        ties: Ties | None = None,
        *,
        cells: bool | None = None,
    ) -> None:
        names, lists = labels("players", players), labels_of_actions(actions)
        floats, written = with_cell_axis(payoffs, len(names) or len(lists), cells)
        shape = floats.shape[2:]
        names = names or tuple(f"player {i + 1}" for i in range(len(shape)))
        lists = lists or tuple(tuple(str(a + 1) for a in range(size)) for size in shape)
        if len(names) != len(shape) or tuple(map(len, lists)) != shape:
            raise ValueError(
                f"labels do not fit payoffs of shape {floats.shape}: players {names}, actions {lists}"
            )
        checked_outcomes(outcomes, shape)
        if exact is None and written is not None:
            exact, rounded = Written(written), rounded_cells(rounded, len(floats), written)
        # frozen: the constructor is the one place where fields are brought into their final form
        object.__setattr__(self, "payoffs", floats)
        object.__setattr__(self, "players", names)
        object.__setattr__(self, "actions", lists)
        object.__setattr__(self, "outcomes", outcomes or Outcomes.each_its_own(lists))
        object.__setattr__(self, "exact", exact)
        object.__setattr__(self, "ties", ties)
        object.__setattr__(self, "rounded", rounded_cells(rounded, len(floats)))

    @cached_property
    def agents(self) -> tuple[Agent, ...]:
        """One agent for each player."""
        return tuple(
            Agent(i, name, labels)
            for i, (name, labels) in enumerate(zip(self.players, self.actions, strict=True))
        )

    def expect(self, table: Floats, strategy: Floats) -> Floats:
        """Expectation of a table, ``(C or 1, A1, .., An), (C, n, A) -> (C,)``."""
        return contract(table, strategy, range(len(self.players)), self.payoffs.shape[2:])

    def deviations(self, strategy: Floats) -> Floats:
        """Payoff of each action against the others' strategies, ``(C, n, A) -> (C, n, A)``."""
        shape = self.payoffs.shape[2:]
        result = np.full((self.cells, len(shape), max(shape)), np.nan)
        for i, size in enumerate(shape):
            others = [j for j in range(len(shape)) if j != i]
            result[:, i, :size] = contract(self.payoffs[:, i], strategy, others, shape)
        return result

    def shares(self, strategy: Floats) -> Floats:
        """Probability of each outcome under play, ``(C, n, A) -> (C, outcome)``."""
        joint = np.ones((len(strategy), 1))
        for i, size in enumerate(self.payoffs.shape[2:]):
            both = joint[:, :, np.newaxis] * strategy[:, np.newaxis, i, :size]
            joint = both.reshape(len(joint), joint.shape[1] * size)  # said, since a batch may have no cells
        result = np.zeros((len(self.outcomes.names), len(strategy)))
        np.add.at(result, self.outcomes.of.ravel(), joint.T)
        return result.T

    def take(self, cells: Any) -> Self:
        """The batch of the chosen cells."""
        chosen = np.arange(self.cells)[cells]
        parent = self.exact
        exact = None if parent is None else lambda positions: parent(chosen[positions])
        ties = None if self.ties is None else self.ties.take(chosen)
        labelled = self.players, self.actions, self.outcomes
        return type(self)(self.payoffs[chosen], *labelled, exact, self.rounded[chosen], ties)

    def spoken(self, place: tuple[int, ...]) -> str:
        """A joint action in words."""
        return ", ".join(own[a] for own, a in zip(self.actions, place, strict=True))

    @property
    def computed(self) -> bool:
        """Whether ``exact`` knows the payoffs better than their floats do."""
        return self.exact is not None

    def rational(self, cells: NDArray[Any]) -> NDArray[Any]:
        """Payoffs of the chosen cells as fractions, ``(E,) -> (E, n, A1, .., An)``.

        They are what the scenario wrote where it is the source; else each float is read as the
        shortest decimal that names it, so that 0.1 is one tenth.
        """
        return super().rational(cells) if self.exact is None else self.exact(cells)

    def outcome_probabilities(self, strategy: Floats) -> Floats:
        """Probability of each outcome in each claim; compiled for two players."""
        if len(self.players) != 2:
            return super().outcome_probabilities(strategy)
        return bimatrix_outcomes(np.ascontiguousarray(strategy), self.outcomes.of, len(self.outcomes.names))

    @cached_property
    def essences(self) -> tuple[Essence, ...]:
        """The game of those who have something to choose, and of who else is needed to make a game of two."""
        shape = self.payoffs.shape[2:]
        idle = [i for i, size in enumerate(shape) if size == 1]
        staying = idle[: max(2 - len(shape) + len(idle), 0)]
        kept = tuple(i for i in range(len(shape)) if i not in idle or i in staying)
        return () if len(kept) == len(shape) else (Essence(np.arange(self.cells), kept, self.among(kept)),)

    def among(self, kept: tuple[int, ...]) -> Self:
        """The game of some players (positions) where all others have one action."""
        parent, own = self.exact, list(kept)
        shape = tuple(self.payoffs.shape[2 + i] for i in kept)
        return type(self)(
            self.payoffs[:, own].reshape(self.cells, len(own), *shape),
            tuple(self.players[i] for i in kept),
            tuple(self.actions[i] for i in kept),
            Outcomes(self.outcomes.names, self.outcomes.of.reshape(shape)),
            None
            if parent is None
            else lambda cells: parent(cells)[:, own].reshape(len(cells), len(own), *shape),
            self.rounded,
            cells=True,
        )

    def judge(self, strategy: Floats, generic: NDArray[np.bool_] | None = None) -> Judgement:
        """Values, regret, index and component of claimed play; compiled for two players.

        Index, component and what is at stake are those of the game without players who have nothing to choose.
        """
        if self.essences and len(self.essences[0].agents) == 2:
            essence = self.essences[0]
            two = essence.game.judge(strategy[:, :, list(essence.agents)], generic)
            return replace(
                super().judge(strategy), relative=two.relative, index=two.index, component=two.component
            )
        if len(self.players) != 2:
            judgement = super().judge(strategy, generic)
            for at in self.portions(*np.nonzero(judgement.component >= 0)):
                judgement.relative[at] = self.take(at[0]).gains_at_stake(strategy[at])
            return replace(judgement, component=connected(strategy, judgement.component))
        return Judgement(*judge_bimatrix(self.payoffs, np.ascontiguousarray(strategy), generic))

    def gains_at_stake(self, strategy: Floats) -> Floats:
        """Largest gain from a deviation, ``(C, n, A) -> (C,)``, beyond rounding and in units of what is at stake.

        That is the range of the payoffs which play and the deviation can reach: no other payoff blurs it.
        """
        result = np.zeros(self.cells)
        for i, size in enumerate(self.payoffs.shape[2:]):
            own = np.moveaxis(self.payoffs[:, i], i + 1, 1).reshape(self.cells, size, -1)
            weight: Floats = np.ones((self.cells, 1))
            for j, others in enumerate(self.payoffs.shape[2:]):
                if j != i:
                    both = weight[..., np.newaxis] * strategy[:, j, np.newaxis, :others]
                    weight = both.reshape(self.cells, -1)
            play, met = strategy[:, i, :size], (weight > 0)[:, np.newaxis]
            likely = np.take_along_axis(own, play.argmax(axis=1)[:, np.newaxis, np.newaxis], axis=1)
            size_of = np.maximum(np.abs(own), np.abs(likely))
            reply = np.einsum("cao,co->ca", own - likely, weight)
            noise = LEVEL_NOISE * np.einsum("cao,co->ca", size_of, weight)
            low, high = np.where(met, own, np.inf).min(axis=2), np.where(met, own, -np.inf).max(axis=2)
            floor = np.where(play > 0, low, np.inf).min(axis=1, keepdims=True)
            roof = np.where(play > 0, high, -np.inf).max(axis=1, keepdims=True)
            stake = np.maximum(high, roof) - np.minimum(low, floor)
            gain = reply - noise - (play * (reply + noise)).sum(axis=1, keepdims=True)
            share = np.where(gain > 0, gain / np.where(stake > 0, stake, 1.0), 0.0)
            result = np.maximum(result, share.max(axis=1))
        return result


def connected(strategy: Floats, component: NDArray[np.int32]) -> NDArray[np.int32]:
    """Numbers of components, ``(C, K, n, A), (C, K) -> (C, K)``: -1 stays, others count by first appearance.

    Two equilibria that differ in the strategy of one player only are linked by a segment of equilibria: to
    the same play of the others both are best replies, and what the others gain is linear in between.
    """
    several = (component >= 0).sum(axis=1) > 1
    cell, place = np.nonzero((component >= 0) & several[:, np.newaxis])
    alike = same_numbers(strategy[cell, place], cell)
    groups = [
        np.unique(np.column_stack([cell, np.delete(alike, i, axis=1)]), axis=0, return_inverse=True)[
            1
        ].ravel()
        for i in range(alike.shape[1])
    ]
    own = np.arange(len(cell))
    while True:  # the first equilibrium of a component spreads through all groups that it has a member in
        before = own.copy()
        for group in groups:
            first = np.full(len(cell), len(cell))
            np.minimum.at(first, group, own)
            own = first[group]
        if (own == before).all():
            break
    result = np.array(component)
    number = np.cumsum(own == np.arange(len(cell))) - 1  # over all cells: each starts again from 0
    start = np.zeros(len(component) + 1, np.int64)
    start[1:] = np.cumsum(np.bincount(cell[own == np.arange(len(cell))], minlength=len(component)))
    result[cell, place] = number[own] - start[cell]
    return result


def same_numbers(play: Floats, cell: NDArray[np.int64]) -> NDArray[np.int64]:
    """A number for each player's strategy, ``(E, n, A), (E,) -> (E, n)``: in one cell the same for the same one."""
    numbers = np.empty(play.shape, np.int64)
    for i, a in np.ndindex(play.shape[1:]):
        order = np.lexsort((play[:, i, a], cell))
        apart = (np.diff(play[order, i, a]) > SAME_PLAY) | (np.diff(cell[order]) > 0)
        numbers[order, i, a] = np.concatenate([[0], np.cumsum(apart)])[: len(order)]
    alike = [np.unique(numbers[:, i], axis=0, return_inverse=True)[1].ravel() for i in range(play.shape[1])]
    return np.column_stack(alike)


def labels_of_actions(actions: Any) -> tuple[tuple[str, ...], ...]:
    """The labels of each player's actions; raises ValueError where they are no lists of labels."""
    if isinstance(actions, str) or not isinstance(actions, Iterable):
        raise ValueError(  # noqa: TRY004 - the one error of wrong input
            f"actions must be a list of labels for each player, not {actions!r}"
        )
    return tuple(labels("actions of a player", own) for own in actions)


def with_cell_axis(
    payoffs: Any, players: int = 0, cells: bool | None = None
) -> tuple[Floats, NDArray[Any] | None]:
    """Payoffs as floats ``(C, n, A1, .., An)``, and as written where floats round one.

    ``players`` is their number where it is known, ``cells`` whether the first axis is that of cells.
    Raises ValueError where an array is no game, and where it may be a batch as well as one game.
    """
    if cells is not None and not isinstance(cells, bool):
        raise ValueError(f"cells must be True, False or left out, not {cells!r}")
    array, written = with_exact("payoffs", payoffs)
    readings = [
        reading
        for reading in payoff_readings(array, 2)
        if players in {0, reading.shape[1]} and cells in {None, reading.ndim == array.ndim}
    ]
    if not readings:
        said = "" if cells is None else f", with cells={cells}"
        raise ValueError(
            f"payoffs have shape {array.shape}{said}; a batch of games for {players or 'n'} players has shape "
            "(C, n, A1, .., An), one game (n, A1, .., An), with at least one action for each player"
        )
    if len(readings) == 2:
        raise ValueError(
            f"payoffs of shape {array.shape} can be read two ways: as {array.shape[0]} games of "
            f"{counted(array.shape[1:])} (say cells=True, or name {array.shape[1]} players), or as one game of "
            f"{counted(array.shape)} (say cells=False, or name {array.shape[0]} players)"
        )
    found = readings[0]
    return found, None if written is None else written.reshape(found.shape)


def counted(shape: tuple[int, ...]) -> str:
    """``2 players with 2 x 3 actions``, of the shape of one game."""
    players = "1 player" if shape[0] == 1 else f"{shape[0]} players"
    return f"{players} with {' x '.join(map(str, shape[1:]))} actions"


def contract(table: Floats, strategy: Floats, players: Any, shape: tuple[int, ...]) -> Floats:
    """Sum a table over the actions of ``players`` (positions), weighted by their strategies."""
    result = table
    for i in sorted(players, reverse=True):
        # axes after i are gone or belong to a player who is kept: move axis i last and sum it out
        weights = strategy[:, i, : shape[i]]
        result = np.einsum("c...a,ca->c...", np.moveaxis(result, i + 1, -1), weights)
    return result


def is_normal(game: object) -> TypeGuard[NormalForm]:
    """Whether it is a game in normal form: for rooms that are about those and need to say so to whoever errs."""
    return isinstance(game, NormalForm)


forms.add(NormalForm.form, NormalForm)
