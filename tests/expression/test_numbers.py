"""Numbers keep what was written: a float where it tells that, else a fraction."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.expression import FormulaError, Program, is_masked, numbers_as_written, parse, read_number, written
from sim.expression.numbers import fraction

BEYOND = 2**53 + 1  # the first whole number that no float tells


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.1", 0.1),
        ("1_000.5", 1000.5),
        (" -3/4 ", -0.75),
        ("+ 2", 2.0),
        ("1/3", Fraction(1, 3)),
        ("0.5/3", Fraction(1, 6)),
        ("0.10000000000000000001", Fraction("0.10000000000000000001")),
        ("0.10000000000000000000000", 0.1),
        (str(BEYOND), Fraction(BEYOND)),
        ("1e20", 1e20),
        ("0e9999", 0.0),
    ],
)
def test_texts_are_the_numbers_they_say(text, number):
    found = read_number(text)
    assert found == number
    assert type(found) is type(number)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no number"),
        ("nan", "no number"),
        ("inf", "no number"),
        ("1/3/5", "no number"),
        ("1 2", "no number"),
        ("prize", "no number"),
        ("0x10", "no number"),
        ("\u0663", "no number"),
        ("1/0", "division by zero"),
        ("1e500", "too large"),
        ("1e-500", "too small"),
        ("1e999999999999", "too large"),
        ("1" * 401, "at most 400"),
    ],
)
def test_what_is_no_number_is_told_so(text, message):
    with pytest.raises(ValueError, match=message):
        read_number(text)


@given(st.fractions())
def test_floats_stand_only_for_the_decimals_they_show(number):
    found = written(number)
    assert fraction(found) == number
    assert isinstance(found, Fraction) == (Fraction(repr(float(number))) != number)


@pytest.mark.parametrize(
    "number", [Decimal("0.1"), np.int64(7), np.uint64(7), np.float32(0.5), np.longdouble("0.1"), True]
)
def test_numbers_of_other_kinds_become_floats_where_floats_tell_them(number):
    assert isinstance(written(number), float)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ([BEYOND, 0.5], Fraction(BEYOND)),
        ([BEYOND, 0], Fraction(BEYOND)),
        (np.array([BEYOND, 0]), Fraction(BEYOND)),
        (np.array([2**63 + 1], dtype=np.uint64), Fraction(2**63 + 1)),
        ([Fraction(1, 3), 0], Fraction(1, 3)),
        ([Decimal("0.1000000000000000000001")], Fraction("0.1000000000000000000001")),
        ([np.array([BEYOND]), np.array([0.5])], Fraction(BEYOND)),
    ],
)
def test_arrays_keep_what_floats_round(value, number):
    found = numbers_as_written(value)
    assert found.dtype == object
    assert found.flat[0] == number


def test_arrays_of_floats_are_taken_as_they_are():
    floats = np.array([0.1, 1e300])
    assert numbers_as_written(floats) is floats
    assert numbers_as_written([[Fraction(1, 4), 2]]).dtype == np.float64


@pytest.mark.parametrize(
    "value", ["1", ["1"], [None], [1j], [object()], np.array(["x"]), [np.datetime64(1, "D")]]
)
def test_what_is_no_number_is_refused_in_arrays(value):
    with pytest.raises((TypeError, ValueError)):
        numbers_as_written(value)


def test_masks_are_seen_inside_lists_too():
    masked = np.ma.array([1.0, 2.0], mask=[0, 1])
    assert is_masked(masked)
    assert is_masked([[1, 2], (masked, 3)])
    assert is_masked([1, np.ma.masked])
    assert not is_masked([[1, 2], np.zeros(3)])


def exact(formula):
    program = Program()
    step = program.formula(parse(formula), {})
    [(_, [value])] = program.blocks([step], {}, 1, 1, exact=True)
    return value


def test_formulas_are_exact_in_every_digit():
    assert exact("1/3") == Fraction(1, 3)
    assert exact(f"{BEYOND} - {BEYOND - 1}") == 1
    assert exact("0.10000000000000000001 - 0.1") == Fraction(1, 10**20)


def test_numbers_that_one_float_names_are_not_one_number():
    program = Program()
    steps = [program.formula(parse(text), {}) for text in (str(BEYOND), str(BEYOND - 1))]
    assert steps[0] != steps[1]


def test_numbers_too_small_for_floats_are_refused_in_formulas():
    with pytest.raises(FormulaError, match="too small"):
        parse("x + 1e-500")
