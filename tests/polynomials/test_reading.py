"""What the formulas of a program are as polynomials: the same values, and the same where they are equal."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.expression.operations import EXACT
from sim.polynomials import Polynomial, PolynomialReader
from tests.formulas import NAMES, computed, formulas, polynomial_formulas, program_of

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")
numbers = st.tuples(*[st.integers(-300, 300).map(lambda number: number / 100)] * 3)


def value(polynomial, reader, at):
    """The value of a polynomial, its atoms computed first."""
    total = Fraction(0)
    for monomial, coefficient in polynomial.terms.items():
        product = Fraction(coefficient)
        for name, exponent in monomial:
            if name in at:
                number = at[name]
            else:
                operation, arguments = reader.atoms[name]
                number = EXACT[operation](*(value(argument, reader, at) for argument in arguments))
            assume(isinstance(number, Fraction))
            product *= number**exponent
        total += product
    return total


def read(*texts, **fixed):
    program, steps = program_of(*texts)
    reader = PolynomialReader(program, {name: Fraction(number) for name, number in fixed.items()})
    return [reader.read(step, ()) for step in steps], reader


@given(formulas, numbers)
def test_a_polynomial_has_the_value_of_its_formula(text, numbers):
    program, (step,) = program_of(text)
    inputs = dict(zip(NAMES, numbers, strict=True))
    exact = computed(program, step, inputs, exact=True)
    assume(isinstance(exact, Fraction))
    reader = PolynomialReader(program, {})
    try:
        polynomial = reader.read(step, ())
    except ValueError:  # a number in it is undefined
        assume(False)
    at = {name: Fraction(str(number)) for name, number in inputs.items()}
    assert value(polynomial, reader, at) == exact


@given(polynomial_formulas, numbers)
def test_fixed_inputs_are_numbers(text, numbers):
    at = {name: Fraction(str(number)) for name, number in zip(NAMES, numbers, strict=True)}
    (polynomial,), reader = read(text, **at)
    assert polynomial.constant == value(polynomial, reader, {})
    assert not reader.atoms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("(a + b)**2", "a*a + 2*a*b + b**2"),
        ("a - 0.1*a", "0.9*a"),
        ("(a + b)/3 - a/3", "b/3"),
        ("min(a + b, c)*2", "min(b + a, c) + min(a + b, c*1)"),
        ("(a if b > 0 else c) - a + a", "(a + 0 if b > 0 else c)"),
        ("a if 1 < 2 else sqrt(b)", "a"),
        ("max(2, 3) + a", "3 + a"),
    ],
)
def test_equal_formulas_are_the_same_polynomial(one, other):
    (first, second), _ = read(one, other)
    assert (first - second).is_zero


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a/b", "b/a"),
        ("min(a, b)", "max(a, b)"),
        ("a**b", "b**a"),
        ("a**21", "a**22"),
        ("a < b", "b < a"),
        ("a**-1", "a**-2"),
    ],
)
def test_different_atoms_are_kept_apart(one, other):
    (first, second), reader = read(one, other)
    assert not (first - second).is_zero
    assert len(reader.atoms) == 2


def test_a_step_over_joint_actions_is_read_at_each():
    program, (step,) = program_of("a")
    table = program.table(np.array([[1.0, 0.1]]))
    scaled = program.add("*", (table, step))
    picked = program.add("pick", (scaled,), (0, 1))
    reader = PolynomialReader(program, {})
    a = Polynomial.variable("a")
    assert reader.read(scaled, (2, 0)) == a
    assert (
        reader.read(scaled, (2, 1)) == reader.read(picked, (0, 0)) == Polynomial.number(Fraction(1, 10)) * a
    )


def test_a_long_sum_is_read():
    (polynomial,), _ = read(" + ".join(["a"] * 490))
    assert polynomial == Polynomial.number(490) * Polynomial.variable("a")


@pytest.mark.parametrize("text", ["a + 1/0", "log(0 - 1)*b"])
def test_undefined_numbers_are_refused(text):
    with pytest.raises(ValueError, match="no number"):
        read(text)
