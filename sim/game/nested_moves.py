"""A game tree as it is written in Python: moves inside moves.

* ``{"Russia@resolved": {"build_up": .., "withdraw": ..}}`` is a move: who moves, behind ``@`` what he knows, and what
  follows on each action.  Moves with the same label are one information set: whoever moves cannot tell them apart.
* ``{"chance": {"resolved": (0.3, ..), "bluffing": (0.7, ..)}}`` is a move of chance: a probability and what follows.
* ``(4, -8)`` is an end: a payoff for each player; ``("war", 4, -8)`` names its outcome as well.

Numbers may be fractions, texts such as ``"1/3"``, or arrays ``(C,)`` for a batch of games.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.expression.numbers import numbers_as_written, read_number
from sim.game import Agent, Integers, Outcomes
from sim.game.tree_shape import CHANCE, END, Event, Shape

__all__ = ["Nested", "read_nested"]

WAYS = (
    'a tree is written as moves inside moves: {"Player@what he knows": {"action": what follows, ...}}, '
    '{"chance": {"label": (probability, what follows), ...}}, and ends (payoff, ...) or ("outcome", payoff, ...)'
)


class Nested(NamedTuple):
    """What nested moves are: the shape, and numbers as they were written, cell first."""

    players: tuple[str, ...]
    shape: Shape
    payoffs: NDArray[Any]
    chance: NDArray[Any]
    outcomes: Outcomes | None


class Reader:
    """Walks nested moves in preorder and notes what it meets."""

    def __init__(self, players: tuple[str, ...]) -> None:
        self.given = bool(players)
        self.players = list(players)
        self.parent: list[int] = []
        self.edge: list[int] = []
        self.agent: list[int] = []
        self.depth: list[int] = []
        self.events: list[tuple[Event, ...]] = []
        self.found: dict[str, Agent] = {}
        self.number: dict[str, int] = {}
        self.payoffs: list[list[Any]] = []
        self.names: list[str | None] = []
        self.chance: list[Any] = []

    def read(self, root: Any) -> None:
        """Every node, with a stack of its own: trees may be deeper than calls may be."""
        ahead: list[tuple[Any, int, int, tuple[Event, ...]]] = [(root, -1, 0, ())]
        while ahead:
            node, above, edge, events = ahead.pop()
            number = len(self.parent)
            self.parent.append(above)
            self.edge.append(edge)
            self.events.append(events)
            self.depth.append(0 if above < 0 else self.depth[above] + 1)
            where = ", ".join(label for _, label in self.past(number)) or "the beginning"
            if isinstance(node, Mapping):
                follows = self.move(node, where)
                ahead += [
                    (after, number, way, ((source, label),))
                    for after, way, source, label in reversed(follows)
                ]
            else:
                self.end(node, where)

    def past(self, node: int) -> list[Event]:
        """All that happened before a node."""
        found: list[Event] = []
        while node >= 0:
            found += self.events[node]
            node = self.parent[node]
        return found[::-1]

    def move(self, node: Mapping[Any, Any], where: str) -> list[tuple[Any, int, str, str]]:
        """What follows on a move, with its way, and who chose what."""
        if len(node) != 1 or not isinstance(ways := next(iter(node.values())), Mapping) or not ways:
            raise ValueError(f"at {where}: {WAYS}; found {str(node)[:60]!r}")
        who = str(next(iter(node)))
        if who == "chance":
            return [(after, way, who, label) for label, after, way in self.lots(ways, where)]
        player = who.partition("@")[0]
        if player not in self.players:
            if self.given:
                raise ValueError(
                    f"at {where}: {player!r} moves, who is none of the players {tuple(self.players)}"
                )
            self.players.append(player)
        actions = tuple(map(str, ways))
        agent = self.found.setdefault(who, Agent(self.players.index(player), who, actions))
        if sorted(agent.actions) != sorted(actions) or len(set(actions)) < len(ways):
            raise ValueError(
                f"at {where}: {who} has the actions {', '.join(actions)}, and elsewhere "
                f"{', '.join(agent.actions)}; who cannot tell two nodes apart can do the same at both"
            )
        self.agent.append(self.number.setdefault(who, len(self.number)))
        follows = {str(action): after for action, after in ways.items()}
        return [(follows[action], a, player, action) for a, action in enumerate(agent.actions)]

    def lots(self, ways: Mapping[Any, Any], where: str) -> Iterable[tuple[str, Any, int]]:
        """What chance may bring: label, what follows and the column of its probability."""
        self.agent.append(CHANCE)
        for label, lot in ways.items():
            if not isinstance(lot, (tuple, list)) or len(lot) != 2:
                raise ValueError(
                    f"at {where}: chance brings {label!r} with (probability, what follows), not {lot!r}"[:300]
                )
            self.chance.append(lot[0])
            yield str(label), lot[1], len(self.chance) - 1

    def end(self, node: Any, where: str) -> None:
        """Payoffs, and perhaps a name before them."""
        if isinstance(node, str) or not isinstance(node, (tuple, list, np.ndarray)) or len(node) == 0:
            raise ValueError(f"at {where}: {WAYS}; found {str(node)[:60]!r}")
        payoffs = list(node)
        name = payoffs.pop(0) if isinstance(payoffs[0], str) and not is_numeral(payoffs[0]) else None
        self.agent.append(END)
        self.names.append(name)
        self.payoffs.append(payoffs)
        if len(payoffs) != len(self.payoffs[0]) or not payoffs:
            raise ValueError(
                f"at {where}: an end has {len(payoffs)} payoffs, another has {len(self.payoffs[0])}; each has one "
                "for each player"
            )


def is_numeral(text: str) -> bool:
    """Whether a text is a number."""
    try:
        read_number(text)
    except ValueError:
        return False
    return True


def read_nested(root: Any, players: tuple[str, ...]) -> Nested:
    """The tree that nested moves are; players in their order, or in that of their first moves.

    Raises ValueError, with where it is, for what is none.
    """
    reader = Reader(players)
    reader.read(root)
    if len(reader.payoffs[0]) != len(reader.players):
        raise ValueError(
            f"ends have {len(reader.payoffs[0])} payoffs; there are {len(reader.players)} players "
            f"({', '.join(reader.players)}). Give players=(...) where somebody never moves"
        )
    order = by_play(np.array(reader.agent), np.array(reader.depth))
    agents = list(reader.found.values())
    place = np.empty(len(agents), dtype=np.int64)
    place[order] = np.arange(len(agents))
    agent = np.array([place[h] if h >= 0 else h for h in reader.agent], dtype=np.int64)
    shape = Shape(
        np.array(reader.parent, dtype=np.int64),
        np.array(reader.edge, dtype=np.int64),
        agent,
        tuple(reader.events),
        tuple(agents[h] for h in order),
    )
    cells = max(
        (
            len(np.atleast_1d(x))
            for row in (*reader.payoffs, reader.chance)
            for x in row
            if not isinstance(x, str)
        ),
        default=1,
    )
    payoffs = np.stack(
        [table("payoffs", [row[i] for row in reader.payoffs], cells) for i in range(len(reader.players))],
        axis=1,
    )
    return Nested(
        tuple(reader.players),
        shape,
        payoffs,
        table("chance", reader.chance, cells),
        named(shape, reader.names),
    )


def by_play(agent: Integers, depth: Integers) -> list[int]:
    """Agents in the order in which play comes to them: by depth, then as they are met."""
    met: dict[int, int] = {}
    for h, here in zip(agent.tolist(), depth.tolist(), strict=True):
        if h >= 0:
            met[h] = min(here, met.get(h, here))
    return sorted(met, key=lambda h: (met[h], h))


def named(shape: Shape, names: list[str | None]) -> Outcomes | None:
    """Outcomes by their names; an end without one is called after its path."""
    if not any(names):
        return None
    told = [name or shape.spoken(v) for name, v in zip(names, shape.ends, strict=True)]
    place = {name: k for k, name in enumerate(dict.fromkeys(told))}
    return Outcomes(tuple(place), np.array([place[name] for name in told], dtype=np.int64))


def table(what: str, entries: list[Any], cells: int) -> NDArray[Any]:
    """Entries that are numbers, or arrays ``(C,)`` of them, as one array ``(C, entries)`` as it was written.

    Raises ValueError for what is no number, and for arrays of different lengths.
    """
    columns: list[NDArray[Any]] = []
    for entry in entries:
        try:
            column = numbers_as_written(read_number(entry) if isinstance(entry, str) else entry)
            columns.append(np.broadcast_to(column, (cells,)))
        except (TypeError, ValueError, OverflowError) as error:
            raise ValueError(
                f"{what}: {str(entry)[:60]!r} is neither a number nor one for each of {cells} cells"
            ) from error
    kind = object if any(column.dtype == object for column in columns) else np.float64
    result = np.empty((cells, len(entries)), dtype=kind)
    for place, column in enumerate(columns):
        result[:, place] = column
    return result
