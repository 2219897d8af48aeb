from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

import sim
from sim.solution import Status, certify
from tests.draw import normal_forms

CASES = {
    case["id"]: case
    for case in json.loads((Path(__file__).parents[1] / "cases" / "quantal_response.json").read_text())
}


def game_of(name):
    inputs = CASES[name]["inputs"]
    return sim.NormalForm([inputs["payoff1"], inputs["payoff2"]])


@pytest.mark.parametrize("name", ["qre_amp9", "qre_stag"])
def test_published_games_at_three_precisions(name):
    """McKelvey and Palfrey (1995): asymmetric matching pennies, and the stag hunt's risk-dominant end."""
    for point in CASES[name]["expected"]["path"]:
        strategy = sim.solve(game_of(name), "quantal_response", precision=point["lam"]).strategy[0, 0]
        assert strategy[:, 0] == pytest.approx([point["p_row1"], point["q_col1"]], abs=1e-6)


def test_the_seed_standoff():
    case = CASES["seed_qre"]
    for precision, expected in zip(case["inputs"]["lam"], case["expected"]["path"], strict=True):
        solution = sim.solve(game_of("seed_qre"), "quantal_response", precision=precision)
        for i in range(2):
            found = solution.strategy[0, 0, i, : len(expected[i])]
            np.testing.assert_allclose(expected[i], found, atol=1e-6)


def test_all_of_chicken():
    for point in CASES["qre_chicken_all"]["expected"]["qre"]:
        game = game_of("qre_chicken_all")
        solution = sim.solve(game, "quantal_response", precision=point["lam"], every=True)
        assert solution.complete[0]
        np.testing.assert_allclose(
            point["points"], solution.strategy[0, : solution.count[0], :, 0], atol=1e-6
        )
        branch = sim.solve(game, "quantal_response", precision=point["lam"])
        assert branch.strategy[0, 0, 0, 0] == pytest.approx(branch.strategy[0, 0, 1, 0])  # it stays symmetric


def test_maximum_likelihood_of_ochs():
    """McKelvey and Palfrey (1995): precision 1.845 fits Ochs's subjects best."""
    case = CASES["qre_ochs_mle"]
    inputs, expected = case["inputs"], case["expected"]

    def loss(precision):
        x, y = sim.solve(game_of("qre_ochs_mle"), "quantal_response", precision=precision).strategy[
            0, 0, :, 0
        ]
        f, g = inputs["freq_row1"], inputs["freq_col1"]
        rows = f * np.log(x) + (1 - f) * np.log(1 - x)
        return -inputs["n_row"] * rows - inputs["n_col"] * (g * np.log(y) + (1 - g) * np.log(1 - y))

    found = minimize_scalar(loss, bounds=(0.1, 10), method="bounded", options={"xatol": 1e-7})
    assert found.x == pytest.approx(expected["lam"], abs=1e-4)
    assert -found.fun == pytest.approx(expected["loglik"], abs=1e-4)


@given(st.integers(2, 3).flatmap(lambda players: normal_forms(players=players, most=3)), st.floats(0, 5))
def test_the_branch_is_reached_and_certified(game, precision):
    solution = sim.solve(game, "quantal_response", precision=precision)
    assert (solution.status == Status.ok).all()
    np.testing.assert_array_equal(solution.claim.extra["stopped"], 0)


@given(
    normal_forms(players=2, most=2, cells=2).filter(lambda game: game.payoffs.shape[2:] == (2, 2)),
    st.floats(0, 6),
)
def test_the_branch_is_one_of_all(game, precision):
    branch = sim.solve(game, "quantal_response", precision=precision)
    every = sim.solve(game, "quantal_response", precision=precision, every=True)
    assert (every.status == Status.ok).all()
    for cell in np.nonzero(every.complete)[0]:
        found = every.strategy[cell, : every.count[cell]]
        assert np.abs(found - branch.strategy[cell, 0]).max(axis=(1, 2)).min() < 1e-7


def test_precision_times_payoff_is_what_counts():
    game = sim.NormalForm(np.random.default_rng(3).uniform(-1, 1, (5, 2, 3, 4)))
    first = sim.solve(game, "quantal_response", precision=2.0)
    second = sim.solve(sim.NormalForm(7 * game.payoffs + 3), "quantal_response", precision=2.0 / 7)
    np.testing.assert_allclose(first.strategy, second.strategy, atol=1e-9)


def test_the_path_starts_at_random_play_and_ends_at_the_answer():
    game = game_of("qre_amp9")
    solution = sim.solve(game, "quantal_response", precision=3.0, path=True)
    path, along = solution.claim.extra["path"][0], solution.claim.extra["path_precision"][0]
    np.testing.assert_allclose(0.5, path[0])
    np.testing.assert_allclose(path[-1], solution.strategy[0, 0], atol=1e-12)
    assert along[0] == 0
    assert along[-1] == pytest.approx(3)
    for precision, play in zip(along, path, strict=True):
        claim = replace(solution.claim, strategy=play[None, None], extra={"precision": np.array([precision])})
        assert certify(game, claim, "quantal_response").residual[0, 0] < 1e-6


def test_a_path_that_runs_out_of_steps_says_where():
    solution = sim.solve(game_of("qre_amp9"), "quantal_response", precision=5.0, max_steps=3)
    assert solution.status[0] == Status.max_steps
    assert solution.count[0] == 0
    assert solution.claim.extra["stopped"][0] == 1
    assert 0 < solution.claim.extra["reached"][0] < 5


def test_a_step_that_passes_the_precision_is_not_its_answer():
    solution = sim.solve(sim.NormalForm([[[4, -7 / 3], [3, 2]], [[4, 3], [-7 / 3, 2]]]), "quantal_response")
    assert solution.claim.extra["reached"][0] == 1
    assert solution.residual[0, 0] < 1e-12


def test_a_bifurcation_at_the_precision_asked_for_is_reached():
    """Play at random is an equilibrium at every precision, and two others leave it at exactly 1."""
    solution = sim.solve(sim.NormalForm([[[4, 0], [2, 2]], [[4, 2], [0, 2]]]), "quantal_response")
    np.testing.assert_allclose(solution.strategy[0, 0], 0.5, atol=1e-6)


def test_wrong_claims_are_refuted():
    game = game_of("qre_amp9")
    claim = sim.solve(game, "quantal_response", precision=1.0).claim
    elsewhere = {**claim.extra, "precision": np.array([1.001])}
    assert certify(game, replace(claim, extra=elsewhere), "quantal_response").status[0] == Status.refuted


def test_a_precision_must_be_a_number_of_at_least_zero():
    with pytest.raises(ValueError, match="precision"):
        sim.solve(game_of("qre_amp9"), "quantal_response", precision=-1)
