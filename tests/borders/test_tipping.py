"""Tipping points, how far the nearest is, and the least change: closed forms of the seed, and dense looks."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.borders.decide import Decider
from sim.borders.least import least_change
from sim.borders.radius import radius_of, signs_at
from sim.borders.roots import Way, may_vanish, roots
from sim.borders.tipping import flips_from, stretches
from sim.expression.numbers import fraction
from sim.scenario.margins import margins_of
from tests.borders.games import BOUNDS, conditions, polynomial_games, solved

SEED = {
    "threat": Fraction(6, 5), "build_up_cost": Fraction(2), "talks_value_russia": Fraction(26, 5),
    "talks_value_nato": Fraction(2), "precondition_loss": Fraction(1, 3), "face_cost": Fraction(1, 3),
    "face_saved": Fraction(14, 15), "backbone": Fraction(-13, 10), "chill": Fraction(3, 4),
}  # fmt: skip
"""Where the frozen standoff ends along each parameter, others at their defaults: by hand, from the payoffs of the seed."""


def along(found, scenario, name):
    values = scenario.values()
    start = [Fraction(0) if other == name else fraction(values[other]) for other in found.variables]
    step = [Fraction(int(other == name)) for other in found.variables]
    parameter = scenario.parameters[name]
    return stretches(found, Way(start, step), fraction(parameter.low), fraction(parameter.high))


@pytest.fixture(scope="module")
def seed():
    scenario = sim.load("scenarios/standoff_2021.toml")
    return scenario, margins_of(scenario, tuple(scenario.parameters), {})


def test_the_frozen_standoff_ends_where_the_payoffs_say(seed):
    scenario, found = seed
    values = scenario.values()
    told = {}
    for name in scenario.parameters:
        flips = flips_from(along(found, scenario, name), fraction(values[name]))
        if flips:
            told[name] = flips[0].at
            assert flips[0].exact
            assert flips[0].before == ("frozen standoff",)
    assert told == SEED


def test_what_no_condition_has_changes_nothing(seed):
    _, found = seed
    assert [name for place, name in enumerate(found.variables) if place not in found.used] == [
        "prize",
        "harm",
    ]


@given(polynomial_games(), st.integers(0, 16))
def test_no_flip_is_missed_or_misplaced(drawn, place):
    found = conditions(drawn)
    y = Fraction(place, 4)
    parts = stretches(
        found, Way([Fraction(0), y], [Fraction(1), Fraction(0)]), *(bound[0] for bound in BOUNDS)
    )
    if parts is None:
        return
    x = np.array([(2 * k + 1) / 64 for k in range(64)])
    told = solved(drawn, x, np.full(len(x), float(y)))
    for one, names in zip(x, told, strict=True):
        inside = [part for part in parts if part.low.at < Fraction(one) < part.high.at]
        if inside:  # not on a root
            held = tuple(name for name, holds in zip(found.outcomes, names, strict=False) if holds)
            assert (inside[0].outcomes, inside[0].mixed) == (held, bool(names[3]))


def test_roots_are_fractions_where_they_are():
    flint = pytest.importorskip("flint")
    cubic = flint.fmpq_poly([flint.fmpq(2, 3), 0, -1]) * flint.fmpq_poly([-1, 2])
    found = roots([cubic], Fraction(-1), Fraction(1))
    assert [one.exact for one in found] == [False, True, False]
    assert found[1].at == Fraction(1, 2)
    assert abs(found[2].at ** 2 - Fraction(2, 3)) < Fraction(1, 2**140)


@given(st.lists(st.integers(-5, 5), min_size=2, max_size=6), st.integers(-8, 8), st.integers(1, 8))
def test_what_cannot_vanish_has_no_root(coefficients, start, width):
    polynomial = pytest.importorskip("flint").fmpq_poly(coefficients)
    low, high = Fraction(start, 4), Fraction(start + width, 4)
    if polynomial.degree() > 0 and not may_vanish(polynomial, low, high):
        assert roots([polynomial], low, high) == []


def test_a_polynomial_that_changes_its_sign_may_vanish():
    polynomial = pytest.importorskip("flint").fmpq_poly([-1, 0, 2])
    assert may_vanish(polynomial, Fraction(0), Fraction(1))
    assert not may_vanish(polynomial, Fraction(1), Fraction(2))


def test_the_nearest_flip_is_found_and_proved_to_nine_digits(seed):
    """0.0324889 of each range, with three parameters, as the design measured."""
    scenario, found = seed
    bounds = [(fraction(one.low), fraction(one.high)) for one in scenario.parameters.values()]
    here = [fraction(value) for value in scenario.values().values()]
    low, high = zip(*bounds, strict=True)
    radius = radius_of(found, here, low, high)
    assert radius.found == pytest.approx(0.03248890991, abs=1e-10)
    assert 0 <= radius.found - radius.proved < 1e-8
    assert radius.after == ("reinforcement and talks under the rifle",)
    moved = [name for name, at, start in zip(found.variables, radius.point, here, strict=True) if at != start]
    assert moved == ["talks_value_nato", "precondition_loss", "chill"]


@given(polynomial_games(), st.integers(1, 7), st.integers(1, 7), st.integers(0, 2**31))
def test_within_the_proved_radius_nothing_else_holds(drawn, across, up, number):
    found = conditions(drawn)
    at = (Fraction(across, 4), Fraction(up, 2))
    radius = radius_of(found, at, *BOUNDS)
    if radius is None:
        return
    decide = Decider(found)
    label = decide.labels(signs_at(found, at))[0, :-1]
    widths = np.array([2.0, 4.0])
    draws = np.random.default_rng(number).uniform(-1, 1, (30, 2)) * radius.proved * widths
    near = np.clip(np.array([float(one) for one in at]) + draws, 0, widths)
    for x, y in near:
        signs = signs_at(found, (Fraction(x), Fraction(y)))
        if signs.all():
            assert (decide.labels(signs)[0, :-1] == label).all()


def test_the_least_change_of_a_product():
    """x y >= 1/2 from the origin: the sum is least on the diagonal, at twice the root of a half."""
    found = least_change([[{(1, 1): 1, (0, 0): Fraction(-1, 2)}]], [Fraction(0), Fraction(0)])
    assert found.size == pytest.approx(2**0.5, abs=1e-6)
    assert found.proved == pytest.approx(2**0.5, abs=1e-5)
    assert found.proved <= found.size
    furthest = least_change([[{(1, 1): 1, (0, 0): Fraction(-1, 2)}]], [Fraction(0), Fraction(0)], "max")
    assert furthest.size == pytest.approx(0.5**0.5, abs=1e-6)


def test_what_cannot_be_reached_has_no_least_change():
    assert least_change([[{(1,): 1, (0,): -2}]], [Fraction(0)]) is None
