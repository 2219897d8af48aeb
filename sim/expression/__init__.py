"""Payoff formulas: parsed and checked by ``formula``, evaluated on arrays of cells by ``program``.

A formula is arithmetic over names: ``+ - * / **``, comparisons, ``and or not``, ``x if c else y``
and the functions of ``FUNCTIONS``, with Python's precedence.  There is nothing else in the language:
no attribute, no index, no text, no call of anything unlisted, and no Python code is ever made from a
formula.  Comparisons and ``and or not`` give 1 where true and 0 where not, so they can be counted.
"""

from sim.expression.decimals import decimal_places
from sim.expression.formula import FUNCTIONS, RESERVED, Formula, FormulaError, is_name, parse
from sim.expression.numbers import (
    Number,
    is_masked,
    is_numeral,
    numbers_as_written,
    read_number,
    written,
)
from sim.expression.program import Program

__all__ = [
    "FUNCTIONS",
    "RESERVED",
    "Formula",
    "FormulaError",
    "Number",
    "Program",
    "decimal_places",
    "is_masked",
    "is_name",
    "is_numeral",
    "numbers_as_written",
    "parse",
    "read_number",
    "written",
]
