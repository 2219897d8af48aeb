"""Signs from floats and residues: primes, error bounds, and the last word left to big integers."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from math import isqrt

import numpy as np
import pytest

from sim.kernels.bimatrix.exact import extreme_equilibria, in_residues, whole_payoffs
from sim.kernels.bimatrix.residues import error_bound, primes
from sim.kernels.bimatrix.vertex_enumeration import BEYOND, DECIDED
from tests.solvers.bimatrix import fractions


def decide(games):
    numbers = {cell: np.stack([whole_payoffs(player) for player in game]) for cell, game in enumerate(games)}
    return in_residues(np.zeros((len(games), *games[0].shape), np.int64), numbers)


def rounded(rows):
    return sorted(tuple(np.round(row, 9) + 0.0) for row in rows)


@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (3, 2), (3, 5), (4, 4), (6, 2), (5, 5)])
def test_agrees_with_big_integers_on_degenerate_games_of_long_numbers(shape):
    random = np.random.default_rng(5)
    games = []
    for cell in range(12):
        payoffs = random.random((2, *shape))
        if cell % 3 == 0:
            payoffs[0, -1] = payoffs[0, 0]
        if cell % 3 == 1:
            payoffs[1, :, -1] = payoffs[1, :, 0]
        games.append(np.stack([fractions(player.tolist()) for player in payoffs]))
    verdict, degenerate, number, found = decide(games)
    assert (verdict == DECIDED).all()
    at = 0
    for cell, game in enumerate(games):
        pairs, surplus = extreme_equilibria(*map(whole_payoffs, game))
        exact = [[Fraction(p, sum(strategy)) for strategy in pair for p in strategy] for pair in pairs]
        rows = found[at : at + number[cell]]
        assert rounded(rows) == rounded(np.array(exact, dtype=float))
        assert degenerate[cell] == surplus
        at += number[cell]


@pytest.mark.parametrize("places", [12, 15, 18])
def test_thin_margins_that_fit_in_64_bits_are_decided(places):
    tiny = Fraction(1, 10**places)
    thin = np.array([[[1, 0], [1, tiny]], [[1, 0], [0, 1]]], dtype=object) * Fraction(1)
    reversed_ = thin.copy()
    reversed_[0, 1, 1] = -tiny
    verdict, degenerate, number, _ = decide([thin, reversed_])
    assert (verdict == DECIDED).all()
    assert degenerate.all()
    assert number.tolist() == [
        len(extreme_equilibria(*map(whole_payoffs, game))[0]) for game in (thin, reversed_)
    ]


def test_strategies_that_floats_would_get_wrong_are_left_undecided():
    random = np.random.default_rng(8)
    games = []
    for _ in range(40):
        payoffs = np.round(random.random((2, 3, 3)), 3)
        payoffs[0, 1] = payoffs[0, 0] + np.round(random.normal(size=3), 2) * 10.0 ** -random.integers(3, 12)
        payoffs[1, :, 2] = payoffs[1, :, 1]
        games.append(np.stack([fractions(player.tolist()) for player in payoffs]))
    verdict, _, number, found = decide(games)
    at = 0
    for cell in np.nonzero(verdict == DECIDED)[0]:
        pairs, _ = extreme_equilibria(*map(whole_payoffs, games[cell]))
        exact = [[Fraction(p, sum(strategy)) for strategy in pair for p in strategy] for pair in pairs]
        assert rounded(found[at : at + number[cell]]) == rounded(np.array(exact, dtype=float))
        at += number[cell]
    assert 0 < (verdict == BEYOND).sum() < 40


def test_a_probability_too_small_for_floats_is_left_undecided():
    # player 1 plays his second action with probability 2.4e-18
    first = [[1999999998, -2000000000, 1], [-999999998, 1999999999, -2], [0, -1000000000, -999999998],
             [-2000000001, 1, 2000000001], [0, -2000000001, 2000000001]]  # fmt: skip
    second = [[999999998, -2000000002, 2], [999999999, 2, -1000000000], [1000000002, 2000000000, -2000000002],
              [-999999998, -1, -1999999998], [-1, 2, 0]]  # fmt: skip
    assert decide([np.array([first, second], dtype=object) * Fraction(1)])[0].tolist() == [BEYOND]


def test_what_is_small_and_not_zero_is_left_undecided():
    tiny = Fraction(1, 10**40)
    games = [np.array([[[1, 0], [1, tiny]], [[1, 0], [0, 1]]], dtype=object) * Fraction(1)]
    assert decide(games)[0].tolist() == [BEYOND]


def test_primes_are_prime_and_as_large_as_promised():
    for prime in primes()[:24].tolist():
        assert 2**30.99 < prime < 2**31
        assert all(prime % divisor for divisor in range(2, isqrt(prime) + 1))


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_error_bound_covers_expansion_in_floats(size):
    random = np.random.default_rng(size)
    for _ in range(20):
        matrix = random.uniform(-1, 1, (size, size + 1))
        exact, floats = Fraction(0), 0.0
        for order in permutations(range(size + 1)):
            inversions = sum(a > b for i, a in enumerate(order) for b in order[i + 1 :])
            term, product = Fraction((-1) ** inversions), float((-1) ** inversions)
            for row, column in enumerate(order[1:]):
                term *= Fraction(float(matrix[row, column]))
                product *= matrix[row, column]
            exact, floats = exact + term, floats + product
        assert abs(Fraction(floats) - exact) < error_bound(size)
