"""Few moves, races and groups: each formula against a tree, a recursion, an integration or a search."""

from __future__ import annotations

import math
from itertools import permutations, product

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.stats import binom

from sim import models


@pytest.mark.parametrize(
    "given", [(1, 0.8, 0.2, 0.2, 1), (0.5, 1, 0.2, 0.1, 1), (1, 2, 0.05, 0.05, 1), (1, 0.5, 0.05, 0.02, 3)]
)
def test_coercion_by_backward_induction_on_a_grid(given):
    v1, v2, c1, c2, lam = given
    arms = np.linspace(0, 3, 3001)

    def reply(m1):
        p = lam * m1 / np.maximum(lam * m1 + arms, 1e-12)
        fights = (p * v1 >= c1) & (m1 > 0)
        worth = np.where(fights, (1 - p) * v2 - c2 - arms, v2 - arms)
        best = int(worth.argmax())
        if worth[best] <= 1e-3:
            return v1 - m1
        return (p[best] * v1 - c1 - m1) if fights[best] else -m1

    best = max(reply(m1) for m1 in np.linspace(0, 2, 2001))
    assert models.military_coercion(*given)["U1"] == pytest.approx(max(best, 0), abs=5e-3)


@pytest.mark.parametrize("trust", [0.3, 0.4, 0.6])
def test_gestures_by_the_two_rounds(trust):
    """Kydd (2000): in both rounds nobody gains by doing what the other type would."""
    good, bad = {"R": 4, "T": 3, "P": 1, "S": 0}, {"R": 3, "T": 4, "P": 1, "S": 0}
    found = models.costly_reassurance(trust, good, bad)
    for alpha in np.linspace(0.01, 0.99, 99):
        # the first round sorts; in the second the trustworthy cooperate with those who did, others defect
        honest = (1 - alpha) * (trust * good["R"] + (1 - trust) * good["S"]) + alpha * (
            trust * good["R"] + (1 - trust) * good["P"]
        )
        coward = (1 - alpha) * (trust * good["T"] + (1 - trust) * good["P"]) + alpha * good["P"]
        plain = (1 - alpha) * (trust * bad["T"] + (1 - trust) * bad["P"]) + alpha * bad["P"]
        fake = (1 - alpha) * (trust * bad["R"] + (1 - trust) * bad["S"]) + alpha * (
            trust * bad["T"] + (1 - trust) * bad["P"]
        )
        works = honest >= coward - 1e-12 and plain >= fake - 1e-12
        inside = found["alpha_min"] - 1e-9 <= alpha <= found["alpha_max"] + 1e-9
        assert works == inside, alpha


def chain_store_value(a, b, p, n):
    """The weak incumbent's value by Kreps and Wilson's own recursion on beliefs."""
    if n == 0:
        return 0.0
    out = 1 / a if math.isclose(p, b**n, rel_tol=1e-12) else float(p > b**n)
    entry = max(0.0, -1 + chain_store_value(a, b, max(p, b ** (n - 1)), n - 1)) if n > 1 else 0.0
    return out * (a + chain_store_value(a, b, p, n - 1)) + (1 - out) * entry


@pytest.mark.parametrize(
    "given", [(2, 0.5, 0.3, 1), (3, 0.7, 0.2, 6), (1.5, 0.4, 0.05, 3), (2, 0.5, 0.0625, 4)]
)
def test_reputation_by_recursion(given):
    assert models.chain_store(*given)["value_weak"] == pytest.approx(chain_store_value(*given))
    _, b, p, n = given
    found = models.chain_store(*given)
    if 0 < found["p_fight_weak"] < 1:  # the next entrant is then indifferent
        posterior = p / (p + (1 - p) * found["p_fight_weak"])
        assert posterior == pytest.approx(b ** (n - 1))


def test_deterrence_by_the_tree():
    for hard in (0.1, 0.45, 0.55, 0.9):
        found = models.perfect_deterrence(0.5, 1, 0, 1, 0.4, 0.6, 0, hard)
        assert found["A_defects"] == float((1 - hard) * 1 + hard * 0 > 0.5)


