from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.claim import EVERYWHERE
from sim.solution import Claim, Status, certify

CHICKEN = np.array([[[[0, 7], [2, 6]], [[0, 2], [7, 6]]]], dtype=float)


def claim(*profiles, complete=True, degenerate=False, status=Status.ok):
    strategy = np.array([profiles], dtype=float)
    return Claim(strategy, np.array([status], np.int8), np.array([complete]), np.array([degenerate]))


def test_a_true_claim_stands_with_values_and_outcomes():
    game = sim.NormalForm(CHICKEN)
    solution = certify(game, claim([[1, 0], [0, 1]], [[0, 1], [1, 0]], [[1 / 3, 2 / 3], [1 / 3, 2 / 3]]))
    assert solution.status[0] == Status.ok
    np.testing.assert_allclose([[7, 2], [2, 7], [14 / 3, 14 / 3]], solution.value[0])
    np.testing.assert_array_equal([1, 1, -1], solution.index[0])
    assert solution.complete[0]
    np.testing.assert_allclose([1 / 9, 2 / 9, 2 / 9, 4 / 9], solution.outcomes[0, 2])


def test_a_wrong_claim_is_refuted():
    solution = certify(sim.NormalForm(CHICKEN), claim([[1, 0], [1, 0]]))
    assert solution.status[0] == Status.refuted
    assert solution.regret[0, 0] == 2
    assert not solution.complete[0]


def test_one_wrong_answer_among_right_ones_refutes_the_cell():
    solution = certify(sim.NormalForm(CHICKEN), claim([[1, 0], [0, 1]], [[0.5, 0.5], [0.5, 0.5]]))
    assert solution.status[0] == Status.refuted


def test_completeness_is_not_believed_where_the_indices_do_not_sum_to_one():
    missing = claim([[1, 0], [0, 1]], [[0, 1], [1, 0]])
    solution = certify(sim.NormalForm(CHICKEN), missing)
    assert solution.status[0] == Status.ok
    assert not solution.complete[0]


def test_degenerate_cells_say_so():
    flat = sim.NormalForm(np.zeros((1, 2, 2, 2)))
    solution = certify(flat, claim([[1, 0], [1, 0]], [[1, 0], [0, 1]], degenerate=True))
    assert solution.status[0] == Status.degenerate
    np.testing.assert_array_equal([0, 0], solution.index[0])
    np.testing.assert_array_equal([0, 0], solution.component[0])


def test_nothing_claimed_is_nan_not_zero():
    strategy = np.full((1, 2, 2, 2), np.nan)
    nothing = Claim(strategy, np.array([Status.not_found], np.int8), np.array([False]), np.array([False]))
    solution = certify(sim.NormalForm(CHICKEN), nothing)
    assert solution.count[0] == 0
    assert np.isnan(solution.value).all()
    assert np.isnan(solution.outcomes).all()


def test_a_joint_distribution_has_its_own_values_and_outcomes():
    joint = np.array([[[[0, 0.5], [0.5, 0]]]])
    uniform = claim([[0.5, 0.5], [0.5, 0.5]])
    traffic_light = Claim(uniform.strategy, uniform.status, uniform.complete, uniform.degenerate, joint=joint)
    solution = certify(sim.NormalForm(CHICKEN), traffic_light, tolerance=np.inf)
    np.testing.assert_allclose([[4.5, 4.5]], solution.value[0])
    np.testing.assert_allclose([0, 0.5, 0.5, 0], solution.outcomes[0, 0])


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_a_sentence(status):
    assert len(status.sentence) > 10


def test_completeness_of_a_cell_does_not_depend_on_its_neighbours():
    """At 1e15 floats are an eighth apart and the index stays undefined: alone or not, no proof is no proof."""
    rounded = 1e15 + np.array([[[0.125], [0.0]], [[0.0], [0.0]]])
    clear = np.array([[[1.0], [0.0]], [[0.0], [0.0]]])
    both = sim.solve(sim.NormalForm([rounded, clear], ("A", "B")), "nash", "polynomial_supports")
    for cell, payoffs in enumerate((rounded, clear)):
        alone = sim.solve(sim.NormalForm([payoffs], ("A", "B")), "nash", "polynomial_supports")
        assert alone.complete[0] == both.complete[cell]
    assert both.complete.tolist() == [False, True]


def test_what_is_left_out_of_a_claim_is_solved_incomplete_and_not_degenerate():
    solution = certify(sim.NormalForm(CHICKEN), Claim(np.array([[[[1.0, 0], [0, 1]]]])))
    assert solution.status[0] == Status.ok
    assert not solution.complete[0]
    assert not solution.degenerate[0]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_payoffs_that_are_not_finite_are_seen_whatever_is_claimed(bad):
    payoffs = np.concatenate([CHICKEN, CHICKEN])
    payoffs[1, 0, 1, 1] = bad
    everywhere = np.tile([[1.0, 0], [0, 1]], (2, 1, 1, 1))
    joint = np.full((2, 1, 2, 2), 0.25)
    solution = certify(sim.NormalForm(payoffs), Claim(everywhere, complete=EVERYWHERE, degenerate=EVERYWHERE))
    assert list(solution.status) == [Status.degenerate, Status.nonfinite]
    assert list(solution.count) == [1, 0]
    assert list(solution.complete) == [True, False]
    assert list(solution.degenerate) == [True, False]
    assert np.isnan(solution.value[1]).all()
    drawn = certify(sim.NormalForm(payoffs), Claim(everywhere, joint=joint), tolerance=np.inf)
    assert np.isnan(drawn.outcomes[1]).all()


def test_a_sum_beyond_floats_is_no_payoff_beyond_floats():
    payoffs = np.full((2, 2, 2, 2), 1e308)
    payoffs[1, 0, 0, 0] = np.inf
    assert list(sim.NormalForm(payoffs).finite) == [True, False]
