"""Obstinate types with several demands: who passes for whom, against theory and an independent computation."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

import sim
from sim.claim import Status
from sim.solution import certify


def types_of(*rows):
    """Types of a side: pairs of chance and demand, and one that reasons with what is left."""
    stubborn = {f"d{k}": {"chance": z, "obstinate": a} for k, (z, a) in enumerate(rows)}
    return stubborn | {"reasons": {"chance": 1 - sum(z for z, _ in rows)}}


def talks(first, second, rate=(1.0, 1.0), **more):
    """The game of two sides with such types, rates of impatience a round."""
    types = {"A": types_of(*first), "B": types_of(*second)}
    return sim.Bargaining(("A", "B"), np.exp(-np.array(rate)), leaving="never", types=types, **more)


def extra(solution):
    return {name: array[0, 0] for name, array in solution.claim.extra.items()}


@pytest.mark.parametrize(
    ("z1", "z2", "a1", "a2", "rate"),
    [(0.1, 0.1, 0.6, 0.6, (1, 1)), (0.1, 0.3, 0.7, 0.6, (1, 2)), (0.3, 0.02, 0.55, 0.75, (1, 0.8))],
)
def test_one_demand_each_is_the_war_of_attrition(z1, z2, a1, a2, rate):
    """A type that chance never draws makes the game one of several demands, and changes nothing."""
    alone = sim.solve(talks([(z1, a1)], [(z2, a2)], rate))
    beside = sim.solve(talks([(z1, a1), (0.0, 0.9)], [(z2, a2), (0.0, 0.8)], rate))
    assert beside.status[0] == Status.ok
    np.testing.assert_allclose(beside.value, alone.value, atol=1e-12)
    np.testing.assert_allclose(beside.outcomes, alone.outcomes, atol=1e-12)


@pytest.mark.parametrize("rate", [(1, 1), (1, 2), (3, 1)])
def test_division_tends_to_that_of_rubinstein_as_obstinacy_vanishes(rate):
    """Abreu and Gul (2000), as obstinacy vanishes: whatever types there are, up to the distance between demands."""
    step = 0.05
    demands = np.arange(step, 0.999, step)
    share = rate[1] / (rate[0] + rate[1])
    far = []
    for chance in (1e-2, 1e-4, 1e-8):
        side = [(chance / len(demands), a) for a in demands]
        solution = sim.solve(talks(side, side, rate))
        assert solution.status[0] == Status.ok
        far.append(np.abs(solution.value[0, 0] - [share, 1 - share]).max())
        assert far[-1] <= step + 0.5 * chance**0.25
    assert far[2] < far[1] < far[0]


def payoffs(z, x, a, b, rate, i):
    """What player i who reasons gets in a war over demands ``a`` and ``b``, by adaptive quadrature, at four moments."""
    share, rate = (a, b), np.array(rate, dtype=float)
    hazard = [rate[1 - k] * (1 - share[k]) / (a + b - 1) for k in (0, 1)]
    end = min(-math.log(p) / h if p < 1 else 0.0 for p, h in zip((z, x), hazard, strict=True))
    atom = [max(0.0, 1 - p * math.exp(h * end)) for p, h in zip((z, x), hazard, strict=True)]
    j = 1 - i
    worth = []
    for moment in np.linspace(0, end, 4):
        won = quad(lambda s: math.exp(-(rate[i] + hazard[j]) * s) * hazard[j], 0, moment)[0]
        last = math.exp(-(rate[i] + hazard[j]) * moment)
        worth.append(share[i] * (atom[j] + (1 - atom[j]) * won) + (1 - share[j]) * (1 - atom[j]) * last)
    return worth


chances = st.floats(0.01, 0.3)
shares = st.integers(2, 19).map(lambda k: k / 20)
sides = st.lists(st.tuples(chances, shares), min_size=1, max_size=3).filter(
    lambda rows: sum(z for z, _ in rows) < 0.95
)


@settings(max_examples=25)
@given(sides, sides, st.sampled_from([(1, 1), (1, 2), (3, 1), (1, 10)]))
def test_no_other_demand_is_better_by_an_independent_computation(first, second, rate):
    first, second = [*first, (0.01, 0.55)], [*second, (0.01, 0.6)]
    solution = sim.solve(talks(first, second, rate))
    assert solution.status[0] == Status.ok
    said = extra(solution)
    reasons = [1 - sum(z for z, _ in rows) for rows in (first, second)]
    brings = []
    for i, (z, a) in enumerate(first):
        made = z + reasons[0] * said["announces"][i]
        options, own = [1 - a], a
        for j, (y, b) in enumerate(second):
            played = said["counters"][i, j]
            if a + b <= 1 + 1e-12:
                assert played == 0
                options.append(1 - a)
                continue
            likely = y + reasons[1] * played
            worth = [payoffs(z / made, y / likely, a, b, rate, k) for k in (0, 1)]
            assert max(map(np.ptp, worth)) < 1e-7
            options.append(worth[1][0])
            own += likely * (worth[0][0] - a)
        chosen = [*said["counters"][i, len(said["counters"][i]) - 1 :], *said["counters"][i, : len(second)]]
        assert np.dot(chosen, options) == pytest.approx(max(options), abs=1e-7)
        brings.append(own)
    assert np.dot(said["announces"][: len(first)], brings) == pytest.approx(max(brings), abs=1e-7)


def test_a_type_split_in_two_changes_nothing():
    whole = sim.solve(talks([(0.1, 0.7), (0.05, 0.6)], [(0.1, 0.6), (0.1, 0.8)], (1, 2)))
    split = sim.solve(talks([(0.04, 0.7), (0.06, 0.7), (0.05, 0.6)], [(0.1, 0.6), (0.1, 0.8)], (1, 2)))
    np.testing.assert_allclose(split.value, whole.value, atol=1e-9)
    np.testing.assert_allclose(split.outcomes, whole.outcomes, atol=1e-9)


def test_shares_are_of_the_pie():
    small = sim.solve(talks([(0.1, 0.7), (0.05, 0.6)], [(0.1, 0.6), (0.1, 0.8)]))
    large = sim.solve(talks([(0.1, 1.4), (0.05, 1.2)], [(0.1, 1.2), (0.1, 1.6)], pie=2.0))
    np.testing.assert_allclose(large.value, 2 * small.value, atol=1e-9)


def test_who_has_a_demand_that_everybody_grants_is_granted_it():
    """The second's types ask for no more than is left: all is agreed at once."""
    solution = sim.solve(talks([(0.05, 0.2), (0.1, 0.6)], [(0.05, 0.3), (0.02, 0.35)], (1, 2)))
    assert solution.outcomes[0, 0, 0] == pytest.approx(1)
    assert extra(solution)["announces"].tolist() == [0, 1]


