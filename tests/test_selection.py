"""Selections among equilibria: published games, definitions, and theorems that tie them together."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

import sim
from sim.forms.normal import NormalForm
from sim.selection import SELECTIONS, by_value, deviation_losses, names, p_dominance, select, selections
from tests.draw import normal_forms, quarters

CASES = json.loads((Path(__file__).parent / "cases" / "stag_hunt.json").read_text())
STAG_HUNTS = [case for case in CASES if "risk_dominant" in case["expected"]]
CHAIN_STORE = [[[1, 1], [0, 2]], [[5, 5], [0, 2]]]


def symmetric(row):
    row = np.asarray(row, float)
    return NormalForm(np.stack([row, row.T]))


def chosen(solution, name, cell=0):
    """The strategies that are selected, ``(selected, n, A)``."""
    return solution.strategy[cell][select(solution, name)[cell]]


@pytest.mark.parametrize("case", STAG_HUNTS, ids=lambda case: case["id"])
def test_risk_in_the_stag_hunt_is_as_published(case):
    game, expected = symmetric(case["inputs"]["payoff_row"]), case["expected"]
    solution = sim.solve(game)
    place = ["stag", "hare"].index(expected["risk_dominant"])
    np.testing.assert_array_equal(chosen(solution, "risk_dominant"), [np.eye(2)[[place, place]]])
    np.testing.assert_array_equal(chosen(solution, "payoff_dominant"), [np.eye(2)[[0, 0]]])
    losses = deviation_losses(game).prod(axis=1)[0]
    assert losses[0, 0] == expected["loss_stag"]
    assert losses[1, 1] == expected["loss_hare"]
    assert p_dominance(game)[0, 0, 0] == pytest.approx(expected["p_dominance_stag"], abs=1e-9)
    mixed = solution.strategy[0, (solution.strategy[0].max(axis=-1) < 1).all(axis=-1)]
    assert mixed[0, 0, 0] == pytest.approx(expected["p_stag_mixed"], abs=1e-9)


@pytest.mark.parametrize(
    "case", [case for case in CASES if "theta_star" in case["expected"]], ids=lambda case: case["id"]
)
def test_risk_dominance_changes_where_the_global_game_does(case):
    """Carlsson and van Damme (1993): a little noise about payoffs selects what is risk dominant."""
    defect, loss, star = case["inputs"]["b"], case["inputs"]["c"], case["expected"]["theta_star"]
    for theta, place in ((star - 0.01, 1), (star + 0.01, 0)):
        solution = sim.solve(symmetric([[theta, theta - loss], [defect, defect]]))
        np.testing.assert_array_equal(chosen(solution, "risk_dominant"), [np.eye(2)[[place, place]]])
        assert p_dominance(solution.game)[0, place, place] < 0.5


@given(st.integers(0, 2**32 - 1))
def test_products_of_losses_and_the_logit_path_agree_in_symmetric_games(seed):
    row = np.random.default_rng(seed).uniform(-1, 1, (20, 2, 2))
    game = NormalForm(np.stack([row, row.swapaxes(1, 2)], axis=1))
    solution, traced = sim.solve(game), sim.solve(game, "nash", "logit_tracing")
    mask = select(solution, "risk_dominant")
    for cell in np.nonzero(mask.any(axis=1))[0]:
        (play,) = solution.strategy[cell][mask[cell]]
        np.testing.assert_allclose(traced.strategy[cell, 0], play, atol=1e-6)


def test_the_logit_path_of_an_uneven_game_can_end_at_the_riskier_equilibrium():
    """Products of losses 0.094 and 0.074; Gambit's logit_solve ends at the same place as our path."""
    payoffs = [[[0.928, 0.157], [1.0, 0.0]], [[0.099, 0.682], [1.0, 0.0]]]
    solution = sim.solve(NormalForm(payoffs))
    losses = deviation_losses(solution.game).prod(axis=1)[0]
    assert losses[0, 1] > losses[1, 0] > 0
    np.testing.assert_array_equal(chosen(solution, "risk_dominant"), [np.eye(2)[[0, 1]]])
    traced = sim.solve(solution.game, "nash", "logit_tracing")
    np.testing.assert_allclose(traced.strategy[0, 0], np.eye(2)[[1, 0]], atol=1e-9)


