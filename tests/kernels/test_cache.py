"""Compiled code is kept by its source: what is edited, damaged or foreign is compiled again, and nobody hears of it."""

from __future__ import annotations

import shutil

import pytest

from sim import kernels
from sim.kernels import compiler, folder


@pytest.mark.parametrize("edited", ["__init__.py", "base/linear.py", "judge/certificate.py"])
def test_the_key_changes_with_every_kernel(edited, tmp_path, monkeypatch):
    copy = shutil.copytree(folder.HERE, tmp_path / "kernels", ignore=lambda *_: ["__pycache__"])
    monkeypatch.setattr(folder, "HERE", copy)
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    before = folder.cache_folder()
    assert before.is_relative_to(tmp_path)
    assert folder.cache_folder() == before
    with (copy / edited).open("a") as file:
        file.write("# edited\n")
    assert folder.cache_folder() != before


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
    (other / "base" / "bits.py").write_text("# edited")
    monkeypatch.setattr(folder, "HERE", other)
    assert folder.cache_folder() != first
    first.chmod(0o777)  # anybody could put code there
    monkeypatch.undo()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert folder.cache_folder() != first
