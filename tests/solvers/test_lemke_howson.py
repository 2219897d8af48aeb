from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.claim import Status
from sim.kernels.bimatrix import double_description, exact
from tests.draw import normal_forms
from tests.solvers.bimatrix import BIMATRIX, draw_payoffs, fractions


def near(one, other):
    return np.abs(one - other).max() < 1e-7


@given(normal_forms(players=2, most=4))
def test_what_a_path_ends_at_is_among_all_equilibria_or_between_two_of_them(game):
    """Ends of paths are vertices of both polyhedra, and so extreme equilibria."""
    all_of_them, some = sim.solve(game, "nash"), sim.solve(game, "nash", "lemke_howson")
    assert (some.count > 0).all()
    assert not some.complete.any()
    for cell in range(game.cells):
        known = all_of_them.strategy[cell, : all_of_them.count[cell]]
        for found in some.strategy[cell, : some.count[cell]]:
            assert any(near(found, one) for one in known)


@pytest.mark.parametrize("case", BIMATRIX, ids=lambda case: case["name"])
def test_published_games_have_the_equilibrium_it_finds(case):
    payoffs = np.stack([fractions(case["A"]), fractions(case["B"])])[np.newaxis].astype(np.float64)
    solution = sim.solve(sim.NormalForm(payoffs, ("A", "B")), "nash", "lemke_howson")
    assert solution.status[0] <= Status.degenerate
    assert solution.regret[0, 0] <= 1e-9 * solution.game.scale[0].max()


@pytest.mark.parametrize(
    ("shape", "family"), [((16, 22), "integers"), ((30, 30), "uniform"), ((25, 13), "signs")]
)
def test_the_default_answers_where_all_equilibria_are_too_many(shape, family, monkeypatch):
    """Never silence: the pure ones and one more, certified, and the word that there may be others."""
    monkeypatch.setattr(exact, "QUICK_LOOKS", 20_000)
    monkeypatch.setattr(double_description, "QUICK_RAYS", 2_000)
    payoffs = draw_payoffs(family, 2, shape, 7)
    solution = sim.solve(sim.NormalForm(payoffs, ("A", "B")), "nash")
    assert (solution.count > 0).all()
    assert not solution.complete.any()
    assert (solution.status <= Status.degenerate).all()
    pure = sim.solve(solution.game, "nash", "pure")
    assert (pure.count <= solution.count).all()


def test_large_games_have_answers_in_fractions(monkeypatch):
    monkeypatch.setattr(exact, "QUICK_LOOKS", 20_000)
    monkeypatch.setattr(double_description, "QUICK_RAYS", 2_000)
    payoffs = draw_payoffs("integers", 1, (18, 18), 3)
    solution = sim.solve(sim.NormalForm(payoffs, ("A", "B")), "nash", exact=True)
    rational = solution.claim.extra["rational"][0]
    assert solution.count[0] > 0
    whole = solution.game.rational(np.array([0]))[0]
    for x, y in rational[: solution.count[0]]:
        assert sum(x[:18]) == sum(y[:18]) == Fraction(1)
        worth_x, worth_y = whole[0] @ y[:18], x[:18] @ whole[1]
        assert x[:18] @ worth_x == max(worth_x)
        assert worth_y @ y[:18] == max(worth_y)


@given(st.integers(2, 12), st.integers(0, 2**31))
def test_zero_sum_games_have_their_value(size, seed):
    """The other side of the same game: what a linear programme says (von Neumann 1928)."""
    table = np.random.default_rng(seed).integers(-9, 10, (size, size)).astype(float)
    game = sim.NormalForm(np.stack([table, -table])[np.newaxis], ("A", "B"))
    solution = sim.solve(game, "nash", "lemke_howson")
    secured = sim.solve(game, "maxmin")
    assert np.isclose(solution.value[0, 0, 0], secured.claim.extra["maxmin"][0, 0], atol=1e-9)
