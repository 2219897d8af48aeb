"""Trees in which everybody sees all that happened, from their ends: ties are kept, not broken."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.answers import Answer
from sim.answers.shared import BELIEF, BELIEF_HIGH, BELIEF_LOW, RATIONAL
from sim.claim import Claim, Status
from sim.forms.tree import Tree
from sim.game import Floats, Integers
from sim.game.tree_shape import CHANCE, END, Shape
from sim.kernels.tree.backward import pure_paths_back
from sim.plugins import solver
from sim.solvers.methods.gathering import pure_fractions

__all__ = ["backward_induction"]

MOST = 64  # equilibria that a cell can list

PAYOFF_LOW = Answer(
    "payoff_low",
    "least that a pure equilibrium found gives",
    "payoff",
    ("player",),
    level="equilibria",
    tell=None,
)
PAYOFF_HIGH = Answer(
    "payoff_high",
    "most that a pure equilibrium found gives",
    "payoff",
    ("player",),
    level="equilibria",
    tell=None,
)


@solver(
    form=Tree,
    concept="sequential",
    answers=(BELIEF, BELIEF_LOW, BELIEF_HIGH, PAYOFF_LOW, PAYOFF_HIGH, RATIONAL),
    rank=10,
    exact=True,
    also=("subgame_perfect", "perfect_bayesian"),
    fits=lambda game: game.shape.singletons,
    more="where payoffs tie all pure subgame-perfect equilibria are listed; those in which somebody mixes are not",
)
def backward_induction(game: Tree, *, most: int = MOST, exact: bool = False) -> Claim:
    """All pure subgame-perfect equilibria of trees in which everybody sees all that happened.

    ``Tree -> strategy (C, K, H, A)``; beliefs are certain; ``payoff_low`` and ``payoff_high (C, n)`` are the range of
    payoffs.  With ``exact`` every cell is decided in fractions, and ``extra["rational"]`` is the play as such.
    Complete: where nothing ties, for concepts that believe no empty threats; then there is one.
    Cost: every node once for each equilibrium; cells with margins of a hair are decided in fractions.
    Fails with ``max_steps`` where a cell has more than ``most`` of them, of which the first are listed.
    Source: Kuhn (1953).
    """
    shape, cells = game.shape, np.arange(game.cells)
    room = 1
    while True:
        choices, count, thin, bounds = found = (
            np.zeros((game.cells, room, len(shape.agents)), np.int16), np.zeros(game.cells, np.int64),
            np.zeros(game.cells, np.bool_), np.empty((game.cells, 2, len(game.players))),
        )  # fmt: skip
        pure_paths_back(shape.nodes, shape.owner, game.payoffs, game.chance, game.scale, cells, found)
        if room == most or count.max(initial=0) <= room:
            break
        room = min(most, int(count.max()) if count.max() > room + 1 else 8 * room)
    count[~game.finite] = 0
    thin = (thin | exact) & game.finite
    exactly(game, np.flatnonzero(thin), (choices, count, bounds), most)
    K = int(min(count.max(initial=0), room))
    there = np.arange(K) < count[:, np.newaxis]
    strategy = np.where(
        there[..., np.newaxis, np.newaxis], 0.0, np.full((*there.shape, *game.mask.shape), np.nan)
    )
    cell, place = np.nonzero(there)
    strategy[
        cell[:, np.newaxis], place[:, np.newaxis], np.arange(len(shape.agents)), choices[cell, place]
    ] = 1.0
    belief = np.where(there[..., np.newaxis], 1.0, np.full((*there.shape, len(shape.decisions)), np.nan))
    status = np.where(count > room, Status.max_steps, np.where(count > 0, Status.ok, Status.not_found))
    bounds[count == 0] = np.nan
    extra = {
        "belief": belief,
        "belief_low": belief,
        "belief_high": belief,
        "payoff_low": bounds[:, 0],
        "payoff_high": bounds[:, 1],
    }
    if exact:
        extra["rational"] = pure_fractions(strategy)
    return Claim(strategy, status.astype(np.int8), count == 1, count > 1, extra=extra)


def exactly(game: Tree, cells: Integers, found: tuple[NDArray[Any], Integers, Floats], most: int) -> None:
    """Choices, counts and ranges of the chosen cells once more, in fractions.

    ``found`` are ``choices (C, K, H)``, ``count (C,)``, ``bounds (C, 2, n)``.  Ties of floats that are none only make
    equilibria fewer, so that there is room; more than there is room for are counted as one more.
    """
    choices, count, bounds = found
    if not cells.size:
        return
    payoffs, chance = game.rational(cells), game.rational_chance(cells)
    for place, c in enumerate(cells.tolist()):
        answers = list(
            islice(paths_back(game.shape, payoffs[place], chance[place]), min(most, choices.shape[1]) + 1)
        )
        count[c] = len(answers)
        for k, (chosen, _) in enumerate(answers[: choices.shape[1]]):
            choices[c, k] = chosen
        values = np.array([[float(x) for x in worth] for _, worth in answers])
        bounds[c] = values.min(axis=0), values.max(axis=0)


def paths_back(
    shape: Shape, payoffs: NDArray[Any], chance: NDArray[Any]
) -> Iterator[tuple[list[int], list[Fraction]]]:
    """Each pure subgame-perfect equilibrium of one cell in fractions: the action of each agent, what each player gets."""
    below = [shape.children(v).tolist() for v in range(len(shape.parent))]
    value: list[list[Fraction]] = [[] for _ in below]
    best: dict[int, list[int]] = {}
    open_nodes: list[int] = []  # those with choices left, the last to be decided on top
    ends = {v: z for z, v in enumerate(shape.ends.tolist())}
    start = len(below) - 1
    while True:
        for v in range(start, -1, -1):
            h = int(shape.agent[v])
            if h == END:
                value[v] = list(payoffs[:, ends[v]])
            elif h == CHANCE:
                ways = [(chance[shape.edge[w]], value[w]) for w in below[v]]
                value[v] = [
                    sum((share * worth[i] for share, worth in ways), Fraction(0)) for i in range(len(payoffs))
                ]
            else:
                i = int(shape.owner[h])
                if v in open_nodes:
                    best[v].pop(0)
                    if len(best[v]) == 1:
                        open_nodes.remove(v)
                else:
                    most = max(value[w][i] for w in below[v])
                    best[v] = [w for w in below[v] if value[w][i] == most]
                    if len(best[v]) > 1:
                        open_nodes.append(v)
                value[v] = value[best[v][0]]
        chosen = [0] * len(shape.agents)
        for v, kept in best.items():
            chosen[int(shape.agent[v])] = int(shape.edge[kept[0]])
        yield chosen, value[0]
        if not open_nodes:
            return
        start = open_nodes[-1]
