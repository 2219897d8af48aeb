"""Games in which everybody learns his type and chooses: all equilibria, exactly for two, by supports for more."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.claim import Status
from sim.solvers.methods.agent_form import by_supports
from tests.draw import normal_forms
from tests.drawers.bayesian import of_one_type
from tests.forms.test_tree import BEER


def drawn(seed, cells, types, actions):
    """Bayesian games with payoffs of three decimals and types that are all drawn."""
    rng = np.random.default_rng(seed)
    prior = rng.dirichlet(np.full(int(np.prod(types)), 4.0)).reshape(1, *types)
    payoffs = rng.random((cells, len(types), *types, *actions)).round(3)
    return sim.Bayesian(prior, payoffs)


def plays(strategy):
    """The claimed plays of a cell, in order."""
    there = strategy[~np.isnan(strategy[:, 0, 0])]
    return sorted(np.round(there, 7).ravel().tolist() for there in there)


def test_a_couple_one_of_whom_may_rather_be_alone():
    """Osborne (2004), example 273.1: (B, (B, S)) is the pure equilibrium; the others mix."""
    meet, avoid = [[2, 0], [0, 1]], [[2, 0], [0, 1]]
    hers = [[[1, 0], [0, 2]], [[0, 2], [1, 0]]]
    payoffs = np.array([[[meet, avoid]], [hers]])
    game = sim.Bayesian(
        np.full((1, 2), 0.5), payoffs, ("1", "2"), (("one",), ("meet", "avoid")), (("B", "S"), ("B", "S"))
    )
    solution = sim.solve(game)
    assert solution.complete[0]
    first = sorted(play[:, 0].tolist() for play in solution.strategy[0, : solution.count[0]])
    np.testing.assert_allclose([[1 / 3, 0, 2 / 3], [2 / 3, 2 / 3, 0], [1, 1, 0]], first)


@pytest.mark.parametrize(("types", "actions"), [((2, 2), (2, 2)), ((1, 2), (3, 2)), ((2, 1), (2, 2))])
def test_supports_of_agents_and_sequences_of_players_give_the_same(types, actions):
    """Two theorems, in floats and in whole numbers, where nothing ties."""
    game = drawn(1, 40, types, actions)
    exact, boxes = sim.solve(game, "sequential", "agent_supports"), by_supports(game)
    assert exact.complete.all()
    clear = np.flatnonzero(boxes.complete & ~exact.degenerate)
    assert len(clear) >= 38
    for cell in clear:
        assert len(plays(exact.strategy[cell])) % 2 == 1
        np.testing.assert_allclose(plays(exact.strategy[cell]), plays(boxes.strategy[cell]), atol=1e-6)


def test_three_players_with_types_have_an_odd_number_of_equilibria():
    solution = sim.solve(drawn(2, 10, (2, 1, 2), (2, 2, 2)))
    assert solution.claim.extra["undecided"].tolist() == [0] * 10
    assert solution.complete.all()
    assert (solution.count % 2 == 1).all()
    assert (solution.status == Status.ok).all()
    assert ((solution.strategy > 0) & (solution.strategy < 1)).any()


def test_what_may_never_be_reached_is_refused_and_said():
    with pytest.raises(ValueError, match="play may never come to R"):
        sim.solve(BEER, "sequential", "agent_supports")


def test_types_that_are_never_drawn_leave_it_to_other_methods():
    game = sim.Bayesian(np.array([[1.0, 0.0]]), np.zeros((1, 2, 1, 2, 2, 2)))
    with pytest.raises(ValueError, match="may never come to player 2@2"):
        sim.solve(game, "sequential", "agent_supports")


@given(data=st.data())
def test_a_game_of_one_type_each_is_its_normal_form(data):
    stage = data.draw(normal_forms(players=2, most=3, cells=1))
    game = of_one_type(stage)
    tree, normal = (
        sim.solve(game, "sequential", "agent_supports"),
        sim.solve(stage, "nash", "vertex_enumeration"),
    )
    assert tree.count[0] == normal.count[0]
    assert tree.degenerate[0] == (len(set(normal.component[0, : normal.count[0]])) < normal.count[0])
    np.testing.assert_allclose(plays(tree.strategy[0]), plays(normal.strategy[0]), atol=1e-7)
    values = [sorted(np.round(one.value[0, : one.count[0]], 9).tolist()) for one in (tree, normal)]
    np.testing.assert_allclose(*values, atol=1e-8)


@pytest.mark.parametrize("types", [(1, 2), (1, 1, 2)])
def test_games_without_numbers_are_no_games(types):
    actions = (2,) * len(types)
    game = sim.Bayesian(np.full((1, *types), 0.5), np.full((2, len(types), *types, *actions), np.nan))
    assert (sim.solve(game).status == Status.nonfinite).all()
    if len(types) == 2:
        assert (sim.solve(game, "nash").status == Status.nonfinite).all()
