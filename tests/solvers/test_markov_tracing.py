"""Tracing ends in a certified equilibrium, also where no pure one exists."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

import sim
from sim.forms.stochastic import Stochastic
from sim.solution import Status
from tests.draw import generic_stochastic_games


@given(generic_stochastic_games())
def test_every_cell_ends_in_a_certified_equilibrium(game):
    solution = sim.solve(game, "markov_perfect", "markov_tracing")
    assert (solution.status == Status.ok).all()
    assert (solution.residual[:, 0] < 1e-9).all()


def test_pursuit_and_evasion_are_mixed():
    """Matching pennies in two states that the joint action moves between: value 1/2 by symmetry."""
    payoffs = np.empty((2, 2, 2, 2))
    payoffs[0] = np.eye(2)
    payoffs[1] = 1 - payoffs[0]
    transition = np.zeros((2, 2, 2, 2))
    transition[..., 0] = np.eye(2)
    transition[..., 1] = 1 - transition[..., 0]
    solution = sim.solve(Stochastic(payoffs, transition, 0.9), "markov_perfect")
    np.testing.assert_allclose(solution.strategy[0, 0], 0.5, atol=1e-12)
    np.testing.assert_allclose(solution.value[0, 0], 0.5, atol=1e-12)
    assert not solution.complete[0]


@pytest.mark.parametrize("quick", [False, True])
def test_the_answer_of_a_cell_depends_on_the_cell_alone(quick):
    rng = np.random.default_rng(5)
    payoffs, transition = rng.random((70, 2, 3, 3, 3)), rng.random((70, 3, 3, 3, 3))
    game = Stochastic(payoffs, transition / transition.sum(axis=-1, keepdims=True), 0.9)
    batch = sim.solve(game, "markov_perfect", "markov_tracing", quick=quick)
    for cell in (0, 33, 69):
        alone = sim.solve(game.take([cell]), "markov_perfect", "markov_tracing", quick=quick)
        np.testing.assert_array_equal(batch.strategy[cell], alone.strategy[0])
