import json

import pytest

import sim
from sim.pictures.plots.deciding_parameters import deciding_parameters
from sim.run.sensing import sense
from sim.scenario.over import everything
from tests.games import library
from tests.pictures.datasets import sample, words


def test_a_finished_sample_shows_shifts_and_chance():
    figure = deciding_parameters(sample())
    assert "by chance alone" in words(figure)
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert names[-1] == "prize"  # which nothing depends on


def test_new_cells_show_parts_that_add_to_one_and_what_is_proved():
    scenario = library("chicken")
    found = sense(scenario, everything(scenario, {}), points=32).dataset
    figure = deciding_parameters(found.assign_attrs(never=json.dumps(["idle"])))
    bars = figure.axes[0].patches
    assert sum(bar.get_width() for bar in bars[: len(bars) // 2]) == pytest.approx(1)
    assert "value of idle changes any outcome, which is proved" in words(figure)


def test_counts_show_how_far_parameters_shift_what_holds():
    ranges = {"triumph": (6, 7), "collision": (0.5, 2)}
    data = sim.sweep(library("chicken"), ranges, design="latin", points=64, keep="shares")
    figure = deciding_parameters(data)
    assert {label.get_text() for label in figure.axes[0].get_yticklabels()} == {*ranges}
    assert "by chance alone" in words(figure)
    with pytest.raises(ValueError, match="--keep map"):
        deciding_parameters(data.drop_vars("along"))
