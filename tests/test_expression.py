"""Formulas mean what Python means by them, exactly too, and are nothing but arithmetic."""

import math
import pickle
import time
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.expression import FUNCTIONS, FormulaError, Program, parse
from sim.expression.formula import DEEPEST, MOST_CHARACTERS

PYTHON = {
    "min": min,
    "max": max,
    "abs": abs,
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "clip": lambda a, low, high: min(max(a, low), high),
}


def value(text, *, exact=False, **inputs):
    """The value of a formula at inputs: numbers or arrays of one length."""
    program = Program()
    step = program.formula(parse(text), {name: program.name(name) for name in inputs})
    cells = max([1, *(np.size(item) for item in inputs.values())])
    parts = [
        np.broadcast_to(part, block.stop - block.start)
        for block, (part,) in program.blocks([step], inputs, cells, 1, exact=exact)
    ]
    result = np.concatenate(parts)
    return result if any(np.ndim(item) for item in inputs.values()) else result[0]


def formulas():
    """Texts of formulas over x, y, z, written with few parentheses so that precedence matters."""
    leaf = st.sampled_from(["x", "y", "z", "0", "1", "2", "0.5", ".25", "1e-1", "3.", "1_0"])

    def grow(inner):
        binary = st.builds(
            "{} {} {}".format,
            inner,
            st.sampled_from(["+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=", "and", "or"]),
            inner,
        )
        return st.one_of(
            binary,
            binary,
            inner.map("({})".format),
            inner.map("-{}".format),
            inner.map("+ {}".format),
            inner.map("(not {})".format),
            inner.map("({}) ** 2".format),
            inner.map("2 ** -abs({})".format),
            st.builds("{} if ({}) else {}".format, inner, inner, inner),
            st.builds("min({}, {})".format, inner, inner),
            st.builds("max({}, {}, {})".format, inner, inner, inner),
            st.builds("clip({}, -1, {})".format, inner, inner),
        )

    return st.recursive(leaf, grow, max_leaves=12)


def python_value(text, x, y, z):
    """What Python computes; and/or give truth values as in formulas; None where it has no number."""
    code = compile(text, "formula", "eval")
    try:
        return float(eval(code, {"__builtins__": {}, **PYTHON}, {"x": x, "y": y, "z": z}))
    except (ZeroDivisionError, OverflowError):
        return None


QUARTERS = st.integers(-12, 12).map(lambda number: number / 4)


@given(formulas(), QUARTERS, QUARTERS, QUARTERS)
def test_formulas_have_pythons_precedence_and_values(text, x, y, z):
    if " and " in text or " or " in text:
        text = text.replace(" and ", " * ").replace(" or ", " + ")
    expected = python_value(text, x, y, z)
    if expected is not None:
        assert value(text, x=x, y=y, z=z) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@given(formulas(), QUARTERS, QUARTERS, QUARTERS)
def test_exact_values_are_those_of_floats(text, x, y, z):
    floating, exact = value(text, x=x, y=y, z=z), value(text, exact=True, x=x, y=y, z=z)
    if (
        math.isfinite(floating)
        and not (isinstance(exact, float) and math.isnan(exact))
        and "==" not in text
        and "<" not in text
        and ">" not in text
    ):
        assert float(exact) == pytest.approx(floating, rel=1e-9, abs=1e-9)


@given(formulas(), st.lists(st.tuples(QUARTERS, QUARTERS, QUARTERS), min_size=1, max_size=5))
def test_a_batch_is_its_cells_one_at_a_time(text, points):
    x, y, z = (np.array(column) for column in zip(*points, strict=True))
    together = value(text, x=x, y=y, z=z)
    alone = [value(text, x=float(a), y=float(b), z=float(c)) for a, b, c in points]
    np.testing.assert_array_equal(together, alone)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-2 ** 2", -4),
        ("2 ** 3 ** 2", 512),
        ("2 ** -1", 0.5),
        ("1 < 2 < 3", 1),
        ("1 < 3 < 2", 0),
        ("(2 > 1) + (3 > 1)", 2),
        ("not 0 and not 0", 1),
        ("3 and 2", 1),
        ("not 1 == 2", 1),
        ("0 or 0.5", 1),
        ("1 or 0 and 0", 1),
        ("1 if 0 else 2 if 1 else 3", 2),
        ("clip(5, 0, 3)", 3),
        ("min(3, 1, 2) + max(1, 2)", 3),
        ("sqrt(9) + log(exp(1)) + abs(-1)", 5),
        ("1_000 + .5 + 2. + 1e2", 1102.5),
        ("\n 1 +\n\t2 ", 3),
        ("1 / 0 if 0 else 7", 7),
    ],
)
def test_known_values(text, expected):
    assert value(text) == expected
    assert value(text, exact=True) == pytest.approx(Fraction(expected))


