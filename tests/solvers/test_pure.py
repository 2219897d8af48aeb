from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.solution import Status
from tests.draw import normal_forms


def by_definition(payoffs):
    """Joint actions from which no single change of action gains anything."""
    players, *sizes = payoffs.shape
    return [
        joint
        for joint in itertools.product(*map(range, sizes))
        if all(
            payoffs[(i, *joint)] >= payoffs[(i, *joint[:i], a, *joint[i + 1 :])]
            for i in range(players)
            for a in range(sizes[i])
        )
    ]


@given(st.integers(1, 4).flatmap(lambda players: normal_forms(players=players, most=3)))
def test_finds_what_the_definition_says(game):
    solution = sim.solve(game, "nash", "pure")
    for cell, payoffs in enumerate(game.payoffs):
        expected = by_definition(payoffs)
        found = [tuple(s.argmax(axis=-1)) for s in solution.strategy[cell, : solution.count[cell]]]
        assert sorted(expected) == sorted(found)
        assert (solution.status[cell] == Status.not_found) == (not expected)


def test_unanimity_of_four_has_eight_equilibria():
    """QuantEcon's own example: both all agree, and every split in which nobody alone can bring agreement."""
    payoffs = np.zeros((1, 4, 2, 2, 2, 2))
    payoffs[0, :, 0, 0, 0, 0] = 1
    payoffs[0, :, 1, 1, 1, 1] = 2
    assert sim.solve(sim.NormalForm(payoffs), "nash", "pure").count[0] == 8
