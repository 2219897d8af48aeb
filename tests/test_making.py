"""What ``standoff make`` makes: once, again where something changed, in processes that may fail or be stopped."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from sim.making import in_processes, is_made, make, order, stamps
from tests.house import ROOT

SCENARIO = """
schema = 1
title = "A game"
[players]
Row = ["up", "down"]
Column = ["left", "right"]
[parameters.prize]
default = 2.0
low = 0.0
high = 4.0
[payoffs]
Row = [["prize", 0], [0, 1]]
Column = [[1, 0], [0, "prize"]]
[sweeps.size]
over = { prize = [0.5, 3.5, 3] }
[[expect]]
claim = "they meet"
values = { Row = [LOW, 2] }
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Where two scenarios are, of which one breaks its promise."""
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "kept.toml").write_text(SCENARIO.replace("LOW", "0"))
    (tmp_path / "scenarios" / "broken.toml").write_text(SCENARIO.replace("LOW", "1.9"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def command(place, *words):
    """``standoff make`` in a folder that holds scenarios of its own, and no others."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    code = (
        "import sys, pathlib\n"
        "import sim.scenario.library as library\n"
        "library.shipped = lambda: sorted(pathlib.Path('scenarios').glob('*.toml'))\n"
        "from sim.__main__ import main\n"
        "main()\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, "make", *words], cwd=place, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def ended(process):
    out, error = process.communicate(timeout=300)
    assert "Traceback" not in error
    assert "leaked" not in error
    return process.returncode, out, error


def files(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_everything_is_made_once_and_failures_are_told_at_the_end(place):
    code, out, error = ended(command(place, "--workers", "2"))
    assert code == 1
    assert "kept: 1 map, " in out
    assert "broken: NOT MADE" in out
    assert 'promise not kept: "they meet"' in error
    assert error.rstrip().endswith("1 of 2 scenarios could not be made")
    assert (place / "results" / "kept" / "size.png").is_file()
    assert not (place / "results" / "broken" / ".done").exists()
    (place / "scenarios" / "broken.toml").write_text(SCENARIO.replace("LOW", "0.1"))
    before = files(place / "results" / "kept")
    code, out, _ = ended(command(place))
    assert (code, out.count("\n")) == (0, 2)
    assert is_made(place / "scenarios" / "broken.toml", place / "results" / "broken")
    assert files(place / "results" / "kept") == before
    code, out, error = ended(command(place))
    assert (code, out, error) == (0, "results/ is up to date: 2 scenarios\n", "")


@pytest.fixture
def made(place):
    file, folder = place / "scenarios" / "kept.toml", place / "results" / "kept"
    make(file, folder)
    assert is_made(file, folder)
    return file, folder


CHANGES = {
    "the scenario": lambda file, _: file.write_text(file.read_text() + "# more\n"),
    "a picture that is gone": lambda _, folder: (folder / "size.png").unlink(),
    "another picture": lambda _, folder: (folder / "size.png").write_bytes(b"drawn by hand"),
    "a dataset that is gone": lambda _, folder: shutil.rmtree(folder / "size.zarr"),
    "a stamp of another kind": lambda _, folder: (folder / ".done").write_text(""),
    "a stamp that is none": lambda _, folder: (folder / ".done").write_text("[1]"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_is_out_of_date(made, change):
    CHANGES[change](*made)
    assert not is_made(*made)
    make(*made)
    assert is_made(*made)


def test_other_points_and_other_code_are_out_of_date(made, monkeypatch):
    import sim

    sim.sweep(sim.load(made[0]), "size", out=made[1], points=5)
    assert not is_made(*made)
    make(*made)
    made[0].touch()
    assert is_made(*made)  # the same text at another time
    monkeypatch.setattr(stamps, "digest_of_code", lambda: "edited")
    assert not is_made(*made)


def test_a_promise_that_is_not_kept_leaves_no_stamp(place):
    folder = place / "results" / "broken"
    with pytest.raises(ValueError, match="they meet"):
        make(place / "scenarios" / "broken.toml", folder)
    assert not is_made(place / "scenarios" / "broken.toml", folder)


def test_the_seed_comes_first_then_one_of_each_kind_and_then_what_takes_longest(tmp_path):
    seconds = {"standoff_2021": 5.0, "short": 1.0, "long": 9.0}
    folders = {}
    forms = {"in_rounds": "repeated", "large_tree": "tree", "other_rounds": "repeated", "tree": "tree"}
    for name in ["long", "new", "short", "standoff_2021", *forms]:
        file, folder = tmp_path / f"{name}.toml", tmp_path / name
        folders[file] = folder
        form = f'form = "{forms[name]}"\n' if name in forms else ""
        count = {"large_tree": 70, "in_rounds": 60}.get(name, 50)
        file.write_text(
            form + f"[sweeps.a]\nover = {{ prize = [0, 1, 50], cost = {{ points = {count} }} }}\n"
        )
        if name in seconds:
            stamps.stamp(file, folder, [], seconds[name])
    assert [file.stem for file in order(folders, folders)] == [
        "standoff_2021", "large_tree", "in_rounds", "other_rounds", "tree", "new", "long", "short",
    ]  # fmt: skip


def slowly(what):
    """What a process of the tests does."""
    if what == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "fails":
        raise ValueError("x.toml: wrong")
    if what == "is wrong":
        raise TypeError("ours")
    if what == "waits":
        time.sleep(600)
    return what, os.getpid()


def test_the_end_of_a_process_is_told_and_the_others_go_on():
    words = ["a", "dies", "fails", "is wrong", "b"]
    found = {}
    for each in in_processes(slowly, [(word,) for word in words], 2):
        found.setdefault(each.item[0], []).append(each)
    assert {word: len(each) for word, each in found.items()} == {word: words.count(word) for word in words}
    assert all(found[word][0].result[0] == word and not found[word][0].wrong for word in "ab")
    assert len({each.result[1] for word in "ab" for each in found[word]}) <= 3
    assert all("ended with -9" in each.wrong for each in found["dies"])
    assert found["fails"][0].wrong == "x.toml: wrong"
    assert "please report it" in found["is wrong"][0].wrong


def test_nobody_waits_for_what_is_not_wanted_any_more():
    begun = time.monotonic()
    at_work = in_processes(slowly, [("a",), ("waits",), ("waits",)], 2)
    pid = next(at_work).result[1]
    at_work.close()
    assert time.monotonic() - begun < 60
    with pytest.raises(OSError, match="No such process"):
        os.kill(pid, 0)


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="no groups of processes here")
def test_an_interruption_keeps_what_was_finished(place):
    (place / "scenarios" / "broken.toml").unlink()
    large = SCENARIO.replace("LOW", "0").replace("[0.5, 3.5, 3]", "[0.5, 3.5, 90000]")
    many = "\n".join(f"[sweeps.s{k}]\nover = {{ prize = [0, 4, 99000] }}" for k in range(300))
    (place / "scenarios" / "large.toml").write_text(large + many)
    process = command(place)
    assert process.stdout.readline().startswith("[1/2] kept: 1 map")
    process.send_signal(signal.SIGINT)
    code, _, error = ended(process)
    assert code == 130
    assert error == "interrupted; what was finished is kept, and the next make goes on from there\n"
    assert is_made(place / "scenarios" / "kept.toml", place / "results" / "kept")
    assert not (place / "results" / "large" / ".done").exists()
