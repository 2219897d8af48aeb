"""Best replies given beliefs that trembles would give: what is certified, and what is refuted and why."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.claim import Claim, Status
from sim.solution import certify

HORSE = sim.Tree(
    {
        "1": {
            "R": {"2": {"R": (1, 1, 1), "L": {"3": {"R": (4, 4, 0), "L": (0, 0, 1)}}}},
            "L": {"3": {"R": (3, 2, 2), "L": (0, 0, 0)}},
        }
    },
    players=("1", "2", "3"),
)
"""Selten (1975), figure 1."""


def claim(play, belief):
    return Claim(np.array([[play]], float), extra={"belief": np.array([[belief]], float)})


def verdict(concept, play, belief, game=HORSE):
    return Status(int(certify(game, claim(play, belief), concept).status[0]))


def test_a_threat_at_a_node_that_is_not_reached_is_nash_and_not_sequential():
    threat = [[0, 1], [1, 0], [1, 0]]
    assert verdict("nash", threat, [1, 1, 0, 1]) <= Status.degenerate
    assert verdict("subgame_perfect", threat, [1, 1, 0, 1]) <= Status.degenerate  # there is no subgame
    assert verdict("perfect_bayesian", threat, [1, 1, 0, 1]) == Status.refuted
    assert verdict("sequential", threat, [1, 1, 0, 1]) == Status.refuted


def test_the_third_player_may_mix_where_he_believes_one_third():
    play = [[1, 0], [1, 0], [0.25, 0.75]]
    assert verdict("sequential", play, [1, 1, 2 / 3, 1 / 3]) <= Status.degenerate
    assert verdict("sequential", play, [1, 1, 0.6, 0.4]) == Status.refuted
    assert verdict("sequential", [[1, 0], [1, 0], [0.26, 0.74]], [1, 1, 2 / 3, 1 / 3]) == Status.refuted


def watched(*, late):
    """Types a and b, who may stop or go on; two observers see that they went on."""
    end = {"Second@on": {"x": (0, 0, 0), "y": (0, 0, 0)}}
    onward = {"First@on": {"x": end, "y": end}}
    return (
        sim.Tree(
            {"chance": {k: (0.5, {f"Sender@{k}": {"stop": (9, 0, 0), "on": onward}}) for k in ("a", "b")}},
            players=("Sender", "First", "Second"),
        )
        if not late
        else None
    )


def test_two_observers_of_one_signal_believe_the_same():
    """No trembles give one the odds 1:1 and the other 9:1 (Kreps and Wilson 1982)."""
    game = watched(late=False)
    labels = [agent.label for agent in game.agents]
    play = np.zeros((1, 1, *game.mask.shape))
    play[..., 0] = 1.0
    beliefs = np.ones(len(game.shape.decisions))
    for h, agent in enumerate(labels):
        own = slice(game.shape.first[h], game.shape.first[h + 1])
        if agent.startswith("First"):
            beliefs[own] = 0.5
        elif agent.startswith("Second"):
            beliefs[own] = np.array([0.9 if word == "a" else 0.1 for word in first_words(game, own)]) / 2
            beliefs[own] /= beliefs[own].sum()
    apart = Claim(play, extra={"belief": beliefs[np.newaxis, np.newaxis]})
    assert certify(game, apart, "perfect_bayesian").status[0] <= Status.degenerate
    assert certify(game, apart, "sequential").status[0] == Status.refuted


def first_words(game, own):
    """The type that each node of an information set is about."""
    return [word.partition(",")[0] for word in game.shape.hidden[own]]


@pytest.mark.parametrize("shift", [1e-6, -1e-6])
def test_a_belief_on_the_path_that_is_off_by_a_millionth_is_noticed(shift):
    game = sim.Tree({
        "chance": {
            "wimp": (0.1, {"Receiver": {"duel": (1,), "not": (0,)}}),
            "surly": (0.9, {"Receiver": {"duel": (0,), "not": (1,)}}),
        }
    })  # fmt: skip
    assert verdict("sequential", [[0, 1]], [0.1, 0.9], game) <= Status.degenerate
    assert verdict("sequential", [[0, 1]], [0.1 + shift, 0.9 - shift], game) == Status.refuted


def test_an_end_of_an_interval_of_beliefs_moved_outward_is_noticed():
    solution = sim.solve(HORSE, "sequential", "pure_assessments")
    assert solution.status[0] <= Status.degenerate
    low = solution.claim.extra["belief_low"].copy()
    d = int(HORSE.shape.first[2])
    assert low[0, 0, d] == pytest.approx(2 / 3)
    for name, place in (("belief_low", d), ("belief_high", d + 1)):
        moved = {key: array.copy() for key, array in solution.claim.extra.items()}
        moved[name][0, 0, place] += 1e-6 if name == "belief_high" else -1e-6
        tampered = Claim(solution.strategy, extra=moved)
        assert certify(HORSE, tampered, "sequential").status[0] == Status.refuted


def test_who_is_never_drawn_is_not_believed_in():
    game = sim.Tree({
        "chance": {
            "wimp": (0, {"Sender@wimp": {"beer": {"Receiver@beer": {"duel": (0, 1), "not": (2, 0)}}, "out": (0, 0)}}),
            "surly": (1, {"Sender@surly": {"beer": {"Receiver@beer": {"duel": (1, 0), "not": (3, 1)}}, "out": (5, 0)}}),
        }
    })  # fmt: skip
    play = [[1, 0], [0, 1], [0, 1]]
    assert verdict("sequential", play, [1, 1, 0, 1], game) <= Status.degenerate
    assert verdict("sequential", play, [1, 1, 0.5, 0.5], game) == Status.refuted


def test_without_beliefs_off_the_path_nothing_is_certified():
    play = Claim(np.array([[[[1, 0], [1, 0], [0, 1]]]], float))
    assert certify(HORSE, play, "sequential").status[0] == Status.refuted
