"""Payoffs as polynomials of the parameters, and what follows from them for every value at once.

A payoff difference that is the zero polynomial is a tie wherever one looks; one that is not is a tie only on a
border.  Coefficients are exact; what is no polynomial is a variable of its own.
"""

from sim.polynomials.cases import Case, NoCasesError, cases
from sim.polynomials.functions import INVERSE, NO_POLYNOMIALS, function_name, functions_named
from sim.polynomials.minors import vanishing_minors
from sim.polynomials.polynomial import Coefficient, Polynomial, TooManyTermsError, table_of
from sim.polynomials.reading import Atom, PolynomialReader

__all__ = [
    "INVERSE",
    "NO_POLYNOMIALS",
    "Atom",
    "Case",
    "Coefficient",
    "NoCasesError",
    "Polynomial",
    "PolynomialReader",
    "TooManyTermsError",
    "cases",
    "function_name",
    "functions_named",
    "table_of",
    "vanishing_minors",
]
