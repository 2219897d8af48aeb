"""War, demands and power shifts: each formula against a search or a backward induction of its own."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim import models


@pytest.mark.parametrize(
    ("p", "own", "other", "a", "b"),
    [(0.5, 0.1, 0.2, 1, 1), (0.7, 0.2, 0.1, 0.5, 1), (0.3, 0.4, 0.1, 0.8, 0.6)],
)
def test_the_bargaining_range_is_what_both_prefer(p, own, other, a, b):
    x = np.linspace(0, 1, 200_001)
    both = x[(x**a >= p - own) & ((1 - x) ** b >= 1 - p - other)]
    found = models.bargaining_range(p, own, other, a, b)
    assert (found["x_lo"], found["x_hi"]) == pytest.approx((both.min(), both.max()), abs=1e-5)
    assert models.status_quo_bargain(0.5, 0.7, 0.1, 0.1)["x"] == pytest.approx(0.6)
    assert models.status_quo_bargain(0.9, 0.6, 0.1, 0.1)["x"] == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("p", "own", "lo", "hi"),
    [(0.5, 0.05, 0, 0.3), (0.4, 0.3, 0.1, 0.4), (0.9, 0.0, 0.0, 0.5), (0.6, 0.1, 0.05, 0.35)],
)
def test_the_demand_is_the_best_of_all_demands(p, own, lo, hi):
    x = np.linspace(p, 1, 100_001)
    fights = np.clip((x - p - lo) / (hi - lo), 0, 1)
    worth = (1 - fights) * x + fights * (p - own)
    found = models.risk_and_return(p, own, lo, hi)
    assert found["U_A"] == pytest.approx(worth.max(), abs=1e-5)
    assert found["x"] == pytest.approx(x[worth.argmax()], abs=1e-4)


def test_many_types_are_a_continuum():
    """The form with types of equal chance against the formula for uniform costs."""
    costs = (np.arange(24) + 0.5) / 24 * 0.3
    types = {f"{c:.4f}": {"chance": 1 / 24, "outside": 0.5 - c} for c in costs}
    game = sim.Bargaining(("A", "B"), 0.9, [0.45, 0.0], offers="A", rounds=1, types={"B": types})
    assert sim.solve(game).value[0, 0, 0] == pytest.approx(
        models.risk_and_return(0.5, 0.05, 0, 0.3)["U_A"], abs=5e-3
    )


@pytest.mark.parametrize(
    ("p1", "p2", "delta", "cB"),
    [(0.3, 0.33, 0.9, 2), (0.3, 0.5, 0.8, 1.5), (0.4, 0.75, 0.6, 0.4), (0.4, 0.79, 0.6, 0.4)],
)
def test_preventive_war_by_backward_induction(p1, p2, delta, cB):
    """From period 2 on A takes all that leaves B its war value; in period 1 at most the whole pie of a period."""
    late = (1 - p2) / (1 - delta) - cB  # what B gets from period 2 on
    now = (1 - p1) / (1 - delta) - cB
    appeased = 1 + delta * late >= now  # if A gives all of the first period away
    assert models.preventive_war(p1, p2, delta, 1.0, cB)["preventive_war"] == (not appeased)


@pytest.mark.parametrize(
    ("p1", "p2", "delta", "D"), [(0.3, 0.7, 0.95, 0.2), (0.3, 0.55, 0.95, 0.2), (0.5, 0.8, 0.9, 0.1)]
)
def test_no_division_of_the_first_period_keeps_both_from_war(p1, p2, delta, D):
    """Both must get their war values now; B's is at most a period's pie and what A's war value later leaves."""
    war = (1 - D) / (1 - delta)
    most_for_b = 1 + delta * (1 / (1 - delta) - p2 * war)
    found = models.unavoidable_war(p1, p2, delta, D)
    assert found["war_unavoidable"] == (most_for_b < (1 - p1) * war)


def test_a_first_strike_leaves_a_range_or_none():
    for first in np.linspace(0.4, 0.9, 11):
        found = models.first_strike(first, 0.4, 0.1, 0.05)
        x = np.linspace(0, 1, 10_001)
        peace = (x >= first - 0.1) & (1 - x >= (1 - 0.4) - 0.05)
        assert found["peace_range_exists"] == peace.any() or abs(found["width"]) < 1e-4


def test_a_pledge_is_kept_from_that_patience_on():
    """Breaking it saves K now and brings the standoff ever after."""
    for cost in (0.4, 2.0, 4.0):
        border = models.pledge(cost, 1.5, 1.7)["delta_star"]
        for delta in (0.05, 0.3, 0.6, 0.8, 0.99):
            keeps = 1.5 - cost >= (1 - delta) * 1.5 + delta * -1.7
            assert keeps == (border is not None and delta >= border)


def test_attacking_now_is_compared_with_every_later_moment():
    for flow, delta, shift in ((-0.7, 0.9, 1.0), (0.6, 0.5, 0.5), (2.0, 0.9, 0.1)):
        moments = range(1, 400)
        late = [sum(flow * delta**t for t in range(m)) + delta**m * (6.0 - shift - 1.5) for m in moments]
        never = flow / (1 - delta)
        found = models.attack_now(6.0, 1.5, flow, delta, shift)
        assert found["value_wait"] == pytest.approx(max(*late, never), abs=1e-6)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: models.bargaining_range(1.2, 0.1, 0.1), "p is a probability"),
        (lambda: models.preventive_war(0.4, 0.9, 0.6, 0.5, 0.4), "war is worth at least 0 to B"),
        (lambda: models.risk_and_return(0.5, 0.1, 0.3, 0.2), "0 <= lo < hi"),
        (lambda: models.cheap_talk(0), "bias is above 0"),
        (lambda: models.chain_store(0.5, 0.5, 0.1, 3), "a > 1"),
        (lambda: models.divisions_of_frontier("u2=u3", [0, 1], [0, 0]), "a formula of u1 alone, found u3"),
    ],
)
def test_outside_their_region_models_say_so(call, said):
    with pytest.raises(ValueError, match=said):
        call()
