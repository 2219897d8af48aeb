"""Signalling games of three types in fractions: against floats, against the strategic form, and where something ties."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import sim
from sim.output.as_json import assessed
from sim.solution import Status
from sim.solvers.methods import exact_faces
from tests.signalling import as_tree, by_strategic_form, drawn, on_path, same


def sixteenths(prior):
    """Priors that floats and decimals have exactly."""
    parts = np.round(prior[:, :-1] * 16).clip(1, 7) / 16
    return np.concatenate([parts, 1 - parts.sum(axis=1, keepdims=True)], axis=1)


def solved(game, **more):
    return sim.solve(game, "sequential", "belief_faces", **more)


@pytest.mark.parametrize(
    ("seed", "shape", "cells"),
    [
        (1, (3, 2, 1, 2), 25),
        (2, (3, 2, 2, 2), 10),
        (3, (3, 3, 1, 2), 10),
        (4, (3, 3, 1, 3), 3),
        (5, (4, 2, 1, 2), 5),
    ],
)
def test_fractions_and_floats_find_the_same_equilibria_and_beliefs(seed, shape, cells):
    prior, sender, receiver = drawn(seed, cells, shape)
    game = as_tree(sixteenths(prior), sender, receiver, np.full((cells, shape[0], shape[2]), 1 / shape[2]))
    floats, exact = solved(game), solved(game, exact=True)
    assert (floats.complete <= exact.complete).all()
    assert exact.complete.any()
    for c in np.flatnonzero(exact.complete & floats.complete):
        own = [
            sorted(
                [*play.ravel().tolist(), *low.tolist(), *high.tolist()]
                for play, low, high in zip(
                    np.nan_to_num(one.strategy[c, : one.count[c]]).round(7),
                    one.claim.extra["belief_low"][c], one.claim.extra["belief_high"][c], strict=False,
                )
            )
            for one in (floats, exact)
        ]  # fmt: skip
        np.testing.assert_allclose(own[0], own[1], atol=1e-7)


def test_fractions_are_an_equilibrium_to_the_last_digit():
    """Receivers who mix are indifferent, and types that do are, in fractions."""
    prior, sender, receiver = drawn(1, 25, (3, 2, 1, 2))
    solution = solved(as_tree(sixteenths(prior), sender, receiver), exact=True)
    mixing = 0
    for c in range(25):
        for k in range(solution.count[c]):
            play, beliefs = (solution.claim.extra[name][c, k] for name in ("rational", "rational_beliefs"))
            assert all(sum(own) == 1 for own in play)
            assert all(isinstance(number, Fraction) for number in beliefs.ravel())
            for h, own in enumerate(play):
                if 0 < own[0] < 1 and solution.game.agents[h].label.startswith("Receiver"):
                    mixing += 1
                    m = int(solution.game.agents[h].label[-1])
                    nodes = slice(int(solution.game.shape.first[h]), int(solution.game.shape.first[h + 1]))
                    gain = [
                        Fraction(repr(float(receiver[c, t, m, 0, 0])))
                        - Fraction(repr(float(receiver[c, t, m, 0, 1])))
                        for t in range(3)
                    ]
                    assert sum(p * g for p, g in zip(beliefs[0, nodes], gain, strict=True)) == 0
    assert mixing


@pytest.mark.parametrize("seed", [7])
def test_nothing_is_called_complete_that_the_strategic_form_has_more_of(seed):
    """Payoffs of few whole numbers tie often: then there may be continua, and it says that it may not have all."""
    prior, sender, receiver = drawn(seed, 30, (3, 2, 1, 2), whole=4)
    prior = sixteenths(prior)
    solution = solved(as_tree(prior, sender, receiver), exact=True)
    found = on_path(solution, 2, 2, types=3)
    assert not solution.complete.all()
    for c in np.flatnonzero(solution.complete):
        assert same(found[c], by_strategic_form(prior[c], sender[c, :, :, 0], receiver[c, :, :, 0]))
    assert np.isin(solution.status, [Status.ok, Status.degenerate, Status.not_found]).all()


def test_margins_too_thin_for_floats_are_decided():
    """The receiver prefers to give in by 1e-14 where all types pool; to floats that may be a tie."""
    prior, sender, receiver = drawn(1, 1, (3, 2, 1, 2))
    prior = np.array([[0.25, 0.25, 0.5]])
    receiver[0, :, :, 0, 0], receiver[0, :, :, 0, 1] = 0.5, 0.5
    receiver[0, 0, 0, 0, 0] += 1e-13
    receiver[0, 0, 1, 0, 1] += 1e-13
    receiver[0, 1, :, 0, 0] += 0.125
    receiver[0, 2, :, 0, 1] += 0.0625
    sender = np.zeros_like(sender)
    sender[0, :, 0], sender[0, :, 1, 0, 0], sender[0, :, 1, 0, 1] = 1.0, 0.0, 0.5
    game = as_tree(prior, sender, receiver)
    assert not solved(game).complete[0]
    exact = solved(game, exact=True)
    told = assessed(exact, 0, 0, exact=True)
    assert exact.count[0]
    assert told["beliefs"]


def test_too_many_patterns_stop_it(monkeypatch):
    monkeypatch.setattr(exact_faces, "MOST_PATTERNS", 100)
    _, sender, receiver = drawn(8, 1, (3, 2, 1, 3))
    solution = solved(as_tree(np.full((1, 3), 1 / 3), sender, receiver), exact=True)
    assert solution.status[0] == Status.max_steps
