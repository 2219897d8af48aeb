"""Models from the command line: inputs as they are written, what is wrong with them, and the picture."""

from __future__ import annotations

import json
import random

import pytest
from click.testing import CliRunner

from sim import models
from sim.cli import main
from sim.models.asked import MODELS, asked


def run(*words):
    """What a command prints, and how it ends."""
    done = CliRunner().invoke(main, ["model", *words])
    return done.exit_code, done.output


NAME = ("chain_store_rounds", "--set", "a=2", "--set", "b=1/2", "--set", "p_tough=0.1", "--set", "entrants=4")


def test_the_command_says_what_the_model_says():
    code, text = run(*NAME, "--json")
    answer = json.loads(text)
    assert code == 0
    assert answer["inputs"] == {"a": 2.0, "b": 0.5, "p_tough": 0.1, "entrants": 4}
    assert answer["belief"] == models.chain_store_rounds(2, 0.5, 0.1, 4)["belief"]
    lines = run(*NAME)[1].splitlines()
    assert lines[1] == "a = 2, b = 0.5, p_tough = 0.1, entrants = 4"
    assert lines[3].split() == ["1", "0.1", "1", "0.777778", "1"]
    assert lines[-1].split() == ["5", "1"]


def test_lists_are_numbers_with_commas():
    answer = asked("escalation_steps", {"N": "3", "f": "0.1", "W": "3, 4", "X": "1,1/2"})
    assert answer.answer == models.escalation_steps(3, 0.1, [3, 4], [1, 0.5])


def test_it_is_drawn_where_there_is_a_picture(tmp_path):
    path = tmp_path / "name.svg"
    assert run(*NAME, "--out", str(path))[0] == 0
    assert "standoff model chain_store_rounds --set a=2 --set b=1/2" in path.read_text(encoding="utf-8")
    code, text = run("two_offers", "--set", "delta=0.5", "--out", str(path))
    assert code == 2
    assert "two_offers has no picture; these have one: chain_store_rounds" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("chain_stor",), "Did you mean 'chain_store'?"),
        (("barter",), "barter takes tables: call sim.models.barter from Python"),
        (("two_offers",), "two_offers needs delta (a number): add --set delta=VALUE"),
        (("two_offers", "--set", "delta=x"), "delta = 'x' must be a number: 'x' is no number"),
        (("two_offers", "--set", "delta=1,2"), "delta = '1,2' must be a number"),
        (("two_offers", "--set", "delta"), "is not NAME=VALUE"),
        (("two_offers", "--set", "delta=1", "--set", "delta=1"), "'delta' is given twice"),
        (("two_offers", "--set", "patience=1"), "unknown input of two_offers 'patience'"),
        ((*NAME[:-1], "entrants=2.5"), "entrants = '2.5' must be a whole number"),
        ((*NAME[:-1], "entrants=0"), "outside the region in which the model is meant: entrants is"),
        (("cheap_talk", "--set", "bias=1e-300"), "at most 1000 steps are told"),
        (("contest", "--set", "V1=1e300", "--set", "V2=100"), "leave the range of floats"),
    ],
)
def test_what_is_wrong_is_said(words, said):
    code, text = run(*words)
    assert code == 2
    assert said in " ".join(text.split())


WILD = ("0", "1", "-1", "0.5", "1e300", "-1e300", "1e-300", "1000000", "1,2", "7,0,1", "1/3")


@pytest.mark.parametrize("name", MODELS)
def test_whatever_is_given_a_model_answers_or_says_why_not(name):
    draw = random.Random(name)
    words = run(name)[1].partition("needs ")[2].partition(": add")[0].split(", ")
    needed = [word.partition(" ")[0] for word in words if word]
    for _ in range(40):
        try:
            asked(name, {word: draw.choice(WILD) for word in needed})
        except ValueError:
            continue


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("chain_store a=40 b=0.999999999 p_tough=0.25 stages_left=1", ": 1386294400"),
        ("chain_store a=2 b=0.5 p_tough=0.1 stages_left=1000000000", "1999999994"),
        ("chain_store a=2 b=1e-300 p_tough=0 stages_left=9", "null"),
        (
            "chain_store_rounds a=2 b=0.5 p_tough=0.1 entrants=1000000000",
            "entrants is a whole number above 0 and at most",
        ),
        ("escalation_steps N=1e300 f=0.1 W=2,2 X=1,1", "N is a whole number from 0 to 1000000"),
        ("threshold_contributions n=1e300 threshold=2 cost=1/3 benefit=100", "n from 2 to 100000"),
        (
            "voting_power quota=1 weights=" + ",".join(f"{1 / k:.15g}" for k in range(2, 40)),
            "fewer different sums",
        ),
    ],
)
def test_numbers_however_large_are_answered_or_refused_at_once(words, said):
    name, *given = words.split()
    code, text = run(name, *(word for each in given for word in ("--set", each)), "--json")
    assert code == (2 if "outside the region" in text else 0)
    assert said in text


def test_weights_of_votes_are_taken_as_they_are_written():
    """In floats 0.1 and 0.7 are less than 0.8 together."""
    assert models.voting_power(0.8, [0.1, 0.7]) == models.voting_power(8, [1, 7])
    assert models.voting_power(0.3, [0.1, 0.1, 0.1])["shapley_shubik"] == pytest.approx([1 / 3] * 3)


def test_a_picture_of_many_rounds_names_some_moves_and_counts_the_rest(tmp_path):
    path = tmp_path / "long.svg"
    given = [word for each in ("a=2", "b=0.99", "p_tough=0.1", "entrants=300") for word in ("--set", each)]
    assert run("chain_store_rounds", *given, "--out", str(path))[0] == 0
    assert "and so on in 221 more moves" in " ".join(path.read_text(encoding="utf-8").split())
