"""How patient players must be for each outcome to last, whatever patience they have."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.answers import Answer
from sim.answers.telling import patience_by_outcome
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
CRITICAL_DISCOUNT = Answer(
    "critical_discount",
    "least common patience to keep up",
    "weight of next round",
    ("outcome",),
    tell=patience_by_outcome,
)
CRITICAL_BOUNDS = Answer(
    "critical_bounds",
    "common patience below which and from which on it can be kept up",
    "weight of next round",
    ("bound", "joint_action"),
    level="full",
    tell=None,
    numbered=True,
    always=False,
)


@solver(
    form=Repeated, concept="subgame_perfect", answers=(CRITICAL_DISCOUNT, CRITICAL_BOUNDS), players=2, rank=60
)
def critical_patience(
    game: Repeated,
    *,
    wanted: NDArray[np.bool_] | None = None,
    once: bool = False,
    max_steps: int = MAX_STEPS,
) -> Claim:
    """The least common discount at which each outcome can last, under optimal penal codes.

    ``Repeated -> extra["critical_discount"] (C, outcome)``: the least at which some joint action of the
    outcome can be played for ever, and so at every higher one; NaN where none below 1 is enough.  The
    discounts of the game play no part.  No strategies are claimed.
    With ``wanted (C or 1, A1, A2)``, the joint actions that are looked at, also ``extra["critical_bounds"]
    (C, 2, A1, A2)``: below the first of the two the joint action does not last, from the second on it does.
    ``once`` asks from where on it is played at some time on some path, not for ever.
    Complete: where the bounds met, to 1e-9 in floating point.  For many cells neither side is looked at anew:
    :func:`sim.patience.both_sides` certifies, for chosen ones, that it lasts just above and not just below.
    Cost: about 0.4 ms a cell for all joint actions of a 3 x 3 game.
    Fails with ``max_steps`` where the bounds did not meet.
    Source: Abreu (1988); Abreu, Pearce and Stacchetti (1990), theorem 6.
    """
    shape = game.payoffs.shape[2:]
    asked = np.ones((1, *shape), np.bool_) if wanted is None else wanted
    lower, upper = bounds_of(game.stage, asked, once, max_steps)
    of = game.outcomes.of.ravel()
    least = np.full((game.cells, len(game.outcomes.names)), np.nan)
    for outcome in range(least.shape[1]):
        if (of == outcome).any():
            least[:, outcome] = np.fmin.reduce(upper[:, of == outcome], axis=1)
    with np.errstate(invalid="ignore"):
        open_cells = (upper - lower > MEET).any(axis=1)
    status = np.where(open_cells, Status.max_steps, Status.ok)
    strategy = np.empty((game.cells, 0, *game.mask.shape))
    extra = {"critical_discount": least}
    if wanted is not None:
        extra["critical_bounds"] = np.stack([lower, upper], axis=1).reshape(game.cells, 2, *shape)
    return Claim(strategy, status, status == Status.ok, extra=extra)


def bounds_of(
    stage: NormalForm, wanted: NDArray[np.bool_], once: bool, max_steps: int
) -> tuple[Floats, Floats]:
    """Bounds of the critical discounts of the ``wanted (C or 1, A1, A2)`` joint actions, ``(C, A1 A2)`` each."""
    joints = stage.payoffs[0, 0].size
    asked = np.ascontiguousarray(wanted.reshape(-1, joints))
    payoffs, finite = np.array(stage.payoffs), stage.finite
    lower, upper = np.empty((stage.cells, joints)), np.empty((stage.cells, joints))

    def work(first: int, last: int) -> None:
        part = slice(first, last)
        own = asked if len(asked) == 1 else asked[part]
        critical_discounts(payoffs[part], finite[part], own, once, max_steps, lower[part], upper[part])

    over_blocks(work, stage.cells, BLOCK)
    return lower, upper
