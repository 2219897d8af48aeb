from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.interchange.objects import from_nashpy, from_pygambit, to_nashpy, to_pygambit

GAME = sim.NormalForm(
    [[[1, 0.1, 2], [0, 3, 4]], [[5, 6, 0.3], [7, 8, 9]]], ("A", "B"), (("a", "b"), ("x", "y", "z"))
)


def test_nashpy_there_and_back():
    np.testing.assert_array_equal(GAME.payoffs, from_nashpy(to_nashpy(GAME)).payoffs)


def test_nashpy_takes_two_players():
    with pytest.raises(ValueError, match="two players, this game has 3"):
        to_nashpy(sim.NormalForm(np.zeros((1, 3, 2, 2, 2))))


def test_pygambit_there_and_back():
    pytest.importorskip("pygambit")
    back = from_pygambit(to_pygambit(GAME))
    np.testing.assert_array_equal(GAME.rational(np.array([0])), back.rational(np.array([0])))
    assert (GAME.players, GAME.actions) == (back.players, back.actions)