@pytest.mark.parametrize("name", ["announces", "counters", "war_gives_in", "war_rate", "war_ends"])
@pytest.mark.parametrize("step", [-1e-6, 1e-6])
def test_what_is_a_millionth_off_is_refuted(name, step):
    game = talks([(0.05, 0.6), (0.05, 0.7)], [(0.05, 0.6), (0.05, 0.7)], (1, 2))
    solution = sim.solve(game)
    array = solution.claim.extra[name]
    for place in np.argwhere(~np.isnan(array)):
        wrong = {key: values.copy() for key, values in solution.claim.extra.items()}
        wrong[name][tuple(place)] += step
        judged = certify(game, replace(solution.claim, extra=wrong), "perfect_bayesian")
        assert judged.status[0] == Status.refuted, place


def test_it_is_told_who_passes_for_whom():
    from sim.explain import reasons
    from sim.explain.sentences import whys
    from sim.output.as_text import done_by

    solution = sim.solve(talks([(0.05, 0.6), (0.05, 0.7)], [(0.2, 0.8)], (1, 2)))
    told = solution.game.told(solution.strategy[0, 0], extra(solution))
    said = extra(solution)
    assert told["A@reasons, proposing"] == {"as d0": said["announces"][0], "as d1": said["announces"][1]}
    assert set(told["B@reasons, proposing"]) == {"to d0", "to d1"}
    assert told["B@reasons, proposing"]["to d1"]["gives in"] == said["counters"][1, -1]
    assert told["A@d1, proposing"] == {"offer": 0.7}
    words = done_by(told["B@reasons, proposing"])
    assert words.startswith("to d0 gives in 0.8")
    assert "; to d1 gives in 0.6" in words
    sentences = whys(reasons(solution))[0].sentences
    assert any(
        "A as reasons, when it proposes, plays as d1" in words or "plays as d0" in words
        for words in sentences
    )
    assert any("to d0: as d0" in words and "gives in" in words for words in sentences)


FILE = """schema = 1
title = "Demands"
form = "bargaining"
[players]
A = { discount = "patience" }
B = { discount = 0.8 }
[bargaining]
outside = "never"
[types.A]
hard = { chance = "zeal", obstinate = 0.8 }
firm = { chance = 0.1, obstinate = 0.6 }
soft = { chance = "rest" }
[types.B]
hard = { chance = 0.1, obstinate = 0.7 }
firm = { chance = 0.1, obstinate = 0.5 }
soft = { chance = "rest" }
[parameters]
patience = { default = 0.9, low = 0.1, high = 0.99 }
zeal = { default = 0.1, low = 0.0, high = 0.5 }
"""


def test_a_file_says_it(tmp_path):
    path = tmp_path / "demands.toml"
    path.write_text(FILE, encoding="utf-8")
    scenario = sim.load(path)
    solution = sim.solve(scenario.game(zeal=np.array([0.0, 0.1, 0.5])))
    assert (solution.status == Status.ok).all()
    # at the edge, where chance never draws the hard, it is as one step inside
    near = sim.solve(scenario.game(zeal=1e-9))
    np.testing.assert_allclose(solution.value[0], near.value[0], atol=1e-6)
