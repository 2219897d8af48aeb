"""From the steps of a program to polynomials.

Names, numbers, sums, products, whole powers and quotients by numbers are polynomials.  Anything else, such
as ``min(a, b)``, ``a / b`` or ``a if b > 0 else c``, is an atom: a variable of its own, the same one wherever
the same operation is done on the same polynomials.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from sim.expression import Program
from sim.expression.numbers import fraction
from sim.expression.operations import EXACT
from sim.polynomials.polynomial import Polynomial, TooManyTermsError

__all__ = ["Atom", "PolynomialReader"]

LARGEST_POWER = 20  # written out as a product

Place = tuple[int, ...]


class Atom(NamedTuple):
    """What a variable that is no parameter stands for: an operation on polynomials."""

    operation: str
    arguments: tuple[Polynomial, ...]


class PolynomialReader:
    """Reads the steps of a program; ``numbers`` are the values of inputs that do not vary, floats or fractions.

    ``atoms`` are those met so far by the names of their variables, which no parameter can have.
    """

    def __init__(self, program: Program, numbers: Mapping[str, Any]) -> None:
        self.program = program
        self.numbers = numbers
        self.atoms: dict[str, Atom] = {}
        self.names: dict[Atom, str] = {}
        self.known: dict[tuple[int, Place], Polynomial] = {}

    def beside(self, program: Program) -> PolynomialReader:
        """A reader of another program, to which what is done here is the same variable."""
        other = PolynomialReader(program, self.numbers)
        other.atoms, other.names = self.atoms, self.names
        return other

    def read(self, step: int, joint_action: Place) -> Polynomial:
        """The polynomial that a step is at a joint action.

        Raises ValueError where some number in it is infinite or undefined.
        """
        wanted = (step, self.place(step, joint_action))
        ahead = [wanted]
        while ahead:  # a long sum is a deep tree: no recursion
            step, place = ahead[-1]
            needed = self.needed(step, place)
            missing = [one for one in needed if one not in self.known]
            if missing:
                ahead.extend(missing)
            else:
                self.known[step, place] = self.computed(step, place, [self.known[one] for one in needed])
                ahead.pop()
        return self.known[wanted]

    def place(self, step: int, joint_action: Place) -> Place:
        """Where in the values of a step a joint action is: along some axes all may be alike."""
        shape = self.program.shapes[step]
        return tuple(0 if size == 1 else a for size, a in zip(shape, joint_action, strict=False))

    def needed(self, step: int, place: Place) -> list[tuple[int, Place]]:
        """The steps that this one is computed from, each with its place."""
        operation, arguments, detail = self.program.steps[step]
        here = detail if operation == "pick" else place
        return [(argument, self.place(argument, here)) for argument in arguments]

    def computed(self, step: int, place: Place, given: list[Polynomial]) -> Polynomial:
        """A step from those it needs."""
        operation, _, detail = self.program.steps[step]
        if operation == "name":
            number = self.numbers.get(detail)
            return Polynomial.variable(detail) if number is None else Polynomial.number(finite(number))
        if operation == "number":
            return Polynomial.number(finite(detail))
        if operation == "table":
            return Polynomial.number(finite(detail[*place, 0]))
        if operation == "pick":
            return given[0]
        constants = [argument.constant for argument in given]
        known = [Fraction(constant) for constant in constants if constant is not None]
        if len(known) == len(given):
            return Polynomial.number(finite(EXACT[operation](*known)))
        try:
            result = polynomial(operation, given)
        except TooManyTermsError:
            result = None
        return self.atom(Atom(operation, tuple(given))) if result is None else result

    def atom(self, atom: Atom) -> Polynomial:
        """The variable that stands for an atom; ``x**0.5`` is ``sqrt(x)``, so that the two cancel."""
        if atom.operation == "**" and atom.arguments[1].constant == Fraction(1, 2):
            atom = Atom("sqrt", atom.arguments[:1])
        if atom not in self.names:
            name = f"{atom.operation} {len(self.names) + 1}"
            self.names[atom], self.atoms[name] = name, atom
        return Polynomial.variable(self.names[atom])


def finite(number: Any) -> Fraction:
    """A number as a fraction.  Raises ValueError where it is infinite or undefined."""
    exact = fraction(number) if not isinstance(number, Fraction) else number
    if not isinstance(exact, Fraction):
        raise ValueError(f"{number} is no number to compute with")  # noqa: TRY004 - it is one by type
    return exact


def polynomial(operation: str, given: list[Polynomial]) -> Polynomial | None:
    """The result of an operation; None where it is no polynomial.  Raises TooManyTermsError."""
    if operation == "neg":
        return -given[0]
    if operation == "if":
        chosen, condition, otherwise = given
        return None if condition.constant is None else chosen if condition.constant else otherwise
    if operation not in {"+", "-", "*", "/", "**"}:
        return None
    a, b = given
    if operation == "+":
        return a + b
    if operation == "-":
        return a - b
    if operation == "*":
        return a * b
    number = b.constant
    if operation == "/":
        return a * Polynomial.number(Fraction(1) / number) if number else None
    small = number is not None and number.denominator == 1 and 0 <= number <= LARGEST_POWER
    return a ** int(number) if small and number is not None else None
