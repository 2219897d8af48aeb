"""Functions that are no polynomials, ``exp``, ``log``, ``sqrt`` and powers, as variables of their own.

A variable is named by its formula, ``exp(-1/2*x)``: the same function of the same polynomials has the same name
wherever it is met, and the name can be read again.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from sim.polynomials.polynomial import Polynomial
from sim.polynomials.reading import Atom

__all__ = ["INVERSE", "NO_POLYNOMIALS", "as_formula", "function_name", "functions_named"]

NO_POLYNOMIALS = ("exp", "log", "sqrt", "**")
INVERSE = "inverse"
"""One over a polynomial that is positive."""


def as_formula(polynomial: Polynomial) -> str:
    """A polynomial as a formula, the same for equal ones."""
    told = ""
    for monomial, coefficient in sorted(polynomial.terms.items()):
        factors = [name if exponent == 1 else f"{name}**{exponent}" for name, exponent in monomial]
        size = abs(Fraction(coefficient))
        term = "*".join(factors if size == 1 and factors else [str(size), *factors])
        sign = "-" if coefficient < 0 else "+"
        told += f" {sign} {term}" if told else term if sign == "+" else f"-{term}"
    return told or "0"


def function_name(function: Atom) -> str:
    """The variable that a function of polynomials is."""
    given = [as_formula(one) for one in function.arguments]
    if function.operation == "**":
        base = given[0] if given[0].isidentifier() else f"({given[0]})"
        return f"({base}**({given[1]}))"
    if function.operation == INVERSE:
        return f"(1/({given[0]}))"
    return f"{function.operation}({given[0]})"


def functions_named(
    polynomial: Polynomial, atoms: Mapping[str, Atom], found: dict[str, Atom] | None = None
) -> tuple[Polynomial, dict[str, Atom]]:
    """A polynomial whose ``atoms`` are all functions or inverses, with these by their names, inner ones first.

    Raises ValueError where an atom is something else.
    """
    found = {} if found is None else found
    known = {}
    for name in sorted(polynomial.variables & atoms.keys()):
        operation, arguments = atoms[name]
        given = tuple(functions_named(one, atoms, found)[0] for one in arguments)
        if operation == "/" and given[0] == Polynomial.number(1):
            operation, given = INVERSE, given[1:]
        elif operation not in NO_POLYNOMIALS:
            raise ValueError(f"{operation} is no function of a margin")
        function = Atom(operation, given)
        found[function_name(function)] = function
        known[name] = Polynomial.variable(function_name(function))
    return polynomial.substituted(known), found
