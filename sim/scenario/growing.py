"""From turns to a tree: who moves where, what he knows, and which path each end is.

A mover knows his type, his own moves, all that he saw at them, and what this move sees: nobody forgets.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.expression import FormulaError, Program
from sim.game import Agent, Integers
from sim.game.tree_shape import CHANCE, END, Event, Shape
from sim.scenario.names import Names
from sim.scenario.positions import KeyPath
from sim.scenario.problems import Report, shown
from sim.scenario.turns import MovesInOrder, Turn, used_names

__all__ = ["Conditions", "Grown", "Ways", "grow"]

MOST_NODES = 20_000
NONE = -1  # of what did not take place

Past = Integers  # (paths, turns): what came of each turn, NONE where it did not take place


@dataclass(frozen=True)
class Ways:
    """Ways of chance: columns from ``first``, one for each label, of each path in ``pasts``.

    Where chances do not depend on paths there is one for all.  The types of all players are one such turn, None.
    """

    turn: Turn | None
    first: int
    pasts: Past


@dataclass(frozen=True)
class Grown:
    """The tree: its shape, the turns in the order of play, what came of them at each end, and the ways of chance."""

    shape: Shape
    turns: tuple[Turn, ...]
    ends: Past
    ways: tuple[Ways, ...]


@dataclass(frozen=True)
class Conditions:
    """Says where conditions on traits hold: traits of turns that came before, all of them plain numbers."""

    names: Names
    lets: dict[str, Any]
    turns: tuple[Turn, ...]

    def hold(self, source: str, key: KeyPath, pasts: Past, before: int) -> NDArray[np.bool_] | None:
        """The paths on which a condition holds, given what came of the turns ``before``; None where it is mistaken."""
        formula = self.names.formula(source, key)
        if formula is None:
            return None
        program = Program()
        owner = {trait: place for place, turn in enumerate(self.turns) for trait in turn.traits}
        for word in sorted(used_names(source, self.lets)):
            turn = self.turns[owner[word]] if word in owner else None
            if turn is not None and owner[word] >= before:
                self.names.report.add(
                    key, f"{shown(word)} is a trait of {'.'.join(map(str, turn.key))}, which comes later"
                )
            elif turn is not None and not turn.numeric(word):
                self.names.report.add(
                    key,
                    f"{shown(word)} has a formula for a value; conditions may use only traits that are plain "
                    "numbers, so that all cells share one tree",
                )
            elif turn is None and self.names.kinds.get(word) == "parameter":
                self.names.report.add(
                    key,
                    f"uses the parameter {shown(word)}; conditions may use only traits, so that all cells share one tree",
                )
            else:
                continue
            return None
        steps: dict[str, int] = {}

        def known(word: str) -> int:
            if word not in steps and word in owner:
                values = np.array([*self.turns[owner[word]].traits[word], 0.0], dtype=np.float64)
                steps[word] = program.table(values[pasts[:, owner[word]]])
            elif word not in steps:
                inner = self.names.formula(self.lets[word], ("let", word))
                if inner is None:
                    raise FormulaError("rests on a mistake")
                steps[word] = program.formula(inner, {name: known(name) for name in inner.names})
            return steps[word]

        try:
            step = program.formula(formula, {word: known(word) for word in formula.names})
        except FormulaError:
            return None
        ((_, (value,)),) = program.blocks([step], {}, 1, len(pasts))
        if not np.isfinite(value).all():
            self.names.report.add(key, "is not a number on some path; a condition is true or not")
            return None
        return np.asarray(np.broadcast_to(np.reshape(np.asarray(value) != 0, (-1,)), len(pasts)))


@dataclass
class Sapling:
    """A tree while it grows, in the order in which nodes appear."""

    parent: list[int] = field(default_factory=lambda: [-1])
    edge: list[int] = field(default_factory=lambda: [0])
    agent: list[int] = field(default_factory=lambda: [END])
    events: list[tuple[Event, ...]] = field(default_factory=lambda: [()])
    columns: int = 0

    def child(self, node: int, edge: int, events: tuple[Event, ...]) -> int:
        """A new node."""
        self.parent.append(node)
        self.edge.append(edge)
        self.agent.append(END)
        self.events.append(events)
        return len(self.parent) - 1

    def shape(self, agents: tuple[Agent, ...]) -> tuple[Shape, Integers]:
        """The nodes in preorder, and where each of them was."""
        below: list[list[int]] = [[] for _ in self.parent]
        for node, above in enumerate(self.parent[1:], 1):
            below[above].append(node)
        order: list[int] = []
        ahead = [0]
        while ahead:
            order.append(ahead.pop())
            ahead += reversed(below[order[-1]])
        was = np.array(order, dtype=np.int64)
        now = np.empty(len(was), dtype=np.int64)
        now[was] = np.arange(len(was))
        parent = np.array([now[self.parent[v]] if v else -1 for v in order], dtype=np.int64)
        edge, agent = (np.array(each, dtype=np.int64)[was] for each in (self.edge, self.agent))
        return Shape(parent, edge, agent, tuple(self.events[v] for v in order), agents), was


def in_order(turns: MovesInOrder, lets: dict[str, Any]) -> tuple[Turn, ...]:
    """All turns in the order of play: a draw comes just before the first move that sees it, or is there because of it."""
    left = list(turns.draws)
    result = list(turns.types)
    for move in turns.moves:
        wanted = set(move.sees or ())
        words = used_names(move.when, lets) if move.when else set()
        for draw in list(left):
            if draw.name in wanted or words & set(draw.traits):
                left.remove(draw)
                result.append(draw)
        result.append(move)
    return (*result, *left)


def grow(
    turns: MovesInOrder, names: Names, lets: dict[str, Any], players: tuple[str, ...], report: Report
) -> Grown | None:
    """The tree of these turns; None where it is mistaken, or has too many nodes."""
    order = in_order(turns, lets)
    conditions = Conditions(names, lets, order)
    sapling, agents = Sapling(), Sets(order, players)
    types = len(turns.types)
    pasts, nodes, ways = types_drawn(sapling, turns.types, len(order))
    for place, turn in enumerate(order[types:], types):
        here: NDArray[np.bool_] | None = np.ones(len(pasts), np.bool_)
        if turn.when is not None:
            here = conditions.hold(turn.when, (*turn.key, "when"), pasts, place)
        if here is None:
            return None
        if not here.any():
            report.add(
                (*turn.key, "when"),
                f"{shown(turn.when)} never holds, so that there is no such {'move' if turn.player >= 0 else 'draw'}",
            )
            return None
        size = len(sapling.parent) + int(here.sum()) * len(turn.labels)
        if size > MOST_NODES:
            report.add(
                turn.key,
                f"makes a tree of {size} nodes; a scenario has at most {MOST_NODES}. Use fewer moves, types or actions",
            )
            return None
        alike = turn.player < 0 and not any(
            set(other.traits) & used_names(source, lets) for source in turn.chance for other in order
        )
        if turn.player < 0:
            ways.append(Ways(turn, sapling.columns, pasts[here][: 1 if alike else None]))
        pasts, nodes = forked(sapling, agents, place, pasts, nodes, here, alike=alike)
    shape, was = sapling.shape(agents.labelled())
    # paths by the nodes at which they end, in the order of ends
    path_of = {node: k for k, node in enumerate(nodes)}
    return Grown(shape, order, pasts[[path_of[int(was[v])] for v in shape.ends]], tuple(ways))


def types_drawn(sapling: Sapling, types: tuple[Turn, ...], turns: int) -> tuple[Past, list[int], list[Ways]]:
    """The first move of chance, which draws all types at once: pasts, their nodes, and its ways."""
    if not types:
        return np.full((1, turns), NONE), [0], []
    combinations = list(product(*(range(len(turn.labels)) for turn in types)))
    pasts = np.full((len(combinations), turns), NONE)
    pasts[:, : len(types)] = combinations
    sapling.agent[0] = CHANCE
    sapling.columns = len(combinations)
    nodes = [
        sapling.child(
            0, column, tuple((turn.name, turn.labels[t]) for turn, t in zip(types, own, strict=True))
        )
        for column, own in enumerate(combinations)
    ]
    return pasts, nodes, [Ways(None, 0, pasts[:1])]


def forked(
    sapling: Sapling,
    agents: Sets,
    place: int,
    pasts: Past,
    nodes: list[int],
    here: NDArray[np.bool_],
    *,
    alike: bool,
) -> tuple[Past, list[int]]:
    """Paths after a turn that takes place ``here``: each of those becomes as many as the turn has labels."""
    turn, columns = agents.turns[place], sapling.columns
    longer: list[Any] = []
    after: list[int] = []
    for k, node in enumerate(nodes):
        if not here[k]:
            longer.append(pasts[k])
            after.append(node)
            continue
        sapling.agent[node] = agents.at(place, pasts[k]) if turn.player >= 0 else CHANCE
        for a, word in enumerate(turn.labels):
            path = pasts[k].copy()
            path[place] = a
            longer.append(path)
            after.append(sapling.child(node, a if turn.player >= 0 else columns + a, ((turn.name, word),)))
        columns += 0 if alike else len(turn.labels)
    if turn.player < 0:
        sapling.columns = columns + (len(turn.labels) if alike else 0)
    return np.array(longer), after


@dataclass
class Sets:
    """Information sets, numbered as play comes to them: the same move, the same type, the same things seen."""

    turns: tuple[Turn, ...]
    players: tuple[str, ...]
    found: dict[tuple[Any, ...], int] = field(default_factory=dict)
    met: list[tuple[int, list[tuple[int, int]]]] = field(default_factory=list)

    def at(self, place: int, past: Any) -> int:
        """The information set of a move on a path."""
        seen = sorted(self.seen(place, past))
        known = [(turn, int(past[turn])) for turn in seen]
        key = (place, tuple(known))
        if key not in self.found:
            self.found[key] = len(self.met)
            self.met.append((place, known))
        return self.found[key]

    def seen(self, place: int, past: Any) -> set[int]:
        """The turns that a mover knows of: his type, what this move sees, and what he did and saw before."""
        move = self.turns[place]
        player = self.players[move.player]
        result = {t for t in range(place) if self.turns[t].name == player and self.turns[t].player < 0}
        for t in range(place):
            turn = self.turns[t]
            if turn.player == move.player:
                result.add(t)
                if past[t] != NONE:
                    result |= self.looks(t)
        return result | self.looks(place)

    def looks(self, place: int) -> set[int]:
        """The turns that a move sees by itself."""
        sees = self.turns[place].sees
        if sees is None:
            return {t for t in range(place) if self.turns[t].player >= 0}
        return {t for t in range(place) if self.turns[t].name in sees}

    def labelled(self) -> tuple[Agent, ...]:
        """All agents: ``NATO@cohesive, build_up``; with the move's name in front where two would be called alike."""
        words = [self.words(place, known) for place, known in self.met]
        count = Counter(words)
        named = [
            f"{self.turns[place].name}: {word}" if count[word] > 1 else word
            for word, (place, _) in zip(words, self.met, strict=True)
        ]
        again = Counter(named)
        return tuple(
            Agent(
                self.turns[place].player,
                word if again[word] == 1 else f"{word} ({self.told(known)})",
                self.turns[place].labels,
            )
            for word, (place, known) in zip(named, self.met, strict=True)
        )

    def words(self, place: int, known: list[tuple[int, int]]) -> str:
        """Who moves, and what he knows."""
        player = self.players[self.turns[place].player]
        own = [(t, a) for t, a in known if self.turns[t].name == player]
        told = [
            self.turns[t].labels[a] for t, a in own + [pair for pair in known if pair not in own] if a != NONE
        ]
        return f"{player}@{', '.join(told)}" if told else player

    def told(self, known: list[tuple[int, int]]) -> str:
        """What he knows with the names of the moves."""
        return ", ".join(f"{self.turns[t].name}: {self.turns[t].labels[a]}" for t, a in known if a != NONE)
