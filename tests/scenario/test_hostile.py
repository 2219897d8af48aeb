"""Files made to hang, exhaust memory or run code: refused quickly, or loaded quickly where they are valid."""

import json
import subprocess
import sys

import pytest

from sim.interchange.files import MOST_BYTES, SCENARIO

HEAD = "schema = 1\n"
TWO = '[players]\nA = ["x", "y"]\nB = ["x", "y"]\n'


def listed(letter, count):
    return "[" + ", ".join(f'"{letter}{i}"' for i in range(count)) + "]"


def traits(player, count):
    actions = ", ".join(f"a{i} = {{ {player} = {i} }}" for i in range(count))
    return f"{player.upper()} = {{ {actions} }}\n"


BIG = "[players]\n" + traits("p", 64) + traits("q", 64)
LONG = "p*q + " * 240 + "1"


def states(count):
    names = [f"s{i}" for i in range(count)]
    return (
        'schema = 1\nform = "stochastic"\n[players]\nA = ["x"]\nB = ["x"]\n[payoffs]\nA = "l489"\n'
        'B = 0\n[let]\nl0 = "t"\n'
        + "".join(f'l{i} = "l{i - 1} + {i}"\n' for i in range(1, 490))
        + "[stochastic]\ndiscount = 0.9\n[stochastic.transitions]\n"
        + "".join(f'{name} = "{name}"\n' for name in names)
        + "".join(f"[stochastic.states.{name}]\ntraits = {{ t = {i} }}\n" for i, name in enumerate(names))
    )


HOSTILE = {
    "actions without end": HEAD
    + f"[players]\nA = {listed('a', 25_000)}\nB = ['x']\n[payoffs]\nA = 0\nB = 0\n",
    "twelve players": HEAD + "[players]\n" + "".join(f"P{i} = {listed('a', 3)}\n" for i in range(12)),
    "every joint action, again and again": HEAD
    + "[players]\n"
    + "".join(f"P{i} = ['x', 'y']\n" for i in range(12))
    + "[payoffs]\n"
    + "".join(f"P{i} = 0\n" for i in range(12))
    + "[outcomes]\na = ["
    + ", ".join(["[" + ", ".join(["'*'"] * 12) + "]"] * 3700)
    + "]\n",
    "long formulas over many joint actions": HEAD
    + BIG
    + "[let]\n"
    + "".join(f'l{i} = "{LONG} + {i}"\n' for i in range(100))
    + '[payoffs]\nP = "'
    + " + ".join(f"l{i}" for i in range(100))
    + '"\nQ = 0\n',
    "different formulas over many joint actions": HEAD
    + BIG
    + "[let]\n"
    + "".join(f'l{i} = "(p + {i}) * (q + {i}) - {i} * (p - q * {i})"\n' for i in range(490))
    + '[payoffs]\nP = "l0"\nQ = "l1"\n',
    "squares of squares": HEAD
    + TWO
    + '[let]\nl0 = "9"\n'
    + "".join(f'l{i} = "l{i - 1} * l{i - 1}"\n' for i in range(1, 490))
    + '[payoffs]\nA = "l489"\nB = 0\n',
    "unknown names without end": HEAD
    + TWO
    + "[let]\n"
    + "".join(f'l{i} = "m{i}"\n' for i in range(11_000))
    + "[payoffs]\nA = 0\nB = 0\n",
    "unknown keys without end": HEAD
    + TWO
    + "".join(f"[k{i}]\n" for i in range(22_000))
    + "[payoffs]\nA = 0\nB = 0\n",
    "parameters without end": HEAD
    + TWO
    + "[parameters]\n"
    + "".join(f"p{i} = {{ default = 0, low = 0, high = 1 }}\n" for i in range(5000))
    + '[payoffs]\nA = "'
    + " + ".join(f"p{i}" for i in range(480))
    + '"\nB = 0\n',
    "sweeps without end": HEAD
    + TWO
    + "[payoffs]\nA = 0\nB = 0\n"
    + "".join(f"[sweeps.s{i}]\nover = {{ x = [0, 1, 2] }}\n" for i in range(4800)),
    "promises without end": HEAD + TWO + "[payoffs]\nA = 0\nB = 0\n" + "[[expect]]\n" * 20_000,
    "lists inside lists": HEAD + "title = " + "[" * 80_000,
    "tables inside tables": HEAD + "title = " + "{a=" * 80_000,
    "one long key": HEAD + "a." * 120_000 + "a = 1",
    "many long keys": HEAD + "".join(f"[{'a.' * 18}b{i}]\n" for i in range(5500)),
    "one long number": HEAD + "title = " + "9" * 240_000,
    "one long hexadecimal number": HEAD + "title = 0x" + "f" * 240_000,
    "one long text that never ends": HEAD + 'title = """' + "x" * 240_000,
    "quotes": HEAD + 'title = "' + '"' * 240_000,
    "blank": " " * 200_000 + "\n" * 40_000,
    "comments": "#\n" * 120_000,
    "backslashes": HEAD + 'title = "' + "\\" * 240_001 + '"',
    "states without end": states(64),
    "digits in a formula": HEAD
    + TWO
    + '[payoffs]\nA = "'
    + "9" * 3900
    + '"\nB = "'
    + "0."
    + "1" * 3900
    + '"\n',
    "powers": HEAD + TWO + '[payoffs]\nA = "' + "2 ** " * 35 + '2"\nB = "9 ** 99 ** 9"\n',
    "comparisons": HEAD + TWO + '[payoffs]\nA = "' + "1 < " * 900 + '2"\nB = 0\n',
    "comparisons of comparisons": HEAD
    + TWO
    + '[payoffs]\nA = "'
    + "(1 < " * 30
    + "2"
    + " < 3)" * 30
    + '"\nB = 0\n',
    "matrix of numbers": HEAD
    + f"[players]\nA = {listed('a', 64)}\nB = {listed('b', 64)}\n[payoffs]\n"
    + "".join(f"{p} = [{', '.join(['[' + ', '.join(['1'] * 64) + ']'] * 64)}]\n" for p in "AB"),
    "matrix of formulas": HEAD
    + f"[players]\nA = {listed('a', 64)}\nB = {listed('b', 64)}\n"
    + "[parameters]\nx = { default = 0, low = 0, high = 1 }\n[payoffs]\n"
    + "A = ["
    + ", ".join("[" + ", ".join(f'"x+{64 * i + j}*(x-1)"' for j in range(64)) + "]" for i in range(64))
    + "]\nB = 0\n",
    "matrix without end": HEAD + TWO + "[payoffs]\nA = [" + "[1, 2], " * 25_000 + "]\nB = 0\n",
    "code": HEAD + TWO + """[payoffs]\nA = "__import__('os').system('touch pwned')"\nB = "().__class__"\n""",
}


