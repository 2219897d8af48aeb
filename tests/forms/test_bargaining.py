from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.claim import Status
from sim.play import play_by

TYPES = {"B": {"firm": {"chance": 0.5, "outside": 0.4}, "soft": {"chance": 0.5}}}
STUBBORN = {"one": {"chance": 0.5, "obstinate": 0.6}, "two": {"chance": 0.5}}


def talks(**given):
    return sim.Bargaining(**{"players": ("A", "B"), "discount": 0.9} | given)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"players": ("A",)}, "1 players cannot bargain"),
        ({"discount": 1.5}, "discount must be from 0 to 1, got 1.5"),
        ({"discount": [0.1, 0.2, 0.3]}, "one for each of 2 players"),
        ({"risk": -0.1}, "risk must be from 0 to 1"),
        ({"pie": 0}, "the pie must be larger than 0"),
        ({"offers": "C"}, "unknown protocol 'C'"),
        ({"leaving": "any_tim"}, "Did you mean 'any_time'"),
        ({"rounds": 0}, "rounds must be a whole number"),
        ({"rounds": 2.5}, "rounds must be a whole number"),
        ({"risk": [0.1, 0.2], "pie": [1, 1, 1]}, "make no batch"),
        ({"types": {"C": {}}}, "unknown player 'C'"),
        ({"types": {"B": {"firm": {"chance": 1, "resolve": 2}}}}, "unknown trait 'resolve'"),
        ({"types": {"B": {"firm": {"outside": 1}}}}, "has no chance"),
        ({"types": {"B": {"firm": {"chance": 0.4}, "soft": {"chance": 0.4}}}}, "they are 0.4, 0.4"),
        ({"types": TYPES, "offers": "B"}, "its type is hidden: offers would tell it"),
        ({"types": TYPES, "offers": "random"}, "with types offers are"),
        ({"types": TYPES, "leaving": "never"}, "nobody may leave and B"),
        ({"types": TYPES, "leaving": "never", "offers": "A"}, "give rounds = 2 or more"),
        ({"types": {"A": TYPES["B"]}}, "A would propose first"),
        ({"types": {"A": TYPES["B"], "B": TYPES["B"]}}, "are both hidden"),
        ({"types": {"B": STUBBORN}, "leaving": "never"}, "A would give in at once"),
        ({"types": {"A": STUBBORN, "B": STUBBORN}}, "obstinate types wear each other out"),
        ({"types": {"B": {**STUBBORN, "two": {"chance": 0.5, "obstinate": 0.7}}}}, "every type of B is obstinate"),
        ({"players": ("A", "B", "C"), "types": TYPES}, "types are for two players; here 3"),
    ],
)  # fmt: skip
def test_what_is_no_bargain_is_refused(given, said):
    with pytest.raises(ValueError, match=said):
        talks(**given)


def test_agents_are_who_proposes_and_who_answers():
    labels = [agent.label for agent in talks(types=TYPES).agents]
    assert labels == [
        "A@proposing", "A@answering", "B@firm, proposing", "B@firm, answering", "B@soft, proposing",
        "B@soft, answering",
    ]  # fmt: skip
    assert [agent.label for agent in talks(offers="A").agents] == ["A@proposing", "B@answering"]
    assert [agent.label for agent in talks(rounds=1).agents] == ["A@proposing", "B@answering"]
    three = sim.Bargaining(("A", "B", "C"), 0.9).agents
    assert [agent.label for agent in three[:3]] == ["A@proposing", "A@answering B", "A@answering C"]


def test_what_is_had_beside_is_had_whatever_comes_of_the_talks():
    bare, rich = sim.solve(talks()), sim.solve(talks(payoffs=[[[3.0]], [[-1.0]]]))
    np.testing.assert_allclose(rich.value - bare.value, [[[3.0, -1.0]]])
    np.testing.assert_array_equal(rich.outcomes, bare.outcomes)


def test_numbers_that_are_none_are_marked():
    solution = sim.solve(talks(outside=[[0.1, 0.2], [np.nan, 0.2], [0.1, np.inf]]))
    assert solution.status.tolist() == [Status.ok, Status.nonfinite, Status.nonfinite]


def test_more_of_the_pie_is_more_for_all():
    """Doubling all that is at stake doubles offers, borders and values."""
    one = sim.solve(talks(outside=[0.1, 0.3], risk=0.1, breakdown=[0.05, 0.1]))
    two = sim.solve(talks(outside=[0.2, 0.6], risk=0.1, breakdown=[0.1, 0.2], pie=2))
    for name in ("offer", "accepts_from"):
        np.testing.assert_allclose(2 * one.claim.extra[name], two.claim.extra[name])
    np.testing.assert_allclose(2 * one.value, two.value)


def test_talks_are_not_played_in_rounds_of_actions():
    with pytest.raises(ValueError, match="a bargaining game is not played in rounds of actions"):
        play_by(talks(), "equilibrium", runs=1, periods=1)
