"""What an iterative method finds in games whose payoffs differ too much in size for its tolerances."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.forms.normal import NormalForm
from sim.game import Floats
from sim.kernels.base.joint_actions import pure_equilibria
from sim.kernels.base.tolerances import CERTIFIED
from sim.kernels.one_shot.exact_incentives import too_wide

__all__ = ["sifted"]


def sifted(game: NormalForm, strategy: Floats, count: NDArray[np.int64]) -> tuple[Floats, NDArray[np.int64]]:
    """Equilibria as they are in units of what they put at stake: ``strategy (C, K, n, A)``, ``count (C,)``.

    Where some incentive is lost beside the range of payoffs, pure equilibria are found by comparing payoffs, and
    of the mixed ones those that hold are kept.  A cell that loses one has fewer of them than before.
    """
    sizes = game.payoffs.shape[2:]
    finite = np.where(
        game.finite[:, np.newaxis, np.newaxis], game.payoffs.reshape(*game.scale.shape, -1), 0.0
    )
    wide = np.nonzero(too_wide(finite, sizes) & game.finite)[0]
    if not wide.size:
        return strategy, count
    chosen, claims = game.take(wide), strategy[wide]
    place = np.nonzero(~np.isnan(claims[..., 0, 0]))
    mixed = np.zeros(claims.shape[:2], np.bool_)
    if place[0].size:
        holds = chosen.take(place[0]).gains_at_stake(claims[place]) <= CERTIFIED
        mixed[place] = holds & ((claims[place] > 0).sum(axis=-1) > 1).any(axis=-1)
    pure, number = pure_equilibria(chosen.payoffs, chosen.finite, rounded=game.computed)
    every = np.concatenate([pure, np.where(mixed[..., np.newaxis, np.newaxis], claims, np.nan)], axis=1)
    order = np.argsort(np.isnan(every[..., 0, 0]), axis=1, kind="stable")
    every = np.take_along_axis(every, order[..., np.newaxis, np.newaxis], axis=1)
    counts = count.copy()
    counts[wide] = number + mixed.sum(axis=1)
    result = np.full((game.cells, max(strategy.shape[1], int(counts.max())), *strategy.shape[2:]), np.nan)
    result[:, : strategy.shape[1]] = strategy
    every = every[:, : result.shape[1]]
    result[wide] = np.nan
    result[wide, : every.shape[1]] = every
    return result[:, : int(counts.max(initial=0))], counts
