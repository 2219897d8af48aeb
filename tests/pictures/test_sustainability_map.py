from __future__ import annotations

import numpy as np
import pytest

from sim.pictures.plots.sustainability_map import choose, sustainability_map
from tests.pictures.datasets import failed, quarters, words


def test_alone_beside_others_and_not_at_all_are_told_apart():
    figure = sustainability_map(quarters(), outcome="frozen standoff")
    image = figure.axes[0].images[0].get_array()
    height, width = image.shape[:2]
    alone, beside, never = (
        image[5, width - 5],
        image[height - 5, width - 5],
        image[5, 5],
    )
    assert len({tuple(tone) for tone in (alone, beside, never)}) == 3
    assert alone.sum() < beside.sum() < never.sum()
    shown = words(figure)
    for meaning in ("it and nothing else", "and other outcomes as well", "not this outcome"):
        assert meaning in shown


def test_the_first_telling_outcome_is_chosen():
    assert choose(quarters(), None) == "talks"
    assert np.isclose(quarters()["holds"].sel(outcome="legal guarantee").mean(), 0)


def test_an_unknown_outcome_is_refused():
    with pytest.raises(ValueError, match="Did you mean 'talks'"):
        sustainability_map(quarters(), outcome="talk")


def test_failures_are_hatched_and_said():
    assert "refuted" in words(sustainability_map(failed()))
