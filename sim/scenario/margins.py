"""The payoffs of a scenario as polynomials of some parameters, and the conditions that these decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.borders import Margins, NoMarginsError, conditions_of
from sim.borders.factoring import Algebra, Shares, as_float
from sim.borders.lasting import lasting_conditions
from sim.borders.slopes import ByExponents
from sim.polynomials import Case, NoCasesError, Polynomial, PolynomialReader, TooManyTermsError, cases
from sim.scenario.forms import FORMS, NoWeightError
from sim.scenario.payoffs import Formulas
from sim.scenario.scenario import Scenario

__all__ = ["concept_decided", "gains_of", "margins_of", "margins_of_all"]


def concept_decided(scenario: Scenario) -> str:
    """The concept of which margins say what holds: that of the form where stages follow each other, else ``nash``."""
    return "nash" if FORMS[scenario.form].weights is None else "subgame_perfect"


def margins_of(
    scenario: Scenario,
    vary: Sequence[str],
    given: Mapping[str, Any],
    *,
    mixed: bool = True,
    functions: bool = False,
) -> Margins:
    """What decides the outcomes of a scenario while the parameters ``vary``, the others as ``given``.

    Of a game that is repeated without an end, what lasts, all punishments considered (``mixed`` makes no difference).
    With ``functions``, those such as ``exp`` may be in them, of which bounds over boxes are known and roots are not.
    Raises NoMarginsError, which says why, where no signs of polynomials do.
    """
    every = payoffs_of(scenario, vary, given, functions=functions)
    if FORMS[scenario.form].weights is not None:
        return lasting_conditions(every, vary, scenario.outcomes.names, scenario.outcomes.of)
    two = len(scenario.players) == 2
    if mixed and not two:
        raise NoMarginsError(
            "mixed equilibria of more than two players are not decided by signs: ask for pure ones"
        )
    try:
        return conditions_of(every, vary, scenario.outcomes.names, scenario.outcomes.of, mixed=mixed)
    except TooManyTermsError:
        raise NoMarginsError("the payoffs have too many terms once they are multiplied out") from None


@lru_cache(maxsize=8)
def margins_of_all(scenario: Scenario) -> Margins:
    """The same while all parameters vary, which is asked again wherever one stands."""
    return margins_of(scenario, tuple(scenario.parameters), {})


def payoffs_of(
    scenario: Scenario, vary: Sequence[str], given: Mapping[str, Any], *, functions: bool = False
) -> list[Case]:
    """The payoffs, polynomials case by case; with the weights of the next stage where there is always one."""
    form = FORMS[scenario.form]
    if not form.one_shot and form.weights is None:
        raise NoMarginsError(f"games of the form {scenario.form} are not decided by signs of polynomials")
    formulas: Formulas = scenario.reading.formulas
    fixed = {name: value for name, value in scenario.values(**given).items() if name not in vary}
    reader = PolynomialReader(formulas.program, fixed)
    try:
        payoffs = filled(reader, formulas)
        if form.weights is not None:
            weights = form.weights(scenario.reading.details)
            beside = [filled(reader.beside(one.program), one) for one in weights]
            payoffs = with_weights(payoffs, np.prod(beside, axis=0))
        return list(cases(payoffs, reader.atoms, functions=functions))
    except TooManyTermsError:
        raise NoMarginsError("the payoffs have too many terms once they are multiplied out") from None
    except (NoCasesError, NoWeightError) as error:
        raise NoMarginsError(str(error)) from None


def filled(reader: PolynomialReader, formulas: Formulas) -> NDArray[Any]:
    """A table of formulas as polynomials."""
    table = np.empty(formulas.shape, object)
    for entry in formulas.entries:
        for place in np.ndindex(formulas.shape):
            if all(isinstance(one, slice) or one == at for one, at in zip(entry.place, place, strict=False)):
                table[place] = reader.read(entry.step, place[1:])
    return table


def with_weights(payoffs: NDArray[Any], weights: NDArray[Any]) -> NDArray[Any]:
    """Payoffs ``(n, A1, .., An)`` and weights ``(n,)`` as rows ``(2n, ..)``, see :func:`lasting_conditions`."""
    players = len(payoffs)
    flat = payoffs.reshape(players, -1)
    rows = np.full((2 * players, max(flat.shape[1], 2)), Polynomial.number(0), object)
    rows[:players, : flat.shape[1]] = flat
    rows[players:, 0] = weights
    rows[players:, 1] = Polynomial.number(1)
    return rows


def gains_of(
    scenario: Scenario,
    vary: Sequence[str],
    given: Mapping[str, Any],
    low: Sequence[Fraction],
    high: Sequence[Fraction],
) -> list[tuple[tuple[int, ...], list[ByExponents]]]:
    """For each joint action, case by case, what must not be negative for it to be an equilibrium.

    Polynomials of shares of the ranges ``low, high`` of the parameters that ``vary``, as tables of exponents.
    """
    algebra, shares = Algebra(vary), Shares(vary, low, high)
    result: list[tuple[tuple[int, ...], list[ByExponents]]] = []
    for case in payoffs_of(scenario, vary, given):
        for joint in np.ndindex(case.payoffs.shape[1:]):
            gains = [one for one in (*case.guards, *losses(case.payoffs, joint)) if not one.is_zero]
            terms = (shares(algebra.polynomial(one)) for one in gains)
            result.append((joint, [{place: as_float(v) for place, v in one.items()} for one in terms]))
    return result


def losses(payoffs: NDArray[Any], joint: tuple[int, ...]) -> list[Polynomial]:
    """What each player loses by each deviation from a joint action."""
    return [
        payoffs[(player, *joint)] - payoffs[(player, *joint[:player], other, *joint[player + 1 :])]
        for player, action in enumerate(joint)
        for other in range(payoffs.shape[1 + player])
        if other != action
    ]