def test_neither_of_two_mirrored_equilibria_dominates():
    chicken = sim.solve(symmetric([[6, 2], [7, 0]]))
    assert chicken.count[0] == 3
    assert not select(chicken, "risk_dominant").any()
    # nearer than rounding of payoffs is a tie as well
    payoffs = chicken.game.payoffs.copy()
    payoffs[0, 0, 1, 0] += 1e-13
    assert not select(sim.solve(NormalForm(payoffs)), "risk_dominant").any()


def test_a_path_that_stops_selects_nothing(monkeypatch):
    monkeypatch.setattr(sim.selection, "MAX_STEPS", 1)
    game = NormalForm(np.random.default_rng(3).uniform(size=(20, 2, 3, 3)))
    solution = sim.solve(game)
    several = solution.count > 1
    assert several.any()
    assert not select(solution, "risk_dominant")[several].any()
    assert select(solution, "risk_dominant")[~several].any(axis=1).all()


def completely_mixed_belief(game, cell, strategy, i):
    """Least probability of any joint action of the others in a belief to which the strategy is a best reply."""
    utility = np.moveaxis(game.payoffs[cell, i], i, 0).reshape(game.payoffs.shape[2 + i], -1)
    own = strategy[i, : utility.shape[0]]
    worse = utility - own @ utility
    width = utility.shape[1]
    rows = np.vstack([np.c_[worse, np.zeros(len(worse))], np.c_[-np.eye(width), np.ones(width)]])
    total = np.r_[np.ones(width), 0.0][np.newaxis]
    return -linprog(np.r_[np.zeros(width), -1.0], rows, np.zeros(len(rows)), total, [1.0]).fun


@given(st.one_of(normal_forms(most=3), normal_forms(players=3, most=2)))
def test_undominated_is_a_best_reply_to_a_belief_that_excludes_nothing(game):
    solution = sim.solve(game, "nash", None if len(game.players) == 2 else "pure")
    mask = select(solution, "undominated")
    for cell in range(game.cells):
        for k in range(solution.count[cell]):
            least = min(
                completely_mixed_belief(game, cell, solution.strategy[cell, k], i)
                for i in range(len(game.players))
            )
            assert mask[cell, k] == (least > 1e-7)


@given(normal_forms(most=4))
def test_every_two_player_game_has_a_perfect_equilibrium(game):
    solution = sim.solve(game)
    assert select(solution, "perfect").any(axis=1).all()
    np.testing.assert_array_equal(select(solution, "perfect"), select(solution, "undominated"))


def test_a_mixture_can_be_dominated_where_its_actions_are_not():
    # the first two actions are each best against something, their even mixture never: the third beats it
    row = [[4, 0, 0], [0, 4, 0], [2, 2, 1]]
    game = NormalForm(np.array([row, np.zeros((3, 3))], float))
    solution = sim.solve(game)
    for k, (x, y) in enumerate(solution.strategy[0]):
        if (x[:2] > 0).all() and x[2] == 0:
            assert not select(solution, "undominated")[0, k], (x, y)
    alone = (solution.strategy[0, :, 0, :2].max(axis=-1) == 1) & (
        solution.strategy[0, :, 1].max(axis=-1) == 1
    )
    assert select(solution, "undominated")[0, alone].all()


def test_the_threat_of_the_chain_store_does_not_survive_trembling_hands():
    solution = sim.solve(NormalForm(np.array(CHAIN_STORE, float)))
    assert solution.count[0] == 3
    np.testing.assert_array_equal(chosen(solution, "perfect"), [np.eye(2)[[1, 1]]])


