"""Ties that formulas know of: numbers of many digits are decided without fractions, and decided alike."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

import sim
from sim.forms.normal import NormalForm
from sim.scenario.payoffs import Entry, ExactPayoffs, Formulas
from sim.scenario.ties import ties_of
from tests.formulas import NAMES, anything, program_of, simple

SCENARIOS = Path(__file__).parents[2] / "scenarios"
CELLS = 12

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def random_game(name, cells, names=None, seed=0):
    """A scenario where the named parameters, or all, are anywhere within their bounds."""
    scenario = sim.load(SCENARIOS / f"{name}.toml")
    random = np.random.default_rng(seed)
    bounds = {one: scenario.parameters[one] for one in names or scenario.parameters}
    return scenario.game(**{one: random.uniform(item.low, item.high, cells) for one, item in bounds.items()})


def without_fractions(game):
    """The game, where nobody may ask for a payoff in fractions."""
    return replace(game, exact=lambda _: pytest.fail("a cell was decided in fractions"))


def same(one, other):
    for name in ("count", "degenerate", "complete", "status", "index", "component"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    np.testing.assert_allclose(one.strategy, other.strategy, rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("standoff_2021", ["threat", "chill"]),
        ("standoff_2021", None),
        ("talk_or_shoot_2021", None),
        ("territorial_bargain", None),
        ("unilateral_deterrence", None),
    ],
)
def test_long_decimals_are_decided_without_fractions_and_alike(name, names):
    game = random_game(name, 400, names)
    found = sim.solve(without_fractions(game), "nash")
    assert found.degenerate.any()
    assert found.claim.exact[found.degenerate].all()
    some = np.nonzero(found.degenerate)[0][:60]
    same(sim.solve(game.take(some), "nash"), sim.solve(replace(game, ties=None).take(some), "nash"))
    rational = sim.solve(game.take(some[:20]), "nash", exact=True)
    np.testing.assert_array_equal(rational.count, found.count[some[:20]])
    np.testing.assert_array_equal(rational.degenerate, found.degenerate[some[:20]])


def test_a_border_between_long_decimals_is_left_to_fractions():
    # talks are worth chill exactly in the first cell, one unit in the last place more or less in the others
    scenario = sim.load(SCENARIOS / "standoff_2021.toml")
    loss = 0.3333333333333333
    chill = 1.5 * (1 - loss)  # 1.00000000000000005 as written, and 1.0 in floats
    around = np.array([chill, np.nextafter(chill, 2), np.nextafter(chill, 0)])
    game = scenario.game(
        chill=around, precondition_loss=np.full(3, loss), threat=np.full(3, 3.1234567890123456)
    )
    asked = []
    exact = game.exact
    watched = replace(game, exact=lambda cells: asked.extend(cells.tolist()) or exact(cells))
    found = sim.solve(watched, "nash")
    assert sorted(asked) == [0, 1, 2]
    same(found, sim.solve(replace(game, ties=None), "nash"))


def test_a_border_on_which_floats_err_is_left_to_fractions():
    program, (three, other, one) = program_of("a*3", "b", "1")
    steps = [[[three, three], [other, one]], [[one, other], [other, one]]]
    entries = tuple(Entry(place, steps[place[0]][place[1]][place[2]], ()) for place in np.ndindex(2, 2, 2))
    formulas = Formulas(program, (2, 2, 2), entries)
    values = {"a": np.array([0.1, 0.1234567890123456]), "b": np.array([0.3, 0.3]), "c": 0.0}
    game = NormalForm(
        formulas.evaluate(values, 2),
        ("one", "other"),
        exact=ExactPayoffs(formulas, values),
        ties=ties_of(formulas, values),
    )
    assert game.payoffs[0, 0, 0, 0] > game.payoffs[0, 0, 1, 0]  # 0.30000000000000004 and 0.3
    assert sim.solve(game, "nash").degenerate.tolist() == [True, False]


drawn = st.recursive(simple, anything, max_leaves=3)


@st.composite
def games(draw):
    """Two-player games whose payoffs are few formulas of three parameters, so that many tie."""
    shape = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    texts = draw(st.lists(drawn, min_size=1, max_size=4))
    program, steps = program_of(*texts)
    indices = draw(
        st.lists(
            st.integers(0, len(texts) - 1), min_size=2 * shape[0] * shape[1], max_size=2 * shape[0] * shape[1]
        )
    )
    places = np.ndindex(2, *shape)
    entries = tuple(Entry(place, steps[index], ()) for place, index in zip(places, indices, strict=True))
    formulas = Formulas(program, (2, *shape), entries)
    random = np.random.default_rng(draw(st.integers(0, 99)))
    values = {name: random.uniform(-2, 2, CELLS) for name in NAMES}
    values[draw(st.sampled_from(NAMES))] = draw(st.sampled_from([0.0, 1.0, 0.3, 1 / 3]))
    return NormalForm(
        formulas.evaluate(values, CELLS),
        ("one", "other"),
        exact=ExactPayoffs(formulas, values),
        ties=ties_of(formulas, values),
    )


@given(games())
def test_drawn_games_are_decided_as_fractions_decide_them(game):
    if game.ties is None:
        return
    asked = []
    exact = game.exact
    watched = replace(game, exact=lambda cells: asked.extend(cells.tolist()) or exact(cells))
    found = sim.solve(watched, "nash", "support_enumeration")
    event(f"without fractions: {(found.claim.exact & game.finite).any() and not asked}")
    same(found, sim.solve(replace(game, ties=None), "nash", "support_enumeration"))


def test_what_does_not_vary_or_has_more_players_has_no_ties():
    scenario = sim.load(SCENARIOS / "standoff_2021.toml")
    assert scenario.game(threat=1.2345678901234567).ties is None
    assert scenario.game(threat=np.array([1.2345678901234567])).ties is not None
    assert scenario.game(threat=np.array([1.2, 1.3])).ties is None  # short: exact as they are


def test_ties_follow_the_cells_that_are_taken_and_travel_to_other_processes():
    game = random_game("standoff_2021", 5)
    errors = game.ties.errors(np.arange(5))
    taken = game.take([3, 1]).take([1])
    np.testing.assert_array_equal(taken.ties.errors(np.array([0])), errors[[1]])
    again = pickle.loads(pickle.dumps(game.ties))
    for one, other in zip(again.vanishing(), game.ties.vanishing(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_payoffs_that_are_all_alike_are_decided_without_fractions():
    program, (step, other) = program_of("a*b - b*a + c*0.1", "c/10")
    entries = tuple(
        Entry((i, a, b), step if a else other, ()) for i in range(2) for a in range(2) for b in range(3)
    )
    formulas = Formulas(program, (2, 2, 3), entries)
    values = {name: np.random.default_rng(1).random(4) for name in NAMES}
    game = NormalForm(formulas.evaluate(values, 4), ("one", "other"), ties=ties_of(formulas, values))
    found = sim.solve(without_fractions(game), "nash")
    assert found.degenerate.all()
    assert (found.count == 6).all()
