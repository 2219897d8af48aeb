"""States in which nobody chooses: ``actions = "none"``."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.output.as_json import record
from sim.output.as_text import solution as told
from sim.scenario import ScenarioError, load
from sim.scenario.source import Source

WAR = """
schema = 1
form = "stochastic"
[players.Attacker]
stay = {{ strike = 0 }}
attack = {{ strike = 1 }}
[players.Defender]
wait = {{ fortify = 0 }}
dig_in = {{ fortify = 1 }}
[payoffs]
Attacker = "strike"
Defender = "-2*strike - 0.5*fortify"
[stochastic]
discount = 0.9
start = "calm"
[stochastic.states.calm]
[stochastic.states.war]
payoffs = {{ Attacker = -3, Defender = -8 }}
{war}
[stochastic.transitions]
calm = {{ war = "strike", calm = "rest" }}
war = "war"
"""

SOURCE = Source("war", "", "stochastic")


def scenario(folder, war):
    path = folder / "war.toml"
    path.write_text(WAR.format(war=war))
    return load(path)


def test_nobody_chooses_where_there_are_no_actions(tmp_path):
    """The same equilibrium and values as where all choices are there and change nothing."""
    game, idle = (scenario(tmp_path, war).game() for war in ('actions = "none"', ""))
    assert [agent.actions for agent in game.agents if agent.label.endswith("@war")] == [("none",), ("none",)]
    assert game.outcomes.names[-1] == "war"
    found, other = sim.solve(game), sim.solve(idle)
    assert (found.count[0], bool(found.complete[0]), bool(found.degenerate[0])) == (1, True, False)
    np.testing.assert_array_equal(found.strategy, other.strategy)
    np.testing.assert_array_equal(found.value, other.value)
    said = record(SOURCE, found, "markov_enumeration")
    assert said["immaterial"] == []
    assert said["solutions"][0]["strategies"]["Attacker@war"] == {"none": 1.0}


def test_choices_that_change_nothing_are_named(tmp_path):
    found = sim.solve(scenario(tmp_path, "").game())
    assert found.count[0] == 1
    said = record(SOURCE, found, "markov_enumeration")
    assert said["immaterial"] == ["Attacker@war", "Defender@war"]
    assert "what Attacker@war, Defender@war does changes nothing" in told(SOURCE, found, "any")


def test_an_outcome_of_its_own_is_kept(tmp_path):
    game = scenario(tmp_path, 'actions = "none"\noutcome = "ruin"').game()
    assert game.outcomes.names[-1] == "ruin"


@pytest.mark.parametrize("word", ['"nobody"', "3", '["stay"]'])
def test_what_is_neither_none_nor_a_table_is_refused(tmp_path, word):
    with pytest.raises(ScenarioError, match=r'actions: expected "none", where nobody chooses, or a table'):
        scenario(tmp_path, f"actions = {word}")