def test_more_than_two_players_have_undominated_but_no_proof_of_perfect():
    game = NormalForm(np.random.default_rng(0).uniform(size=(1, 3, 2, 2, 2)))
    solution = sim.solve(game)
    assert "perfect" not in names(game.players)
    with pytest.raises(ValueError, match="two players, not 3: with more, choose 'undominated'"):
        select(solution, "perfect")


NONE = [np.nan, np.nan]
pairs = st.one_of(st.just(NONE), st.lists(st.integers(0, 3), min_size=2, max_size=2))


@given(st.lists(st.lists(pairs, min_size=3, max_size=3), min_size=1, max_size=5))
def test_selections_by_value_are_what_their_definitions_say(value):
    numbers, players = np.array(value, float), ("A", "B")
    found = {
        name: by_value(name, players, numbers, np.full((len(value), 2), 1e-9))
        for name in ("best_for A", "worst_for B", "payoff_dominant", "payoff_undominated")
    }
    for cell, equilibria in enumerate(value):
        there = [pair for pair in equilibria if not np.isnan(pair[0])]
        for k, (a, b) in enumerate(equilibria):
            exists = not np.isnan(a)
            beaten = any(x >= a and y >= b and (x, y) != (a, b) for x, y in there)
            expected = {
                "best_for A": exists and a == max(x for x, _ in there),
                "worst_for B": exists and b == min(y for _, y in there),
                "payoff_dominant": exists and all(a >= x and b >= y for x, y in there),
                "payoff_undominated": exists and not beaten,
            }
            for name, mask in found.items():
                assert mask[cell, k] == expected[name], name


@given(normal_forms(most=3), st.data())
def test_units_of_payoff_and_names_of_players_do_not_matter(game, data):
    factor, shift = 2.0 ** data.draw(st.integers(-3, 3)), data.draw(quarters)
    payoffs = game.payoffs.copy()
    payoffs[:, 0] = factor * payoffs[:, 0] + shift
    first, second = selections(sim.solve(game)), selections(sim.solve(NormalForm(payoffs, cells=True)))
    assert first.keys() == second.keys()
    for name, mask in first.items():
        np.testing.assert_array_equal(mask, second[name], name)


def test_nothing_is_selected_where_nothing_is_claimed():
    payoffs = np.random.default_rng(1).integers(-2, 3, (30, 2, 3, 3)).astype(float)
    payoffs[5, 0, 0, 0] = np.nan
    solution = sim.solve(NormalForm(payoffs))
    for name, mask in selections(solution).items():
        assert mask.shape == solution.regret.shape
        assert not mask[np.isnan(solution.regret)].any(), name


def test_every_selection_says_what_it_is_and_wrong_names_what_is_allowed():
    assert all(
        item.summary and (item.of_values is None) != (item.of_game is None) for item in SELECTIONS.values()
    )
    solution = sim.solve(symmetric([[4, 0], [3, 2]]))
    with pytest.raises(ValueError, match=r"unknown selection 'risk_dominnt'.*Did you mean 'risk_dominant'"):
        select(solution, "risk_dominnt")
    with pytest.raises(ValueError, match=r"unknown selection 'best_for'.*'best_for player"):
        select(solution, "best_for")
    with pytest.raises(ValueError, match="not rivals of one another"):
        select(sim.solve(solution.game, "maxmin"), "payoff_dominant")
    assert selections(sim.solve(solution.game, "maxmin")) == {}


def test_values_select_among_markov_equilibria_and_risk_does_not():
    payoffs = np.array([[[[4, 0], [3, 2]]], [[[4, 3], [0, 2]]]], float)[np.newaxis]
    game = sim.Stochastic(payoffs, np.ones((1, 1, 2, 2, 1)), 0.5)
    solution = sim.solve(game, "markov_perfect")
    assert "risk_dominant" not in selections(solution)
    assert select(solution, "payoff_dominant").sum() == 1
    with pytest.raises(ValueError, match="judges games in normal form"):
        select(solution, "risk_dominant")
