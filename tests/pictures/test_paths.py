from __future__ import annotations

import numpy as np
import pytest

from sim.pictures.plots.paths import paths, stacked
from tests.pictures.datasets import colour, played, quarters, words


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


def test_the_title_says_what_came_of_it():
    told = "5 crises of 30 periods: talks in 53% of all periods, frozen standoff in 100% at the end"
    assert told in words(paths(played()))


def test_at_most_eight_states_are_told_apart():
    data = played(states=())
    shares = np.linspace(1, 2, 12)
    visits = np.broadcast_to(shares / shares.sum(), (30, 12))
    names = [f"state {number}" for number in range(12)]
    data = data.assign(visits=(("period", "state"), visits)).assign_coords(state=names)
    shown = words(paths(data))
    assert "5 others" in shown
    assert "state 11" in shown
    assert "state 4" not in shown


def test_states_have_the_colours_of_their_tones():
    figure = paths(played())
    image = figure.axes[2].images[0].get_array()
    assert np.isclose(image[-1, 0], colour(0, ["calm"], {"calm": "quiet"})).all()


def test_end_states_that_only_slips_lead_into_are_told():
    assert "war: an end state" not in words(paths(played()))
    assert "War: an end state that only slips lead into" in words(
        paths(played().assign_attrs(slips='["war"]'))
    )
