"""Sequential equilibria from all Nash equilibria: published games, two other theorems, and pure ones by trying all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

import sim
from sim.solution import Status
from tests.drawers.tree import drawer
from tests.signalling import as_tree, beer_quiche, drawn


def solved(game):
    solution = sim.solve(game, "sequential", "nash_with_beliefs")
    assert (solution.status <= Status.degenerate).all()
    return solution


def matching(out):
    """Whoever stays out has something for sure; in, the two play at matching pennies, and who answers sees only that."""
    inner = {"L": {"O@in": {"a": (1, 0), "b": (0, 1)}}, "R": {"O@in": {"a": (0, 1), "b": (1, 0)}}}
    return sim.Tree({"E": {"out": (out, 2), **inner}})


def test_a_threat_that_would_not_be_carried_out_is_refuted_with_proof():
    """Selten (1978): to fight is Nash, and not sequential, which folding proves."""
    entry = sim.Tree({"Entrant": {"out": (0, 2), "in": {"Owner@in": {"share": (1, 1), "fight": (-1, -1)}}}})
    assert sim.solve(entry, "nash").count[0] > 1
    solution = solved(entry)
    assert solution.count[0] == 1
    assert solution.complete[0]
    assert solution.value[0, 0].tolist() == [1, 1]


def test_who_mixes_on_the_path_is_found_and_nothing_else_is_missing():
    solution = solved(matching(0.4))
    assert solution.count[0] == 1
    assert solution.complete[0]
    np.testing.assert_allclose(solution.strategy[0, 0, 0], [0, 0.5, 0.5])


def test_threats_that_are_mixed_come_from_nash_equilibria():
    """Who stays out for 0.6 is kept out by an answer between 0.4 and 0.6, which any other would spoil."""
    solution = solved(matching(0.6))
    assert solution.complete[0]
    assert set(solution.component[0, : solution.count[0]].tolist()) == {0}
    threats = sorted(solution.strategy[0, : solution.count[0], 1, 0].tolist())
    assert threats == pytest.approx([0.4, 0.6])
    belief = solution.claim.extra["belief"][0, 0, 1:3]
    np.testing.assert_allclose(belief, [0.5, 0.5])


def test_beer_and_quiche_has_both_its_equilibria():
    solution = solved(beer_quiche(0.1))
    assert solution.complete[0]
    assert sorted(solution.value[0, : solution.count[0], 0].round(9).tolist()) == [2.1, 2.9]


@pytest.mark.parametrize(
    ("seed", "shape", "cells", "least"),
    [(3, (2, 2, 1, 2), 25, 0.9), pytest.param(4, (2, 3, 1, 2), 200, 0.85, marks=pytest.mark.deep)],
)
def test_polylines_find_the_same_in_signalling_games(seed, shape, cells, least):
    """Another theorem; where it says that the list is whole nothing is missing, and nothing is too much."""
    game = as_tree(*drawn(seed, cells, shape))
    mine, other = solved(game), sim.solve(game, "sequential", "polylines")
    assert mine.complete.mean() >= least
    for c in np.flatnonzero(mine.complete & other.complete):
        values = [np.unique(s.value[c, : s.count[c]].round(7), axis=0) for s in (mine, other)]
        np.testing.assert_allclose(*values, atol=1e-6)


@settings(max_examples=15)
@given(drawer(players=2))
def test_no_pure_equilibrium_is_missing_where_the_list_is_whole(game):
    pure = sim.solve(game, "sequential", "pure_assessments")
    mine = sim.solve(game, "sequential", "nash_with_beliefs")
    for c in np.flatnonzero(mine.complete):
        ends = [
            game.take([c]).reach(play[np.newaxis])[0, game.shape.ends]
            for play in mine.strategy[c, : mine.count[c]]
        ]
        for play in pure.strategy[c, : pure.count[c]]:
            there = game.take([c]).reach(play[np.newaxis])[0, game.shape.ends]
            assert any(np.abs(there - one).max() < 1e-6 for one in ends)
