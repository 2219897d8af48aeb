"""Bayesian games written as payoff tables, one for each type."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from sim.scenario import load

TYPES = """
[types.Russia]
resolved = { chance = "resolve", cost = "least" }
bluffing = { chance = "rest", cost = 6 }
[parameters]
resolve = { default = 0.3, low = 0, high = 1 }
least = { default = 1, low = 0, high = 2 }
"""
ACTIONS = """
[players]
Russia = { withdraw = { stays = 0 }, stay = { stays = 1 } }
NATO = { concede = { holds = 0 }, hold = { holds = 1 } }
"""
MOVES = """
[moves.posture]
player = "Russia"
withdraw = { stays = 0 }
stay = { stays = 1 }
[moves.reply]
player = "NATO"
sees = []
concede = { holds = 0 }
hold = { holds = 1 }
"""
FORMULAS = """
[payoffs]
Russia = "stays*(4*(1-holds) - cost*holds) - (1-stays)*holds"
NATO = "holds*(1-stays) - stays*(2*(1-holds) + (4 if cost < 3 else 1)*holds)"
"""
TABLES = """
[payoffs.resolved]
Russia = [[0, -1], [4, "-cost"]]
NATO = [[0, 1], [-2, -4]]
[payoffs.bluffing.withdraw]
concede = [0, 0]
hold = [-1, 1]
[payoffs.bluffing.stay]
concede = [4, -2]
hold = ["-cost", -1]
"""


def written(tmp_path, *parts):
    path = tmp_path / "written.toml"
    path.write_text('schema = 1\nform = "bayesian"\n' + "".join(parts))
    return load(path)


def same(first, second):
    """Two games with the same numbers, agents and chances, whatever their moves are called."""
    np.testing.assert_array_equal(first.payoffs, second.payoffs)
    np.testing.assert_array_equal(first.chance, second.chance)
    np.testing.assert_array_equal(first.shape.agent, second.shape.agent)
    assert first.agents == second.agents


def test_tables_by_type_say_what_moves_and_formulas_do(tmp_path):
    moves = written(tmp_path, TYPES, MOVES, FORMULAS).game(resolve=[0.1, 0.5], least=[0.5, 2])
    for parts in ((ACTIONS, TYPES, TABLES), (ACTIONS, TYPES, FORMULAS)):
        same(written(tmp_path, *parts).game(resolve=[0.1, 0.5], least=[0.5, 2]), moves)


def test_one_table_serves_types_that_are_not_mentioned(tmp_path):
    """The second of two players with types tells them apart in the first's absence, and none of his own where silent."""
    second = '[types.NATO]\nfirm = { chance = 0.25 }\nsoft = { chance = "rest" }\n'
    by_second = """
[payoffs.firm]
Russia = [[0, -1], [4, "-cost"]]
NATO = [[0, 1], [-2, -4]]
[payoffs.soft]
Russia = [[0, -1], [5, "-cost"]]
NATO = [[0, 1], [-3, -4]]
"""
    game = written(tmp_path, ACTIONS, TYPES, second, by_second).game()
    table = game.payoffs.reshape(2, 2, 2, 2, 2)  # player, types, actions
    np.testing.assert_array_equal([[0, -1], [4, -1]], table[0, 0, 0])
    np.testing.assert_array_equal([[0, -1], [5, -6]], table[0, 1, 1])
    np.testing.assert_array_equal(table[1, 0], table[1, 1])
    np.testing.assert_allclose([[0.075, 0.225, 0.175, 0.525]], game.chance)


def test_tables_inside_tables_where_several_have_types(tmp_path):
    lots = '[types.NATO]\nfirm = {}\nsoft = {}\n[types.joint]\n"a, firm" = 0.5\n"a, soft" = 0\n"b, firm" = 0.25\n"b, soft" = 0.25\n'
    tables = "".join(
        f"[payoffs.{own}.{other}]\nRussia = [[{k}, 0], [0, 0]]\nNATO = [[0, {k}], [0, 0]]\n"
        for k, (own, other) in enumerate([("a", "firm"), ("a", "soft"), ("b", "firm"), ("b", "soft")])
    )
    game = written(tmp_path, ACTIONS, "[types.Russia]\na = {}\nb = {}\n", lots, tables).game()
    np.testing.assert_array_equal([[0, 1], [2, 3]], game.payoffs.reshape(2, 2, 2, 2, 2)[0, :, :, 0, 0])
    np.testing.assert_array_equal([[0.5, 0, 0.25, 0.25]], game.chance)
    assert [agent.label for agent in game.agents] == ["Russia@a", "Russia@b", "NATO@firm", "NATO@soft"]


def test_outcomes_are_joint_actions_or_conditions(tmp_path):
    lists = '[outcomes]\n"war" = [["stay", "hold"]]\n"peace" = [["withdraw", "*"], ["stay", "concede"]]\n'
    words = '[outcomes]\n"war" = "stays and holds"\n"peace" = "True"\n'
    first, second = (written(tmp_path, ACTIONS, TYPES, TABLES, one).game() for one in (lists, words))
    assert first.outcomes.names == second.outcomes.names == ("war", "peace")
    np.testing.assert_array_equal([1, 1, 1, 0, 1, 1, 1, 0], first.outcomes.of)
    np.testing.assert_array_equal(first.outcomes.of, second.outcomes.of)


def test_numbers_are_exact_as_they_are_written(tmp_path):
    thirds = TABLES.replace("[4, -2]", '["least/3", -2]')
    game = written(tmp_path, ACTIONS, TYPES, thirds).game()
    assert game.rational(np.array([0]))[0, 0, 6] == Fraction(1, 3)


def test_a_file_without_types_is_a_game_of_normal_form(tmp_path):
    game = written(
        tmp_path, ACTIONS, "[payoffs]\nRussia = [[0, -1], [4, -6]]\nNATO = [[0, 1], [-2, -4]]\n"
    ).game()
    np.testing.assert_array_equal([[0, -1, 4, -6], [0, 1, -2, -4]], game.payoffs[0])
    assert [agent.label for agent in game.agents] == ["Russia", "NATO"]
