from __future__ import annotations

import itertools
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

import sim
from sim.solution import Status, certify
from tests.draw import normal_forms

FOLDER = Path(__file__).parents[1] / "cases"
CASES = {case["id"]: case for case in json.loads((FOLDER / "bargaining_solutions.json").read_text())}
RULES = {
    "nash": "nash_bargaining",
    "kalai_smorodinsky": "kalai_smorodinsky",
    "egalitarian": "egalitarian",
    "utilitarian": "utilitarian",
}


def agreement(points, concept, disagreement, **options):
    """The value agreed on when the joint actions have these payoffs: one row of actions."""
    game = sim.NormalForm(np.array(points, dtype=float).T[np.newaxis, :, np.newaxis])
    solution = sim.solve(game, concept, disagreement=disagreement, **options)
    assert solution.status[0] == Status.ok
    return solution.value[0, 0]


@pytest.mark.parametrize("rule", RULES)
def test_published_polygons(rule):
    x = np.linspace(0, 1, 201)  # a fine polygon inside the parabola
    sets = {
        "nbs_parabola_d0": np.stack([x, 1 - x**2], axis=1),
        "nbs_line_asym": [(0, 1), (2, 0), (0, 0)],
        "nbs_polygon": CASES["nbs_polygon"]["inputs"]["vertices"],
    }
    for name, points in sets.items():
        case = CASES[name]
        found = agreement(points, RULES[rule], case["inputs"]["d"])
        np.testing.assert_allclose(case["expected"][rule], found, atol=1e-3 if len(points) > 4 else 1e-9)


def test_power_shifts_the_split_of_a_pie():
    case = CASES["nbs_weighted_2"]
    inputs = case["inputs"]
    found = agreement([(0, 0), (1, 0), (0, 1)], "nash_bargaining", inputs["d"], power=inputs["alpha"])
    np.testing.assert_allclose([case["expected"]["x1"], case["expected"]["x2"]], found, atol=1e-9)


def test_bill_and_jack_trade():
    """Nash (1950), pages 160-161: Bill gives book, whip, ball and bat for pen, toy and knife."""
    case = CASES["nash1950_bill_jack"]
    inputs, expected = case["inputs"], case["expected"]
    goods = [(name, -1, values) for name, values in inputs["bill_goods"].items()]
    goods += [(name, 1, values) for name, values in inputs["jack_goods"].items()]
    trades = list(itertools.product([False, True], repeat=len(goods)))
    points = []
    for trade in trades:
        bill, jack = expected["threat"]
        for given_away, (_, sign, (to_bill, to_jack)) in zip(trade, goods, strict=True):
            bill, jack = bill + given_away * sign * to_bill, jack - given_away * sign * to_jack
        points.append((bill, jack))
    game = sim.NormalForm(np.array(points, dtype=float).T[np.newaxis, :, np.newaxis])
    solution = sim.solve(game, "nash_bargaining", disagreement=expected["threat"])
    gains = solution.value[0, 0] - expected["threat"]
    np.testing.assert_allclose(expected["gains"], gains)
    assert gains.prod() == pytest.approx(expected["nash_product"])
    trade = trades[solution.claim.joint[0, 0, 0].argmax()]
    names = [name for given_away, (name, _, _) in zip(trade, goods, strict=True) if given_away]
    assert names == expected["bill_gives"] + expected["jack_gives"]


def test_kalai_smorodinsky_moves_when_an_alternative_goes_and_nash_does_not():
    expected = json.loads((FOLDER / "nash_and_kalai_smorodinsky.json").read_text())[0]["expected"]
    for case in expected.values():
        points = [[float(Fraction(x)) for x in point] for point in case["hull"]]
        for rule in RULES:
            if rule in case:
                wanted = [float(Fraction(x)) for x in case[rule]]
                np.testing.assert_allclose(wanted, agreement(points, RULES[rule], case["d"]), atol=1e-9)


