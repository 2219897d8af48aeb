"""Trees: how they are written, what is refused, and plans judged against all of them."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from tests.draw import plays, trees

BEER = sim.Tree({
    "chance": {
        "wimp": ("1/10", {"Sender@wimp": {
            "beer": {"Receiver@beer": {"duel": (0, 1), "not": ("peace", 2, 0)}},
            "quiche": {"Receiver@quiche": {"duel": (1, 1), "not": ("peace", 3, 0)}}}}),
        "surly": ("9/10", {"Sender@surly": {
            "beer": {"Receiver@beer": {"duel": (1, 0), "not": ("peace", 3, 1)}},
            "quiche": {"Receiver@quiche": {"duel": (0, 0), "not": ("peace", 2, 1)}}}}),
    }
})  # fmt: skip
"""Cho and Kreps (1987)."""


def test_moves_inside_moves_are_a_tree():
    assert BEER.players == ("Sender", "Receiver")
    assert [agent.label for agent in BEER.agents] == [
        "Sender@wimp",
        "Sender@surly",
        "Receiver@beer",
        "Receiver@quiche",
    ]
    assert BEER.shape.hidden == ("", "", "wimp", "surly", "wimp", "surly")
    assert BEER.decisions[2] == "Receiver@beer: wimp"
    assert BEER.outcomes.names == (
        "wimp, beer, duel",
        "peace",
        "wimp, quiche, duel",
        "surly, beer, duel",
        "surly, quiche, duel",
    )
    assert BEER.chance.tolist() == [[0.1, 0.9]]


def test_numbers_are_exact():
    assert BEER.rational_chance(np.array([0]))[0].tolist() == [Fraction(1, 10), Fraction(9, 10)]
    thirds = sim.Tree({"A": {"a": ("1/3",), "b": (Fraction(2, 3),)}})
    assert thirds.rational(np.array([0]))[0, 0].tolist() == [Fraction(1, 3), Fraction(2, 3)]
    assert thirds.rounded.all()


def test_arrays_make_a_batch():
    game = sim.Tree({"A": {"a": (np.array([1.0, 2.0, 3.0]),), "b": (2,)}})
    assert game.cells == 3
    assert sim.solve(game).value[:, 0, 0].tolist() == [2, 2, 3]


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        (
            {"Driver": {"exit": (0,), "on": {"Driver": {"exit": (4,), "on": (1,)}}}},
            "imperfect recall.*'on' at Driver",
        ),
        ({"A": {"a": (1, 2), "b": (1,)}}, "at b: an end has 1 payoffs, another has 2"),
        (
            {"A": {"a": {"B": {"x": (1, 1), "y": (0, 0)}}, "b": {"B": {"x": (1, 1)}}}},
            "at b: B has the actions x",
        ),
        (
            {"chance": {"a": (0.5, {"A": {"x": (1,)}}), "b": (0.4, (0,))}},
            r"add up to 1 at each node.*\(0.5, 0.4\)",
        ),
        ({"chance": {"a": 0.5}}, "chance brings 'a' with .probability, what follows., not 0.5"),
        ({"A": {"a": "war"}}, "a tree is written as moves inside moves"),
        ({"chance": {"a": (1, (1,))}}, "there are 0 players"),
        ({"A": {}}, "at the beginning: a tree is written as moves inside moves"),
        ({"A": {"a": ("much",)}}, "an end has 0 payoffs"),
        ({"A": {"a": (1, 2, 3)}}, "ends have 3 payoffs; there are 1 players"),
        ({"A": {"a": (np.ones(2),), "b": (np.ones(3),)}}, "neither a number nor one for each of 3 cells"),
    ],
)
def test_what_is_no_tree_is_refused(tree, message):
    with pytest.raises(ValueError, match=message):
        sim.Tree(tree)


def test_players_may_be_named_who_never_move():
    game = sim.Tree({"A": {"a": (1, 2), "b": (0, 3)}}, players=("A", "B"))
    assert game.values(np.array([[[1.0, 0.0]]])).tolist() == [[1, 2]]
    with pytest.raises(ValueError, match="'A' moves, who is none of the players"):
        sim.Tree({"A": {"a": (1, 2), "b": (0, 3)}}, players=("B", "C"))


@given(data=st.data())
def test_regret_is_by_the_best_of_all_plans(data):
    """Every pure plan of a player is tried: a choice at each of his agents."""
    game = data.draw(trees(players=data.draw(st.integers(1, 3)), most=2, cells=1))
    play = data.draw(plays(game))
    judged = game.judge(play[:, np.newaxis])
    best = 0.0
    for i in range(len(game.players)):
        own = [h for h, agent in enumerate(game.agents) if agent.player == i]
        for plan in product(*(range(len(game.agents[h].actions)) for h in own)):
            other = play.copy()
            other[:, own] = 0.0
            for h, a in zip(own, plan, strict=True):
                other[:, h, a] = 1.0
            best = max(best, float(game.values(other)[0, i] - game.values(play)[0, i]))
    assert judged.regret[0, 0] == pytest.approx(best, abs=1e-11)


@given(data=st.data())
def test_nobody_forgets_and_subgames_hold_whole_sets(data):
    game = data.draw(trees())
    shape = game.shape
    for v in np.flatnonzero(shape.subgames):
        below = {w for w in range(len(shape.parent)) if v in path(shape, w)}
        for h in range(len(game.agents)):
            members = set(shape.members(h))
            assert members <= below or not members & below
    for h, agent in enumerate(game.agents):
        assert len({shape.own_past(v, agent.player) for v in shape.members(h)}) == 1


def path(shape, node):
    """The node and all nodes above it."""
    found = set()
    while node >= 0:
        found.add(node)
        node = int(shape.parent[node])
    return found
