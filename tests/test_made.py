"""What is made from the code is as the code makes it."""

from __future__ import annotations

import pytest

from tests.made import files


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_files_are_as_they_are_made(path):
    assert path.read_text() == files()[path], "run: make docs"
