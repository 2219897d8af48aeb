from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import sim
from sim.interchange.objects import from_nashpy, from_pygambit, to_nashpy, to_pygambit

GAME = sim.NormalForm(
    [[[1, 0.1, 2], [0, 3, 4]], [[5, 6, 0.3], [7, 8, 9]]], ("A", "B"), (("a", "b"), ("x", "y", "z"))
)


def test_nashpy_there_and_back():
    np.testing.assert_array_equal(GAME.payoffs, from_nashpy(to_nashpy(GAME)).payoffs)


def test_numbers_of_nashpy_games_stay_what_they_are():
    import nashpy

    beyond = 2**53 + 1
    whole = from_nashpy(nashpy.Game(np.array([[beyond, 0], [beyond - 1, 0]]), np.zeros((2, 2))))
    assert whole.rational(np.array([0]))[0, 0, 0, 0] == beyond
    assert sim.solve(whole).count.tolist() == [3]
    third = np.array([[Fraction(1, 3) + Fraction(1, 10**20), 0], [Fraction(1, 3), 0]], dtype=object)
    assert sim.solve(from_nashpy(nashpy.Game(third, third * 0))).count.tolist() == [3]


def test_pygambit_games_come_by_their_text():
    class Table:
        title, is_tree = "", False

        def to_nfg(self):
            return 'NFG 1 R "" { "A" "B" } { 2 1 } 9007199254740993 1/3 9007199254740992 1/3'

    table = from_pygambit(Table()).rational(np.array([0]))[0]
    assert table.ravel().tolist() == [2**53 + 1, 2**53, Fraction(1, 3), Fraction(1, 3)]


def test_trees_of_pygambit_stay_trees():
    class Entry:
        title, is_tree = "", True

        def to_efg(self):
            return 'EFG 2 R "" { "A" } p "" 1 1 "" { "x" "y" } 0 t "" 1 "" { 1/3 } t "" 2 "" { 0 }'

    game = from_pygambit(Entry())
    assert [agent.actions for agent in game.agents] == [("x", "y")]
    assert game.rational(np.array([0]))[0].tolist() == [[Fraction(1, 3), 0]]


def test_a_tree_goes_to_pygambit_and_back():
    pytest.importorskip("pygambit")
    lots = {"strong": ("1/3", {"A@strong": {"x": (1, "1/7"), "y": (0, 2)}}), "weak": ("2/3", ("war", 3, 4))}
    tree = sim.Tree({"chance": lots}, ("A", "B"))
    back = from_pygambit(to_pygambit(tree))
    np.testing.assert_array_equal(tree.rational(np.array([0])), back.rational(np.array([0])))
    np.testing.assert_array_equal(tree.rational_chance(np.array([0])), back.rational_chance(np.array([0])))
    assert (tree.agents, tree.shape.events) == (back.agents, back.shape.events)


@pytest.mark.parametrize("name", ["beer_quiche", "crisis_2021", "power_shift_2021"])
def test_trees_of_the_library_go_to_pygambit_and_back(name):
    pytest.importorskip("pygambit")
    tree = sim.load(name).game()
    back = from_pygambit(to_pygambit(tree))
    assert (tree.agents, tree.shape.events) == (back.agents, back.shape.events)


def test_nashpy_takes_two_players():
    with pytest.raises(ValueError, match="two players, this game has 3"):
        to_nashpy(sim.NormalForm(np.zeros((1, 3, 2, 2, 2))))


def test_pygambit_there_and_back():
    pytest.importorskip("pygambit")
    back = from_pygambit(to_pygambit(GAME))
    np.testing.assert_array_equal(GAME.rational(np.array([0])), back.rational(np.array([0])))
    assert (GAME.players, GAME.actions) == (back.players, back.actions)
