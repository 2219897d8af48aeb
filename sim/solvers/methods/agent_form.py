"""Trees whose agents are players of their own: equilibria where what everybody believes follows from play.

Steps that lead to every node of a set, taken by the same agents in the same sets, say nothing of where in it play is: in
Bayes' rule they cancel.  Where the others lead to some node of it whatever anybody does, trembles leave one belief
alone, off the path as on it, and that is the one here.  Then a sequential equilibrium (Kreps and Wilson 1982) is play
of which no agent gains by another action, weighed by those steps, and those are polynomials in what agents do.
"""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claim import Claim, Status
from sim.forms.normal import NormalForm
from sim.forms.tree import Tree
from sim.game import Floats
from sim.game.tree_shape import CHANCE, END
from sim.kernels.base.joint_actions import unit_payoffs
from sim.kernels.one_shot.isolated import NOT_SEARCHED, isolated_equilibria
from sim.solvers.methods.wide import sifted

__all__ = ["beliefs_follow", "by_supports", "few_supports", "surely_met", "with_beliefs"]

MOST_SUPPORTS = 250  # of all agents together: five with two actions have 243
MAX_BOXES = 1_000  # on each support

Steps = frozenset[tuple[int, int]]


def few_supports(game: Tree) -> bool | str:
    """Whether all supports of all agents can be searched; if not, why."""
    supports = math.prod(2 ** int(size) - 1 for size in game.shape.sizes)
    if supports > MOST_SUPPORTS:
        return f"its agents have {supports} supports; at most {MOST_SUPPORTS} are searched"
    return True


def surely_met(game: Tree) -> NDArray[np.bool_]:
    """The agents to whom play comes by some draws of chance whatever anybody does, in every cell, ``(H,)``."""
    return np.array([met(game, h, frozenset()) for h in range(len(game.agents))], dtype=np.bool_)


def beliefs_follow(game: Tree) -> NDArray[np.bool_]:
    """The agents to whom play comes so once the steps are taken that lead to all of their nodes, ``(H,)``."""
    return np.array([met(game, h, taken) for h, taken in enumerate(common_steps(game))], dtype=np.bool_)


def met(game: Tree, agent: int, taken: Steps) -> bool:
    """Whether play comes to an agent by some draws of chance, whatever others do who have not taken these steps."""
    shape = game.shape
    opened: NDArray[np.bool_] = np.asarray((game.chance > 0).all(axis=0))
    step = dict(taken)
    comes = np.zeros(len(shape.parent), np.bool_)
    for v in range(len(comes) - 1, -1, -1):
        below, h = shape.children(v), int(shape.agent[v])
        if h == agent:
            comes[v] = True
        elif h == CHANCE:
            comes[v] = comes[below[opened[shape.edge[below]]]].any()
        elif h in step:
            comes[v] = comes[below[shape.edge[below] == step[h]]].any()
        elif h != END:
            comes[v] = comes[below].all()
    return bool(comes[0])


def common_steps(game: Tree) -> list[Steps]:
    """The steps, ``(agent, action)``, that lead to every node of each agent."""
    shape = game.shape
    before: list[Steps] = [frozenset()]
    for v in range(1, len(shape.parent)):
        above = int(shape.parent[v])
        h = int(shape.agent[above])
        before.append(before[above] | {(h, int(shape.edge[v]))} if h >= 0 else before[above])
    return [frozenset.intersection(*(before[v] for v in shape.members(h))) for h in range(len(shape.agents))]


def weights(game: Tree, strategy: Floats) -> Floats:
    """How likely each node of each agent is once the steps are taken that lead to all of them, ``(C, N)``."""
    shape = game.shape
    result = np.zeros((game.cells, len(shape.parent)))
    steps = common_steps(game)
    for taken in dict.fromkeys(steps):
        play = strategy.copy()
        for h, action in taken:
            play[:, h, action] = 1.0
        reach = game.reach(play)
        for h, own in enumerate(steps):
            if own == taken:
                nodes = list(shape.members(h))
                result[:, nodes] = reach[:, nodes]
    return result


def by_supports(game: Tree) -> Claim:
    """Equilibria of the agents as players of their own, where beliefs follow from play."""
    finite, undecided = np.flatnonzero(game.finite), np.zeros(game.cells, np.int64)
    if not finite.size:
        nothing = np.empty((game.cells, 0, *game.mask.shape))
        status = np.full(game.cells, Status.not_found, np.int8)
        return Claim(nothing, status, extra={"undecided": undecided})
    agents = agent_form(game.take(finite))
    found = isolated_equilibria(
        unit_payoffs(agents.payoffs, agents.scale), agents.payoffs.shape[2:], MAX_BOXES
    )
    play, kept = sifted(agents, found.strategy, found.count)
    strategy = np.full((game.cells, *play.shape[1:]), np.nan)
    strategy[finite] = play
    status = np.full(game.cells, Status.not_found, np.int8)
    given_up = np.where(found.undecided == NOT_SEARCHED, Status.max_steps, Status.not_found)
    status[finite] = np.where(kept > 0, Status.ok, given_up)
    complete, degenerate = np.zeros((2, game.cells), np.bool_)
    complete[finite] = found.complete & (kept >= found.count)
    degenerate[finite] = found.degenerate
    undecided[finite] = found.undecided
    return Claim(strategy, status, complete, degenerate, extra={"undecided": undecided})


def agent_form(game: Tree) -> NormalForm:
    """Each agent as a player, who gets what his player gets after his own nodes (Selten 1975), weighed as they follow."""
    shape, sizes = game.shape, tuple(game.shape.sizes.tolist())
    table = np.zeros((game.cells, len(sizes), *sizes))
    for joint in product(*map(range, sizes)):
        play = np.zeros((game.cells, *game.mask.shape))
        play[:, np.arange(len(sizes)), list(joint)] = 1.0
        weight = weights(game, play)[:, shape.decisions]
        value = game.node_values(play)[:, shape.owner[shape.agent[shape.decisions]], shape.decisions]
        place: Any = (slice(None), slice(None), *joint)
        gets = np.where(weight > 0, weight * value, 0.0)
        table[place] = np.add.reduceat(gets, shape.first[:-1], axis=1)
    return NormalForm(table, [agent.label for agent in game.agents], cells=True)


def with_beliefs(game: Tree, claim: Claim, undecided: NDArray[np.int64]) -> Claim:
    """What is claimed of play, with the beliefs that follow from it."""
    cell, place = np.nonzero(~np.isnan(claim.strategy[..., 0, 0]))
    belief = np.full((*claim.strategy.shape[:2], len(game.shape.decisions)), np.nan)
    belief[cell, place] = game.bayes(weights(game.take(cell), claim.strategy[cell, place]))
    extra = {"belief": belief, "belief_low": belief, "belief_high": belief, "undecided": undecided}
    extra |= {name: array for name, array in claim.extra.items() if name == "rational"}
    return Claim(
        claim.strategy, claim.status, claim.complete, claim.degenerate, extra=extra, exact=claim.exact
    )
