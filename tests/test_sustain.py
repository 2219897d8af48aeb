"""Critical discounts, threats and minmax against published and closed-form answers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import sim
from sim import patience as sustain
from tests.games import MILD

CASES = json.loads((Path(__file__).parent / "cases" / "repeated.json").read_text())
CRITICAL = [case for case in CASES if case["critical"]]
PD = sim.NormalForm(MILD)


@pytest.mark.parametrize("case", CRITICAL, ids=lambda case: case["name"])
@pytest.mark.parametrize(("punishment", "key"), [("optimal", "penal"), ("grim", "grim")])
def test_published_critical_discounts(case, punishment, key):
    found = sustain.critical_discounts(sim.NormalForm(case["payoffs"]), punishment)[0]
    for name, expected in case["critical"].items():
        number = np.nan if expected[key] is None else expected[key]
        assert np.isclose(found[tuple(map(int, name.split(",")))], number, atol=1e-9, equal_nan=True), name


def test_the_borders_of_the_prisoners_dilemma():
    assert np.isclose(sim.critical_discount(PD, (0, 0))[0], 1.0 / 7.0, atol=1e-9)
    lower, upper = sustain.critical_bounds(PD, once=True)
    assert np.allclose([lower[0, 0, 1], upper[0, 0, 1]], 36.0 * np.sqrt(7.0) - 95.0, atol=1e-9)


def test_the_largest_set_of_the_dilemma_begins_at_a_quarter():
    for d in (0.25 - 1e-9, 0.25):
        game = sim.Repeated(PD, d)
        most = np.nanmax(sim.solve(game, "subgame_perfect").claim.extra["payoff_set"])
        jumps = 9.0 + ((1.0 - d) + np.sqrt((1.0 - d) ** 2 - 24.0 * (2.0 - 8.0 * d))) / 2.0
        assert abs(most - jumps) < 1e-9
    assert jumps == 9.75


FOLD = [
    [[0.050871936294749065, 0.4964862813187524, 0.9426681300203368],
     [0.7183515367376082, 0.6408828839275288, 0.7412596146312007],
     [0.6661420011582175, 0.6643647948571795, 0.73288824901546]],
    [[0.940482941337601, 0.8608747054888308, 0.8870988476927938],
     [0.06926160704756035, 0.6896468668507977, 0.9615944863974588],
     [0.7802853949436516, 0.5394076197214014, 0.9775589080413599]],
]  # fmt: skip


def test_where_a_set_appears_slowly_the_bounds_still_meet():
    wanted = np.zeros((3, 3), np.bool_)
    wanted[1, 2] = True
    lower, upper = sustain.critical_bounds(sim.NormalForm(FOLD), wanted=wanted)
    assert 0.0 <= upper[0, 1, 2] - lower[0, 1, 2] < 1e-9
    assert abs(upper[0, 1, 2] - 0.735461857) < 2e-9


def test_a_set_that_is_too_small_is_found_out_from_outside():
    game = sim.Repeated(PD, 0.5)
    full = sim.solve(game, "subgame_perfect").claim.extra["payoff_set"]
    assert sustain.outer_gap(game, full)[0] < 1e-9
    alone = np.array([[[3.0, 3.0]]])  # generates itself, and is not all
    assert sustain.outer_gap(game, alone)[0] > 0.1
    assert np.isinf(sustain.outer_gap(game, np.full((1, 1, 2), np.nan))[0])


def test_payoff_sets_are_proved_from_outside_at_any_patience():
    draw = np.random.default_rng(2)
    for payoffs in (draw.random((150, 2, 3, 3)), draw.integers(0, 5, (150, 2, 3, 3)).astype(float)):
        game = sim.Repeated(sim.NormalForm(payoffs), np.repeat(draw.uniform(0.01, 0.9, (150, 1)), 2, 1))
        gap = sustain.outer_gap(game, sim.solve(game, "subgame_perfect").claim.extra["payoff_set"])
        assert gap.max() < 1e-8


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(10))
def test_ten_thousand_sets_are_proved_from_outside(seed):
    draw = np.random.default_rng(seed)
    wide = 0
    for shape in ((2, 2), (2, 3), (3, 3), (4, 3)):
        payoffs = draw.integers(0, draw.integers(2, 10), (250, 2, *shape)).astype(float)
        payoffs[::2] = draw.random((125, 2, *shape))
        game = sim.Repeated(sim.NormalForm(payoffs), np.repeat(draw.uniform(0.01, 0.99, (250, 1)), 2, 1))
        wide += (
            sustain.outer_gap(game, sim.solve(game, "subgame_perfect").claim.extra["payoff_set"]) > 1e-7
        ).sum()
    assert wide <= 3  # slow passages, where the bound from outside is wide


def test_the_frontier_of_one_sides_patience():
    found = sustain.critical_frontier(PD, (0, 0), [0.1, 1.0 / 7.0, 0.5], "grim")
    assert np.isnan(found[0, 0])
    assert np.allclose(found[0, 1:], 1.0 / 7.0, atol=2e-9)
    optimal = sustain.critical_frontier(PD, (0, 0), [0.1, 0.5], player=1)
    assert np.isnan(optimal[0, 0])
    assert np.isclose(optimal[0, 1], 1.0 / 7.0, atol=2e-9)


def test_chicken_by_pure_and_by_mixed_threats():
    chicken = sim.NormalForm([[[6.0, 2.0], [7.0, 0.0]], [[6.0, 7.0], [2.0, 0.0]]])
    assert np.isclose(sim.critical_discount(chicken, (0, 0), "grim")[0], 0.2)
    assert np.isclose(sim.critical_discount(chicken, (0, 0), "nash_reversion")[0], 0.2)
    mixed = sim.critical_discount(chicken, (0, 0), threats=[14.0 / 3.0, 14.0 / 3.0])
    assert np.isclose(mixed[0], 3.0 / 7.0)


def test_bounds_meet_and_the_set_agrees_on_both_sides():
    draw = np.random.default_rng(1)
    stage = sim.NormalForm(draw.random((40, 2, 3, 3)))
    lower, upper = sustain.critical_bounds(stage)
    assert np.nanmax(upper - lower) < 1e-6
    for c, a, b in np.argwhere((lower > 1e-3) & (upper < 0.98))[:20]:
        for discount, expected in ((upper[c, a, b] + 1e-5, True), (lower[c, a, b] - 1e-5, False)):
            game = sim.Repeated(stage.take([c]), discount)
            assert sim.solve(game, "subgame_perfect").claim.extra["sustained"][0, a, b] == expected


def test_minmax_pure_and_mixed_of_matching_pennies():
    pennies = sim.NormalForm([[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]])
    assert sustain.minmax(pennies).tolist() == [[1.0, 1.0]]
    assert np.allclose(sustain.minmax(pennies, mixed=True), 0.0)


def test_feasible_and_rational_payoffs_of_the_prisoners_dilemma():
    found = sustain.feasible_rational(PD)[0]
    assert np.allclose(found, [[3.0, 3.0], [9.75, 3.0], [9.0, 9.0], [3.0, 9.75]])


def test_who_is_tempted_by_what():
    who, what, gain = sustain.tempted(PD, (0, 0), "grim")
    assert (who[0], what[0], gain[0]) == (0, 1, 1.0)


def linear_cournot(outputs):
    """Two producers with price 1 - q1 - q2 and no costs."""
    quantity = np.asarray(outputs)
    profit = (1.0 - quantity[:, np.newaxis] - quantity) * quantity[:, np.newaxis]
    return sim.NormalForm([profit, profit.T])


def test_stick_and_carrot_in_cournots_duopoly():
    """Abreu (1986): 9/32 with a stick of 5/12, where going back to Cournot needs 9/17."""
    stage = linear_cournot(np.arange(25) / 24)
    least = sim.critical_discount(stage, (6, 6), "stick_and_carrot")
    assert np.isclose(least[0], 9.0 / 32.0, atol=1e-12)
    chosen, gain = sustain.sticks(sim.Repeated(stage, least[0]), [(6, 6)])
    assert chosen.tolist() == [[[10, 10], [10, 10]]]
    assert np.isclose(gain[0], 0.0, atol=1e-12)
    own = sim.critical_discount(stage, (6, 6), "own_sticks")
    assert np.isclose(own[0], sim.critical_discount(stage, (6, 6), "optimal")[0], atol=1e-9)
    assert own[0] < least[0]


@pytest.mark.parametrize("punishment", ["stick_and_carrot", "own_sticks"])
def test_no_sticks_are_better_than_those_that_are_found(punishment):
    """All conditions of all sticks, one after the other."""
    random = np.random.default_rng(9)
    for discount in (0.4, (0.5, 0.8)):
        stage = sim.NormalForm(random.integers(0, 6, (80, 2, 2, 3)))
        game = sim.Repeated(stage, discount)
        leave, values = sustain.along_cycle(game, [(0, 0), (1, 2)])
        tempting, d = sustain.temptations(stage), game.discount[0]
        for c, found in enumerate(sustain.path_gain(game, [(0, 0), (1, 2)], punishment)):
            least = np.inf
            for first in np.ndindex(2, 3):
                for second in np.ndindex(2, 3) if punishment == "own_sticks" else [first]:
                    gains = []
                    for i, own in enumerate((first, second)):
                        back = values[c, 0, i]
                        after = d[i] * ((1 - d[i]) * stage.payoffs[(c, i, *own)] + d[i] * back)
                        gains += [(leave[c, :, i] + after - values[c, :, i]).max()]
                        gains += [
                            (1 - d[i]) * tempting[(c, i, *stick)] + after - d[i] * back
                            for stick in (first, second)
                        ]
                    least = min(least, max(gains))
            assert np.isclose(found, least, atol=1e-12)


def test_sticks_are_never_better_than_optimal_punishments_and_own_ones_never_worse_than_shared():
    stage = sim.NormalForm(np.random.default_rng(2).integers(0, 6, (60, 2, 3, 3)))
    shared, own, optimal = (
        np.nan_to_num(sustain.critical_discounts(stage, name), nan=1.0)
        for name in ("stick_and_carrot", "own_sticks", "optimal")
    )
    assert (own <= shared + 1e-12).all()
    assert (optimal <= own + 1e-9).all()
    assert (own < shared).any()


def test_other_units_and_other_names_do_not_change_what_sticks_sustain():
    random = np.random.default_rng(4)
    stage = sim.NormalForm(random.integers(0, 5, (50, 2, 3, 4)))
    moved = sim.NormalForm(stage.payoffs * np.array([4.0, 0.25]).reshape(1, 2, 1, 1) - 3.0)
    turned = sim.NormalForm(stage.payoffs[:, ::-1].swapaxes(2, 3))
    for punishment in ("stick_and_carrot", "own_sticks"):
        found = sustain.critical_discounts(stage, punishment)
        np.testing.assert_allclose(sustain.critical_discounts(moved, punishment), found, atol=1e-12)
        again = sustain.critical_discounts(turned, punishment).swapaxes(1, 2)
        np.testing.assert_allclose(again, found, atol=1e-12)
        one = [sim.critical_discount(stage, (1, 2), punishment), found[:, 1, 2]]
        np.testing.assert_array_equal(*one)


def test_who_is_tempted_under_sticks():
    """In the 3 x 3 Cournot game of Abreu (1988) the shared stick, not the path, is hard to stay with."""
    game = sim.NormalForm([[[10, 3, 0], [15, 7, -4], [7, 5, -15]], [[10, 15, 7], [3, 7, 5], [0, -4, -15]]])
    assert np.isclose(sim.critical_discount(game, (0, 0), "stick_and_carrot")[0], 0.6)
    who, what, gain = sustain.tempted(game, (0, 0), "stick_and_carrot")
    assert (who[0], what[0], gain[0]) == (0, 0, 15.0)
    who, what, gain = sustain.tempted(game, (0, 0), "own_sticks")
    assert (what[0], gain[0]) == (1, 5.0)


def test_a_player_who_would_rather_be_punished_must_really_leave():
    """Only other actions tempt: a loss where all are worse, nothing at all where there is none."""
    stage = sim.NormalForm([[[0.0, 5.0], [-9.0, 1.0]], [[0.0, 0.0], [0.0, 1.0]]])
    np.testing.assert_array_equal(sustain.temptations(stage)[0, 0], [[-9.0, -4.0], [9.0, 4.0]])
    assert (sustain.temptations(sim.NormalForm(np.zeros((2, 1, 2)), cells=False))[0, 0] == -np.inf).all()


def test_patience_can_be_too_great_where_the_punishment_is_no_punishment():
    """Grim: the first needs 3 >= 5 (1 - d) + d, d >= 1/2; the second gets 0 and would have 1: 9 (1 - d) >= d."""
    stage = sim.NormalForm([[[3.0, 0.0], [5.0, 1.0]], [[0.0, -9.0], [0.0, 1.0]]])
    assert np.isnan(sim.critical_discount(stage, (0, 0), "grim")[0])  # no discount from which all will do
    for punishment in ("grim", "nash_reversion"):
        (found,) = sustain.sustainable_discounts(stage, [(0, 0)], punishment)
        assert np.allclose(found, [[0.5, 0.9]], atol=1e-8)


def test_the_frontier_of_each_sides_patience():
    """Grim needs (T - R) / (T - P) of each player, whatever the other's patience above it."""
    for player in (0, 1):
        (alone,) = sustain.sustainable_discounts(PD, [(0, 0)], "grim", player=player, others=0.9)
        assert np.allclose(alone, [[1.0 / 7.0, 1.0]], atol=1e-8)
    (never,) = sustain.sustainable_discounts(PD, [(0, 0)], "grim", player=0, others=0.1)
    assert never.size == 0


