"""What makes players keep to a joint action, as rows for the programmes of :mod:`sim.kernels.repeated`.

Under perfect monitoring everybody sees what was played.  Else joint action a gives public signal y with
probability pi(y | a), and what comes next depends on signals alone (Abreu, Pearce and Stacchetti 1990).
The certificate reads the rules from the game by itself and shares nothing with this file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.forms.repeated import Repeated
from sim.forms.stage import gains, lowest, pure_minmax
from sim.game import Floats
from sim.kernels.base.joint_actions import unit_payoffs
from sim.kernels.base.tolerances import TIE

__all__ = ["Enforcement", "diagonal", "enforcement"]


@dataclass(frozen=True)
class Enforcement:
    """Rows of obedience of every cell, as :mod:`sim.kernels.repeated.continuation` reads them.

    Payoffs run from 0 to 1 in each player's range: ``u (C, J, n)``; ``gains (C, J, n)`` is what the best
    deviation brings at once, ``floor (C, n)`` the pure minmax.
    """

    u: Floats
    gains: Floats
    floor: Floats
    discount: Floats
    weight: Floats  # (C, J, B)
    who: NDArray[np.int64]  # (R,)
    coef: Floats  # (C, J, R, B)
    now: Floats  # (C, J, R)
    threat: Floats  # (C, R)
    perfect: bool

    def rows(self, cell: int) -> tuple[Any, ...]:
        """Arguments of the kernels for one cell, from ``u`` on."""
        one = (self.weight[cell], self.who, self.coef[cell], self.now[cell], self.threat[cell])
        return self.u[cell], self.discount[cell], *one

    def stage_equilibria(self, cell: int) -> Floats:
        """Payoffs of the pure equilibria of the stage, ``(E, n)``."""
        return self.u[cell][(self.gains[cell] <= TIE).all(axis=1)]

    def lasting(self, worst: Floats, cell: Any = slice(None)) -> NDArray[np.bool_]:
        """Joint actions that can be played for ever if leaving them is punished by ``worst (.., n)``: ``(.., J)``.

        Of all cells or of one.  Where signals err, equilibria of the stage only.
        """
        d, u, gain = self.discount[cell][..., np.newaxis, :], self.u[cell], self.gains[cell]
        if self.perfect:
            with np.errstate(invalid="ignore"):
                spare = np.where(d > 0.0, d * (u - worst[..., np.newaxis, :]), 0.0)
            gain = (1.0 - d) * gain - spare
        result: NDArray[np.bool_] = (gain <= TIE).all(axis=-1)
        return result


def enforcement(game: Repeated) -> Enforcement:
    """The rules of a repeated game: one row for each player, or under public signals for each deviation."""
    cells, shape = game.cells, game.payoffs.shape[2:]
    n, joints = len(shape), int(np.prod(shape))
    u = unit_payoffs(game.payoffs, game.scale)  # (C, n, J)
    table = u.reshape(cells, n, *shape)
    gain = np.ascontiguousarray(gains(table).reshape(cells, n, joints).swapaxes(1, 2))
    floor = pure_minmax(table)
    d = np.ascontiguousarray(np.where(game.finite[:, np.newaxis], game.discount, 0.0))
    if game.monitoring is None:
        who = np.arange(n, dtype=np.int64)
        weight = np.ones((cells, joints, 1))
        coef = np.broadcast_to(-d[:, np.newaxis, :, np.newaxis], (cells, joints, n, 1))
        now, threat = -(1.0 - d)[:, np.newaxis] * gain, d
    else:
        monitoring = np.broadcast_to(game.monitoring, (cells, *game.monitoring.shape[1:]))
        weight = monitoring.reshape(cells, joints, -1)
        seen, pays, whose = (
            [np.empty((cells, joints, 0, weight.shape[-1]))],
            [np.empty((cells, joints, 0))],
            [],
        )
        for i, size in enumerate(shape):
            for step in range(1, size):  # the deviation to the action so many places on
                shown = np.roll(monitoring, -step, axis=i + 1) - monitoring
                lost = table[:, i] - np.roll(table[:, i], -step, axis=i + 1)
                seen.append(shown.reshape(cells, joints, 1, -1))
                pays.append(lost.reshape(cells, joints, 1))
                whose.append(i)
        who = np.array(whose, dtype=np.int64)
        coef = np.concatenate(seen, axis=2) * d[:, np.newaxis, who, np.newaxis]
        now = np.concatenate(pays, axis=2) * (1.0 - d)[:, np.newaxis, who]
        threat = np.zeros((cells, len(who)))
    return Enforcement(
        np.ascontiguousarray(u.swapaxes(1, 2)), gain, floor, d, np.array(weight, order="C"), who,
        np.array(coef, order="C"), np.ascontiguousarray(now), threat, game.monitoring is None,
    )  # fmt: skip


def diagonal(game: Repeated) -> tuple[Enforcement, Floats, Floats]:
    """The same where all players always do and get the same: one player who stands for all.

    Returns the rules, with the lowest payoff ``(C,)`` and the range ``(C,)`` in which they count.  Cells where
    players differ on the diagonal have a range of NaN: their number of actions, their discounts, or what they
    get when all do the same.
    """
    cells, shape = game.cells, game.payoffs.shape[2:]
    n, size = len(shape), min(shape)
    low, span = lowest(game.payoffs).min(axis=1), game.scale.max(axis=1)
    fits = game.finite & (len(set(shape)) == 1) & (game.discount == game.discount[:, :1]).all(axis=1)
    place = np.arange(size)
    same: tuple[Any, ...] = (place,) * n
    with np.errstate(invalid="ignore", over="ignore"):
        unit = (game.payoffs - low.reshape(-1, *(1,) * (n + 1))) / span.reshape(-1, *(1,) * (n + 1))
        own = unit[:, :, *same].swapaxes(1, 2)  # (C, A, n)
        fits &= np.ptp(own, axis=2).max(axis=1) <= TIE
    unit = np.where(fits.reshape(-1, *(1,) * (n + 1)), unit, 0.0)
    own = np.where(fits[:, np.newaxis, np.newaxis], own, 0.0)
    signals = game.monitoring
    if signals is None:
        signals = np.eye(int(np.prod(shape))).reshape(1, *shape, -1)
    signals = np.broadcast_to(signals, (cells, *signals.shape[1:]))
    d = np.where(fits, game.discount[:, 0], 0.0)[:, np.newaxis]
    weight = signals[:, *same]
    seen, pays = [np.empty((cells, size, 0, weight.shape[-1]))], [np.empty((cells, size, 0))]
    for i in range(n):
        for step in range(1, size):
            there: tuple[Any, ...] = tuple((place + step) % size if j == i else place for j in range(n))
            seen.append((signals[:, *there] - weight)[:, :, np.newaxis])
            pays.append((own[..., i] - unit[:, i, *there])[..., np.newaxis])
    coef, now = np.concatenate(seen, axis=2), np.concatenate(pays, axis=2)
    rows = now.shape[-1]
    gain = np.maximum(-now, 0.0).max(axis=-1, initial=0.0)[..., np.newaxis]
    floor = pure_minmax(unit).max(axis=1, keepdims=True)
    rules = Enforcement(
        np.ascontiguousarray(own[..., :1]), gain, floor, d,
        np.array(weight, order="C"), np.zeros(rows, np.int64), coef * d[..., np.newaxis, np.newaxis],
        now * (1.0 - d)[..., np.newaxis], np.zeros((cells, rows)), perfect=False,
    )  # fmt: skip
    return rules, low, np.where(fits, span, np.nan)
