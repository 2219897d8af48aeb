"""Every payoff of the set is delivered by an automaton that passes the one-shot deviation check."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.automata import one_shot, spelled
from sim.patience.penal_codes import delivering, penal_code
from sim.play import play
from sim.play.rules import Followed
from sim.solvers.abreu_sannikov import abreu_sannikov
from tests.draw import generic_normal_forms, normal_forms
from tests.games import MILD

PD = sim.NormalForm(MILD)
COURNOT = sim.NormalForm([[[10, 3, 0], [15, 7, -4], [7, 5, -15]], [[10, 15, 7], [3, 7, 5], [0, -4, -15]]])
DISCOUNTS = [0.0, 0.05, 0.3, 0.5, 0.9, 0.99, (0.5, 0.8), (0.9, 0.3), (0.0, 0.6)]


def chosen_points(game, seed):
    """A random payoff of each set that is not empty, and the games that have one."""
    claim = abreu_sannikov(game)
    sets = claim.extra["payoff_set"]
    found = ~np.isnan(sets[:, 0, 0])
    weights = np.random.default_rng(seed).exponential(size=sets.shape[:2]) * ~np.isnan(sets[:, :, 0])
    weights = weights[found] / weights[found].sum(axis=1, keepdims=True)
    return (
        game.take(found),
        np.einsum("cv,cvi->ci", weights, np.nan_to_num(sets[found])),
        claim.extra["worst"][found],
    )


def check(stage, discount, seed):
    game, points, worst = chosen_points(sim.Repeated(stage, discount), seed)
    if not len(points):
        return
    for automaton, expected in (
        (delivering(game, points), points),
        *((penal_code(game, i), None) for i in (0, 1)),
    ):
        found = one_shot(game, automaton)
        assert found.perfect.all(), (game.payoffs[~found.perfect], discount)
        if expected is not None:
            np.testing.assert_allclose((found.value - expected) / game.scale, 0, atol=1e-9)
    for i in (0, 1):
        value = one_shot(game, penal_code(game, i)).value[:, i]
        np.testing.assert_allclose(value, worst[:, i], atol=1e-9 * game.scale.max())


@pytest.mark.parametrize("discount", DISCOUNTS, ids=str)
@given(st.data())
def test_a_payoff_of_the_set_is_delivered(discount, data):
    draw = data.draw(st.sampled_from([normal_forms, generic_normal_forms]))
    check(data.draw(draw(cells=4, most=3)), discount, data.draw(st.integers(0, 99)))


@pytest.mark.deep
@pytest.mark.parametrize("discount", DISCOUNTS, ids=str)
def test_payoffs_of_many_games_are_delivered(discount):
    random = np.random.default_rng(7)
    for shape in ((2, 2), (2, 3), (3, 3), (4, 4)):
        for payoffs in (random.integers(0, 3, (300, 2, *shape)), random.random((300, 2, *shape))):
            check(sim.NormalForm(payoffs), discount, 1)


def test_the_penal_code_of_the_prisoners_dilemma_is_the_stage_equilibrium_only_where_it_is_impatient():
    """At 1/7 and above both can be held to 3, their minmax; the worst for each needs no more than arming."""
    game = sim.Repeated(PD, 0.2)
    assert spelled(penal_code(game, 0), ("East", "West"), (("keep", "arm"),) * 2) == {
        "punishing both": "arm, arm"
    }


def test_abreus_cournot_holds_each_producer_to_nothing():
    """Abreu (1988): below the least of any stage equilibrium, by a path that begins with a flooded market."""
    game = sim.Repeated(COURNOT, 0.4)
    automaton = penal_code(game, 0)
    found = one_shot(game, automaton)
    np.testing.assert_allclose(found.value[0, 0], 0, atol=1e-9)
    first = automaton.play[0, automaton.start[0].argmax()].argmax(axis=1)
    assert game.payoffs[0, 0][tuple(first)] < 0


def test_what_is_chosen_is_what_is_got_on_average():
    game = sim.Repeated(PD, 0.5)
    automaton = delivering(game, (5.0, 6.0))
    record = play(Followed(PD, 20_000, automata=[automaton]), periods=20, seed=2)
    weight = 0.5 ** np.arange(1, 21)
    found = np.einsum("t,to,no->n", weight, record.share, PD.payoffs[0].reshape(2, -1))
    np.testing.assert_allclose(found, [5, 6], atol=0.1)


def test_what_cannot_be_delivered_is_told():
    with pytest.raises(ValueError, match=r"no equilibrium pays \(14, 14\).*nearest payoff is \(10, 10\)"):
        delivering(sim.Repeated(COURNOT, 0.4), (14, 14))
    pennies = sim.NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    with pytest.raises(ValueError, match="no equilibrium in pure actions"):
        penal_code(sim.Repeated(pennies, 0.5), 0)
    with pytest.raises(ValueError, match="two players, not 3"):
        penal_code(sim.Repeated(sim.NormalForm(np.zeros((1, 3, 2, 2, 2))), 0.5), 0)
    with pytest.raises(ValueError, match="horizon"):
        penal_code(sim.Repeated(PD, 0.5, horizon=3), 0)
