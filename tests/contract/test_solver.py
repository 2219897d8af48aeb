"""Laws that every solver keeps on every form it accepts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from sim.forms.normal import NormalForm
from sim.plugins import solvers
from sim.solution import Status
from sim.solving import solve
from tests.changes import (
    changes,
    in_other_units,
    play_exchanged,
    play_reordered,
    play_with_states,
    with_states,
)
from tests.contract.answers import LEFT_OUT, Change, alike, assert_same_answer, expected, kind_of
from tests.contract.laws import LAWS, excused, form_name, games, law
from tests.drawers import CHANGES, DRAWERS

BETWEEN_PLAYERS = {  # concepts in which payoffs of different players are added or compared
    "correlated",
    "coarse_correlated",
    "utilitarian",
    "egalitarian",
    "transfers",
}
ALIKE = {"evolutionarily_stable", "strongly_symmetric"}  # for players who are alike, and must stay so

FIRST = "of several answers that are equally good it gives the first, in the order of the actions"
ONE_PATH = "it follows one path, and at a fork rounding says which way it goes"


def run(name, game):
    return solve(game, solvers[name].concept, name)


def answers(solution, cell):
    """The claimed strategies of one cell, ``(count, H, A)``."""
    strategy = solution.strategy[cell]
    return strategy[~np.isnan(strategy[:, 0, 0])]


def says_something(solution):
    """Whether any cell got an answer: play, or something beside it that is neither empty nor no."""
    solved = solution.status <= Status.degenerate
    if solution.count[solved].any():
        return True
    return any(
        array[solved].any() if array.dtype == bool else np.isfinite(array[solved]).any()
        for name, array in solution.claim.extra.items()
        if name not in LEFT_OUT
    )


def padded(first, second):
    """Two arrays of one cell where both have entries, and what only one of them has."""
    shape = tuple(min(a, b) for a, b in zip(first.shape, second.shape, strict=True))
    common = tuple(slice(size) for size in shape)
    rest = []
    for array in (first, second):
        beyond = np.ones(array.shape, dtype=bool)
        beyond[common] = False
        rest.append(array[beyond])
    return first[common], second[common], np.concatenate(rest)


def assert_same_cell(first, cell, second, other):
    """What two solutions say of one cell each is the same to the last bit."""
    for verdict in ("status", "count", "complete", "degenerate"):
        assert getattr(first, verdict)[cell] == getattr(second, verdict)[other], verdict
    np.testing.assert_array_equal(answers(first, cell), answers(second, other))
    assert first.claim.extra.keys() == second.claim.extra.keys()
    for name, array in first.claim.extra.items():
        one, another, rest = padded(array[cell], second.claim.extra[name][other])
        np.testing.assert_array_equal(one, another, err_msg=name)
        if rest.dtype.kind == "f":
            assert np.isnan(rest).all(), name
        elif rest.dtype.kind in "ib":
            assert (rest <= 0).all(), name


def assert_changed(name, game, other, change, *, play=True):
    """The answers to two games differ by what was done to the first of them, and by nothing else."""
    first, second = run(name, game), run(name, other)
    shape = game.payoffs.shape[2:]
    for cell in range(game.cells):
        assert first.status[cell] == second.status[cell]
        if play:
            before, after = change.play(answers(first, cell)), answers(second, cell)
            assert alike(before, after), f"{before} became {after}"
        if first.status[cell] > Status.degenerate:
            continue
        for key, array in first.claim.extra.items():
            if key not in LEFT_OUT:
                wanted = expected(key, array[cell], change, shape)
                assert_same_answer(key, wanted, second.claim.extra[key][cell])


@law()
def test_the_certificate_never_refutes(name, data):
    solution = run(name, data.draw(games(name)))
    assert not (solution.status == Status.refuted).any()


@law()
def test_strategies_are_probabilities(name, data):
    game = data.draw(games(name))
    solution = run(name, game)
    for cell in range(game.cells):
        claimed = answers(solution, cell)
        assert (claimed >= 0).all()
        np.testing.assert_allclose(1, claimed.sum(axis=-1), rtol=1e-12)
        assert (claimed[:, ~game.mask] == 0).all()


@law()
def test_shapes_are_what_the_contract_says(name, data):
    """A claim is of as many cells as the game, and has no strategies of cells without an answer."""
    game = data.draw(games(name))
    solution = run(name, game)
    cells, most = solution.strategy.shape[:2]
    assert cells == game.cells
    assert solution.strategy.shape[2:] == game.mask.shape
    for array in (solution.count, solution.complete, solution.degenerate, solution.status):
        assert array.shape == (cells,)
    assert solution.value.shape == (cells, most, len(game.players))
    assert solution.outcomes.shape == (cells, most, len(game.outcomes.names))
    for key, array in solution.claim.extra.items():
        assert len(array) == cells, key
        assert key in LEFT_OUT or kind_of(key) is not None
    there = ~np.isnan(solution.strategy[:, :, 0, 0])
    np.testing.assert_array_equal(there.sum(axis=1), solution.count)
    np.testing.assert_allclose(1, solution.outcomes[there].sum(axis=-1), rtol=1e-9)


@law()
def test_a_batch_is_its_cells_one_at_a_time(name, data):
    game = data.draw(games(name))
    whole = run(name, game)
    for cell in range(game.cells):
        assert_same_cell(whole, cell, run(name, game.take([cell])), 0)


@law()
def test_what_is_refused_is_refused_in_a_sentence(name, data):
    """Any game of the form is answered, or is no game for this method and it says so."""
    players = solvers[name].players or data.draw(st.integers(1, 3))
    game = data.draw(DRAWERS[form_name(name)](players=players, most=2, cells=1))
    refusal, refuted = "", False
    try:
        refuted = run(name, game).status[0] == Status.refuted
    except ValueError as error:
        refusal = str(error)
    assert not refuted
    assert not refusal or len(refusal.split()) > 5, refusal


@law(but={"quantal_response": "its precision is per unit of payoff"})
def test_units_of_payoff_do_not_matter(name, data):
    """Powers of two and small shifts: exact in floats, so that ties stay ties."""
    game = data.draw(games(name))
    n = len(game.players)
    common = solvers[name].concept in BETWEEN_PLAYERS or name in ALIKE
    many = 1 if common else n
    factor = 2.0 ** np.array(data.draw(st.lists(st.integers(-3, 3), min_size=many, max_size=many)))
    shift = np.array(data.draw(st.lists(st.integers(-8, 8), min_size=many, max_size=many)), dtype=float)
    factor, shift = np.broadcast_to(factor, n), np.broadcast_to(shift, n)
    other = in_other_units(game, factor, shift)
    assert_changed(name, game, other, Change(lambda play: play, factor, shift))


@law()
def test_a_cell_that_is_not_finite_harms_no_other(name, data):
    game = data.draw(games(name))
    bad = data.draw(st.sampled_from([np.nan, np.inf, -np.inf]))
    more = game.take(np.append(np.arange(game.cells), 0))
    payoffs = more.payoffs.copy()
    payoffs[-1].flat[0] = bad
    alone, together = run(name, game), run(name, changes(game).payoffs(more, payoffs))
    assert together.status[-1] == Status.nonfinite
    assert together.count[-1] == 0
    assert not together.complete[-1]
    for cell in range(game.cells):
        assert_same_cell(alone, cell, together, cell)


def written_as(name, stage):
    """A normal form as a game of the form that a solver takes; skipped where it takes only some that this is not of."""
    game = CHANGES[form_name(name)].of(stage)
    if not solvers[name].accepts(game):
        pytest.skip("nobody sees what the others do, and it solves other games of this form")
    return game


@law()
def test_payoffs_beyond_floats_are_called_so_and_harm_no_other(name):
    stag = np.array([[[4.0, 0.0], [0.0, 2.0]], [[4.0, 0.0], [0.0, 2.0]]])
    extreme = np.where(stag > 2, 1.7e308, -1.7e308)
    stage = NormalForm(np.stack([stag, extreme, 5e-324 * stag, stag]), ("A", "B"))
    solution = run(name, written_as(name, stage))
    assert solution.status[1] == solution.status[2] == Status.nonfinite
    assert solution.status[0] == solution.status[3] <= Status.degenerate
    assert_same_cell(solution, 0, solution, 3)
    np.testing.assert_array_equal([0, 0], solution.count[1:3])


@law()
def test_rounded_payoffs_are_never_called_a_bug_of_ours(name):
    """Near 1e16 floats are two apart: what is claimed may miss by more than rounding in units of the range."""
    payoffs = 2.0**53 + 2.0 * np.arange(16.0).reshape(2, 2, 2, 2)[:, :, ::-1] ** 2 % 7
    game = written_as(name, NormalForm(payoffs, ("A", "B")))
    assert not (run(name, game).status == Status.refuted).any()


@law()
def test_no_cells_are_no_answers(name):
    game = written_as(name, NormalForm(np.zeros((2, 2, 3, 2)), ("A", "B")))
    solution = run(name, game.take(np.zeros(0, dtype=np.int64)))
    assert solution.count.shape == solution.status.shape == (0,)
    assert solution.outcomes.shape[0] == 0


@law()
def test_drawn_games_put_the_solver_to_work(name):
    """The laws above would hold of a method that never answers: this one answers something that was drawn."""
    look = settings(max_examples=60, phases=[Phase.generate], derandomize=True, database=None)
    try:
        find(games(name), lambda game: says_something(run(name, game)), settings=look)
    except NoSuchExample:
        pytest.fail(f"{name} answers none of the games that are drawn for it")


@law(
    but={
        "lemke_howson": ONE_PATH,
        "logit_tracing": ONE_PATH,
        "markov_tracing": ONE_PATH,
        "quantal_response": ONE_PATH,
        "replicator": ONE_PATH,
    }
)
def test_relabelled_actions_relabel_the_answer(name, data):
    game = data.draw(games(name))
    orders = [data.draw(st.permutations(range(len(agent.actions)))) for agent in game.agents]
    if name in ALIKE and len({len(order) for order in orders}) == 1:
        orders = orders[:1] * len(orders)
    if changes(game).actions is None:
        pytest.skip("the order of actions is part of these games")
    other = changes(game).actions(game, orders)
    change = Change(lambda play: play_reordered(game, play, orders), orders=orders)
    assert_changed(name, game, other, change, play=name not in FIRST_OF_MANY)


@law(
    but={
        "lemke_howson": ONE_PATH,
        "logit_tracing": ONE_PATH,
        "markov_tracing": ONE_PATH,
        "quantal_response": ONE_PATH,
        "replicator": ONE_PATH,
        "stackelberg": "the first player leads",
        "stackelberg_pure": "the first player leads",
    }
)
def test_exchanged_players_exchange_the_answer(name, data):
    game = data.draw(games(name))
    order = data.draw(st.permutations(range(len(game.players))))
    if changes(game).players is None:
        pytest.skip("the order of players is part of these games")
    other = changes(game).players(game, order)
    change = Change(lambda play: play_exchanged(game, play, order), order=order)
    assert_changed(name, game, other, change, play=name not in FIRST_OF_MANY)


@law(
    but={
        **{name: "its games have no states" for name in solvers if form_name(name) != "stochastic"},
        "markov_tracing": ONE_PATH,
    }
)
def test_states_in_another_order_are_the_same_states(name, data):
    game = data.draw(games(name))
    order = data.draw(st.permutations(range(len(game.states))))
    change = Change(lambda play: play_with_states(game, play, order), states=order)
    assert_changed(name, game, with_states(game, order), change, play=name not in FIRST_OF_MANY)


FIRST_OF_MANY = {
    name: FIRST
    for name in solvers
    if name
    in {
        "correlated",
        "coarse_correlated",
        "maxmin",
        "minmax",
        "pure_maxmin",
        "pure_minmax",
        "stackelberg",
        "stackelberg_pure",
        "nash_bargaining",
        "kalai_smorodinsky",
        "egalitarian",
        "utilitarian",
    }
}
"""Solvers whose play may change with the order of actions and players; what they say beside it may not."""

ALWAYS = {law for law, but in LAWS.items() if not but}


def test_every_solver_runs_every_law_or_is_excused_with_a_reason():
    assert len(ALWAYS) >= 10
    for reasons in LAWS.values():
        for who, why in reasons.items():
            assert who in solvers or who in {item.concept for item in solvers.values()}, who
            assert len(why.split()) >= 4, why
    for name in solvers:
        kept = {law for law, but in LAWS.items() if not excused(name, but)}
        assert kept >= ALWAYS, name
