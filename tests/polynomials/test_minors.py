"""Minors that are zero wherever one looks, against the definition of a determinant."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, permutations
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kernels.bimatrix.exact import none_tied
from sim.kernels.bimatrix.support_enumeration import both_subsets
from sim.polynomials import Polynomial, minors, vanishing_minors

X, Y = Polynomial.variable("x"), Polynomial.variable("y")
ENTRIES = [Polynomial.number(0), Polynomial.number(Fraction(1, 3)), X, X + Y, X * Y, X - Y, Y]
matrices = st.tuples(st.integers(1, 3), st.integers(1, 4)).flatmap(
    lambda shape: st.lists(
        st.lists(st.sampled_from(ENTRIES), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    )
)


def determinant(rows):
    """By the definition of Leibniz."""
    total = Polynomial.number(0)
    for order in permutations(range(len(rows))):
        odd = sum(a > b for a, b in combinations(order, 2)) % 2
        product = prod(
            (row[column] for row, column in zip(rows, order, strict=True)), start=Polynomial.number(1)
        )
        total = total - product if odd else total + product
    return total


def by_definition(gain):
    own, other = both_subsets(len(gain), len(gain[0]))
    found = []
    for size in range(1, min(len(gain), len(gain[0]) - 1) + 1):
        for s in range(own.start[size], own.start[size + 1]):
            for u in range(other.start[size + 1], other.start[size + 2]):
                columns = other.member[u, : size + 1]
                rows = [[gain[i][j] for j in columns] for i in own.member[s, :size]]
                found.append(determinant([[Polynomial.number(1)] * (size + 1), *rows]).is_zero)
    return found


@given(matrices)
def test_minors_vanish_where_their_determinant_has_no_terms(gain):
    found = vanishing_minors(gain)
    assert found.tolist() == by_definition(gain)
    assert found.shape == none_tied(len(gain), len(gain[0])).shape


def test_equal_replies_tie_and_others_do_not():
    gain = [[X, X, Y], [Y, Y, X * X]]
    assert vanishing_minors(gain).tolist() == [True, False, False, True, False, False, True]


def test_minors_that_take_too_much_writing_are_left_open(monkeypatch):
    gain = [[Polynomial.number(0), X, Y, X]] * 2
    assert (
        vanishing_minors(gain).sum() == 2 + 4
    )  # the second and the last reply for each action, and all of two
    monkeypatch.setattr(minors, "MOST_WORK", 1)
    assert not vanishing_minors(gain).any()


@pytest.mark.parametrize("shape", [(1, 1), (3, 1)])
def test_one_reply_leaves_nothing_to_tie(shape):
    gain = [[X] * shape[1] for _ in range(shape[0])]
    assert vanishing_minors(gain).size == 0
