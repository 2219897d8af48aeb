"""Trees in fractions: probabilities, beliefs, values and outcomes, where solvers decide exactly."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.output.as_json import assessed, exact_answers, subsets
from tests.draw import trees
from tests.forms.test_tree import BEER


def test_beer_and_quiche_in_fractions():
    """Cho and Kreps (1987): quiche must come from a wimp with one half or more."""
    solution = sim.solve(BEER, "sequential", "pure_assessments", exact=True)
    first = exact_answers(solution)[0]
    assert first.values == [Fraction(29, 10), Fraction(9, 10)]
    assert sum(first.outcomes) == 1
    known = assessed(solution, 0, 0, exact=True)
    never = [label for label, reach in known["reach"].items() if reach == 0]
    assert [sorted(known["beliefs"][label].values()) for label in never] == [
        [[0, Fraction(1, 2)], [Fraction(1, 2), 1]]
    ]
    assert sorted(set(known["reach"].values())) == [0, Fraction(1, 10), Fraction(9, 10), 1]


def test_thirds_are_thirds_in_mixed_play():
    """Myerson (1991), figure 2.1, in thirds of a unit: the bluff is one in three and so is the value."""
    third = Fraction(1, 3)
    raised = {
        card: {"Alice@raise": {"Meet": (win, -win), "Pass": (third, -third)}}
        for card, win in (("red", 2 * third), ("black", -2 * third))
    }
    game = sim.Tree(
        {
            "chance": {
                "red": (Fraction(1, 2), {"Fred@red": {"Raise": raised["red"], "Fold": (third, -third)}}),
                "black": (
                    Fraction(1, 2),
                    {"Fred@black": {"Raise": raised["black"], "Fold": (-third, third)}},
                ),
            }
        },
        players=("Fred", "Alice"),
    )
    solution = sim.solve(game, "nash", exact=True)
    (answer,) = exact_answers(solution)
    assert answer.values == [Fraction(1, 9), Fraction(-1, 9)]
    assert [Fraction(1, 3), Fraction(2, 3)] in answer.strategy
    known = assessed(solution, 0, 0, exact=True)
    assert list(known["beliefs"]["Alice@raise"].values()) == [[Fraction(3, 4)] * 2, [Fraction(1, 4)] * 2]
    assert subsets(solution) == [([0], [0], [0])]


@pytest.mark.parametrize("solver", ["pure_assessments", "backward_induction", "sequence_form"])
def test_a_gain_below_what_floats_tell_is_a_gain(solver):
    """Staying out is worse by 1e-30: floats see a tie, fractions do not."""
    hair = Fraction(1) + Fraction(1, 10**30)
    game = sim.Tree({"Entrant": {"out": (1, 2), "in": {"Owner@in": {"share": (hair, 1), "fight": (-1, -1)}}}})
    concept = "nash" if solver == "sequence_form" else "sequential"
    solution = sim.solve(game, concept, solver, exact=True)
    entering = solution.claim.extra["rational"][0, : solution.count[0], 0, 1]
    assert 1 in entering
    if concept == "sequential":
        assert entering.tolist() == [1]
    else:  # a threat to fight with next to no chance is enough
        fights = solution.claim.extra["rational"][0, : solution.count[0], 1, 1]
        assert min(fights[entering == 0]) == 1 - Fraction(2) / (1 + hair)


@given(data=st.data())
def test_fractions_and_floats_agree(data):
    game = data.draw(trees(players=2, most=2, cells=1))
    plain = sim.solve(game, "sequential", "pure_assessments")
    exact = sim.solve(game, "sequential", "pure_assessments", exact=True)
    assert plain.count.tolist() == exact.count.tolist()
    told = exact.claim.extra["rational_beliefs"][0].astype(float)
    for row, name in enumerate(("belief", "belief_low", "belief_high")):
        np.testing.assert_allclose(plain.claim.extra[name][0], told[:, row], atol=1e-12)
    for k, answer in enumerate(exact_answers(exact)):
        np.testing.assert_allclose(exact.value[0, k], np.array(answer.values, float), atol=1e-12)
        np.testing.assert_allclose(exact.outcomes[0, k], np.array(answer.outcomes, float), atol=1e-12)


@given(data=st.data())
def test_mixed_play_in_fractions_is_what_floats_show(data):
    game = data.draw(trees(players=2, most=2, cells=1))
    solution = sim.solve(game, "nash", "sequence_form", exact=True)
    rational = solution.claim.extra["rational"][0]
    np.testing.assert_allclose(solution.strategy[0], rational.astype(float), atol=1e-12)
    for k, answer in enumerate(exact_answers(solution)):
        np.testing.assert_allclose(solution.value[0, k], np.array(answer.values, float), atol=1e-12)
        for shares in answer.strategy:
            assert sum(shares) == 1
