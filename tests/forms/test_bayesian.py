"""Bayesian games: shapes, labels, and the same equilibria as their strategic form."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from tests.drawers.bayesian import drawer


def test_types_and_actions_have_their_labels():
    game = sim.Bayesian(
        [[0.5, 0.1], [0.1, 0.3]],
        np.zeros((2, 2, 2, 2, 3)),
        ("A", "B"),
        (("a", "b"), ("c", "d")),
        (tuple("xy"), tuple("uvw")),
    )
    assert [agent.label for agent in game.agents] == ["A@a", "A@b", "B@c", "B@d"]
    assert game.agents[2].actions == ("u", "v", "w")
    assert game.form == "bayesian"
    assert game.take([0]).form == "bayesian"
    assert game.outcomes.names[1] == "a, c, x, v"


@pytest.mark.parametrize(
    ("prior", "payoffs", "message"),
    [
        ([0.5, 0.4], np.zeros((1, 2, 2)), "add up to 1"),
        ([0.5, 0.5], np.zeros((2, 2, 2)), "payoffs have shape .2, 2, 2. and the prior .2,.; a batch"),
    ],
)
def test_what_is_no_game_is_refused(prior, payoffs, message):
    with pytest.raises(ValueError, match=message):
        sim.Bayesian(prior, payoffs)


@given(data=st.data())
def test_values_are_those_of_the_strategic_form(data):
    """Every joint plan, an action for each type, is worth what the prior makes of it."""
    game = data.draw(drawer(players=2, most=2, cells=1))
    sizes = [len(agent.actions) for agent in game.agents]
    for plan in product(*map(range, sizes)):
        play = np.zeros((1, *game.mask.shape))
        play[0, np.arange(len(plan)), plan] = 1.0
        expected = np.zeros(len(game.players))
        for z, v in enumerate(game.shape.ends):
            reached, at = 1.0, int(v)
            while at > 0:
                above = int(game.shape.parent[at])
                h, way = int(game.shape.agent[above]), int(game.shape.edge[at])
                reached *= game.chance[0, way] if h < 0 else float(plan[h] == way)
                at = above
            expected += reached * game.payoffs[0, :, z]
        np.testing.assert_allclose(expected, game.values(play)[0], atol=1e-12)
