"""How patient players must be for each outcome to last, whatever patience they have."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.claim import Claim, Status
from sim.forms.normal import NormalForm
from sim.forms.repeated import Repeated
from sim.game import Floats
from sim.kernels.base.threads import over_blocks
from sim.kernels.base.tolerances import MEET
from sim.kernels.repeated.critical_discount import critical_discounts
from sim.plugins import solver

BLOCK = 256  # cells a thread takes at a time
MAX_STEPS = 200_000


@solver(form=Repeated, concept="subgame_perfect", players=2, rank=60)
def critical_patience(game: Repeated, *, max_steps: int = MAX_STEPS) -> Claim:
    """The least common discount at which each outcome can last, under optimal penal codes.

    ``Repeated -> extra["critical_discount"] (C, outcome)``: the least at which some joint action of the
    outcome can be played for ever, and so at every higher one; NaN where none below 1 is enough.  The
    discounts of the game play no part.  No strategies are claimed.
    Complete: proved from both sides to 1e-9.
    Cost: about 0.4 ms a cell for all joint actions of a 3 x 3 game.
    Fails with ``max_steps`` where the bounds did not meet.
    Source: Abreu (1988); Abreu, Pearce and Stacchetti (1990), theorem 6.
    """
    lower, upper = (
        bound.reshape(game.cells, -1) for bound in critical_bounds(game.stage, max_steps=max_steps)
    )
    of = game.outcomes.of.ravel()
    least = np.full((game.cells, len(game.outcomes.names)), np.nan)
    for outcome in range(least.shape[1]):
        if (of == outcome).any():
            least[:, outcome] = np.fmin.reduce(upper[:, of == outcome], axis=1)
    with np.errstate(invalid="ignore"):
        open_cells = (upper - lower > MEET).any(axis=1)
    status = np.where(open_cells, Status.max_steps, Status.ok)
    status = np.where(game.stage.finite, status, Status.nonfinite).astype(np.int8)
    no = np.zeros(game.cells, np.bool_)
    strategy = np.empty((game.cells, 0, *game.mask.shape))
    return Claim(strategy, status, status == Status.ok, no, extra={"critical_discount": least})


def critical_bounds(
    stage: NormalForm,
    *,
    wanted: NDArray[np.bool_] | None = None,
    once: bool = False,
    max_steps: int = MAX_STEPS,
) -> tuple[Floats, Floats]:
    """Proved bounds of the critical discount under optimal penal codes, two arrays ``(C, A1, A2)``.

    At the upper bound (and above) the joint action is sustained, below the lower one it is not.  They agree
    to 2e-11, or to 1e-9 where a payoff set appears as slowly as can be, a fold; where payoff sets were still
    shrinking after ``max_steps`` they are left apart.  With ``once`` the question is whether any equilibrium
    ever plays the joint action, not whether it can be played for ever; there two in a hundred are folds.
    Cost: about 0.4 ms a cell for all joint actions of a 3 x 3 game, 7 ms with ``once``.
    """
    if len(stage.players) != 2:
        raise ValueError(
            f"optimal penal codes are computed for two players, not {len(stage.players)}; use 'grim', "
            "'nash_reversion' or threats of your own"
        )
    shape = stage.payoffs.shape[2:]
    asked = np.ones((1, shape[0] * shape[1]), np.bool_)
    if wanted is not None:
        asked = np.ascontiguousarray(wanted.reshape(-1, shape[0] * shape[1]))
    payoffs, finite = np.array(stage.payoffs), stage.finite
    lower, upper = np.empty((stage.cells, asked.shape[1])), np.empty((stage.cells, asked.shape[1]))

    def work(first: int, last: int) -> None:
        part = slice(first, last)
        own = asked if len(asked) == 1 else asked[part]
        critical_discounts(payoffs[part], finite[part], own, once, max_steps, lower[part], upper[part])

    over_blocks(work, stage.cells, BLOCK)
    return lower.reshape(-1, *shape), upper.reshape(-1, *shape)
