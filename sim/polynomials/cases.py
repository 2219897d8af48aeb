"""Payoffs that are polynomials case by case: conditionals, ``min``, ``max``, ``abs``, ``clip``, comparisons, quotients.

Which case applies is the sign of a polynomial, a guard.  A quotient is multiplied up: payoffs of one player times a
positive number are the same game.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.polynomials.functions import INVERSE, NO_POLYNOMIALS, function_name
from sim.polynomials.polynomial import Polynomial
from sim.polynomials.reading import Atom

__all__ = ["Case", "NoCasesError", "cases"]

MOST_CASES = 256

COMPARED = {
    "<": (1, 0, 0),
    "<=": (1, 0, 1),
    ">": (0, 1, 0),
    ">=": (0, 1, 1),
    "==": (0, 0, 1),
    "!=": (1, 1, 0),
}
"""What ``a (sign) b`` is where ``b - a`` is positive, where it is negative, and where it is 0 everywhere."""


TOO_MANY = (
    f"the formulas have more than {MOST_CASES} cases, as conditions, min, max, abs, clip and quotients of what varies make "
    "them: vary fewer parameters, or write fewer of these"
)


class NoCasesError(ValueError):
    """Payoffs that are no polynomials, whatever the case, or of too many cases; says which operation."""


class Case(NamedTuple):
    """Where all ``guards`` are positive, ``payoffs (n, ..)`` make the same game: the payoffs, but for a player's scale.

    ``functions`` are variables that are functions of polynomials, inner ones first.
    """

    guards: tuple[Polynomial, ...]
    payoffs: NDArray[Any]
    functions: Mapping[str, Atom] = MappingProxyType({})


@dataclass(frozen=True)
class State:
    """What is decided so far: guards, what some atoms are, which are left, and inverses by their variables.

    ``functions`` are those met by their variables; None where none may be.
    """

    atoms: Mapping[str, Atom]
    guards: tuple[Polynomial, ...] = ()
    known: Mapping[str, Polynomial] = field(default_factory=dict)
    inverses: Mapping[str, Polynomial] = field(default_factory=dict)
    functions: Mapping[str, Atom] | None = None

    def value(self, polynomial: Polynomial) -> Polynomial:
        """A polynomial with what is known in it."""
        while polynomial.variables & self.known.keys():
            polynomial = polynomial.substituted(self.known)
        return polynomial

    def next(self, wanted: list[Polynomial]) -> str | None:
        """An atom that the polynomials depend on and whose arguments depend on none; None where there is none."""
        for polynomial in wanted:
            for name in sorted(self.value(polynomial).variables & self.atoms.keys()):
                return self.next(list(self.atoms[name].arguments)) or name
        return None

    def cleared(self, polynomials: list[Polynomial]) -> list[Polynomial]:
        """The polynomials times one positive number that leaves no inverses in them."""
        for name in reversed(tuple(self.inverses)):
            parts = [polynomial.powers(name) for polynomial in polynomials]
            highest = max((exponent for each in parts for exponent in each), default=0)
            polynomials = [
                sum(
                    (rest * self.inverses[name] ** (highest - exponent) for exponent, rest in each.items()),
                    Polynomial.number(0),
                )
                for each in parts
            ]
        return polynomials

    def sign(self, polynomial: Polynomial) -> int | Polynomial:
        """The sign of a polynomial, or one with the same sign, without inverses."""
        clear = self.cleared([polynomial])[0]
        number = clear.constant
        return clear if number is None else (number > 0) - (number < 0)

    def where(self, *positive: Polynomial) -> State | None:
        """With more guards; None where one of them is never positive."""
        signs = [self.sign(one) for one in positive]
        if any(isinstance(one, int) and one <= 0 for one in signs):
            return None
        more = tuple(one for one in signs if not isinstance(one, int))
        return replace(self, guards=(*self.guards, *more))

    def being(self, name: str, what: Polynomial | Atom) -> State:
        """With an atom that is known to be a polynomial, or a simpler atom."""
        if isinstance(what, Atom):
            return replace(self, atoms={**self.atoms, name: what})
        return replace(self, known={**self.known, name: what})

    def dividing(self, name: str, by: Polynomial) -> State:
        """With a variable for the inverse of a positive polynomial."""
        return replace(self, inverses={**self.inverses, name: by})

    def calling(self, name: str, function: Atom) -> State:
        """With an atom that is a function of polynomials, a variable of its own."""
        used = any(one.variables & self.inverses.keys() for one in function.arguments)
        inner = {inverse: Atom(INVERSE, (by,)) for inverse, by in self.inverses.items() if used}
        own = function_name(function)
        found = {**(self.functions or {}), **inner, own: function}
        return replace(self, functions=found).being(name, Polynomial.variable(own))


def cases(payoffs: NDArray[Any], atoms: Mapping[str, Atom], *, functions: bool = False) -> Iterator[Case]:
    """Every case of ``payoffs (n, ..)``, polynomials in which ``atoms`` occur as variables.

    With ``functions``, those such as ``exp`` of what varies are variables; raises NoCasesError for them without, and
    beyond ``MOST_CASES``; TooManyTermsError where a product has too many terms.
    """
    ahead, found = [State(dict(atoms), functions={} if functions else None)], 0
    wanted = payoffs.ravel().tolist()
    while ahead:
        state = ahead.pop()
        name = state.next(wanted)
        if name is not None:
            given = tuple(state.value(one) for one in state.atoms[name].arguments)
            ahead.extend(choices(state, name, state.atoms[name].operation, given))
            if len(ahead) > MOST_CASES:
                raise NoCasesError(TOO_MANY)
            continue
        found += 1
        if found > MOST_CASES:
            raise NoCasesError(TOO_MANY)
        table = np.empty(payoffs.shape, object)
        for player, own in enumerate(payoffs):
            clear = state.cleared([state.value(one) for one in own.ravel().tolist()])
            table[player] = np.array(clear, object).reshape(own.shape)
        yield Case(state.guards, table, state.functions or {})


def choices(state: State, name: str, operation: str, given: tuple[Polynomial, ...]) -> list[State]:
    """The cases of one operation, which is then known, or simpler."""
    if operation in COMPARED:
        return compared(state, name, operation, given[1] - given[0])
    if operation in {"if", "and", "or", "not"}:
        return [state.being(name, logical(operation, given))]
    if operation == "/":
        return quotients(state, name, *given)
    if operation == "**" and (power := given[1].constant) is not None and power < 0 and int(power) == power:
        return quotients(state, name, Polynomial.number(1), given[0] ** -int(power))
    if operation in NO_POLYNOMIALS and state.functions is not None:
        return [state.calling(name, Atom(operation, given))]
    if operation == "abs":
        found: dict[Polynomial | Atom, tuple[Polynomial, ...]] = {
            given[0]: (given[0],),
            -given[0]: (-given[0],),
        }
    elif operation in {"min", "max"}:
        return extremes(state, name, operation, given)
    elif operation == "clip":
        value, low, high = given
        found = {Atom("min", (value, high)): (value - low,), Atom("min", (low, high)): (low - value,)}
    else:
        raise NoCasesError(f"{operation} of what varies is no polynomial")
    states = [(state.where(*guards), what) for what, guards in found.items()]
    kept = [each.being(name, what) for each, what in states if each is not None]
    # where all guards are 0 everywhere, the cases are equal
    return kept or [state.being(name, next(iter(found)))]


def compared(state: State, name: str, operation: str, difference: Polynomial) -> list[State]:
    """The cases of a comparison."""
    above, below, equal = COMPARED[operation]
    if state.sign(difference) == 0:
        return [state.being(name, Polynomial.number(equal))]
    sides = [(state.where(difference), above), (state.where(-difference), below)]
    return [side.being(name, Polynomial.number(value)) for side, value in sides if side is not None]


def extremes(state: State, name: str, operation: str, given: tuple[Polynomial, ...]) -> list[State]:
    """The cases of ``min`` and ``max``: which of the first two it is."""
    if len(given) == 1:
        return [state.being(name, given[0])]
    one, other, *rest = given
    ahead = other - one if operation == "min" else one - other
    sides = [(state.where(ahead), one), (state.where(-ahead), other)]
    kept = [side.being(name, Atom(operation, (what, *rest))) for side, what in sides if side is not None]
    return kept or [state.being(name, Atom(operation, (one, *rest)))]


def logical(operation: str, given: tuple[Polynomial, ...]) -> Polynomial:
    """A polynomial counts as true where it is not the number 0: off its border always."""
    truth = [not one.is_zero for one in given]
    if operation == "if":
        return given[0] if truth[1] else given[2]
    if operation == "not":
        return Polynomial.number(int(not truth[0]))
    return Polynomial.number(int(all(truth) if operation == "and" else any(truth)))


def quotients(state: State, name: str, above: Polynomial, below: Polynomial) -> list[State]:
    """A quotient: the dividend times a variable for the inverse of the divisor's size, by the divisor's sign."""
    number = below.constant
    if number is not None:
        if not number:
            raise NoCasesError("a formula divides by zero")
        return [state.being(name, above * Polynomial.number(Fraction(1) / Fraction(number)))]
    if state.sign(below) == 0:
        raise NoCasesError("a formula divides by zero")
    result = []
    for sign in (1, -1):
        side = state.where(below * Polynomial.number(sign))
        if side is not None:
            size = below * Polynomial.number(sign)
            inverse = function_name(Atom(INVERSE, (size,)))
            times = above * Polynomial.number(sign) * Polynomial.variable(inverse)
            result.append(side.dividing(inverse, size).being(name, times))
    return result