def test_a_cycle_is_sustained_on_an_interval():
    (interval,) = sustain.sustainable_discounts(PD, [(0, 0)])
    assert np.allclose(interval, [[1.0 / 7.0, 1.0]], atol=1e-8)


def test_wrong_words_are_refused():
    with pytest.raises(ValueError, match="Did you mean 'optimal'"):
        sim.critical_discount(PD, (0, 0), "optimum")
    with pytest.raises(ValueError, match="joint action"):
        sim.critical_discount(PD, (0, 7))


@pytest.mark.parametrize("punishment", ["grim", "nash_reversion", "optimal"])
def test_payoffs_that_cannot_be_subtracted_have_no_critical_discount(punishment):
    fine = np.array([[[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]]])
    batch = np.stack([fine, np.where(fine == 3, np.inf, fine), np.where(fine == 3, 1.7e308, -1.7e308)])
    found = sim.critical_discount(sim.NormalForm(batch, ("A", "B")), (0, 0), punishment)
    np.testing.assert_allclose([0.5, np.nan, np.nan], found)


@pytest.mark.parametrize("wrong", [(0.7, 1.2), 3, "ab", (0, -1), (0, 0, 0), None])
def test_what_is_no_joint_action_is_refused(wrong):
    with pytest.raises(ValueError, match="joint action"):
        sim.critical_discount(sim.NormalForm(np.zeros((2, 2, 2))), wrong)


def test_wrong_stages_and_threats_are_refused():
    stage = sim.NormalForm(np.zeros((2, 2, 2)))
    for wrong in (stage.payoffs, sim.Repeated(stage, 0.5)):
        with pytest.raises(ValueError, match="a stage game is a NormalForm"):
            sim.critical_discount(wrong, (0, 0))
    for threats in ([1, 2, 3], "a"):
        with pytest.raises(ValueError, match="threats"):
            sim.critical_discount(stage, (0, 0), threats=threats)
