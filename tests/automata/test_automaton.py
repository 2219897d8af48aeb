from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.automata import BUILT_IN, Automaton, one_shot, profile
from sim.automata.builtin import always, grim, punish

SHAPE = (2, 2)


def test_a_profile_has_only_states_that_histories_lead_to():
    assert profile([grim(SHAPE, 0), grim(SHAPE, 1)]).states == ("trust, trust", "retaliate, retaliate")
    assert len(profile([BUILT_IN["tit_for_tat"](SHAPE, i) for i in (0, 1)]).states) == 4


def test_the_game_of_a_profile_has_its_states_and_the_stages_actions():
    stage = sim.NormalForm([[[3, 0], [5, 1]], [[3, 5], [0, 1]]], ("East", "West"), (("keep", "arm"),) * 2)
    game = profile([grim(SHAPE, 0), grim(SHAPE, 1)]).game(sim.Repeated(stage, 0.5))
    assert [agent.label for agent in game.agents][:2] == ["East@trust, trust", "East@retaliate, retaliate"]
    assert game.agents[3].actions == ("keep", "arm")


def test_profiles_of_three_players_in_any_order():
    shape = (2, 2, 3)
    automata = [grim(shape, i) for i in (2, 0, 1)]
    found = profile(automata)
    assert found.players == (0, 1, 2)
    np.testing.assert_array_equal(found.play[0, 1, :, :], [[0, 1, 0], [0, 1, 0], [0, 0, 1]])
    payoffs = np.random.default_rng(0).random((3, *shape))
    value = one_shot(sim.Repeated(sim.NormalForm(payoffs[np.newaxis]), 0.5), found).value
    np.testing.assert_allclose(value[0], payoffs[:, 0, 0, 0])


def test_grim_against_one_who_always_defects():
    payoffs = [[[3, 0], [5, 1]], [[3, 5], [0, 1]]]
    pair = profile([grim(SHAPE, 0), always(SHAPE, 1, 1)])
    found = one_shot(sim.Repeated(sim.NormalForm(payoffs), 0.5), pair)
    np.testing.assert_allclose(found.value, [[0.5, 3.0]])


def test_what_fits_no_game_is_refused():
    play, follow = np.ones((1, 1, 2)) / 2, np.ones((1, 2, 2, 1))
    with pytest.raises(ValueError, match="sum to 1"):
        Automaton((0,), ("a",), [1.0], play / 2, follow)
    with pytest.raises(ValueError, match="shape"):
        Automaton((0, 1), ("a",), [1.0], play, follow)
    with pytest.raises(ValueError, match="cannot play for"):
        Automaton((2,), ("a",), [1.0], play, follow)
    with pytest.raises(ValueError, match="exactly one automaton"):
        profile([grim(SHAPE, 0), grim(SHAPE, 0)])
    with pytest.raises(ValueError, match="at least one stage"):
        punish(SHAPE, 0, 0)
    with pytest.raises(ValueError, match="is none of a game"):
        grim(SHAPE, 0, nice=(0, 2))
    stage = sim.NormalForm(np.zeros((2, 3, 2)))
    with pytest.raises(ValueError, match=r"\(2, 2\) actions, the game \(3, 2\)"):
        one_shot(sim.Repeated(stage, 0.5), profile([grim(SHAPE, 0), grim(SHAPE, 1)]))
    with pytest.raises(ValueError, match="horizon"):
        one_shot(
            sim.Repeated(sim.NormalForm(np.zeros((2, 2, 2))), 0.5, horizon=3),
            profile([grim(SHAPE, 0), grim(SHAPE, 1)]),
        )
