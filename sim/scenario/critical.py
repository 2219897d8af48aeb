"""Critical discounts of a repeated scenario as formulas of its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import numpy as np

from sim.borders import NoMarginsError
from sim.borders.factoring import Algebra, rational
from sim.expression.numbers import fraction
from sim.patience.exact import Deterrent, JointAction
from sim.polynomials import Polynomial
from sim.scenario.margins import payoffs_of
from sim.scenario.scenario import Scenario

__all__ = ["critical_formula", "critical_formula_if"]


def critical_formula(scenario: Scenario, values: Mapping[str, Any], joint: JointAction, by: Deterrent) -> str:
    """``(temptation - reward)/(temptation - punishment)``: the critical discount of a player, in lowest terms.

    It holds as long as the same deviation tempts and the same equilibrium punishes.  Raises NoMarginsError where payoffs
    are no polynomials of the parameters, and FlintMissingError where python-flint is not installed.
    """
    names = tuple(scenario.parameters)
    here = {name: fraction(values[name]) for name in names}
    number = {name: Polynomial.number(value) for name, value in here.items()}
    for case in payoffs_of(scenario, names, {}):
        signs = (guard.substituted(number).constant for guard in case.guards)
        if all(sign is not None and sign >= 0 for sign in signs):
            break
    else:
        raise NoMarginsError("no case of the formulas applies here")
    algebra = Algebra(names)
    own, shape = case.payoffs[by.player], scenario.outcomes.of.shape
    stay, leave, after = (
        algebra.polynomial(own[int(np.ravel_multi_index(each, shape))])
        for each in (joint, by.leaving, by.after)
    )
    above, below = leave - stay, leave - after
    common = above.gcd(below)
    above, below = (one / common for one in (above, below))
    if below(*(rational(here[name]) for name in names)) < 0:
        above, below = -above, -below
    parts = [Fraction(str(value)) for one in (above, below) for value in one.to_dict().values()]
    size = Fraction(lcm(*(one.denominator for one in parts)), gcd(*(one.numerator for one in parts)))
    return quotient(*(told(one * rational(size)) for one in (above, below)))


def critical_formula_if(
    scenario: Scenario, values: Mapping[str, Any], joint: JointAction, by: Deterrent
) -> str:
    """The same, "" where there is none."""
    try:
        return critical_formula(scenario, values, joint, by)
    except ValueError:  # of borders that are not polynomials, or of numbers that are none
        return ""


def told(polynomial: Any) -> str:
    """A polynomial as a formula."""
    return str(polynomial).replace("^", "**")


def quotient(above: str, below: str) -> str:
    """One formula over another."""
    if below == "1":
        return above
    return "/".join(one if one.isidentifier() or one.isdigit() else f"({one})" for one in (above, below))
