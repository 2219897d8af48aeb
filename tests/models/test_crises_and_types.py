"""Private values from a continuum: best replies of many types on a grid, draws, and quadrature."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from sim import models


@pytest.mark.parametrize(("a1", "a2", "far"), [(1, 1, 2), (2, 1, 2), (0.5, 2, 3)])
def test_nobody_gains_by_quitting_at_another_time(a1, a2, far):
    """Fearon (1994): the claimed chances of quitting make types choose the times that make these chances."""
    found = models.audience_costs(1.0, a1, a2, far)
    end = found["t_star"]
    times = np.linspace(0, end, 401)
    for own, cost, other in ((1, a1, 2), (2, a2, 1)):
        quits = (found[f"Q{other}_0"] + cost * times) / (
            1 + cost * times
        )  # keeps quitters of this side indifferent
        density = np.diff(quits)
        worth = [
            -cost * t * (1 - q) + quits[0] + density[:k].sum()
            for k, (t, q) in enumerate(zip(times, quits, strict=True))
        ]
        assert np.ptp(worth) < 1e-9
        assert quits[-1] == pytest.approx(found[f"backdown{other}"], abs=1e-9)
        # who has not quit would rather fight than quit at the end: war above -a t
        assert 1 - found[f"backdown{own}"] == pytest.approx(cost * end / far)


@pytest.mark.parametrize(("cost", "low", "far"), [(0.25, 1, 2), (0.5, 4, 3), (0.9, 1, 1)])
def test_best_replies_of_all_types_reproduce_the_crisis(cost, low, far):
    found = models.crisis_of_resolve(cost, low, far)
    war = np.linspace(-low, 0, 200_001)
    fights = war >= -cost
    challenge = (1 - found["prob_resist"]) + found["prob_resist"] * np.where(fights, war, -cost)
    if found["regime"] == "all challenge":
        assert (challenge >= -1e-9).all()
    else:
        assert challenge[~fights] == pytest.approx(0, abs=1e-9)
    target = np.linspace(-far, 0, 200_001)
    resist = found["posterior_fight"] * target + (1 - found["posterior_fight"]) >= 0
    assert resist.mean() == pytest.approx(found["prob_resist"], abs=1e-4)
    assert found["prob_war"] == pytest.approx(fights.mean() * found["prob_resist"], abs=1e-4)


def test_shocks_by_the_bivariate_normal_and_by_draws():
    """Lewis and Schultz (2003): the chance to fight after a challenge, two other ways."""
    given = {"S_A": 0, "V_A": 1, "C_B": 0, "W_A": -1.9, "W_B": -2.9, "a": -1.2, "V_B": 1}
    found = models.crisis_with_shocks(**given)
    assert found["n_equilibria"] == 3
    joint = multivariate_normal([0, 0], [[1, math.sqrt(0.5)], [math.sqrt(0.5), 1]])
    rng = np.random.default_rng(2003)
    fight_shock, back_shock = rng.standard_normal((2, 400_000))
    for one in found["equilibria"]:
        cut = (0 - (1 - one["p_resist"])) / one["p_resist"]
        both = joint.cdf([-(cut + 1.9), (-1.9 + 1.2) / math.sqrt(2)])
        assert both / one["p_challenge"] == pytest.approx(one["p_fight"], abs=1e-5)
        war, back = -1.9 + fight_shock, -1.2 + back_shock
        challenges = np.maximum(war, back) >= cut
        assert challenges.mean() == pytest.approx(one["p_challenge"], abs=3e-3)
        expected = (one["p_fight"] * -2.9 + (1 - one["p_fight"]) * 1) / one["p_fight"]
        assert norm.cdf(expected) == pytest.approx(one["p_resist"], abs=1e-9)


def test_errors_are_gumbel_draws():
    """Signorino (1999): logit is the best of two worths with a Gumbel error each."""
    given = {"SQ": 0, "Cap": 1, "War": -1}, {"Cap": -1, "War": -0.5}
    found = models.strategic_deterrence(*given, 3)
    noise = np.random.default_rng(1999).gumbel(size=(2, 2, 400_000)) / 3
    resist = (-0.5 + noise[0, 0] > -1 + noise[0, 1]).mean()
    assert resist == pytest.approx(found["p_resist"], abs=3e-3)
    expected = found["p_resist"] * -1 + (1 - found["p_resist"])
    assert (expected + noise[1, 0] > noise[1, 1]).mean() == pytest.approx(found["p_attack"], abs=3e-3)


@pytest.mark.parametrize("k", [0.3, 0.5, 0.8])
def test_nobody_gains_by_another_ask_or_bid(k):
    """Chatterjee and Samuelson (1983): best replies by search, the chance of trade by a grid of both."""
    found = models.double_auction(k)
    grid = (np.arange(2000) + 0.5) / 2000
    bids = found["bid_slope"] * grid + found["bid_const"]
    asks = found["ask_slope"] * grid + found["ask_const"]
    for cost in (0.0, 0.2, 0.5):
        tries = np.linspace(0, 1, 401)[:, np.newaxis]
        worth = np.where(bids >= tries, k * bids + (1 - k) * tries - cost, 0).mean(axis=1)
        own = found["ask_slope"] * cost + found["ask_const"]
        mine = np.where(bids >= own, k * bids + (1 - k) * own - cost, 0).mean()
        assert mine >= worth.max() - 1e-3
    trade = bids[np.newaxis] >= asks[:, np.newaxis]
    assert trade.mean() == pytest.approx(found["prob_trade"], abs=2e-3)
    gains = np.where(trade, grid[np.newaxis] - grid[:, np.newaxis], 0).mean()
    assert gains == pytest.approx(found["gains"], abs=2e-3)


@pytest.mark.parametrize("bias", [0.3, 0.1, 0.05, 0.01])
def test_steps_of_talk_leave_the_sender_indifferent(bias):
    """Crawford and Sobel (1982): at each cutpoint two messages are as good, and one more step does not fit."""
    found = models.cheap_talk(bias)
    cut = np.array(found["cutpoints"])
    middle = (cut[1:] + cut[:-1]) / 2
    for k in range(1, found["N"]):
        assert abs(middle[k - 1] - cut[k] - bias) == pytest.approx(abs(middle[k] - cut[k] - bias), abs=1e-9)
    state = (np.arange(100_000) + 0.5) / 100_000
    action = middle[np.searchsorted(cut, state) - 1]
    assert -((state - action) ** 2).mean() == pytest.approx(found["U_receiver"], abs=1e-6)
    more = found["N"] + 1
    assert 1 / more + 2 * bias * (1 - more) <= 1e-12  # the first of more steps would have no width


@pytest.mark.parametrize("delta", [0.0, 0.5, 0.95])
def test_two_offers_by_search(delta):
    best = max((sum_of_offers(cutoff, delta), cutoff) for cutoff in np.linspace(0, 1, 20_001))
    found = models.two_offers(delta)
    assert best[1] == pytest.approx(found["cutoff"], abs=1e-3)


def sum_of_offers(cutoff, delta):
    """What the proposer gets if values above the cutoff take the first offer and the rest face the best second one."""
    second = cutoff / 2
    first = (1 - delta) * cutoff + delta * second
    return first * (1 - cutoff) + delta * second * (cutoff - second)


@pytest.mark.parametrize(("mu", "d"), [(0.05, 0.9), (0.05, 0.5), (0.1, 1.1)])
def test_fear_by_iterating_best_replies(mu, d):
    cutoff = 0.0
    for _ in range(20_000):  # arms if c <= mu + (d - mu) times the chance that the other arms
        cutoff = min(mu + (d - mu) * cutoff, 1.0)
    assert models.arms_race_of_fear(mu, d, 0, 1)["cutoff"] == pytest.approx(cutoff, abs=1e-9)
