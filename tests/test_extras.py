"""What stands beside the solutions is said in the words of the scenario."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.output.answer_text import extras
from sim.output.as_json import record
from sim.output.as_text import solution as table
from sim.scenario.source import Source
from tests.games import DILEMMA

PLAYERS, ACTIONS = ("Row", "Column"), (("keep", "break"), ("stay", "leave"))
PRISONERS = sim.NormalForm(DILEMMA, PLAYERS, ACTIONS)


def said(game, concept, **options):
    return list(extras(sim.solve(game, concept, **options)))


@pytest.mark.parametrize(
    ("concept", "line"),
    [
        ("maxmin", "maxmin: Row 1, Column 1"),
        ("stackelberg_pure", "leader: Row"),
        ("iterated_dominance", "survives: Row break; Column leave"),
        ("iterated_dominance", "round: Row keep 1; Column stay 1"),
        ("replicator", "start: Row keep 0.5, break 0.5; Column stay 0.5, leave 0.5"),
        ("nash_bargaining", "disagreement: Row 1, Column 1"),
    ],
)
def test_numbers_stand_by_the_names_they_belong_to(concept, line):
    assert line in said(PRISONERS, concept)


def test_what_only_proves_is_left_to_programs():
    lines = said(PRISONERS, "stackelberg")
    assert not [line for line in lines if line.startswith("multipliers")]


def test_sustained_joint_actions_are_named():
    lines = said(sim.Repeated(PRISONERS, 0.9), "subgame_perfect")
    assert "sustained: (keep, stay), (break, leave)" in lines
    assert "worst: Row 1, Column 1" in lines
    assert not [line for line in lines if line.startswith(("knife edge", "inner gap", "outer gap"))]


def test_what_hangs_by_a_hair_is_told():
    lines = said(sim.Repeated(PRISONERS, 0.5), "subgame_perfect")
    assert "knife edge: a joint action is sustained, or not, by a hair" in lines


def test_long_sets_are_cut_and_rounding_is_nothing():
    corners = 30 + np.zeros((1, 40, 2))
    corners[0, 0] = (-1e-15, 2)
    answer = sim.solve(sim.Repeated(PRISONERS, 0.5), "subgame_perfect")
    answer.claim.extra["payoff_set"] = corners
    (line,) = [line for line in extras(answer) if line.startswith("payoff set")]
    assert line.startswith("payoff set, 40 corners: (0, 2), (30, 30)")
    assert line.endswith("and 28 more (--json)")


def test_the_proof_of_a_concept_is_its_own_residual():
    text = table(Source("pd", "", "normal"), sim.solve(PRISONERS, "minmax"), "minmax")
    assert "holds (residual 0)" in text
    assert "misses" not in text
    assert "index" not in text
    text = table(Source("pd", "", "normal"), sim.solve(PRISONERS, "nash"), "support_enumeration")
    assert "regret 0, index +1" in text


def test_programs_get_the_residual_and_an_index_for_equilibria_only():
    source = Source("pd", "", "normal")
    (one,) = record(source, sim.solve(PRISONERS, "maxmin"), "maxmin")["solutions"]
    assert one["residual"] == 0
    assert one["index"] is None
    (one,) = record(source, sim.solve(PRISONERS, "nash"), "support_enumeration")["solutions"]
    assert one["index"] == 1
