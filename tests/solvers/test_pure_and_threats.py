"""Threats that are mixed where play does not come."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.claim import Status
from tests.concepts.test_sequential import HORSE
from tests.draw import trees


def test_seltens_horse_is_whole():
    """Selten (1975): 1 and 2 play R; 3 plays R with up to 1/4, which needs that he takes 1 to have moved with 1/3."""
    solution = sim.solve(HORSE, "sequential", "pure_and_threats")
    assert solution.status[0] == Status.degenerate
    np.testing.assert_allclose([[1, 1, 1]] * 2, solution.value[0, :2])
    assert solution.count[0] == 2
    third = next(h for h, agent in enumerate(HORSE.agents) if agent.label == "3")
    right = HORSE.agents[third].actions.index("R")
    np.testing.assert_allclose([0, 1 / 4], solution.strategy[0, :2, third, right])
    assert solution.component[0].tolist() == [0, 0]
    own = slice(int(HORSE.shape.first[third]), int(HORSE.shape.first[third + 1]))
    low, high = (solution.claim.extra[f"belief_{end}"][0, :, own] for end in ("low", "high"))
    after_first = next(k for k, word in enumerate(HORSE.shape.hidden[own]) if word == "L")
    np.testing.assert_allclose([[0, 1 / 3], [1 / 3, 1 / 3]], np.stack([low, high], axis=-1)[:, after_first])


@given(data=st.data())
def test_what_is_found_is_certified_and_holds_all_that_is_pure(data):
    game = data.draw(trees(players=data.draw(st.integers(2, 3)), most=2, cells=2))
    solution = sim.solve(game, "sequential", "pure_and_threats")
    pure = sim.solve(game, "sequential", "pure_assessments")
    assert not (solution.status == Status.refuted).any()
    assert (solution.count >= pure.count).all()
    assert (solution.residual[~np.isnan(solution.residual)] <= 1e-9).all()


def test_many_profiles_are_refused_with_their_number():
    lots = {
        str(t): (0.0625, {f"S@{t}": {"a": (0, 0), "b": {"R": {"x": (t - 7, t), "y": (7 - t, 7 - t)}}}})
        for t in range(16)
    }
    with pytest.raises(ValueError, match=r"there are 131072 pure profiles; at most 10000"):
        sim.solve(sim.Tree({"chance": lots}), "sequential", "pure_and_threats")
