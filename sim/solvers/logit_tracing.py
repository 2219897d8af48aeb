"""One equilibrium for any number of players: the end of the path of logit equilibria."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.answers import Answer
from sim.answers.shared import REACHED, STOPPED
from sim.claim import Claim, Status
from sim.forms.normal import NormalForm
from sim.kernels.base.joint_actions import unit_payoffs
from sim.kernels.one_shot.logit import LOST
from sim.kernels.one_shot.tracing import trace_with_tilts
from sim.plugins import solver

PATH_END = Answer(
    "path_end", "play where the path of logit play ended", "probability", ("agent", "action"),
    level="full", tell=None, numbered=True,
)  # fmt: skip
ATTEMPT = Answer("attempt", "which start led to the equilibrium (0: play at random)", dtype="int8", tell=None)


@solver(form=NormalForm, concept="nash", answers=(REACHED, STOPPED, PATH_END, ATTEMPT), rank=50)
def logit_tracing(game: NormalForm, *, max_steps: int = 2000) -> Claim:
    """One equilibrium, mixed or pure: where play goes as precision grows from random to perfect.

    ``NormalForm -> strategy (C, 1, n, A)``.  ``extra["reached"] (C,)``: the precision, in units of each
    player's range of payoffs, at which the path ended; ``extra["stopped"]`` why: 0 at an equilibrium, 1 out
    of steps, 2 lost, where its steps shrank to nothing; ``extra["path_end"] (C, n, A)`` play there;
    ``extra["attempt"]``: 0 for the path from the centroid, else the number of the tilted start that
    succeeded after the centroid's path met a bifurcation.
    Where play is near an equilibrium on the actions still played, Newton's method on indifference ends it.
    Not complete: one equilibrium, which in symmetric 2 x 2 coordination games is the risk-dominant one.
    Cost: some 50 steps, 0.2 milliseconds a cell at 3 x 3 x 3.
    Fails with ``max_steps`` or ``not_found`` as ``stopped`` says.
    Source: McKelvey and Palfrey (1995); tracing, Turocy (2005).
    """
    traced = trace_with_tilts(
        unit_payoffs(game.payoffs, game.scale), game.finite, game.payoffs.shape[2:], max_steps
    )
    status = np.where(traced.stopped == LOST, Status.not_found, Status.max_steps)
    status = np.where(traced.solved, Status.ok, status)
    extra: dict[str, NDArray[Any]] = {
        "reached": traced.reached,
        "stopped": traced.stopped.astype(np.int8),
        "path_end": traced.end,
        "attempt": traced.attempt,
    }
    return Claim(traced.strategy[:, np.newaxis], status, extra=extra)
