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
