"""Stochastic games as a form: values, deviations, shares, labels, and its bridges to other forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

import sim
from sim.forms.normal import NormalForm
from sim.forms.stochastic import Stochastic
from sim.game import Outcomes
from sim.output import as_text as tables
from sim.output.as_json import record
from sim.scenario.source import Source
from sim.solution import Status
from tests.draw import drawn_play, generic_stochastic_games
from tests.games import library


@given(generic_stochastic_games())
def test_values_are_the_discounted_average_of_play(game):
    play = drawn_play(game)
    values = game.state_values(play)
    chain, joint = game.chain(play), game.play(play)
    now = np.einsum("csm,cism->cis", joint, game.flat_payoffs)
    d = game.discount[..., np.newaxis]
    expected = (1 - d) * now + d * np.einsum("cst,cit->cis", chain, values)
    np.testing.assert_allclose(values, expected, atol=1e-11)


@given(generic_stochastic_games())
def test_own_strategy_weighs_deviations_to_the_value(game):
    play = drawn_play(game)
    kept = np.nansum(play * game.deviations(play), axis=-1).reshape(game.cells, len(game.players), -1)
    np.testing.assert_allclose(kept, game.state_values(play), atol=1e-11)


@given(generic_stochastic_games())
def test_expectation_of_a_constant_is_that_constant_and_shares_sum_to_one(game):
    play = drawn_play(game)
    table = np.full((1, *game.payoffs.shape[2:]), 2.5)
    np.testing.assert_allclose(game.expect(table, play), 2.5, atol=1e-10)
    np.testing.assert_allclose(game.shares(play).sum(axis=-1), 1.0, atol=1e-10)
    np.testing.assert_allclose(game.long_run(play).sum(axis=-1), 1.0, atol=1e-9)
    np.testing.assert_allclose(game.long_run_outcomes(play).sum(axis=-1), 1.0, atol=1e-9)


@given(generic_stochastic_games(kind="dense"))
def test_long_run_shares_are_stationary(game):
    play = drawn_play(game)
    shares = game.long_run(play)
    np.testing.assert_allclose(np.einsum("cs,cst->ct", shares, game.chain(play)), shares, atol=1e-10)


@given(generic_stochastic_games())
def test_long_run_shares_are_what_patience_sees(game):
    play = drawn_play(game)
    patient = Stochastic(game.payoffs, game.transition, 1 - 1e-9, start=game.start)
    np.testing.assert_allclose(game.long_run(play), patient.occupancy(play), atol=1e-5)


def test_without_future_deviations_are_those_of_the_stage_games():
    rng = np.random.default_rng(3)
    payoffs, transition = rng.random((4, 2, 3, 2, 3)), rng.random((3, 2, 3, 3))
    game = Stochastic(payoffs, transition / transition.sum(axis=-1, keepdims=True), 0.0)
    play = drawn_play(game)
    for s in range(3):
        stage = NormalForm(payoffs[:, :, s], cells=True)
        np.testing.assert_allclose(
            game.deviations(play)[:, s::3], stage.deviations(play[:, s::3]), atol=1e-13
        )


def test_agents_are_players_in_states():
    actions = [[("hold", "build_up"), ("talk",)], [("attack", "hold"), ("talk", "refuse")]]
    game = Stochastic(
        np.zeros((2, 2, 2, 2)),
        np.full((2, 2, 2, 2), 0.5),
        0.9,
        ("Russia", "NATO"),
        ("calm", "massed"),
        actions,
    )
    assert [agent.label for agent in game.agents] == [
        "Russia@calm",
        "Russia@massed",
        "NATO@calm",
        "NATO@massed",
    ]
    assert [len(agent.actions) for agent in game.agents] == [2, 2, 1, 2]
    assert game.available.tolist() == [[True, False, True, False], [True] * 4]
    assert game.outcomes.names[0] == "calm: hold, talk"
    assert len(game.outcomes.names) == 6


def test_actions_that_do_not_exist_count_for_nothing():
    payoffs = np.array([[[[1.0, 9e9], [2.0, np.nan]]], [[[0.0, 5.0], [0.0, 5.0]]]])
    transition = np.ones((1, 2, 2, 1))
    transition[0, :, 1] = np.nan
    game = Stochastic(payoffs, transition, 0.5, actions=[[("a", "b"), ("x",)]])
    assert game.finite.all()
    assert game.scale.tolist() == [[1.0, 1.0]]
    assert sim.solve(game, "markov_perfect").value.tolist() == [[[2.0, 0.0]]]


def test_absorption_takes_as_long_as_a_coin_says():
    transition = np.zeros((3, 1, 1, 3))
    transition[:, 0, 0] = [[0.75, 0.25, 0.0], [0.0, 1.0, 0.0], [0.5, 0.0, 0.5]]
    game = Stochastic(np.zeros((2, 3, 1, 1)), transition, 0.9)
    play = np.ones((1, 6, 1))
    assert game.absorbing.tolist() == [[False, True, False]]
    np.testing.assert_allclose(game.time_to(play), [[4.0, 0.0, 6.0]])
    np.testing.assert_allclose(game.time_to(play, [2]), [[np.inf, np.inf, 0.0]])
    np.testing.assert_allclose(game.long_run(play), [[0.0, 1.0, 0.0]])


def crisis():
    """Talks that a coin each period turns into peace for ever, from a war that lasts: two players, one action."""
    transition = np.zeros((3, 1, 1, 3))
    transition[:, 0, 0] = [[0.75, 0.25, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    payoffs = np.array([[[[0.0]], [[4.0]], [[1.0]]], [[[2.0]], [[0.0]], [[1.0]]]])
    return Stochastic(payoffs, transition, 0.5, ("one", "two"), ("talks", "peace", "war"))


def test_consequences_are_named_by_state_player_and_outcome():
    follows = crisis().consequences(np.ones((1, 6, 1)))
    value = 0.5 * 0.25 * 4 / (1 - 0.5 * 0.75)  # v = 0 + d (v 3/4 + 4 / 4), averaged
    assert follows["state_values"]["talks"]["one"] == pytest.approx(value)
    assert follows["state_values"]["war"] == {"one": 1.0, "two": 1.0}
    assert follows["long_run"] == pytest.approx({"talks": 0, "peace": 1, "war": 0})
    assert follows["long_run_outcomes"]["peace: 1, 1"] == pytest.approx(1)
    assert follows["periods_to_absorption"] == pytest.approx({"talks": 4, "peace": 0, "war": 0})


def test_consequences_are_in_the_answer_and_its_table():
    game = crisis()
    solution = sim.solve(game, "markov_perfect")
    source = Source("crisis", "", "stochastic")
    one = record(source, solution, "markov_enumeration")["solutions"][0]
    assert one["periods_to_absorption"]["talks"] == pytest.approx(4)
    assert list(one["state_values"]) == ["talks", "peace", "war"]
    text = tables.solution(source, solution, "markov_enumeration")
    assert "talks 4" in text
    assert "peace  " in text


def test_sets_are_named_by_state_also_where_some_are_empty():
    lonely = np.array([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]])
    stage = np.array([[[2.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 2.0]]])
    apart = np.zeros((2, 2, 2, 2))
    apart[0, ..., 0] = apart[1, ..., 1] = 1
    game = Stochastic(np.stack([lonely, stage], axis=1), apart, 0.0, states=("odd", "even"))
    solution = sim.solve(game, "subgame_perfect")
    source = Source("two", "", "stochastic")
    answer = record(source, solution, "state_payoff_sets")
    assert answer["payoff_set"] == {"odd": [], "even": [[1.0, 2.0], [2.0, 1.0]]}
    assert answer["set_residual"] <= 1e-9
    text = tables.solution(source, solution, "state_payoff_sets")
    assert "payoff set from odd, 0 corners: empty" in text
    assert "payoff set from even, 2 corners: (1, 2), (2, 1)" in text


def test_a_cycle_has_long_run_shares():
    transition = np.array([[[[0.0, 1.0]]], [[[1.0, 0.0]]]])
    game = Stochastic(np.zeros((2, 2, 1, 1)), transition, 0.9)
    np.testing.assert_allclose(game.long_run(np.ones((1, 4, 1))), [[0.5, 0.5]])
    assert np.isnan(game.time_to(np.ones((1, 4, 1)))).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"payoffs": np.zeros((2, 2))}, "shape"),
        ({"transition": np.zeros((1, 2, 2, 2))}, "the transition"),
        ({"transition": np.full((1, 2, 2, 1), 0.9)}, "distribution"),
        ({"discount": 1.0}, "below 1"),
        ({"discount": [0.1, 0.2, 0.3]}, "discount has shape"),
        ({"players": ("one",)}, "labels"),
        ({"actions": [("a", "b"), ("x", "y", "z")]}, "labels of actions"),
        ({"start": 3}, "start"),
    ],
)
def test_what_is_no_game_is_an_error_that_says_so(change, message):
    fields = {
        "payoffs": np.zeros((2, 1, 2, 2)),
        "transition": np.ones((1, 2, 2, 1)),
        "discount": 0.5,
    } | change
    with pytest.raises(ValueError, match=message):
        Stochastic(**fields)


def two_states(row=(0.5, 0.5), discount=0.9):
    transition = np.full((2, 2, 2, 2), 0.5)
    transition[1, 0, 1] = row
    return sim.Stochastic(np.arange(16.0).reshape(2, 2, 2, 2) % 5, transition, discount)


def test_a_row_that_is_no_distribution_is_named():
    for row in ((0.5, 0.6), (2, -1), (0, 0), (np.inf, 0), (1.001, -0.001)):
        with pytest.raises(ValueError, match=r"joint action \(0, 1\) in state 1 of cell 0"):
            two_states(row)


def test_rounding_below_zero_is_mended():
    game = two_states((1 + 1e-16, -1e-17))
    assert (game.transition >= 0).all()
    np.testing.assert_array_equal([1, 0], game.transition[0, 1, 0, 1])


@pytest.mark.parametrize("concept", ["markov_perfect", "subgame_perfect"])
def test_a_discount_that_is_no_number_is_no_answer(concept):
    solution = sim.solve(two_states(discount=[np.nan, 0.5]), concept)
    assert solution.status.tolist() == [Status.nonfinite]
    assert not solution.complete.any()


@pytest.mark.parametrize("wrong", [None, "x", "0.5"])
def test_discounts_and_starts_are_numbers(wrong):
    with pytest.raises(ValueError, match="discount must be numbers"):
        two_states(discount=wrong)
    with pytest.raises(ValueError, match="start must be numbers"):
        sim.Stochastic(np.zeros((2, 1, 1, 1)), np.ones((1, 1, 1, 1)), 0.5, start=wrong)


def test_a_batch_without_cells_can_be_taken_where_actions_differ_by_state():
    game = library("standoff_2021_posture").game()
    assert game.take(np.array([], dtype=int)).cells == 0


def test_patience_beyond_floats_is_no_answer():
    """At 1 - 1e-10 the gain from any deviation is below the tolerance of the certificate."""
    for discount, status in ((1 - 1e-10, Status.nonfinite), (1 - 1e-7, Status.ok)):
        solution = sim.solve(two_states(discount=discount), "markov_perfect", "markov_tracing")
        assert solution.status.tolist() == [status]


def test_an_axis_of_actions_longer_than_any_state_uses_is_cut_to_what_is_used():
    """Two columns of which no state offers the second: the game is that without it, however it was written."""
    payoffs = np.array([[[[1.0, 9.0], [2.0, 9.0]]], [[[0.0, 9.0], [0.0, 9.0]]]])
    outcomes = Outcomes(("low", "high", "never"), np.array([[0, 2], [1, 2]]))
    game = Stochastic(payoffs, np.ones((1, 2, 2, 1)), 0.5, actions=[[("a", "b"), ("x",)]], outcomes=outcomes)
    assert game.payoffs.shape == (1, 2, 1, 2, 1)
    assert game.transition.shape == (1, 1, 2, 1, 1)
    play = np.array([[[0.25, 0.75], [1.0, 0.0]]])
    np.testing.assert_allclose([[1.75, 0.0]], game.values(play))
    np.testing.assert_allclose([[0.25, 0.75, 0.0]], game.shares(play))
    longest = Stochastic(
        payoffs[np.newaxis, ..., :1, :], np.ones((1, 1, 1, 2, 1)), 0.5, actions=[[("a",), ("x",)]]
    )
    assert longest.take([0, 0, 0]).values(np.ones((3, 2, 1))).tolist() == [[1.0, 0.0]] * 3
