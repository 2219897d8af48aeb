from __future__ import annotations

import numpy as np
import pytest

from sim.pictures.plots.paths import paths, stacked
from sim.pictures.style import colour
from tests.pictures.datasets import played, quarters, words


def test_shares_are_stacked_with_the_first_outcome_on_top():
    share = np.array([[0.25, 0.75], [1.0, 0.0]])
    code = stacked(share, np.array([0, 1]), height=1.0)
    assert (code[:, 0] == 0).mean() == pytest.approx(0.25)
    assert code[-1, 0] == 0
    assert code[0, 0] == 1
    assert (code[:, 1] == 0).all()


def test_single_runs_have_the_colours_of_their_outcomes():
    figure = paths(played())
    image = figure.axes[1].images[0].get_array()
    assert np.allclose(image[0, 0], colour(1))
    assert np.allclose(image[0, -1], colour(2))
    # the first run on top is the first to freeze
    frozen = np.isclose(image, np.array(colour(2))).all(axis=-1)
    assert frozen[-1].sum() > frozen[0].sum()


def test_legend_names_what_occurs_and_states():
    shown = words(paths(played()))
    assert "frozen standoff" in shown
    assert "legal guarantee" not in shown
    assert "tense" in shown
    assert "States" not in words(paths(played(states=())))


def test_a_sweep_is_refused():
    with pytest.raises(ValueError, match="standoff play"):
        paths(quarters())
