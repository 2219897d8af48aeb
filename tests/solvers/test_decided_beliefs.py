"""Trees in which beliefs follow from play everywhere: all sequential equilibria, those that mix off the path as well."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.claim import Status
from sim.solvers.methods.agent_form import beliefs_follow, by_supports, surely_met
from tests.forms.test_tree import BEER
from tests.solvers.test_agent_supports import drawn, plays


def entry(first, inside):
    """A may stay out, ``first (3,)``; else B and C choose at once: ``inside (2, 2, 3)``."""
    tree = {
        "A": {
            "out": tuple(first),
            "in": {
                "B": {
                    b: {"C": {c: tuple(inside[i][j]) for j, c in enumerate("lr")}} for i, b in enumerate("ud")
                }
            },
        }
    }
    return sim.Tree(tree, ("A", "B", "C"))


@pytest.mark.parametrize("seed", range(12))
def test_each_equilibrium_of_the_subgame_with_the_best_that_precedes_it(seed):
    """By hand: A enters where the equilibrium of B and C that follows brings more than staying out."""
    rng = np.random.default_rng(seed)
    first, inside = rng.random(3).round(4), rng.random((2, 2, 3)).round(4)
    follows = sim.solve(sim.NormalForm(inside[..., 1:].transpose(2, 0, 1)))
    assert follows.complete[0]
    expected = []
    for own in follows.strategy[0, : follows.count[0]]:
        worth = np.einsum("a,b,ab->", own[0], own[1], inside[..., 0])
        expected.append([[float(worth < first[0]), float(worth > first[0])], *own.tolist()])
    solution = sim.solve(entry(first, inside), "sequential")
    assert solution.complete[0]
    assert solution.status[0] == Status.ok
    found = plays(solution.strategy[0])
    np.testing.assert_allclose(found, sorted(np.array(one).ravel().tolist() for one in expected), atol=1e-6)


def test_threats_that_mix_are_found_where_play_never_comes():
    """A stays out of a fight in which the others mix, which pure assessments do not list."""
    pennies = np.array([[[0, 1, -1], [0, -1, 1]], [[0, -1, 1], [0, 1, -1]]])
    game = entry((1, 0, 0), pennies)
    assert sim.solve(game, "sequential", "pure_assessments").count[0] == 0
    solution = sim.solve(game, "sequential")
    assert solution.complete[0]
    assert plays(solution.strategy[0]) == [[1, 0, 0.5, 0.5, 0.5, 0.5]]
    assert solution.claim.extra["belief"][0, 0].tolist() == [1, 1, 0.5, 0.5]


def test_what_is_found_without_any_set_missed_is_the_same():
    """Where play comes to everybody the weights are those of how likely nodes are."""
    game = drawn(5, 10, (2, 1, 2), (2, 2, 2))
    assert surely_met(game).all()
    assert beliefs_follow(game).all()
    solution = sim.solve(game, "sequential", "decided_beliefs")
    other = sim.solve(game, "sequential", "agent_supports")
    np.testing.assert_array_equal(solution.count, other.count)
    np.testing.assert_allclose(solution.claim.extra["belief"], other.claim.extra["belief"])


def test_trees_with_perfect_information_are_those_of_backward_induction():
    rng = np.random.default_rng(3)
    for _ in range(5):
        ends = [tuple(row) for row in rng.random((6, 3)).round(4)]
        last = {"C@in, u": {"l": ends[0], "r": ends[1]}}
        other = {"chance": {"high": (0.3, ends[2]), "low": (0.7, {"C@in, d": {"l": ends[3], "r": ends[4]}})}}
        game = sim.Tree({"A": {"out": ends[5], "in": {"B": {"u": last, "d": other}}}}, ("A", "B", "C"))
        back, here = (
            sim.solve(game, "sequential", name) for name in ("backward_induction", "decided_beliefs")
        )
        assert here.complete[0]
        assert plays(here.strategy[0]) == plays(back.strategy[0])


def test_draws_that_nobody_answered_are_believed_as_they_are_drawn():
    """B cannot tell what chance drew, and A did not know it: off the path B believes the odds of chance."""

    def after(a, b):
        return {"B": {"fight": a, "yield": b}}

    tree = {
        "A": {
            "out": (2, 2, 0),
            "in": {
                "chance": {
                    "strong": (0.25, after((1, -4, 0), (3, 0, 0))),
                    "weak": (0.75, after((-1, 1, 0), (3, 0, 0))),
                }
            },
        }
    }
    game = sim.Tree(tree, ("A", "B", "C"))
    solution = sim.solve(game, "sequential")
    assert solution.complete[0]
    np.testing.assert_allclose(solution.claim.extra["belief"][0, :, -2:], [[0.25, 0.75]])
    # to fight is worth 0.25 * -4 + 0.75 = -0.25, to yield 0: A goes in
    assert plays(solution.strategy[0]) == [[0, 1, 0, 1]]


def test_where_trembles_leave_several_beliefs_it_is_refused():
    with pytest.raises(ValueError, match="trembles leave several beliefs to R"):
        sim.solve(BEER, "sequential", "decided_beliefs")
    assert not beliefs_follow(BEER).all()


@pytest.mark.parametrize("seed", range(4))
def test_two_players_are_as_by_their_sequences(seed):
    """Another theorem: all extreme Nash equilibria, each with beliefs that support it."""
    rng = np.random.default_rng(seed)
    inside = rng.random((2, 2, 2)).round(3)
    after = {b: {"A@in": {c: tuple(inside[i, j]) for j, c in enumerate("lr")}} for i, b in enumerate("ud")}
    game = sim.Tree({"A": {"out": tuple(rng.random(2).round(3)), "in": {"B": after}}}, ("A", "B"))
    here = sim.solve(game, "sequential", "decided_beliefs")
    there = sim.solve(game, "sequential", "nash_with_beliefs")
    assert here.complete[0]
    assert there.count[0]
    for play in plays(there.strategy[0]):
        assert any(np.allclose(play, own, atol=1e-6) for own in plays(here.strategy[0]))
    assert by_supports(game).complete[0]
