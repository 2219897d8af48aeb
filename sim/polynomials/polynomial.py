"""Polynomials of named variables with exact coefficients, as tables of their terms.

Equal polynomials have equal tables, so that one is identically zero if and only if its table is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

__all__ = ["Coefficient", "Monomial", "Polynomial", "TooManyTermsError", "table_of"]

Coefficient = int | Fraction
Monomial = tuple[tuple[str, int], ...]
"""Variables with their exponents, by name; the empty one is 1."""

MOST_PRODUCTS = 20_000  # of terms in one multiplication; some hundredths of a second


class TooManyTermsError(ValueError):
    """A product has more terms than one is prepared to write down."""


@dataclass(frozen=True)
class Polynomial:
    """The sum of ``terms``: coefficients, never zero, by monomial."""

    terms: Mapping[Monomial, Coefficient]

    @classmethod
    def number(cls, value: Coefficient) -> Polynomial:
        """A number."""
        return cls({(): value} if value else {})

    @classmethod
    def variable(cls, name: str) -> Polynomial:
        """A variable."""
        return cls({((name, 1),): 1})

    @property
    def constant(self) -> Coefficient | None:
        """The number that the polynomial is; None where it depends on a variable."""
        if not self.terms:
            return 0
        return self.terms.get(()) if len(self.terms) == 1 else None

    @property
    def is_zero(self) -> bool:
        """Whether it is zero whatever the variables are."""
        return not self.terms

    @property
    def variables(self) -> frozenset[str]:
        """The variables it depends on."""
        return frozenset(name for monomial in self.terms for name, _ in monomial)

    @property
    def denominator(self) -> int:
        """The smallest number that makes all coefficients whole."""
        return lcm(*(Fraction(value).denominator for value in self.terms.values()))

    def __hash__(self) -> int:
        return hash(frozenset(self.terms.items()))

    def __add__(self, other: Polynomial) -> Polynomial:
        if not other.terms:
            return self
        terms = dict(self.terms)
        for monomial, coefficient in other.terms.items():
            add(terms, monomial, coefficient)
        return Polynomial(terms)

    def __neg__(self) -> Polynomial:
        return Polynomial({monomial: -coefficient for monomial, coefficient in self.terms.items()})

    def __sub__(self, other: Polynomial) -> Polynomial:
        return self + -other

    def __mul__(self, other: Polynomial) -> Polynomial:
        """The product.  Raises TooManyTermsError where it would take too long."""
        if len(self.terms) * len(other.terms) > MOST_PRODUCTS:
            raise TooManyTermsError
        terms: dict[Monomial, Coefficient] = {}
        for first, a in self.terms.items():
            for second, b in other.terms.items():
                add(terms, joined(first, second), a * b)
        return Polynomial(terms)

    def __pow__(self, exponent: int) -> Polynomial:
        """A whole power, at least 0.  Raises TooManyTermsError where it would take too long."""
        result = Polynomial.number(1)
        for _ in range(exponent):
            result *= self
        return result

    def powers(self, name: str) -> dict[int, Polynomial]:
        """What each power of a variable is multiplied by."""
        parts: dict[int, dict[Monomial, Coefficient]] = {}
        for monomial, coefficient in self.terms.items():
            exponent = dict(monomial).get(name, 0)
            rest = tuple(each for each in monomial if each[0] != name)
            parts.setdefault(exponent, {})[rest] = coefficient
        return {exponent: Polynomial(terms) for exponent, terms in parts.items()}

    def substituted(self, known: Mapping[str, Polynomial]) -> Polynomial:
        """With polynomials in the place of variables.  Raises TooManyTermsError where it would take too long."""
        result = self
        for name in sorted(self.variables & known.keys()):
            total = Polynomial.number(0)
            for exponent, rest in result.powers(name).items():
                total = total + rest * known[name] ** exponent
            result = total
        return result

    def whole(self, factor: int) -> Polynomial:
        """It times a multiple of its denominator, with coefficients of type int."""
        return Polynomial({monomial: int(value * factor) for monomial, value in self.terms.items()})

    def modulo(self, prime: int, at: Callable[[str], int]) -> int:
        """The value of a polynomial of whole coefficients where the variables are ``at``, modulo a prime."""
        total = 0
        for monomial, coefficient in self.terms.items():
            product = int(coefficient) % prime
            for name, exponent in monomial:
                product = product * pow(at(name), exponent, prime) % prime
            total += product
        return total % prime


def table_of(polynomial: Polynomial, variables: Sequence[str]) -> dict[tuple[int, ...], Coefficient]:
    """A polynomial as a table of coefficients by the exponents of ``variables``."""
    place = {name: position for position, name in enumerate(variables)}
    terms = {}
    for monomial, coefficient in polynomial.terms.items():
        exponents = [0] * len(variables)
        for name, exponent in monomial:
            exponents[place[name]] = exponent
        terms[tuple(exponents)] = coefficient
    return terms


def add(terms: dict[Monomial, Coefficient], monomial: Monomial, coefficient: Coefficient) -> None:
    """Add a term to others; what comes to zero is left out."""
    total = terms.get(monomial, 0) + coefficient
    if total:
        terms[monomial] = total
    else:
        terms.pop(monomial, None)


def joined(first: Monomial, second: Monomial) -> Monomial:
    """The product of two monomials."""
    if not first or not second:
        return first or second
    exponents = dict(first)
    for name, exponent in second:
        exponents[name] = exponents.get(name, 0) + exponent
    return tuple(sorted(exponents.items()))
