"""Compiled code is kept by its source: what is edited, damaged or foreign is compiled again, and nobody hears of it."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import FunctionType

import pytest

from sim import kernels
from sim.kernels import compiler, folder, turns
from sim.kernels.lazy import Kernel


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the kernels, to edit."""
    copy = shutil.copytree(folder.HERE, tmp_path / "kernels", ignore=lambda *_: ["__pycache__"])
    monkeypatch.setattr(folder, "HERE", copy)
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    return copy


def edit(path):
    folder.source.cache_clear()
    with path.open("a") as file:
        file.write("# edited\n")


def test_how_kernels_are_compiled_is_in_the_name_of_the_folder(copy, tmp_path):
    before = folder.cache_folder()
    assert before.is_relative_to(tmp_path)
    assert folder.cache_folder() == before
    edit(copy / "compiler.py")
    assert folder.cache_folder() != before


EDITS = {  # a file: whether the kernels of bimatrix/exact.py are compiled again when it is edited
    "bimatrix/exact.py": True,
    "bimatrix/vertex_enumeration.py": True,  # imported
    "base/tolerances.py": True,  # imported by one that is imported
    "judge/certificate.py": False,
}


@pytest.mark.parametrize("edited", EDITS)
def test_an_edit_compiles_again_what_can_reach_it_and_nothing_else(edited, copy):
    function = FunctionType(compile("0", str(copy / "bimatrix/exact.py"), "eval"), {})
    before = folder.name_of(function)
    assert folder.name_of(function) == before
    edit(copy / edited)
    assert (folder.name_of(function) != before) == EDITS[edited]


def test_every_kernel_is_found_in_what_its_callers_reach():
    """No kernel is called that the name of the caller does not depend on."""
    for path in sorted(folder.HERE.rglob("*.py")):
        module = import_module(
            ".".join(("sim.kernels", *path.relative_to(folder.HERE).with_suffix("").parts))
        )
        there = folder.reached(path)
        for kernel in vars(module).values():
            if isinstance(kernel, Kernel):
                assert Path(kernel.function.__code__.co_filename) in there


def triple(x):
    return 3 * x


def quadruple(x):
    return 4 * x


def compiled(function=triple):
    made = kernels.kernel()(function)
    assert (made(2.0), made(2)) == ((6.0, 6) if function is triple else (8.0, 8))
    return sum(made.stats.cache_hits.values())


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setattr(compiler, "chosen_folder", lambda: tmp_path)
    assert compiled() == 0
    assert compiled() == 2
    return tmp_path


DAMAGE = {
    "empty": lambda path: path.write_bytes(b""),
    "begun": lambda path: path.write_bytes(path.read_bytes()[:20]),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "zeroed": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "one bit of code": lambda path: path.write_bytes(
        path.read_bytes()[:-999] + b"!" + path.read_bytes()[-998:]
    ),
    "nonsense": lambda path: path.write_bytes(b"cos\nsystem\n(S'true'\ntR."),
}


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_file_is_made_again(place, how):
    for path in place.iterdir():
        DAMAGE[how](path)
    assert compiled() == 0
    assert compiled() == 2


def test_code_of_another_function_is_not_run(place):
    mine = sorted(place.iterdir())
    assert compiled(quadruple) == 0
    theirs = sorted(set(place.iterdir()) - set(mine))
    for path, other in zip(mine, theirs, strict=True):
        shutil.copy(other, path)
    assert compiled() == 0
    assert compiled() == 2


def test_an_interrupted_compilation_leaves_nothing(place, monkeypatch):
    for path in place.iterdir():
        path.unlink()

    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.write_bytes", interrupted)
        with pytest.raises(KeyboardInterrupt):
            compiled()
    assert list(place.iterdir()) == []
    assert compiled() == 0
    assert compiled() == 2


def test_of_two_processes_one_compiles_and_the_other_reads(tmp_path):
    """Both begin at once; what both need is compiled by one of them."""
    work = (
        "import sys; from sim.kernels.bimatrix.vertex_enumeration import put_in_order; import numpy as np;"
        "from sim.kernels.folder import MISSING; print('ready', flush=True); sys.stdin.readline();"
        "put_in_order(np.eye(3), 0, 2, 0, 3); print(len(MISSING))"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    both = [
        subprocess.Popen(
            [sys.executable, "-c", work],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in both:
        assert process.stdout.readline() == "ready\n"
    for process in both:
        process.stdin.write("go\n")
        process.stdin.flush()
    compiled = sorted(int(process.communicate()[0]) for process in both)
    assert compiled[0] == 0
    assert compiled[1] > 0
    assert not list(tmp_path.rglob("*.turn"))


def test_what_nobody_finishes_is_compiled_by_who_waits(place, monkeypatch):
    for path in place.iterdir():
        handle = os.open(path.with_suffix(".turn"), os.O_RDWR | os.O_CREAT)
        fcntl.flock(handle, fcntl.LOCK_EX)  # by a process that was stopped
        path.unlink()
    monkeypatch.setattr(turns, "LONGEST", 0.2)
    assert compiled() == 0
    assert compiled() == 2


def test_what_cannot_be_kept_is_compiled_each_time(place):
    for path in place.iterdir():
        path.unlink()
        path.mkdir()  # neither read nor replaced
    assert compiled() == 0
    assert compiled() == 0
    assert all(path.is_dir() for path in place.iterdir())


def test_a_folder_of_the_users_choice_is_keyed_by_the_source_too(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    first = folder.cache_folder()
    assert first.parent == tmp_path
    other = shutil.copytree(folder.HERE, tmp_path / "kernels", ignore=lambda *_: ["__pycache__"])
    (other / "compiler.py").write_text("# edited")
    monkeypatch.setattr(folder, "HERE", other)
    assert folder.cache_folder() != first
    first.chmod(0o777)  # anybody could put code there
    monkeypatch.undo()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert folder.cache_folder() != first
