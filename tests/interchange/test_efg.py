from __future__ import annotations

import random
import re
import time
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given

import sim
from sim.interchange.efg import EfgError, format_efg, parse_efg, read_efg, write_efg
from sim.scenario import ScenarioError
from tests.draw import signalling_trees, trees

HORSE = """EFG 2 R "Selten's horse" { "1" "2" "3" }
p "" 1 1 "" { "R" "L" } 0
p "" 2 1 "" { "R" "L" } 0
t "" 1 "" { 1, 1, 1 }
p "" 3 1 "" { "R" "L" } 0
t "" 2 "" { 4, 4, 0 }
t "" 3 "" { 0, 0, 1 }
p "" 3 1 0
t "" 4 "" { 3, 2, 2 }
t "" 5 "" { 0, 0, 0 }
"""
DRIVER = """EFG 2 R "the way home" { "Driver" }
p "" 1 1 "" { "exit" "continue" } 0
t "" 1 "" { 0 }
p "" 1 1 "" { "exit" "continue" } 0
t "" 2 "" { 4 }
t "" 3 "" { 1 }
"""
ONE = 'EFG 2 R "t" { "A" "B" }\n'
ENDS = ' t "" 1 "" { 1, 2 } t "" 2 "" { 3, 4 }'


def numbers(tree):
    """Payoffs and chances as fractions, the latter by the node they lead to."""
    cell = np.array([0])
    chance = tree.rational_chance(cell)[0]
    above = tree.shape.agent[tree.shape.parent]
    ways = [
        chance[e] if h == -1 and v else None
        for v, (e, h) in enumerate(zip(tree.shape.edge, above, strict=True))
    ]
    return tree.rational(cell)[0].tolist(), ways


def same(tree, back):
    """Whether nothing tells two trees apart, names included."""
    assert (tree.players, tree.agents, tree.decisions) == (back.players, back.agents, back.decisions)
    assert tree.shape.parent.tolist() == back.shape.parent.tolist()
    assert tree.shape.agent.tolist() == back.shape.agent.tolist()
    assert tree.shape.events == back.shape.events
    assert tree.outcomes.names == back.outcomes.names
    assert tree.outcomes.of.tolist() == back.outcomes.of.tolist()
    (payoffs, ways), (others, odds) = numbers(tree), numbers(back)
    assert payoffs == others
    # floats of a third and two thirds add up to less than 1, and the file to 1
    assert all(p == q or abs(p - q) < 1e-15 for p, q in zip(ways, odds, strict=True))


@given(trees(cells=1) | trees(players=3, most=2, cells=1) | signalling_trees(cells=1))
def test_what_is_written_reads_back_as_the_same_tree(tree):
    text = format_efg(tree, 'a "quoted" \\ title', "why")
    read = parse_efg(text)
    same(tree, read.game)
    assert (read.title, read.comment) == ('a "quoted" \\ title', "why")
    assert format_efg(read.game, read.title, read.comment) == text


def told_apart(text):
    """Whether nodes, and the sets of each player, have names of their own where they have any, as Gambit asks for."""
    nodes = re.findall(r'^[cp] "((?:[^"\\\\]|\\\\.)+)"', text, re.MULTILINE)
    sets = set(
        re.findall(r'^p "(?:[^"\\\\]|\\\\.)*" (\d+) (\d+) ("(?:[^"\\\\]|\\\\.)*")', text, re.MULTILINE)
    )
    labels = [(player, label) for player, _, label in sets]
    return len(nodes) == len(set(nodes)) and len(labels) == len(set(labels)) and bool(nodes)


@pytest.mark.parametrize("name", ["beer_quiche", "crisis_2021"])
def test_nodes_called_alike_are_told_apart_in_the_file_and_called_alike_again(name):
    tree = sim.load(name).game()
    text = format_efg(tree)
    assert told_apart(text)
    same(tree, parse_efg(text).game)


