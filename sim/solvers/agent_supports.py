"""All sequential equilibria of trees in which play comes to every information set, whatever anybody does.

Bayesian games are such trees, while no type has probability 0.  Nothing is off the path in them, so that Nash
equilibria are sequential, and beliefs are those of Bayes' rule.
"""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.answers.shared import BELIEF, BELIEF_HIGH, BELIEF_LOW, RATIONAL, UNDECIDED
from sim.claim import Claim, Status
from sim.forms.normal import NormalForm
from sim.forms.tree import Tree
from sim.game.tree_shape import CHANCE, END
from sim.kernels.base.joint_actions import unit_payoffs
from sim.kernels.one_shot.isolated import NOT_SEARCHED, isolated_equilibria
from sim.plugins import solver
from sim.solvers.methods.realisation_plans import extreme_claim, few_plans
from sim.solvers.methods.wide import sifted

__all__ = ["agent_supports"]

MOST_SUPPORTS = 250  # of all agents together: five with two actions have 243
MAX_BOXES = 1_000  # on each support


def nothing_off_the_path(game: Tree) -> bool | str:
    """Whether play comes to every set whatever is done, and all equilibria can be listed; if not, why."""
    supports = math.prod(2 ** int(size) - 1 for size in game.shape.sizes)
    if supports > MOST_SUPPORTS and not (len(game.players) == 2 and few_plans(game) is True):
        return f"its agents have {supports} supports; at most {MOST_SUPPORTS} are searched"
    missed = np.flatnonzero(~surely_met(game))
    return f"play may never come to {game.agents[missed[0]].label}" if missed.size else True


def surely_met(game: Tree) -> NDArray[np.bool_]:
    """The agents to whom play comes by some draws of chance whatever anybody does, in every cell, ``(H,)``."""
    shape = game.shape
    opened: NDArray[np.bool_] = np.asarray((game.chance > 0).all(axis=0))
    met = np.zeros((len(shape.parent), len(shape.agents)), np.bool_)
    for v in range(len(met) - 1, -1, -1):
        below, h = shape.children(v), int(shape.agent[v])
        if h == CHANCE:
            met[v] = met[below[opened[shape.edge[below]]]].any(axis=0)
        elif h != END:
            met[v] = met[below].all(axis=0)
            met[v, h] = True
    return np.asarray(met[0])


@solver(
    form=Tree,
    concept="sequential",
    answers=(BELIEF, BELIEF_LOW, BELIEF_HIGH, UNDECIDED, RATIONAL),
    rank=40,
    exact=True,
    also=("perfect_bayesian", "subgame_perfect"),
    fits=nothing_off_the_path,
)
def agent_supports(game: Tree, *, exact: bool = False) -> Claim:
    """All sequential equilibria where nothing is off the path: of two players exactly, of more by supports of agents.

    ``Tree -> strategy (C, K, H, A)``, ``belief (C, K, D)``; ``undecided (C,)`` counts boxes of strategies about which
    nothing could be proved, none of them for two players.  With ``exact``, of two players, also ``rational``.
    Complete: for two players, with every continuum by its ends; for more where nothing is undecided.
    Cost: that of ``sequence_form`` for two players, of ``polynomial_supports`` for more.
    Fails with ``max_steps`` as those do, with ``not_found`` where everything stays undecided; ValueError where some set
    may not be reached, there are more than 250 supports of agents, or fractions are asked for of more players.
    Source: Harsanyi (1967); supports, Dickhaut and Kaplan (1991).
    """
    if len(game.players) == 2 and few_plans(game) is True:
        claim = extreme_claim(game, exact=exact)
        undecided = np.zeros(game.cells, np.int64)
    elif exact:
        raise ValueError(
            f"{len(game.players)} players mix by roots of polynomials, which are no fractions: leave exact out, or ask for "
            "the solver 'pure_assessments', which lists pure equilibria in fractions"
        )
    else:
        claim = by_supports(game)
        undecided = claim.extra["undecided"]
    cell, place = np.nonzero(~np.isnan(claim.strategy[..., 0, 0]))
    belief = np.full((*claim.strategy.shape[:2], len(game.shape.decisions)), np.nan)
    belief[cell, place] = game.bayes(game.take(cell).reach(claim.strategy[cell, place]))
    extra = {"belief": belief, "belief_low": belief, "belief_high": belief, "undecided": undecided}
    extra |= {name: array for name, array in claim.extra.items() if name == "rational"}
    return Claim(
        claim.strategy, claim.status, claim.complete, claim.degenerate, extra=extra, exact=claim.exact
    )


def by_supports(game: Tree) -> Claim:
    """Equilibria of the agents as players of their own, which are those of the game since each moves once."""
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
    """Each agent as a player, who gets what his player gets after his own nodes (Selten 1975)."""
    shape, sizes = game.shape, tuple(game.shape.sizes.tolist())
    table = np.zeros((game.cells, len(sizes), *sizes))
    after = below(game)
    for joint in product(*map(range, sizes)):
        play = np.zeros((game.cells, *game.mask.shape))
        play[:, np.arange(len(sizes)), list(joint)] = 1.0
        reach = game.reach(play)[:, np.newaxis, shape.ends]
        place: Any = (slice(None), slice(None), *joint)
        gets = np.where(reach > 0, reach * game.payoffs, 0.0)
        table[place] = (gets[:, shape.owner] * after).sum(axis=2)
    return NormalForm(table, [agent.label for agent in game.agents], cells=True)


def below(game: Tree) -> NDArray[np.bool_]:
    """The ends that follow on a node of each agent, ``(H, Z)``."""
    shape = game.shape
    result = np.zeros((len(shape.agents), len(shape.parent)), np.bool_)
    for v in range(1, len(shape.parent)):
        above = int(shape.parent[v])
        result[:, v] = result[:, above]
        if shape.agent[above] >= 0:
            result[shape.agent[above], v] = True
    return result[:, shape.ends]