PROGRAM = """
import json, pathlib, resource, sys, time
from sim.scenario import ScenarioError, load
import sim.scenario.schema  # warm: what is measured is reading, not importing
resource.setrlimit(resource.RLIMIT_DATA, (10**9, 10**9))
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.toml")):
    start = time.perf_counter()
    try:
        load(path)
        message = ""
    except ScenarioError as error:
        message = str(error)
    print(json.dumps([path.stem, time.perf_counter() - start, message]))
"""


def test_hostile_files_are_small_enough_to_be_read():
    assert {name for name, text in HOSTILE.items() if len(text.encode()) > MOST_BYTES[SCENARIO]} == set()


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """``{name: (seconds, message)}`` of all hostile files, read in one process of less than a gigabyte."""
    folder = tmp_path_factory.mktemp("hostile")
    for number, text in enumerate(HOSTILE.values()):
        (folder / f"{number:03}.toml").write_text(text)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder)], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert {path.suffix for path in folder.iterdir()} == {".toml"}  # nothing was run that leaves traces
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return dict(zip(HOSTILE, lines, strict=True))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_answered_quickly_and_briefly(name, answers):
    stem, seconds, message = answers[name]
    assert seconds < 5.0
    assert len(message) < 30_000
    assert not message or f"{stem}.toml" in message


@pytest.mark.parametrize(
    "name",
    [
        "matrix of numbers",
        "matrix of formulas",
        "long formulas over many joint actions",
        "states without end",
    ],
)
def test_large_but_valid_file_is_loaded(name, answers):
    assert answers[name][2] == ""
