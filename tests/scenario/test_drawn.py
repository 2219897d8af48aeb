"""Scenarios whose tree stands in a file of Gambit's."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import sim
from sim.scenario import ScenarioError

SCENARIO = """
schema = 1
form = "tree"
efg = "entry.efg"
[parameters]
prize = { default = 4, low = 0, high = 9 }
weak = { default = 0.25, low = 0, high = 1 }
[let]
half = "prize / 2"
[sweeps.prize]
over = { prize = [0, 9, 4] }
"""
TREE = """EFG 2 R "entry" { "Entrant" "Owner" }
c "Owner" 1 "" { "weak" weak, "strong" rest } 1 "" { 1, 0 }
p "" 1 1 "" { "out" "in" } 0
t "" 2 "quiet" { 0, "prize" }
p "" 2 1 "weak" { "share" "fight" } 0
t "" 3 "shared" { half, min(prize, 3) }
t "" 4 "fought" { -1, half - 2.5 }
p "" 1 1 0
t "" 2
p "" 2 2 "strong" { "share" "fight" } 0
t "" 3
t "" 5 "fought" { -1, 3 }
"""


@pytest.fixture
def load(tmp_path):
    def load(scenario=SCENARIO, tree=TREE):
        (tmp_path / "entry.toml").write_text(scenario)
        if tree is not None:
            (tmp_path / "entry.efg").write_text(tree)
        return sim.load(tmp_path / "entry.toml")

    return load


def test_numbers_in_braces_are_formulas(load):
    scenario = load()
    game = scenario.game(prize="1/3", weak=np.array([0.5]))
    exact = game.rational(np.array([0]))[0]
    third = Fraction(1, 3)
    assert exact[0].tolist() == [1, 1 + third / 2, 0, 1, 1 + third / 2, 0]
    assert exact[1].tolist() == [third, third, third / 2 - Fraction(5, 2), third, third, 3]
    assert game.rational_chance(np.array([0]))[0].tolist() == [Fraction(1, 2)] * 2
    assert [agent.label for agent in game.agents] == ["Entrant", "Owner@weak", "Owner@strong"]
    assert scenario.game().decisions == ("Entrant: weak", "Entrant: strong", "Owner@weak", "Owner@strong")
    assert game.outcomes.names == ("quiet", "shared", "fought")


def test_it_is_swept_as_any_other(load):
    horse = """EFG 2 R "Selten's horse" { "1" "2" "3" }
    p "" 1 1 "" { "R" "L" } 0 p "" 2 1 "" { "R" "L" } 0 t "" 1 "quiet" { 1, 1, 1 }
    p "" 3 1 "" { "R" "L" } 0 t "" 2 "" { prize, prize, 0 } t "" 3 "" { 0, 0, 1 }
    p "" 3 1 0 t "" 4 "" { 3, 2, 2 } t "" 5 "" { 0, 0, 0 }"""
    data = sim.sweep(load(tree=horse), "prize")
    assert data["status"].sizes == {"prize": 4}
    assert data.attrs["concept"] == "sequential"
    assert data["outcome"].values.tolist() == ["quiet", "R, L, R", "R, L, L", "L, R", "L, L"]


def test_the_file_is_part_of_what_tells_scenarios_apart(load):
    before = load().digest
    assert load().digest == before
    assert load(tree=TREE.replace("{ -1, 3 }", "{ -1, 4 }")).digest != before


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("half - 2.5", "hal - 2.5", "entry.efg:7: column 23: unknown name 'hal'"),
        ("half - 2.5", "half -", "entry.efg:7: column 23: 'half -'"),
        ("half, min(prize, 3)", "half", "entry.efg:6: column 17: expected 2 payoffs"),
        ('weak, "strong" rest', 'rest, "strong" rest', "column 40: only one can take the rest"),
        (
            'weak, "strong" rest',
            'weak, "strong" 0.5',
            "entry.toml:4: efg: at the default parameters chances are 0.25, 0.5: they must",
        ),
        (
            "{ -1, 3 }",
            "{ -1, 1/(prize - 4) }",
            "entry.toml:4: efg: is infinite at the default parameters for strong, in, fight",
        ),
    ],
)
def test_mistakes_are_told_where_they_are(load, old, new, message):
    assert old in TREE
    with pytest.raises(ScenarioError) as raised:
        load(tree=TREE.replace(old, new))
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"entry.efg"', '"/etc/passwd"', "entry.toml:4: efg: expected the name of a file beside this one"),
        ('"entry.efg"', '"../entry.efg"', "expected the name of a file beside this one"),
        ('"entry.efg"', "3", "expected the name of a file beside this one"),
        ('"entry.efg"', '"none.efg"', "none.efg: no such file"),
        ('"entry.efg"', '"entry.toml"', "entry.toml:1: is no tree of Gambit's"),
        ('"entry.efg"', '"entry.efg"\nplayers = ["A"]', "players: cannot stand beside efg"),
        ('form = "tree"', 'form = "bayesian"', 'efg: is a table of form = "tree"'),
    ],
)
def test_what_names_no_tree_is_refused(load, old, new, message):
    with pytest.raises(ScenarioError) as raised:
        load(SCENARIO.replace(old, new))
    assert message in str(raised.value)
