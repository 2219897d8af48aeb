"""One payoff that is far from all others blurs none of them: answers against exact arithmetic, and a law."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.forms.normal import NormalForm
from sim.selection import selections
from sim.solution import Status
from tests.draw import normal_forms
from tests.exact_reference import Reference, survivors

PLAYERS = ("player 1", "player 2")
WEAK = {"iterated_dominance": False, "iterated_weak_dominance": True}
SHAPES = [(2, 2), (2, 3), (3, 2), (3, 3)]


def games_with_one_catastrophe(cells, shape, seed):
    """Small whole numbers, of which one is replaced by +-1e3 .. 1e15 in each cell."""
    random = np.random.default_rng(seed)
    payoffs = random.integers(-5, 6, (cells, 2, *shape)).astype(float)
    place = tuple(random.integers(0, size, cells) for size in payoffs.shape[1:])
    payoffs[(np.arange(cells), *place)] = random.choice([-1, 1], cells) * 10.0 ** random.integers(
        3, 16, cells
    )
    return payoffs


def places(reference, strategy, shape):
    """Where the equilibria of the reference stand among those claimed: each probability to 9 digits."""
    result = []
    for pair in reference.extreme:
        wanted = np.zeros((2, max(shape)))
        for player, play in enumerate(pair):
            wanted[player, : len(play)] = [float(share) for share in play]
        (place,) = np.nonzero((np.abs(strategy - wanted) <= 1e-9 * wanted).all(axis=(1, 2)))[0]
        result.append(place)
    return result


def assert_exact(payoffs):
    """Everything that is said of these games is what exact arithmetic says."""
    game, shape = NormalForm(payoffs, PLAYERS), payoffs.shape[2:]
    solution, pure = sim.solve(game), sim.solve(game, "nash", "pure")
    chosen = selections(solution)
    surviving = {concept: sim.solve(game, concept) for concept in WEAK}
    for answer in (solution, pure, *surviving.values()):
        assert not (answer.status == Status.refuted).any()
    assert solution.complete.all()
    for c in range(len(payoffs)):
        reference = Reference(payoffs[c])
        assert solution.count[c] == len(reference.extreme)
        order = places(reference, solution.strategy[c], shape)
        component = solution.component[c, order]
        expected = reference.components
        assert [[a == b for b in expected] for a in expected] == [
            [a == b for b in component] for a in component
        ]
        for value, k in zip(reference.values, order, strict=True):
            assert solution.value[c, k] == pytest.approx(
                [float(number) for number in value], rel=1e-9, abs=1e-9
            )
        for name, positions in reference.selected().items():
            assert {n for n, k in enumerate(order) if chosen[name][c, k]} == positions, name
        actions = pure.strategy[c, : pure.count[c]].argmax(axis=-1)
        assert {tuple(pair) for pair in actions.tolist()} == reference.pure
        for concept, answer in surviving.items():
            found = [set(np.nonzero(own)[0]) for own in answer.claim.extra["survives"][c]]
            assert found == survivors(payoffs[c], weak=WEAK[concept]), concept


@pytest.mark.parametrize("shape", SHAPES)
def test_one_catastrophe_leaves_every_answer_exact(shape):
    assert_exact(games_with_one_catastrophe(60, shape, seed=1))


def test_values_at_the_edge_of_what_floats_tell_are_ranked_exactly():
    """Two and two and a milliardth: worst for player 2 is the first alone."""
    assert_exact(np.array([[[[1.0, 4.0, -1.0], [2.0, 4.0, -3.0]], [[-4.0, 1.0, 2.0], [-1.0, 1e9, 3.0]]]]))


@pytest.mark.deep
@pytest.mark.parametrize("shape", SHAPES)
def test_ten_thousand_catastrophes_leave_every_answer_exact(shape):
    assert_exact(games_with_one_catastrophe(2500, shape, seed=2))


def answers(game):
    """Strategies, with the selections by value that hold of each, and what survives dominance; pure ones too."""
    solution, pure = sim.solve(game), sim.solve(game, "nash", "pure")
    chosen = {name: mask for name, mask in selections(solution).items() if name != "risk_dominant"}
    result = []
    for c in range(game.cells):
        found = {}
        for k in range(solution.count[c]):
            key = tuple(solution.strategy[c, k].round(9).ravel().tolist())
            found[key] = {name for name, mask in chosen.items() if mask[c, k]}
        stable = {tuple(play.ravel().tolist()) for play in pure.strategy[c, : pure.count[c]]}
        result.append((found, stable))
    return result, [sim.solve(game, concept).claim.extra["survives"].tolist() for concept in WEAK]


@given(normal_forms(most=3, cells=1), st.data())
def test_a_loss_where_one_loses_anyway_changes_nothing(game, data):
    """Where his action is strictly dominated already, a player's payoff may fall by as much as it likes."""
    rows = data.draw(st.integers(0, game.payoffs.shape[2] - 1))
    columns = data.draw(st.integers(0, game.payoffs.shape[3] - 1))
    payoffs = np.concatenate(
        [game.payoffs, game.payoffs[:, :, rows : rows + 1] - [[[[1.0]], [[0.0]]]]], axis=2
    )
    other = NormalForm(payoffs, PLAYERS)
    payoffs = payoffs.copy()
    payoffs[0, 0, -1, columns] -= 10.0 ** data.draw(st.integers(3, 15))
    assert answers(NormalForm(payoffs, PLAYERS)) == answers(other)


