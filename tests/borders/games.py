"""Drawn games whose payoffs are polynomials of two parameters, and what the solver says of them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

import sim
from sim.borders import conditions_of
from sim.dataset.schema import arrays
from sim.polynomials import Case, Polynomial

NAMES = ("x", "y")
BOUNDS = (Fraction(0), Fraction(0)), (Fraction(2), Fraction(4))
whole = st.integers(-3, 3)

TWO_BY_TWO = """schema = 1
title = "A game"
[players]
A = ["x", "y"]
B = ["l", "r"]
[parameters]
a = { default = 1, low = 0, high = 4 }
b = { default = 1, low = 0, high = 4 }
[payoffs]
A = [["a", "b"], [1, 2]]
B = [["b", "a"], [1, 2]]
"""
"""A scenario of two players, to be gone on with: payoffs are its parameters a and b, and numbers."""


def polynomial(constant, of_x, of_y, of_both):
    """``constant + of_x x + of_y y + of_both x y``."""
    x, y = (Polynomial.variable(name) for name in NAMES)
    result = Polynomial.number(constant)
    for factor, part in ((of_x, x), (of_y, y), (of_both, x * y)):
        result = result + Polynomial.number(factor) * part
    return result


@st.composite
def polynomial_games(draw, players=2, most=3):
    """Payoffs ``(n, A1, .., An)`` of polynomials, and the number of each joint action's outcome (three names)."""
    shape = tuple(draw(st.integers(1, most)) for _ in range(players))
    payoffs = np.empty((players, *shape), object)
    for place in np.ndindex(payoffs.shape):
        payoffs[place] = polynomial(*(draw(whole) for _ in range(4)))
    of = np.array([draw(st.integers(0, 2)) for _ in range(int(np.prod(shape)))]).reshape(shape)
    return payoffs, of


def conditions(drawn, *, mixed=True):
    """The conditions of a drawn game."""
    payoffs, of = drawn
    return conditions_of([Case((), payoffs)], NAMES, ("one", "two", "three"), of, mixed=mixed)


def value(polynomial, at):
    """The value of a polynomial, exactly."""
    return sum(
        (coefficient * np.prod([at[name] ** power for name, power in monomial] or [1]) for monomial, coefficient in
         polynomial.terms.items()), Fraction(0),
    )  # fmt: skip


def solved(drawn, x, y, *, mixed=True):
    """What the solver says at points: which outcomes hold, and whether somebody mixes, ``(B, 4)``."""
    payoffs, of = drawn
    if not len(x):
        return np.zeros((0, 4), bool)
    cells = np.empty((len(x), *payoffs.shape))
    for cell, (one, other) in enumerate(zip(x, y, strict=True)):
        at = {"x": Fraction(str(one)), "y": Fraction(str(other))}
        for place in np.ndindex(payoffs.shape):
            cells[(cell, *place)] = float(value(payoffs[place], at))
    solution = sim.solve(sim.NormalForm(cells, cells=True), "nash", None if mixed else "pure")
    found = arrays(solution, "map")
    names = np.zeros((len(x), 4), bool)
    played = solution.outcomes.reshape(len(x), -1, *of.shape)
    for outcome in range(3):
        likely = np.nan_to_num((played * (of == outcome)).sum(axis=tuple(range(2, played.ndim))))
        names[:, outcome] = (likely >= 0.5).any(axis=1)
    names[:, 3] = found["mixed"] > 0
    return names
