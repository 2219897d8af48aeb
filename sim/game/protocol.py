"""Agent and Game: the protocol of every form, and all that follows from it.

A game is a batch: ``cell`` is axis 0 of every array, and a single game is a batch of one.  Each
form lists its **agents**, the decision points of its players (Selten's agent form), and offers two
operations: the expectation of a table under play, and what each agent would get from each action
while everybody else keeps to the strategy.  Values, regret and expected outcomes follow, once for
all forms.

Sizes: C cells, n players, H agents, A most actions of an agent, K most equilibria of a cell.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from sim.plugins import views

__all__ = ["Agent", "Essence", "Floats", "Game", "Integers", "Judgement", "Outcomes"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

AT_ONCE = 4_000_000
"""Payoffs of equilibria that are judged together, each with a copy of those of its cell: 32 MB."""


@dataclass(frozen=True)
class Agent:
    """One decision point of one player: ``player`` is a position, ``actions`` are labels."""

    player: int
    label: str
    actions: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Outcomes:
    """The named results of joint actions: ``of (A1, .., An)`` holds positions in ``names``."""

    names: tuple[str, ...]
    of: Integers

    @classmethod
    def each_its_own(cls, actions: tuple[tuple[str, ...], ...]) -> Outcomes:
        """Every joint action is an outcome, named by its actions: ``"build_up, refuse"``."""
        shape = tuple(len(labels) for labels in actions)
        names = tuple(
            ", ".join(labels[position] for labels, position in zip(actions, joint_action, strict=True))
            for joint_action in np.ndindex(shape)
        )
        return cls(names, np.arange(len(names), dtype=np.int64).reshape(shape))

    @cached_property
    def tables(self) -> Floats:
        """Indicator of each outcome, ``(outcome, A1, .., An)``."""
        numbers = np.arange(len(self.names)).reshape((-1,) + (1,) * self.of.ndim)
        return np.asarray(self.of == numbers, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Judgement:
    """What the game itself says of claimed play; NaN (index 0, component -1) where nothing is claimed.

    ``regret`` is the largest gain from a one-shot deviation in units of payoff, ``relative`` the same
    in units of the deviating player's range of payoffs.  ``index`` is Shapley's, 0 where undefined.
    Equilibria of one cell with the same ``component`` are linked by a continuum of equilibria.
    """

    value: Floats  # (C, K, n)
    regret: Floats  # (C, K)
    relative: Floats  # (C, K)
    index: NDArray[np.int8]  # (C, K)
    component: NDArray[np.int32]  # (C, K)


@dataclass(frozen=True, eq=False)
class Essence:
    """Some cells of a game as the same game without choices that nobody has or that change nothing.

    ``cells (E,)`` are positions in the batch; ``game`` is of those cells; ``agents`` are the positions of its agents
    among those of the whole.  An agent that is left out, and one with fewer actions there, does the first.
    """

    cells: Integers
    agents: tuple[int, ...]
    game: Game


class Game(ABC):
    """A batch of games of one form.  Every array field of a form has the cell first.

    A form answers for itself: whoever needs to know what kind of game it is asks one of these, and nobody
    looks at its class.  ``form`` is the word it is registered under; ``exports`` are suffixes of files of
    other software that can hold it; ``holding`` says what outcomes do where they hold, and where they do
    not.  ``simultaneous`` promises that everybody chooses once, at the same time: one agent a player, in
    their order, and ``payoffs (C, n, A1, .., An)``.  ``states`` are those that play can be in, none in most
    forms; ``decisions`` are the nodes at which somebody decides and may not know which it is, none in most forms;
    ``horizon`` is the number of stages of a game that repeats its stage, None where no end is set; ``picture`` is the
    plot that shows one game of this form with one answer, none of most.
    """

    form: ClassVar[str]
    default_concept: ClassVar[str]
    landmark_answers: ClassVar[tuple[Any, ...]] = ()  # an Answer for each of landmarks(), from a room above
    exports: ClassVar[tuple[str, ...]] = ()
    holding: ClassVar[tuple[str, str]] = ("in equilibrium", "not in equilibrium")
    simultaneous: ClassVar[bool] = False
    picture: ClassVar[str] = ""
    states: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    horizon: int | None = None
    players: tuple[str, ...]
    payoffs: Floats
    outcomes: Outcomes

    def __init_subclass__(cls, **options: Any) -> None:
        """Games of all forms are shown alike: a form's dataclass would list its arrays instead."""
        super().__init_subclass__(**options)
        if "__repr__" not in cls.__dict__:  # in the class itself, where dataclass looks
            cls.__repr__ = Game.__repr__  # type: ignore[method-assign]

    def __repr__(self) -> str:
        text: str = views["game_page"](self).text()
        return text

    def _repr_html_(self) -> str:
        """For notebooks."""
        page: str = views["game_page"](self).html()
        return page

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Those of the scenario that made it, numbers or arrays ``(C,)``; none of others, nor of what is made from it."""
        return self.__dict__.get("made_at", MappingProxyType({}))

    def with_parameters(self, parameters: Mapping[str, Any]) -> Self:
        """The same game, which knows the parameters of the scenario that made it."""
        result = copy(self)
        result.__dict__["made_at"] = dict(parameters)
        return result

    def facts(self) -> dict[str, Any]:
        """What is to be known of the first cell beside payoffs, by name; nothing in most forms.

        A text, several, or numbers by label.
        """
        return {}

    @property
    @abstractmethod
    def agents(self) -> tuple[Agent, ...]:
        """The decision points, in the order of axis H of a strategy."""

    @abstractmethod
    def expect(self, table: Floats, strategy: Floats) -> Floats:
        """Expectation of a table under play.

        ``(C or 1, A1, .., An), (C, H, A) -> (C,)``; per-stage average where play is discounted.
        """

    @abstractmethod
    def deviations(self, strategy: Floats) -> Floats:
        """Payoff of every action of every agent, all else kept: ``(C, H, A) -> (C, H, A)``."""

    @abstractmethod
    def take(self, cells: Any) -> Self:
        """The batch of the chosen cells (positions, a slice or a mask)."""

    def spoken(self, place: tuple[int, ...]) -> str:
        """In words what an entry of a table over joint actions is of, ``"build_up, refuse"``.

        ``place`` is its position behind the axes of cells and players.
        """
        return f"the joint action {place}"

    @property
    def computed(self) -> bool:
        """Whether payoffs are rounded values of formulas or of longer numbers, not the decimals that floats show."""
        return False

    @cached_property
    def rounded(self) -> NDArray[np.bool_]:
        """Cells in which floats round a number that was written, ``(C,)``: only exact arithmetic has it right."""
        return np.zeros(self.cells, np.bool_)

    @cached_property
    def stage(self) -> Game:
        """The game that is played in every stage: the game itself, unless it is repeated."""
        return self

    @property
    def usual_concept(self) -> str:
        """What is asked of it where nothing else is said: the default of its form, unless it is of a special kind."""
        return self.default_concept

    @property
    def endless(self) -> bool:
        """Whether the same stage is played again and again, for ever."""
        return self.stage is not self and self.horizon is None

    @property
    def essences(self) -> tuple[Essence, ...]:
        """The game without what changes no equilibrium, every cell in one part; none where nothing can be left out."""
        return ()

    @cached_property
    def immaterial(self) -> NDArray[np.bool_]:
        """Agents with several actions that all do the same to everybody, ``(C, H)``; looked for where there are states."""
        return np.zeros((self.cells, len(self.agents)), np.bool_)

    @property
    def cells(self) -> int:
        """Number of cells C."""
        return int(self.payoffs.shape[0])

    @cached_property
    def mask(self) -> NDArray[np.bool_]:
        """Which actions exist, ``(H, A)``."""
        most = max(len(agent.actions) for agent in self.agents)
        return np.array([[a < len(agent.actions) for a in range(most)] for agent in self.agents])

    @cached_property
    def scale(self) -> Floats:
        """Range of each player's payoffs, ``(C, n)``; 1 where there is none, or no finite one."""
        each = (self.cells, len(self.players), math.prod(self.payoffs.shape[2:]))
        flat = self.payoffs.reshape(each)
        with np.errstate(over="ignore", invalid="ignore"):
            spread: Floats = flat.max(axis=-1) - flat.min(axis=-1)
            return np.where(np.isfinite(spread) & (spread > 0), spread, 1.0)

    @cached_property
    def finite(self) -> NDArray[np.bool_]:
        """Cells whose payoffs are all finite, ``(C,)``."""
        flat = self.payoffs.reshape(self.cells, math.prod(self.payoffs.shape[1:]))
        with np.errstate(over="ignore", invalid="ignore"):
            finite = np.isfinite(np.einsum("cj->c", flat))  # a fifth of the time of looking at every payoff
        doubtful = np.flatnonzero(~finite)  # or the sum alone is beyond floats
        finite[doubtful] = np.isfinite(flat[doubtful]).all(axis=1)
        return finite

    def values(self, strategy: Floats) -> Floats:
        """Expected payoff of each player, ``(C, H, A) -> (C, n)``."""
        return np.stack(
            [self.expect(self.payoffs[:, i], strategy) for i in range(len(self.players))], axis=-1
        )

    def gains(self, strategy: Floats) -> Floats:
        """Largest gain of each agent from a one-shot deviation, ``(C, H, A) -> (C, H)``."""
        deviations = self.deviations(strategy)
        kept = np.where(strategy > 0, strategy * deviations, 0.0).sum(axis=-1)
        return np.asarray(np.where(self.mask, deviations, -np.inf).max(axis=-1) - kept)

    def regret(self, strategy: Floats) -> Floats:
        """Largest gain of any agent from a one-shot deviation, ``(C, H, A) -> (C,)``."""
        result: Floats = np.maximum(self.gains(strategy), 0.0).max(axis=-1)
        return result

    def shares(self, strategy: Floats) -> Floats:
        """Probability of each outcome under play, ``(C, H, A) -> (C, outcome)``."""
        return np.stack([self.expect(table[np.newaxis], strategy) for table in self.outcomes.tables], axis=-1)

    def outcome_probabilities(self, strategy: Floats) -> Floats:
        """Probability of each outcome in each claim, ``(C, K, H, A) -> (C, K, outcome)``; NaN where there is none."""
        result = np.full((*strategy.shape[:2], len(self.outcomes.names)), np.nan)
        cell, place = np.nonzero(~np.isnan(strategy[..., 0, 0]))
        for at in self.portions(cell, place):
            result[at] = self.take(at[0]).shares(strategy[at])
        return result

    def portions(self, cell: Integers, place: Integers) -> Iterator[tuple[Integers, Integers]]:
        """Equilibria, each a cell and its place there, as many at once as copies of their games may take."""
        most = max(1, AT_ONCE // max(math.prod(self.payoffs.shape[1:]), 1))
        for first in range(0, cell.size, most):
            yield cell[first : first + most], place[first : first + most]

    @cached_property
    def joint_actions(self) -> tuple[str, ...]:
        """How the joint actions of a stage read, in C order: ``"build_up, refuse"``."""
        return Outcomes.each_its_own(tuple(agent.actions for agent in self.stage.agents)).names

    def with_payoffs(self, payoffs: Floats) -> Self:
        """The same game with other payoffs, which have the shape of its own."""
        return replace(self, payoffs=payoffs)  # type: ignore[type-var] # every form is a dataclass

    def rational(self, cells: NDArray[Any]) -> NDArray[Any]:
        """Payoffs of the chosen cells as fractions, ``(E,) -> (E, n, ..)`` of ``Fraction``.

        Each float is read as the shortest decimal that names it, so that 0.1 is one tenth.
        """
        chosen = self.payoffs[cells]
        numbers = np.empty(chosen.size, dtype=object)
        numbers[:] = [Fraction(repr(number)) for number in chosen.ravel().tolist()]
        return numbers.reshape(chosen.shape)

    def exactly(self, cell: int, strategy: NDArray[Any]) -> tuple[list[Fraction], list[Fraction]]:
        """Values, and probabilities of outcomes, of play in fractions ``(H, A)`` in one cell; of games of one stage."""
        payoffs, weights = self.rational(np.array([cell]))[0], np.array(Fraction(1), dtype=object)
        for h, agent in enumerate(self.agents):
            weights = np.multiply.outer(weights, strategy[h, : len(agent.actions)])
        values = [Fraction((utility * weights).sum()) for utility in payoffs]
        outcomes = [Fraction(0)] * len(self.outcomes.names)
        for place in np.ndindex(weights.shape):
            outcomes[self.outcomes.of[place]] += weights[place]
        return values, outcomes

    def plans(self, strategy: NDArray[Any]) -> NDArray[Any]:
        """What each player does as far as it matters, ``(K, H, A) -> (K, n, W)``: where he moves once, his strategy."""
        return strategy

    def begin(self) -> Floats:
        """Where play begins: probabilities of states, ``(S,)``; empty where there are none."""
        return np.empty(0)

    def movers(self, state: Integers) -> Integers:  # noqa: ARG002 - forms with states use it
        """The agents that choose in a round, one a player: states ``(R,)`` of R runs ``-> (R or 1, n)``."""
        return np.arange(len(self.players), dtype=np.int64)[np.newaxis]

    def place(self, state: Integers, actions: Integers) -> tuple[Integers, ...]:  # noqa: ARG002 - likewise
        """Where in ``outcomes.of`` and in a player's payoffs rounds are: ``(R,), (R, n) -> `` positions."""
        return tuple(actions.T)

    def follow(self, place: tuple[Integers, ...]) -> Floats:
        """Probabilities of the next state after rounds of the first cell, ``-> (R, S)``; S = 0 without states."""
        return np.empty((len(place[0]), 0))

    def landmarks(self) -> dict[str, Floats]:
        """Payoffs to compare a payoff set with, by the names of ``landmark_answers``, cell first; none here."""
        return {}

    def consequences(self, strategy: Floats) -> dict[str, dict[str, Any]]:  # noqa: ARG002 - forms use it
        """What more follows from play in a batch of one, by name and label; nothing in most forms."""
        return {}

    def assessment(
        self,
        strategy: Floats,  # noqa: ARG002 - forms with beliefs use it
        claimed: Mapping[str, NDArray[Any]],  # noqa: ARG002 - likewise
    ) -> dict[str, Any]:
        """What movers believe and where play comes, of play ``(1, H, A)`` in a batch of one; nothing in most forms.

        ``claimed`` are the answers of this one claim, by name.
        """
        return {}

    def played(self, answers: Mapping[str, NDArray[Any]]) -> Game:  # noqa: ARG002 - forms use it
        """The game with what is claimed beside strategies, ``extra`` of a claim, where play is more than actions."""
        return self

    def told(self, strategy: Any, answers: Mapping[str, NDArray[Any]]) -> dict[str, dict[str, Any]]:  # noqa: ARG002
        """What each agent does in one answer of one cell: the probability of each action, ``(H, A)`` by label.

        ``answers`` are those beside it that are given for each answer; forms in which play is more than actions
        tell it by them.
        """
        return {
            agent.label: dict(zip(agent.actions, strategy[h], strict=False))
            for h, agent in enumerate(self.agents)
        }

    def called(self, agent: int) -> str:  # noqa: ARG002 - forms in which a player decides more than once use it
        """When or as what an agent (position) decides, behind its player in a sentence: ``"as resolved, after demand"``."""
        return ""

    def facing(self, agent: int) -> tuple[int, ...]:
        """The agents who choose at the same moment as one (positions), whom he meets whatever else happens."""
        return tuple(h for h in range(len(self.agents)) if h != agent) if self.simultaneous else ()

    def comes_to(self, strategy: Floats) -> NDArray[np.bool_]:
        """Whether play ever comes to each agent, ``(C, H, A) -> (C, H)``."""
        return np.ones(strategy.shape[:2], np.bool_)

    def worth(self, strategy: Floats, belief: Floats | None = None) -> Floats:  # noqa: ARG002 - trees use it
        """What each action is worth to its agent once it is his turn, all else kept: ``(C, H, A) -> (C, H, A)``.

        ``belief (C, D)`` is what movers think at their decisions; NaN where nothing says what they think.
        """
        return self.deviations(strategy)

    def believed(self, strategy: Floats, claimed: Mapping[str, NDArray[Any]]) -> Floats | None:  # noqa: ARG002
        """What movers think at their decisions, ``(1, H, A) -> (1, D)``, as claimed or by Bayes' rule; None in most."""
        return None

    def bringing(self, outcome: int) -> Integers:
        """Ways for agents to bring an outcome about, ``(W, H)`` actions; -1 where it does not matter what one does.

        One for each joint action that is the outcome, or for each path to it; none where play is more than actions.
        """
        return np.argwhere(self.outcomes.of == outcome).astype(np.int64)

    def refusals(self, claimed: Mapping[str, NDArray[Any]]) -> Floats | None:  # noqa: ARG002 - bargains use it
        """What it is worth to each agent that an offer is refused, ``(H,)``, of one claim; None where none is made."""
        return None

    @property
    def weight_of_later(self) -> Floats:
        """Weight of all stages but the first, ``(C, n)``, in games that repeat their stage; 0 in others."""
        return np.zeros((self.cells, len(self.players)))

    def judge(
        self,
        strategy: Floats,
        generic: NDArray[np.bool_] | None = None,  # noqa: ARG002 - only forms with an index need it
    ) -> Judgement:
        """Recompute everything about claimed play from the game alone, ``(C, K, H, A) -> Judgement``.

        ``generic (C,)`` are cells that are known not to be degenerate, however thin their margins.
        """
        cell, place = np.nonzero(~np.isnan(strategy[..., 0, 0]))
        players = [agent.player for agent in self.agents]
        shape = strategy.shape[:2]
        value = np.full((*shape, len(self.players)), np.nan)
        regret, relative = np.full(shape, np.nan), np.full(shape, np.nan)
        index, component = np.zeros(shape, np.int8), np.full(shape, -1, np.int32)
        for at in self.portions(cell, place):
            each = self.take(at[0])
            value[at] = each.values(strategy[at])
            gains = np.maximum(each.gains(strategy[at]), 0.0)
            regret[at] = gains.max(axis=-1)
            relative[at] = (gains / each.scale[:, players]).max(axis=-1)
        component[cell, place] = place
        return Judgement(value, regret, relative, index, component)