def test_names_that_end_like_a_number_of_ours_stay():
    ends = {way: {f"B@{way}": {"go": (0, 1), "stay": (2, 3)}} for way in ("left", "right")}
    tree = sim.Tree({"A": ends})
    called = {"A": "move #2", "B": "move"}
    events = tuple(
        tuple((called[source], label) for source, label in happened) for happened in tree.shape.events
    )
    named = replace(tree, shape=replace(tree.shape, events=events))
    text = format_efg(named)
    assert told_apart(text)
    assert parse_efg(text).game.shape.events == events


def test_types_drawn_together_moves_and_outcomes_keep_their_names(tmp_path):
    (tmp_path / "two.toml").write_text(CRISIS)
    tree = sim.load(tmp_path / "two.toml").game(resolve="1/3")
    write_efg(tree, tmp_path / "two.efg", "two")
    back = sim.load(tmp_path / "two.efg")
    same(tree, back.game())
    assert tree.outcomes.names == ("war", "standoff", "deal")
    assert 'p "posture" 1 1 "resolved"' in (tmp_path / "two.efg").read_text()
    assert [agent.label for agent in back.game().agents][:3] == [
        "Russia@resolved",
        "Russia@bluffing",
        "NATO@firm, build_up",
    ]


CRISIS = """
schema = 1
form = "tree"
[types.Russia]
resolved = { chance = "resolve", value = 4 }
bluffing = { chance = "rest", value = 0 }
[types.NATO]
firm = { chance = 0.9, cost = 3 }
divided = { chance = "rest", cost = 1 }
[moves.posture]
player = "Russia"
build_up = { rifle = 1 }
withdraw = { rifle = 0 }
[moves.reply]
player = "NATO"
concede = { deal = 1 }
refuse = { deal = 0 }
[moves.last]
player = "Russia"
when = "rifle and not deal"
hold = { war = 0 }
attack = { war = 1 }
[parameters]
resolve = { default = 0.3, low = 0, high = 1 }
[payoffs]
Russia = "value - 1 if war else 5*deal - rifle"
NATO = "-8 if war else -cost*deal"
[outcomes]
war = "war"
standoff = "rifle and not deal"
deal = "True"
"""


def test_seltens_horse_is_read():
    """Selten (1975), figure 1: player 3 cannot tell who went wrong."""
    game = parse_efg(HORSE).game
    assert [agent.label for agent in game.agents] == ["1", "2", "3"]
    assert game.decisions == ("1", "2", "3: R, L", "3: L")
    np.testing.assert_array_equal(game.payoffs[0], [[1, 4, 0, 3, 0], [1, 4, 0, 2, 0], [1, 0, 1, 2, 0]])
    solution = sim.solve(game, "sequential")
    assert solution.count[0] >= 1
    assert solution.value[0, 0].tolist() == [1, 1, 1]


def test_the_absent_minded_driver_is_refused_with_both_of_his_pasts():
    """Piccione and Rubinstein (1997): at the second exit he does not know whether he passed the first."""
    with pytest.raises(EfgError) as raised:
        parse_efg(DRIVER, "home.efg")
    said = str(raised.value)
    assert said.startswith("home.efg:4:1: imperfect recall")
    assert "nothing, or 'continue' at Driver" in said
    assert "(lines 2 and 4)" in said


def test_numbers_are_exact_and_payoffs_on_the_way_add_up():
    text = ONE + (
        'c "" 1 "" { "hi" 0.1 "lo" 9e-1, } 1 "paid" { 1/3, .1 } p "" 1 1 "x" { "l" "r" } 0'
        ' t "" 2 "won" { 1e-3, 2 } t "" 0 t "" 2'
    )
    game = parse_efg(text).game
    payoffs, ways = numbers(game)
    assert payoffs == [
        [Fraction(1, 3) + Fraction(1, 1000), Fraction(1, 3), Fraction(1, 3) + Fraction(1, 1000)],
        [Fraction(21, 10), Fraction(1, 10), Fraction(21, 10)],
    ]
    assert ways[1] == Fraction(1, 10)
    assert game.outcomes.names == ("won", "hi, r")


