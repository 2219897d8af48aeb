"""Automaton: states, play and transition, for one player or several; profiles of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sim.forms.repeated import Repeated
from sim.forms.stochastic import Stochastic
from sim.game import Floats
from sim.kernels.base.tolerances import SAME_PLAY

__all__ = ["Automaton", "profile"]

MOST_STATES = 400


@dataclass(frozen=True, eq=False)
class Automaton:
    """A batch of automata with the same states; one cell stands for all cells of a game.

    It plays for ``players`` (positions, P of them).  ``start (C, S)`` is the chance of each state in the
    first stage, ``play (C, S, P, A)`` the probability of each action there, and
    ``follow (C, S, A1, .., An, S)`` that of each next state, given what everybody did.  The leading axis
    may be left out.  Raises ValueError where shapes do not fit or rows are no probabilities.
    """

    players: tuple[int, ...]
    states: tuple[str, ...]
    start: Floats = field(repr=False)
    play: Floats = field(repr=False)
    follow: Floats = field(repr=False)

    def __post_init__(self) -> None:
        size, players = len(self.states), tuple(self.players)
        start, play, follow = (
            np.array(array, dtype=np.float64) for array in (self.start, self.play, self.follow)
        )
        if start.ndim == 1:
            start, play, follow = start[np.newaxis], play[np.newaxis], follow[np.newaxis]
        cells, actions = len(start), follow.shape[2:-1]
        shapes = {
            "start": (start.shape, (cells, size)),
            "play": (play.shape, (cells, size, len(players), max(actions, default=0))),
            "follow": (follow.shape, (cells, size, *actions, size)),
        }
        for name, (found, expected) in shapes.items():
            if found != expected:
                raise ValueError(
                    f"{name} has shape {found}; with {size} states and {len(players)} players it is {expected}"
                )
        if len(set(players)) < len(players) or not set(players) <= set(range(len(actions))):
            raise ValueError(f"an automaton cannot play for {players} of {len(actions)} players")
        for name, array in (("start", start), ("play", play), ("follow", follow)):
            total = array.sum(axis=-1, keepdims=True)
            if not ((array >= 0).all() and (np.abs(total - 1.0) <= SAME_PLAY).all()):
                raise ValueError(f"{name} must be at least 0 and sum to 1 in every row")
            array /= total
        # frozen: the constructor is the one place where fields are brought into their final form
        object.__setattr__(self, "players", players)
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "play", play)
        object.__setattr__(self, "follow", follow)

    @property
    def cells(self) -> int:
        """Number of cells C."""
        return len(self.start)

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of actions of each player."""
        return self.follow.shape[2:-1]

    def take(self, cells: Any) -> Self:
        """The automata of the chosen cells; one for all stays one for all."""
        if self.cells == 1:
            return self
        return type(self)(self.players, self.states, self.start[cells], self.play[cells], self.follow[cells])

    def accessible(self) -> Self:
        """The automaton without states that no history leads to, whatever anybody does.

        Subgame perfection says nothing about states that cannot be reached, even by mistake.
        """
        leads = self.follow.reshape(self.cells, len(self.states), -1, len(self.states)).max(axis=(0, 2)) > 0
        reached = (self.start > 0).any(axis=0)
        while True:
            more = reached | leads[reached].any(axis=0)
            if (more == reached).all():
                break
            reached = more
        kept = np.flatnonzero(reached)
        return type(self)(
            self.players,
            tuple(self.states[s] for s in kept),
            self.start[:, kept],
            self.play[:, kept],
            self.follow[:, kept][..., kept],
        )

    def game(self, repeated: Repeated) -> Stochastic:
        """The repeated game with this automaton's states: what is played depends on nothing else.

        It begins as the automaton of the first cell does.

        Raises ValueError where the automaton belongs to another game or does not play for everybody.
        """
        stage, size = repeated.stage, len(self.states)
        if self.shape != stage.payoffs.shape[2:]:
            raise ValueError(f"the automaton has {self.shape} actions, the game {stage.payoffs.shape[2:]}")
        if sorted(self.players) != list(range(len(stage.players))):
            raise ValueError("an automaton for each player is needed: see profile")
        if self.cells not in {1, repeated.cells}:
            raise ValueError(f"the automaton has {self.cells} cells, the game {repeated.cells}")
        if repeated.horizon is not None:
            raise ValueError("automata are judged in games without an end; this one has a horizon")
        payoffs = np.repeat(stage.payoffs[:, :, np.newaxis], size, axis=2)
        return Stochastic(
            payoffs, self.follow, repeated.discount, stage.players, self.states, (stage.actions,) * size,
            stage.outcomes, self.start[0],
        )  # fmt: skip

    def strategy(self, cells: int) -> Floats:
        """What every player does in every state, as a strategy of :meth:`game`: ``(C, n S, A)``."""
        order = np.argsort(self.players)
        by_player = self.play[:, :, order].swapaxes(1, 2).reshape(self.cells, -1, self.play.shape[-1])
        return np.array(np.broadcast_to(by_player, (cells, *by_player.shape[1:])), order="C")


def profile(automata: Sequence[Automaton]) -> Automaton:
    """The automaton of all players together: a state is one state of each, as far as histories lead there.

    Lotteries of different automata are independent.  Raises ValueError where somebody has no automaton or
    two, where they are of different games, and where there are more than 400 states.
    """
    players = [player for automaton in automata for player in automaton.players]
    shape = automata[0].shape if automata else ()
    if sorted(players) != list(range(len(shape))):
        raise ValueError(
            f"each of {len(shape)} players needs exactly one automaton; given are automata for {sorted(players)}"
        )
    joined = automata[0]
    for other in automata[1:]:
        joined = joined_pair(joined, other)
    order: NDArray[np.int64] = np.argsort(joined.players)
    return Automaton(
        tuple(range(len(shape))), joined.states, joined.start, joined.play[:, :, order], joined.follow
    ).accessible()


def joined_pair(first: Automaton, second: Automaton) -> Automaton:
    """Two automata as one, every pair of their states a state."""
    if first.shape != second.shape or min(first.cells, second.cells) not in {
        1,
        max(first.cells, second.cells),
    }:
        raise ValueError("these automata belong to different games")
    size = len(first.states) * len(second.states)
    if size > MOST_STATES:
        raise ValueError(f"{size} states together; a profile has at most {MOST_STATES}")
    cells, actions = max(first.cells, second.cells), first.shape
    start = np.einsum("cs,ct->cst", first.start, second.start).reshape(-1, size)
    follow = np.einsum("cs...u,ct...v->cst...uv", first.follow, second.follow)
    plays = [
        np.broadcast_to(own, (cells, len(first.states), len(second.states), *own.shape[3:]))
        for own in (first.play[:, :, np.newaxis], second.play[:, np.newaxis])
    ]
    return Automaton(
        first.players + second.players,
        tuple(f"{one}, {other}" for one in first.states for other in second.states),
        start,
        np.concatenate(plays, axis=3).reshape(cells, size, -1, first.play.shape[-1]),
        follow.reshape(-1, size, *actions, size),
    )
