"""The reference: nashpy's vertex enumeration, cell by cell."""

from __future__ import annotations

import warnings

import numpy as np

from sim.claim import Claim, Status
from sim.forms.normal import NormalForm
from sim.kernels.base.tolerances import SAME_FOREIGN
from sim.plugins import solver


@solver(form=NormalForm, concept="nash", players=2, rank=90, name="nashpy")
def vertices_by_nashpy(game: NormalForm) -> Claim:
    """What nashpy's ``vertex_enumeration`` finds, slowly: the reference to compare with.

    ``NormalForm -> strategy (C, K, 2, A)``.
    Complete on nondegenerate games, by experience; ``complete`` is False, since it cannot tell.
    Cost: about 20 milliseconds a cell at 3 x 3.
    Fails with ``not_found`` where nashpy returns nothing or raises an error.
    Source: Knight and Campbell (2018).
    """
    import nashpy

    shape = game.payoffs.shape[2:]
    found: list[list[np.ndarray]] = []
    for payoffs, finite in zip(game.payoffs, game.finite, strict=True):
        equilibria: list[np.ndarray] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                pairs = list(nashpy.Game(*payoffs).vertex_enumeration()) if finite else []
            except (TypeError, ValueError, RuntimeError, np.linalg.LinAlgError):
                pairs = []
        for pair in pairs:
            profile = np.zeros((2, max(shape)))
            for player, size in enumerate(shape):
                clean = np.where(np.abs(pair[player]) < SAME_FOREIGN, 0.0, pair[player])
                profile[player, :size] = clean / clean.sum()
            if all(np.abs(profile - other).max() > SAME_FOREIGN for other in equilibria):
                equilibria.append(profile)
        found.append(equilibria)
    strategy = np.full((game.cells, max(map(len, found), default=0), 2, max(shape)), np.nan)
    for cell, equilibria in enumerate(found):
        for place, profile in enumerate(equilibria):
            strategy[cell, place] = profile
    some = np.array([len(equilibria) > 0 for equilibria in found], dtype=bool)
    status = np.where(some, Status.ok, Status.not_found)
    return Claim(strategy, status)
