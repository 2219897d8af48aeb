"""The laws of a ring, and that equal polynomials are one."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.polynomials import Polynomial, TooManyTermsError

X, Y, ONE = Polynomial.variable("x"), Polynomial.variable("y"), Polynomial.number(1)


def combined(inner):
    return st.one_of(
        st.builds(lambda a, b: a + b, inner, inner),
        st.builds(lambda a, b: a - b, inner, inner),
        st.builds(lambda a, b: a * b, inner, inner),
    )


polynomials = st.recursive(
    st.one_of(st.sampled_from([X, Y]), st.fractions(-3, 3, max_denominator=5).map(Polynomial.number)),
    combined,
    max_leaves=6,
)


@given(polynomials, polynomials, polynomials)
def test_sums_and_products_are_those_of_a_ring(a, b, c):
    assert a + b == b + a
    assert a * b == b * a
    assert a * (b + c) == a * b + a * c
    assert (a - a).is_zero
    assert a**2 == a * a
    assert hash(a + b) == hash(b + a)
    assert all((a * b + c).terms.values())


@given(polynomials, st.integers(0, 96), st.integers(0, 96))
def test_the_value_modulo_a_prime_is_that_of_the_whole_coefficients(a, x, y):
    at = {"x": x, "y": y}
    factor = a.denominator
    total = Fraction(0)
    for monomial, coefficient in a.terms.items():
        product = Fraction(coefficient)
        for name, exponent in monomial:
            product *= at[name] ** exponent
        total += product
    assert (total * factor).denominator == 1
    assert a.whole(factor).modulo(97, at.__getitem__) == int(total * factor) % 97


def test_what_a_polynomial_says_of_itself():
    assert (X * Y + Polynomial.number(Fraction(1, 6))).denominator == 6
    assert (X * Y - X).variables == {"x", "y"}
    assert (X - X + ONE).constant == 1
    assert (X - X).constant == 0
    assert X.constant is None
    assert (X + ONE).constant is None
    assert X**0 == ONE


def test_a_product_of_too_many_terms_is_refused():
    many = Polynomial({((f"x{k}", 1),): 1 for k in range(200)})
    with pytest.raises(TooManyTermsError):
        many * many
