"""What each player can secure whatever the others do, and what they can hold him to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.answers import Answer
from sim.answers.shared import MAXMIN, MINMAX
from sim.claim import EVERYWHERE, Claim, Status
from sim.forms.normal import NormalForm
from sim.game import Floats
from sim.kernels.base.joint_actions import marginals, strides, unit_payoffs
from sim.kernels.base.matrix_game import security
from sim.kernels.base.threads import over_blocks
from sim.plugins import solver

BLOCK = 512  # cells a thread takes at a time
PUNISHMENT = Answer(
    "punishment", "joint play that allows each player no more than he secures", "probability",
    ("player", "joint_action"), level="full", tell=None, numbered=True,
)  # fmt: skip


@solver(form=NormalForm, concept="maxmin", answers=(MAXMIN, PUNISHMENT), rank=10)
def maxmin(game: NormalForm) -> Claim:
    """The strategy that secures each player most, whatever the others do.

    ``NormalForm -> strategy (C, 1, n, A)``; ``extra["maxmin"] (C, n)`` is the secured payoff and
    ``extra["punishment"] (C, n, A1, .., An)`` the joint play that proves nobody can secure more.
    The others may correlate, so that maxmin and minmax are equal.
    Complete: one optimal strategy for each player; there may be several.
    Cost: one small linear programme for each player, some microseconds.
    Fails with ``max_steps`` where a programme runs out of pivots.
    Source: von Neumann (1928).
    """
    secure, held, status, value = solved(game)
    return Claim(secure[:, np.newaxis], status, EVERYWHERE, extra={"maxmin": value, "punishment": held})


@solver(form=NormalForm, concept="minmax", answers=(MINMAX,), rank=10)
def minmax(game: NormalForm) -> Claim:
    """How all others together hold each player to the least, in one answer for each player.

    ``NormalForm -> joint (C, n, A1, .., An)``: in answer k player k is punished, while he secures himself
    what he can; ``extra["minmax"] (C, n)``.  With three or more players the punishers correlate: without
    correlation they may be unable to punish as hard, and that problem is not convex.
    Complete, cost, fails: as :func:`maxmin`.
    Source: von Neumann (1928).
    """
    _, held, status, value = solved(game)
    strategy = marginals(held)
    names = tuple(f"{name} held to minmax" for name in game.players)
    return Claim(strategy, status, EVERYWHERE, joint=held, names=names, extra={"minmax": value})


@solver(form=NormalForm, concept="pure_maxmin", answers=(MAXMIN,), rank=10)
def pure_maxmin(game: NormalForm) -> Claim:
    """The action that secures each player most, whatever the others do.

    ``NormalForm -> strategy (C, 1, n, A)`` of zeros and ones; ``extra["maxmin"] (C, n)``.  Of equally good
    actions the first is given.
    Complete: by looking at every joint action, which is also its cost.
    Fails nowhere.
    Source: von Neumann and Morgenstern (1944), section 14.
    """
    sizes = game.payoffs.shape[2:]
    strategy = np.zeros((game.cells, 1, len(sizes), max(sizes)))
    value = np.full(game.scale.shape, np.nan)
    for i, size in enumerate(sizes):
        least = np.moveaxis(game.payoffs[:, i], i + 1, 1).reshape(game.cells, size, -1).min(axis=-1)
        best = least.argmax(axis=1)
        strategy[np.arange(game.cells), 0, i, best] = 1.0
        value[:, i] = np.where(game.finite, least.max(axis=1), np.nan)
    strategy[~game.finite] = np.nan
    return Claim(strategy, complete=EVERYWHERE, extra={"maxmin": value})


@solver(form=NormalForm, concept="pure_minmax", answers=(MINMAX,), rank=10)
def pure_minmax(game: NormalForm) -> Claim:
    """The joint action that holds each player to the least while he answers it best, one for each player.

    ``NormalForm -> joint (C, n, A1, .., An)`` of zeros and ones; ``extra["minmax"] (C, n)``.  Of equally good
    ones the first is given.
    Complete: by looking at every joint action, which is also its cost.
    Fails nowhere.
    Source: Fudenberg and Maskin (1986), in pure actions.
    """
    sizes = game.payoffs.shape[2:]
    joint = np.zeros((game.cells, len(sizes), *sizes))
    value = np.full(game.scale.shape, np.nan)
    cell = np.arange(game.cells)
    for i, size in enumerate(sizes):
        own = np.moveaxis(game.payoffs[:, i], i + 1, 1).reshape(game.cells, size, -1)
        punishment = own.max(axis=1).argmin(axis=-1)
        reply = own[cell, :, punishment].argmax(axis=-1)
        others = np.unravel_index(punishment, [other for j, other in enumerate(sizes) if j != i])
        joint[(cell, i, *others[:i], reply, *others[i:])] = 1.0
        value[:, i] = np.where(game.finite, own[cell, reply, punishment], np.nan)
    joint[~game.finite] = np.nan
    names = tuple(f"{name} held to minmax" for name in game.players)
    return Claim(marginals(joint), complete=EVERYWHERE, joint=joint, names=names, extra={"minmax": value})


def solved(game: NormalForm) -> tuple[Floats, Floats, NDArray[Any], Floats]:
    """Secure strategies, joint play under punishment, status and values of all cells."""
    sizes = game.payoffs.shape[2:]
    payoffs = unit_payoffs(game.payoffs, game.scale)
    secure = np.empty((game.cells, len(sizes), max(sizes)))
    held, failed = np.empty_like(payoffs), np.empty(game.cells, np.int64)
    arrays = (np.array(sizes, np.int64), strides(sizes))

    def work(first: int, last: int) -> None:
        security(payoffs, *arrays, first, last, secure, held, failed)

    over_blocks(work, game.cells, BLOCK)
    status = np.where(failed > 0, Status.max_steps, Status.ok)
    unsolved = (failed > 0) | ~game.finite
    secure[unsolved], held[unsolved] = np.nan, np.nan
    with np.errstate(invalid="ignore"):
        value = np.einsum("cij,cij->ci", held, game.payoffs.reshape(held.shape))
    return secure, held.reshape(game.payoffs.shape), status, value
