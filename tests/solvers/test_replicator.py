from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import sim
from sim.solution import Status, certify
from sim.solvers.replicator import trajectory

FOLDER = Path(__file__).parents[1] / "cases"
PEERS = json.loads((FOLDER / "replicator.json").read_text())
CASES = {case["id"]: case for case in json.loads((FOLDER / "evolutionary.json").read_text())}


def symmetric(own):
    own = np.asarray(own, dtype=float)
    return sim.NormalForm(np.stack([own, own.T]))


@pytest.mark.parametrize("case", PEERS, ids=lambda case: case["name"])
def test_nashpy_ends_in_the_same_place(case):
    expected = case["expected"]
    start = [expected["y0"]] * 2
    shares = trajectory(symmetric(case["A"]), start, [expected["t_end"]])[0, 0, 0]
    np.testing.assert_allclose(expected["replicator_x"], shares, atol=1e-4)


def test_scipy_integrates_two_populations_to_the_same_shares():
    rng = np.random.default_rng(8)
    payoffs = rng.uniform(-1, 1, (2, 3, 4))
    start = np.zeros((2, 4))
    start[0, :3], start[1] = rng.dirichlet(np.ones(3)), rng.dirichlet(np.ones(4))

    def change(_, shares):
        x, y = shares[:3], shares[3:]
        u, v = payoffs[0] @ y, x @ payoffs[1]
        return np.concatenate([x * (u - x @ u), y * (v - y @ v)])

    begin = np.concatenate([start[0, :3], start[1]])
    times = [0.0, 1.0, 5.0, 20.0]
    theirs = solve_ivp(change, (0, 20), begin, t_eval=times, rtol=1e-11, atol=1e-13).y.T
    ours = trajectory(sim.NormalForm(payoffs), start, times)[0]
    np.testing.assert_allclose(theirs, np.concatenate([ours[:, 0, :3], ours[:, 1]], axis=1), atol=1e-7)


def test_hawks_take_their_time():
    """Taylor and Jonker (1978): closed form of the passage from one share of hawks to another."""
    case = CASES["replicator_time_hd"]
    value, cost, x0, x1 = (case["inputs"][name] for name in ("V", "C", "x0", "x1"))
    game = symmetric([[(value - cost) / 2, value], [0, value / 2]])
    at = trajectory(game, [[x0, 1 - x0]] * 2, [case["expected"]["time"]])
    assert at[0, 0, 0, 0] == pytest.approx(x1, abs=1e-6)


@pytest.mark.parametrize("name", ["replicator_staghunt_1", "replicator_staghunt_2"])
def test_the_basins_of_the_stag_hunt_meet_at_the_threshold(name):
    case = CASES[name]
    game = symmetric(case["inputs"]["payoff_row"])
    for shift, stag in ((-1e-3, 0), (1e-3, 1)):
        share = case["expected"]["threshold"] + shift
        solution = sim.solve(game, "replicator", start=[[share, 1 - share]] * 2)
        assert solution.status[0] == Status.ok
        np.testing.assert_array_equal(solution.strategy[0, 0, :, 0], [stag, stag])


@pytest.mark.parametrize("name", ["hawk_dove_1", "hawk_dove_2", "hawk_dove_3"])
def test_five_in_a_hundred_hawks_grow_to_the_stable_share(name):
    value, cost = CASES[name]["inputs"]["V"], CASES[name]["inputs"]["C"]
    game = symmetric([[(value - cost) / 2, value], [0, value / 2]])
    solution = sim.solve(game, "replicator", start=[[0.05, 0.95]] * 2)
    assert solution.strategy[0, 0, 0, 0] == pytest.approx(CASES[name]["expected"]["hawk_share"], abs=1e-7)


def test_stable_rock_paper_scissors_comes_to_rest_and_a_cycle_never_does():
    start = [[0.5, 0.3, 0.2]] * 2
    stable = symmetric([[0, -1, 2], [2, 0, -1], [-1, 2, 0]])
    np.testing.assert_allclose(1 / 3, sim.solve(stable, "replicator", start=start).strategy, atol=1e-9)
    cycle = symmetric([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    assert sim.solve(cycle, "replicator", start=start, max_steps=2000).status[0] == Status.max_steps


def test_nobody_comes_to_rest_at_a_corner_that_is_left_again():
    """Paths along a heteroclinic cycle linger at corners, longer each time, and never stay."""
    outwards = symmetric([[0, -1, 0.5], [0.5, 0, -1], [-1, 0.5, 0]])
    solution = sim.solve(outwards, "replicator", start=[[0.4, 0.3, 0.3]] * 2, max_steps=20000)
    assert solution.status[0] == Status.max_steps


def test_wrong_claims_are_refuted():
    game = symmetric([[4, 0], [3, 2]])
    claim = sim.solve(game, "replicator", start=[[0.9, 0.1]] * 2).claim
    for shares in ([0.9, 0.1], [2 / 3 + 1e-6, 1 / 3 - 1e-6]):
        wrong = replace(claim, strategy=np.array([[[shares, shares]]]))
        assert certify(game, wrong, "replicator").status[0] == Status.refuted
    hunted = replace(claim, strategy=np.array([[[[1.0, 0.0], [0.0, 1.0]]]]))
    assert certify(game, hunted, "replicator").status[0] == Status.refuted


def test_shares_must_be_shares():
    with pytest.raises(ValueError, match="start"):
        sim.solve(symmetric([[4, 0], [3, 2]]), "replicator", start=[[0.9, 0.2]] * 2)
    with pytest.raises(ValueError, match="times"):
        trajectory(symmetric([[4, 0], [3, 2]]), None, [2.0, 1.0])
