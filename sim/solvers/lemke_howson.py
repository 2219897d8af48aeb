"""One equilibrium of any two-player game, however large, and all pure ones beside it."""

from __future__ import annotations

import numpy as np

from sim.claim import Claim, Status
from sim.forms.normal import NormalForm
from sim.plugins import solver
from sim.solvers.methods.some_equilibria import MORE, pure_and_one_more


@solver(form=NormalForm, concept="nash", players=2, rank=30, more=MORE)
def lemke_howson(game: NormalForm, *, max_pivots: int = 100_000) -> Claim:
    """All pure equilibria of a two-player game, and the one at which a path of labels ends.

    ``NormalForm -> strategy (C, K, 2, A)``; ``max_pivots`` is the length of a path after which the next is tried.
    Not complete: for games that are too large to list all equilibria of.
    Cost: mostly as many pivots as there are actions, each with every entry of a table; 1 millisecond at 30 x 30.
    Fails with ``max_steps`` where no path ends, which takes games made for it (Savani and von Stengel 2006).
    Source: Lemke and Howson (1964).
    """
    found = pure_and_one_more(game, max_pivots)
    status = np.where(found.count > 0, Status.ok, Status.max_steps)
    return Claim(found.strategy, status)
