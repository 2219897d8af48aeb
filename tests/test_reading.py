"""What the command line tells can be read by somebody who sees it for the first time."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim
from sim import plugins
from sim.output.as_text import answer_page, solution
from sim.output.played_text import played_text
from sim.play import play_by
from sim.scenario.source import Source
from tests.games import DILEMMA

SCENARIOS = Path(__file__).parents[1] / "scenarios"


def told(game, concept=None, *, solver="", title="A game", **options):
    answer = sim.solve(game, concept, solver or None, **options)
    return solution(Source("game", title, game.form), answer, solver or answer.concept)


def game_of(name, **given):
    return sim.load(SCENARIOS / f"{name}.toml").game(**given)


@pytest.mark.parametrize(
    ("name", "concept"),
    [
        ("chicken", None),
        ("chicken", "coarse_correlated"),
        ("chicken", "quantal_response"),
        ("chicken", "kalai_smorodinsky"),
        ("repeated_prisoners_dilemma", None),
        ("misread_treaty", None),
        ("alliance", None),
        ("alliance_repeated", "transfers"),
        ("standoff_2021_posture", None),
    ],
)
def test_no_name_of_the_code_is_told_and_no_success_reads_like_failure(name, concept):
    text = told(game_of(name), concept)
    own = set(re.findall(r"\w+_\w+", (SCENARIOS / f"{name}.toml").read_text()))
    assert set(re.findall(r"\w+_\w+", text)) <= own
    assert not re.search(r"misses|\binf\b|\bnan\b|e-\d\d", text)
    assert "solved and certified" in text


def test_a_claim_that_fails_is_said_to_and_by_how_much():
    answer = sim.solve(sim.NormalForm(DILEMMA), "maxmin")
    wrong = replace(answer, residual=np.full_like(answer.residual, 0.125))
    text = solution(Source("game", "", "normal"), wrong, "maxmin")
    assert "does not hold: misses by 0.12 of the range of payoffs (residual)" in text


def test_regret_that_is_more_than_rounding_is_told():
    answer = sim.solve(sim.NormalForm(DILEMMA))
    wrong = replace(
        answer, residual=np.full_like(answer.residual, 0.1), regret=np.full_like(answer.regret, 0.5)
    )
    assert "regret 0.5" in solution(Source("game", "", "normal"), wrong, "nash")


def test_one_table_comes_before_the_answer_and_several_after():
    two, three = told(game_of("chicken")), told(game_of("alliance"))
    assert two.index("best reply") < two.index("solutions") < two.index("#1")
    assert three.index("#1") < three.index("Small: pay") < three.index("best reply")


@pytest.mark.parametrize(
    ("payoffs", "words"),
    [
        # whoever stays out does not care what would be done if he came in
        ([[[2, 2], [0, 3]], [[2, 2], [0, 1]]], "payoffs tie only off the path of play"),
        # Row plays top, and Column is indifferent to what matters to Row
        ([[[3, 2], [0, 0]], [[1, 1], [0, 0]]], "a continuum joins the equilibria of a component"),
        # both leave alone: a tie that changes nothing
        ([[[1, 0], [0, 0]], [[1, 0], [0, 0]]], "each equilibrium stands alone"),
    ],
)
def test_a_degenerate_game_is_said_to_be_one_in_what_way(payoffs, words):
    names = (("out", "in"), ("fight", "share"))
    outcomes = sim.NormalForm(payoffs).outcomes
    if payoffs[0][0] == [2, 2]:  # out is out, whatever the other would have done
        outcomes = replace(outcomes, names=("out", "fight", "share"), of=np.array([[0, 0], [1, 2]]))
    answer = sim.solve(sim.NormalForm(payoffs, ("A", "B"), names, outcomes))
    assert answer.degenerate[0]
    assert words in answer.sentence()


def test_an_answer_of_numbers_is_no_lack_of_one():
    text = told(game_of("repeated_prisoners_dilemma"), "subgame_perfect", solver="critical_patience")
    assert "by critical patience: sets and numbers, complete" in text
    assert "critical discount: treaty kept 0.5, one side fooled never, arms race 0" in text
    assert "no solution" not in text


def test_what_a_solution_of_a_repeated_game_is_is_said():
    assert "each is one joint action, played throughout" in told(game_of("repeated_prisoners_dilemma"))
    assert "each is" not in told(game_of("prisoners_dilemma"))
    assert "each is" not in told(game_of("rubinstein_outside"))


def test_pure_answers_of_states_are_not_said_to_be_all_that_there_are():
    assert " in pure strategies\n" in told(game_of("standoff_2021_posture"))


def test_players_are_called_what_they_are_in_selections():
    one, other = [[2, 0], [0, 1]], [[1, 0], [0, 2]]
    text = told(sim.NormalForm([one, other], ("first_side", "B")))
    assert "best for first_side" in text


def test_selections_that_choose_every_equilibrium_say_nothing():
    text = told(game_of("unilateral_deterrence"))
    assert "best for" not in text
    assert "payoff dominant" not in text
    assert "selected  " in told(game_of("stag_hunt"))


def test_many_solutions_are_a_table():
    payoffs = np.zeros((2, 3, 3))
    text = told(sim.Repeated(sim.NormalForm(payoffs, ("A", "B")), 0.5))
    assert re.search(r"^ +A +B +values +outcome +proof$", text, re.MULTILINE)
    assert re.search(r"^#9 ", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("chicken", "#1 of 3 Nash equilibria: North give_way; South press_on"),
        (
            "repeated_prisoners_dilemma",
            "the only one of the Nash equilibria of a single round: East arm; West arm",
        ),
    ],
)
def test_play_says_which_equilibrium(name, words):
    game = game_of(name)
    record = play_by(game, "equilibrium", runs=3, periods=2)
    text = played_text(Source(name, "", game.form), game, "equilibrium", record)
    assert words in text
    learnt = play_by(game, "best_reply", runs=3, periods=2)
    assert "equilibri" not in played_text(Source(name, "", game.form), game, "best_reply", learnt)


def test_labels_with_a_comma_are_told_apart():
    text = told(sim.NormalForm([[[6, 2], [7, 0]], [[6, 7], [2, 0]]], ("A", "B"), (("a", "b"), ("c", "d"))))
    assert "a, c 0.444444; a, d 0.222222; b, c 0.222222; b, d 0.111111" in text
    assert "a 0.666667, b 0.333333" in text


def test_parameters_are_not_torn_apart():
    scenario = sim.load(SCENARIOS / "standoff_2021.toml")
    source = Source(scenario.name, scenario.title, scenario.form, scenario.values())
    head = solution(source, sim.solve(scenario.game()), "support_enumeration").split("\n\n")[1]
    assert len(head.splitlines()) > 1
    assert all(re.fullmatch(r"(\w+ = [-\d.]+,? ?)+", line) for line in head.splitlines())


def test_fractions_are_told_as_they_are_and_specks_as_nothing():
    game = sim.NormalForm([[[2, 0], [0, 1]], [[1, 0], [0, 2]]])
    answer = sim.solve(game, exact=True)
    text = answer_page(Source("game", "", "normal"), answer, "support_enumeration", exact=True).text()
    assert "2/3" in text
    speck = sim.solve(game)
    speck.strategy[0, 0, 0] = (1 - 1e-12, 1e-12)
    assert "e-12" not in solution(Source("game", "", "normal"), speck, "support_enumeration")


def test_every_concept_and_solver_has_words_for_readers():
    for item in [*plugins.concepts.values(), *plugins.solvers.values()]:
        assert item.title, item.name
        assert "_" not in item.title, item.name
