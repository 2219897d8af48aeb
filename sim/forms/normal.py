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

from sim.game import Agent, Floats, Game, Judgement, Outcomes
from sim.game.checks import Written, checked_outcomes, labels, payoff_readings, rounded_cells, with_exact
from sim.kernels.base.outcomes import bimatrix_outcomes
from sim.kernels.base.tolerances import SAME_PLAY
from sim.kernels.judge.certificate import judge_bimatrix
from sim.plugins import forms

__all__ = ["NormalForm", "is_normal"]


Exact = Callable[[NDArray[Any]], NDArray[Any]]


@dataclass(frozen=True, eq=False, init=False)
class NormalForm(Game):
    """A batch of normal-form games: ``payoffs (C, n, A1, .., An)``, or ``(n, A1, .., An)`` for one.

    ``players``, ``actions`` and ``outcomes`` are labels and may be left out.  An array that could be either
    a batch or one game, as ``(3, 2, 2, 2)`` may be three games of two players or one of three, is refused
    unless the number of labels decides, or ``cells``: True where the first axis is that of cells, False
    where there is none.  Payoffs may be fractions, decimals and whole numbers of any size; where floats
    round them, exact arithmetic reads what was written.  ``exact`` gives the payoffs of chosen cells as
    fractions, ``(cells,) -> (cells, n, A1, .., An)`` of ``Fraction``, where the source of the game knows them
    better than its floats do, and ``rounded (C,)`` in which cells numbers were written that floats round.

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

    def __init__(
        self,
        payoffs: Any,
        players: Iterable[str] = (),
        actions: Iterable[Iterable[str]] = (),
        outcomes: Outcomes | None = None,
        exact: Exact | None = None,
        rounded: Any = False,
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

    def take(self, cells: Any) -> Self:
        """The batch of the chosen cells."""
        chosen = np.arange(self.cells)[cells]
        parent = self.exact
        exact = None if parent is None else lambda positions: parent(chosen[positions])
        return type(self)(
            self.payoffs[chosen], self.players, self.actions, self.outcomes, exact, self.rounded[chosen]
        )

    def spoken(self, place: tuple[int, ...]) -> str:
        """A joint action in words."""
        return ", ".join(own[a] for own, a in zip(self.actions, place, strict=True))

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
