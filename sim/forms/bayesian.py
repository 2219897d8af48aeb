"""Bayesian games: everybody learns his type and then chooses, all at the same time (Harsanyi 1967).

They are trees of one move each after chance, of which nobody sees those of others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from itertools import product
from typing import Any, ClassVar, Self

import numpy as np

from sim.forms.tree import Tree, path_outcomes
from sim.game import Agent, Outcomes
from sim.game.checks import labels, rounded_cells, with_exact
from sim.game.tree_shape import CHANCE, END, Event, Shape
from sim.plugins import forms

__all__ = ["Bayesian"]


@dataclass(frozen=True, eq=False, init=False)
class Bayesian(Tree):
    """A batch of Bayesian games; without the leading C it is a batch of one.

    ``prior (C or 1, T1, .., Tn)`` are chances of types together, ``payoffs (C, n, T1, .., Tn, A1, .., An)``.
    ``players``, ``types`` and ``actions``, one list for each player, are labels and may be left out.  Agents are a
    player as a type: ``"Russia@resolved"``, or the player where he has one type only.  Ends are types and then actions,
    in C order.

    Raises ValueError for shapes and labels that do not fit, and priors that do not add up to 1.

    >>> game = Bayesian([0.3, 0.7], [[[1, 0], [0, 1]]], ("Russia",), (("resolved", "bluffing"),), (("hold", "attack"),))
    >>> [agent.label for agent in game.agents]
    ['Russia@resolved', 'Russia@bluffing']
    """

    form: ClassVar[str] = "bayesian"

    def __init__(
        self,
        prior: Any,
        payoffs: Any,
        players: Iterable[str] = (),
        types: Iterable[Iterable[str]] = (),
        actions: Iterable[Iterable[str]] = (),
        outcomes: Outcomes | None = None,
    ) -> None:
        floats, written = with_exact("payoffs", payoffs)
        lots, odds = with_exact("the prior", prior)
        names = labels("players", players)
        batch, count = read_shape(floats.shape, lots.shape, len(names))
        sizes = floats.shape[batch + 1 :]
        names = names or tuple(f"player {i + 1}" for i in range(count))
        kinds, lists = (
            tuple(labels(what, own) for own in given)
            or tuple(tuple(str(k + 1) for k in range(n)) for n in size)
            for what, given, size in (("types", types, sizes[:count]), ("actions", actions, sizes[count:]))
        )
        if tuple(map(len, (*kinds, *lists))) != sizes or len(names) != count:
            raise ValueError(
                f"labels do not fit payoffs of shape {floats.shape}: types {kinds}, actions {lists}"
            )
        shape = at_once(names, kinds, lists)
        cells = floats.shape[0] if batch else 1
        ways = int(np.prod(sizes[:count]))
        whole = Tree(
            (floats if written is None else written).reshape(cells, count, -1), names, shape,
            (lots if odds is None else odds).reshape(-1, ways), outcomes or path_outcomes(shape),
            rounded=rounded_cells(False, cells),
        )  # fmt: skip
        for one in fields(whole):
            object.__setattr__(self, one.name, getattr(whole, one.name))

    @classmethod
    def of_tree(cls, tree: Tree) -> Self:
        """A tree whose moves are all at once, as a Bayesian game."""
        result = object.__new__(cls)
        for one in fields(tree):
            object.__setattr__(result, one.name, getattr(tree, one.name))
        return result


def read_shape(payoffs: tuple[int, ...], prior: tuple[int, ...], players: int) -> tuple[int, int]:
    """Whether payoffs begin with cells, and the number of players.  Raises ValueError where the two do not fit."""
    for batch in (0, 1):
        count = payoffs[batch] if len(payoffs) > batch else 0
        types = payoffs[batch + 1 : batch + 1 + count]
        fits = len(payoffs) == batch + 1 + 2 * count and players in {0, count} and 0 not in payoffs
        if fits and prior in {types, (1, *types), *([(payoffs[0], *types)] if batch else [])}:
            return batch, count
    raise ValueError(
        f"payoffs have shape {payoffs} and the prior {prior}; a batch of Bayesian games has (C, n, T1, .., Tn, A1, .., An) "
        "and (C or 1, T1, .., Tn), one game the same without C"
    )


def at_once(
    players: tuple[str, ...], types: tuple[tuple[str, ...], ...], actions: tuple[tuple[str, ...], ...]
) -> Shape:
    """The tree in which chance draws types and then each player moves without having seen another."""
    several = [len(own) > 1 for own in types]
    agents = tuple(
        Agent(i, f"{player}@{word}" if several[i] else player, actions[i])
        for i, player in enumerate(players)
        for word in types[i]
    )
    first = np.cumsum([0, *map(len, types)])
    parent, edge, agent = [-1], [0], [CHANCE]
    events: list[tuple[Event, ...]] = [()]

    def grow(above: int, way: int, event: tuple[Event, ...], drawn: tuple[int, ...], place: int) -> None:
        node = len(parent)
        parent.append(above)
        edge.append(way)
        events.append(event)
        agent.append(int(first[place]) + drawn[place] if place < len(players) else END)
        for a, word in enumerate(actions[place] if place < len(players) else ()):
            grow(node, a, ((players[place], word),), drawn, place + 1)

    for way, drawn in enumerate(product(*(range(len(own)) for own in types))):
        told = tuple((f"type of {players[i]}", types[i][t]) for i, t in enumerate(drawn) if several[i])
        grow(0, way, told, drawn, 0)
    nodes, ways, movers = (np.array(one, dtype=np.int64) for one in (parent, edge, agent))
    return Shape(nodes, ways, movers, tuple(events), agents)


forms.add("bayesian", Bayesian)
