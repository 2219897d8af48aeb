from __future__ import annotations

import numpy as np
import pytest

from sim.pictures.plots.payoff_set import above, payoff_set
from tests.pictures.datasets import line, payoffs, quarters, words


def test_sets_along_a_parameter_are_drawn_largest_first():
    figure = payoff_set(payoffs())
    areas = [np.ptp(patch.get_xy()[:, 0]) for patch in figure.axes[0].patches[1:]]
    assert areas == sorted(areas, reverse=True)
    assert len(areas) >= 3


def test_points_and_empty_sets_are_said_in_words():
    shown = words(payoff_set(payoffs()))
    assert "one point" in shown
    assert "none in pure strategies" in shown


def test_sets_by_state_are_drawn_at_the_default_and_named():
    data = payoffs()
    sets = data["payoff_set"].values[[3, 4]]
    by_state = data.drop_vars(["feasible", "stage_nash", "minmax", "payoff_set"]).assign(
        payoff_set=(("patience", "state", "vertex", "player"), np.broadcast_to(sets, (6, *sets.shape))),
    )
    shown = words(payoff_set(by_state.assign_coords(state=["calm", "tense"])))
    assert "from calm" in shown
    assert "from tense" in shown
    assert "patience" in shown


def test_what_is_feasible_and_rational_is_the_part_above_the_minmax():
    triangle = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 2.0]])
    cut = above(triangle, np.array([0.5, 0.5]))
    assert sorted(map(tuple, cut)) == [(0.5, 0.5), (0.5, 1.5), (1.5, 0.5)]
    assert above(triangle, np.array([3.0, 0.0])).size == 0


def test_the_players_name_the_axes():
    shown = words(payoff_set(payoffs()))
    assert "average payoff of Russia per round" in shown
    assert "average payoff of NATO per round" in shown


def test_a_dataset_without_sets_is_told_how_to_keep_them():
    for data in (line(), quarters(3)):
        with pytest.raises(ValueError, match="--full"):
            payoff_set(data)