@pytest.mark.parametrize(("hard", "firm"), [(0.7, 0.3), (0.7, 0.6), (0.3, 0.2), (0.4, 0.7), (0.5, 0.45)])
def test_unilateral_deterrence_by_best_replies(hard, firm):
    """Every equilibrium: given what the other side does, types do what is best for them."""
    c = {"DC": 1, "SQ": 0.6, "DDp": 0.4, "CD": 0.2, "DDm": 0}
    d = {"CD": 1, "SQ": 0.9, "DDp": 0.5, "DC": 0.4, "DDm": 0}
    found = models.unilateral_deterrence(hard, firm, c, d)
    for one in found["equilibria"]:
        assert sum(one[key] for key in ("SQ", "DC", "CD", "DD")) == pytest.approx(1)
        challenged = 1 - one["SQ"]
        if challenged == 0:
            continue
        defied = (one["CD"] + one["DD"]) / challenged
        bluffs = challenged - hard  # the hard always challenge here
        worth = {
            "hard": (1 - defied) * c["DC"] + defied * c["DDp"],
            "soft": (1 - defied) * c["DC"] + defied * c["CD"],
        }
        assert worth["hard"] >= c["SQ"] - 1e-9
        if bluffs > 1e-12:
            assert worth["soft"] >= c["SQ"] - 1e-9
        if bluffs < 1 - hard - 1e-12:
            assert worth["soft"] <= c["SQ"] + 1e-9
        posterior = hard / challenged
        defy = posterior * d["DDm"] + (1 - posterior) * d["CD"]
        if defied > firm + 1e-12:
            assert defy >= d["DC"] - 1e-9
        if defied < 1 - 1e-12:
            assert defy <= d["DC"] + 1e-9


def test_escalation_by_the_tree():
    def play(step, n, f, prize, loss):
        mover = step % 2
        if step == n:
            return [prize[0] * mover, prize[1] * (1 - mover)]
        on = [(1 - f) * v - f * x for v, x in zip(play(step + 1, n, f, prize, loss), loss, strict=True)]
        return on if on[mover] >= 0 else [prize[0] * mover, prize[1] * (1 - mover)]

    for n, f in product(range(7), (0.1, 0.3, 0.5)):
        found = models.escalation_steps(n, f, [1, 2], [4, 1])
        assert [found["v1"], found["v2"]] == pytest.approx(play(0, n, f, [1, 2], [4, 1]))


def test_a_threat_works_and_pays_between_its_borders():
    found = models.threat_of_disaster(-4, -1, -10, 2, -2, -10, 0.3)
    for q in np.linspace(0, 1, 101):
        complies = (1 - q) * -1 + q * -10 <= -4
        pays = 0.7 * 2 + 0.3 * ((1 - q) * -2 + q * -10) >= -2
        assert complies == (q >= found["q_effective"] - 1e-12)
        assert pays == (q <= found["q_acceptable"] + 1e-12)


def test_races_come_to_rest_where_they_should():
    found = models.richardson_race(0.9, 0.8, 0.4, 0.5, 10, 5)
    end = solve_ivp(
        lambda _, z: [0.4 * z[1] - 0.9 * z[0] + 10, 0.5 * z[0] - 0.8 * z[1] + 5], (0, 200), [0, 0], rtol=1e-10
    ).y[:, -1]
    assert [found["x"], found["y"]] == pytest.approx(end, abs=1e-5)
    assert not models.richardson_race(0.5, 0.6, 0.7, 0.8, 1, 1)["stable"]


def test_contests_by_search():
    found = models.contest(3, 2)
    x = np.linspace(1e-6, 3, 300_001)
    for own, other, prize in ((found["x1"], found["x2"], 3), (found["x2"], found["x1"], 2)):
        worth = x / (x + other) * prize - x
        assert x[worth.argmax()] == pytest.approx(own, abs=1e-4)
    efforts = models.all_pay(3, 2)
    rng = np.random.default_rng(1989)
    strong, weak = (
        rng.uniform(0, 2, 400_000),
        np.where(rng.random(400_000) < 2 / 3, rng.uniform(0, 2, 400_000), 0),
    )
    assert (strong.mean(), weak.mean()) == pytest.approx(
        (efforts["allpay_E1"], efforts["allpay_E2"]), abs=5e-3
    )
    hazards = models.concession_hazards(2, 1, 0.5)
    times = rng.exponential(1 / np.array([[hazards["h1"]], [hazards["h2"]]]), (2, 400_000))
    assert times.min(axis=0).mean() == pytest.approx(hazards["duration"], rel=5e-3)
    assert (times[1] < times[0]).mean() == pytest.approx(hazards["p1_wins"], abs=3e-3)


def test_who_pays_for_all():
    found = models.volunteers(4, 1, 0.25)
    assert 1 - found["p_not"] ** 3 == pytest.approx(0.75)  # waiting is as good as helping
    for p, success in zip(*models.threshold_contributions(5, 3, 0.2).values(), strict=True):
        assert binom.pmf(2, 4, p) == pytest.approx(0.2)
        assert 1 - binom.cdf(2, 5, p) == pytest.approx(success)
    paid = models.alliance_spending([4, 2, 1, 1])
    for own, theta in zip(paid["contributions"], [4, 2, 1, 1], strict=True):
        others = paid["total"] - own
        g = np.linspace(0, 8, 80_001)[1:]
        assert g[(theta * np.log(others + g) - g).argmax()] == pytest.approx(own, abs=1e-3)
    wealth = [10, 8, 4, 2]
    effort = models.alliance_effort(wealth, 0.5)
    for own, rich in zip(effort["contributions"], wealth, strict=True):
        g = np.linspace(0, rich, 50_001)
        worth = np.sqrt((rich - g) * (effort["total"] - own + g))
        assert g[worth.argmax()] == pytest.approx(own, abs=1e-3)


