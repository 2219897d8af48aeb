"""Pure equilibria by looking at every joint action."""

from __future__ import annotations

import numpy as np

from sim.claim import Claim, Status
from sim.forms.normal import NormalForm
from sim.kernels.base.joint_actions import pure_equilibria
from sim.plugins import solver


@solver(form=NormalForm, concept="nash", rank=60)
def pure(game: NormalForm) -> Claim:
    """All equilibria in pure strategies, for any number of players.

    ``NormalForm -> strategy (C, K, n, A)`` of zeros and ones.
    Complete for pure equilibria; ``complete`` is False, since mixed ones are not looked for.
    Cost: every joint action once for each player.
    Fails with ``not_found`` where no pure equilibrium exists.
    Source: Nash (1951); the definition itself.
    """
    strategy, count = pure_equilibria(game.payoffs, game.finite, rounded=game.computed)
    status = np.where(count > 0, Status.ok, Status.not_found)
    return Claim(strategy, status)
