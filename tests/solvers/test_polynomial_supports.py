from __future__ import annotations

import itertools
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import least_squares

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
    assert solution.complete[60:].mean() > 0.8
    for cell in np.nonzero(solution.complete)[0]:
        assert solution.count[cell] % 2 or tied(game, solution, cell)


def test_indifference_at_the_edge_of_a_support_is_no_continuum():
    """Four who must all agree: all indifferences tie at corners, and yet nothing is left undecided."""
    case = next(case for case in CASES if case["name"] == "unanimity_4")
    solution = sim.solve(sim.NormalForm([numbers(case["payoffs"])]), "nash", "polynomial_supports")
    assert solution.complete[0]
    assert solution.count[0] == case["expected"]["n_pure"] + 1


def test_a_segment_on_which_one_player_mixes_is_given_by_its_ends():
    """Both others keep to their second action while the third mixes 9/14 to 11/16: a twentieth of the line."""
    payoffs = [
        [[[8, 9], [-8, -9], [-8, 9]], [[-2, 2], [-2, -8], [8, 0]], [[-4, -9], [-7, 1], [5, -6]]],
        [[[1, -3], [3, -4], [7, 2]], [[-6, 6], [3, 8], [8, -3]], [[4, 1], [-1, -9], [6, -2]]],
        [[[-8, 9], [-2, -7], [-1, 7]], [[5, 3], [-4, -4], [-5, 5]], [[6, -4], [-4, 8], [9, -8]]],
    ]
    solution = sim.solve(sim.NormalForm([payoffs]), "nash", "polynomial_supports")
    third = [play[2, 0] for play in solution.strategy[0] if play[0, 1] == play[1, 1] == 1]
    assert third == pytest.approx([9 / 14, 11 / 16], abs=1e-12)
    assert solution.complete[0]
    assert solution.status[0] == Status.degenerate


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(1, 9))])
def test_no_other_start_finds_what_a_complete_list_lacks(seed):
    """Equilibria from random starts on every support are in the list, or on a segment between two of it."""
    rng = np.random.default_rng(seed)
    game = sim.NormalForm(rng.integers(-3, 4, (4, 3, 2, 2, 2)).astype(float), cells=True)
    solution = sim.solve(game, "nash", "polynomial_supports")
    for cell in np.nonzero(solution.complete)[0]:
        known = solution.strategy[cell, : solution.count[cell]]
        for play in from_random_starts(game.take([cell]), rng):
            if np.abs(known - play).max(axis=(1, 2)).min() < 1e-3:  # least squares are slow at tied corners
                continue
            (mixer,) = np.nonzero(play.max(axis=1) < 1 - 1e-9)[0]
            beside = np.delete(known, mixer, axis=1)
            line = known[np.abs(beside - np.delete(play, mixer, axis=0)).max(axis=(1, 2)) < 1e-9]
            assert line[:, mixer, 0].min() <= play[mixer, 0] <= line[:, mixer, 0].max()
            assert solution.degenerate[cell]


def from_random_starts(game, rng):
    """Equilibria of one game of 2 x 2 x 2 actions, by least squares on the indifferences of each support."""
    for support in itertools.product((0, 1, None), repeat=3):
        mixing = [i for i in range(3) if support[i] is None]

        def play(x, support=support, mixing=mixing):
            strategy = np.eye(2)[[0 if action is None else action for action in support]]
            strategy[mixing] = np.column_stack([x, 1 - x])
            return strategy

        def gaps(x, play=play, mixing=mixing):
            return np.diff(game.deviations(play(x)[np.newaxis])[0], axis=1)[mixing, 0]

        for start in rng.random((4 if mixing else 1, len(mixing))):
            x = least_squares(gaps, start, bounds=(0, 1), xtol=1e-15, ftol=1e-15).x if mixing else start
            if game.regret(play(x)[np.newaxis])[0] < 1e-9:
                yield play(x)


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
    assert solution.status[0] == Status.degenerate
    assert not solution.complete[0]
