"""Bargaining solutions over the payoffs of a two-player game, when the players can draw lots."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.answers import Answer
from sim.answers.telling import by_player
from sim.claim import EVERYWHERE, Claim, Status
from sim.forms.normal import NormalForm
from sim.game import Floats
from sim.kernels.base.joint_actions import marginals, strides, unit_payoffs
from sim.kernels.base.matrix_game import security
from sim.kernels.base.threads import over_blocks
from sim.kernels.one_shot.bargain import EGALITARIAN, KALAI_SMORODINSKY, NASH, UTILITARIAN, agreements
from sim.plugins import solver

BLOCK = 1024  # cells a thread takes at a time
DISAGREEMENT = Answer(
    "disagreement", "payoff if talks fail", "payoff", ("player",), level="equilibria", tell=by_player
)
POWER = Answer("power", "bargaining power of the first side", "weight from 0 to 1")


@solver(
    form=NormalForm,
    concept="nash_bargaining",
    title="Nash bargaining",
    answers=(DISAGREEMENT, POWER),
    players=2,
    rank=10,
)
def nash_bargaining(game: NormalForm, *, disagreement: Any = None, power: float = 0.5) -> Claim:
    """The agreement with the largest product of gains over disagreement.

    ``NormalForm -> joint (C, 1, A1, A2)``, a lottery over at most two joint actions.  ``disagreement``: the
    payoffs if talks fail, ``(2,)`` or ``(C, 2)``; left out, what each player can secure (maxmin, mixed).
    ``power`` is the first player's bargaining power, from 0 to 1: gains to the power of it are multiplied.
    ``extra["disagreement"] (C, 2)``, ``extra["power"] (C,)``.
    Complete: the solution is unique.
    Cost: sorting the joint actions, some microseconds.
    Fails with ``not_found`` where no lottery gives both at least their disagreement payoffs.
    Source: Nash (1950); with power, Kalai (1977).
    """
    return bargain(game, NASH, disagreement, power)


@solver(
    form=NormalForm,
    concept="kalai_smorodinsky",
    title="Kalai Smorodinsky",
    answers=(DISAGREEMENT, POWER),
    players=2,
    rank=10,
)
def kalai_smorodinsky(game: NormalForm, *, disagreement: Any = None) -> Claim:
    """The efficient agreement at which gains are in proportion to the best that each could hope for.

    Shapes, ``disagreement``, complete, cost, fails: as :func:`nash_bargaining`.  The best hope of a player
    is his largest payoff that leaves the other at least his disagreement payoff.
    Source: Kalai and Smorodinsky (1975).
    """
    return bargain(game, KALAI_SMORODINSKY, disagreement)


@solver(form=NormalForm, concept="egalitarian", answers=(DISAGREEMENT, POWER), players=2, rank=10)
def egalitarian(game: NormalForm, *, disagreement: Any = None) -> Claim:
    """The agreement at which the smaller gain is as large as can be: equal gains where they are efficient.

    Shapes, ``disagreement``, complete, cost, fails: as :func:`nash_bargaining`.  Gains are compared as they
    stand.  Where no efficient agreement has equal gains, the player who gains more keeps the rest.
    Source: Kalai (1977).
    """
    return bargain(game, EGALITARIAN, disagreement)


@solver(form=NormalForm, concept="utilitarian", answers=(DISAGREEMENT, POWER), players=2, rank=10)
def utilitarian(game: NormalForm, *, disagreement: Any = None) -> Claim:
    """The agreement with the largest sum of payoffs among those that both accept.

    Shapes, ``disagreement``, complete, cost, fails: as :func:`nash_bargaining`.  Payoffs are added as they
    stand.  Of equally good agreements the one with the most equal gains is given.
    Source: Harsanyi (1955); Myerson (1991), section 8.3.
    """
    return bargain(game, UTILITARIAN, disagreement)


def bargain(game: NormalForm, rule: int, disagreement: Any, power: float = 0.5) -> Claim:
    """Apply a rule to all cells."""
    if not 0 <= power <= 1:
        raise ValueError(f"power = {power!r}: must be from 0 to 1")
    payoffs = unit_payoffs(game.payoffs, game.scale)
    point = secured(game, payoffs) if disagreement is None else given(game, disagreement)
    low = np.where(game.finite[:, np.newaxis], game.payoffs.reshape(*game.scale.shape, -1).min(axis=-1), 0.0)
    scale = np.where(game.finite[:, np.newaxis], game.scale, 1.0)
    if rule in {EGALITARIAN, UTILITARIAN}:  # these compare players, so that both have one unit
        payoffs = payoffs * (scale / scale.max(axis=1, keepdims=True))[..., np.newaxis]
        scale = np.broadcast_to(scale.max(axis=1, keepdims=True), scale.shape)
    fallback = np.ascontiguousarray((point - low) / scale)
    joint, found = np.empty((game.cells, payoffs.shape[-1])), np.empty(game.cells, np.int64)

    def work(first: int, last: int) -> None:
        agreements(payoffs, fallback, rule, float(power), first, last, joint, found)

    over_blocks(work, game.cells, BLOCK)
    solved = game.finite & (found == 1)
    joint[~solved] = np.nan
    shaped = joint.reshape(game.cells, 1, *game.payoffs.shape[2:])
    status = np.where(solved, Status.ok, Status.not_found)
    extra = {"disagreement": point, "power": np.full(game.cells, float(power))}
    return Claim(marginals(shaped), status, EVERYWHERE, joint=shaped, extra=extra)


def given(game: NormalForm, disagreement: Any) -> Floats:
    """The disagreement point of each cell.  Raises ValueError for one that is no point."""
    point = np.asarray(disagreement, dtype=np.float64)
    if point.shape not in {(2,), (1, 2), (game.cells, 2)} or not np.isfinite(point).all():
        raise ValueError(
            f"disagreement of shape {point.shape}: must be two numbers, or two for each of {game.cells} cells"
        )
    return np.ascontiguousarray(np.broadcast_to(point, (game.cells, 2)))


def secured(game: NormalForm, payoffs: Floats) -> Floats:
    """What each player can secure in mixed strategies, in his own units, ``(C, 2)``."""
    sizes = game.payoffs.shape[2:]
    secure, held = np.empty((game.cells, 2, max(sizes))), np.empty_like(payoffs)
    failed = np.empty(game.cells, np.int64)
    arrays = (np.array(sizes, np.int64), strides(sizes))

    def work(first: int, last: int) -> None:
        security(payoffs, *arrays, first, last, secure, held, failed)

    over_blocks(work, game.cells, BLOCK)
    flat = np.where(game.finite[:, np.newaxis, np.newaxis], game.payoffs.reshape(payoffs.shape), 0.0)
    return np.einsum("cij,cij->ci", held, flat)
