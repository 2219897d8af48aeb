"""Game trees: moves in order, of players and of chance, and what each mover knows (Kuhn 1953).

All cells share one :class:`~sim.game.tree_shape.Shape`; their numbers differ: ``payoffs[c, i, z]`` is what player i
gets at end z of cell c, ``chance[c, e]`` the probability of way e of chance.  Agents are information sets.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar, Self, TypeGuard

import numpy as np
from numpy.typing import NDArray

from sim.expression.numbers import fraction
from sim.game import Agent, Floats, Game, Judgement, Outcomes
from sim.game.checks import checked_outcomes, labels, rounded_cells, with_exact
from sim.game.nested_moves import read_nested
from sim.game.tree_shape import CHANCE, Shape
from sim.kernels.base.tolerances import FAINT, ROW, SAME_PLAY
from sim.kernels.base.tree_passes import tree_deviations, tree_reach, tree_values
from sim.kernels.judge.plans import plan_gains
from sim.plugins import forms

__all__ = ["Tree", "exact_reach", "is_tree", "path_outcomes"]

ExactTree = Callable[[NDArray[Any]], tuple[NDArray[Any], NDArray[Any]]]


@dataclass(frozen=True, eq=False, init=False)
class Tree(Game):
    """A batch of game trees of one shape, given as moves inside moves, or by shape and numbers.

    ``payoffs`` are nested moves as :mod:`sim.game.nested_moves` reads them, or, with a ``shape``, numbers
    ``(C, n, Z)``, and then ``chance (C or 1, E)`` as well.  ``players`` are named in the order of payoffs; left out,
    in that of their first moves.  ``outcomes.of (Z,)``: without it each path is its own outcome.  ``exact`` gives payoffs
    and chance of chosen cells as fractions, ``(cells,) -> (cells, n, Z), (cells, E)``, where the source knows them
    better than floats do; ``rounded (C,)`` are cells in which numbers were written that floats round.

    Raises ValueError, with the place in words, for what is no tree, chances that do not add up, and imperfect recall.

    >>> entry = Tree({"Entrant": {"out": (0, 2), "in": {"Owner@in": {"share": (1, 1), "fight": (-1, -1)}}}})
    >>> [agent.label for agent in entry.agents], entry.outcomes.names
    (['Entrant', 'Owner@in'], ('out', 'in, share', 'in, fight'))
    """

    form: ClassVar[str] = "tree"
    default_concept: ClassVar[str] = "sequential"
    exports: ClassVar[tuple[str, ...]] = (".efg",)
    picture: ClassVar[str] = "tree"

    payoffs: Floats
    players: tuple[str, ...]
    shape: Shape
    chance: Floats
    outcomes: Outcomes
    exact: ExactTree | None = field(repr=False)
    rounded: NDArray[np.bool_] = field(repr=False)

    def __init__(
        self,
        payoffs: Any,
        players: Iterable[str] = (),
        shape: Shape | None = None,
        chance: Any = None,
        outcomes: Outcomes | None = None,
        exact: ExactTree | None = None,
        rounded: Any = False,
    ) -> None:
        names = labels("players", players)
        if shape is None:
            nested = read_nested(payoffs, names)
            names, shape, payoffs, chance = nested.players, nested.shape, nested.payoffs, nested.chance
            outcomes = outcomes or nested.outcomes
        floats, written = with_exact("payoffs", payoffs)
        lots, odds = with_exact("chance", np.empty((1, 0)) if chance is None else chance)
        if floats.ndim == 2:
            floats = floats[np.newaxis]
        lots = lots if lots.ndim == 2 else lots[np.newaxis]
        ends, ways = len(shape.ends), sum(map(len, shape.chances))
        count = 1 + max([agent.player for agent in shape.agents], default=0)
        names = names or tuple(f"player {i + 1}" for i in range(count))
        if floats.shape[1:] != (len(names), ends) or len(names) < count:
            raise ValueError(
                f"payoffs have shape {floats.shape}; a tree of {len(names)} players and {ends} ends has "
                f"(C, {len(names)}, {ends})"
            )
        if lots.shape[1] < ways or len(lots) not in {1, len(floats)}:
            raise ValueError(f"chance has shape {lots.shape}; expected ({len(floats)} or 1, {ways})")
        checked_outcomes(outcomes, (ends,))
        lots = np.array(np.broadcast_to(lots, (len(floats), lots.shape[1])), order="C")
        if exact is None and not (written is None and odds is None):
            exact = WrittenTree(
                payoffs if written is None else written.reshape(floats.shape),
                lots if odds is None else np.broadcast_to(odds.reshape(-1, lots.shape[1]), lots.shape),
            )
            rounded = rounded_cells(rounded, len(floats), written) | (odds is not None)
        # frozen: the constructor is the one place where fields are brought into their final form
        object.__setattr__(self, "payoffs", floats)
        object.__setattr__(self, "players", names)
        object.__setattr__(self, "shape", shape)
        object.__setattr__(self, "chance", shape.checked_chance(lots, ROW))
        object.__setattr__(self, "outcomes", outcomes or path_outcomes(shape))
        object.__setattr__(self, "exact", exact)
        object.__setattr__(self, "rounded", rounded_cells(rounded, len(floats)))

    @property
    def agents(self) -> tuple[Agent, ...]:
        """One for each information set, in the order of play: ``"NATO@cohesive, build_up"``."""
        return self.shape.agents

    @cached_property
    def decisions(self) -> tuple[str, ...]:  # type: ignore[override] # a fact of the shape
        """Every node at which somebody decides, in words: ``"NATO@cohesive, build_up: resolved"``."""
        labels = (self.agents[h].label for h in self.shape.agent[self.shape.decisions])
        return tuple(
            f"{label}: {node}" if node else label
            for label, node in zip(labels, self.shape.hidden, strict=True)
        )

    @cached_property
    def finite(self) -> NDArray[np.bool_]:
        """Cells whose payoffs and chances are finite, ``(C,)``."""
        with np.errstate(over="ignore", invalid="ignore"):
            payoffs = np.isfinite(self.payoffs).all(axis=(1, 2))
        return np.asarray(payoffs & np.isfinite(self.chance).all(axis=1))

    def reach(self, strategy: Floats, first: NDArray[np.bool_] | None = None) -> Floats:
        """How likely play comes to each node, ``(C, H, A) -> (C, N)``.

        With marked nodes ``first (N,)``, given that it came to the last marked one above.
        """
        shape = self.shape
        marked = np.zeros(len(shape.parent), np.bool_) if first is None else first
        result = np.empty((self.cells, len(shape.parent)))
        play = np.ascontiguousarray(strategy)
        tree_reach(*shape.nodes, self.chance, play, marked, result)
        return result

    def node_values(self, strategy: Floats) -> Floats:
        """What each node is worth to each player under play, ``(C, H, A) -> (C, n, N)``."""
        shape = self.shape
        result = np.empty((*self.payoffs.shape[:2], len(shape.parent)))
        play = np.ascontiguousarray(strategy)
        tree_values(*shape.nodes, self.payoffs, self.chance, play, result)
        return result

    def values(self, strategy: Floats) -> Floats:
        """Expected payoff of each player, ``(C, H, A) -> (C, n)``."""
        return np.ascontiguousarray(self.node_values(strategy)[..., 0])

    def expect(self, table: Floats, strategy: Floats) -> Floats:
        """Expectation of a table over ends, ``(C or 1, Z), (C, H, A) -> (C,)``."""
        reach = self.reach(strategy)[:, self.shape.ends]
        result: Floats = np.where(reach > 0, reach * table, 0.0).sum(axis=-1)
        return result

    def shares(self, strategy: Floats) -> Floats:
        """Probability of each outcome under play, ``(C, H, A) -> (C, outcome)``."""
        result = np.zeros((len(self.outcomes.names), self.cells))
        np.add.at(result, self.outcomes.of, self.reach(strategy)[:, self.shape.ends].T)
        return result.T

    def deviations(self, strategy: Floats) -> Floats:
        """Value of each action of each agent from the beginning, all else kept: ``(C, H, A) -> (C, H, A)``."""
        shape = self.shape
        result = np.zeros((self.cells, *self.mask.shape))
        reach, value = self.reach(strategy), self.node_values(strategy)
        tree_deviations(*shape.nodes, shape.owner, reach, value, result)
        return np.where(self.mask, result, np.nan)

    def called(self, agent: int) -> str:
        """``"as resolved, after build_up"``: its type, and what else it knows to have happened."""
        return self.shape.called[agent]

    def comes_to(self, strategy: Floats, speck: float = FAINT) -> NDArray[np.bool_]:
        """Whether play comes to each information set, by more than a ``speck``, ``(C, H, A) -> (C, H)``."""
        shape = self.shape
        reach = self.reach(strategy)[:, shape.decisions]
        return np.asarray(np.add.reduceat(reach, shape.first[:-1], axis=1) > speck)

    def believed(self, strategy: Floats, claimed: Mapping[str, NDArray[Any]]) -> Floats:
        """The claimed beliefs, else those of Bayes' rule where play comes; who knows all that happened is sure of it."""
        if "belief" in claimed:
            return np.asarray(claimed["belief"])[np.newaxis]
        return self.bayes(self.reach(strategy))

    def worth(self, strategy: Floats, belief: Floats | None = None) -> Floats:
        """What each action is worth to its agent at his information set, with his beliefs there or those of Bayes' rule."""
        shape = self.shape
        thought = self.believed(strategy, {}) if belief is None else belief
        value = self.node_values(strategy)
        whose = shape.owner[shape.agent[shape.decisions]]
        after = value[:, whose[:, np.newaxis], shape.child]  # (C, D, A); beyond the last action anything
        weighed = np.where(thought[..., np.newaxis] == 0.0, 0.0, thought[..., np.newaxis] * after)
        return np.where(self.mask, np.add.reduceat(weighed, shape.first[:-1], axis=1), np.nan)

    def bringing(self, outcome: int) -> NDArray[np.int64]:
        """The choices on each path to the outcome."""
        ends = self.shape.ends[self.outcomes.of == outcome]
        result = np.full((len(ends), len(self.agents)), -1, dtype=np.int64)
        for row, end in zip(result, ends.tolist(), strict=True):
            while self.shape.parent[end] >= 0:
                above = int(self.shape.parent[end])
                if self.shape.agent[above] >= 0:
                    row[self.shape.agent[above]] = self.shape.edge[end]
                end = above
        return np.unique(result, axis=0)

    def assessment(self, strategy: NDArray[Any], claimed: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
        """Beliefs at each information set of several nodes, and how likely play comes to each, by its label.

        A belief is an interval: a point where Bayes' rule gives it, all that support the play where a solver says so.
        Where nobody says what is believed, and play does not come, there is none.  In fractions where play is.
        ``belief_vertices`` are beliefs of which all mixtures support the play, of sets of three nodes or more.
        """
        shape = self.shape
        nodes = exact_reach(self, 0, strategy[0]) if strategy.dtype == object else self.reach(strategy)[0]
        reach = np.add.reduceat(nodes[shape.decisions], shape.first[:-1]).tolist()
        result: dict[str, Any] = {"reach": {agent.label: reach[h] for h, agent in enumerate(self.agents)}}
        belief = claimed["belief"] if "belief" in claimed else self.bayes(nodes[np.newaxis])[0]
        low, high = (claimed.get(name, belief) for name in ("belief_low", "belief_high"))
        beliefs, vertices = {}, {}
        for h, agent in enumerate(self.agents):
            own = slice(int(shape.first[h]), int(shape.first[h + 1]))
            if own.stop - own.start > 1 and (low[own] == low[own]).all():
                words = shape.hidden[own]
                pairs = zip(words, low[own].tolist(), high[own].tolist(), strict=True)
                beliefs[agent.label] = {word: [least, most] for word, least, most in pairs}
                if "belief_vertices" in claimed:
                    rows = claimed["belief_vertices"][:, own]
                    rows = rows[~np.isnan(rows).any(axis=1)]
                    if len(rows):
                        vertices[agent.label] = [dict(zip(words, row.tolist(), strict=True)) for row in rows]
        result["beliefs"] = beliefs
        if vertices:
            result["belief_vertices"] = vertices
        return result

    def bayes(self, reach: NDArray[Any]) -> NDArray[Any]:
        """Beliefs by Bayes' rule, of how likely nodes are, floats or fractions ``(C, N) -> (C, D)``.

        NaN at several nodes to which play does not come.
        """
        shape = self.shape
        nodes = reach[:, shape.decisions]
        mass = np.add.reduceat(nodes, shape.first[:-1], axis=1)[:, shape.agent[shape.decisions]]
        come = (mass > 0).astype(np.bool_)
        elsewhere = np.broadcast_to(np.where(self.alone, 1.0, np.nan), nodes.shape)
        result = np.array(elsewhere, dtype=nodes.dtype)
        result[come] = nodes[come] / mass[come]
        return result

    def exactly(self, cell: int, strategy: NDArray[Any]) -> tuple[list[Fraction], list[Fraction]]:
        """Values, and probabilities of outcomes, of play in fractions ``(H, A)`` in one cell."""
        reach = exact_reach(self, cell, strategy)[self.shape.ends]
        outcomes = [Fraction(0)] * len(self.outcomes.names)
        for end, likely in zip(self.outcomes.of.tolist(), reach.tolist(), strict=True):
            outcomes[end] += likely
        values = [Fraction((own * reach).sum()) for own in self.rational(np.array([cell]))[0]]
        return values, outcomes

    def plans(self, strategy: NDArray[Any]) -> NDArray[Any]:
        """How likely each player makes each of his actions, as far as it lies with him, ``(K, H, A) -> (K, n, H * A)``.

        Two strategies with the same plan differ only where a player's own moves never lead.
        """
        likely = strategy.copy()
        for h in self.shape.later[::-1]:
            above, way = self.shape.previous[h]
            if above >= 0:
                likely[:, h] *= likely[:, above, way, np.newaxis]
        own = self.shape.owner == np.arange(len(self.players))[:, np.newaxis]
        each = likely[:, np.newaxis] * own[:, :, np.newaxis]
        return np.asarray(each.reshape(len(likely), len(own), math.prod(self.mask.shape)))

    @cached_property
    def alone(self) -> NDArray[np.bool_]:
        """The decisions whose mover knows all that happened, ``(D,)``."""
        return (np.diff(self.shape.first) == 1)[self.shape.agent[self.shape.decisions]]

    def judge(self, strategy: Floats, generic: NDArray[np.bool_] | None = None) -> Judgement:  # noqa: ARG002
        """Values, and the most that each player gains by another plan for all his moves.

        Claims of a cell with the same play wherever play comes share a component.
        """
        cell, place = np.nonzero(~np.isnan(strategy[..., 0, 0]))
        claims, shape = (cell.astype(np.int64), place.astype(np.int64)), self.shape
        value, regret = (
            np.full((*strategy.shape[:2], len(self.players)), np.nan),
            np.full(strategy.shape[:2], np.nan),
        )
        relative, component = np.full(strategy.shape[:2], np.nan), np.full(strategy.shape[:2], -1, np.int32)
        worth, gain = np.empty((2, len(cell), len(self.players)))
        play, root = np.ascontiguousarray(strategy), np.zeros(len(shape.parent), np.bool_)
        plan_gains(shape.nodes, shape.plans, self.payoffs, self.chance, claims, play, root, (worth, gain))
        value[claims] = worth
        regret[claims] = gain.max(axis=1, initial=0.0)
        relative[claims] = (gain / self.scale[cell]).max(axis=1, initial=0.0)
        component[cell, place] = place
        for k in range(1, strategy.shape[1]):
            cells = np.flatnonzero(component[:, k] >= 0)
            each = self.take(cells)
            ends = each.reach(strategy[cells, k])[:, shape.ends]
            for j in range(k - 1, -1, -1):
                other = each.reach(strategy[cells, j])[:, shape.ends]
                same = (np.abs(ends - other) <= SAME_PLAY).all(axis=1)
                component[cells[same], k] = component[cells[same], j]
        number = np.cumsum(component == np.arange(strategy.shape[1]), axis=1) - 1
        component = np.where(component < 0, -1, np.take_along_axis(number, component, axis=1)).astype(
            np.int32
        )
        return Judgement(value, regret, relative, np.zeros(strategy.shape[:2], np.int8), component)

    def take(self, cells: Any) -> Self:
        """The batch of the chosen cells."""
        chosen = np.arange(self.cells)[cells]
        parent = self.exact
        exact = None if parent is None else lambda positions: parent(chosen[positions])
        return self.changed(
            payoffs=self.payoffs[chosen],
            chance=self.chance[chosen],
            exact=exact,
            rounded=self.rounded[chosen],
        )

    def with_payoffs(self, payoffs: Floats) -> Self:
        """The same game with other payoffs ``(C, n, Z)``."""
        return self.changed(payoffs=payoffs, exact=None)

    def changed(self, **numbers: Any) -> Self:
        """The same game with some of its fields changed, which fit it."""
        result = object.__new__(type(self))
        for one in fields(self):
            object.__setattr__(result, one.name, numbers.get(one.name, getattr(self, one.name)))
        return result

    def spoken(self, place: tuple[int, ...]) -> str:
        """An end in words: the path to it."""
        return self.shape.spoken(int(self.shape.ends[place[0]]))

    @property
    def computed(self) -> bool:
        """Whether ``exact`` knows payoffs and chances better than their floats do."""
        return self.exact is not None

    def rational(self, cells: NDArray[Any]) -> NDArray[Any]:
        """Payoffs of the chosen cells as fractions, ``(E,) -> (E, n, Z)``."""
        return super().rational(cells) if self.exact is None else self.exact(cells)[0]

    def rational_chance(self, cells: NDArray[Any]) -> NDArray[Any]:
        """Chance of the chosen cells as fractions, ``(E,) -> (E, ways)``."""
        if self.exact is not None:
            return self.exact(cells)[1]
        found: NDArray[Any] = np.frompyfunc(fraction, 1, 1)(self.chance[cells])
        return found


def exact_reach(game: Tree, cell: int, strategy: NDArray[Any]) -> NDArray[Any]:
    """How likely play in fractions ``(H, A)`` comes to each node of one cell, ``(N,)`` of fractions."""
    shape, chance = game.shape, game.rational_chance(np.array([cell]))[0]
    result = np.full(len(shape.parent), Fraction(1), dtype=object)
    for v in range(1, len(result)):
        above, way = int(shape.parent[v]), int(shape.edge[v])
        h = int(shape.agent[above])
        result[v] = result[above] * (chance[way] if h == CHANCE else strategy[h, way])
    return result


@dataclass(frozen=True)
class WrittenTree:
    """Payoffs and chance of chosen cells as fractions, from tables of what was written."""

    payoffs: NDArray[Any]
    chance: NDArray[Any]

    def __call__(self, cells: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """The fractions of the chosen cells (positions)."""
        exactly = np.frompyfunc(fraction, 1, 1)
        return exactly(self.payoffs[cells]), exactly(self.chance[cells])


def path_outcomes(shape: Shape) -> Outcomes:
    """Every path is an outcome, named by what happens on it."""
    names = [shape.spoken(v) for v in shape.ends]
    place = {name: k for k, name in enumerate(dict.fromkeys(names))}
    return Outcomes(tuple(place), np.array([place[name] for name in names], dtype=np.int64))


def is_tree(game: object) -> TypeGuard[Tree]:
    """Whether it is a game of moves in order: for rooms that play those out."""
    return isinstance(game, Tree)


forms.add("tree", Tree)