@given(normal_forms(players=2, most=3), st.floats(0.1, 0.9))
def test_the_largest_product_agrees_with_a_search_over_pairs(game, power):
    solution = sim.solve(game, "nash_bargaining", power=power)
    assert (solution.status == Status.ok).all()
    for cell, point in enumerate(solution.claim.extra["disagreement"]):
        gain = game.payoffs[cell].reshape(2, -1).T - point
        best = 0.0
        for first, second in itertools.combinations_with_replacement(gain, 2):

            def loss(share, first=first, second=second):
                g = np.maximum(share * first + (1 - share) * second, 0)
                return -(g[0] ** power) * g[1] ** (1 - power)

            # the loss is flat where somebody gains nothing: look first where it is not
            near = min(np.linspace(0, 1, 201), key=loss)
            around = (max(near - 0.005, 0.0), min(near + 0.005, 1.0))
            found = minimize_scalar(loss, bounds=around, method="bounded", options={"xatol": 1e-10})
            best = max(best, -found.fun, -loss(near))
        mine = np.maximum(solution.value[cell, 0] - point, 0)
        assert mine[0] ** power * mine[1] ** (1 - power) == pytest.approx(best, abs=1e-6)


@pytest.mark.parametrize("concept", RULES.values())
@given(game=normal_forms(players=2, most=3), point=st.tuples(st.integers(-5, 4), st.integers(-5, 4)))
def test_any_disagreement_is_solved_or_has_no_agreement(concept, game, point):
    solution = sim.solve(game, concept, disagreement=point)
    assert np.isin(solution.status, [Status.ok, Status.not_found]).all()
    for cell in np.nonzero(solution.status == Status.not_found)[0]:
        payoffs = game.payoffs[cell].reshape(2, -1)
        weights = np.linspace(0, 1, 101)[:, np.newaxis]
        most = (weights * (payoffs[0] - point[0]) + (1 - weights) * (payoffs[1] - point[1])).max(axis=1)
        assert most.min() < 0.2  # some weighting of the players speaks against every agreement, or nearly


@given(normal_forms(players=2, most=3), st.lists(st.integers(-3, 3), min_size=2, max_size=2))
def test_units_do_not_move_nash_and_kalai_smorodinsky(game, powers):
    factor = 2.0 ** np.array(powers)
    other = sim.NormalForm(game.payoffs * factor.reshape(1, 2, 1, 1), cells=True)
    for concept in ("nash_bargaining", "kalai_smorodinsky"):
        first, second = sim.solve(game, concept), sim.solve(other, concept)
        np.testing.assert_allclose(first.value[:, 0] * factor, second.value[:, 0], atol=1e-8 * factor.max())


@pytest.mark.parametrize("concept", RULES.values())
def test_wrong_claims_are_refuted(concept):
    points = np.array([[0, 0], [0, 3], [2, 2.5], [4, 0]], dtype=float)
    game = sim.NormalForm(points.T[np.newaxis, :, np.newaxis], cells=True)
    claim = sim.solve(game, concept, disagreement=(0, 0)).claim
    for lottery in ([0.1, 0, 0.9, 0], [0, 0.5, 0.5, 0], [0, 0.2, 0.8, 0.2], [0, 0, 0.5, 0.5]):
        wrong = replace(claim, joint=np.array(lottery).reshape(1, 1, 1, 4))
        assert certify(game, wrong, concept).status[0] == Status.refuted


def test_no_agreement_where_disagreement_is_better_for_one():
    game = sim.NormalForm(np.array([[0.0, 3.0], [3.0, 0.0]])[np.newaxis, :, np.newaxis])
    assert sim.solve(game, "nash_bargaining", disagreement=(2, 2)).status[0] == Status.not_found
    with pytest.raises(ValueError, match="disagreement"):
        sim.solve(game, "nash_bargaining", disagreement=(1, 2, 3))
    with pytest.raises(ValueError, match="power"):
        sim.solve(game, "nash_bargaining", power=2)
