"""All extreme Nash equilibria of two-player trees, against the reduced strategic form."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import sim
from sim.claim import Claim, Status
from sim.kernels.bimatrix.exact import maximal_subsets
from sim.solution import certify
from sim.solvers.methods import realisation_plans
from sim.solvers.methods.realisation_plans import extremes, pure_plans, sequences_of
from tests.draw import trees
from tests.forms.test_tree import BEER

ENTRY = sim.Tree({"Entrant": {"out": (0, 2), "in": {"Owner@in": {"share": (1, 1), "fight": (-1, -1)}}}})


def solved(game):
    return sim.solve(game, "nash", "sequence_form")


def test_an_empty_threat_is_a_nash_equilibrium_and_a_continuum():
    """Selten (1978): the owner need not be sure to fight, only likely enough."""
    solution = solved(ENTRY)
    np.testing.assert_array_equal([[0, 2], [0, 2], [1, 1]], solution.value[0])
    np.testing.assert_array_equal([[0, 1], [0.5, 0.5], [1, 0]], solution.strategy[0, :, 1])
    assert solution.component[0].tolist() == [0, 0, 1]
    assert solution.status[0] == Status.degenerate
    assert solution.complete[0]


def test_what_agents_would_not_change_one_by_one_a_player_changes_whole():
    """Myerson (1991), figure 4.2: (B1, Z1, W2) is an equilibrium of the agents, and no Nash equilibrium."""
    game = sim.Tree(
        {
            "1": {
                "A1": {
                    "2@": {
                        "W2": {"1@A1": {"Y1": (3, 0), "Z1": (0, 0)}},
                        "X2": {"1@A1": {"Y1": (2, 3), "Z1": (4, 1)}},
                    }
                },
                "B1": {"2@": {"W2": (2, 3), "X2": (3, 2)}},
            }
        },
        players=("1", "2"),
    )
    solution = solved(game)
    places = {agent.label: h for h, agent in enumerate(game.agents)}
    first, second, third = (places[label] for label in ("1", "2@", "1@A1"))
    agents_only = np.zeros((1, 1, *game.mask.shape))
    agents_only[0, 0, first], agents_only[0, 0, second], agents_only[0, 0, third] = (0, 1), (1, 0), (0, 1)
    gain = (
        np.nanmax(game.deviations(agents_only[:, 0])[0], axis=1)
        - game.values(agents_only[:, 0])[0][[agent.player for agent in game.agents]]
    )
    assert (gain <= 0).all()
    assert certify(game, Claim(agents_only), "nash").status[0] == Status.refuted
    np.testing.assert_allclose([0, 1 / 3, 1 / 2], np.sort(solution.strategy[0, :, second, 0]))
    np.testing.assert_allclose([5 / 2, 8 / 3, 4], np.sort(solution.value[0, :, 0]))


def test_poker_is_bluffed_one_time_in_three():
    """Myerson (1991), figure 2.1 and section 4.1: the black card is raised with 1/3, and met with 2/3."""
    raised = {
        card: {"Alice@raise": {"Meet": (win, -win), "Pass": (1, -1)}}
        for card, win in (("red", 2), ("black", -2))
    }
    game = sim.Tree(
        {
            "chance": {
                "red": (0.5, {"Fred@red": {"Raise": raised["red"], "Fold": (1, -1)}}),
                "black": (0.5, {"Fred@black": {"Raise": raised["black"], "Fold": (-1, 1)}}),
            }
        },
        players=("Fred", "Alice"),
    )
    solution = solved(game)
    assert solution.count[0] == 1
    np.testing.assert_allclose([1 / 3, -1 / 3], solution.value[0, 0])
    play = dict(zip((agent.label for agent in game.agents), solution.strategy[0, 0, :, 0], strict=True))
    assert play == pytest.approx({"Fred@red": 1, "Fred@black": 1 / 3, "Alice@raise": 2 / 3})


def test_beer_and_quiche_have_two_outcomes_and_continua_off_the_path():
    """Cho and Kreps (1987): both breakfasts are pooled on; whoever sees the other one fights often enough."""
    solution = solved(BEER)
    np.testing.assert_allclose([[2.9, 0.9], [2.9, 0.9], [2.1, 0.9], [2.1, 0.9]], solution.value[0])
    assert solution.component[0].tolist() == [0, 0, 1, 1]
    assert solution.degenerate[0]


def test_beliefs_are_told_where_play_comes_and_nowhere_else():
    solution = solved(BEER)
    told = BEER.assessment(solution.strategy[0, :1], {})
    reached = {label for label, reach in told["reach"].items() if reach > 0 and label.startswith("R")}
    assert set(told["beliefs"]) == reached
    assert len(reached) == 1


def test_too_many_plans_are_refused_with_their_number_and_left_to_the_path():
    lots = {
        str(t): (0.1, {f"S@{t}": {"a": (0, 0), "b": {"R": {"x": (t - 5, t), "y": (5 - t, 5 - t)}}}})
        for t in range(10)
    }
    game = sim.Tree({"chance": lots})
    with pytest.raises(ValueError, match=r"22 sequences and 1024 and 2 pure plans; at most 62 .* logit_path"):
        solved(game)
    assert sim.solve(game, "nash").claim.strategy.shape[1] == 1


def test_too_many_vertices_are_said_to_be_too_many(monkeypatch):
    monkeypatch.setattr(realisation_plans, "MOST_RAYS", 2)
    solution = solved(BEER)
    assert solution.status[0] == Status.max_steps
    assert not solution.complete[0]


def test_long_numbers_give_what_short_ones_do():
    """Thirds are 2^-53 off as floats, and fractions as they are written."""
    rng = np.random.default_rng(1)
    whole = rng.integers(-9, 9, (20, *BEER.payoffs.shape[1:])).astype(float)
    short, long = (
        solved(sim.Tree(one, BEER.players, BEER.shape, BEER.chance)) for one in (whole, whole / 3 * 1e-7)
    )
    np.testing.assert_array_equal(short.count, long.count)
    np.testing.assert_allclose(short.strategy, long.strategy, atol=1e-6)


def plans_of(game, player):
    """What each pure plan of a player makes of his sequences, and the actions of his agents in one of its strategies."""
    own, found = sequences_of(game.shape)[player], {}
    for choice in itertools.product(*(range(size) for size in own.sizes)):
        plan = [1] + [0] * own.count
        for h, a in zip(own.agents, choice, strict=True):
            plan[own.begin[h] + a] = plan[own.before[h]]
        found.setdefault(tuple(plan[1:]), dict(zip(own.agents, choice, strict=True)))
    return found


def reduced(game, plans):
    """The payoffs of the reduced strategic form."""
    table = np.zeros((game.cells, 2, *map(len, plans)))
    for i, first in enumerate(plans[0].values()):
        for j, second in enumerate(plans[1].values()):
            play = np.zeros((game.cells, *game.mask.shape))
            for h, a in {**first, **second}.items():
                play[:, h, a] = 1
            table[:, :, i, j] = game.values(play)
    return table


def mixed_from(point, points):
    """Whether a point is a mixture of others."""
    points = np.array(points)
    system = np.vstack([points.T, np.ones(len(points))])
    return linprog(np.zeros(len(points)), A_eq=system, b_eq=np.append(point, 1), bounds=(0, None)).status == 0


def check_against_strategic_form(game):
    """The extreme equilibria are among those of the reduced strategic form, and all others are mixtures of them.

    Several mixed strategies can be one plan, so that an extreme one of the strategic form may be inside a segment.
    """
    plans = [plans_of(game, i) for i in range(2)]
    assert list(map(len, plans)) == list(map(pure_plans, sequences_of(game.shape)))
    found = extremes(game)
    weights = [np.array(list(own)).reshape(len(own), -1) for own in plans]
    strategic = sim.solve(sim.NormalForm(reduced(game, plans), cells=True), "nash", "vertex_enumeration")
    rows = np.round(np.concatenate(found.plans, axis=1), 10) + 0.0
    split = weights[0].shape[1]
    for cell in range(game.cells):
        ours = {tuple(row) for row in rows[found.cell == cell]}
        assert len(ours) == (found.cell == cell).sum()
        theirs = set()
        for x, y in strategic.strategy[cell, : strategic.count[cell]]:
            both = np.concatenate([x[: len(weights[0])] @ weights[0], y[: len(weights[1])] @ weights[1]])
            theirs.add(tuple(np.round(both, 10) + 0.0))
        assert ours <= theirs
        pairs = [(row[:split], row[split:]) for row in sorted(ours)]
        firsts, seconds = (sorted({pair[i] for pair in pairs}) for i in range(2))
        numbers = [[[firsts.index(x)], [seconds.index(y)]] for x, y in pairs]
        subsets = maximal_subsets(np.array(numbers, dtype=object))
        for row in theirs - ours:
            assert any(
                mixed_from(row[:split], [pairs[k][0] for k in members])
                and mixed_from(row[split:], [pairs[k][1] for k in members])
                for members, _, _ in subsets
            )


@st.composite
def small_trees(draw):
    """Trees of few plans, with payoffs that tie or are drawn from all floats."""
    game = draw(trees(players=2, most=3, cells=2))
    if draw(st.booleans()):
        rng = np.random.default_rng(draw(st.integers(0, 10**6)))
        game = game.with_payoffs(rng.normal(size=game.payoffs.shape))
    return game


def few(game):
    return max(map(pure_plans, sequences_of(game.shape))) <= 14


@given(game=small_trees().filter(few))
def test_equilibria_are_those_of_the_reduced_strategic_form(game):
    check_against_strategic_form(game)


@pytest.mark.deep
@settings(max_examples=2000)
@given(game=small_trees().filter(few))
def test_equilibria_are_those_of_the_reduced_strategic_form_at_length(game):
    check_against_strategic_form(game)


@given(game=small_trees())
def test_logit_play_ends_in_one_of_its_components(game):
    """What another method finds is a mixture within one component, so that nobody else's payoffs are new."""
    every = solved(game)
    one = sim.solve(game, "nash", "logit_path")
    for cell in np.flatnonzero((one.status <= Status.degenerate) & every.complete):
        low, high = (bound(every.value[cell, : every.count[cell]], axis=0) for bound in (np.min, np.max))
        slack = 1e-6 * game.scale[cell]
        assert (one.value[cell, 0] >= low - slack).all()
        assert (one.value[cell, 0] <= high + slack).all()
