"""Case by case formulas are polynomials: the right one wherever the guards say so."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given

from sim.polynomials import NoCasesError, PolynomialReader, TooManyTermsError, cases
from tests.formulas import NAMES, computed, formulas, program_of
from tests.polynomials.test_reading import numbers

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def at(polynomial, where):
    return sum(
        (
            c * np.prod([where[name] ** power for name, power in monomial] or [1])
            for monomial, c in polynomial.terms.items()
        ),
        Fraction(0),
    )


def found_cases(*texts):
    program, steps = program_of(*texts)
    reader = PolynomialReader(program, {})
    table = np.array([[reader.read(step, ()) for step in steps]], object)
    return list(cases(table, reader.atoms)), program, steps


@given(formulas, numbers)
def test_one_case_holds_and_has_the_value_but_for_a_positive_scale(text, given_numbers):
    try:
        found, program, (step, _) = found_cases(text, "1")
    except (NoCasesError, TooManyTermsError, ValueError):
        assume(False)
    inputs = dict(zip(NAMES, given_numbers, strict=True))
    where = {name: Fraction(str(number)) for name, number in inputs.items()}
    exact = computed(program, step, inputs, exact=True)
    assume(isinstance(exact, Fraction))
    values = [[at(guard, where) for guard in case.guards] for case in found]
    assume(all(value != 0 for each in values for value in each))
    holding = [case for case, each in zip(found, values, strict=True) if all(value > 0 for value in each)]
    assert holding
    for case in holding:
        scale = at(case.payoffs[0, 1], where)
        assert scale > 0
        assert at(case.payoffs[0, 0], where) / scale == exact


def test_a_conditional_has_two_cases():
    found, _, _ = found_cases("a if a > b else 2*b")
    assert len(found) == 2


def test_ties_everywhere_are_no_cases():
    found, _, _ = found_cases("min(a + b, b + a) + abs(a - a) + (1 if a - a >= 0 else 0)")
    assert len(found) == 1
    assert found[0].guards == ()


def test_quotients_are_multiplied_up_within_quotients():
    found, _, _ = found_cases("1 / (1 + a / b)", "1")
    where = {"a": Fraction(1), "b": Fraction(3), "c": Fraction(0)}
    (case,) = [case for case in found if all(at(guard, where) > 0 for guard in case.guards)]
    assert at(case.payoffs[0, 0], where) / at(case.payoffs[0, 1], where) == Fraction(3, 4)


def test_what_is_no_polynomial_is_told():
    with pytest.raises(NoCasesError, match="exp of what varies"):
        found_cases("exp(a)")
