"""Every concept has a known answer in the prisoner's dilemma, and refutes who calls a sucker's play one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.claim import Claim, Status
from sim.game import Agent, Game, Outcomes
from sim.plugins import Concept, Solver, concepts, forms, solvers
from sim.solution import certify
from sim.solving import choose_solver, solve

KEEP, BREAK = 0, 1
STAGE = sim.NormalForm([[[3, 0], [5, 1]], [[3, 5], [0, 1]]], ("Row", "Column"), (("keep", "break"),) * 2)
PATIENT, HASTY = sim.Repeated(STAGE, 0.9), sim.Repeated(STAGE, 0.1)
ONE_STATE = sim.Stochastic(STAGE.payoffs[:, :, np.newaxis], np.ones((1, 1, 2, 2, 1)), 0.9, STAGE.players)

KNOWN = {
    "nash": (STAGE, (1, 1)),
    "correlated": (STAGE, (1, 1)),
    "coarse_correlated": (STAGE, (1, 1)),
    "markov_perfect": (ONE_STATE, (1, 1)),
    "subgame_perfect": (PATIENT, (3, 3)),
    "public_perfect": (PATIENT, (3, 3)),
    "transfers": (PATIENT, (3, 3)),
    "maxmin": (STAGE, (1, 1)),
    "minmax": (STAGE, (1, 1)),
    "pure_maxmin": (STAGE, (1, 1)),
    "pure_minmax": (STAGE, (1, 1)),
    "iterated_dominance": (STAGE, (1, 1)),
    "rationalizable": (STAGE, (1, 1)),
    "iterated_weak_dominance": (STAGE, (1, 1)),
    "quantal_response": (STAGE, (1.62884, 1.62884)),  # p = 1 / (1 + exp(1 + p)) keep
    "stackelberg": (STAGE, (1, 1)),
    "stackelberg_pure": (STAGE, (1, 1)),
    "nash_bargaining": (STAGE, (3, 3)),
    "kalai_smorodinsky": (STAGE, (3, 3)),
    "egalitarian": (STAGE, (3, 3)),
    "utilitarian": (STAGE, (3, 3)),
    "evolutionarily_stable": (STAGE, (1, 1)),
    "replicator": (STAGE, (1, 1)),
}
"""The game, and what its first answer gives both players."""


def test_every_concept_has_a_known_answer():
    """Here, or in a file of its own beside this one."""
    own = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert set(KNOWN) | own >= set(concepts)


@pytest.mark.parametrize("name", KNOWN)
def test_the_known_answer_is_found_and_certified(name):
    game, value = KNOWN[name]
    solution = solve(game, name)
    assert solution.status[0] == Status.ok
    np.testing.assert_allclose(solution.value[0, 0], value, atol=1e-4)


@pytest.mark.parametrize("name", KNOWN)
def test_a_suckers_play_is_refuted(name):
    """The row player keeps and the column player breaks: he could have 1 for his 0, and nobody makes it good."""
    game = HASTY if KNOWN[name][0] is PATIENT else KNOWN[name][0]
    claim = choose_solver(game, name).function(game)
    assert certify(game, claim, name).status[0] == Status.ok
    strategy, joint = np.zeros_like(claim.strategy), None
    strategy[:, :, 0, KEEP], strategy[:, :, 1, BREAK] = 1.0, 1.0
    if claim.joint is not None:
        joint = np.zeros_like(claim.joint)
        joint[:, :, KEEP, BREAK] = 1.0
    assert certify(game, replace(claim, strategy=strategy, joint=joint), name).status[0] == Status.refuted


def test_names_titles_and_summaries_are_their_own():
    for words in ("summary", "title"):
        assert len({getattr(concept, words) for concept in concepts.values()}) == len(concepts)
    assert list(concepts)[:2] == ["nash", "correlated"]  # by rank, not by name


def test_every_form_has_a_concept_of_its_own_that_judges_it():
    for name, form in forms.items():
        assert any(issubclass(form, tuple(concept.residual)) for concept in concepts.values()), name
        assert issubclass(form, tuple(concepts[form.default_concept].residual)), name


def test_play_by_state_is_no_subgame_perfect_play():
    claim = solvers["state_payoff_sets"].function(ONE_STATE)
    play = np.zeros((1, 1, 2, 2))
    play[..., BREAK] = 1.0
    assert certify(ONE_STATE, claim, "subgame_perfect").status[0] == Status.ok
    assert certify(ONE_STATE, replace(claim, strategy=play), "subgame_perfect").status[0] == Status.refuted


class Coin(Game):
    """A toy form: one player guesses heads or tails and gets 1 for one of them."""

    form, default_concept = "Coin", "nash"

    def __init__(self, cells=1):
        self.players, self.payoffs = ("Guesser",), np.tile([1.0, 0.0], (cells, 1, 1))
        self.outcomes = Outcomes.each_its_own((("heads", "tails"),))

    @property
    def agents(self):
        return (Agent(0, "Guesser", ("heads", "tails")),)

    def expect(self, table, strategy):
        return (table * strategy[:, 0]).sum(axis=-1)

    def deviations(self, strategy):
        return np.broadcast_to(self.payoffs, strategy.shape)

    def take(self, cells):
        return Coin(len(np.arange(self.cells)[cells]))


def guesses(game):
    """Heads."""
    return Claim(np.tile([1.0, 0.0], (game.cells, 1, 1, 1)))


@pytest.fixture
def guessing(monkeypatch):
    """A solver that claims a concept for the toy form."""

    def register(concept):
        solvers.discover()
        method = Solver("guesses", concept, Coin, guesses, "heads")
        monkeypatch.setitem(solvers.items_by_name, "guesses", method)

    return register


@pytest.mark.parametrize("name", sorted(set(KNOWN) - {"quantal_response"}))
def test_a_concept_is_refused_in_a_sentence_where_it_is_not_judged(guessing, name):
    guessing(name)
    message = f"'{name}' is not judged for Coin games, so that no claim of it could be certified"
    for ask in (choose_solver, solve):
        with pytest.raises(ValueError, match=message):
            ask(Coin(), name)
    with pytest.raises(ValueError, match=message):
        certify(Coin(), guesses(Coin()), name)


def test_forms_that_a_concept_is_judged_for_are_named(guessing):
    guessing("subgame_perfect")
    with pytest.raises(
        ValueError, match=r"\(forms it is judged for: bargaining, bayesian, repeated, stochastic, tree\)"
    ):
        solve(Coin(), "subgame_perfect")


def test_a_concept_of_a_toy_form_is_one_more_entry(guessing, monkeypatch):
    sure = Concept(
        "sure", "heads", "sure guesses", {Coin: lambda _game, _claim, judgement: judgement.relative}
    )
    concepts.discover()
    monkeypatch.setitem(concepts.items_by_name, "sure", sure)
    guessing("sure")
    solution = solve(Coin(2), "sure")
    assert (solution.status == Status.ok).all()
    assert (solution.value == 1).all()
