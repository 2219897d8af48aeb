"""A payoff that nobody can compute with is named: whose, for what, at which parameters, and what to do."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner

import sim
from sim.claim import Status
from sim.cli import main

FINE = [[[1.0, 0], [0, 1]], [[0, 0], [0, 1]]]


def broken(number, player=1, place=(1, 0)):
    payoffs = np.array(FINE)
    payoffs[(player, *place)] = number
    return sim.NormalForm(payoffs, ("Russia", "NATO"), (("withdraw", "build_up"), ("talk", "refuse")))


@pytest.mark.parametrize(
    ("number", "wrong"),
    [
        (np.inf, "is infinite"),
        (-np.inf, "is infinite"),
        (np.nan, "is not a number"),
        (1e305, "is 1e+305, and floats compute with payoffs up to 1e+303"),
    ],
)
def test_the_payoff_is_named(number, wrong):
    solution = sim.solve(broken(number))
    assert solution.status.tolist() == [Status.nonfinite]
    assert solution.sentence() == f"the payoff of NATO for build_up, talk {wrong}: mend the payoffs"


def test_in_a_batch_the_cell_is_named_too():
    payoffs = np.array([FINE, FINE])
    payoffs[1, 0, 0, 1] = np.nan
    solution = sim.solve(sim.NormalForm(payoffs, cells=True))
    assert "in cell 1: " in solution.sentence(1)
    assert solution.sentence(0).startswith("solved and certified; payoffs tie")


def test_in_a_game_with_states_the_state_is_named():
    payoffs = np.zeros((2, 2, 1, 1))
    payoffs[0, 1] = np.inf
    game = sim.Stochastic(payoffs, np.full((2, 1, 1, 2), 0.5), 0.5, states=("calm", "war"))
    assert "the payoff of player 1 for 1, 1 in war is infinite" in sim.solve(game).sentence()


def test_in_a_repeated_game_it_is_that_of_the_stage():
    assert "NATO for build_up, talk is infinite" in sim.solve(sim.Repeated(broken(np.inf), 0.5)).sentence()


def told(path, *words):
    done = CliRunner().invoke(main, ["solve", str(path), *words])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_file_of_gambit_is_to_be_mended_itself(tmp_path):
    path = tmp_path / "big.nfg"
    path.write_text('NFG 1 R "big" { "A" "B" } { { "x" "y" } { "l" } } 1 1 1e305 1')
    wanted = f"the payoff of A for y, l is 1e+305, and floats compute with payoffs up to 1e+303: mend that number in {path}"
    assert f"nonfinite: {wanted}\n" in told(path)
    assert json.loads(told(path, "--json"))["sentence"] == wanted


def test_in_a_scenario_it_is_the_formula_at_its_parameters(tmp_path):
    path = tmp_path / "pole.toml"
    path.write_text(
        'schema = 1\n[players]\nA = ["x", "y"]\nB = ["l"]\n[parameters]\nt = { default = 1, low = -1, high = 2 }\n'
        'u = { default = 0, low = 0, high = 1 }\n[payoffs]\nA = [["1 / (t - 0.3)"], [0]]\nB = [["u"], [0]]\n'
    )
    assert (
        "nonfinite: the payoff of A for x, l is infinite at t = 0.3, u = 0: "
        "change the formula, its parameters or their bounds\n"
    ) in told(path, "--set", "t=0.3")
