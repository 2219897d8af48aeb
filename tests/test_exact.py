"""The exact path: published games, reading of decimals, and both arithmetics agree."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from sim.kernels.bimatrix.exact import decide, extreme_equilibria, maximal_subsets, whole_payoffs
from tests.solvers.bimatrix import BIMATRIX, draw_payoffs, expected, fractions


def as_set(rational, shape):
    return {
        tuple(tuple(pair[i][: shape[i]]) for i in range(2)) for pair in rational if pair[0][0] is not None
    }


def decide_fractions(payoffs):
    return decide(payoffs.astype(float), lambda cells: payoffs[cells], decimals=False, fractions=True)


@pytest.mark.parametrize("case", BIMATRIX, ids=lambda case: case["name"])
def test_published_games_have_their_extreme_equilibria_and_maximal_subsets(case):
    payoffs = np.stack([fractions(case["A"]), fractions(case["B"])])[np.newaxis]
    decided = decide_fractions(payoffs)
    assert as_set(decided.rational[0], payoffs.shape[2:]) == expected(case)
    assert decided.count[0] == case["expected"]["n_extreme_equilibria"]
    assert decided.degenerate[0] == case["expected"]["degenerate"]
    assert decided.complete[0]
    subsets = maximal_subsets(decided.rational[0, : decided.count[0]])
    assert len(subsets) == case["expected"]["n_maximal_nash_subsets"]


@pytest.mark.parametrize("family", ["decimals", "integers", "signs"])
@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (3, 2), (3, 3), (2, 5), (4, 4)])
def test_machine_integers_and_big_integers_agree(family, shape):
    payoffs = draw_payoffs(family, 20, shape, seed=3)
    decided = decide(payoffs, lambda _: pytest.fail("short decimals"), decimals=True, fractions=True)
    for cell, game in enumerate(payoffs):
        exact = [whole_payoffs(fractions(player.tolist())) for player in game]
        found, degenerate = extreme_equilibria(*exact)
        pairs = [
            tuple(tuple(Fraction(number, sum(numerators)) for number in numerators) for numerators in pair)
            for pair in found
        ]
        here = decided.rational[cell, : decided.count[cell]]
        assert [tuple(tuple(pair[i, : shape[i]]) for i in range(2)) for pair in here] == pairs
        assert decided.degenerate[cell] == degenerate


def test_a_float_is_read_as_the_decimal_it_shows():
    payoffs = np.array([[[[0.1, 0.3], [0.2, 0.2]], [[0.7, 0.1], [0.1, 0.4]]]])
    decided = decide(payoffs, lambda _: pytest.fail("short decimals"), decimals=True, fractions=True)
    assert as_set(decided.rational[0], (2, 2)) == {
        ((Fraction(1, 3), Fraction(2, 3)), (Fraction(1, 2), Fraction(1, 2)))
    }


def test_the_exact_source_overrules_the_floats():
    # 0.1 * 3 - 0.3 is 5.6e-17 in floats, and nothing in the scenario that wrote it
    floats = np.array([[[[0.1 * 3 - 0.3], [0.0]], [[1.0], [1.0]]]])
    meant = np.array([[[[Fraction(0)], [Fraction(0)]], [[Fraction(1)], [Fraction(1)]]]], dtype=object)
    decided = decide(floats, lambda cells: meant[cells], decimals=False)
    assert decided.degenerate[0]
    assert decided.count[0] == 2


def test_numbers_beyond_64_bits_are_decided_by_big_integers():
    payoffs = np.random.default_rng(1).random((1, 2, 5, 5)) * 1e200
    exact = np.vectorize(lambda number: Fraction(repr(float(number))), otypes=[object])(payoffs)
    decided = decide(payoffs, lambda cells: exact[cells], decimals=True, fractions=True)
    assert decided.count[0] % 2 == 1
    for pair in decided.rational[0, : decided.count[0]]:
        gains = exact[0, 0] @ pair[1], pair[0] @ exact[0, 1]
        assert all(max(gain) == gain @ pair[i] for i, gain in enumerate(gains))


def test_maximal_subsets_of_a_game_of_ties_are_one_product():
    decided = decide(np.zeros((1, 2, 2, 3)), lambda _: pytest.fail("short decimals"), decimals=True)
    assert decided.count[0] == 6
    [(members, xs, ys)] = maximal_subsets(decided.strategy[0])
    assert (members, len(xs), len(ys)) == ([0, 1, 2, 3, 4, 5], 2, 3)


def best_in_all(game, x, y):
    """Whether each of the strategies ``x`` is a best reply to each of ``y`` and the other way round."""
    for first in x:
        for second in y:
            row, column = game[0] @ second, first @ game[1]
            if max(row) != first @ row or max(column) != column @ second:
                return False
    return True


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (4, 3)])
def test_maximal_subsets_are_products_of_equilibria_and_no_larger_one_is(shape):
    """Avis, Rosenberg, Savani and von Stengel (2010), section 2, by the definition, in fractions."""
    payoffs = np.random.default_rng(8).integers(-1, 2, (25, 2, *shape)).astype(object)
    decided = decide_fractions(np.vectorize(Fraction, otypes=[object])(payoffs))
    several = 0
    for cell, game in enumerate(payoffs):
        strategies = decided.rational[cell, : decided.count[cell]]
        x, y = [pair[0, : shape[0]] for pair in strategies], [pair[1, : shape[1]] for pair in strategies]
        subsets = maximal_subsets(strategies)
        assert {k for members, _, _ in subsets for k in members} == set(range(len(strategies)))
        for members, xs, ys in subsets:
            several += len(members) > 1
            assert best_in_all(game, [x[k] for k in xs], [y[k] for k in ys])
            for k in range(len(strategies)):
                assert k in members or not best_in_all(
                    game, [x[i] for i in (*xs, k)], [y[j] for j in (*ys, k)]
                )
    assert several > 10
