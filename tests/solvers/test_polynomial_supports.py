from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.solution import Status

CASES = json.loads((Path(__file__).parents[1] / "cases" / "n_player.json").read_text())
COUNTED = [case for case in CASES if "n_equilibria" in case["expected"]]


def numbers(nested):
    return [numbers(item) for item in nested] if isinstance(nested, list) else float(Fraction(nested))


@pytest.mark.parametrize("case", COUNTED, ids=lambda case: case["name"])
def test_every_published_equilibrium_is_found_and_no_other(case):
    solution = sim.solve(sim.NormalForm([numbers(case["payoffs"])]), "nash", "polynomial_supports")
    assert solution.count[0] == case["expected"]["n_equilibria"]
    assert solution.complete[0]
    for equilibrium in numbers(case["expected"]["equilibria"]):
        wanted = np.zeros(solution.strategy.shape[2:])
        for i, row in enumerate(equilibrium):
            wanted[i, : len(row)] = row
        assert np.abs(solution.strategy[0] - wanted).max(axis=(1, 2)).min() < 1e-7


def test_what_cannot_be_proved_is_found():
    """The 13 isolated equilibria of three who must coordinate, beside corners where all indifferences tie."""
    case = next(case for case in CASES if case["name"] == "coord333")
    solution = sim.solve(sim.NormalForm([numbers(case["payoffs"])]), "nash", "polynomial_supports")
    assert solution.count[0] == case["expected"]["n_isolated_found_by_enumpoly"]
    assert np.abs(solution.strategy[0] - 1 / 3).max(axis=(1, 2)).min() < 1e-9
    assert not solution.complete[0]


def test_a_continuum_does_not_hide_what_stands_alone():
    """Nau, Gomez Canovas and Hansen (2004), section 5: three pure, two incompletely mixed, and a continuum."""
    case = next(case for case in CASES if case["name"] == "nau2004_sec5_continuum")
    solution = sim.solve(sim.NormalForm([numbers(case["payoffs"])]), "nash", "polynomial_supports")
    played = (solution.strategy[0, : solution.count[0]] > 0).sum(axis=2)
    assert (played == 1).all(axis=1).sum() == case["expected"]["n_pure"]
    assert (played == 2).all(axis=1).sum() == 1
    assert len(played) == case["expected"]["n_pure"] + case["expected"]["n_incompletely_mixed"] + 1


def tied(game, solution, cell):
    """Whether in some equilibrium somebody has a best reply that he does not play."""
    for strategy in solution.strategy[cell, : solution.count[cell]]:
        reply = game.take([cell]).deviations(strategy[np.newaxis])[0]
        best = reply > np.nanmax(reply, axis=1, keepdims=True) - 1e-9
        if (best & (strategy == 0)).any():
            return True
    return False


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 2), (2, 2, 2, 2)])
def test_a_complete_list_is_odd_unless_payoffs_tie(shape):
    """Wilson (1971): nearly all games have an odd number of equilibria."""
    rng = np.random.default_rng(12)
    uniform = rng.uniform(0, 1, (60, len(shape), *shape))
    game = sim.NormalForm(np.concatenate([uniform, rng.integers(-5, 6, uniform.shape)]))
    solution = sim.solve(game, "nash", "polynomial_supports")
    assert solution.complete[:60].all()
    assert solution.complete[60:].mean() > 0.2
    for cell in np.nonzero(solution.complete)[0]:
        assert solution.count[cell] % 2 or tied(game, solution, cell)


def test_indifference_at_the_edge_of_a_support_is_no_continuum():
    """Four who must all agree: all indifferences tie at corners, and yet nothing is left undecided."""
    case = next(case for case in CASES if case["name"] == "unanimity_4")
    solution = sim.solve(sim.NormalForm([numbers(case["payoffs"])]), "nash", "polynomial_supports")
    assert solution.complete[0]
    assert solution.count[0] == case["expected"]["n_pure"] + 1


def test_a_short_continuum_has_an_equilibrium_that_stands_for_it():
    """Both others keep to their second action while the third mixes 9/14 to 11/16: a twentieth of the line."""
    payoffs = [
        [[[8, 9], [-8, -9], [-8, 9]], [[-2, 2], [-2, -8], [8, 0]], [[-4, -9], [-7, 1], [5, -6]]],
        [[[1, -3], [3, -4], [7, 2]], [[-6, 6], [3, 8], [8, -3]], [[4, 1], [-1, -9], [6, -2]]],
        [[[-8, 9], [-2, -7], [-1, 7]], [[5, 3], [-4, -4], [-5, 5]], [[6, -4], [-4, 8], [9, -8]]],
    ]
    solution = sim.solve(sim.NormalForm([payoffs]), "nash", "polynomial_supports")
    (third,) = [play[2, 0] for play in solution.strategy[0] if play[0, 1] == play[1, 1] == 1]
    assert 9 / 14 <= third <= 11 / 16
    assert not solution.complete[0]


def test_two_players_agree_with_support_enumeration():
    game = sim.NormalForm(np.random.default_rng(6).uniform(-1, 1, (100, 2, 3, 3)))
    ours, theirs = sim.solve(game, "nash", "polynomial_supports"), sim.solve(game, "nash")
    assert ours.complete.all()
    np.testing.assert_array_equal(theirs.count, ours.count)
    for cell in range(game.cells):
        for equilibrium in theirs.strategy[cell, : theirs.count[cell]]:
            found = ours.strategy[cell, : ours.count[cell]]
            assert np.abs(found - equilibrium).max(axis=(1, 2)).min() < 1e-7


def test_a_continuum_is_never_called_complete():
    solution = sim.solve(sim.NormalForm(np.zeros((1, 3, 2, 2, 2))), "nash", "polynomial_supports")
    assert solution.status[0] == Status.ok
    assert not solution.complete[0]
