from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.pictures.plots.belief_slice import belief_slice
from tests.pictures.datasets import line, words


def swept(name, points=25, **over):
    return sim.sweep(sim.load(name), {key: (*ends, points) for key, ends in over.items()}, keep="equilibria")


def test_beliefs_rise_with_the_prior_where_both_kinds_do_the_same():
    """Beer and quiche (Cho and Kreps 1987): where they pool the belief is the prior, and the other signal's is a band."""
    figure = belief_slice(swept("beer_quiche", wimps=(0.02, 0.4)))
    assert len(figure.axes) == 2
    for panel in figure.axes:
        prior = [own for own in panel.lines if len(own.get_xdata()) == 25 and own.get_linewidth() > 1]
        assert any(np.allclose(own.get_xdata(), own.get_ydata()) for own in prior)
        (band,) = panel.collections
        corners = band.get_paths()[0].vertices
        assert (corners[:, 1].min(), corners[:, 1].max()) == pytest.approx((0.5, 1.0))
    said = words(figure)
    assert figure.axes[0].get_title(loc="left") == "belief of Bully@beer in wimp"
    assert "band: play never comes there" in said


def test_where_one_kind_mixes_the_belief_stands_still():
    figure = belief_slice(swept("build_up_signal_2021", resolve=(0.05, 0.45)))
    (panel,) = figure.axes
    assert np.allclose(panel.lines[0].get_ydata(), 0.5)
    assert "semi-separating" in words(figure)
    assert "band" not in words(figure)


def test_one_mover_can_be_named():
    data = swept("crisis_2021", 3, resolve=(0.1, 0.5))
    with pytest.raises(ValueError, match=r"16 beliefs are too many .* --option agent=NAME"):
        belief_slice(data)
    figure = belief_slice(data, agent="NATO@cohesive, build_up")
    assert len(figure.axes) == 1
    assert "NATO@cohesive, build_up believes in resolved with" in words(figure)
    assert figure.axes[0].lines[-2].get_ydata()[-1] == pytest.approx(
        0.5
    )  # all build up: nothing is told by it
    with pytest.raises(ValueError, match=r"unknown agent 'NATO'"):
        belief_slice(data, agent="NATO")


def test_where_nothing_is_hidden_that_is_said():
    with pytest.raises(ValueError, match="--keep equilibria"):
        belief_slice(line())
    with pytest.raises(ValueError, match="knows all that happened before"):
        belief_slice(
            swept("power_shift_2021", 3, **{next(iter(sim.load("power_shift_2021").parameters)): (0.1, 0.5)})
        )
