from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.play import Request, by_slips_only, play, play_by, play_states
from sim.play.crises import misread
from sim.play.ends import end_states
from sim.play.learning import RULES, Fixed
from tests.games import DILEMMA, library

PENNIES = sim.NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
SHAPLEY = sim.NormalForm([[[0, 1, 0], [0, 0, 1], [1, 0, 0]], [[0, 0, 1], [1, 0, 0], [0, 1, 0]]])
PD = sim.NormalForm(DILEMMA)
HUNT = sim.NormalForm([[[4, 0], [3, 2]], [[4, 3], [0, 2]]])


@pytest.mark.parametrize("name", RULES)
def test_everybody_learns_to_defect(name):
    record = play(RULES[name](PD, 50), periods=200)
    assert record.share[-1, 3] > 0.5


@pytest.mark.parametrize("name", RULES)
def test_the_same_seed_tells_the_same_story(name):
    first, second = (
        play(RULES[name](SHAPLEY, 7), periods=30, seed=5, tremble=0.1, mistake=0.1) for _ in range(2)
    )
    np.testing.assert_array_equal(first.paths, second.paths)
    np.testing.assert_array_equal(first.value, second.value)


def test_fictitious_play_converges_in_matching_pennies():
    """Robinson (1951): empirical frequencies go to (1/2, 1/2)."""
    record = play(RULES["fictitious_play"](PENNIES, 1), periods=5_000, first=(0, 0))
    np.testing.assert_allclose(0.5, record.frequency, atol=0.03)


def test_fictitious_play_does_not_converge_in_shapleys_game():
    """Shapley (1964): ever longer cycles, in which nobody ever meets on the diagonal."""
    record = play(RULES["fictitious_play"](SHAPLEY, 1), periods=3_000, first=(0, 1))
    late = record.paths[2_000:, 0]
    assert (np.bincount(late[:, 0], minlength=3) / 1_000).max() > 0.5


def test_regret_matching_has_no_regret_in_the_long_run():
    record = play(RULES["regret_matching"](PENNIES, 200), periods=800)
    np.testing.assert_allclose(0.5, record.frequency, atol=0.03)


def test_an_equilibrium_pays_what_it_says():
    strategy = sim.solve(PENNIES, "nash").strategy[0, 0]
    record = play(Fixed(PENNIES, 2_000, strategy=strategy), periods=50, seed=1)
    np.testing.assert_allclose(0, record.value.mean(axis=0), atol=0.03)
    np.testing.assert_allclose(0.25, record.share.mean(axis=0), atol=0.01)


def test_trembles_move_play_off_the_plan():
    plan = np.array([[1.0, 0.0], [1.0, 0.0]])
    record = play(Fixed(HUNT, 4_000, strategy=plan), periods=10, tremble=0.2)
    np.testing.assert_allclose(0.64, record.share[:, 0].mean(), atol=0.01)


def test_mistaken_signals_change_what_is_learnt_not_what_is_done():
    plan = np.array([[1.0, 0.0], [1.0, 0.0]])
    record = play(Fixed(HUNT, 10, strategy=plan), periods=10, mistake=1.0)
    np.testing.assert_array_equal(1, record.share[:, 0])
    misled = play(RULES["best_reply"](HUNT, 8_000), periods=2, mistake=0.5, first=(0, 0))
    np.testing.assert_allclose(0.25, misled.share[1, 0], atol=0.02)


def test_a_stochastic_game_is_played_by_state():
    payoffs = np.zeros((1, 1, 2, 2))
    payoffs[0, 0, 1] = 1.0
    transition = np.zeros((1, 2, 2, 2))
    transition[0, 0, 0, 0] = transition[0, 0, 1, 1] = transition[0, 1, :, 1] = 1.0
    game = sim.Stochastic(payoffs, transition, 0.9)
    record = play_states(game, np.array([[0.5, 0.5], [1.0, 0.0]]), runs=4_000, periods=4)
    np.testing.assert_allclose([1, 0.5, 0.25, 0.125], record.states[:, 0], atol=0.03)


def test_what_is_no_probability_is_refused():
    with pytest.raises(ValueError, match=r"tremble = 1.5 is no probability"):
        play(RULES["best_reply"](HUNT, 1), tremble=1.5)


