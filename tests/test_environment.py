"""What the machine refuses ends in a sentence and a documented exit code, and harms nothing finished."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import click
import pytest

import sim
from sim.cli import border
from sim.run import blocks as run
from tests.stores import ROOT, contents, standoff

COMMAND = [sys.executable, "-m", "sim"]


def began(*arguments, **streams):
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    return subprocess.Popen([*COMMAND, *map(str, arguments)], cwd=ROOT, text=True, **streams)


def ended(process):
    out, error = process.communicate(timeout=120)
    assert "Traceback" not in (error or "")
    assert "ignored" not in (error or "")
    return process.returncode, out, error


@pytest.fixture
def inside(monkeypatch):
    """How a command ends that raises an error, as (exit code, what is said)."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    monkeypatch.setattr(os, "_exit", sys.exit)
    said = []
    monkeypatch.setattr(border, "say", said.append)

    def ending(error):
        def command():
            raise error

        group = border.Border("standoff")
        monkeypatch.setattr(group, "get_command", lambda *_: click.Command("x", callback=command))
        with pytest.raises(SystemExit) as left:
            group.main(["x"], prog_name="standoff")
        return left.value.code, "".join(said)

    return ending


def noted(error, note):
    error.add_note(note)
    return error


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (EOFError("Ran out of input"), 1, "please report it"),
        (MemoryError(), 2, "out of memory: fewer points"),
        (noted(MemoryError(), "it is kept"), 2, "; it is kept"),
        (RuntimeError("can't start new thread"), 2, "starts no more threads"),
        (RuntimeError("no luck"), 1, "no luck"),
        (OSError(errno.ENOSPC, "No space left on device", "a.zarr"), 2, "a.zarr: the disk is full"),
        (PermissionError(errno.EACCES, "Permission denied", "a.zarr"), 2, "a.zarr: permission denied"),
        (OSError("no such luck"), 2, "no such luck"),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), 0, ""),
        (ValueError("wrong"), 2, "wrong"),
    ],
)
def test_every_error_has_its_sentence_and_code(inside, error, code, words):
    found = inside(error)
    assert found[0] == code
    assert words in found[1]
    assert bool(words) == bool(found[1])
    assert "interrupted" not in found[1]


def test_who_has_read_enough_is_told_no_more():
    process = began("list")
    process.stdout.close()
    process.stdout = None
    assert ended(process)[::2] == (0, "")


def test_a_full_disk_under_the_answer_is_said():
    with Path("/dev/full").open("w") as full:
        code, _, error = ended(began("list", stdout=full))
    assert (code, error) == (2, "the disk is full\n")
    with Path("/dev/full").open("w") as full:
        assert ended(began("solve", "nowhere", stderr=full))[0] == 2


def test_a_sweep_goes_on_when_nobody_reads_of_it(tmp_path):
    process = began("sweep", "chicken", "--points", "5", "--out", tmp_path)
    process.stderr.close()
    process.stdout.close()
    assert process.wait(timeout=120) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "disaster.borders.json", "disaster.zarr", "stakes.borders.json", "stakes.zarr",
    ]  # fmt: skip


def test_a_full_disk_keeps_what_was_finished(tmp_path):
    def no_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    arguments = ["sweep", "chicken", "stakes", "--points", "60", "--out", tmp_path]
    code, _, error = ended(began(*arguments, preexec_fn=no_room))
    assert code == 2
    assert "stakes.zarr: no file may be so large; what was finished is kept" in error.replace(
        ".unfinished", ""
    )
    assert [path.name for path in tmp_path.iterdir()] == ["stakes.zarr.unfinished"]
    assert ended(began(*arguments, "--resume"))[0] == 0
    assert ended(began(*arguments[:-1], tmp_path / "again"))[0] == 0
    assert contents(tmp_path / "stakes.zarr") == contents(tmp_path / "again" / "stakes.zarr")


def test_a_picture_that_does_not_fit_leaves_nothing(tmp_path):
    from sim.pictures import draw

    sim.sweep(standoff(), "rifle", out=tmp_path, points=5)
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, usual[1]))
    try:
        with pytest.raises(OSError, match=r"x\.svg") as raised:
            draw(str(tmp_path / "rifle.zarr"), out=tmp_path / "x.svg")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert raised.value.errno == errno.EFBIG
    assert [path.name for path in tmp_path.iterdir()] == ["rifle.zarr"]


@pytest.mark.parametrize("error", [MemoryError("no more"), OSError(errno.ENOSPC, "No space left on device")])
def test_a_block_that_found_no_room_is_made_later(tmp_path, monkeypatch, error):
    from sim.dataset import Store

    monkeypatch.setattr(run, "BLOCK", 40)
    write, written = Store.write, []

    def failing(store, block, data):
        if len(written) == 2:
            raise error
        written.append(block)
        write(store, block, data)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "write", failing)
        with pytest.raises(type(error)):
            sim.sweep(standoff(), "rifle", out=tmp_path)
    told = []
    sim.sweep(standoff(), "rifle", out=tmp_path, resume=True, progress=lambda done, _: told.append(done))
    assert told[0] == sum((part.stop - part.start) * (other.stop - other.start) for part, other in written)