def test_numbers_are_the_decimals_as_written():
    assert value("0.1 + 0.2", exact=True) == Fraction(3, 10)
    assert value("x / 3", exact=True, x=0.1) == Fraction(1, 30)
    assert value("sqrt(2)", exact=True) == Fraction("1.4142135623730951")


def test_exact_numbers_do_not_grow_without_end():
    start = time.perf_counter()
    program = Program()
    step = program.add("number", (), 1.5)
    for _ in range(400):
        step = program.add("*", (step, step))
    for _, (result,) in program.blocks([step], {}, 1, 1, exact=True):
        assert not isinstance(result, Fraction)  # too large for any float: infinite, then not a number
    assert value("(1 + x) ** 99", exact=True, x=1e-300) == 1
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    "text", ["1 / 0", "0 / 0 > 1", "log(-1)", "sqrt(-1) and 1", "1 if 0 / 0 else 2", "not log(-1)"]
)
def test_what_has_no_value_is_not_a_number(text):
    assert not math.isfinite(value(text))
    assert not math.isfinite(value(text, exact=True))


ATTACKS = """
__import__('os').system('true') | open('/etc/passwd') | eval('1') | x.__class__ | x.real | x[0] | [1, 2]
{1: 2} | {1} | lambda: 1 | (lambda: 1)() | 'text' | "text" | b'1' | f'{x}' | `x` | x := 1 | x = 1 | 1; 2
import os | __builtins__ | 1j | 0x10 | 0b1 | 0o7 | True.x | x @ y | x // 2 | x % 2 | 1 << 9 | x & 1 | ~x
x ^ 2 | x is y | x in y | not | min | min() | min(1) | abs(1, 2) | clip(1, 2) | sin(1) | x(1) | (1)(2)
min(*x) | min(x=1) | max(x for x in y) | exp | () | (,) | 1, 2 | 1 + | * 2 | 1 2 | x y | 2x | 1.2.3 | 1..2
(1 | 1) | if | 1 if 2 | else 1 | 1 if else 2 | ... | await x | x\\ny | 1e999 | 9**999 | x**101 | 2**-101
9**9**9**9 | x if y else | é | \ufb01 | x\u00a0+ 1 | \u22121 | \u202e | _x | $x | x! | x? | @ | # | 1 #
"""


@pytest.mark.parametrize(
    "text", [word.strip() for line in ATTACKS.strip().split("\n") for word in line.split(" | ")]
)
def test_what_is_no_formula_is_refused(text):
    program = Program()
    known = {name: program.name(name) for name in "xyz"}
    with pytest.raises(FormulaError):
        program.formula(parse(text), known)


@given(st.text("xy019.+-*/<>=!(), \n'\"[]{}_:;eE", max_size=40) | st.text(max_size=20))
def test_any_text_is_a_formula_or_refused(text):
    try:
        formula = parse(text)
    except FormulaError:
        return
    program = Program()
    try:
        step = program.formula(formula, {name: program.name(name) for name in formula.names})
    except FormulaError:
        return
    inputs = dict.fromkeys(formula.names, np.array([0.0, 1.5]))
    assert len(list(program.blocks([step], inputs, 2, 1))) == 1


@pytest.mark.parametrize(
    "text",
    ["(" * n + "1" + ")" * n for n in (DEEPEST + 1, 1900)]
    + [
        "-" * 3000 + "1",
        "not " * 900 + "1",
        "abs(" * 900 + "1" + ")" * 900,
        "1 ** " * 700 + "1",
        "1 if 1 else " * 300 + "1",
    ]
    + ["1 + " * 990 + "1", "1" * (MOST_CHARACTERS + 1)],
)
def test_deep_and_long_formulas_are_refused_at_once(text):
    start = time.perf_counter()
    with pytest.raises(FormulaError):
        parse(text)
    assert time.perf_counter() - start < 0.5


def test_equal_expressions_are_computed_once():
    program = Program()
    x = program.name("x")
    first = program.formula(parse("x * 2 + 1"), {"x": x})
    before = len(program.steps)
    assert program.formula(parse("(x * 2) + 1"), {"x": x}) == first
    assert len(program.steps) == before


def test_programs_can_be_sent_to_workers():
    program = Program()
    step = program.formula(parse("x + 1"), {"x": program.name("x")})
    copy = pickle.loads(pickle.dumps(program))
    assert [part for _, (part,) in copy.blocks([step], {"x": 2.0}, 1, 1)] == [3]


def test_every_function_is_understood():
    for function, (fewest, _) in FUNCTIONS.items():
        assert np.isfinite(value(f"{function}({', '.join(['1'] * fewest)})"))
