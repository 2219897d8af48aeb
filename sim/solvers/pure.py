"""Pure equilibria by looking at every joint action."""

from __future__ import annotations

import numpy as np

from sim.forms.normal import NormalForm
from sim.plugins import solver
from sim.solution import Claim, Status

TIE = 1e-12  # in units of the player's range of payoffs: replies this near are equally good


@solver(form=NormalForm, concept="nash", rank=60)
def pure(game: NormalForm) -> Claim:
    """All equilibria in pure strategies, for any number of players.

    ``NormalForm -> strategy (C, K, n, A)`` of zeros and ones.
    Complete for pure equilibria; ``complete`` is False, since mixed ones are not looked for.
    Cost: every joint action once for each player.
    Fails with ``not_found`` where no pure equilibrium exists.
    Source: Nash (1951); the definition itself.
    """
    shape = game.payoffs.shape[2:]
    each = (-1,) + (1,) * len(shape)
    stable = np.broadcast_to(game.finite.reshape(each), (game.cells, *shape)).copy()
    for i in range(len(shape)):
        utility = np.where(game.finite.reshape(each), game.payoffs[:, i], 0.0)
        slack = TIE * game.scale[:, i].reshape(each)
        stable &= utility >= utility.max(axis=i + 1, keepdims=True) - slack
    cell, *joint_action = np.nonzero(stable)
    count = np.bincount(cell, minlength=game.cells)
    place = np.arange(cell.size) - np.repeat(np.cumsum(count) - count, count)
    strategy = np.full((game.cells, count.max(initial=0), len(shape), max(shape)), np.nan)
    strategy[cell, place] = 0.0
    for i, action in enumerate(joint_action):
        strategy[cell, place, i, action] = 1.0
    status = np.where(count > 0, Status.ok, Status.not_found)
    status = np.where(game.finite, status, Status.nonfinite).astype(np.int8)
    nothing = np.zeros(game.cells, dtype=bool)
    return Claim(strategy, status, nothing, nothing)