def test_crises_say_how_to_play_them_again():
    asked = Request(
        "a file.toml", "fictitious_play", 7, 30, 5, mistake=0.1, given={"prize": 2.0, "cost": 1.5}
    )
    assert asked.sentence("subgame perfect") == (
        "played by fictitious play, mistake 0.1, seed 5; subgame perfect"
    )
    assert asked.command == (
        "standoff play 'a file.toml' --by fictitious_play --set cost=1.5 --set prize=2.0 --mistake 0.1 "
        "--runs 7 --periods 30 --seed 5"
    )


def test_hands_slip_to_actions_that_are_there_in_a_state():
    """In the first state the player has one action, in the second two; every slip is to one of those."""
    transition = np.zeros((1, 2, 2, 2))
    transition[0, 0, :, 1] = transition[0, 1, :, 0] = 1.0
    game = sim.Stochastic(
        np.zeros((1, 1, 2, 2)), transition, 0.9, actions=((("wait",),), (("wait", "strike"),)), start=0
    )
    record = play_states(game, np.array([[1.0, 0.0], [1.0, 0.0]]), runs=2_000, periods=2, tremble=1.0)
    np.testing.assert_array_equal([[1, 0], [0, 1]], record.states)
    np.testing.assert_array_equal([[1, 0], [0, 1]], record.frequency)


@pytest.mark.parametrize("odds", [0.0, 0.3, 1.0])
def test_a_hand_that_slips_does_what_was_not_meant(odds):
    """Three actions: each of the two others in half of the slips, whether play is pure or mixed."""
    for plan in ([1.0, 0.0, 0.0], [0.2, 0.5, 0.3]):
        record = play(Fixed(SHAPLEY, 4_000, strategy=np.array([plan] * 2)), periods=10, tremble=odds)
        expected = (1 - odds) * np.array(plan) + odds * (1 - np.array(plan)) / 2
        np.testing.assert_allclose(record.frequency, [expected] * 2, atol=0.01)


def test_what_is_misread_is_taken_for_another_action():
    seen = np.random.default_rng(3).integers(3, size=(20_000, 2, 2))
    mask = np.array([[[True, True, True], [True, False, False]]])
    seen[..., 1] = 0
    read = misread(np.random.default_rng(4), seen, mask, 0.3)
    np.testing.assert_array_equal(read[..., 1], 0)  # who has one action cannot be misread
    shift = (read[..., 0] - seen[..., 0]) % 3
    np.testing.assert_allclose([(shift == k).mean() for k in range(3)], [0.7, 0.15, 0.15], atol=0.01)


def test_actions_are_told_given_that_one_is_there():
    """Half of the runs leave the first state at once: what is done in it is one half all the same."""
    transition = np.zeros((1, 3, 2, 3))
    transition[0, 0, 0, 0] = transition[0, 0, 1, 1] = transition[0, 1, :, 1] = transition[0, 2, :, 2] = 1.0
    game = sim.Stochastic(np.zeros((1, 1, 3, 2)), transition, 0.9, states=("calm", "war", "peace"))
    record = play_states(game, np.array([[0.5, 0.5], [1.0, 0.0], [1.0, 0.0]]), runs=4_000, periods=20)
    found = record.summary(game)
    np.testing.assert_allclose(list(found["actions"]["player 1@calm"].values()), 0.5, atol=0.02)
    assert found["actions"]["player 1@war"] == {"1": 1, "2": 0}
    assert found["actions"]["player 1@peace"] == {"1": None, "2": None}
    assert list(found["states"]) == ["calm", "war", "peace"]
    np.testing.assert_allclose(found["states"]["calm"], (2 - 0.5**19) / 20, atol=0.01)
    assert found["states"]["peace"] == 0


def test_end_states_are_those_that_nobody_leaves():
    game = library("standoff_2021_posture").game()
    assert [game.states[state] for state in end_states(game)] == ["treaty"]
    assert end_states(library("arms_race").game()) == []
    assert end_states(PD) == []


def test_what_only_slips_lead_into_is_found():
    """In equilibrium NATO does not sign; a slip of the hand signs, for ever."""
    game = library("standoff_2021_posture").game()
    odds = {"runs": 50, "periods": 20, "seed": 0}
    slipping = play_by(game, "equilibrium", tremble=0.1, **odds)
    assert by_slips_only(game, "equilibrium", slipping, tremble=0.1, **odds) == ["treaty"]
    calm = play_by(game, "equilibrium", **odds)
    assert by_slips_only(game, "equilibrium", calm, tremble=0.0, **odds) == []
