"""What is installed is whole: the wheel holds the code, its data and the scenario library, and works elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from tests.games import ROOT

pytest.importorskip("setuptools", minversion="77", reason="what builds the wheel comes with `make setup`")

NEEDED = ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE", "sim", "scenarios")
BUILD = "from setuptools import build_meta; import sys; print(build_meta.build_wheel(sys.argv[1]))"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of this very tree, built from a copy, so that nothing is left behind in it."""
    source, place = (tmp_path_factory.mktemp(name) for name in ("source", "wheel"))
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.nb?"))
        else:
            shutil.copy(ROOT / name, source)
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(place)], cwd=source, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (built,) = place.glob("*.whl")
    return built


def test_the_wheel_holds_code_data_and_library_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        files = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "sim"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        ).stdout.split()  # fmt: skip
        library = {f"sim/scenario/library/{path.name}": path for path in (ROOT / "scenarios").glob("*.toml")}
        assert len(library) >= 23
        assert names == {name for name in files if (ROOT / name).exists()} | set(library)
        for name, path in library.items():
            assert archive.read(name) == path.read_bytes()


@pytest.mark.deep
def test_the_installed_package_works_elsewhere(wheel, tmp_path):
    """Unpacked, as installers do it, beside the packages it needs; there is no repository to fall back on."""
    packages, elsewhere = tmp_path / "packages", tmp_path / "elsewhere"
    elsewhere.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    (packages / "scenarios").mkdir()  # of some other package: it hides nothing

    def standoff(*words):
        done = subprocess.run(
            [sys.executable, "-m", "sim", *words],
            cwd=elsewhere, env={**os.environ, "PYTHONPATH": str(packages)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert {line.split()[0] for line in standoff("list").splitlines()[1:]} >= {"standoff_2021", "chicken"}
    assert "frozen standoff" in standoff("solve", "standoff_2021")
    assert standoff("sweep", "chicken", "disaster", "--points", "11") == "results/chicken/disaster.zarr\n"
    assert standoff("map", "chicken") == "results/chicken/disaster.png\n"
    where = subprocess.run(
        [sys.executable, "-c", "import sim; print(sim.load('chicken').path)"],
        cwd=elsewhere, env={**os.environ, "PYTHONPATH": str(packages)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert where.stdout.strip() == str(packages / "sim" / "scenario" / "library" / "chicken.toml")
