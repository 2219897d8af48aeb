"""One demand under hidden resolve: the formula, the computation, and every offer tried."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.claim import Status


def one_demand(chance, outside, own, **given):
    types = {f"type {k}": {"chance": chance[:, k], "outside": outside[:, k]} for k in range(chance.shape[1])}
    worth = np.stack([own, np.zeros_like(own)], axis=1)
    return sim.Bargaining(("A", "B"), 0.9, worth, offers="A", rounds=1, types={"B": types}, **given)


@pytest.mark.parametrize("leaving", ["after_rejecting", "never"])
def test_formula_computation_and_a_search_of_all_demands_agree(leaving):
    rng = np.random.default_rng(1995)
    cells, kinds = 300, 3
    chance, outside = rng.dirichlet(np.ones(kinds), cells), rng.uniform(0, 0.7, (cells, kinds))
    own = rng.uniform(0, 0.5, cells)
    game = one_demand(chance, outside, own, leaving=leaving)
    formula, computed = sim.solve(game, solver="one_offer"), sim.solve(game, solver="hidden_resolve")
    assert (formula.status == Status.ok).all()
    assert formula.complete.all()
    np.testing.assert_allclose(formula.value, computed.value, atol=1e-12)
    offers = np.linspace(0, 1, 4001)[:, np.newaxis, np.newaxis]
    worth = np.where(offers >= outside, 1 - offers, own[:, np.newaxis])
    best = (worth * chance).sum(axis=-1).max(axis=0)
    assert (formula.value[:, 0, 0] >= best - 1e-12).all()
    np.testing.assert_allclose(formula.value[:, 0, 0], best, atol=1 / 4000)


def test_the_risky_demand_is_made_when_the_resolved_are_few():
    """Fearon (1995): the border is (cH - cL) / (cH + cA), here a half."""
    war = np.array([[0.4, 0.2]])  # 1 - p - c for costs of 0.1 and 0.3 at even odds
    for resolved, share, fights in ((0.49, 0.8, 0.49), (0.51, 0.6, 0.0)):
        chance = np.array([[resolved, 1 - resolved]])
        solution = sim.solve(one_demand(chance, war, np.array([0.4])), solver="one_offer")
        assert solution.claim.extra["offer"][0, 0, 0] == pytest.approx(share)
        assert solution.outcomes[0, 0, 2] == pytest.approx(fights)


def test_more_rounds_are_refused():
    types = {"B": {"firm": {"chance": 1.0, "outside": 0.3}}}
    with pytest.raises(ValueError, match="hidden_resolve"):
        sim.solve(sim.Bargaining(("A", "B"), 0.9, offers="A", types=types), solver="one_offer")
