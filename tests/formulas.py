"""Formulas to draw, and what they come to in floats, in fractions and as polynomials."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from sim.expression import FormulaError, Program, parse

NAMES = ("a", "b", "c")

long_decimals = st.floats(-4, 4, allow_subnormal=False).filter(
    lambda number: number == 0 or abs(number) > 1e-9
)
numerals = st.one_of(st.integers(0, 9).map(str), st.sampled_from(["0.5", "0.1", "2.25", "1e-3"]))


def polynomials(inner):
    """Larger polynomials from smaller ones."""
    return st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner),
        st.builds("-({})".format, inner),
        st.builds("({})**{}".format, inner, st.integers(0, 3)),
        st.builds("({})/{}".format, inner, st.sampled_from(["2", "0.3", "7"])),
    )


def anything(inner):
    """Larger formulas of any kind from smaller ones."""
    return st.one_of(
        polynomials(inner),
        st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), inner, inner),
        st.builds("clip({}, {}, {})".format, inner, inner, inner),
        st.builds("({}({}))".format, st.sampled_from(["abs", "sqrt", "exp", "log", "not "]), inner),
        st.builds("({} / {})".format, inner, inner),
        st.builds("({})**({})".format, inner, inner),
        st.builds(
            "({} if {} {} {} else {})".format,
            inner,
            inner,
            st.sampled_from(["<", "==", ">=", "and"]),
            inner,
            inner,
        ),
    )


simple = st.one_of(st.sampled_from(NAMES), numerals)


def program_of(*texts):
    """A program, and the step of each formula."""
    program = Program()
    names = {name: program.name(name) for name in NAMES}
    return program, [program.formula(parse(text), names) for text in texts]


def readable(text):
    """Whether a formula has no runaway exponent."""
    try:
        program_of(text)
    except FormulaError:
        return False
    return True


def computed(program, step, inputs, *, exact=False):
    """The value of a step at scalars."""
    ((_, (value,)),) = program.blocks([step], inputs, 1, 1, exact=exact)
    return np.asarray(value).item() if np.ndim(value) == 0 else value[0]


polynomial_formulas = st.recursive(simple, polynomials, max_leaves=8)
formulas = st.recursive(simple, anything, max_leaves=8).filter(readable)
