"""Pure equilibria with all beliefs that support them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.claim import Status
from tests.draw import trees
from tests.forms.test_tree import BEER


def test_beer_and_quiche_pool_either_way():
    """Cho and Kreps (1987): the belief in a wimp after the other breakfast is a half or more."""
    solution = sim.solve(BEER, "sequential", "pure_assessments")
    assert solution.count[0] == 2
    np.testing.assert_allclose([[2.9, 0.9], [2.1, 0.9]], solution.value[0])
    low, high = (solution.claim.extra[f"belief_{end}"][0] for end in ("low", "high"))
    unsent = {0: slice(4, 6), 1: slice(2, 4)}  # quiche is not sent in the first, beer not in the second
    for k, own in unsent.items():
        np.testing.assert_allclose([0.5, 0.0], low[k, own], atol=1e-12)
        np.testing.assert_allclose([1.0, 0.5], high[k, own], atol=1e-12)


def test_three_types_have_corners_of_beliefs():
    """An observer who acts against one of three types only if he is sure enough: a corner of the simplex is cut off."""
    lots = {}
    for t, name in enumerate("abc"):
        act = (0, 1.0 if t == 0 else -1.0)
        lots[name] = (
            1 / 3,
            {f"S@{name}": {"quiet": (1, 0), "loud": {"R@loud": {"act": act, "not": (2, 0)}}}},
        )
    game = sim.Tree({"chance": lots})
    solution = sim.solve(game, "sequential", "pure_assessments")
    quiet = [k for k in range(int(solution.count[0])) if solution.strategy[0, k, :3, 0].all()]
    assert len(quiet) == 1
    corners = solution.claim.extra["belief_vertices"][0, quiet[0]]
    members = slice(int(game.shape.first[3]), int(game.shape.first[4]))
    rows = corners[:, members]
    found = {tuple(np.round(row, 9)) for row in rows[~np.isnan(rows).any(axis=1)]}
    assert found == {(1, 0, 0), (0.5, 0.5, 0), (0.5, 0, 0.5)}


def test_two_observers_share_a_belief():
    """The first stops at a belief above a half only, the second below it only: no belief serves both."""

    def onward(good):
        second = {"Second@on": {"stop": (0, 0, 1 - 2 * good), "help": (3, 0, 0)}}
        return {"First@on": {"stop": (0, 2 * good - 1, 0), "pass": second}}

    game = sim.Tree(
        {
            "chance": {
                k: (0.5, {f"S@{k}": {"stay": (1, 0, 0), "on": onward(good)}})
                for k, good in (("a", 1), ("b", 0))
            }
        },
        players=("S", "First", "Second"),
    )
    solution = sim.solve(game, "sequential", "pure_assessments")
    assert solution.status[0] != Status.refuted


def test_a_million_profiles_are_refused_with_their_number():
    lots = {
        str(t): (0.05, {f"S@{t}": {"a": (0, 0), "b": {"R": {"x": (t - 9, t), "y": (9 - t, 9 - t)}}}})
        for t in range(20)
    }
    with pytest.raises(ValueError, match=r"there are 2097152 pure profiles.*at most 1000000.*logit_path"):
        sim.solve(sim.Tree({"chance": lots}), "sequential", "pure_assessments")


@given(data=st.data())
def test_every_answer_is_sequential(data):
    game = data.draw(trees(players=2, most=2, cells=2))
    solution = sim.solve(game, "sequential", "pure_assessments")
    assert not (solution.status == Status.refuted).any()
