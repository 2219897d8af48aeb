from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from sim.expression import Program, decimal_places, parse

NAMES = ("a", "b", "c")
ALL_NAMES = (*NAMES, "w")
decimals = st.builds(
    lambda number, places: float(f"{number}e-{places}"), st.integers(-999, 999), st.integers(0, 4)
)


def nested(inner):
    return st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner),
        st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), inner, inner),
        st.builds("abs({})".format, inner),
        st.builds("-({})".format, inner),
        st.builds("({})**{}".format, inner, st.integers(0, 3)),
        st.builds("({})/{}".format, inner, st.sampled_from(["2", "0.5", "3", "25"])),
        st.builds(
            "({} if {} {} {} else {})".format, inner, inner, st.sampled_from(["<", "==", ">="]), inner, inner
        ),
    )


formulas = st.recursive(
    st.one_of(st.sampled_from(NAMES), decimals.map(lambda number: f"({number!r})")), nested, max_leaves=8
)


def computed(text, inputs, cells=1, *, exact=False):
    program = Program()
    step = program.formula(parse(text), {name: program.name(name) for name in ALL_NAMES})
    ((_, (value,)),) = program.blocks([step], inputs, cells, 1, exact=exact)
    return decimal_places(program, [step], inputs), np.broadcast_to(value, (cells,))


@given(formulas, st.lists(st.tuples(decimals, decimals, decimals), min_size=1, max_size=4))
def test_rounding_to_the_places_gives_the_exact_value(text, cells):
    inputs = {name: np.array(values) for name, values in zip(NAMES, zip(*cells, strict=True), strict=True)}
    places, values = computed(text, inputs, len(cells))
    event(f"known: {places is not None}")
    assume(places is not None)
    exact = computed(text, inputs, len(cells), exact=True)[1]
    for value, fraction in zip(values.tolist(), exact.tolist(), strict=True):
        rounded = float(np.rint(value * 10.0**places) / 10.0**places)
        assert Fraction(repr(rounded)) == fraction


INPUTS = {"w": 3.0, "a": 0.1, "b": 0.2, "c": np.array([0.3, 0.25])}


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a + b", 1),
        ("a * b - c", 2),
        ("c**3", 6),
        ("max(a, b*c)", 3),
        ("c if a < b else a", 2),
        ("a + 1e-12", 12),
        ("1000 * a", 1),
        ("(a - c)/2", 3),
        ("a / 0.25", 1),
        ("a if 2 + 3*w <= 5*w - 1 else b", 1),
        ("a if abs(w - 2) == 1 else c*b", 3),
    ],
)
def test_places_of_sums_and_products(text, places):
    assert computed(text, INPUTS, 2)[0] == places


@pytest.mark.parametrize(
    "text",
    [
        "a / b", "a / 3", "a / 0", "a / (1 + 1)", "sqrt(a)", "exp(a)", "log(b)", "a**b", "a**-1", "a + 1e-13", "a * 1e15", "a**13",
        "1 if a + b <= 0.3 else 0",  # floats say no: 0.1 + 0.2 is more than 0.3 there
        "a * 0.12345678 * 0.12345678",
    ],
)  # fmt: skip
def test_what_floats_cannot_be_trusted_with_is_not_known(text):
    assert computed(text, INPUTS, 2)[0] is None


def test_numbers_that_are_no_short_decimals_are_not_known():
    for odd in (1 / 3, 0.1 + 0.2, np.nan, np.inf, 1e300):
        assert computed("a + b", {**INPUTS, "b": odd}, 2)[0] is None
        assert computed("a + c", {**INPUTS, "c": np.array([0.5] * 20 + [odd])}, 21)[0] is None
