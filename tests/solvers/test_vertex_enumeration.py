"""Exact enumeration of extreme equilibria: published degenerate games, fractions, agreement with lrsnash."""

from __future__ import annotations

import shutil
import subprocess
from fractions import Fraction

import numpy as np
import pytest

from sim.forms.normal import NormalForm
from sim.run import solve
from sim.solution import Status
from tests.solvers.bimatrix import LITERATURE, draw_payoffs, equilibria


@pytest.mark.parametrize(
    "case", [case for case in LITERATURE if "equilibria" in case["expected"]], ids=lambda case: case["id"]
)
@pytest.mark.parametrize("solver", ["vertex_enumeration", "support_enumeration"])
def test_games_of_the_literature(case, solver):
    where, one, two = case["inputs"], "payoff1", "payoff2"
    if one not in where:
        where, one, two = case["expected"], "payoff_R", "payoff_N"
    game = NormalForm([where[one], where[two]])
    solution = solve(game, "nash", solver)
    shape = game.payoffs.shape[2:]
    wanted = np.zeros((len(case["expected"]["equilibria"]), 2, max(shape)))
    for k, pair in enumerate(case["expected"]["equilibria"]):
        for i in range(2):
            wanted[k, i, : shape[i]] = pair[i]
    assert equilibria(solution.strategy[0], shape, 6) == equilibria(wanted, shape, 6)
    assert solution.complete.all()


def test_fractions_are_given_when_asked_for():
    solution = solve(NormalForm([[[1, 0], [0, 2]], [[1, 0], [0, 1]]]), "nash", exact=True)
    rational = solution.claim.extra["rational"]
    assert rational.shape == solution.strategy.shape
    assert rational[0, 2].tolist() == [[Fraction(1, 2)] * 2, [Fraction(2, 3), Fraction(1, 3)]]


def test_a_cell_that_is_no_game_harms_no_other():
    payoffs = draw_payoffs("integers", 3, (3, 2), seed=0)
    alone = solve(NormalForm(payoffs[[0, 2]], cells=True), "nash", "vertex_enumeration")
    payoffs[1, 0, 1, 1] = np.inf
    together = solve(
        NormalForm(payoffs, cells=np.ndim(payoffs) == np.shape(payoffs)[1] + 2), "nash", "vertex_enumeration"
    )
    assert together.status[1] == Status.nonfinite
    assert np.array_equal(together.strategy[[0, 2]], alone.strategy, equal_nan=True)


def lrsnash(payoffs, folder):
    """The extreme equilibria that lrsnash prints for one game of whole numbers."""
    rows, columns = payoffs.shape[1:]
    text = f"{rows} {columns}\n\n"
    for player in payoffs:
        text += "\n".join(" ".join(str(int(number)) for number in row) for row in player) + "\n\n"
    (folder / "game").write_text(text)
    output = subprocess.run(["lrsnash", folder / "game"], capture_output=True, text=True, check=True).stdout
    # blocks of lines "player probabilities value": each line of player 1 goes with each of player 2
    found = set()
    for block in output.split("\n\n"):
        lines = [line.split() for line in block.splitlines() if line[:1] in {"1", "2"}]
        x, y = (
            [tuple(Fraction(number) for number in line[1:-1]) for line in lines if line[0] == player]
            for player in "12"
        )
        found |= {(one, two) for one in x for two in y}
    return found


@pytest.mark.deep
@pytest.mark.skipif(shutil.which("lrsnash") is None, reason="lrsnash is not installed")
@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (4, 3), (3, 5), (5, 5)])
def test_agrees_with_lrsnash_on_whole_numbers(shape, tmp_path):
    payoffs = draw_payoffs("integers", 60, shape, seed=11)
    solution = solve(
        NormalForm(payoffs, cells=np.ndim(payoffs) == np.shape(payoffs)[1] + 2),
        "nash",
        "vertex_enumeration",
        exact=True,
    )
    rational = solution.claim.extra["rational"]
    for cell, game in enumerate(payoffs):
        ours = {
            tuple(tuple(pair[i, : shape[i]]) for i in range(2))
            for pair in rational[cell, : solution.count[cell]]
        }
        assert ours == lrsnash(game, tmp_path)