def test_labels_of_sets_stand_behind_their_players():
    nodes = (
        'p "" 1 3 "{0}" {{ "l" "r" }} 0 p "" 2 1 "{1}" {{ "u" }} 0 t "" 0 p "" 2 2 "{2}" {{ "u" }} 0 t "" 0'
    )

    def labels(*names):
        return [agent.label for agent in parse_efg(ONE + nodes.format(*names)).game.agents]

    assert labels("", "", "") == ["B@1", "B@2", "A"]
    assert labels("start", "left", "") == ["B@left", "B", "A@start"]
    assert labels("A@start", "x", "x") == ["B@x", "B@x (2)", "A@start"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('p "" 1 1 "" { "l" "r" } 0' + ENDS + "\nt", "efg:3:1: expected the end of the file"),
        ('p "" 1 1 "" { "l" "r" } 0\nt "" 0', "efg:3:7: the file ends, and 1 more of its branches"),
        ('p "" 3 1 "" { "l" "r" } 0' + ENDS, "efg:2:6: there is no player 3; they are numbered 1 to 2"),
        ('p "" 1 1 "" { } 0' + ENDS, "efg:2:13: a move has at least one action"),
        ('p "" 1 1 0' + ENDS, 'efg:2:10: information set 1 of "A" is new'),
        (
            'c "" 1 "" { "l" 1/2 "r" 0.49 } 0' + ENDS,
            "efg:2:11: probabilities 1/2, 49/100 add up to 99/100, not to 1",
        ),
        (
            'c "" 1 "" { "l" 3/2 "r" -1/2 } 0' + ENDS,
            "efg:2:17: expected a probability from 0 to 1, found 3/2",
        ),
        (
            'c "" 1 "" { "l" "r" 1 } 0' + ENDS,
            "efg:2:17: expected the probability of 'l', a number, found '\"r\"'",
        ),
        ('c "" 1 "" { "l" 1/2 "r" 1/2 0' + ENDS, "efg:2:11: what chance may bring"),
        ('c "" 1 "" { "l" 1/2 "r" 1/2 } 0' + ENDS, "nobody moves"),
        ('t "" 0', "nobody moves"),
        (
            'p "" 1 1 "" { "l" "r" } 0 t "" 1 "" { 1 } t "" 0',
            "efg:2:37: expected 2 payoffs, one for each player, found 1",
        ),
        (
            'p "" 1 1 "" { "l" "r" } 0 t "" 1 "" { 1, x } t "" 0',
            'efg:2:42: expected the payoff of "B", a number',
        ),
        ('p "" 1 1 "" { "l" "r" } 0 t "" 7 t "" 0', "efg:2:32: outcome 7 is new; expected its payoffs"),
        ('p "" 1 1 "" { "l" "r" } 0 t "" 0 "o" { 1, 2 } t "" 0', "0 is no outcome"),
        (
            'p "" 1 1 "" { "l" "r" } 0 t "" 1 "" { 1, 2 }\nt "" 1 "" { 1, 3 }',
            "efg:3:6: outcome 1 has the payoffs (1 3) here and (1 2) on line 2",
        ),
        (
            'p "" 1 1 "" { "l" "r" } 0\np "" 2 1 "" { "u" "v" } 0'
            + ENDS
            + '\np "" 2 1 "" { "v" "u" } 0'
            + ENDS,
            'efg:4:8: information set 1 of "B" has the actions ("v" "u") here and ("u" "v") on line 3',
        ),
        ('q "" 1', "efg:2:1: expected a node, which begins with 'c' (chance moves)"),
        ('p "" 1.5 1 "" { "l" } 0 t "" 0', "expected the number of a player, a whole number, found 1.5"),
        ('p "" 1 1 "" { "l" "r" } 0 t "" 1 "" { 1e999, 1 } t "" 0', "too large"),
        (
            'p "" 1 1 "" { "l" "r" } 1 "" { 1e308, 0 } t "" 2 "" { 1e308, 0 } t "" 0',
            "more than a float holds",
        ),
    ],
)
def test_errors_say_line_and_column(body, message):
    with pytest.raises(EfgError) as raised:
        parse_efg(ONE + body)
    assert message in str(raised.value)
    assert re.match(r"efg:\d+:\d+: ", str(raised.value))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("NFG 1 R", "efg:1:1: expected 'EFG'"),
        ('EFG 1 R "t" { "A" }', "efg:1:5: expected version 2"),
        ('EFG 2 X "t" { "A" }', "efg:1:7: expected 'R' or 'D'"),
        ('EFG 2 R "t" { }', "efg:1:13: a game needs a player"),
    ],
)
def test_heads_that_are_none(text, message):
    with pytest.raises(EfgError, match=re.escape(message)):
        parse_efg(text)


