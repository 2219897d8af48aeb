from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.solution import Status

FOLDER = Path(__file__).parents[1] / "cases"
CASES = json.loads((FOLDER / "n_player.json").read_text())


def numbers(nested):
    return [numbers(item) for item in nested] if isinstance(nested, list) else float(Fraction(nested))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_published_games_have_an_end_of_the_path(case):
    game = sim.NormalForm([numbers(case["payoffs"])])
    solution = sim.solve(game, "nash", "logit_tracing")
    assert solution.status[0] == Status.ok
    assert solution.residual[0, 0] < 1e-11
    if case["name"].startswith("anti_coordination"):
        np.testing.assert_allclose(case["expected"]["equilibria"][0], solution.strategy[0, 0], atol=1e-9)
    if case["expected"].get("n_equilibria") == 1:
        np.testing.assert_allclose(
            numbers(case["expected"]["equilibria"][0]), solution.strategy[0, 0], atol=1e-9
        )


def test_the_irrational_equilibrium_of_three_players():
    """Nau, Gomez Canovas and Hansen (2004), section 4: unique, and irrational."""
    case = next(
        case
        for case in json.loads((FOLDER / "n_player_literature.json").read_text())
        if case["id"] == "nf_nau2004_3player"
    )
    expected = [case["expected"][name] for name in ("p_top", "p_left", "p_1")]
    strategy = sim.solve(sim.NormalForm([case["inputs"]["payoffs"]]), "nash", "logit_tracing").strategy
    np.testing.assert_allclose(expected, strategy[0, 0, :, 0], atol=1e-8)


@pytest.mark.parametrize(
    ("payoffs", "stag"), [([[4, 0], [3, 2]], 0), ([[9, 0], [8, 7]], 0), ([[5, 1], [3, 2]], 1)]
)
def test_the_stag_hunt_ends_where_risk_is_least(payoffs, stag):
    """Harsanyi and Selten (1988): the larger product of deviation losses is selected."""
    row = np.array(payoffs, dtype=float)
    solution = sim.solve(sim.NormalForm([row, row.T]), "nash", "logit_tracing")
    np.testing.assert_array_equal(solution.strategy[0, 0, :, 0], [stag, stag])


@pytest.mark.parametrize("shape", [(2, 2), (3, 5), (2, 2, 2), (3, 2, 3)])
def test_random_games_are_traced_to_an_equilibrium(shape):
    rng = np.random.default_rng(1)
    uniform = rng.uniform(-1, 1, (150, len(shape), *shape))
    whole = rng.integers(-3, 4, uniform.shape)
    solution = sim.solve(sim.NormalForm(np.concatenate([uniform, whole])), "nash", "logit_tracing")
    assert (solution.status <= Status.degenerate).all()  # whole numbers tie
    assert (solution.status[:150] == Status.ok).all()
    assert (solution.claim.extra["attempt"] == 0).all()


def test_two_players_end_at_one_of_all_equilibria():
    game = sim.NormalForm(np.random.default_rng(4).uniform(-1, 1, (100, 2, 3, 4)))
    one, every = sim.solve(game, "nash", "logit_tracing"), sim.solve(game, "nash")
    distance = np.abs(every.strategy - one.strategy).max(axis=(2, 3))
    assert (np.nanmin(distance, axis=1) < 1e-8).all()


def test_a_path_that_runs_out_of_steps_says_where():
    game = sim.NormalForm([[[9.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]])
    solution = sim.solve(game, "nash", "logit_tracing", max_steps=3)
    assert solution.status[0] == Status.max_steps
    assert solution.claim.extra["stopped"][0] == 1
    assert solution.claim.extra["reached"][0] > 0
    assert solution.claim.extra["path_end"][0].sum() == pytest.approx(2)
