"""Signalling games in fractions: against floats, by the same theorem written anew, and where floats leave it open."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import sim
from sim.solution import Status
from sim.solvers.methods.assessments import seen_as_signalling
from sim.solvers.methods.exact_polylines import exact_polylines
from sim.solvers.polylines import equilibria
from tests.signalling import as_tree, beer_quiche, drawn

fractions = np.frompyfunc(lambda number: Fraction(repr(float(number))), 1, 1)


def eighths(prior):
    """Priors that floats and decimals have exactly."""
    first = np.round(prior[:, 0] * 8).clip(1, 7) / 8
    return np.stack([first, 1 - first], axis=1)


def played(plan, reply):
    """What is done where play comes."""
    plan, reply = np.array(plan, dtype=float), np.array(reply, dtype=float)
    return np.concatenate([plan.ravel(), (reply * (plan.sum(axis=0) > 0)[:, None, None]).ravel()])


@pytest.mark.parametrize(
    ("seed", "shape", "whole", "cells"),
    [
        (1, (2, 2, 1, 2), None, 25),
        (2, (2, 3, 1, 3), None, 8),
        (6, (2, 2, 1, 2), 3, 40),
        (9, (2, 2, 2, 2), 3, 10),
        pytest.param(7, (2, 3, 1, 3), 3, 60, marks=pytest.mark.deep),
        pytest.param(16, (2, 2, 1, 2), 3, 400, marks=pytest.mark.deep),
    ],
)
def test_fractions_and_floats_find_the_same_equilibria_components_and_beliefs(seed, shape, whole, cells):
    prior, sender, receiver = drawn(seed, cells, shape, whole)
    first = np.random.default_rng(5).uniform(0.1, 0.9, (cells, 2, 1)).round(2)
    met = np.concatenate([first, 1 - first], axis=2) if shape[2] == 2 else None
    game = as_tree(eighths(prior), sender, receiver, met)
    linked = 0
    for _, view in seen_as_signalling(game):
        floats = equilibria(view)
        start = np.concatenate([[0], np.cumsum(floats.count)])
        arrays = (view.prior, view.chance_of_receiver, view.sender, view.receiver)
        for e in range(len(view.prior)):
            exact = exact_polylines(tuple(fractions(array[e]) for array in arrays), view.replies)
            own = slice(start[e], start[e + 1])
            assert len(exact) == floats.count[e]
            theirs = [played(*pair) for pair in zip(floats.plan[own], floats.reply[own], strict=True)]
            which = []
            for one in exact:
                gaps = [np.abs(played(one.plan, one.reply) - other).max() for other in theirs]
                which.append(int(np.argmin(gaps)))
                assert min(gaps) < 1e-7
            assert sorted(which) == list(range(len(exact)))
            pairs = set(
                zip(floats.component[own][which].tolist(), [one.component for one in exact], strict=True)
            )
            assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
            linked += len(pairs) < len(exact)
            beliefs = floats.beliefs[own][which][..., 1]
            beliefs = np.where(np.isnan(beliefs), beliefs[..., :1], beliefs)
            np.testing.assert_allclose(
                np.array([one.beliefs for one in exact], dtype=float), beliefs, atol=1e-9
            )
    assert linked > 0 or whole is None


def test_beer_and_quiche_in_fractions():
    """Cho and Kreps (1987): a duel over what nobody drinks, if a wimp is at least as likely as not."""
    solution = sim.solve(beer_quiche(0.1), exact=True)
    assert solution.status[0] == Status.ok
    assert solution.complete[0]
    told = solution.claim.extra["rational_beliefs"]
    on_quiche = int(np.argmin(solution.strategy[0, :2, 0, 0]))
    beer = next(h for h, agent in enumerate(solution.game.agents) if agent.label == "Receiver@beer")
    first = int(solution.game.shape.first[beer])
    assert told[0, on_quiche, 1:, first].tolist() == [Fraction(1, 2), Fraction(1)]
    assert told[0, 1 - on_quiche, :, first].tolist() == [Fraction(1, 10)] * 3
    assert told.shape == (1, 2, 3, len(solution.game.decisions))


def test_the_bluffer_mixes_by_fractions_and_the_certificate_agrees():
    """Fearon (1997): 1/4 of the bluffers build up, and the threat is refused with 9/13, in every digit."""
    solution = sim.solve(sim.load("build_up_signal_2021").game(), exact=True)
    rational = {
        agent.label: row
        for agent, row in zip(solution.game.agents, solution.claim.extra["rational"][0, 0], strict=True)
    }
    assert rational["Russia@bluffing"][:2].tolist() == [Fraction(1, 4), Fraction(3, 4)]
    assert rational["NATO@build_up"][:2].tolist() == [Fraction(4, 13), Fraction(9, 13)]
    values, outcomes = solution.game.exactly(0, solution.claim.extra["rational"][0, 0])
    assert values == [Fraction(63, 650), Fraction(-1, 5)]
    assert sum(outcomes) == 1


@pytest.mark.parametrize("hair", [1e-11, -1e-11])
def test_what_floats_leave_open_fractions_decide(hair):
    """At one half the regime changes; a hair beside it a margin is too thin for floats."""
    game = sim.load("build_up_signal_2021").game(resolve=0.5 + hair)
    assert not sim.solve(game, "sequential", "polylines").complete[0]
    solution = sim.solve(game, exact=True)
    assert solution.complete[0]
    assert solution.count[0] == 1
    labels = [agent.label for agent in solution.game.agents]
    builds = solution.claim.extra["rational"][0, 0, labels.index("Russia@bluffing"), 0]
    assert (builds == 1) == (hair > 0)
    assert builds > 1 - Fraction(1, 10**9)


@pytest.mark.parametrize("exact", [True, False])
def test_ends_of_a_continuum_share_a_component(exact):
    """With as many resolved as not NATO may concede with any probability from 4/13 to 1."""
    solution = sim.solve(sim.load("build_up_signal_2021").game(resolve=0.5), exact=exact)
    assert solution.count[0] == 2
    assert solution.component[0, :2].tolist() == [0, 0]
    assert "a continuum joins" in solution.sentence()


def test_equilibria_that_nothing_joins_do_not():
    solution = sim.solve(beer_quiche(0.1), exact=True)
    assert solution.component[0, :2].tolist() == [0, 1]


def test_of_many_players_fractions_are_refused_with_what_can_be_done():
    game = sim.load("talks_2021").game()
    with pytest.raises(ValueError, match="without exact it is solved in floats, and certified"):
        sim.solve(game, "perfect_bayesian", exact=True)
