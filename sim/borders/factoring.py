"""Polynomials as products of a sign and factors that are shared: by FLINT, through its Python package.

Conditions that vanish on one surface share a factor; without that it would be looked at once for each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from sim.polynomials import Polynomial, table_of

__all__ = [
    "Algebra",
    "FlintMissingError",
    "Product",
    "Shares",
    "as_float",
    "as_fraction",
    "flint_module",
    "rational",
]


class FlintMissingError(ValueError):
    """The extra that does exact algebra is not installed."""


def flint_module() -> Any:
    """FLINT.  Raises FlintMissingError where python-flint is not installed."""
    try:
        import flint
    except ImportError:
        raise FlintMissingError(
            "what is exact about borders needs python-flint, which is not installed: pip install 'standoff[exact]'"
        ) from None
    return flint


def rational(number: Fraction) -> Any:
    """A fraction as one of FLINT's."""
    return flint_module().fmpq(number.numerator, number.denominator)


def as_fraction(number: Any) -> Fraction:
    """One of FLINT's fractions as one of Python's."""
    return Fraction(int(number.numerator), int(number.denominator))


def as_float(number: Any) -> float:
    """One of FLINT's fractions as the float next to it."""
    return int(number.numerator) / int(number.denominator)


class Shares:
    """From polynomials of FLINT in ``variables`` to ones of shares of their ranges ``low, high``."""

    def __init__(self, variables: Sequence[str], low: Sequence[Fraction], high: Sequence[Fraction]) -> None:
        self.context = flint_module().fmpq_mpoly_ctx.get(tuple(variables), "lex")
        self.parts = [
            rational(below) + rational(above - below) * variable
            for below, above, variable in zip(low, high, self.context.gens(), strict=True)
        ]

    def __call__(self, polynomial: Any) -> dict[tuple[int, ...], Any]:
        """A polynomial of shares: fractions by exponents."""
        terms = polynomial.compose(*self.parts, ctx=self.context).to_dict()
        return {tuple(map(int, exponents)): value for exponents, value in terms.items()}


class Product(NamedTuple):
    """The sign of a polynomial where no factor of it is 0: ``sign`` times those of the factors in ``odd``.

    ``sign`` is 0 for the zero polynomial.  The :class:`Algebra` that found the factors numbers them, those too
    that occur to an even power and are not in ``odd``.
    """

    sign: int
    odd: frozenset[int]

    def times(self, other: Product) -> Product:
        """The sign of the product of two polynomials."""
        return Product(self.sign * other.sign, self.odd ^ other.odd)


class Algebra:
    """Exact polynomials in some variables, and the factors found so far.

    Raises FlintMissingError where python-flint is not installed.
    """

    def __init__(self, variables: Sequence[str]) -> None:
        self.flint = flint_module()
        self.variables = tuple(variables)
        self.context = self.flint.fmpq_mpoly_ctx.get(self.variables, "lex")
        self.factors: list[Any] = []
        self.numbers: dict[str, int] = {}
        self.products: dict[str, Product] = {}

    def number(self, value: int) -> Any:
        """A whole number as a polynomial."""
        return self.context.constant(value)

    def polynomial(self, given: Polynomial) -> Any:
        """A polynomial of ours as one of FLINT's.  Raises KeyError for a variable that is none of these."""
        terms = {
            exponents: rational(Fraction(value))
            for exponents, value in table_of(given, self.variables).items()
        }
        return self.context.from_dict(terms)

    def product(self, polynomial: Any) -> Product:
        """The sign of a polynomial by its factors."""
        key = str(polynomial)
        if key not in self.products:
            self.products[key] = self.factored(polynomial)
        return self.products[key]

    def factored(self, polynomial: Any) -> Product:
        """See :meth:`product`."""
        if polynomial == 0:
            return Product(0, frozenset())
        constant, factors = polynomial.factor()
        sign = 1 if constant > 0 else -1
        numbers = {self.numbered(factor): exponent for factor, exponent in factors}
        return Product(sign, frozenset(number for number, exponent in numbers.items() if exponent % 2))

    def numbered(self, factor: Any) -> int:
        """The number of an irreducible factor."""
        key = str(factor)
        if key not in self.numbers:
            self.numbers[key] = len(self.factors)
            self.factors.append(factor)
        return self.numbers[key]
