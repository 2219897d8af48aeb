"""Paths that are enforced: what is done while everybody does as told, and whom a deviation sends where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.automata.automaton import Automaton
from sim.game import Floats

__all__ = ["Path", "enforced", "together"]


@dataclass(frozen=True, eq=False)
class Path:
    """States of a path: ``play (C, S, n, A)``, chances ``follow (C, S, S)`` of the next state on it.

    ``punish (C, n)`` is the state to which each deviator is sent; None where deviations change nothing.
    """

    names: Sequence[str]
    play: Floats
    follow: Floats
    punish: NDArray[np.int64] | None = None


def together(path: Path, punishments: Path, punish: NDArray[np.int64]) -> tuple[Path, NDArray[np.int64]]:
    """A path and the punishments of those who leave it as the states of one automaton.

    ``punish (C, n)`` are states of ``punishments``.  The path, and for each state ``(C, S, n)`` where
    deviators go: from a punishment to its own punishments, or nowhere (-1).
    """
    size, more = len(path.names), len(punishments.names)
    cells, n = len(punishments.play), path.play.shape[2]
    follow = np.zeros((cells, size + more, size + more))
    follow[:, :size, :size] = path.follow
    follow[:, size:, size:] = punishments.follow
    sent = np.full((cells, size + more, n), -1)
    sent[:, :size] = size + punish[:, np.newaxis]
    if punishments.punish is not None:
        sent[:, size:] = size + punishments.punish[:, np.newaxis]
    play = np.concatenate(
        [np.broadcast_to(path.play, (cells, *path.play.shape[1:])), punishments.play], axis=1
    )
    return Path([*path.names, *punishments.names], play, follow), sent


def enforced(
    path: Path, start: Floats, shape: tuple[int, ...], sent: NDArray[np.int64] | None = None
) -> Automaton:
    """A path as an automaton, without states that no history leads to.

    ``start (C, S)`` is the lottery over first states, ``sent (C, S, n)`` where a deviator is sent (-1:
    nothing changes), if not the same from everywhere.  Of several deviators the first counts.
    """
    cells, size, n, _ = path.play.shape
    if sent is None:
        everywhere = np.full((cells, n), -1) if path.punish is None else path.punish
        sent = np.broadcast_to(everywhere[:, np.newaxis], (cells, size, n))
    ones = (1,) * n
    table = np.broadcast_to(path.follow.reshape(cells, size, *ones, size), (cells, size, *shape, size))
    for i in reversed(range(n)):
        along = [1] * n
        along[i] = shape[i]
        told = path.play[:, :, i, : shape[i]].reshape(cells, size, *along) > 0
        target = np.eye(size)[sent[..., i]].reshape(cells, size, *ones, size)
        unmoved = told | (sent[..., i] < 0).reshape(cells, size, *ones)
        table = np.where(unmoved[..., np.newaxis], table, target)
    return Automaton(tuple(range(n)), tuple(path.names), start, path.play, table).accessible()