def test_workers_beyond_what_the_machine_starts_are_said(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "BLOCK", 20)
    from concurrent.futures import ThreadPoolExecutor

    submit, begun = ThreadPoolExecutor.submit, []

    def refused(pool, work, *arguments):
        if isinstance(work, run.Work):
            begun.append(arguments)
            if len(begun) > 3:
                raise RuntimeError("can't start new thread")
        return submit(pool, work, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(ThreadPoolExecutor, "submit", refused)
        with pytest.raises(OSError, match="sweep with fewer than 200 workers"):
            sim.sweep(standoff(), "rifle", out=tmp_path, workers=200)
    told = []
    sim.sweep(standoff(), "rifle", out=tmp_path, resume=True, progress=lambda done, _: told.append(done))
    assert told[0] > 0


@pytest.mark.parametrize("workers", [0, -1, 257, 10**9, 2.0, "2", None])
def test_workers_are_a_number_of_threads(workers):
    with pytest.raises(ValueError, match="expected a whole number from 1 to 256"):
        sim.sweep(standoff(), "rifle", points=2, workers=workers)


@pytest.mark.parametrize("points", [100_001, 10**30])
def test_limits_hold_for_points_that_are_given(tmp_path, points):
    with pytest.raises(ValueError, match="at most 100000"):
        sim.sweep(standoff(), "rifle", points=points, out=tmp_path)
    with pytest.raises(ValueError, match="has 10000000000 cells; a sweep has at most 100000000"):
        sim.sweep(standoff(), "rifle", points=100_000, out=tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("gap", [0.0, 0.002, 0.3])
def test_two_interruptions_leave_no_traceback(tmp_path, gap):
    process = began("sweep", "chicken", "stakes", "--points", "4000", "--out", tmp_path)
    deadline = time.monotonic() + 100
    while not list(tmp_path.rglob("progress")) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    for _ in range(2):
        process.send_signal(signal.SIGINT)
        time.sleep(gap)
    code, _, error = ended(process)
    assert code == 130
    assert "--resume" in error


@pytest.mark.parametrize("gap", [0.0, 0.01])
def test_impatience_ends_any_command(gap):
    process = began("play", "chicken", "--by", "best_reply", "--runs", "10000", "--periods", "100000")
    time.sleep(1.5)
    for _ in range(3):
        process.send_signal(signal.SIGINT)
        time.sleep(gap)
    code, _, error = ended(process)
    assert code == 130
    assert error.strip() == "interrupted"


def interrupted_twice(code, *arguments):
    """How Python code ends that says "at work" and then wants a minute, and what it said meanwhile."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout.readline() == "at work\n"
    process.send_signal(signal.SIGINT)
    time.sleep(1)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    code, _, error = ended(process)
    assert time.monotonic() - begun < 20
    return code, error


def test_a_second_interruption_waits_for_no_tidying_up():
    tidy = (
        "import time\n"
        "import sim.__main__ as door\n"
        "import sim.cli\n"
        "def command():\n"
        "    try:\n"
        "        print('at work', flush=True)\n"
        "        time.sleep(60)\n"
        "    finally:\n"
        "        end = time.monotonic() + 60\n"
        "        while time.monotonic() < end:\n"
        "            try:\n"
        "                time.sleep(60)\n"
        "            except KeyboardInterrupt:\n"
        "                pass\n"
        "sim.cli.main = command\n"
        "door.main()\n"
    )
    assert interrupted_twice(tidy) == (130, "interrupted\n")


def test_a_second_interruption_waits_for_no_block(tmp_path):
    slow = (
        "import sys, time\n"
        "from sim.__main__ import main\n"
        "from sim.run import blocks\n"
        "solve, calls = blocks.solve, []\n"
        "def slow(*arguments):\n"
        "    calls.append(arguments)\n"
        "    if len(calls) == 2:\n"
        "        print('at work', flush=True)\n"
        "        time.sleep(60)\n"
        "    return solve(*arguments)\n"
        "blocks.solve = slow\n"
        "main()\n"
    )
    code, error = interrupted_twice(slow, "sweep", "chicken", "stakes", "--points", "5", "--out", tmp_path)
    assert code == 130
    assert "stopping after the blocks at work" in error
    assert "interrupted; what was finished is kept" in error


def test_an_interruption_that_python_loses_is_one_all_the_same():
    lost = (
        "import os, signal, sys, time, weakref\n"
        "import sim.__main__ as door\n"
        "import sim.cli\n"
        "class Thing: pass\n"
        "def command():\n"
        "    thing = Thing()\n"
        "    weakref.finalize(thing, lambda: os.kill(os.getpid(), signal.SIGINT) or time.sleep(1))\n"
        "    del thing\n"
        "    time.sleep(30)\n"
        "sim.cli.main = command\n"
        "door.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", lost], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (130, "interrupted\n")
