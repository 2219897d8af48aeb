"""Laws that hold for the games of every form: what the protocol promises, whatever a game looks like."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.plugins import forms
from tests.changes import changes, in_other_units, play_exchanged, play_reordered
from tests.draw import plays
from tests.drawers import CHANGES, DRAWERS

NEAR = 1e-11
every_form = pytest.mark.parametrize("form", sorted(forms))


def drawn(data, form, players=None):
    """A batch of a form, of one to three players, with play of every agent."""
    players = players or data.draw(st.integers(1, 3))
    game = data.draw(DRAWERS[form](players=players, most=3 if players < 3 else 2))
    return game, data.draw(plays(game))


def numbers(game, play):
    """All that a game says of play, the cell first."""
    judged = game.judge(play[:, np.newaxis])
    return {
        "values": game.values(play),
        "deviations": game.deviations(play),
        "gains": game.gains(play),
        "regret": game.regret(play),
        "shares": game.shares(play),
        "scale": game.scale,
        "finite": game.finite.astype(float),
        "judged value": judged.value[:, 0],
        "judged regret": judged.regret[:, 0],
        "judged relative": judged.relative[:, 0],
    }


def same(first, second):
    """Both say the same of every number."""
    for name, array in first.items():
        np.testing.assert_allclose(array, second[name], rtol=NEAR, atol=NEAR, err_msg=name)


def weight_of_agents(game):
    """How much the value of each agent counts for his player's, ``(H,)``: as likely as play begins with him."""
    return np.tile(game.start, len(game.players)) if game.form == "stochastic" else np.ones(len(game.agents))


def equally_patient(game):
    """The game in which all weigh time alike, where the form's time is that of the most patient."""
    if game.form != "stochastic":
        return game
    return replace(game, discount=np.repeat(game.discount[:, :1], len(game.players), axis=1))


def test_every_form_has_a_drawer_and_can_be_changed():
    assert set(DRAWERS) == set(CHANGES) == set(forms)


@every_form
@given(data=st.data())
def test_drawers_draw_their_form(form, data):
    game, play = drawn(data, form)
    assert type(game) is forms[form]
    assert game.finite.all()
    assert play.shape == (game.cells, len(game.agents), game.mask.shape[1])


@every_form
@given(data=st.data())
def test_a_cell_does_not_depend_on_its_neighbours(form, data):
    game, play = drawn(data, form)
    chosen = np.array(data.draw(st.lists(st.integers(0, game.cells - 1), max_size=4)), dtype=np.int64)
    whole = numbers(game, play)
    same({name: array[chosen] for name, array in whole.items()}, numbers(game.take(chosen), play[chosen]))
    mask = np.isin(np.arange(game.cells), chosen)
    same({name: array[mask] for name, array in whole.items()}, numbers(game.take(mask), play[mask]))
    same({name: array[1:] for name, array in whole.items()}, numbers(game.take(slice(1, None)), play[1:]))


@every_form
@given(data=st.data())
def test_a_cell_that_is_not_finite_is_the_only_one(form, data):
    game, play = drawn(data, form)
    twice = np.append(np.arange(game.cells), 0)
    payoffs = game.payoffs[twice]
    payoffs[-1].flat[0] = data.draw(st.sampled_from([np.nan, np.inf, -np.inf]))
    spoiled = changes(game).payoffs(game.take(twice), payoffs)
    assert spoiled.finite.tolist() == [True] * game.cells + [False]
    assert np.isfinite(spoiled.scale).all()
    kept = spoiled.take(spoiled.finite)
    same(numbers(game, play), numbers(kept, play))


@every_form
@given(data=st.data())
def test_values_are_the_expectation_of_payoffs(form, data):
    game, play = drawn(data, form)
    game = equally_patient(game)
    for i in range(len(game.players)):
        np.testing.assert_allclose(
            game.expect(game.payoffs[:, i], play), game.values(play)[:, i], atol=NEAR, rtol=NEAR
        )


@every_form
@given(data=st.data())
def test_expectation_is_linear_and_keeps_constants(form, data):
    game, play = drawn(data, form)
    constant = np.full((1, *game.payoffs.shape[2:]), 2.5)
    np.testing.assert_allclose(2.5, game.expect(constant, play), rtol=NEAR)
    one, other = game.payoffs[:, 0], game.payoffs[:, -1] ** 2
    expected = 3.0 * game.expect(one, play) - game.expect(other, play)
    np.testing.assert_allclose(expected, game.expect(3.0 * one - other, play), rtol=NEAR, atol=100 * NEAR)


