"""Both sides of a border of patience: certified where it is right, found out where it is not."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.claim import Status
from sim.output import as_text
from sim.output.as_json import record
from sim.output.sustain_text import answer, report
from sim.patience import PUNISHMENTS, both_sides, critical_discount, threats
from sim.patience.penal_codes import penal_code
from sim.patience.verdicts import easiest_of
from sim.scenario.source import Source

SOURCE = Source("name", "Title", "repeated")
LABELS = ("East", "West"), (("keep", "arm"), ("keep", "arm"))
PD = sim.NormalForm([[[3, 0], [5, 1]], [[3, 5], [0, 1]]], *LABELS)
HARSH = sim.NormalForm([[[3, 0], [5, 0.5]], [[3, 5], [0, 0.5]]], *LABELS)  # a stick for both is enough
COUNT = 40


@pytest.mark.parametrize("punishment", PUNISHMENTS)
def test_the_dilemma_is_certified_from_both_sides(punishment):
    found = both_sides(HARSH, (0, 0), punishment)
    assert found.border[0] == pytest.approx(critical_discount(HARSH, (0, 0), punishment)[0])
    assert found.outside[0] < found.border[0] < found.inside[0] < found.outside[0] + 3e-6
    assert found.lasts.all()
    assert found.fails.all()
    assert found.proved.all()


@pytest.mark.parametrize("punishment", PUNISHMENTS)
@pytest.mark.parametrize("shift", [-0.05, 0.05])
def test_a_border_in_the_wrong_place_is_found_out(punishment, shift):
    wrong = critical_discount(HARSH, (0, 0), punishment) + shift
    found = both_sides(HARSH, (0, 0), punishment, border=wrong)
    assert not found.proved[0]
    assert bool(found.lasts[0]) == (shift > 0)
    assert bool(found.fails[0]) == (shift < 0)
    assert "by numerical evidence only" in found.sentence()


@pytest.mark.parametrize("punishment", PUNISHMENTS)
def test_borders_of_drawn_games_are_certified(punishment):
    stage = sim.NormalForm(np.random.default_rng(4).integers(0, 6, (COUNT, 2, 3, 3)).astype(float))
    for joint_action in [(0, 0), (1, 2)]:
        found = both_sides(stage, joint_action, punishment)
        assert found.proved.mean() >= 0.95  # folds take more steps just below than there are
        assert found.lasts[~np.isnan(found.border)].all()


def test_a_search_that_goes_wrong_is_found_out():
    """Bounds of other games, a cell further on, do not stand the look at both sides."""
    stage = sim.NormalForm(np.random.default_rng(4).integers(0, 6, (COUNT, 2, 2, 2)).astype(float))
    right = critical_discount(stage, (0, 0))
    moved = np.roll(right, 1)
    differ = ~np.isclose(right, moved, atol=1e-5, equal_nan=True)
    assert differ.sum() > COUNT / 4
    assert not both_sides(stage, (0, 0), border=moved).proved[differ].any()


def test_what_lasts_at_any_patience_has_one_side_and_what_never_lasts_the_other():
    always, never = both_sides(PD, (1, 1)), both_sides(PD, (0, 1))
    assert np.isnan(always.outside[0])
    assert np.isnan(never.inside[0])
    assert always.proved[0]
    assert never.proved[0]
    assert never.sentence() == "certified not to last at 0.99"


def test_an_outcome_fails_where_all_its_joint_actions_fail():
    found = easiest_of(PD, [(0, 0), (0, 1), (1, 0)], "grim")
    assert found.border[0] == pytest.approx(0.5)
    assert found.proved[0]
    some_last = easiest_of(PD, [(0, 0), (1, 1)], "grim")
    assert some_last.border[0] == 0.0


def test_a_cycle_needs_a_border_and_is_certified_with_one():
    with pytest.raises(ValueError, match="give its border"):
        both_sides(PD, [(0, 1), (1, 0)], "grim")
    assert both_sides(PD, [(0, 1), (1, 0)], "grim", border=np.array([0.25])).proved[0]
    assert not both_sides(PD, [(0, 1), (1, 0)], "grim", border=np.array([0.2])).lasts[0]


def test_answers_say_what_is_certified():
    game = sim.Repeated(PD, 0.6)
    text = report(SOURCE, game, "keep, keep")
    assert "In common patience certified to last at 0.500001 and not to last at 0.499999." in text
    assert "the last column is certified from both sides" in report(SOURCE, game, None)
    whole = answer(SOURCE, game, None)["verdicts"]["keep, keep"]
    assert whole["proved"]
    assert whole["lasts_at"] == pytest.approx(0.500001)
    one = answer(SOURCE, game, "keep, keep")["paths"]["keep, keep"]["punishments"]["optimal"]["verdict"]
    assert one["lasts"]
    assert one["fails"]
    assert one["fails_at"] == pytest.approx(0.499999)


def test_nothing_is_built_on_a_refuted_set(monkeypatch):
    """A solver that goes wrong leaves no threats and no penal codes behind."""
    from sim.solvers import abreu_sannikov

    right = abreu_sannikov.payoff_sets
    monkeypatch.setattr(
        abreu_sannikov, "payoff_sets", lambda u, d, *rest: right(u, np.full_like(d, 0.9), *rest)
    )
    game = sim.Repeated(sim.NormalForm([[[3, 0], [5, 1]], [[3, 5], [0, 1.5]]], *LABELS), 0.05)
    assert sim.solve(game).status[0] == Status.refuted
    assert np.isnan(threats(game)).all()
    with pytest.raises(ValueError, match="nothing to deliver"):
        penal_code(game, 0)


def test_one_cell_says_of_critical_discounts_what_was_certified():
    """Sweeps of many cells look at neither side; a single answer has the time."""
    solution = sim.solve(sim.Repeated(PD, 0.9), solver="critical_patience")
    sides = record(SOURCE, solution, "critical_patience")["verdicts"]["keep, keep"]
    assert sides["proved"]
    assert sides["fails_at"] < solution.claim.extra["critical_discount"][0, 0] < sides["lasts_at"]
    assert "each is certified from both sides" in as_text.solution(SOURCE, solution, "critical_patience")
