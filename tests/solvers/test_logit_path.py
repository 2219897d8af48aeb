"""The end of the path of agent quantal response is a sequential equilibrium."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.claim import Status
from tests.concepts.test_sequential import HORSE
from tests.draw import trees
from tests.forms.test_tree import BEER


def test_the_path_of_beer_and_quiche_ends_at_beer():
    """Turocy (2010), section 4."""
    solution = sim.solve(BEER, "sequential", "logit_path")
    assert solution.status[0] == Status.ok
    np.testing.assert_allclose([2.9, 0.9], solution.value[0, 0], atol=1e-9)


def test_seltens_horse_ends_without_the_threat():
    solution = sim.solve(HORSE, "sequential", "logit_path")
    np.testing.assert_allclose([1, 1, 1], solution.value[0, 0], atol=1e-9)
    assert solution.claim.extra["reached"][0] > 1e3


def test_semi_separating_play_is_reached_in_numbers_not_in_signs():
    """A bluffer builds up as often as makes the target indifferent (Fearon 1997, two types): 1/4 and 4/13."""

    def node(value, war):
        end = {"N": {"concede": (value - 0.1, -0.5), "refuse": (war, -1.0 if war > 0 else 0.0)}}
        return {"build": end, "quiet": (0, 0)}

    game = sim.Tree({"chance": {"R": (0.2, {"S@R": node(1, 0.3)}), "B": (0.8, {"S@B": node(1, -0.4)})}})
    solution = sim.solve(game, "sequential", "logit_path")
    assert solution.status[0] == Status.ok
    assert solution.strategy[0, 0, 1, 0] == pytest.approx(0.25, abs=1e-8)
    assert solution.strategy[0, 0, 2, 0] == pytest.approx(4 / 13, abs=1e-8)


def test_too_few_steps_are_said_to_be_too_few():
    solution = sim.solve(HORSE, "sequential", "logit_path", max_steps=3)
    assert solution.status[0] == Status.max_steps


@given(data=st.data())
def test_what_it_claims_is_certified(data):
    game = data.draw(trees(players=2, most=2, cells=1))
    solution = sim.solve(game, "sequential", "logit_path")
    assert solution.status[0] != Status.refuted
