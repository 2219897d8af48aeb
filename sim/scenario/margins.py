"""The payoffs of a scenario as polynomials of some parameters, and the conditions that these decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sim.borders import Margins, NoMarginsError
from sim.borders.factoring import Shares, as_float
from sim.borders.slopes import ByExponents
from sim.polynomials import Case, NoCasesError, PolynomialReader, TooManyTermsError, cases
from sim.scenario.forms import FORMS
from sim.scenario.scenario import Scenario
from sim.scenario.signs import Signs

__all__ = ["margins_of", "margins_of_all", "signs_of", "ways_of"]


def signs_of(scenario: Scenario) -> Signs:
    """How signs of polynomials decide a scenario.  Raises NoMarginsError where they do not."""
    found = FORMS[scenario.form].signs
    if found is None:
        raise NoMarginsError(f"games of the form {scenario.form} are not decided by signs of polynomials")
    return found(scenario.reading)


def margins_of(
    scenario: Scenario,
    vary: Sequence[str],
    given: Mapping[str, Any],
    *,
    mixed: bool = True,
    functions: bool = False,
) -> Margins:
    """What decides the outcomes of a scenario while the parameters ``vary``, the others as ``given``.

    Of all equilibria, or of pure ones only; of trees in which everybody sees all that happened these are the same.
    With ``functions``, those such as ``exp`` may be in them, of which bounds over boxes are known and roots are not.
    Raises NoMarginsError, which says why, where no signs of polynomials do.
    """
    every = payoffs_of(scenario, vary, given, functions=functions)
    try:
        return signs_of(scenario).margins(every, vary, mixed=mixed)
    except TooManyTermsError:
        raise NoMarginsError("the payoffs have too many terms once they are multiplied out") from None


@lru_cache(maxsize=8)
def margins_of_all(scenario: Scenario, *, mixed: bool = True) -> Margins:
    """The same while all parameters vary, which is asked again wherever one stands."""
    return margins_of(scenario, tuple(scenario.parameters), {}, mixed=mixed)


def payoffs_of(
    scenario: Scenario, vary: Sequence[str], given: Mapping[str, Any], *, functions: bool = False
) -> list[Case]:
    """The payoffs, polynomials case by case."""
    signs = signs_of(scenario)
    fixed = {name: value for name, value in scenario.values(**given).items() if name not in vary}
    reader = PolynomialReader(scenario.reading.formulas.program, fixed)
    try:
        return list(cases(signs.table(reader), reader.atoms, functions=functions))
    except TooManyTermsError:
        raise NoMarginsError("the payoffs have too many terms once they are multiplied out") from None
    except NoCasesError as error:
        raise NoMarginsError(str(error)) from None


def ways_of(
    scenario: Scenario,
    vary: Sequence[str],
    given: Mapping[str, Any],
    low: Sequence[Fraction],
    high: Sequence[Fraction],
) -> list[tuple[int, list[ByExponents]]]:
    """The ways in which outcomes come about in pure equilibria: the number of each, and what must not be negative for it.

    Polynomials of shares of the ranges ``low, high`` of the parameters that ``vary``, as tables of exponents.
    Raises NoMarginsError where there are too many.
    """
    shares = Shares(vary, low, high)
    found = signs_of(scenario).ways(payoffs_of(scenario, vary, given), vary)
    return [
        (outcome, [{place: as_float(v) for place, v in shares(one).items()} for one in polynomials])
        for outcome, polynomials in found
    ]
