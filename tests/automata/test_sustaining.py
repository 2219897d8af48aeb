"""A cycle is sustained exactly where the profile that punishes its deviators passes the one-shot check."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim import patience as sustain
from sim.automata import one_shot, spelled
from sim.patience.profiles import sustaining
from tests.draw import generic_normal_forms, normal_forms

PUNISHMENTS = sustain.PUNISHMENTS


@pytest.mark.parametrize("punishment", PUNISHMENTS)
@given(st.data())
def test_path_gains_and_automata_agree(punishment, data):
    draw = data.draw(st.sampled_from([normal_forms, generic_normal_forms]))
    stage = data.draw(draw(cells=3, most=3))
    places = st.tuples(*(st.integers(0, size - 1) for size in stage.payoffs.shape[2:]))
    cycle = data.draw(st.lists(places, min_size=1, max_size=3))
    game = sim.Repeated(stage, data.draw(st.sampled_from([0.0, 0.3, 0.7, 0.95, (0.5, 0.8)])))
    gain = sustain.path_gain(game, cycle, punishment)
    found = ~np.isnan(gain)
    if not found.any():
        return
    game, gain = game.take(found), gain[found]
    verdict = one_shot(game, sustaining(game, cycle, punishment))
    clear = np.abs(gain) > 1e-9 * game.scale.max(axis=1)
    np.testing.assert_array_equal(verdict.perfect[clear], gain[clear] <= 0)
    np.testing.assert_allclose(
        verdict.value, sustain.along_cycle(game, cycle)[1][:, 0], atol=1e-9 * game.scale.max()
    )


@pytest.mark.parametrize("punishment", ["grim", "stick_and_carrot", "own_sticks", "optimal"])
@given(st.data())
def test_critical_discounts_are_proved_from_both_sides(punishment, data):
    stage = data.draw(generic_normal_forms(cells=2, most=3))
    joint_action = tuple(data.draw(st.integers(0, size - 1)) for size in stage.payoffs.shape[2:])
    least = sim.critical_discount(stage, joint_action, punishment)
    cells = np.flatnonzero((least > 1e-4) & (least < 0.999))
    for cell in cells:
        one = stage.take([cell])
        above = sim.Repeated(one, least[cell] + 1e-7)
        assert one_shot(above, sustaining(above, [joint_action], punishment)).perfect[0]
        below = sim.Repeated(one, least[cell] - 1e-5)
        assert not sustain.path_gain(below, [joint_action], punishment)[0] <= 0  # NaN: no equilibrium at all


def test_grim_in_words():
    stage = sim.NormalForm(
        [[[3, 0], [5, 1]], [[3, 5], [0, 1]]], ("East", "West"), (("keep", "arm"), ("keep", "arm"))
    )
    automaton = sustaining(sim.Repeated(stage, 0.6), [(0, 0)], "grim")
    assert spelled(automaton, stage.players, stage.actions) == {
        "path": "keep, keep; if anybody deviates: punishing all",
        "punishing all": "arm, arm",
    }


def test_mixed_equilibria_can_be_gone_back_to():
    """Pennies with an outside option that both prefer: only the mixed equilibrium can punish."""
    stage = sim.NormalForm([[[1, -1, -2], [-1, 1, -2], [0, 0, 0.5]], [[-1, 1, 0], [1, -1, 0], [-2, -2, 0.5]]])
    game = sim.Repeated(stage, 0.5)
    with pytest.raises(ValueError, match="no equilibrium in pure actions"):
        sustaining(sim.Repeated(sim.NormalForm(stage.payoffs[:, :, :2, :2]), 0.5), [(0, 0)], "grim")
    worst = sustain.worst_equilibria(stage, "nash_reversion")
    assert worst.shape == (1, 2, 2, 3)
    assert one_shot(game, sustaining(game, [(2, 2)], "nash_reversion")).perfect[0]


def test_three_players_share_a_stick():
    payoffs = np.random.default_rng(5).random((40, 3, 2, 2, 2))
    game = sim.Repeated(sim.NormalForm(payoffs), 0.9)
    gain = sustain.path_gain(game, [(0, 1, 0)], "stick_and_carrot")
    found = one_shot(game, sustaining(game, [(0, 1, 0)], "stick_and_carrot")).perfect
    np.testing.assert_array_equal(found, gain <= 0)
    assert found.any()
    with pytest.raises(ValueError, match="own sticks are tried for two players, not 3"):
        sustain.path_gain(game, [(0, 1, 0)], "own_sticks")