def test_common_stocks_by_value_iteration():
    """Levhari and Mirman (1980): with log worth the best share of what the other leaves, as a fixed point."""
    alpha, beta = 0.5, 0.9
    found = models.fishing(alpha, beta)
    shares = np.linspace(0.001, 0.6, 60_000)
    slope = 1 / (1 - alpha * beta)  # of the value in the logarithm of the stock
    other = found["share_mpe"]
    left = np.clip(1 - other - shares, 1e-12, None)
    assert shares[(np.log(shares) + beta * slope * alpha * np.log(left)).argmax()] == pytest.approx(
        other, abs=1e-4
    )
    left = np.clip(1 - 2 * shares, 1e-12, None)
    both = np.log(shares) + beta * slope * alpha * np.log(left)
    assert shares[both.argmax()] == pytest.approx(found["share_coop"], abs=1e-4)


def test_a_quadratic_race_by_search():
    """Basar and Olsder (1999): the best constant gain against the other's, from the discounted sum of costs."""
    a, q, r, delta = 0.8, 1.0, 0.5, 0.99
    found = models.quadratic_race(a, q, r, delta)
    gains = np.linspace(0, 0.7, 70_001)
    for other, answer in ((found["k_mpe"], "k_mpe"), (None, "k_joint")):
        theirs = gains if other is None else other
        loop = a - gains - theirs
        cost = (q + r * gains**2) / (1 - delta * loop**2)
        assert gains[cost.argmin()] == pytest.approx(found[answer], abs=1e-4)


def test_little_noise_by_iterating_cutoffs():
    """Carlsson and van Damme (1993): with uniform noise each believes the other's signal is as likely above as below."""

    def below(gap):
        """How likely the other's signal is that much below, two uniform errors apart."""
        u = np.clip(gap / 0.1, -1, 1)
        return np.where(u < 0, (1 + u) ** 2 / 2, 1 - (1 - u) ** 2 / 2)

    signals = np.linspace(0, 3, 300_001)
    cutoff = 0.0
    for _ in range(400):  # cooperates where it pays, given that the other does from the last cutoff on
        cutoff = signals[np.argmax(signals - 2 * below(cutoff - signals) >= 0.5)]
    assert models.stag_hunt_cutoff(0.5, 2)["theta_star"] == pytest.approx(cutoff, abs=1e-3)


@pytest.mark.parametrize(
    ("quota", "weights"), [(51, [50, 49, 1]), (12, [4, 4, 4, 2, 2, 1]), (6, [4, 1, 1, 1, 1])]
)
def test_power_by_all_orders(quota, weights):
    turned = np.zeros(len(weights))
    orders = list(permutations(range(len(weights))))
    for order in orders:
        total = 0
        for member in order:
            total += weights[member]
            if total >= quota:
                turned[member] += 1
                break
    found = models.voting_power(quota, weights)
    assert found["shapley_shubik"] == pytest.approx(turned / len(orders))
    swings = np.zeros(len(weights))
    for inside in product((0, 1), repeat=len(weights)):
        total = np.dot(inside, weights)
        for member, weight in enumerate(weights):
            swings[member] += inside[member] and total >= quota > total - weight
    assert found["banzhaf"] == pytest.approx(swings / swings.sum())


def test_divisions_on_a_curve_by_a_fine_grid():
    found = models.divisions_of_frontier("u2=1-u1**2", [0, 1], [0.1, 0.2])
    u = np.linspace(0.1, math.sqrt(0.8), 400_001)
    v = 1 - u**2
    assert found["nash"][0] == pytest.approx(u[((u - 0.1) * (v - 0.2)).argmax()], abs=1e-4)
    assert found["utilitarian"][0] == pytest.approx(u[(u + v).argmax()], abs=1e-4)
    assert found["egalitarian"][0] == pytest.approx(u[np.abs((v - 0.2) - (u - 0.1)).argmin()], abs=1e-4)
    slope = (0.99 - 0.2) / (math.sqrt(0.8) - 0.1)
    assert found["kalai_smorodinsky"][0] == pytest.approx(
        u[np.abs((v - 0.2) - slope * (u - 0.1)).argmin()], abs=1e-4
    )


def test_a_majority_is_paid_what_waiting_brings():
    """Baron and Ferejohn (1989): who is asked gets delta times the average, and half of the others are asked."""
    n, delta = 5, 0.8
    share = models.majority_division(n, delta)["proposer"]
    assert share == pytest.approx(1 - (n - 1) / 2 * delta / n)
    assert models.majority_division(4, delta)["proposer"] is None


def test_barter_by_hand():
    """Nash (1950): with one good each, worth more to the other, both give."""
    found = models.barter({"pen": [1, 3]}, {"ball": [3, 1]})
    assert (found["gains"], found["bill_gives"], found["jack_gives"]) == ([2, 2], ["pen"], ["ball"])
