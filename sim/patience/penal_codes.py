"""Automata that deliver equilibrium payoffs: a chosen payoff, and the worst one of each player.

States are the corners of the payoff set.  Each is a joint action and a public lottery over corners from the
next stage on; whoever deviates is sent to the corner that is worst for him (Abreu 1988), which is as
credible as everything else.  Two players, pure actions, public randomisation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.automata.automaton import Automaton
from sim.automata.paths import Path, enforced
from sim.forms.repeated import Repeated
from sim.game import Floats
from sim.game.checks import numbers
from sim.kernels.repeated.decomposition import decompose, lotteries
from sim.patience.certified import payoff_sets
from sim.solution import TOLERANCE

__all__ = ["Corners", "delivering", "penal_code"]


class Corners:
    """The corners of payoff sets and how each is played.

    ``sets (C, V, 2)`` padded with NaN, ``play (C, V)`` flattened joint actions (-1 beyond the last corner),
    ``follow (C, V, V)`` chances of the next corner, ``worst (C, 2)`` the corner that punishes each player.
    """

    def __init__(self, game: Repeated) -> None:
        if len(game.players) != 2:
            raise ValueError(f"payoff sets are computed for two players, not {len(game.players)}")
        if game.horizon is not None:
            raise ValueError("automata deliver payoffs of games without an end; this one has a horizon")
        self.game = game
        self.sets = payoff_sets(game)
        size = self.sets.shape[1]
        self.play = np.empty((game.cells, size), np.int64)
        self.follow = np.empty((game.cells, size, size))
        self.worst = np.empty((game.cells, 2), np.int64)
        self.payoffs, self.discount = np.array(game.payoffs), np.array(game.discount)
        decompose(
            self.payoffs, self.discount, self.sets, game.finite, self.play, self.follow, self.worst
        )  # fmt: skip
        if (self.worst < 0).any():
            raise ValueError(
                "there is no equilibrium in pure actions at this patience, so nothing to deliver"
            )

    @property
    def path(self) -> Path:
        """The corners as states; beyond the last one stand copies of the first, which nothing leads to."""
        missing = self.play < 0
        flat = np.where(missing, self.play[:, :1], self.play)
        follow = np.where(missing[..., np.newaxis], self.follow[:, :1], self.follow)
        names = [f"corner {k + 1}" for k in range(flat.shape[1])]
        if len(flat) == 1:
            first, second = (int(place) for place in self.worst[0])
            for place, player in zip((first, second), self.game.players, strict=True):
                names[place] = "punishing both" if first == second else f"punishing {player}"
        shape = self.game.payoffs.shape[2:]
        play = np.stack(np.unravel_index(flat, shape), axis=-1)
        return Path(names, np.eye(max(shape))[play], follow, self.worst)

    def automaton(self, start: Floats) -> Automaton:
        """The automaton that begins with the given lottery over corners, ``(C, V)``."""
        return enforced(self.path, start, self.game.payoffs.shape[2:])


def penal_code(game: Repeated, player: int) -> Automaton:
    """The equilibrium that is worst for a player, as everybody plays it: his penal code (Abreu 1988).

    Raises ValueError for more than two players, a horizon, or where there is no equilibrium.
    """
    found = Corners(game)
    return found.automaton(np.eye(found.sets.shape[1])[found.worst[:, player]])


def delivering(game: Repeated, payoff: Any) -> Automaton:
    """A subgame-perfect profile with the chosen payoff, ``(2,)`` or ``(C, 2)`` averages per stage.

    The first corner is drawn by lot, in public.  Raises ValueError as :func:`penal_code` does, and with the
    nearest payoff of the set where the chosen one is outside.
    """
    found = Corners(game)
    aim = numbers("the payoff to aim at", payoff)
    if aim.shape not in {(2,), (1, 2), (game.cells, 2)} or not np.isfinite(aim).all():
        raise ValueError(f"the payoff to aim at is a finite number for each of two players, not {payoff!r}")
    points = np.array(np.broadcast_to(aim, (game.cells, 2)), order="C")
    chances, away = np.empty(found.sets.shape[:2]), np.empty(game.cells)
    lotteries(found.payoffs, found.sets, points, game.finite, chances, away)
    wrong = np.flatnonzero(~(away <= TOLERANCE))
    if wrong.size:
        c = int(wrong[0])
        near = chances[c] @ np.nan_to_num(found.sets[c])
        raise ValueError(
            f"no equilibrium pays ({points[c, 0]:g}, {points[c, 1]:g}) at this patience; "
            f"the nearest payoff is ({near[0]:.6g}, {near[1]:.6g})"
        )
    return found.automaton(chances)
