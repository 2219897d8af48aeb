"""Estimates from independent replicates, with intervals of honest coverage."""

from __future__ import annotations

import numpy as np

from sim.game import Floats

__all__ = ["CONFIDENCE", "ESTIMATE", "jackknife", "ratio_estimate", "share_estimate"]

CONFIDENCE = 0.95
ESTIMATE = ("value", "low", "high")


def student(replicates: int) -> float:
    """How many standard errors an interval reaches to either side."""
    from scipy.special import stdtrit

    return float(stdtrit(replicates - 1, 0.5 + CONFIDENCE / 2))


def ratio_estimate(above: Floats, below: Floats) -> Floats:
    """A ratio of two means over replicates, ``(R, ..), (R, ..) -> (.., 3)``: value, low, high; NaN where 0 / 0.

    The error of a ratio is that of its residuals (Cochran 1977, chapter 6), with Student's t.  With one replicate
    nobody knows the interval.
    """
    replicates = len(above)
    size = below.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = above.mean(axis=0) / size
        residual = (above - value * below) / size
    value = np.where(size > 0, value, np.nan)
    if replicates < 2:
        return np.stack([value, *2 * [np.full(np.shape(value), np.nan)]], axis=-1)
    reach = student(replicates) * residual.std(axis=0, ddof=1) / np.sqrt(replicates)
    return np.stack([value, value - reach, value + reach], axis=-1)


def share_estimate(holding: Floats, cells: Floats) -> Floats:
    """Shares of cells, ``(R, O), (R,) -> (O, 3)``, within 0 and 1.

    Of what was in no cell, or in every one, the interval reaches as far as so many cells can tell.
    """
    found = ratio_estimate(holding, np.broadcast_to(cells[:, np.newaxis], holding.shape).astype(np.float64))
    total = float(cells.sum())
    if len(cells) > 1 and total:
        unseen = 1 - (1 - CONFIDENCE) ** (1 / total)
        found[found[:, 0] == 0, 2] = unseen
        found[found[:, 0] == 1, 1] = 1 - unseen
    return np.clip(found, 0.0, 1.0)


def jackknife(whole: Floats, without: Floats) -> Floats:
    """A number with an interval from the same number without each replicate, ``(..), (R, ..) -> (.., 3)``.

    Source: Tukey (1958).
    """
    replicates = len(without)
    if replicates < 2:
        return np.stack([whole, *2 * [np.full(np.shape(whole), np.nan)]], axis=-1)
    spread = (replicates - 1) / replicates * ((without - without.mean(axis=0)) ** 2).sum(axis=0)
    reach = student(replicates) * np.sqrt(spread)
    return np.stack([whole, whole - reach, whole + reach], axis=-1)
