"""Signals that mislead: published thresholds, the bridge to perfect monitoring, and laws."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.forms.repeated import misreading
from sim.solution import Status, certify
from sim.solvers.public_perfect import public_perfect
from tests.games import prisoners_dilemma

PD = prisoners_dilemma(2, 3, -1, 0)[np.newaxis]
AXELROD = np.array([[[[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]]]])


def solve(payoffs, discount, monitoring, solver=None):
    game = sim.Repeated(sim.NormalForm(payoffs), discount, monitoring=monitoring)
    return sim.solve(game, "public_perfect", solver)


def corners(solution):
    found = solution.claim.extra["payoff_set"][0]
    return found[~np.isnan(found[:, 0])]


def two_signals(both, one, none):
    """The good signal's probability where both, one or none of two players cooperate."""
    good = np.array([[both, one], [one, none]])
    return np.stack([good, 1.0 - good], axis=-1)


@pytest.mark.parametrize(("p", "q", "r"), [(0.9, 0.5, 0.2), (0.8, 0.3, 0.1), (0.95, 0.6, 0.5)])
def test_best_symmetric_payoff_of_the_noisy_prisoners_dilemma(p, q, r):
    """2 - (1 - p)/(p - q), from the discount 1/(3 p - 2 q) on (Mailath and Samuelson 2006, section 7.2)."""
    border = 1.0 / (3.0 * p - 2.0 * q)
    monitoring = two_signals(p, q, r)
    for discount in (border + 1e-6, 0.99):
        solution = solve(PD, discount, monitoring, "strongly_symmetric")
        best = solution.claim.extra["best_symmetric"][0]
        np.testing.assert_allclose(best, 2.0 - (1.0 - p) / (p - q), atol=1e-9)
        assert solution.count[0] == 2
    below = solve(PD, border - 1e-6, monitoring, "strongly_symmetric")
    assert below.claim.extra["best_symmetric"][0] == pytest.approx(0.0, abs=1e-9)
    assert below.count[0] == 1


def test_whole_set_holds_the_symmetric_payoffs_and_more():
    solution = solve(PD, 0.8, two_signals(0.9, 0.5, 0.2))
    assert solution.status[0] == Status.ok
    extra = solution.claim.extra
    np.testing.assert_allclose(extra["best_symmetric"][0], 1.75, atol=1e-9)
    assert extra["gap"][0] < 1e-3
    assert corners(solution).max() > 2.2
    assert extra["enforced"].all()


@pytest.mark.parametrize("discount", [0.3, 0.5, 0.9])
def test_signals_without_error_are_perfect_monitoring(discount):
    noisy = solve(PD, discount, misreading((2, 2), 0.0))
    exact = sim.solve(sim.Repeated(sim.NormalForm(PD), discount), "subgame_perfect")
    clear = sim.solve(sim.Repeated(sim.NormalForm(PD), discount), "public_perfect")
    assert noisy.complete[0]
    for other in (exact, clear):
        first, second = corners(noisy), corners(other)
        assert len(first) == len(second)
        assert max(np.abs(second - point).max(axis=1).min() for point in first) < 1e-9


def test_random_games_without_error_are_perfect_monitoring():
    draw = np.random.default_rng(2)
    for _ in range(6):
        payoffs = draw.integers(0, 5, (1, 2, 2, 3)).astype(float)
        noisy = solve(payoffs, 0.5, misreading((2, 3), 0.0))
        exact = corners(sim.solve(sim.Repeated(sim.NormalForm(payoffs), 0.5), "subgame_perfect"))
        if noisy.complete[0]:
            found = corners(noisy)
            assert all(np.abs(found - point).max(axis=1).min() < 1e-6 for point in exact)
            assert all(np.abs(exact - point).max(axis=1).min() < 1e-6 for point in found)


def test_a_rare_misreading_costs_the_gain_over_the_likelihood_ratio():
    """Reading both as defectors is (1 - e)/e times likelier after a deviation; Abreu, Milgrom, Pearce (1991)."""
    for error in (0.02, 0.05, 0.1):
        best = solve(AXELROD, 0.995, misreading((2, 2), error), "strongly_symmetric").claim.extra
        np.testing.assert_allclose(best["best_symmetric"], 3.0 - 2.0 * error / (1.0 - 2.0 * error), atol=1e-7)


def test_more_noise_is_never_better():
    errors = np.linspace(0.0, 0.4, 9)
    monitoring = misreading((2, 2), np.tile(errors[:, np.newaxis], 2))
    best = solve(AXELROD, 0.8, monitoring, "strongly_symmetric").claim.extra["best_symmetric"]
    assert (np.diff(best) <= 1e-9).all()
    assert best[0] == pytest.approx(3.0)
    assert best[-1] == pytest.approx(1.0)


def test_signals_that_say_nothing_leave_the_stage_game():
    solution = solve(AXELROD, 0.9, np.ones((2, 2, 1)))
    np.testing.assert_allclose(corners(solution), [[1.0, 1.0]], atol=1e-9)
    assert solution.complete[0]
    assert solution.claim.extra["enforced"][0].tolist() == [[False, False], [False, True]]


def test_three_players_are_read_as_well():
    contributes = np.stack(np.meshgrid(*[[1.0, 0.0]] * 3, indexing="ij"))
    payoffs = (0.5 * contributes.sum(axis=0) - contributes)[np.newaxis]
    clear = solve(payoffs, 0.7, misreading((2, 2, 2), 0.0), "strongly_symmetric")
    noisy = solve(payoffs, 0.7, misreading((2, 2, 2), 0.01), "strongly_symmetric")
    assert clear.claim.extra["best_symmetric"][0] == pytest.approx(0.5)
    assert 0.0 < noisy.claim.extra["best_symmetric"][0] < 0.5
    assert (noisy.status == Status.ok).all()


def test_players_who_differ_have_no_symmetric_play():
    solution = solve(np.array([[[[1.0, 0.0]], [[0.0, 1.0]]]]), 0.5, None, "strongly_symmetric")
    assert solution.status[0] == Status.not_found
    assert np.isnan(solution.claim.extra["best_symmetric"][0])


def test_a_set_that_signals_cannot_enforce_is_refuted():
    game = sim.Repeated(sim.NormalForm(PD), 0.8, monitoring=two_signals(0.9, 0.5, 0.2))
    claim = public_perfect(game)
    claim.extra["payoff_set"][0, 0] += 0.3
    assert certify(game, claim, "public_perfect").status[0] == Status.refuted
    claim = public_perfect(game)
    claim.extra["payoff_set"][:] = 0.0  # enforces defection only
    assert certify(game, claim, "public_perfect").status[0] == Status.refuted
