"""Games in normal form: everybody chooses once, at the same time.

Player i of n has actions ``1..Ai``; ``payoffs[c, i, a1, .., an]`` is what player i gets in cell c
when the joint action is ``(a1, .., an)``.  The order of the axes is the same for every player.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar, Self, TypeGuard

import numpy as np
from numpy.typing import NDArray

from sim.game import Agent, Essence, Floats, Game, Judgement, Outcomes
from sim.game.checks import labels, numbers, payoff_readings
from sim.kernels.base.outcomes import bimatrix_outcomes
from sim.kernels.judge.certificate import judge_bimatrix
from sim.plugins import forms

__all__ = ["NormalForm", "is_normal"]

SAME = 1e-9  # strategies nearer than this are one strategy

Exact = Callable[[NDArray[Any]], NDArray[Any]]


@dataclass(frozen=True, eq=False)
class NormalForm(Game):
    """A batch of normal-form games: ``payoffs (C, n, A1, .., An)``, or ``(n, A1, .., An)`` for one.

    ``players``, ``actions`` and ``outcomes`` are labels and may be left out; an array that could be either
    a batch or one game is a batch, unless the number of labels says otherwise.  ``exact`` gives the
    payoffs of chosen cells as fractions, ``(cells,) -> (cells, n, A1, .., An)`` of ``Fraction``,
    where the source of the game knows them better than its floats do.

    Raises ValueError for a shape that is no game and for labels that do not fit it.
    """

    form: ClassVar[str] = "normal"
    default_concept: ClassVar[str] = "nash"
    exports: ClassVar[tuple[str, ...]] = (".nfg",)
    simultaneous: ClassVar[bool] = True

    payoffs: Floats
    players: tuple[str, ...] = ()
    actions: tuple[tuple[str, ...], ...] = ()
    outcomes: Outcomes = None  # type: ignore[assignment] # filled in by __post_init__
    exact: Exact | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        players = labels("players", self.players)
        payoffs = with_cell_axis(self.payoffs, len(players))
        shape = payoffs.shape[2:]
        players = players or tuple(f"player {i + 1}" for i in range(len(shape)))
        actions = tuple(
            labels("actions of a player", own)
            for own in self.actions or [[str(a + 1) for a in range(size)] for size in shape]
        )
        if len(players) != len(shape) or tuple(map(len, actions)) != shape:
            raise ValueError(
                f"labels do not fit payoffs of shape {payoffs.shape}: players {players}, actions {actions}"
            )
        # frozen: the constructor is the one place where fields are brought into their final form
        object.__setattr__(self, "payoffs", payoffs)
        object.__setattr__(self, "players", players)
        object.__setattr__(self, "actions", actions)
        object.__setattr__(self, "outcomes", self.outcomes or Outcomes.each_its_own(actions))

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
            joint = (joint[:, :, np.newaxis] * strategy[:, np.newaxis, i, :size]).reshape(len(joint), -1)
        result = np.zeros((len(self.outcomes.names), len(strategy)))
        np.add.at(result, self.outcomes.of.ravel(), joint.T)
        return result.T

    def take(self, cells: Any) -> Self:
        """The batch of the chosen cells."""
        chosen = np.arange(self.cells)[cells]
        parent = self.exact
        exact = None if parent is None else lambda positions: parent(chosen[positions])
        return type(self)(self.payoffs[chosen], self.players, self.actions, self.outcomes, exact)

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
            None if parent is None else lambda cells: parent(cells)[:, own].reshape(-1, len(own), *shape),
        )

    def judge(self, strategy: Floats, generic: NDArray[np.bool_] | None = None) -> Judgement:
        """Values, regret, index and component of claimed play; compiled for two players.

        Index and component are those of the game without players who have nothing to choose.
        """
        if self.essences and len(self.essences[0].agents) == 2:
            essence = self.essences[0]
            two = essence.game.judge(strategy[:, :, list(essence.agents)], generic)
            return replace(super().judge(strategy), index=two.index, component=two.component)
        if len(self.players) != 2:
            judgement = super().judge(strategy, generic)
            return replace(judgement, component=connected(strategy, judgement.component))
        return Judgement(*judge_bimatrix(self.payoffs, np.ascontiguousarray(strategy), generic))


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
        apart = (np.diff(play[order, i, a]) > SAME) | (np.diff(cell[order]) > 0)
        numbers[order, i, a] = np.concatenate([[0], np.cumsum(apart)])[: len(order)]
    alike = [np.unique(numbers[:, i], axis=0, return_inverse=True)[1].ravel() for i in range(play.shape[1])]
    return np.column_stack(alike)


def with_cell_axis(payoffs: Sequence[Any] | NDArray[Any], players: int = 0) -> Floats:
    """Payoffs as floats ``(C, n, A1, .., An)``, whether or not the axis of cells was given.

    ``players`` is their number where it is known.  Without it three games of 2 x 2 actions look like one
    game of three players with 2 actions each; the axis of cells is then taken as given.
    """
    array = numbers("payoffs", payoffs)
    readings = [reading for reading in payoff_readings(array, 2) if players in {0, reading.shape[1]}]
    if readings:  # a game of two with one row is likelier than a batch of games of one
        return next((reading for reading in readings if reading.shape[1] > 1), readings[0])
    raise ValueError(
        f"payoffs have shape {array.shape}; a batch of games for {players or 'n'} players has shape "
        "(C, n, A1, .., An), one game (n, A1, .., An), with at least one action for each player"
    )


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
