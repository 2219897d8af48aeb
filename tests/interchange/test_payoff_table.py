"""Games from spreadsheets: both layouts, numbers as they were written, and nothing guessed at."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from itertools import permutations, product

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.cli import main
from sim.interchange.payoff_table import TableError, parse_table
from sim.scenario import ScenarioError

BIMATRIX = 'Russia \\ NATO,concede,talk\nwithdraw,"0, 2","1, 1"\nbuild_up,"3, -1","1/3, 0.10"\n'
LIST = """Russia,NATO,Russia gets,NATO gets
withdraw,concede,0,2
withdraw,talk,1,1
build_up,concede,3,-1
build_up,talk,1/3,0.10
"""
PAYOFFS = [[[0, 1], [3, Fraction(1, 3)]], [[2, 1], [-1, Fraction(1, 10)]]]


def as_fractions(table):
    return [[[Fraction(str(number)) for number in row] for row in own] for own in table.numbers.tolist()]


@pytest.mark.parametrize("text", [BIMATRIX, LIST])
def test_both_layouts_are_the_same_game(text):
    table = parse_table(text)
    assert as_fractions(table) == PAYOFFS
    assert table.game.players == ("Russia", "NATO")
    assert table.game.actions == (("withdraw", "build_up"), ("concede", "talk"))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text + "\n,,\n",
        lambda text: "# from the archive\n\n" + text,
        lambda text: text.replace('", "', '" , "').replace('"0, 2"', '"(0, 2)"').replace('"1, 1"', '"[1; 1]"'),
        lambda text: text.replace(",", ";").replace("0; 2", "0, 2").replace('"1; 1"', "1 1"),
        lambda text: "sep=;\n" + text.replace(",", ";"),
        lambda text: text.replace(",", "\t").replace("0\t 2", "0, 2").replace("1\t 1", "1, 1").replace("\t -", ", -").replace("3\t 0", "3, 0"),
        lambda text: "\n".join(line + ("," if line else "") for line in text.split("\n")),
    ],
)  # fmt: skip
def test_spreadsheets_write_it_in_many_ways(change):
    table = parse_table(change(BIMATRIX))
    assert as_fractions(table) == PAYOFFS
    assert table.game.actions == (("withdraw", "build_up"), ("concede", "talk"))


def test_an_empty_corner_leaves_the_sides_as_row_and_column():
    assert parse_table(BIMATRIX.replace("Russia \\ NATO", "")).game.players == ("Row", "Column")


def test_rows_come_in_any_order_and_columns_say_whose_they_are():
    heading, *rows = LIST.splitlines()
    for order in permutations(rows):
        table = parse_table("\n".join([heading, *order]))
        russia = table.game.actions[0].index("build_up"), table.game.actions[1].index("concede")
        assert table.numbers[(0, *russia)] == 3
    swapped = LIST.replace("Russia gets,NATO gets", "payoff of NATO,payoff of Russia")
    assert as_fractions(parse_table(swapped)) == PAYOFFS[::-1]
    assert as_fractions(parse_table(LIST.replace("Russia gets,NATO gets", "u1,u2"))) == PAYOFFS


def test_a_name_within_another_is_told_from_it():
    text = "EU,EU and NATO,for EU and NATO,for EU\na,b,1,2\n"
    assert parse_table(text).numbers.ravel().tolist() == [2, 1]


@given(st.data())
def test_whatever_is_written_is_read(data):
    """Any number of players, any names, any numbers, in any order of rows."""
    sizes = data.draw(st.lists(st.integers(1, 3), min_size=2, max_size=3))
    numerals = st.one_of(
        st.integers(-(10**20), 10**20).map(str),
        st.decimals(-1000, 1000, allow_nan=False, places=6).map(str),
        st.fractions(-5, 5, max_denominator=99).map(str),
    )
    letters = st.text(
        st.characters(categories=("L", "N", "S"), exclude_characters="@*,"), min_size=1, max_size=6
    )
    actions = [data.draw(st.lists(letters, min_size=size, max_size=size, unique=True)) for size in sizes]
    table = {taken: [data.draw(numerals) for _ in sizes] for taken in product(*map(range, sizes))}
    text = io.StringIO()
    writer = csv.writer(text, delimiter=data.draw(st.sampled_from(",;\t")), lineterminator="\n")
    writer.writerow([f"P{i}" for i in range(len(sizes))] + [f"u{i}" for i in range(len(sizes))])
    for taken in data.draw(st.permutations(list(table))):
        writer.writerow([own[a] for own, a in zip(actions, taken, strict=True)] + table[taken])
    read = parse_table(text.getvalue())
    for taken, numbers in table.items():
        place = tuple(
            own.index(named[a]) for own, named, a in zip(read.game.actions, actions, taken, strict=True)
        )
        assert [Fraction(str(read.numbers[(i, *place)])) for i in range(len(sizes))] == [
            Fraction(n) for n in numbers
        ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('a,b\n1\n"2,3,4\n', "line 3: is no table that can be read: a cell that begins with a quotation mark"),
        ("a,b\n", "line 1: the table has a heading and no rows"),
        ("a;b\n1\n", "line 2: 1 column, and the heading has 2"),
        (",l,r\nu,0, 2,1, 1\n", 'line 2: 5 columns, and the heading has 3 (cells such as "0, 2" stand in quotes'),
        ("A;B;A;B\nx;l;0;2\nx;r;1,5;1\n", "line 3: column 3 (A): '1,5' has a decimal comma, or one between thousands; write"),
        ('A,B,A,B\nx,l,"1.234,5",2\n', "line 2: column 3 (A): '1.234,5' has a decimal comma"),
        (';l\nu;"0,5; 2"\n', "u, l: '0,5' has a decimal comma"),
        (',l\nu,"0,5, 2,0"\n', "expected two numbers such as 0, 2, found '0,5, 2,0'; write numbers with a decimal point"),
        (",l,r\nu,3,4\n", "line 2: u, l: expected two numbers such as 0, 2, found '3'"),
        (',l,r\nu,"0, x","1, 1"\n', "line 2: u, l: 'x' is no number"),
        (',l,l\nu,"0, 1","1, 1"\n', "line 1: the action of Column 'l' is there twice"),
        (',l\nu,"0, 1"\nu,"1, 1"\n', "line 3: the action of Row 'u' is there twice"),
        (',l\n,"0, 1"\n', "line 2: the action of Row number 1 has no name"),
        ('Russia,l\nu,"0, 1"\n', "the corner is 'Russia'; it is empty, or names both sides"),
        ("A,B,A,B\nx,l,0,2\nx,r,1,1\ny,l,1,2\nx,l,3,3\n", "line 5: x, l stands in line 2 already"),
        ("A,B,A,B\nx,l,0,2\nx,r,1,1\ny,l,1,2\n", "1 joint action of 4 missing: y, r"),
        ("A,B,A,B\nx,l,0,\n", "line 2: column 4 (B): expected a number, found nothing"),
        ("A,B,A,B\nx,,0,1\n", "line 2: column 2 (B) is empty; it names an action"),
        ("A,A,u,v\nx,l,0,1\n", "line 1: the player 'A' is there twice"),
        ("A,B,A gets,it gets\nx,l,0,1\n", "the headings A gets, it gets do not say whose payoffs they are"),
        ("A,B,u\nx,l,0\n", "the heading has 3 columns; a table has a column for what each player does"),
        ("x,l,0,2\nx,r,1,1\n", "line 1: column 3 is headed by the number 0; the first row names the columns"),
        ("word\nother\n", "the table has one column"),
        ("\n,,\n", "the table is empty"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(text, message):
    with pytest.raises(TableError) as raised:
        parse_table(text)
    assert message in str(raised.value)


@pytest.fixture
def file(tmp_path):
    def write(text, name="payoffs.csv"):
        (tmp_path / name).write_bytes(text.encode())
        return tmp_path / name

    return write


def test_tables_are_read_wherever_scenarios_are(file):
    path = file("\ufeff" + LIST.replace("\n", "\r\n"))
    scenario = sim.load(path)
    assert (scenario.name, scenario.form, scenario.parameters) == ("payoffs", "normal", {})
    assert np.array_equal(scenario.payoffs(exact=True)[0], np.array(PAYOFFS, dtype=object))
    done = CliRunner().invoke(main, ["solve", str(path), "--exact", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["solutions"][0]["values"] == {"Russia": "9/11", "NATO": "4/7"}


def test_mistakes_name_the_file_and_the_line(file):
    path = file("A;B;A;B\nx;l;0;2\nx;r;1,5;1\n")
    with pytest.raises(ScenarioError, match="decimal comma") as raised:
        sim.load(path)
    assert str(raised.value).startswith(f"{path}:3: column 3 (A)")
    done = CliRunner().invoke(main, ["solve", str(path)])
    assert (done.exit_code, done.stderr) == (2, f"{raised.value}\n")


def test_names_are_those_that_scenarios_allow(file):
    with pytest.raises(ScenarioError, match=r"'x@y' cannot be a name; '@' has a meaning of its own"):
        sim.load(file("A,B,u,v\nx@y,l,0,1\n"))


@pytest.mark.parametrize("name", ["t.csv", "t.txt", "t", "t.TSV"])
def test_a_table_is_one_whatever_its_name(file, name):
    assert sim.load(file(BIMATRIX, name)).players == ("Russia", "NATO")
    assert sim.load(file("sep=,\n" + BIMATRIX, name)).players == ("Russia", "NATO")


def test_a_heading_that_could_be_an_assignment_is_one_of_a_table_by_its_name(file):
    assert sim.load(file("a=1,B,u,v\nx,l,0,1\n", "t.csv")).players == ("a=1", "B")


@pytest.mark.parametrize(
    "text", [BIMATRIX, LIST, 'a "b",c d,u,v\n\u00e9 \\,x.y,1e-30,12345678901234567890123456789\n']
)
def test_an_imported_table_is_the_same_game(file, text):
    path = file(text)
    done = CliRunner().invoke(main, ["import", str(path)])
    assert done.exit_code == 0, done.output
    again = sim.load(file(done.stdout, "again.toml"))
    first = sim.load(path)
    assert (again.players, again.actions, again.title) == (first.players, first.actions, first.title)
    assert np.array_equal(again.payoffs(exact=True), first.payoffs(exact=True))


def test_an_imported_table_tells_how_to_go_on(file):
    text = CliRunner().invoke(main, ["import", str(file(LIST))]).stdout
    grown = text.replace("\n#: ", "\n").replace("concede = [3, -1]", 'concede = ["stake", -1]')
    scenario = sim.load(file(grown, "grown.toml"))
    assert sim.sweep(scenario, "stake", points=3)["count"].shape == (3,)


def test_gambits_games_are_imported_too(file):
    path = file('NFG 1 R "three" { "A" "B" "C" } { 1 2 1 } "why" 1/3 0.5 7 2 1 0', "g.nfg")
    done = CliRunner().invoke(main, ["import", str(path)])
    again = sim.load(file(done.stdout, "again.toml"))
    assert (again.title, again.about) == ("three", "why")
    assert np.array_equal(again.payoffs(exact=True), sim.load(path).payoffs(exact=True))


def test_what_is_a_scenario_already_is_not_imported():
    done = CliRunner().invoke(main, ["import", "chicken"])
    assert done.exit_code == 2
    assert "chicken.toml: is a scenario file already" in done.stderr


def test_a_game_larger_than_scenario_files_says_what_to_do(file):
    rows = "".join(f"r{i},c{j},{i},{j}\n" for i in range(65) for j in range(64))
    done = CliRunner().invoke(main, ["import", str(file("A,B,u,v\n" + rows))])
    assert done.exit_code == 2
    assert (
        "larger than a scenario file may be; `standoff solve` takes it as it is (4160 joint actions"
        in done.stderr
    )


def test_prose_with_a_comma_is_told_as_what_it_was_read(file):
    with pytest.raises(
        ScenarioError, match=r"notes.md:1: read as a table of payoffs \(CSV\): the table has a heading"
    ):
        sim.load(file("There will be no talks, they say.\n", "notes.md"))
