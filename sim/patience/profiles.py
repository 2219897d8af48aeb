"""The profile that sustains a cycle of joint actions: the path, and what follows a deviation from it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.automata.automaton import Automaton
from sim.automata.paths import Path, enforced, together
from sim.forms.repeated import Repeated
from sim.game import Floats
from sim.patience.penal_codes import Corners
from sim.patience.punishments import STICKS, checked, position, worst_equilibria
from sim.patience.two_phase import sticks

__all__ = ["sustaining"]

JointAction = tuple[int, ...]


def sustaining(game: Repeated, cycle: list[JointAction], punishment: str = "optimal") -> Automaton:
    """A joint action, or a cycle of them, for ever, with a punishment of :mod:`sim.patience` as threat.

    It is subgame perfect where :func:`sim.patience.path_gain` is at most 0.  Raises ValueError where there
    is no such punishment, and for wrong joint actions and punishments.
    """
    steps = [position(game.stage, joint_action) for joint_action in cycle]
    shape, size = game.payoffs.shape[2:], len(steps)
    names = ["path"] if size == 1 else [f"path {k + 1}" for k in range(size)]
    turn = np.roll(np.eye(size), 1, axis=1)
    path = Path(names, np.eye(max(shape))[np.array(steps)][np.newaxis], turn[np.newaxis])
    start = np.zeros((game.cells, size))
    start[:, 0] = 1.0
    if checked(punishment) in STICKS:
        return with_sticks(game, steps, punishment, path, start)
    if punishment == "optimal":
        corners = Corners(game)
        punishments, punish = corners.path, corners.worst
    else:
        play = worst_equilibria(game.stage, punishment)
        if np.isnan(play).any():
            raise ValueError("the stage has no equilibrium in pure actions to go back to; try nash_reversion")
        punishments, punish = absorbing(play, game.players)
    whole, sent = together(path, punishments, punish)
    return enforced(whole, begun(start, whole), shape, sent)


def with_sticks(
    game: Repeated, steps: list[JointAction], punishment: str, path: Path, start: Floats
) -> Automaton:
    """The path with one stage of punishment, after which it begins again."""
    shape, n = game.payoffs.shape[2:], len(game.players)
    chosen, _ = sticks(game, steps, punishment)
    common = bool((chosen == chosen[:, :1]).all())
    names = ["stick"] if common else [f"stick for {player}" for player in game.players]
    chosen = chosen[:, : len(names)]
    states = len(names)
    punishments = Path(
        names, np.eye(max(shape))[chosen], np.zeros((game.cells, states, states)),
        np.tile(np.zeros(n, np.int64) if common else np.arange(n), (game.cells, 1)),
    )  # fmt: skip
    assert punishments.punish is not None
    whole, sent = together(path, punishments, punishments.punish)
    whole.follow[:, len(steps) :, 0] = 1.0
    return enforced(whole, begun(start, whole), shape, sent)


def absorbing(play: Floats, players: tuple[str, ...]) -> tuple[Path, NDArray[np.int64]]:
    """Equilibria of the stage for ever, one for each deviator ``(C, n, n, A)``, one for all where they agree."""
    cells, n = play.shape[:2]
    common = bool((play == play[:, :1]).all())
    names = ["punishing all"] if common else [f"punishing {player}" for player in players]
    size = len(names)
    punish = np.tile(np.zeros(n, np.int64) if common else np.arange(n), (cells, 1))
    return Path(names, play[:, :size], np.tile(np.eye(size), (cells, 1, 1))), punish


def begun(start: Floats, whole: Path) -> Floats:
    """The start of the path as that of all states."""
    return np.pad(start, ((0, 0), (0, len(whole.names) - start.shape[1])))
