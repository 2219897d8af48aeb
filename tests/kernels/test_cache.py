"""The cache of compiled code: edited kernels are compiled anew, in whatever folder they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim import kernels


@pytest.mark.parametrize("edited", ["__init__.py", "base/linear.py", "judge/certificate.py"])
def test_the_key_changes_with_every_kernel(edited, tmp_path, monkeypatch):
    for path in kernels.HERE.rglob("*.py"):
        copy = tmp_path / path.relative_to(kernels.HERE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    monkeypatch.setattr(kernels, "HERE", tmp_path)
    before = kernels.cache_folder()
    assert Path(before).is_relative_to(tmp_path)
    assert kernels.cache_folder() == before
    with (tmp_path / edited).open("a") as file:
        file.write("# edited\n")
    assert kernels.cache_folder() != before