@every_form
@given(data=st.data())
def test_deviations_to_what_is_played_anyway_are_the_value(form, data):
    """An agent who goes on as he did gets what he got; so do the players, over the agents that play begins with."""
    game, play = drawn(data, form)
    kept = np.where(play > 0, play * game.deviations(play), 0.0).sum(axis=-1)
    whose = np.array([agent.player for agent in game.agents])
    weight = weight_of_agents(game)
    for i in range(len(game.players)):
        mine = whose == i
        share = weight[mine] / weight[mine].sum()
        np.testing.assert_allclose(game.values(play)[:, i], kept[:, mine] @ share, rtol=NEAR, atol=NEAR)


@every_form
@given(data=st.data())
def test_deviations_exist_where_actions_do(form, data):
    game, play = drawn(data, form)
    for h, agent in enumerate(game.agents):
        assert game.mask[h].tolist() == [a < len(agent.actions) for a in range(game.mask.shape[1])]
    missing = np.broadcast_to(~game.mask, play.shape)
    np.testing.assert_array_equal(missing, np.isnan(game.deviations(play)))
    assert len({agent.label for agent in game.agents}) == len(game.agents)


@every_form
@given(data=st.data())
def test_regret_is_the_best_gain_and_never_less_than_nothing(form, data):
    game, play = drawn(data, form)
    deviations = game.deviations(play)
    kept = np.where(play > 0, play * deviations, 0.0).sum(axis=-1, keepdims=True)
    best = np.nanmax(deviations - kept, axis=(1, 2))
    assert (game.regret(play) >= 0).all()
    assert (best >= -NEAR).all()  # what is played cannot all be worse than its average
    np.testing.assert_allclose(game.regret(play), best, atol=NEAR)


@every_form
@given(data=st.data())
def test_nobody_regrets_where_actions_pay_alike(form, data):
    game, play = drawn(data, form)
    level = game.payoffs.reshape(*game.payoffs.shape[:2], -1)[:, :, 0]
    flat = np.ones_like(game.payoffs) * level.reshape(*level.shape, *(1,) * (game.payoffs.ndim - 2))
    indifferent = changes(game).payoffs(game, flat)
    np.testing.assert_allclose(0, indifferent.regret(play), atol=NEAR)
    np.testing.assert_allclose(level, indifferent.values(play), rtol=NEAR, atol=NEAR)
    np.testing.assert_array_equal(1, indifferent.scale)


@every_form
@given(data=st.data())
def test_an_action_that_always_pays_more_leaves_nothing_to_regret(form, data):
    """Everybody has one action that pays him 100 more, in every state: who plays it regrets nothing."""
    game, _ = drawn(data, form)
    if game.decisions:
        pytest.skip("payoffs of trees are by path, not by joint action")
    first = game.payoffs.ndim - len(game.players)
    payoffs = game.payoffs.copy()
    for i in range(len(game.players)):
        bonus = [1] * (game.payoffs.ndim - 1)
        bonus[first - 1 + i] = -1
        payoffs[:, i] += 1000 * (np.arange(payoffs.shape[first + i]) == 0).reshape(bonus)
    tempted = changes(game).payoffs(game, payoffs)
    play = np.zeros((game.cells, *game.mask.shape))
    play[..., 0] = 1.0
    np.testing.assert_allclose(0, tempted.regret(play), atol=NEAR)
    assert (tempted.judge(play[:, np.newaxis]).relative <= NEAR).all()


@every_form
@given(data=st.data())
def test_outcomes_share_all_play_among_them(form, data):
    game, play = drawn(data, form)
    shares = game.shares(play)
    assert shares.shape == (game.cells, len(game.outcomes.names))
    assert (shares >= -NEAR).all()
    np.testing.assert_allclose(1, shares.sum(axis=-1), rtol=NEAR)
    claims = np.stack([play, np.full_like(play, np.nan)], axis=1)
    found = game.outcome_probabilities(claims)
    np.testing.assert_allclose(shares, found[:, 0], atol=NEAR)
    assert np.isnan(found[:, 1]).all()


