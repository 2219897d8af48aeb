"""Beliefs by Bayes' rule, in every subgame where it applies, and whole plans where beliefs are forgetful."""

from __future__ import annotations

import numpy as np

import sim
from sim.claim import Claim, Status
from sim.solution import certify

ENTRY = sim.Tree({
    "Entrant": {
        "out": (2, 2),
        "in": {
            "Entrant@in": {
                "soft": {"Owner@in": {"share": (3, 1), "fight": (1, 0)}},
                "hard": {"Owner@in": {"share": (1, 0), "fight": (0, 3)}},
            }
        },
    }
})  # fmt: skip
"""Entry, then a game of two at once whose equilibrium is soft and share (after Fudenberg and Tirole 1991, 8.3)."""


def judged(play, belief, concept):
    one = Claim(np.array([[play]], float), extra={"belief": np.array([[belief]], float)})
    return Status(int(certify(ENTRY, one, concept).status[0]))


def test_bayes_rule_holds_in_subgames_that_are_not_reached():
    staying_out = [[1, 0], [1, 0], [0, 1]]  # for fear that hard play is expected after soft play
    believing = [1, 1, 0, 1]
    assert judged(staying_out, believing, "nash") <= Status.degenerate
    assert judged(staying_out, believing, "perfect_bayesian") == Status.refuted
    assert judged(staying_out, believing, "subgame_perfect") == Status.refuted


def test_entry_is_perfect():
    for concept in ("nash", "subgame_perfect", "perfect_bayesian", "sequential"):
        assert judged([[0, 1], [1, 0], [1, 0]], [1, 1, 1, 0], concept) <= Status.degenerate, concept


def test_beliefs_that_forget_are_judged_by_whole_plans():
    """Whoever moves twice and changes his mind in between gains by two deviations together, not by one alone.

    After Hendon, Jacobsen and Sloth (1996): the second belief does not follow from the first.
    """
    game = sim.Tree({
        "chance": {
            state: (0.5, {"Nature": {"quiet": (0, 1), "call": {"Mover@call": {"stop": (0, 1), "go": {
                "Mover@call, go": {"left": (0, gain), "right": (0, -5)}}}}}})
            for state, gain in (("good", 3), ("bad", -3))
        }
    }, players=("Nature", "Mover"))  # fmt: skip
    play = np.array([[[[1, 0], [1, 0], [0, 1]]]], float)
    forgetful = np.array([[[0.5, 0.5, 1, 0, 0, 1]]])
    found = certify(game, Claim(play, extra={"belief": forgetful}), "perfect_bayesian")
    assert found.status[0] == Status.refuted
    assert found.residual[0, 0] > 0.2  # go and left gain 2 of a range of 8 where the state is surely good
