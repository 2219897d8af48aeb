"""Stochastic games: what can be done, what it pays and what comes next depend on a state.

In state s of cell c the joint action ``(a1, .., an)`` pays player i ``payoffs[c, i, s, a1, .., an]`` now
and leads to state t with probability ``transition[c, s, a1, .., an, t]`` (Shapley 1953).  Play is
stationary Markov: an agent is a player in a state, and its strategy depends on nothing else.  All
values are normalised to an average per period, ``(1 - d) * sum d^t u_t``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from sim.game import Agent, Essence, Floats, Game, Integers, Outcomes
from sim.game.chains import hitting_times, long_run_shares
from sim.game.checks import checked_discount, labels, rounded_cells, with_exact
from sim.game.state_tables import (
    ActionLabels,
    checked_actions,
    checked_start,
    payoffs_and_transition,
    spread_outcomes,
    without_missing,
    without_unused,
)
from sim.kernels.base.markov import evaluate_markov
from sim.kernels.base.tolerances import FAINT, ONE_PERIOD
from sim.plugins import forms

__all__ = ["Stochastic"]


@dataclass(frozen=True, eq=False)
class Stochastic(Game):
    """A batch of stochastic games; without the leading C it is a batch of one.

    ``payoffs (C, n, S, A1, .., An)``; ``transition (C or 1, S, A1, .., An, S)``; ``discount`` a number,
    one for each player, or ``(C, n)``, each in [0, 1).  ``actions`` are labels: one tuple for each player,
    or, where what can be done depends on the state, one such tuple of tuples for each state; an agent
    with fewer actions than its player's axis has the first of them, and entries beyond are ignored.
    ``start`` is the initial state or a distribution ``(S,)``.  ``outcomes.of`` is ``(S, A1, .., An)``, or
    ``(A1, .., An)`` for the same in every state; by default each joint action of each state.
    ``rounded (C,)`` are cells in which numbers were written that floats round.  Where ``payoffs`` may be a
    batch as well as one game the number of players has to decide.

    Raises ValueError for shapes, labels, probabilities or discounts that are no game, or more than one.

    >>> payoffs = np.array([[[1.0, 2.0], [0.0, 0.0]]])  # (player, state, action)
    >>> transition = np.array([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [0.0, 1.0]]])  # (state, action, next state)
    >>> game = Stochastic(payoffs, transition, 0.9, ("Owner",), ("rich", "ruined"), (("save", "spend"),))
    >>> [agent.label for agent in game.agents]
    ['Owner@rich', 'Owner@ruined']
    """

    form: ClassVar[str] = "stochastic"
    default_concept: ClassVar[str] = "markov_perfect"
    picture: ClassVar[str] = "states"
    payoffs: Floats
    transition: Floats
    discount: Floats
    players: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    actions: ActionLabels = ()
    outcomes: Outcomes = None  # type: ignore[assignment] # filled in by __post_init__
    start: Any = 0
    rounded: Any = field(default=False, repr=False)  # (C,) once made

    def __post_init__(self) -> None:
        tables = [
            ("payoffs", self.payoffs),
            ("the transition", self.transition),
            ("discount", self.discount),
            ("start", self.start),
        ]
        rounds = any(with_exact(what, table)[1] is not None for what, table in tables)
        players, states = labels("players", self.players), labels("states", self.states)
        payoffs, transition = payoffs_and_transition(self.payoffs, self.transition, len(players), len(states))
        batch, count, size = payoffs.shape[:3]
        shape = payoffs.shape[3:]
        discount = checked_discount("discount", self.discount, count)
        if len(discount) not in (1, batch):
            raise ValueError(f"discount has {len(discount)} cells, the payoffs have {batch}")
        # a copy: what is only broadcast cannot be written to, and kernels would be compiled for that as well
        discount = np.array(np.broadcast_to(discount, (batch, count)), order="C")
        players = players or tuple(f"player {i + 1}" for i in range(count))
        states = states or tuple(f"state {s + 1}" for s in range(size))
        actions = checked_actions(self.actions, size, shape)
        if len(players) != count or len(states) != size:
            raise ValueError(
                f"labels do not fit payoffs of shape {payoffs.shape}: players {players}, states {states}"
            )
        payoffs, transition = without_missing(*without_unused(payoffs, transition, actions), actions)
        # frozen: the constructor is the one place where fields are brought into their final form
        object.__setattr__(self, "payoffs", payoffs)
        object.__setattr__(self, "transition", transition)
        object.__setattr__(self, "discount", discount)
        object.__setattr__(self, "players", players)
        object.__setattr__(self, "states", states)
        object.__setattr__(self, "actions", actions)
        object.__setattr__(self, "start", checked_start(self.start, size))
        object.__setattr__(self, "outcomes", spread_outcomes(self.outcomes, states, actions, shape))
        object.__setattr__(self, "rounded", rounded_cells(self.rounded, batch) | rounds)

    @cached_property
    def agents(self) -> tuple[Agent, ...]:
        """Every player in every state, player by player: ``"Russia@massed"``."""
        return tuple(
            Agent(i, f"{player}@{state}", self.actions[s][i])
            for i, player in enumerate(self.players)
            for s, state in enumerate(self.states)
        )

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """Number of actions on each player's axis, ``(n,)``."""
        return np.array(self.payoffs.shape[3:], dtype=np.int64)

    @cached_property
    def available(self) -> NDArray[np.bool_]:
        """Which joint actions exist in each state, flattened: ``(S, M)``."""
        result = np.zeros((len(self.states), *self.payoffs.shape[3:]), dtype=bool)
        for s, by_player in enumerate(self.actions):
            result[s][tuple(slice(len(own)) for own in by_player)] = True
        return result.reshape(len(self.states), -1)

    @cached_property
    def flat_payoffs(self) -> Floats:
        """Payoffs with joint actions flattened, ``(C, n, S, M)``."""
        joint = math.prod(self.payoffs.shape[3:])  # said, since a batch may have no cells
        return np.ascontiguousarray(self.payoffs.reshape(*self.payoffs.shape[:3], joint))

    @cached_property
    def flat_transition(self) -> Floats:
        """Transition with joint actions flattened, ``(C or 1, S, M, S)``."""
        states, joint = len(self.states), math.prod(self.payoffs.shape[3:])
        return np.ascontiguousarray(self.transition.reshape(len(self.transition), states, joint, states))

    @cached_property
    def finite(self) -> NDArray[np.bool_]:
        """Cells whose payoffs, transition and discounts are finite, and a period weighs something, ``(C,)``."""
        payoffs = np.isfinite(self.flat_payoffs).all(axis=(1, 2, 3))
        transition = np.isfinite(self.flat_transition).all(axis=(1, 2, 3))
        return np.asarray(payoffs & transition & (1.0 - self.discount >= ONE_PERIOD).all(axis=1))

    @cached_property
    def absorbing(self) -> NDArray[np.bool_]:
        """States that no joint action leaves, ``(C or 1, S)``."""
        stay = np.einsum("csms->csm", self.flat_transition)
        result: NDArray[np.bool_] = ((stay == 1.0) | ~self.available).all(axis=-1)
        return result

    @cached_property
    def immaterial(self) -> NDArray[np.bool_]:
        """Agents with several actions that change neither anybody's payoff nor what comes next, ``(C, H)``."""
        return np.stack(
            [self.changes_nothing(i, s) for i in range(len(self.players)) for s in range(len(self.states))],
            axis=1,
        )

    def changes_nothing(self, player: int, state: int) -> NDArray[np.bool_]:
        """Cells in which it does not matter what a player does in a state, ``(C,)``."""
        size = len(self.actions[state][player])
        result = np.full(self.cells, size > 1)
        for table in (np.moveaxis(self.payoffs[:, :, state], 1, -1), self.transition[:, state]):
            own = np.moveaxis(table, 1 + player, 0)[:size]
            result &= (own[1:] == own[:1]).all(axis=(0, *range(2, own.ndim)))
        return result

    @cached_property
    def essences(self) -> tuple[Essence, ...]:
        """The game where who cannot change anything in a state has one action there, by who they are."""
        if not self.immaterial.any():
            return ()
        patterns, which = np.unique(self.immaterial, axis=0, return_inverse=True)
        everybody = tuple(range(len(self.agents)))
        return tuple(
            Essence(cells, everybody, self.take(cells).with_one_action(pattern))
            for pattern, cells in ((one, np.nonzero(which == p)[0]) for p, one in enumerate(patterns))
        )

    def with_one_action(self, agents: NDArray[np.bool_]) -> Self:
        """The same game where the chosen agents ``(H,)`` have the first of their actions only."""
        place = agents.reshape(len(self.players), len(self.states))
        actions = tuple(
            tuple(own[:1] if place[i, s] else own for i, own in enumerate(by_player))
            for s, by_player in enumerate(self.actions)
        )
        return replace(self, actions=actions)

    def evaluate(self, strategy: Floats) -> tuple[Floats, Floats]:
        """Values by state and payoffs of one-shot deviations, ``(C, H, A) -> (C, n, S), (C, H, A)``."""
        count, size, most = len(self.players), len(self.states), int(self.sizes.max())
        play = np.ascontiguousarray(strategy[..., :most]).reshape(-1, count, size, most)
        value = np.empty((len(play), count, size))
        deviations = np.full(play.shape, np.nan)
        evaluate_markov(
            self.flat_payoffs, self.flat_transition, self.discount, self.sizes, play, value, deviations
        )
        flat = np.full((len(play), count * size, strategy.shape[-1]), np.nan)
        flat[..., :most] = deviations.reshape(-1, count * size, most)
        return value, np.where(self.mask, flat, np.nan)

    def state_values(self, strategy: Floats) -> Floats:
        """Value of each player from each state, ``(C, H, A) -> (C, n, S)``."""
        return self.evaluate(strategy)[0]

    def values(self, strategy: Floats) -> Floats:
        """Value of each player from the start, ``(C, H, A) -> (C, n)``."""
        result: Floats = self.state_values(strategy) @ self.start
        return result

    def deviations(self, strategy: Floats) -> Floats:
        """``(1 - d) u + d P v`` of each action of each agent, all else kept: ``(C, H, A) -> (C, H, A)``."""
        return self.evaluate(strategy)[1]

    def called(self, agent: int) -> str:
        """``"when massed"``."""
        return f"when {self.states[agent % len(self.states)]}"

    def facing(self, agent: int) -> tuple[int, ...]:
        """Everybody else in the same state."""
        size = len(self.states)
        return tuple(h for h in range(agent % size, len(self.agents), size) if h != agent)

    def comes_to(self, strategy: Floats) -> NDArray[np.bool_]:
        """Whether play from the start ever comes to each agent's state, by more than specks."""
        chain = self.chain(strategy) > FAINT
        seen = np.broadcast_to(np.asarray(self.start) > 0, chain.shape[:2])
        for _ in self.states:
            seen = seen | np.einsum("cs,cst->ct", seen, chain)
        return np.tile(seen, (1, len(self.players)))

    def bringing(self, outcome: int) -> Integers:
        """The joint actions of each state that are the outcome, everybody as he is in other states."""
        found = np.argwhere(self.outcomes.of == outcome)
        found = found[
            [self.available[s[0], np.ravel_multi_index(tuple(s[1:]), self.payoffs.shape[3:])] for s in found]
        ]
        result = np.full((len(found), len(self.agents)), -1, dtype=np.int64)
        for i in range(len(self.players)):
            result[np.arange(len(found)), i * len(self.states) + found[:, 0]] = found[:, 1 + i]
        return result

    def play(self, strategy: Floats) -> Floats:
        """Probability of each joint action in each state, ``(C, H, A) -> (C, S, M)``."""
        shape = self.payoffs.shape[3:]
        by_state = strategy.reshape(len(strategy), len(shape), len(self.states), strategy.shape[-1])
        result = np.ones((len(strategy), len(self.states), 1))
        for i, size in enumerate(shape):
            joint = result.shape[2] * size  # said, since a batch may have no cells
            result = (result[..., np.newaxis] * by_state[:, i, :, np.newaxis, :size]).reshape(
                *result.shape[:2], joint
            )
        return result

    def begin(self) -> Floats:
        """Where play begins: the initial distribution ``(S,)``."""
        return np.asarray(self.start)

    def movers(self, state: Integers) -> Integers:
        """Every player's agent in the state where a run is, ``(R,) -> (R, n)``."""
        return np.arange(len(self.players)) * len(self.states) + state[:, np.newaxis]

    def place(self, state: Integers, actions: Integers) -> tuple[Integers, ...]:
        """The state, and the actions in it."""
        return state, *actions.T

    def follow(self, place: tuple[Integers, ...]) -> Floats:
        """Where rounds of the first cell lead, ``-> (R, S)``."""
        result: Floats = self.transition[0][place]
        return result

    def chain(self, strategy: Floats) -> Floats:
        """Probability of the next state given the state, ``(C, H, A) -> (C, S, S)``."""
        result: Floats = np.einsum("csm,csmt->cst", self.play(strategy), self.flat_transition)
        return result

    def occupancy(self, strategy: Floats) -> Floats:
        """Share of each state from the start, discounted as the most patient player does: ``(C, S)``."""
        d = self.discount.max(axis=1)[:, np.newaxis]
        system = np.eye(len(self.states)) - d[..., np.newaxis] * self.chain(strategy)
        start = np.broadcast_to(self.start, (len(system), len(self.states)))
        result: Floats = (1 - d) * np.linalg.solve(system.transpose(0, 2, 1), start[..., np.newaxis])[..., 0]
        return result

    def expect(self, table: Floats, strategy: Floats) -> Floats:
        """Discounted average of a table from the start, ``(C or 1, S, A1, .., An), (C, H, A) -> (C,)``.

        Time is weighted as the most patient player weights it; :meth:`values` uses each player's own.
        """
        flat = np.broadcast_to(
            table.reshape(len(table), *self.available.shape), (self.cells, *self.available.shape)
        )
        result: Floats = np.einsum("cs,csm,csm->c", self.occupancy(strategy), self.play(strategy), flat)
        return result

    def long_run(self, strategy: Floats) -> Floats:
        """Share of periods spent in each state in the long run from the start, ``(C, H, A) -> (C, S)``."""
        return long_run_shares(self.chain(strategy), self.start)

    def long_run_outcomes(self, strategy: Floats) -> Floats:
        """Share of periods with each outcome in the long run, ``(C, H, A) -> (C, outcome)``."""
        tables = self.outcomes.tables.reshape(len(self.outcomes.names), len(self.states), -1)
        result: Floats = np.einsum("cs,csm,osm->co", self.long_run(strategy), self.play(strategy), tables)
        return result

    def time_to(self, strategy: Floats, targets: Sequence[int] | None = None) -> Floats:
        """Expected number of periods until a target state is reached, ``(C, H, A) -> (C, S)``.

        By default the targets are the absorbing states.  Infinite from states that miss them with
        positive probability; NaN where there is no target.
        """
        chain = self.chain(strategy)
        target = np.zeros(chain.shape[:2], dtype=bool)
        if targets is None:
            target[:] = self.absorbing
        else:
            target[:, list(targets)] = True
        return hitting_times(chain, target)

    def consequences(self, strategy: Floats) -> dict[str, dict[str, Any]]:
        """Values by state, where the long run is spent, and how long until absorption: ``(1, H, A)``.

        ``state_values`` by state and player, ``long_run`` shares of periods by state and ``long_run_outcomes``
        by outcome, from the start; ``periods_to_absorption`` by state, infinite where it is not certain,
        left out where no state is absorbing.
        """
        values, share = self.state_values(strategy)[0], self.long_run(strategy)[0]
        result: dict[str, dict[str, Any]] = {
            "state_values": {
                state: dict(zip(self.players, values[:, s].tolist(), strict=True))
                for s, state in enumerate(self.states)
            },
            "long_run": dict(zip(self.states, share.tolist(), strict=True)),
            "long_run_outcomes": dict(
                zip(self.outcomes.names, self.long_run_outcomes(strategy)[0].tolist(), strict=True)
            ),
        }
        if self.absorbing[0].any():
            result["periods_to_absorption"] = dict(
                zip(self.states, self.time_to(strategy)[0].tolist(), strict=True)
            )
        return result

    def take(self, cells: Any) -> Self:
        """The batch of the chosen cells."""
        chosen = np.arange(self.cells)[cells]
        transition = self.transition if len(self.transition) == 1 else self.transition[chosen]
        return type(self)(
            self.payoffs[chosen],
            transition,
            self.discount[chosen],
            self.players,
            self.states,
            self.actions,
            self.outcomes,
            self.start,
            self.rounded[chosen],
        )

    def facts(self) -> dict[str, Any]:
        """Patience, states, and where play begins."""
        begins = {state: p for state, p in zip(self.states, self.begin().tolist(), strict=True) if p > 0}
        return {
            "patience": dict(zip(self.players, self.discount[0].tolist(), strict=True)),
            "states": self.states,
            "start": begins,
        }

    def spoken(self, place: tuple[int, ...]) -> str:
        """A joint action in a state, in words."""
        state, *joint = place
        doing = ", ".join(own[a] for own, a in zip(self.actions[state], joint, strict=True))
        return f"{doing} in {self.states[state]}"


forms.add(Stochastic.form, Stochastic)
