"""What is made from the code is as the code makes it."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from tests.made import PICTURES, files, picture


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_files_are_as_they_are_made(path):
    assert path.read_text() == files()[path], "run: make docs"


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.name)
def test_pictures_of_the_readme_are_as_their_commands_draw_them(path, tmp_path):
    there, made = (
        np.asarray(Image.open(name).convert("RGB"), dtype=float) for name in (path, picture(path, tmp_path))
    )
    assert there.shape == made.shape, "run: make docs"
    assert np.abs(there - made).mean() < 0.5, "run: make docs"  # of 255: other fonts may differ by a hair
