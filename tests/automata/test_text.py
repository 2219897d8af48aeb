"""The language of automata: what it says, and that it is read back as it was written."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.automata import BUILT_IN, profile, spelled
from sim.automata.text import SpellingError, assembled, read_state
from tests.automata.test_one_shot import profiles

PLAYERS = ("Russia", "NATO")
ACTIONS = (("withdraw", "demand", "build up"), ("talk", "reinforce", "reinforce or talk"))
STATES = ("talking", "on guard")


def read(text, name="talking", player="NATO"):
    return read_state(text, name, STATES, PLAYERS, ACTIONS, player)


def test_a_strategy_in_one_line():
    state = read("talk; if Russia build up: on guard")
    np.testing.assert_array_equal(state.play, [[1, 0, 0]])
    np.testing.assert_array_equal(state.follow[..., 1], [[0, 0, 0], [0, 0, 0], [1, 1, 1]])


def test_the_first_rule_that_fits_counts_and_nothing_means_stay():
    state = read("talk; if Russia demand and NATO talk: talking; if Russia demand or build up: on guard;")
    np.testing.assert_array_equal(state.follow[..., 1], [[0, 0, 0], [0, 1, 1], [1, 1, 1]])


def test_chances_of_actions_and_of_states():
    state = read("talk 0.9 or reinforce or talk 0.1; else: talking 0.25 or on guard .75")
    np.testing.assert_allclose(state.play, [[0.9, 0, 0.1]])
    np.testing.assert_allclose(state.follow[1, 2], [0.25, 0.75])


def test_deviations_in_an_automaton_for_all():
    state = read("demand, talk; if anybody deviates: on guard", player=None)
    np.testing.assert_array_equal(state.follow[..., 1], [[1, 1, 1], [0, 1, 1], [1, 1, 1]])
    state = read("demand, talk; if NATO deviates: on guard", player=None)
    np.testing.assert_array_equal(state.follow[..., 1], [[0, 1, 1]] * 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "tlk; if Russia build up: on guard",
            r"unknown action 'tlk' \(actions of NATO: .*Did you mean 'talk'",
        ),
        ("talk; if Rusia build up: on guard", r"unknown player 'Rusia build up' .*Russia"),
        ("talk; if Russia buildup: on guard", r"unknown action 'buildup' \(actions of Russia.*'build up'"),
        (
            "talk; if Russia build up: guard",
            r"unknown state 'guard' \(states: talking, on guard\).*'on guard'",
        ),
        ("talk; if Russia build up", r"expected ':' and the next state, found 'the end'"),
        ("talk, withdraw", r"expected ';' and another rule, found ','"),
        ("talk; when Russia demand: talking", r"expected 'if' or 'else', found 'when Russia demand'"),
        ("talk; else: talking; if Russia demand: on guard", "put it last"),
        ("talk 0.5 or reinforce 0.4", "add up to 0.9"),
        ("talk or reinforce", "needs a chance"),
        ("talk; if Russia deviates: on guard", "does not say what Russia should do"),
        ("talk; if anybody talk: on guard", "expected 'deviates' after 'anybody'"),
        ("", "unknown action 'the end'"),
    ],
)
def test_mistakes_are_told_in_words(text, message):
    with pytest.raises(SpellingError, match=message):
        read(text)


def test_an_automaton_for_all_needs_an_action_of_each():
    with pytest.raises(SpellingError, match=r"an action of NATO, found 'the end'"):
        read("demand", player=None)


@pytest.mark.parametrize("name", BUILT_IN)
def test_famous_automata_are_read_as_they_are_written(name):
    shape, actions = (2, 2), (("keep", "arm"),) * 2
    for automaton, player in (
        (BUILT_IN[name](shape, 1), "NATO"),
        (profile([BUILT_IN[name](shape, i) for i in (0, 1)]), None),
    ):
        same(automaton, actions, player)


def test_grim_is_short():
    automaton = profile([BUILT_IN["grim"]((3, 3), i) for i in (0, 1)])
    assert spelled(automaton, PLAYERS, ACTIONS) == {
        "trust, trust": "withdraw, talk; if anybody deviates: retaliate, retaliate",
        "retaliate, retaliate": "build up, reinforce or talk",
    }


@given(st.data())
def test_every_automaton_is_read_as_it_is_written(data):
    same(data.draw(profiles((3, 3))), ACTIONS, None)


def same(automaton, actions, player):
    texts = spelled(automaton, PLAYERS, actions)
    states = automaton.states
    read = [read_state(text, name, states, PLAYERS, actions, player) for name, text in texts.items()]
    again = assembled(read, states, states[0], PLAYERS, player)
    np.testing.assert_allclose(again.play, automaton.play)
    np.testing.assert_allclose(again.follow, automaton.follow)
