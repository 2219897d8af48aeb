"""The formula and the computation agree wherever the formula holds."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.claim import Status


@pytest.mark.parametrize("offers", ["alternating", "A", "B"])
@pytest.mark.parametrize("leaving", ["after_rejecting", "any_time", "never"])
def test_formula_and_computation_agree(offers, leaving):
    rng = np.random.default_rng(1982)
    cells = 2000
    game = sim.Bargaining(
        ("A", "B"), rng.uniform(0, 0.999, (cells, 2)), rng.uniform(0, 0.45, (cells, 2)),
        rng.uniform(0, 0.4, (cells, 2)), risk=rng.uniform(0, 0.4, cells), pie=rng.uniform(1, 2, cells),
        offers=offers, leaving=leaving,
    )  # fmt: skip
    formula, computed = sim.solve(game, solver="rubinstein"), sim.solve(game, solver="rounds_of_offers")
    assert (formula.status == Status.ok).all()
    assert (computed.status == Status.ok).all()
    np.testing.assert_allclose(formula.value, computed.value, atol=1e-11)
    np.testing.assert_allclose(
        formula.claim.extra["accepts_from"], computed.claim.extra["accepts_from"], atol=1e-11
    )


def test_four_regimes():
    """Binmore, Shaked and Sutton (1989): nobody's option, one's, the other's or both bind."""
    options = [[0.1, 0.1], [0.6, 0.1], [0.1, 0.6], [0.45, 0.45]]
    solution = sim.solve(sim.Bargaining(("A", "B"), 0.8, options), solver="rubinstein")
    accepts = solution.claim.extra["accepts_from"][:, 0][:, [1, 3]]
    bound = np.isclose(accepts, options)
    assert bound.tolist() == [[False, False], [True, False], [False, True], [True, True]]


def test_what_the_formula_is_not_of_is_refused():
    for given in ({"rounds": 3}, {"offers": "random"}):
        with pytest.raises(ValueError, match="rounds_of_offers"):
            sim.solve(sim.Bargaining(("A", "B"), 0.9, **given), solver="rubinstein")
