"""The kind of a file is seen in its content; what is of none is told what it looks like, by every command."""

from __future__ import annotations

import json
import os
import struct
import zipfile

import numpy as np
import pytest

import sim
from sim.interchange.files import FileError, read_file
from sim.scenario import ScenarioError

GAME = 'NFG 1 R "pd" { "A" "B" } { 2 2 }\n3 3 5 0 0 5 1 1\n'
SCENARIO = 'schema = 1\n[players]\nA = ["x"]\nB = ["y"]\n[payoffs]\nA = 0\nB = 0\n'


@pytest.mark.parametrize("name", ["pd.nfg", "PD.NFG", "pd.txt", "pd", "pd.toml", "pd.csv"])
@pytest.mark.parametrize("mark", ["", "\ufeff", "\n\n  "])
def test_a_game_is_one_whatever_its_name(name, mark, tmp_path):
    (tmp_path / name).write_text(mark + GAME, encoding="utf-8")
    scenario = sim.load(tmp_path / name)
    assert (scenario.form, scenario.title, scenario.players) == ("normal", "pd", ("A", "B"))
    assert sim.solve(scenario.game()).count.tolist() == [1]


@pytest.mark.parametrize("name", ["s.toml", "S.TOML", "s.txt", "s", "s.nfg"])
def test_a_scenario_is_one_whatever_its_name(name, tmp_path):
    (tmp_path / name).write_text("# a comment\n\n" + SCENARIO)
    assert sim.load(tmp_path / name).players == ("A", "B")


def test_a_loaded_game_keeps_its_numbers(tmp_path):
    (tmp_path / "third.nfg").write_text(
        'NFG 1 R "" { "A" "B" } { 2 1 } "why" 1/3 0.5 0.10000000000000000001 2'
    )
    scenario = sim.load(tmp_path / "third.nfg")
    table = scenario.game().rational(np.array([0]))[0]
    assert [str(number) for number in table.ravel()] == [
        "1/3",
        "10000000000000000001/100000000000000000000",
        "1/2",
        "2",
    ]
    assert (scenario.title, scenario.about) == ("third", "why")
    assert scenario.parameters == {}
    with pytest.raises(ScenarioError, match="unknown parameter 'x'"):
        scenario.game(x=1)


def written(path, kind):
    """A file that other programs write."""
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a", "b")
    elif kind == "npy":
        with path.open("wb") as file:
            np.save(file, np.zeros(3))
    else:
        path.write_bytes(
            {
                "png": b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
                "pdf": b"%PDF-1.7\n",
                "json": json.dumps({"a": [1, 2]}).encode(),
                "list": b"[[1, 2], [3, 4]]",
                "html": b"<!DOCTYPE html><html></html>",
                "xml": b"<?xml version='1.0'?><a/>",
                "yaml": b"players:\n  - A\n",
                "prose": b"There will be no talk of new agreements\n",
                "utf16": SCENARIO.encode("utf-16"),
                "binary": struct.pack("<4d", 1.5, 2.5, 3.5, 4.5) + b"\0" * 9,
                "empty": b"",
            }[kind]
        )


LOOKS = {
    "png": "a PNG picture", "pdf": "a PDF document", "zip": "a zip archive", "npy": "a numpy array",
    "json": "JSON", "list": "JSON", "html": "an HTML page", "xml": "an XML file",
    "yaml": "YAML", "prose": "plain text",
    "utf16": "UTF-16 text; save the file as UTF-8", "binary": "binary data", "empty": "is empty",
}  # fmt: skip


@pytest.mark.parametrize("kind", LOOKS)
def test_what_is_of_no_kind_is_told_what_it_looks_like_and_what_is_read(kind, tmp_path):
    path = tmp_path / "file.dat"
    written(path, kind)
    with pytest.raises(ScenarioError) as raised:
        sim.load(path)
    said = str(raised.value)
    assert said.startswith(str(path))
    assert LOOKS[kind] in said
    assert (
        "scenarios (TOML), Gambit's strategic-form games (.nfg) and trees (.efg), and tables of payoffs (CSV)"
        in said
    )


@pytest.mark.parametrize("command", ["solve", "check", "sweep", "map", "play", "sustain", "export"])
def test_every_command_says_the_same_of_it(command, tmp_path, standoff):
    written(tmp_path / "prize.csv", "png")
    done = standoff(command, tmp_path / "prize.csv")
    assert done.exit_code == 2
    assert "looks like a PNG picture" in done.stderr
    assert "TOML at" not in done.stderr


@pytest.fixture
def standoff():
    from click.testing import CliRunner

    from sim.cli import main

    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def test_every_command_that_takes_a_scenario_takes_a_game(tmp_path, standoff):
    path = tmp_path / "PD.NFG"
    path.write_text(GAME)
    assert standoff("check", path).stdout == f"{path}: good; no promises to keep\n"
    assert json.loads(standoff("solve", path, "--json").stdout)["form"] == "normal"
    assert standoff("export", path).stdout.startswith("NFG 1 R")
    assert standoff("play", path, "--runs", "2", "--periods", "2").exit_code == 0
    assert "unknown parameter 'x'" in standoff("solve", path, "--set", "x=1").stderr


def test_the_same_checks_hold_for_every_kind(tmp_path):
    for text, most in ((GAME, 16 * 2**20), ("schema = 1\n", 250_000)):
        path = tmp_path / "large.toml"
        path.write_text(text)
        with path.open("r+b") as file:
            file.truncate(10**10)
        with pytest.raises(FileError, match=f"has 10000000000 bytes; .* at most {most}"):
            read_file(path)
        path.write_bytes(text.encode() + b"# \xff")
        with pytest.raises(FileError, match=r"is not UTF-8 text: byte 0xff"):
            read_file(path)
    with pytest.raises(FileError, match="is a folder"):
        read_file(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileError, match="not an ordinary file"):
        read_file(tmp_path / "pipe")


def test_mistakes_in_games_have_their_line(tmp_path):
    (tmp_path / "bad.nfg").write_text('NFG 1 R "t" { "A" "B" }\n{ 2 2 }\n1 2 x')
    with pytest.raises(ScenarioError, match=r"bad.nfg:3: column 5: expected a payoff") as raised:
        sim.load(tmp_path / "bad.nfg")
    assert [problem.line for problem in raised.value.problems] == [3]


def test_load_takes_the_names_that_the_command_takes():
    assert sim.load("chicken").name == "chicken"


@pytest.mark.parametrize("path", [3, None, b"chicken", ["chicken"], 1.5])
def test_load_takes_paths_and_names_only(path):
    with pytest.raises(ValueError, match="path of a file or the name of a scenario"):
        sim.load(path)
