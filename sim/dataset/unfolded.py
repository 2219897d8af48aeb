"""A tree with what one answer says of it as a dataset, for pictures: a row for each node."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import xarray

from sim.forms.tree import Tree
from sim.game.tree_shape import CHANCE, END
from sim.solution import Solution

__all__ = ["unfolded"]


def unfolded(
    solution: Solution, assessment: Mapping[str, Any], attrs: Mapping[str, str], number: int = 0
) -> xarray.Dataset:
    """One answer to the first cell of a tree, node by node in the order of play: ``node``, ``player``.

    ``parent (node)`` is -1 at the root; ``way`` what happens between the two, ``probability`` how likely that is there,
    ``reach`` how likely play comes to the node at all; ``mover`` the agent, "chance", or nothing where play ends;
    ``side`` the number of his player, -1 for others; ``belief_low`` and ``belief_high`` bound what the mover may
    believe of being there, NaN where he knows or nobody moves; ``payoff (node, player)`` NaN but at ends; ``outcome``.
    ``assessment`` are beliefs as :meth:`sim.forms.tree.Tree.assessment` gives them.

    Raises ValueError for games that are no trees.
    """
    if ".efg" not in solution.game.exports:
        raise ValueError(f"only trees are drawn so, and this is a {solution.game.form} game")
    game = cast("Tree", solution.game).take([0])
    shape, strategy = game.shape, solution.strategy[0, number]
    nodes = len(shape.parent)
    probability, reach = np.ones(nodes), game.reach(strategy[np.newaxis])[0]
    for v in range(1, nodes):
        h = int(shape.agent[shape.parent[v]])
        probability[v] = game.chance[0, shape.edge[v]] if h == CHANCE else strategy[h, shape.edge[v]]
    low, high = np.full((2, nodes), np.nan)
    beliefs = assessment.get("beliefs", {})
    for v, hidden in zip(shape.decisions.tolist(), shape.hidden, strict=True):
        bounds = beliefs.get(game.agents[shape.agent[v]].label, {}).get(hidden)
        if bounds is not None:
            low[v], high[v] = bounds
    payoff = np.full((nodes, len(game.players)), np.nan)
    payoff[shape.ends] = game.payoffs[0].T
    outcome = np.full(nodes, "", dtype=object)
    outcome[shape.ends] = [game.outcomes.names[k] for k in game.outcomes.of]
    movers = ["" if h == END else "chance" if h == CHANCE else game.agents[h].label for h in shape.agent]
    sides = [game.agents[h].player if h >= 0 else -1 for h in shape.agent]
    ways = [", ".join(label for _, label in events) for events in shape.events]
    variables = {
        "parent": ("node", shape.parent, {"long_name": "the node before"}),
        "way": ("node", np.array(ways, dtype=str), {"long_name": "what happens between the two"}),
        "probability": ("node", probability, {"long_name": "how likely that is there"}),
        "reach": ("node", reach, {"long_name": "how likely play comes here"}),
        "mover": ("node", np.array(movers, dtype=str), {"long_name": "who moves, knowing what"}),
        "side": ("node", np.array(sides, dtype=np.int64), {"long_name": "number of the player who moves"}),
        "belief_low": ("node", low, {"long_name": "least belief of the mover in being here"}),
        "belief_high": ("node", high, {"long_name": "greatest belief of the mover in being here"}),
        "payoff": (("node", "player"), payoff, {"long_name": "payoff", "units": "utility"}),
        "outcome": ("node", outcome.astype(str), {"long_name": "outcome"}),
    }
    coords = {"node": np.arange(nodes), "player": list(game.players)}
    return xarray.Dataset(variables, coords, dict(attrs))
