"""Signalling games with two types: published answers, another theorem, the strategic form, and laws."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.answers.shared import KINDS
from sim.solution import Status, certify
from tests.house import ROOT
from tests.signalling import (
    as_tree,
    beer_quiche,
    by_strategic_form,
    drawn,
    on_path,
    published,
    same,
)

CASES = {case["id"]: case for case in json.loads((ROOT / "tests/cases/signalling.json").read_text())}


def solved(game, **options):
    solution = sim.solve(game, "sequential", "polylines", **options)
    assert (solution.status <= Status.degenerate).all()
    assert solution.complete.all()
    return solution


def outcomes(solution, k=0):
    return dict(zip(solution.game.outcomes.names, solution.outcomes[0, k], strict=True))


def kind(solution, k=0):
    return KINDS[solution.claim.extra["kind"][0, k]]


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("bluff_signal")])
def test_whoever_bluffs_does_so_as_often_as_the_target_can_bear(name):
    """Spence (1973), Fearon (1997): probabilities of build-up and of concession, and the regime."""
    case = CASES[name]
    wanted, solution = case["expected"], solved(published(case))
    agents = [agent.label for agent in solution.game.agents]
    play = solution.strategy[0, 0]
    assert solution.count[0] == 1
    np.testing.assert_allclose(play[agents.index("S@S_R"), 0], wanted["build_resolved"], atol=1e-6)
    np.testing.assert_allclose(play[agents.index("S@S_B"), 0], wanted["build_bluffer"], atol=1e-6)
    np.testing.assert_allclose(play[agents.index("N@N_after_build"), 0], wanted["concede"], atol=1e-6)
    assert wanted["regime"] in {kind(solution), "never concede"}
    found = outcomes(solution)
    assert found["war"] == pytest.approx(wanted["prob_war"], abs=1e-6)
    assert found["concession"] == pytest.approx(wanted["prob_concession"], abs=1e-6)


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("zk_udg")])
def test_unilateral_deterrence_has_the_equilibria_of_its_book(name):
    """Zagare and Kilgour (2000): two equilibria side by side, told apart by what happens."""
    solution = solved(published(CASES[name]))
    found = [outcomes(solution, k) for k in range(solution.count[0])]
    wanted = CASES[name]["expected"]["equilibria"]
    assert len(found) == len(wanted)
    for one in wanted:
        shares = [one[word] for word in ("SQ", "DC", "CD", "DD")]
        assert any(np.allclose([each[word] for word in ("SQ", "DC", "CD", "DD")], shares) for each in found)


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("seed_crisis")])
def test_the_crisis_has_one_outcome_in_every_setting(name):
    case = CASES[name]
    solution = solved(published(case))
    talks = ("L-T", "W-T", "W-F", "L-F", "W-D", "L-D", "W-DT", "L-DT")
    for k in range(solution.count[0]):
        found = outcomes(solution, k)
        war = sum(share for word, share in found.items() if word.endswith("war"))
        assert war == pytest.approx(case["expected"]["outcome"]["p_war"], abs=1e-6)
        conceded = sum(share for word, share in found.items() if word.endswith("-C"))
        assert conceded == pytest.approx(case["expected"]["outcome"]["p_legal_guarantee"], abs=1e-6)
        quiet = sum(found.get(word, 0.0) for word in talks)
        assert quiet == pytest.approx(case["expected"]["outcome"]["p_talks_no_rifle"], abs=1e-6)


def test_beer_and_quiche_keeps_beer_alone_and_says_why():
    """Cho and Kreps (1987): two pooling equilibria, of which the one on quiche fails the intuitive criterion."""
    solution = solved(beer_quiche(0.1))
    assert solution.count[0] == 2
    assert [kind(solution, k) for k in range(2)] == ["pooling", "pooling"]
    drinks = solution.strategy[0, :2, 0, 0]
    extra = solution.claim.extra
    assert extra["intuitive"][0].tolist() == drinks.tolist() == extra["d1"][0].tolist()
    on_quiche = int(np.argmin(drinks))
    assert extra["reasons"][0, on_quiche]["intuitive"] == (
        "wimp could never gain by signal beer (at most 2, and it has 3), so it must come from surly, who would then "
        "gain 1 by sending it"
    )
    assert extra["reasons"][0, 1 - on_quiche] == {}


def test_beliefs_that_deter_are_an_interval():
    """In beer and quiche: after a signal that nobody sends a duel is fought if a wimp is likely enough, from 1/2 up."""
    solution = solved(beer_quiche(0.1))
    game, extra = solution.game, solution.claim.extra
    on_quiche = int(np.argmin(solution.strategy[0, :2, 0, 0]))
    told = game.take([0]).assessment(
        solution.strategy[0, on_quiche][np.newaxis], {n: a[0, on_quiche] for n, a in extra.items()}
    )
    assert told["beliefs"]["Receiver@beer"]["wimp"] == pytest.approx([0.5, 1.0])
    assert told["beliefs"]["Receiver@quiche"]["wimp"] == pytest.approx([0.1, 0.1])


def test_whoever_replies_the_same_to_everybody_may_believe_anything():
    """In the crisis nobody withdraws: the Alliance talks then, whatever it believes."""
    solution = solved(sim.load(ROOT / "scenarios/crisis_2021.toml").game())
    claimed = {name: array[0, 0] for name, array in solution.claim.extra.items()}
    told = solution.game.assessment(solution.strategy[0, :1], claimed)["beliefs"]
    assert told["NATO@cohesive, withdraw"]["resolved"] == [0.0, 1.0]
    assert told["NATO@cohesive, build_up"]["resolved"] == pytest.approx([0.3, 0.3])


@pytest.mark.parametrize("prior", [0.0, 1.0])
def test_a_type_that_is_never_drawn_changes_nothing_of_what_the_other_gets(prior):
    solution, near = (solved(beer_quiche(p)) for p in (prior, abs(prior - 1e-6)))
    assert np.isfinite(solution.value[0, 0]).all()
    gaps = np.abs(near.value[0] - solution.value[0, 0]).max(axis=1)
    assert np.nanmin(gaps) < 1e-4


@pytest.mark.parametrize(
    ("seed", "shape", "cells"),
    [
        (1, (2, 2, 1, 2), 30),
        (2, (2, 3, 1, 2), 5),
        (3, (2, 2, 1, 3), 6),
        pytest.param(9, (2, 2, 1, 2), 300, marks=pytest.mark.deep),
        pytest.param(10, (2, 3, 1, 2), 100, marks=[pytest.mark.deep, pytest.mark.timeout(1800)]),
    ],
)
def test_all_nash_equilibria_that_beliefs_support_are_found_and_no_others(seed, shape, cells):
    """Against every Nash equilibrium of the strategic form (nashpy), filtered by linear programmes for beliefs."""
    prior, sender, receiver = drawn(seed, cells, shape)
    found = on_path(solved(as_tree(prior, sender, receiver)), shape[1], shape[3])
    for c, mine in enumerate(found):
        theirs = by_strategic_form(prior[c], sender[c, :, :, 0], receiver[c, :, :, 0])
        assert same(mine, theirs), (c, prior[c].tolist(), sender[c].tolist(), receiver[c].tolist())


@pytest.mark.parametrize("shape", [(2, 2, 1, 2), (2, 3, 1, 3), (2, 2, 2, 2)])
def test_another_theorem_finds_the_same(shape):
    """Supports and faces of beliefs, where nothing ties."""
    prior, sender, receiver = drawn(4, 300, shape)
    met = None
    if shape[2] == 2:
        first = np.random.default_rng(5).uniform(0.1, 0.9, (300, 2, 1))
        met = np.concatenate([first, 1 - first], axis=2)
    game = as_tree(prior, sender, receiver, met)
    mine, other = solved(game), sim.solve(game, "sequential", "belief_faces")
    clear = other.complete
    assert clear.mean() > 0.9
    np.testing.assert_array_equal(mine.count[clear], other.count[clear])
    for c in np.flatnonzero(clear):
        mine_values, other_values = (np.sort(s.value[c, : s.count[c], 0]) for s in (mine, other))
        np.testing.assert_allclose(mine_values, other_values, atol=1e-8)


def test_ties_leave_continua_that_are_given_by_their_ends():
    """Whole-number payoffs tie everywhere: all is certified, and what nashpy finds lies between ends."""
    prior, sender, receiver = drawn(6, 12, whole=3)
    solution = solved(as_tree(prior, sender, receiver))
    assert solution.degenerate.mean() > 0.3
    for c in range(12):
        values = solution.value[c, : solution.count[c], 0]
        for play in by_strategic_form(prior[c], sender[c, :, :, 0], receiver[c, :, :, 0]):
            plan, reply = play[:4].reshape(2, 2), play[4:].reshape(2, 2)
            gets = sum(
                prior[c, t] * plan[t, m] * (sender[c, t, m, 0] @ reply[m])
                for t in range(2)
                for m in range(2)
                if plan[t, m]
            )
            assert values.min() - 1e-7 <= gets <= values.max() + 1e-7


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.sampled_from([None, 3]), st.floats(0.2, 5), st.floats(-3, 3))
def test_units_of_payoffs_change_nothing(seed, whole, factor, shift):
    prior, sender, receiver = drawn(seed, 4, whole=whole)
    first = solved(as_tree(prior, sender, receiver))
    second = solved(as_tree(prior, sender * factor + shift, receiver * 2.0 - shift))
    np.testing.assert_array_equal(first.count, second.count)
    for one, other in zip(on_path(first), on_path(second), strict=True):
        assert same(one, other)


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.sampled_from([None, 3]))
def test_the_order_of_types_and_signals_changes_nothing(seed, whole):
    prior, sender, receiver = drawn(seed, 4, whole=whole)
    turned = (array[:, ::-1, ::-1] for array in (sender, receiver))
    first, second = solved(as_tree(prior, sender, receiver)), solved(as_tree(prior[:, ::-1], *turned))
    np.testing.assert_array_equal(first.count, second.count)
    for one, other in zip(on_path(first), on_path(second), strict=True):
        back = [np.concatenate([play[:4][::-1], play[4:].reshape(2, 2)[::-1].ravel()]) for play in other]
        assert same(one, back)


def test_every_game_has_an_equilibrium_and_d1_leaves_an_odd_number():
    """The number that D1 leaves was odd in every generic game that was looked at: no theorem, but a good alarm."""
    prior, sender, receiver = drawn(8, 1000)
    solution = solved(as_tree(prior, sender, receiver))
    assert (solution.count >= 1).all()
    extra = solution.claim.extra
    left = (extra["d1"] == 1).sum(axis=1)
    assert (left[~solution.degenerate] % 2 == 1).all()
    assert (extra["intuitive"] >= extra["d1"]).all()  # whatever the intuitive criterion cuts, D1 does


@pytest.mark.parametrize("change", [1e-6, -1e-6])
def test_a_belief_on_the_path_that_is_changed_is_refuted(change):
    solution = solved(beer_quiche(0.1))
    claim = solution.claim
    belief = claim.extra["belief"].copy()
    game = solution.game
    quiche = next(h for h, agent in enumerate(game.agents) if agent.label == "Receiver@quiche")
    first = int(game.shape.first[quiche])
    on_quiche = int(np.argmin(solution.strategy[0, :2, 0, 0]))
    belief[0, on_quiche, first : first + 2] += [change, -change]
    false = replace(
        claim, extra=claim.extra | {"belief": belief, "belief_low": belief, "belief_high": belief}
    )
    assert certify(game, false, "sequential").status[0] == Status.refuted


def test_an_end_of_an_interval_that_is_moved_outward_is_refuted():
    solution = solved(beer_quiche(0.1))
    claim, game = solution.claim, solution.game
    beer = next(h for h, agent in enumerate(game.agents) if agent.label == "Receiver@beer")
    first = int(game.shape.first[beer])
    on_quiche = int(np.argmin(solution.strategy[0, :2, 0, 0]))
    low, high = claim.extra["belief_low"].copy(), claim.extra["belief_high"].copy()
    low[0, on_quiche, first] -= 1e-6
    high[0, on_quiche, first + 1] += 1e-6
    false = replace(claim, extra=claim.extra | {"belief_low": low, "belief_high": high})
    assert certify(game, false, "sequential").status[0] == Status.refuted


def test_a_probability_on_which_an_indifference_rests_is_refuted_when_changed():
    solution = solved(published(CASES["bluff_signal_1"]))
    strategy = solution.strategy.copy()
    bluffer = [agent.label for agent in solution.game.agents].index("S@S_B")
    strategy[0, 0, bluffer, :2] += [1e-6, -1e-6]
    false = replace(solution.claim, strategy=strategy)
    assert certify(solution.game, false, "sequential").status[0] == Status.refuted


def test_the_map_of_the_crisis_has_three_regimes():
    """Of 13 x 13 points 80 pool, 50 semi-separate and 39 separate (seed_map_pi_omega of the model's document)."""
    axes = np.linspace(0.031, 0.631, 13), np.linspace(0.011, 0.371, 13)
    resolve, division = (axis.ravel() for axis in np.meshgrid(*axes, indexing="ij"))
    solution = solved(sim.load(ROOT / "scenarios/crisis_2021.toml").game(resolve=resolve, division=division))
    found = [KINDS[one] for one in solution.claim.extra["kind"][:, 0]]
    assert [found.count(word) for word in ("pooling", "semi-separating", "separating")] == [80, 50, 39]
    for c in np.flatnonzero(solution.count > 1):  # the ends of a continuum, with one outcome
        np.testing.assert_allclose(solution.outcomes[c, 1], solution.outcomes[c, 0], atol=1e-12)


@pytest.mark.parametrize(
    ("name", "fixed", "low", "high", "border"),
    [
        ("division", {"resolve": 0.3}, 0.05, 0.1, 0.0790697674),
        ("resolve", {"division": 0.1}, 0.2, 0.3, 0.2549019608),
    ],
)
def test_regimes_of_the_crisis_end_where_the_formulas_say(name, fixed, low, high, border):
    scenario = sim.load(ROOT / "scenarios/crisis_2021.toml")

    def pools(value):
        return kind(solved(scenario.game(**fixed, **{name: value}))) == "pooling"

    for _ in range(24):
        middle = (low + high) / 2
        low, high = (low, middle) if pools(middle) else (middle, high)
    assert low == pytest.approx(border, abs=1e-7)
