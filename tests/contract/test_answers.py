"""Laws of what solvers answer beside strategies: it is declared, it is given, and it has the shape declared."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.answers import RESERVED, SOLVED, Answer
from sim.claim import Claim
from sim.forms.bargaining import Bargaining
from sim.forms.normal import NormalForm
from sim.forms.repeated import Repeated
from sim.forms.tree import Tree
from sim.plugins import Solver, forms, solvers
from sim.solving import as_declared, solve
from tests.contract.laws import games as drawn_for
from tests.draw import normal_forms
from tests.drawers.tree import unseen
from tests.signalling import beer_quiche

GIVEN = [(name, answer) for name, method in solvers.items() for answer in method.answers]
OPTIONS = {"quantal_response": {"path": True}}
FEW = {"public_perfect", "judd_yeltekin_conklin", "critical_patience", "nashpy"}  # slow: fewer cells


def games(method, draw):
    """A batch that a solver accepts, of the form that it is for."""
    if issubclass(method.form, Tree | Bargaining):
        return draw(drawn_for(method.name))
    players = method.players or 2
    cells = 1 if method.name in FEW else 2
    stage = draw(normal_forms(players=players, most=2 if method.name in FEW else 3, cells=cells))
    if method.form is NormalForm:
        return stage
    discount = draw(st.sampled_from([0.0, 0.4, 0.7]))
    if method.form is Repeated:
        return Repeated(stage, discount)
    states, shape = 2, stage.payoffs.shape[2:]
    chain = draw(st.permutations(range(states)))
    payoffs = np.stack([stage.payoffs, -stage.payoffs], axis=2)
    transition = np.zeros((1, states, *shape, states))
    transition[:, range(states), ..., chain] = 1.0
    return sim.Stochastic(payoffs, transition, discount, stage.players)


def sizes(game):
    """How long axes are that have a length of their own."""
    agents, actions = game.mask.shape
    known = {"player": len(game.players), "agent": agents, "action": actions}
    known |= {"outcome": len(game.outcomes.names), "state": agents // len(game.players)}
    known |= {"decision": len(game.decisions)}
    return known


@pytest.mark.parametrize("name", solvers)
@given(data=st.data())
def test_a_solver_answers_exactly_what_it_declares(name, data):
    method = solvers[name]
    game = games(method, data.draw)
    claim = method.function(game, **OPTIONS.get(name, {}))
    declared = {answer.name: answer for answer in method.answers}
    assert {one.name for one in method.answers if one.always} <= set(claim.extra) <= set(declared)
    for key, array in claim.extra.items():
        answer = declared[key]
        assert array.shape[0] == game.cells
        assert np.dtype(answer.dtype).kind == array.dtype.kind, key
        assert len(answer.axes(array.ndim - 1)) == array.ndim - 1
        if (
            "joint_action" in answer.dims or key == "multipliers"
        ):  # one action where advice is not heard first
            continue
        for dim, length in zip(answer.dims, array.shape[1:], strict=True):
            assert sizes(game).get(dim, length) == length, (key, dim)


@pytest.mark.parametrize(
    ("name", "method"), [(name, solvers[name]) for name in solvers if solvers[name].exact]
)
def test_fractions_are_answered_where_they_are_asked_for(name, method):
    stage = NormalForm(np.eye(2)[np.newaxis].repeat(2, axis=0)[np.newaxis])
    seen = Tree({"A": {"in": {"B": {"x": (1, 1), "y": (0, 0)}}, "out": (0, 2)}})
    told = beer_quiche(0.1)
    game = next(one for one in (stage, unseen(stage), seen, told) if method.accepts(one))
    claim = method.function(game, exact=True)
    asked = {answer.name for answer in method.answers if answer.name.startswith("rational")}
    always = {answer.name for answer in method.answers if answer.always}
    assert asked
    assert asked | always <= set(claim.extra), name


def test_a_name_means_one_thing_whoever_answers_it():
    marks = [(name, one) for name, form in forms.items() for one in form.landmark_answers]
    meanings = {}
    for where, answer in GIVEN + marks:
        known = meanings.setdefault(answer.name, answer)
        same = (known.meaning, known.unit, known.dtype, known.level, known.tell, known.numbered)
        assert same == (
            answer.meaning, answer.unit, answer.dtype, answer.level, answer.tell, answer.numbered
        ), f"{answer.name} of {where}"  # fmt: skip
    assert not set(meanings) & {answer.name for answer in SOLVED}


@pytest.mark.parametrize(
    "answer", dict.fromkeys([*(answer for _, answer in GIVEN), *SOLVED]), ids=lambda one: one.name
)
def test_every_answer_says_what_it_is(answer):
    assert answer.meaning
    assert (
        answer.unit or answer.dtype != "float64" or answer.name in {"normals", "multipliers", "ends", "until"}
    )  # pure numbers
    assert answer.numbered or set(answer.dims) <= RESERVED


def test_an_answer_has_a_level_and_as_many_axes_as_it_says():
    with pytest.raises(
        ValueError, match=r"answer 'x': unknown level 'all' \(levels: map, equilibria, full\)"
    ):
        Answer("x", "whatever", level="all")
    with pytest.raises(ValueError, match="answer 'x' has 2 axes after the cell, not 1"):
        Answer("x", "whatever", dims=("player",)).axes(2)


def toy(answers):
    return Solver("toy", "nash", NormalForm, toy, "nothing", answers)


def test_an_undeclared_answer_is_an_error_of_ours(monkeypatch):
    game = NormalForm(np.zeros((1, 2, 2, 2)))
    claim = Claim(np.full((1, 0, 2, 2), np.nan), extra={"guess": np.zeros(1)})
    with pytest.raises(
        RuntimeError, match="solver 'toy' answers 'guess', which it does not declare: this is a bug"
    ):
        as_declared(toy(()), claim)
    guess = Answer("guess", "a guess", "payoff")
    assert as_declared(toy((guess,)), claim).answers == {"guess": guess}
    with pytest.raises(RuntimeError, match="solver 'toy' does not answer 'more', which it declares"):
        as_declared(toy((guess, Answer("more", "more", "payoff"))), claim)
    as_declared(toy((guess, Answer("more", "more", "payoff").sometimes())), claim)
    monkeypatch.setitem(solvers.items_by_name, "toy", Solver("toy", "nash", NormalForm, lambda _: claim, ""))
    with pytest.raises(RuntimeError, match="solver 'toy' answers 'guess'"):
        solve(game, "nash", "toy")


def test_what_was_never_declared_is_not_told():
    claim = Claim(np.full((1, 0, 2, 2), np.nan), extra={"guess": np.zeros(1)})
    with pytest.raises(RuntimeError, match="the answer 'guess' is not declared"):
        list(claim.answered())
