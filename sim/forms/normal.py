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

from sim.game import Agent, Floats, Game, Judgement, Outcomes
from sim.game.checks import labels, numbers, payoff_readings
from sim.kernels.base.outcomes import bimatrix_outcomes
from sim.kernels.base.tolerances import SAME_PLAY
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


@dataclass(frozen=True, eq=False)
class NormalForm(Game):
    """A batch of normal-form games: ``payoffs (C, n, A1, .., An)``, or ``(n, A1, .., An)`` for one.

    ``players``, ``actions`` and ``outcomes`` are labels and may be left out; an array that could be either
    a batch or one game is a batch, unless the number of labels says otherwise.  ``exact`` gives the
    payoffs of chosen cells as fractions, ``(cells,) -> (cells, n, A1, .., An)`` of ``Fraction``,
    where the source of the game knows them better than its floats do, and ``ties`` what it knows of payoffs
    that are always alike.

    Raises ValueError for a shape that is no game and for labels that do not fit it.

    >>> game = NormalForm([[[3, 0], [5, 1]], [[3, 5], [0, 1]]], ("Row", "Column"), (("keep", "break"),) * 2)
    >>> game.cells, [agent.label for agent in game.agents]
    (1, ['Row', 'Column'])
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
    ties: Ties | None = field(default=None, repr=False)

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

    def take(self, cells: Any) -> Self:
        """The batch of the chosen cells."""
        chosen = np.arange(self.cells)[cells]
        parent = self.exact
        exact = None if parent is None else lambda positions: parent(chosen[positions])
        ties = None if self.ties is None else self.ties.take(chosen)
        return type(self)(self.payoffs[chosen], self.players, self.actions, self.outcomes, exact, ties)

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

    def judge(self, strategy: Floats, generic: NDArray[np.bool_] | None = None) -> Judgement:
        """Values, regret, index and component of claimed play; compiled for two players."""
        if len(self.players) != 2:
            judgement = super().judge(strategy, generic)
            return replace(judgement, component=connected(strategy, judgement.component))
        return Judgement(*judge_bimatrix(self.payoffs, np.ascontiguousarray(strategy), generic))


def connected(strategy: Floats, component: NDArray[np.int32]) -> NDArray[np.int32]:
    """Numbers of components, ``(C, K, n, A), (C, K) -> (C, K)``: -1 stays, others count by first appearance.

    Two equilibria that differ in the strategy of one player only are linked by a segment of equilibria: to
    the same play of the others both are best replies, and what the others gain is linear in between.
    """
    most = strategy.shape[1]
    own = np.where(component >= 0, np.arange(most), most)
    links = []
    for k in range(1, most):
        cells = np.nonzero(component[:, k] >= 0)[0]
        for other in range(k):
            apart = np.abs(strategy[cells, k] - strategy[cells, other]).max(axis=-1) > SAME_PLAY
            linked = cells[apart.sum(axis=-1) <= 1]
            if linked.size:
                links.append((linked, k, other))
    while True:  # the smallest position of a component spreads along its links
        before = own.copy()
        for cells, k, other in links:
            own[cells, k] = own[cells, other] = np.minimum(own[cells, k], own[cells, other])
        if (own == before).all():
            break
    number = np.cumsum(own == np.arange(most), axis=1) - 1
    found = np.take_along_axis(number, np.minimum(own, most - 1), axis=1) if most else number
    return np.where(component >= 0, found, -1).astype(np.int32)


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
