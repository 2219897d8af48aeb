"""The payoffs of a scenario as polynomials of some parameters, and the conditions that these decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.borders import Conditions, NoMarginsError, conditions_of
from sim.polynomials import NoCasesError, PolynomialReader, TooManyTermsError, cases
from sim.scenario.payoffs import Formulas
from sim.scenario.scenario import Scenario

__all__ = ["margins_of"]


def margins_of(scenario: Scenario, vary: Sequence[str], given: Mapping[str, Any], *, mixed: bool = True) -> Conditions:
    """What decides the outcomes of a scenario in normal form while the parameters ``vary``, the others as ``given``.

    Raises NoMarginsError, which says why, where no signs of polynomials do.
    """
    if scenario.form != "normal":
        raise NoMarginsError(f"games of the form {scenario.form} are not decided by signs of polynomials")
    formulas: Formulas = scenario.reading.formulas
    fixed = {name: value for name, value in scenario.values(**given).items() if name not in vary}
    reader = PolynomialReader(formulas.program, fixed)
    payoffs = np.empty(formulas.shape, object)
    try:
        for entry in formulas.entries:
            for place in np.ndindex(formulas.shape):
                if all(isinstance(one, slice) or one == at for one, at in zip(entry.place, place, strict=False)):
                    payoffs[place] = reader.read(entry.step, place[1:])
        return conditions_of(
            cases(payoffs, reader.atoms), vary, scenario.outcomes.names, scenario.outcomes.of, mixed=mixed
        )
    except TooManyTermsError:
        raise NoMarginsError("the payoffs have too many terms once they are multiplied out") from None
    except NoCasesError as error:
        raise NoMarginsError(str(error)) from None
