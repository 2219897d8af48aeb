"""All extreme equilibria in exact arithmetic, by the vertices of the best-reply polyhedra."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.answers.shared import RATIONAL
from sim.claim import Claim, Status
from sim.forms.normal import NormalForm
from sim.kernels.bimatrix.exact import decide
from sim.plugins import solver


@solver(form=NormalForm, concept="nash", answers=(RATIONAL,), players=2, rank=20, exact=True)
def vertex_enumeration(game: NormalForm, *, exact: bool = False) -> Claim:
    """All extreme equilibria of two-player games, in exact arithmetic.

    ``NormalForm -> strategy (C, K, 2, A)``; with ``exact`` also ``extra["rational"]``, the same as fractions.
    Complete for every game with at most 62 actions in all and 2**18 rays while enumerating (all of 12 x 12).
    Cost: about 1 microsecond a cell at 3 x 3 with short decimals, Python integers beyond 64 bits.
    Fails with ``max_steps`` where there are more vertices than that.
    Source: Avis, Rosenberg, Savani and von Stengel (2010), EEE; here by double description.
    """
    finite = np.nonzero(game.finite)[0]
    chosen = game.take(finite)
    decided = decide(chosen.payoffs, chosen.rational, decimals=not game.computed, fractions=exact)
    strategy = np.full((game.cells, *decided.strategy.shape[1:]), np.nan)
    strategy[finite] = decided.strategy
    status = np.full(game.cells, Status.ok, dtype=np.int8)
    status[finite] = np.where(decided.complete, Status.ok, Status.max_steps)
    complete, degenerate = np.zeros((2, game.cells), dtype=bool)
    complete[finite], degenerate[finite] = decided.complete, decided.degenerate
    extra: dict[str, Any] = {}
    if decided.rational is not None:
        extra["rational"] = np.full(strategy.shape, None, dtype=object)
        extra["rational"][finite] = decided.rational
    return Claim(strategy, status, complete, degenerate, extra=extra, exact=game.finite)
