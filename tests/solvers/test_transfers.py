"""Payments between players: closed forms, the fixed point one discount at a time, and laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.solution import Status, certify
from sim.solvers.transfers import transfers
from tests.draw import normal_forms
from tests.games import DILEMMA


def solve(payoffs, discount):
    return sim.solve(
        sim.Repeated(sim.NormalForm(payoffs, cells=np.ndim(payoffs) == np.shape(payoffs)[1] + 2), discount),
        "transfers",
    )


def fixed_point(payoffs, discount):
    """Joint actions that are left when those go that the others cannot enforce (slow, one game)."""
    n = len(payoffs)
    cheating = np.stack(
        [np.broadcast_to(payoffs[i].max(axis=i, keepdims=True), payoffs[0].shape) for i in range(n)]
    )
    total = payoffs.sum(axis=0)
    left = np.ones(total.shape, bool)
    while left.any():
        stakes = total[left].max() - cheating[:, left].min(axis=1).sum()
        stays = left & ((1 - discount) * (cheating.sum(axis=0) - total) <= discount * stakes + 1e-12)
        if (stays == left).all():
            break
        left = stays
    return left


def test_prisoners_dilemma_needs_no_money_where_both_are_alike():
    solution = solve(DILEMMA, 0.6)
    np.testing.assert_allclose(solution.claim.extra["critical_discounts"][0, 0, 0], 0.5)
    np.testing.assert_allclose(solution.claim.extra["payoff_set"][0], [[1.0, 1.0], [5.0, 1.0], [1.0, 5.0]])
    assert solution.complete[0]
    # one is paid for putting up with being fooled: gains of 1 against stakes of 3
    assert solve(DILEMMA, 0.26).claim.extra["largest_sum"][0] == 5.0
    assert solve(DILEMMA, 0.24).claim.extra["largest_sum"][0] == 2.0
    assert solve(DILEMMA, 0.25).claim.extra["sustained"][0, 0, 1]


def test_money_lets_the_patient_gainer_pay_the_tempted():
    """Gains 3 and 1 over 4 in sum above the punishments: without money max(3/5, 1/3), with it 4/(4 + 4)."""
    payoffs = np.array([[[3.0, 0.0], [6.0, 1.0]], [[3.0, 4.0], [0.0, 1.0]]])
    stage = sim.NormalForm(payoffs, cells=np.ndim(payoffs) == np.shape(payoffs)[1] + 2)
    assert sim.critical_discount(stage, (0, 0), "grim")[0] == pytest.approx(3.0 / 5.0)
    with_money = solve(payoffs, 0.7).claim.extra["critical_discounts"][0, 0, 0]
    assert with_money == pytest.approx(0.5)


@given(game=normal_forms(players=2, most=3, cells=1), discount=st.sampled_from([0.1, 0.37, 0.62, 0.9]))
def test_two_players_agree_with_the_fixed_point(game, discount):
    solution = solve(game.payoffs, discount)
    np.testing.assert_array_equal(
        solution.claim.extra["sustained"][0], fixed_point(game.payoffs[0], discount)
    )
    assert solution.status[0] == Status.ok


@given(game=normal_forms(players=3, most=2, cells=1), discount=st.sampled_from([0.1, 0.37, 0.62, 0.9]))
def test_three_players_agree_with_the_fixed_point(game, discount):
    solution = solve(game.payoffs, discount)
    np.testing.assert_array_equal(
        solution.claim.extra["sustained"][0], fixed_point(game.payoffs[0], discount)
    )
    assert solution.status[0] == Status.ok


@given(game=normal_forms(players=2, most=3, cells=1))
def test_critical_discounts_are_where_the_fixed_point_changes(game):
    critical = solve(game.payoffs, 0.5).claim.extra["critical_discounts"][0]
    for joint in np.ndindex(critical.shape):
        at = critical[joint]
        if np.isnan(at):
            assert not fixed_point(game.payoffs[0], 0.999)[joint] or not game.payoffs.any()
        else:
            assert fixed_point(game.payoffs[0], at + 1e-9)[joint]
            assert at == 0.0 or not fixed_point(game.payoffs[0], at - 1e-9)[joint]


@given(game=normal_forms(players=2, most=3, cells=1), discount=st.sampled_from([0.2, 0.5, 0.8]))
def test_money_takes_nothing_away(game, discount):
    without = sim.solve(sim.Repeated(game, discount), "subgame_perfect").claim.extra
    with_money = solve(game.payoffs, discount).claim.extra
    assert (with_money["sustained"] | ~without["sustained"]).all()
    corners = without["payoff_set"][0]
    corners = corners[~np.isnan(corners[:, 0])]
    if len(corners):
        assert (corners >= with_money["worst"][0] - 1e-9).all()
        assert (corners.sum(axis=1) <= with_money["largest_sum"][0] + 1e-9).all()


def test_public_good_of_three_is_kept_from_the_known_discount_on():
    gives = np.stack(np.meshgrid(*[[1.0, 0.0]] * 3, indexing="ij"))
    payoffs = (0.5 * gives.sum(axis=0) - gives)[np.newaxis]
    np.testing.assert_allclose(solve(payoffs, 0.6).claim.extra["critical_discounts"][0, 0, 0, 0], 0.5)


def test_claims_that_no_payment_enforces_are_refuted():
    game = sim.Repeated(sim.NormalForm(DILEMMA), 0.4)
    claim = transfers(sim.Repeated(sim.NormalForm(DILEMMA), 0.6))
    assert certify(game, claim, "transfers").status[0] == Status.refuted
    claim = transfers(game)
    claim.extra["largest_sum"][0] += 1.0
    assert certify(game, claim, "transfers").status[0] == Status.refuted


def test_what_does_not_fit_is_said():
    stage = sim.NormalForm(DILEMMA)
    assert sim.solve(sim.Repeated(stage, [0.5, 0.6]), "transfers").status[0] == Status.not_found
    with pytest.raises(ValueError, match="leave out the horizon"):
        sim.solve(sim.Repeated(stage, 0.5, horizon=3), "transfers")


def test_no_pure_equilibrium_and_no_stakes_is_the_empty_set():
    solution = solve([[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]], 0.9)
    assert np.isnan(solution.claim.extra["payoff_set"]).all()
    assert solution.count[0] == 0
    assert solution.complete[0]