def test_wrong_play_is_refuted_however_large_a_payoff_nobody_meets():
    payoffs = np.array([[[[3.0, 0.0], [4.0, 1.0], [-1e12, 0.0]], [[3.0, 4.0], [0.0, 1.0], [0.0, -1e12]]]])
    game = NormalForm(payoffs, PLAYERS)
    right, wrong = np.zeros((1, 1, 2, 3)), np.zeros((1, 1, 2, 3))
    right[0, 0, :, 1], wrong[0, 0, :, 0] = 1, 1
    no = np.zeros(1, np.bool_)
    for play, status in ((right, Status.ok), (wrong, Status.refuted)):
        claim = sim.solution.Claim(play, np.zeros(1, np.int8), no, no)
        assert sim.solution.certify(game, claim).status.tolist() == [status]


def test_near_ties_that_were_written_are_no_ties():
    payoffs = np.array([[[[1.0, 0.0], [1.0 + 1e-11, 0.0]], [[1.0, 0.0], [1.0, 0.0]]]])
    game = NormalForm(payoffs, PLAYERS)
    pure = sim.solve(game, "nash", "pure")
    assert pure.strategy[0, : pure.count[0], 0].argmax(axis=-1).tolist() == [1]
    assert sim.solve(game, "iterated_weak_dominance").claim.extra["survives"][0, 0].tolist() == [False, True]


def chicken(war):
    row = np.array([[0.0, -1.0], [1.0, -war]])
    return NormalForm(np.stack([row, row.T]), PLAYERS)


@pytest.mark.parametrize("war", [1e3, 1e8, 1e9, 1e12, 1e15])
def test_both_sides_may_be_stable_however_terrible_the_war(war):
    stable = sim.solve(chicken(war), "evolutionarily_stable")
    assert stable.status.tolist() == [Status.ok]
    assert stable.count.tolist() == [1]
    np.testing.assert_allclose(stable.strategy[0, 0, 0, 1], 1 / war, rtol=1e-12)
    assert sim.solve(chicken(war), "iterated_weak_dominance").count.tolist() == [4]
    solution = sim.solve(chicken(war))
    assert solution.component.tolist() == [[0, 1, 2]]
    assert solution.index[0].sum() == 1
    chosen = selections(solution)
    mixed = int(np.nonzero((solution.strategy[0] < 1).all(axis=(1, 2)))[0][0])
    assert not any(mask[0, mixed] for name, mask in chosen.items() if name.startswith(("best", "worst")))


@pytest.mark.parametrize("unit", [1e-9, 1e6, 1e8, 1e9])
@pytest.mark.parametrize(
    "concept", ["quantal_response", "correlated", "coarse_correlated", "maxmin", "minmax"]
)
def test_concepts_hold_in_any_unit(concept, unit):
    pennies = np.array([[[3.0, 0.0], [1.0, 1.0]], [[0.0, 1.0], [-1.0, -1.0]]])
    solution = sim.solve(NormalForm(unit * pennies, PLAYERS), concept)
    assert solution.status.tolist() == [Status.ok]


def test_a_precision_beyond_floats_is_no_answer_and_no_bug():
    pennies = np.array([[[3.0, 0.0], [1.0, 1.0]], [[0.0, 1.0], [-1.0, -1.0]]])
    solution = sim.solve(NormalForm(1e12 * pennies, PLAYERS), "quantal_response")
    assert solution.status.tolist() == [Status.not_found]


@pytest.mark.parametrize("level", [1e6, 1e9, 1e12])
@pytest.mark.parametrize(
    "concept", ["quantal_response", "correlated", "coarse_correlated", "maxmin", "minmax"]
)
def test_a_level_of_payoffs_changes_no_play(concept, level):
    random = np.random.default_rng(4)
    payoffs = random.integers(-3, 6, (20, 2, 3, 3)).astype(float)
    usual, high = (sim.solve(NormalForm(payoffs + add, PLAYERS), concept) for add in (0.0, level))
    assert (high.status == usual.status).all()
    np.testing.assert_allclose(high.value - level, usual.value, atol=1e-3)


@pytest.mark.parametrize("war", [1e6, 1e9, 1e12])
def test_advice_about_a_catastrophe_is_obeyed(war):
    """Best for both is a fair coin between the two equilibria in which one gives way, or near it: chicken."""
    solution = sim.solve(chicken(war), "correlated")
    assert solution.status.tolist() == [Status.ok]
    np.testing.assert_allclose(solution.value[0, :2].sum(axis=1)[0], 0.0, atol=1e-9)
    best = solution.value[0, solution.claim.names.index("best for player 1"), 0]
    assert best == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("punishment", ["grim", "nash_reversion"])
@pytest.mark.parametrize("war", [1e3, 1e9, 1e12])
def test_patience_does_not_depend_on_a_war_that_nobody_meets(punishment, war):
    row = np.array([[2.0, 0.0, 0.0], [3.0, 1.0, 0.0], [0.0, 0.0, -war]])
    critical = sim.critical_discount(NormalForm(np.stack([row, row.T]), PLAYERS), (0, 0), punishment)
    np.testing.assert_allclose(critical, [0.5], rtol=1e-9)