def wide(depth):
    """The text of a tree in which two players move in turns and see everything."""
    lines, count = [ONE], {"p": 0, "t": 0}

    def grow(left, player):
        kind = "p" if left else "t"
        count[kind] += 1
        if left:
            lines.append(f'p "" {player} {count[kind]} "" {{ "a" "b" }} 0')
            grow(left - 1, 3 - player)
            grow(left - 1, 3 - player)
        else:
            lines.append(f't "" {count[kind]} "" {{ {count[kind]}, 1/3 }}')

    grow(depth, 1)
    return "\n".join(lines)


def test_long_files_are_read_in_proportion_to_their_length():
    """Twice the nodes take at most three times as long; 10,000 about half a second, here with room for a busy machine."""

    def seconds(text):
        start = time.process_time()
        parse_efg(text)
        return time.process_time() - start

    short, long = wide(11), wide(13)
    took = [min(seconds(text) for _ in range(2)) for text in (short, long)]
    assert took[1] < 4 * 3 * took[0]
    assert took[1] < 8


def test_trees_that_are_too_large_are_refused_with_the_number():
    with pytest.raises(EfgError, match="has more than 20000 nodes"):
        parse_efg(wide(14))
    chain = 'p "" 1 {0} "" {{ "on" "off" }} 0'
    text = ONE + "\n".join(chain.format(k) for k in range(1, 300))
    with pytest.raises(EfgError, match="efg:203:1: comes after 201 moves"):
        parse_efg(text + ' t "" 0' * 300)


def mangled(seed):
    """A good file with a few of its pieces cut, copied, or put elsewhere."""
    dice = random.Random(seed)
    pieces = re.findall(
        r'"[^"]*"|\s+|[{}]|[^\s{}"]+',
        dice.choice(
            [HORSE, wide(2), ONE + 'c "" 1 "" { "l" 1/2 "r" 1/2 } 0 p "" 1 1 "" { "l" } 0 t "" 0 t "" 0']
        ),
    )
    for _ in range(dice.choice([1, 1, 2, 5])):
        at = dice.randrange(len(pieces))
        other = dice.choice(pieces)
        change = dice.randrange(4)
        pieces[at : at + 1] = [
            [],
            [pieces[at], other],
            [other],
            [dice.choice(["1/0", "x", '"', "{", "}", "-1", "é", "9" * 50, "\\"])],
        ][change]
    return "".join(pieces)


def test_mangled_files_are_refused_with_a_line_or_used(tmp_path):
    refused, path = 0, tmp_path / "mangled.efg"
    for seed in range(300):
        path.write_text(mangled(seed))
        try:
            sim.load(path).game()
        except ScenarioError as error:
            said = str(error)
            assert re.match(rf"{re.escape(str(path))}:\d+: column \d+: ", said) or "looks like" in said, said
            refused += 1
    assert refused >= 100


def test_files_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(EfgError, match=r"none\.efg: no such file"):
        read_efg(tmp_path / "none.efg")


def test_games_that_are_no_trees_are_not_written():
    with pytest.raises(ValueError, match="holds trees, and this is a normal game"):
        format_efg(sim.NormalForm([[[3, 0], [5, 1]], [[3, 5], [0, 1]]]))
