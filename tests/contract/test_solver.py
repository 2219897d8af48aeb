"""Laws that every solver keeps on every form it accepts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.forms.normal import NormalForm
from sim.plugins import solvers
from sim.run import solve
from sim.solution import Status
from tests.draw import normal_forms

SLOW = {"nashpy"}  # solves cell by cell in Python: fewer and smaller games
NORMAL = sorted(name for name, item in solvers.items() if item.form is NormalForm)
NEAR = 1e-6


def games(item, draw):
    """A batch that the solver accepts."""
    players = item.players or draw(st.integers(2, 3))
    most = 2 if item.name in SLOW or players > 2 else 3
    game = draw(normal_forms(players=players, most=most))
    if not item.accepts(game):  # a solver may ask for more, such as symmetry
        pytest.skip(f"{item.name} is drawn by its own test")
    return game


def answers(solution, cell):
    """The claimed strategies of one cell, ``(count, H, A)``."""
    strategy = solution.strategy[cell]
    return strategy[~np.isnan(strategy[:, 0, 0])]


def same(first, second):
    """The same set of answers, whatever their order."""
    if len(first) != len(second):
        return False
    distance = np.abs(first[:, np.newaxis] - second[np.newaxis]).max(axis=(2, 3), initial=0)
    return bool((distance < NEAR).any(axis=0).all() and (distance < NEAR).any(axis=1).all())


def run(name, game):
    return solve(game, solvers[name].concept, name)


@pytest.mark.parametrize("name", NORMAL)
@given(data=st.data())
def test_the_certificate_never_refutes(name, data):
    solution = run(name, games(solvers[name], data.draw))
    assert not (solution.status == Status.refuted).any()


@pytest.mark.parametrize("name", NORMAL)
@given(data=st.data())
def test_strategies_are_probabilities(name, data):
    game = games(solvers[name], data.draw)
    solution = run(name, game)
    for cell in range(game.cells):
        claimed = answers(solution, cell)
        assert (claimed >= 0).all()
        np.testing.assert_allclose(1, claimed.sum(axis=-1), rtol=1e-12)
        assert (claimed[:, ~game.mask] == 0).all()


@pytest.mark.parametrize("name", NORMAL)
@given(data=st.data())
def test_a_batch_is_its_cells_one_at_a_time(name, data):
    game = games(solvers[name], data.draw)
    whole = run(name, game)
    for cell in range(game.cells):
        alone = run(name, game.take([cell]))
        for verdict in ("status", "complete", "degenerate"):
            assert getattr(whole, verdict)[cell] == getattr(alone, verdict)[0], verdict
        np.testing.assert_array_equal(answers(whole, cell), answers(alone, 0))


@pytest.mark.parametrize("name", NORMAL)
@given(data=st.data())
def test_units_of_payoff_do_not_matter(name, data):
    """Powers of two and small shifts: exact in floats, so that ties stay ties."""
    game = games(solvers[name], data.draw)
    if solvers[name].concept in {
        "quantal_response",
        "utilitarian",
        "egalitarian",
        "correlated",
        "coarse_correlated",
    }:
        pytest.skip("this concept compares payoffs between players, or has a unit of its own")
    n = len(game.players)
    factor = 2.0 ** np.array(data.draw(st.lists(st.integers(-3, 3), min_size=n, max_size=n)))
    shift = np.array(data.draw(st.lists(st.integers(-8, 8), min_size=n, max_size=n)), dtype=float)
    shape = (1, n) + (1,) * n
    other = NormalForm(game.payoffs * factor.reshape(shape) + shift.reshape(shape))
    first, second = run(name, game), run(name, other)
    for cell in range(game.cells):
        assert same(answers(first, cell), answers(second, cell))


@pytest.mark.parametrize("name", NORMAL)
@given(data=st.data())
def test_a_cell_that_is_not_finite_harms_no_other(name, data):
    game = games(solvers[name], data.draw)
    bad = data.draw(st.sampled_from([np.nan, np.inf, -np.inf]))
    payoffs = np.concatenate([game.payoffs, game.payoffs[:1]])
    payoffs[-1].flat[0] = bad
    alone, together = run(name, game), run(name, NormalForm(payoffs))
    assert together.status[-1] == Status.nonfinite
    assert together.count[-1] == 0
    for cell in range(game.cells):
        assert together.status[cell] == alone.status[cell]
        np.testing.assert_array_equal(answers(alone, cell), answers(together, cell))


@pytest.mark.parametrize("name", NORMAL)
def test_payoffs_beyond_floats_are_called_so_and_harm_no_other(name):
    stag = np.array([[[4.0, 0.0], [3.0, 2.0]], [[4.0, 3.0], [0.0, 2.0]]])
    extreme = np.where(stag > 2, 1.7e308, -1.7e308)
    solution = run(name, NormalForm(np.stack([stag, extreme, 5e-324 * stag, stag]), ("A", "B")))
    assert solution.status[1] == solution.status[2] == Status.nonfinite
    assert solution.status[0] == solution.status[3] <= Status.degenerate
    np.testing.assert_array_equal(answers(solution, 0), answers(solution, 3))
    np.testing.assert_array_equal([0, 0], solution.count[1:3])


@pytest.mark.parametrize("name", NORMAL)
def test_rounded_payoffs_are_never_called_a_bug_of_ours(name):
    """Near 1e16 floats are two apart: what is claimed may miss by more than rounding in units of the range."""
    payoffs = 2.0**53 + 2.0 * np.arange(16.0).reshape(2, 2, 2, 2)[:, :, ::-1] ** 2 % 7
    assert not (run(name, NormalForm(payoffs, ("A", "B"))).status == Status.refuted).any()


@pytest.mark.parametrize("name", NORMAL)
def test_no_cells_are_no_answers(name):
    solution = run(name, NormalForm(np.zeros((0, 2, 3, 2)), ("A", "B")))
    assert solution.count.shape == solution.status.shape == (0,)
    assert solution.outcomes.shape[0] == 0


COMPLETE = sorted(name for name in NORMAL if solvers[name].concept == "nash" and solvers[name].players == 2)


@pytest.mark.parametrize("name", COMPLETE)
@given(data=st.data())
def test_relabelled_actions_relabel_the_answer(name, data):
    game = games(solvers[name], data.draw)
    rows = data.draw(st.permutations(range(game.payoffs.shape[2])))
    columns = data.draw(st.permutations(range(game.payoffs.shape[3])))
    other = NormalForm(game.payoffs[:, :, rows][:, :, :, columns])
    first, second = run(name, game), run(name, other)
    for cell in range(game.cells):
        expected = answers(first, cell).copy()
        expected[:, 0, : len(rows)] = expected[:, 0, rows]
        expected[:, 1, : len(columns)] = expected[:, 1, columns]
        assert same(expected, answers(second, cell))


@pytest.mark.parametrize("name", COMPLETE)
@given(data=st.data())
def test_swapped_players_swap_the_answer(name, data):
    game = games(solvers[name], data.draw)
    other = NormalForm(game.payoffs[:, ::-1].swapaxes(2, 3))
    first, second = run(name, game), run(name, other)
    for cell in range(game.cells):
        assert same(answers(first, cell)[:, ::-1], answers(second, cell))
