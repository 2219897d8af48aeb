"""Automata at play: what they are worth, what slips and mistakes do to them, and whom a name means."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.automata import BUILT_IN, Automaton, one_shot, profile
from sim.automata.builtin import always, grim
from sim.play import chosen_automata, play, play_by, verdict
from sim.play.rules import Followed, named
from tests.automata.test_one_shot import profiles
from tests.draw import normal_forms
from tests.games import DILEMMA

SHAPE = (2, 2)
PD = sim.NormalForm(DILEMMA)
HALF = Automaton(
    (0, 1), ("a", "b"), [0.5, 0.5], np.eye(2)[[[0, 0], [1, 1]]], np.full((2, 2, 2, 2), 0.5)
)  # fmt: skip


def shares(name, **options):
    return play_by(PD, name, runs=400, periods=60, seed=3, **options).share


@settings(max_examples=10)
@given(st.data())
def test_the_mean_of_many_runs_is_the_value(data):
    stage = data.draw(normal_forms(cells=1, most=2))
    automaton = data.draw(profiles(stage.payoffs.shape[2:]))
    record = play(Followed(stage, 2_000, automata=[automaton]), periods=30, seed=1)
    weight = 0.5 ** np.arange(1, 31)
    found = np.einsum("t,to,no->n", weight, record.share, stage.payoffs[0].reshape(2, -1))
    exact = one_shot(sim.Repeated(stage, 0.5), automaton).value[0]
    np.testing.assert_allclose((found - exact) / stage.scale[0], 0, atol=0.06)


def test_win_stay_lose_shift_mends_a_slip_and_grim_does_not():
    """Nowak and Sigmund (1993): after one slip both shift and meet in restraint two stages later."""
    mended, broken = (shares(name, tremble=0.02)[-1, 0] for name in ("win_stay_lose_shift", "grim"))
    assert mended > 0.9
    assert broken < 0.5


def test_mistaken_signals_make_tit_for_tat_retaliate_in_turn():
    assert shares("tit_for_tat")[-1, 0] == 1
    misled = shares("tit_for_tat", mistake=0.05)
    assert misled[-1, 0] < 0.6
    assert shares("generous_tit_for_tat", mistake=0.05)[-1, 0] > misled[-1, 0] + 0.1


def test_a_public_lottery_keeps_its_players_together():
    """One lot decides for both; mistaken signals do not matter where the next state ignores them."""
    record = play(Followed(PD, 2_000, automata=[HALF]), periods=20, mistake=0.5)
    assert record.share[:, [1, 2]].max() == 0
    np.testing.assert_allclose(0.5, record.share[:, 0], atol=0.05)


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_same_seed_tells_the_same_story(name):
    first, second = (
        play_by(PD, name, runs=7, periods=30, seed=5, tremble=0.1, mistake=0.1) for _ in range(2)
    )
    np.testing.assert_array_equal(first.paths, second.paths)


def test_names_find_their_players():
    own = {"mine": always(SHAPE, 1, 1), "joint": profile([grim(SHAPE, 0), grim(SHAPE, 1)])}
    assert [a.players for a in named(["grim", "mine"], own, SHAPE)] == [(1,), (0,)]
    assert [a.players for a in named(["grim"], own, SHAPE)] == [(0,), (1,)]
    assert [a.players for a in named(["joint"], own, SHAPE)] == [(0, 1)]
    with pytest.raises(ValueError, match="3 automata for 2 players"):
        named(["joint", "grim"], {"joint": own["joint"], "grim": always(SHAPE, 0, 0)}, SHAPE)
    with pytest.raises(ValueError, match=r"unknown automaton 'grimm' \(automata: mine.*'grim'"):
        named(["mine", "grimm"], own, SHAPE)


def test_the_verdict_on_what_is_played():
    repeated = sim.Repeated(PD, 0.6)
    assert verdict(repeated, "grim", {}).startswith("subgame perfect")
    assert verdict(repeated, "tit_for_tat", {}) == (
        "not subgame perfect: player 1 gains 0.875 by 1 in 'retaliate, retaliate'"
    )
    assert verdict(PD, "grim", {}) == verdict(repeated, "best_reply", {}) == ""


def test_automata_do_not_play_games_with_states():
    payoffs, transition = np.zeros((1, 1, 2, 2)), np.ones((1, 1, 2, 1))
    game = sim.Stochastic(payoffs[:, :, :1], transition, 0.9)
    with pytest.raises(ValueError, match="states of its own"):
        chosen_automata(game, "grim", {})


@pytest.mark.parametrize(
    ("by", "value"),
    [
        ("grim: 1, 1", (3, 3)),
        ("penal: player 1", (1, None)),
        ("payoff: 2, 2.5", (2, 2.5)),
        ("optimal: 2, 2", (1, 1)),
    ],
)
def test_profiles_are_played_by_what_they_do(by, value):
    repeated = sim.Repeated(PD, 0.8)
    automata = chosen_automata(repeated, by, {})
    found = one_shot(repeated, profile(automata))
    assert found.perfect[0]
    for i, expected in enumerate(value):
        if expected is not None:
            assert found.value[0, i] == pytest.approx(expected)
    assert verdict(repeated, by, {}).startswith("subgame perfect")


@pytest.mark.parametrize(
    ("by", "message"),
    [
        ("penal: player 3", "unknown player 'player 3'"),
        ("payoff: 1, x", "expected a number for each of player 1, player 2"),
        ("payoff: 9, 9", "nearest payoff is"),
        ("grimm: 1, 1", "Did you mean 'grim'"),
        ("grim: 1, 3", "unknown action '3'"),
    ],
)
def test_wrong_profiles_are_told(by, message):
    with pytest.raises(ValueError, match=message):
        chosen_automata(sim.Repeated(PD, 0.8), by, {})
