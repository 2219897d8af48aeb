from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

import sim
from sim.solution import Status, certify
from tests.draw import normal_forms

several = st.integers(2, 3).flatmap(lambda players: normal_forms(players=players, most=3))


def gains_most(own, a, weak):
    """Most that a mixture gains on action a: in the worst case (strict), or in total without loss (weak)."""
    rivals = [b for b in range(len(own)) if b != a]
    gain = (own[rivals] - own[a]).T  # (others, rivals)
    if not rivals:
        return 0.0
    ones = [[1.0] * len(rivals) + ([] if weak else [0.0])]
    if weak:
        return (
            -linprog(-gain.sum(axis=0), -gain, np.zeros(len(gain)), ones, [1]).fun if feasible(gain) else 0.0
        )
    rows = np.hstack([-gain, np.ones((len(gain), 1))])
    bounds = [(0, None)] * len(rivals) + [(None, None)]
    return -linprog([0.0] * len(rivals) + [-1.0], rows, np.zeros(len(gain)), ones, [1], bounds=bounds).fun


def feasible(gain):
    return linprog(
        np.zeros(gain.shape[1]), -gain, np.zeros(len(gain)), np.ones((1, gain.shape[1])), [1]
    ).success


def survivors_by_definition(payoffs, weak):
    """Elimination in rounds, each dominated action found by scipy's HiGHS."""
    players, *sizes = payoffs.shape
    alive = [list(range(size)) for size in sizes]
    while True:
        keep = []
        for i in range(players):
            table = np.moveaxis(payoffs[(i, *np.ix_(*alive))], i, 0).reshape(len(alive[i]), -1)
            keep.append([action for a, action in enumerate(alive[i]) if gains_most(table, a, weak) <= 1e-9])
        if keep == alive:
            return alive
        alive = keep


@pytest.mark.parametrize("weak", [False, True])
@given(game=several)
def test_survivors_agree_with_the_definition(weak, game):
    solution = sim.solve(game, "iterated_weak_dominance" if weak else "iterated_dominance")
    assert (solution.status == Status.ok).all()
    for cell, payoffs in enumerate(game.payoffs):
        alive = survivors_by_definition(payoffs, weak)
        found = [list(np.nonzero(row)[0]) for row in solution.claim.extra["survives"][cell]]
        assert alive == found
        assert solution.count[cell] == np.prod([len(actions) for actions in alive])


@given(normal_forms(players=2, most=3))
def test_equilibria_never_play_what_is_dominated(game):
    nash = sim.solve(game, "nash")
    survives = sim.solve(game, "iterated_dominance").claim.extra["survives"]
    assert (np.nan_to_num(nash.strategy) * ~survives[:, np.newaxis] == 0).all()


def test_an_action_dominated_only_by_a_mixture_goes():
    """Pearce (1984): the third row is never best, though no row is always better."""
    rows = np.array([[3.0, 0.0], [0.0, 3.0], [1.0, 1.0]])
    game = sim.NormalForm([rows, [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]])
    solution = sim.solve(game, "rationalizable")
    assert solution.claim.extra["survives"][0, 0].tolist() == [True, True, False]
    assert solution.count[0] == 4


def test_prisoners_dilemma_is_solvable():
    game = sim.NormalForm([[[2.0, 0.0], [3.0, 1.0]], [[2.0, 3.0], [0.0, 1.0]]])
    solution = sim.solve(game, "iterated_dominance")
    assert solution.count[0] == 1
    np.testing.assert_array_equal(solution.value[0, 0], [1, 1])


@pytest.mark.parametrize("concept", ["iterated_dominance", "iterated_weak_dominance"])
def test_wrong_claims_are_refuted(concept):
    game = sim.NormalForm([[[2.0, 0.0], [3.0, 1.0]], [[2.0, 3.0], [0.0, 1.0]]])
    claim = sim.solve(game, concept).claim
    everything = np.ones_like(claim.extra["survives"])
    too_many = {**claim.extra, "survives": everything, "round": np.zeros_like(claim.extra["round"])}
    assert certify(game, replace(claim, extra=too_many), concept).status[0] == Status.refuted
    undominated = {**claim.extra, "dominator": claim.extra["dominator"][..., ::-1]}
    assert certify(game, replace(claim, extra=undominated), concept).status[0] == Status.refuted
    other = replace(claim, strategy=claim.strategy[..., ::-1])
    assert certify(game, other, concept).status[0] == Status.refuted


def test_an_action_weakly_dominated_only_by_a_mixture_goes():
    # half of each of the others does as well against the first two replies, and better against the third
    own = np.array([[1.0, 1.0, 0.0], [2.0, 0.0, 1.0], [0.0, 2.0, 0.0]])
    game = sim.NormalForm(np.stack([own, np.zeros((3, 3))]))
    solution = sim.solve(game, "iterated_weak_dominance")
    assert solution.claim.extra["survives"][0, 0].tolist() == [False, True, True]
    assert sim.solve(game, "iterated_dominance").claim.extra["survives"][0, 0].all()
