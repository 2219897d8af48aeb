"""Moves in order, types and what is seen: the tree that a file says, and what its formulas compute."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import sim
from sim.scenario import ScenarioError, load

CRISIS = load("crisis_2021")


def written(tmp_path, text):
    path = tmp_path / "written.toml"
    path.write_text('schema = 1\nform = "tree"\n' + text)
    return load(path)


BRINK = """
[moves.threat]
player = "A"
none = { edge = 0 }
some = { edge = 1 }
[chance.accident]
war = { chance = "edge*risk", lost = 1 }
luck = { chance = "rest", lost = 0 }
[moves.reply]
player = "B"
sees = ["threat", "accident"]
when = "not lost"
yield = { given = 1 }
stand = { given = 0 }
[parameters]
risk = { default = 0.25, low = 0, high = 1 }
[payoffs]
A = "-10 if lost else 4*given"
B = "-10 if lost else -4*given"
"""


def test_the_crisis_is_the_tree_of_the_seed():
    game = CRISIS.game()
    assert game.players == ("Russia", "NATO")
    assert (len(game.shape.parent), len(game.agents)) == (109, 16)
    assert [agent.label for agent in game.agents][::5] == [
        "Russia@resolved", "NATO@divided, withdraw", "Russia@resolved, build_up, reinforce", "Russia@bluffing, build_up, reinforce_and_talk"
    ]  # fmt: skip
    np.testing.assert_allclose([[0.27, 0.03, 0.63, 0.07]], game.chance)
    place = [agent.label for agent in game.agents].index("NATO@cohesive, build_up")
    own = slice(game.shape.first[place], game.shape.first[place + 1])
    assert game.shape.hidden[own] == ("resolved", "bluffing")


@pytest.mark.parametrize(
    ("given", "outcomes"),
    [
        ({}, {"war": 0.27, "legal guarantee": 0.1, "standoff": 0.63}),
        ({"division": 0.05}, {"war": 0.285, "legal guarantee": 0.015, "talks without the rifle": 0.7}),
        ({"shield": 6}, {"war": 0.0, "talks without the rifle": 1.0}),
    ],
)
def test_the_crisis_has_the_outcomes_of_the_seed(given, outcomes):
    """Cases seed_crisis_baseline, seed_crisis_cohesive, seed_crisis_kyiv_defended."""
    game = CRISIS.game(**given)
    solution = sim.solve(game)
    for name, share in outcomes.items():
        assert solution.outcomes[0, 0, game.outcomes.names.index(name)] == pytest.approx(share, abs=1e-9)


@pytest.mark.parametrize(
    ("swept", "fixed", "threshold"),
    [("division", {"resolve": 0.3}, 0.0791), ("resolve", {"division": 0.1}, 0.2549)],
)
def test_thresholds_are_where_the_seed_has_them(swept, fixed, threshold):
    """A bluffer builds up for sure beyond them: the share of build-ups changes there."""

    def bluffs(value):
        strategy = sim.solve(CRISIS.game(**{swept: value}, **fixed)).strategy[0, 0]
        return strategy[1, 2] > (0.0 if swept == "division" else 1 - 1e-9)

    low, high = threshold - 0.02, threshold + 0.02
    assert not bluffs(low)
    assert bluffs(high)
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (low, middle) if bluffs(middle) else (middle, high)
    assert high == pytest.approx(threshold, abs=6e-5)


def test_a_draw_comes_before_whoever_sees_it_and_may_depend_on_what_was_done(tmp_path):
    scenario = written(tmp_path, BRINK)
    game = scenario.game(risk=[0.25, 0.5])
    assert [agent.label for agent in game.agents] == ["A", "B@none, luck", "B@some, luck"]
    np.testing.assert_allclose([[0, 1, 0.25, 0.75], [0, 1, 0.5, 0.5]], game.chance)
    np.testing.assert_allclose([[0, 0], [0, 0]], sim.solve(game).value[:, 0])


def test_numbers_are_exact_where_they_are_asked_for():
    payoffs, chance = CRISIS.game(resolve=Fraction(1, 3)).exact(np.array([0]))
    assert chance[0].tolist() == [Fraction(3, 10), Fraction(1, 30), Fraction(3, 5), Fraction(1, 15)]
    assert all(isinstance(number, Fraction) for number in payoffs.flat)


def test_types_may_be_drawn_together(tmp_path):
    scenario = written(
        tmp_path,
        """
[types.A]
hard = { will = 1 }
soft = { will = 0 }
[types.B]
hard = { grit = 1 }
soft = { grit = 0 }
[types.joint]
"hard, hard" = "alike"
"soft, soft" = "alike"
"hard, soft" = "rest"
"soft, hard" = 0
[parameters]
alike = { default = 0.4, low = 0, high = 0.5 }
[moves.ask]
player = "A"
much = { asked = 1 }
little = { asked = 0 }
[moves.answer]
player = "B"
yes = { agreed = 1 }
no = { agreed = 0 }
[payoffs]
A = "agreed*(1 + asked) + will"
B = "agreed*(1 - asked) - grit"
""",
    )
    game = scenario.game()
    np.testing.assert_allclose([[0.4, 0.2, 0.0, 0.4]], game.chance)
    assert "B@soft, much" in [agent.label for agent in game.agents]


def test_two_sets_that_would_share_a_label_say_their_move(tmp_path):
    scenario = written(
        tmp_path,
        """
[moves.first]
player = "A"
sees = []
a = { x = 0 }
b = { x = 1 }
[moves.second]
player = "B"
sees = []
c = { y = 0 }
[moves.third]
player = "B"
sees = []
c = { z = 0 }
[payoffs]
A = "x"
B = "x"
""",
    )
    assert [agent.label for agent in scenario.game().agents] == ["A", "B", "B@c"]


def test_a_mover_knows_his_moves_and_what_he_saw_whatever_he_sees_now(tmp_path):
    scenario = written(
        tmp_path,
        """
[moves.one]
player = "A"
a = { x = 0 }
b = { x = 1 }
[moves.two]
player = "B"
c = { y = 0 }
d = { y = 1 }
[moves.three]
player = "B"
sees = []
e = { z = 0 }
f = { z = 1 }
[payoffs]
A = "x"
B = "x*y - z"
""",
    )
    assert [agent.label for agent in scenario.game().agents][3:] == ["B@a, c", "B@a, d", "B@b, c", "B@b, d"]


def test_impossible_chances_between_the_bounds_are_told(tmp_path):
    scenario = written(tmp_path, BRINK.replace('"edge*risk"', '"edge*4*risk*(1-risk)*1.0"'))
    assert scenario.game(risk=0.5).chance[0, 2] == 1.0
    with pytest.raises(
        ScenarioError, match="there is no game at these parameters: chances must be at least 0"
    ):
        written(tmp_path, BRINK.replace('"edge*risk"', '"edge*5*risk*(1-risk)"')).game(risk=0.5)
