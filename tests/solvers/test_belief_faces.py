"""Signalling games with three types: the strategic form, and games with two types in which one is split."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.kernels.tree.face_patterns import face_patterns
from sim.solution import Status
from tests.signalling import as_tree, by_strategic_form, drawn, on_path, same


def solved(game):
    solution = sim.solve(game, "sequential", "belief_faces")
    assert np.isin(
        solution.status, [Status.ok, Status.degenerate]
    ).all()  # with three decimals some payoffs tie
    return solution


@pytest.mark.parametrize(
    ("seed", "shape", "cells"),
    [
        (1, (3, 2, 1, 2), 8),
        pytest.param(5, (3, 2, 1, 2), 150, marks=pytest.mark.deep),
        pytest.param(2, (3, 2, 1, 3), 30, marks=pytest.mark.deep),
    ],
)
def test_all_nash_equilibria_that_beliefs_support_are_found_and_no_others(seed, shape, cells):
    prior, sender, receiver = drawn(seed, cells, shape)
    solution = solved(as_tree(prior, sender, receiver))
    found = on_path(solution, shape[1], shape[3], types=3)
    assert solution.complete.any()
    for c in np.flatnonzero(solution.complete):
        theirs = by_strategic_form(prior[c], sender[c, :, :, 0], receiver[c, :, :, 0])
        assert same(found[c], theirs), (c, prior[c].tolist(), sender[c].tolist(), receiver[c].tolist())


def test_a_type_that_is_hardly_ever_drawn_hides_none_of_the_equilibria_of_the_others():
    """A third type as rare as one in a million that only likes the first signal: play of the two others is near."""
    prior, sender, receiver = drawn(3, 100, (2, 2, 1, 2))
    rare = np.full((100, 1), 1e-6)
    wider = np.concatenate([prior * (1 - rare), rare], axis=1)
    sender = np.concatenate([sender, np.ones((100, 1, 2, 1, 2)) * [[[1.0]], [[-1.0]]]], axis=1)
    receiver = np.concatenate([receiver, receiver[:, :1]], axis=1)
    two = sim.solve(as_tree(prior, sender[:, :2], receiver[:, :2]), "sequential", "polylines")
    three = solved(as_tree(wider, sender, receiver))
    for c in np.flatnonzero(three.complete):
        gets = three.value[c, : three.count[c], 1]
        sent = two.strategy[c, : two.count[c], :2, 0].max(axis=1) > 0  # where the first signal is sent anyway
        for value in two.value[c, : two.count[c], 1][sent]:
            assert np.abs(gets - value).min() < 1e-3


def test_beliefs_at_signals_that_nobody_sends_are_given_by_corners():
    prior, sender, receiver = drawn(4, 50, (3, 2, 1, 2))
    solution = solved(as_tree(prior, sender, receiver))
    vertices = solution.claim.extra["belief_vertices"]
    known = ~np.isnan(vertices)
    assert known.any()
    low, high = (solution.claim.extra[name][:, :, np.newaxis] for name in ("belief_low", "belief_high"))
    assert (vertices >= low - 1e-12)[known].all()
    assert (vertices <= high + 1e-12)[known].all()


def test_patterns_have_as_many_free_weights_as_free_replies():
    """Two types, signals and replies: 4 pooling, 8 separating, 8 in which one type mixes, 1 in which both do."""
    rows, users, _ = face_patterns(2, ((2,), (2,)))
    assert len(rows) == 21
    kinds = [tuple(sorted((int(u) for u in row), reverse=True)) for row in users]
    assert kinds.count((3, 0)) == 4
    assert kinds.count((2, 1)) == 8
    assert kinds.count((3, 3)) == 1


def test_too_many_patterns_are_refused_with_their_number():
    with pytest.raises(ValueError, match="patterns of 4 types and 6 signals"):
        face_patterns(4, ((4,),) * 6)


def test_a_sender_without_types_is_a_game_as_any():
    """Only the receiver has types: what he does is known, and the sender's choice follows."""
    game = sim.Tree({
        "chance": {
            kind: (0.5, {"Sender": {
                signal: {f"Receiver@{kind}, {signal}": {"yes": (gain, cost), "no": (0, 0)}}
                for signal, gain, cost in (("a", 2, 1 if kind == "tough" else -1), ("b", 1, 1))
            }})
            for kind in ("tough", "weak")
        }
    }, players=("Sender", "Receiver"))  # fmt: skip
    found = sim.solve(game, "sequential", "belief_faces")
    other = sim.solve(game, "sequential", "pure_assessments")
    values = {tuple(value) for value in found.value[0, : found.count[0]].round(12).tolist()}
    assert values == {tuple(value) for value in other.value[0, : other.count[0]].round(12).tolist()}
    assert values == {(1.0, 0.5), (1.0, 1.0)}  # a half of 2, or all of 1
