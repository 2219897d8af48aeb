"""Bargaining by computation: published divisions, formulas where there are some, wrong claims."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.claim import Status
from sim.solution import certify
from tests.drawers.bargaining import bargains


def keeps(solution, label):
    """What an agent keeps, or accepts from, in the first cell."""
    place = [agent.label for agent in solution.game.agents].index(label)
    word = "offer" if label.endswith("proposing") else "accepts_from"
    return solution.claim.extra[word][0, 0, place]


@pytest.mark.parametrize(("first", "second"), [(0.9, 0.9), (0.5, 0.9), (0.99, 0.99), (0.7, 0.6)])
def test_rubinsteins_division(first, second):
    """Rubinstein (1982): the proposer keeps (1 - d2) / (1 - d1 d2)."""
    solution = sim.solve(sim.Bargaining(("1", "2"), [first, second]))
    assert solution.complete[0]
    assert keeps(solution, "1@proposing") == pytest.approx((1 - second) / (1 - first * second), abs=1e-12)
    assert keeps(solution, "2@answering") == pytest.approx(1 - keeps(solution, "1@proposing"), abs=1e-12)
    assert solution.outcomes[0, 0].tolist() == [1, 0, 0, 0]


def test_outside_options_bind_or_do_not_matter():
    """Binmore, Shaked and Sutton (1989): 0.6 outside is taken as 0.6; 0.4 changes nothing at all."""
    bound = sim.solve(sim.Bargaining(("A", "B"), 0.9, [0, 0.6]))
    assert (keeps(bound, "A@proposing"), keeps(bound, "B@proposing")) == pytest.approx((0.4, 0.64))
    free, none = (sim.solve(sim.Bargaining(("A", "B"), 0.9, [0, worth])) for worth in (0.4, 0.0))
    np.testing.assert_allclose(free.value, none.value, atol=1e-12)


def test_breakdown_splits_what_it_leaves():
    """Binmore, Rubinstein and Wolinsky (1986): without impatience the risk of breakdown alone decides."""
    for risk, own, other in ((0.02, 0.3, 0.4), (0.5, 0.1, 0.5)):
        game = sim.Bargaining(("A", "B"), 1.0, breakdown=[own, other], risk=risk, leaving="never")
        assert keeps(sim.solve(game), "A@proposing") == pytest.approx(own + (1 - own - other) / (2 - risk))


@pytest.mark.parametrize("players", [2, 3, 5])
def test_unanimity_of_many(players):
    """Baron and Ferejohn (1989) for a proposer drawn by lot; turns by the same equations."""
    names, patience = tuple("ABCDE"[:players]), 0.9
    drawn = sim.solve(sim.Bargaining(names, patience, offers="random"))
    assert keeps(drawn, "A@proposing") == pytest.approx(1 - patience * (players - 1) / players)
    turns = sim.solve(sim.Bargaining(names, patience))
    assert keeps(turns, "A@proposing") == pytest.approx((1 - patience) / (1 - patience**players))
    assert turns.complete[0] == (players == 2)


@pytest.mark.parametrize("rounds", [1, 2, 3, 8])
def test_the_last_round_is_an_ultimatum_and_others_look_ahead(rounds):
    """By hand: who proposes last keeps all, who proposes before leaves the other the discount of that."""
    share = 1.0
    for _ in range(rounds - 1):
        share = 1 - 0.8 * share
    solution = sim.solve(sim.Bargaining(("A", "B"), 0.8, rounds=rounds))
    assert solution.value[0, 0, 0] == pytest.approx(share)


def test_many_rounds_are_as_good_as_no_end():
    ends, never = (sim.solve(sim.Bargaining(("A", "B"), [0.8, 0.7], rounds=n)) for n in (120, None))
    np.testing.assert_allclose(ends.value, never.value, atol=1e-12)


def test_where_everything_is_better_than_agreement_nobody_agrees():
    solution = sim.solve(sim.Bargaining(("A", "B"), 0.9, [0.6, 0.7], leaving="any_time"))
    assert solution.outcomes[0, 0].tolist() == [0, 0, 1, 0]
    assert solution.value[0, 0].tolist() == [0.6, 0.7]
    wait = sim.solve(sim.Bargaining(("A", "B"), 1.0, breakdown=[0.6, 0.7], risk=0.5, leaving="never"))
    assert wait.outcomes[0, 0].tolist() == [0, 0, 0, 1]


def test_without_impatience_risk_or_end_nothing_is_found():
    solution = sim.solve(sim.Bargaining(("A", "B"), 1.0, leaving="never"))
    assert solution.status[0] == Status.not_found


@given(bargains(types=False), st.integers(0, 10))
def test_a_share_that_is_off_is_refuted(game, seed):
    """Offers and borders moved by a thousandth of the pie gain somebody something, or are told wrongly."""
    solution = sim.solve(game)
    cells = np.flatnonzero(solution.count)
    if not cells.size:
        return
    rng = np.random.default_rng(seed)
    name = ("offer", "accepts_from", "accepted")[seed % 3]
    wrong = {key: array.copy() for key, array in solution.claim.extra.items()}
    places = np.argwhere(~np.isnan(wrong[name][cells]))
    if not len(places):
        return
    cell, *place = places[rng.integers(len(places))]
    wrong[name][(cells[cell], *place)] += 1e-3 * game.pie[cells[cell]]
    judged = certify(game, replace(solution.claim, extra=wrong), "subgame_perfect")
    assert judged.status[cells[cell]] == Status.refuted
