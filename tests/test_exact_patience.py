"""Critical discounts in fractions and as formulas, against published ones and the numeric search."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given

import sim
from sim.cli.arguments import open_game
from sim.output.sustain_text import answer, report
from sim.patience import critical_discounts
from sim.patience.exact import exactly
from sim.scenario.critical import critical_formula
from tests.draw import normal_forms
from tests.test_sustain import CRITICAL


@pytest.mark.parametrize("case", CRITICAL, ids=lambda case: case["name"])
def test_published_critical_discounts(case):
    stage = sim.NormalForm(case["payoffs"])
    for name, expected in case["critical"].items():
        found = exactly(stage, tuple(map(int, name.split(","))))
        assert (None if found.least is None else float(found.least)) == pytest.approx(
            expected["grim"], abs=1e-12
        )
        if found.settled:
            assert expected["grim"] == pytest.approx(expected["penal"], abs=1e-9)


@given(normal_forms(cells=1))
def test_fractions_are_what_is_searched_for(stage):
    numeric, best = critical_discounts(stage, "grim")[0], critical_discounts(stage)[0]
    for joint in np.ndindex(stage.payoffs.shape[2:]):
        found = exactly(stage, joint)
        known = np.nan if found.least is None else float(found.least)
        # who is not tempted asks for no threat here, and for one that is no reward there
        if not np.isnan(numeric[joint]):
            assert known == pytest.approx(numeric[joint], abs=1e-9)
        if found.settled:
            assert known == pytest.approx(best[joint], abs=1e-8, nan_ok=True)
        elif found.least is not None:
            assert best[joint] <= known + 1e-8


FORMULAS = [
    ("repeated_prisoners_dilemma", (0, 0), "(temptation - reward)/(temptation - punishment)", "1/2"),
    ("repeated_chicken", (0, 0), "(triumph - compromise)/(triumph - humiliation)", "1/5"),
    ("alliance_repeated", (0, 0, 0), "(cost - benefit)/(2*benefit)", "1/3"),
    ("alliance_repeated", (0, 0, 1), "(cost - benefit)/benefit", "2/3"),
    ("standoff_2021_repeated", (1, 2), "(threat - build_up_cost)/harm", "8/15"),
]


@pytest.mark.parametrize(("name", "joint", "formula", "least"), FORMULAS)
def test_formulas_by_hand(name, joint, formula, least):
    scenario = sim.load(f"scenarios/{name}.toml")
    found = exactly(scenario.game().stage, joint)
    (worst, *_) = sorted(found.deterrents, key=lambda one: -one.least)
    assert found.settled
    assert found.least == Fraction(least) == worst.least
    assert critical_formula(scenario, scenario.values(), joint, worst) == formula


def test_a_formula_is_of_the_case_that_applies(tmp_path):
    path = tmp_path / "game.toml"
    path.write_text(
        """schema = 1
title = "A dilemma with a ceiling"
form = "repeated"
[players]
A = ["keep", "arm"]
B = ["keep", "arm"]
[parameters]
t = { default = 5, low = 3, high = 9 }
p = { default = 1, low = 0, high = 2 }
[payoffs]
A = [[3, 0], ["min(t, 6)", "p"]]
B = [[3, "min(t, 6)"], [0, "p"]]
[repeated]
discount = 0.5
"""
    )
    scenario = sim.load(path)
    for t, formula in ((5, "(t - 3)/(t - p)"), (8, "3/(-p + 6)")):
        (one, _) = exactly(scenario.game(t=t).stage, (0, 0)).deterrents
        assert critical_formula(scenario, scenario.values(t=t), (0, 0), one) == formula


def test_what_is_exact_is_told():
    source, game = open_game("repeated_prisoners_dilemma", {})
    text = report(source, game, "treaty kept")
    assert "from (temptation - reward)/(temptation - punishment) = 1/2 on." in text
    assert "No punishment does with less patience." in text
    (path,) = answer(source, game, "treaty kept")["paths"].values()
    assert path["exactly"]["least"] == "1/2"
    assert path["exactly"]["deterred"][0]["formula"] == "(temptation - reward)/(temptation - punishment)"
    (cycle,) = answer(source, game, "keep, arm; arm, keep")["paths"].values()
    assert cycle["exactly"] is None


def test_where_harder_punishments_do_with_less_nothing_else_is_said():
    source, game = open_game("abreu_cournot", {})
    found = {joint: exactly(game.stage, joint) for joint in np.ndindex(game.payoffs.shape[2:])}
    assert any(one.least is not None and not one.settled for one in found.values())
    joint = next(joint for joint, one in found.items() if one.least and not one.settled)
    assert "No punishment does with less" not in report(source, game, game.spoken(joint))
