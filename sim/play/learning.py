# ruff: noqa: D102 - what start, choose and observe do is said once, in Rule
"""How players choose from what they have seen: one rule each, for many runs at once.

A rule keeps a memory for every run and player and turns it into mixed strategies.  R runs, n players,
A most actions.  What player i has seen player j do is kept apart for every i, because signals may be
mistaken.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.game import Floats, Game
from sim.kernels.base.tolerances import as_good

__all__ = ["RULES", "Fixed", "Rule"]


@dataclass
class Rule(ABC):
    """Memory and choice of all players in all runs of one game (its first cell)."""

    game: Game
    runs: int

    @cached_property
    def each(self) -> Game:
        """The game once for each run."""
        return self.game.take(np.zeros(self.runs, dtype=np.int64))

    @property
    def shape(self) -> tuple[int, int, int]:
        """``(R, H, A)``: in games without states each player is one agent."""
        agents, most = self.game.mask.shape
        return self.runs, agents, most

    def uniform(self) -> Floats:
        """Every action alike, ``(R, H, A)``."""
        mask = self.game.mask
        return np.broadcast_to(mask / mask.sum(axis=1, keepdims=True), self.shape)

    @abstractmethod
    def start(self, lots: np.random.Generator) -> None:
        """Make an empty memory; ``lots`` decides where chance does."""

    @abstractmethod
    def choose(self) -> Floats:
        """Mixed strategies, ``(R, H, A)``."""

    @abstractmethod
    def observe(self, seen: NDArray[np.int64], lots: np.random.Generator) -> None:
        """Remember what each player has seen each player do, ``(R, observer, n)``."""


@dataclass
class Fixed(Rule):
    """The same strategies for ever: an equilibrium, say."""

    strategy: Floats = field(default_factory=lambda: np.empty(0))  # (H, A)

    def start(self, _lots: np.random.Generator) -> None:
        """There is nothing to remember."""

    def choose(self) -> Floats:
        return np.broadcast_to(self.strategy, self.shape)

    def observe(self, seen: NDArray[np.int64], _lots: np.random.Generator) -> None:
        """Nothing is learnt."""


@dataclass
class Beliefs(Rule):
    """Rules that answer a belief about the others, held as weights of their actions."""

    forget: float = 0.0  # share of the memory lost each period
    weights: Floats = field(init=False)  # (R, observer, n, A)

    def start(self, _lots: np.random.Generator) -> None:
        self.weights = np.zeros((self.runs, len(self.game.players), *self.game.mask.shape))

    def observe(self, seen: NDArray[np.int64], _lots: np.random.Generator) -> None:
        self.weights *= 1.0 - self.forget
        self.weights += np.eye(self.shape[2])[seen]

    def expected(self) -> Floats:
        """What each action promises its player under his belief, ``(R, n, A)``."""
        total = self.weights.sum(axis=-1, keepdims=True)
        uniform = self.uniform()[:, np.newaxis]
        belief = np.where(total > 0, self.weights / np.where(total > 0, total, 1.0), uniform)
        result = np.empty(self.shape)
        for i in range(len(self.game.players)):
            result[:, i] = self.each.deviations(belief[:, i])[:, i]
        return np.where(self.game.mask, result, -np.inf)


class BestReply(Beliefs):
    """Best reply to what the others were last seen to do (Cournot 1838); the first of equal replies."""

    def start(self, _lots: np.random.Generator) -> None:
        super().start(_lots)
        self.forget = 1.0

    def choose(self) -> Floats:
        return first_best(self.expected())


class FictitiousPlay(Beliefs):
    """Best reply to the frequencies seen so far (Brown 1951); the first of equal replies."""

    def choose(self) -> Floats:
        return first_best(self.expected())


@dataclass
class LogitLearning(Beliefs):
    """Answers frequencies seen so far by the logit rule (Fudenberg and Levine 1998, ch. 4).

    ``precision`` is per unit of payoff: 0 plays at random, a large one best replies.
    """

    precision: float = 1.0

    def choose(self) -> Floats:
        expected = self.expected()
        odds = np.exp(self.precision * (expected - expected.max(axis=-1, keepdims=True)))
        return np.asarray(odds / odds.sum(axis=-1, keepdims=True))


class RegretMatching(Rule):
    """Plays actions in proportion to the regret for not having played them (Hart and Mas-Colell 2000)."""

    regret: Floats

    def start(self, _lots: np.random.Generator) -> None:
        self.regret = np.zeros(self.shape)

    def choose(self) -> Floats:
        wanted = np.maximum(self.regret, 0.0)
        total = wanted.sum(axis=-1, keepdims=True)
        return np.where(total > 0, wanted / np.where(total > 0, total, 1.0), self.uniform())

    def observe(self, seen: NDArray[np.int64], _lots: np.random.Generator) -> None:
        for i in range(len(self.game.players)):
            played = np.eye(self.shape[2])[seen[:, i]]
            missed = np.where(self.game.mask[i], self.each.deviations(played)[:, i], -np.inf)
            self.regret[:, i] += missed - np.take_along_axis(missed, seen[:, i, i : i + 1], axis=1)


def first_best(expected: Floats) -> Floats:
    """All weight on the first best action; near ties within rounding are ties."""
    best = expected.max(axis=-1, keepdims=True)
    near = as_good(expected, best, np.maximum(1.0, np.abs(best)))
    return np.asarray(np.eye(expected.shape[-1])[near.argmax(axis=-1)])


RULES: dict[str, Callable[..., Rule]] = {
    "best_reply": BestReply,
    "fictitious_play": FictitiousPlay,
    "logit_learning": LogitLearning,
    "regret_matching": RegretMatching,
}
