"""Bounds of rounding: what floats compute is no further off the exact value than is said."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from sim.expression.errors import rounding_errors
from tests.formulas import NAMES, computed, formulas, long_decimals, program_of

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def bounded(text, inputs):
    """Value, error bound and exact value of a formula."""
    program, (step,) = program_of(text)
    (error,) = rounding_errors(program, [step], inputs)
    return computed(program, step, inputs), float(error), computed(program, step, inputs, exact=True)


@given(formulas, st.tuples(*[long_decimals] * 3))
def test_no_formula_is_further_off_than_its_bound(text, numbers):
    value, error, exact = bounded(text, dict(zip(NAMES, numbers, strict=True)))
    event(f"known: {np.isfinite(error)}")
    assume(np.isfinite(error) and np.isfinite(value))
    assert isinstance(exact, Fraction)
    assert abs(Fraction(value) - exact) <= Fraction(error)


@pytest.mark.parametrize(
    ("text", "largest"),
    [
        ("a + b", 1e-15),
        ("a*b*c", 1e-15),
        ("(a + 1e6) - 1e6", 1e-9),
        ("exp(a)", 1e-13),
        ("sqrt(b)", 1e-14),
        ("log(b)", 1e-13),
        ("b**a", 1e-13),
        ("c if a < b else 1/a", 1e-14),
        ("2 if 3 + 7 <= 5*2 else a", 0),
        ("c*0 + 4*5", 0),
    ],
)
def test_bounds_are_of_the_size_of_rounding(text, largest):
    value, error, exact = bounded(text, {"a": 0.1234567890123456, "b": 0.7, "c": 1 / 3})
    assert abs(Fraction(value) - exact) <= Fraction(error) <= largest


@pytest.mark.parametrize(
    "text",
    [
        "1 if a*3 == 0.3 else 0",  # 0.30000000000000004 in floats
        "1 if a + 0.2 <= 0.3 else 0",
        "not (a*3 - 0.3)",
        "1/(a*3 - 0.3)",
        "sqrt(a*3 - 0.3)",
        "log(a*3 - 0.3)",
        "(a*3 - 0.3)**0.5",
    ],
)
def test_nothing_is_known_where_a_condition_may_be_an_equality(text):
    assert not np.isfinite(bounded(text, {"a": 0.1, "b": 1.0, "c": 1.0})[1])


def test_each_cell_and_each_joint_action_has_its_bound():
    program, (step,) = program_of("a*b")
    table = program.table(np.array([[1.0, 0.1]]))
    scaled = program.add("*", (table, step))
    inputs = {"a": np.array([0.0, 1.0, 1e6]), "b": 0.7}
    (error,) = rounding_errors(program, [scaled], inputs)
    assert error.shape == (1, 2, 3)
    assert (error[..., 0] == 0).all()
    assert (error[0, 0, 2] > 1e5 * error[0, 0, 1]) & (error[0, 0, 1] > 0)


def test_fractions_are_rounded_even_where_their_float_is_whole():
    program, (step,) = program_of("a")
    written = np.array([Fraction(2**52) + Fraction(1, 10), Fraction(3)], dtype=object)
    (error,) = rounding_errors(program, [step], {"a": written})
    assert error[0] > 0.1