@every_form
@given(data=st.data())
def test_judgement_agrees_with_the_definitions(form, data):
    game, play = drawn(data, form)
    nothing = np.full_like(play, np.nan)
    judged = game.judge(np.stack([play, nothing], axis=1))
    gains = np.maximum(game.gains(play), 0.0)
    whose = [agent.player for agent in game.agents]
    np.testing.assert_allclose(game.values(play), judged.value[:, 0], rtol=NEAR, atol=NEAR)
    of_range = (gains / game.scale[:, whose]).max(axis=1)
    if game.decisions:  # another plan for all moves of a player gains at least as much as for one of them
        assert (judged.regret[:, 0] >= game.regret(play) - NEAR).all()
    else:
        np.testing.assert_allclose(game.regret(play), judged.regret[:, 0], atol=NEAR)
    if game.stage.simultaneous:  # in units of what is at stake where play gets to, which is at most the range
        assert (judged.relative[:, 0] >= of_range - NEAR).all()
        np.testing.assert_array_equal(of_range > NEAR, judged.relative[:, 0] > NEAR)
    elif game.decisions:
        assert (judged.relative[:, 0] >= of_range - NEAR).all()
    else:
        np.testing.assert_allclose(of_range, judged.relative[:, 0], atol=NEAR)
    assert np.isnan(judged.value[:, 1]).all()
    assert np.isnan(judged.regret[:, 1]).all()
    assert np.isnan(judged.relative[:, 1]).all()
    assert (judged.component[:, 0] >= 0).all()
    assert (judged.component[:, 1] == -1).all()
    assert (judged.index[:, 1] == 0).all()


@every_form
@given(data=st.data())
def test_other_units_change_payoffs_alone(form, data):
    game, play = drawn(data, form)
    n = len(game.players)
    factor = 2.0 ** np.array(data.draw(st.lists(st.integers(-3, 3), min_size=n, max_size=n)))
    shift = np.array(data.draw(st.lists(st.integers(-8, 8), min_size=n, max_size=n)), dtype=float)
    other = in_other_units(game, factor, shift)
    whose = [agent.player for agent in game.agents]
    before, after = numbers(game, play), numbers(other, play)
    for name in ("values", "judged value"):
        np.testing.assert_allclose(factor * before[name] + shift, after[name], rtol=NEAR, atol=10 * NEAR)
    unit, origin = factor[whose][:, np.newaxis], shift[whose][:, np.newaxis]
    np.testing.assert_allclose(unit * before["deviations"] + origin, after["deviations"], atol=10 * NEAR)
    np.testing.assert_allclose(factor[whose] * before["gains"], after["gains"], atol=10 * NEAR)
    np.testing.assert_allclose(before["judged relative"], after["judged relative"], atol=10 * NEAR)
    np.testing.assert_allclose(before["shares"], after["shares"], atol=NEAR)
    flat = np.ptp(game.payoffs.reshape(game.cells, n, -1), axis=2) == 0  # a range of nothing counts as one
    np.testing.assert_array_equal(np.where(flat, 1.0, factor * game.scale), other.scale)


@every_form
@given(data=st.data())
def test_actions_in_another_order_are_the_same_actions(form, data):
    game, play = drawn(data, form)
    orders = [data.draw(st.permutations(range(len(agent.actions)))) for agent in game.agents]
    if changes(game).actions is None:
        pytest.skip("the order of actions is part of these games")
    other = changes(game).actions(game, orders)
    before, after = numbers(game, play), numbers(other, play_reordered(game, play, orders))
    before["deviations"] = play_reordered(game, before["deviations"], orders)
    del before["shares"]  # by outcome: each joint action its own
    same(before, after)


@every_form
@given(data=st.data())
def test_players_in_another_order_are_the_same_players(form, data):
    game, play = drawn(data, form)
    order = data.draw(st.permutations(range(len(game.players))))
    if changes(game).players is None:
        pytest.skip("the order of players is part of these games")
    other = changes(game).players(game, order)
    before, after = numbers(game, play), numbers(other, play_exchanged(game, play, order))
    before["deviations"] = play_exchanged(game, before["deviations"], order)
    before["gains"] = play_exchanged(game, before["gains"][..., np.newaxis], order)[..., 0]
    for name in ("values", "scale", "judged value"):
        before[name] = before[name][:, order]
    del before["shares"]
    same(before, after)
    assert other.players == tuple(game.players[i] for i in order)


@every_form
@given(data=st.data())
def test_a_game_survives_being_sent(form, data):
    game, play = drawn(data, form)
    same(numbers(game, play), numbers(pickle.loads(pickle.dumps(game)), play))
