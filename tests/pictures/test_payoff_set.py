from __future__ import annotations

import numpy as np
import pytest

from sim.pictures.plots.payoff_set import above, payoff_set, shades
from tests.pictures.datasets import line, payoffs, quarters, words


def test_sets_along_a_parameter_are_drawn_largest_first():
    figure = payoff_set(payoffs())
    areas = [np.ptp(patch.get_xy()[:, 0]) for patch in figure.axes[0].patches[1:]]
    assert areas == sorted(areas, reverse=True)
    assert len(areas) >= 3


def test_sets_go_from_pale_to_strong_and_each_has_its_own_colour():
    sets = [np.array([[0.0, 0.0], [size, 0.0], [0.0, size]]) for size in (1.0, 2.0, 3.0)]
    lightness = [float(np.mean(tone)) for tone in shades(sets)]
    assert lightness == sorted(lightness)
    assert [float(np.mean(tone)) for tone in shades(sets[::-1])] == lightness[::-1]


def test_the_legend_names_only_what_is_there():
    shown = words(payoff_set(payoffs().drop_vars(["stage_nash", "feasible"])))
    assert "feasible" not in shown
    assert "equilibria of one round" not in shown
    everything = payoffs()
    full = everything.assign(payoff_set=everything["payoff_set"].copy(data=np.full((6, 4, 2), np.nan)))
    full["payoff_set"][:, :] = everything["feasible"].values + 0.5
    assert "no side below" not in words(payoff_set(full))  # all of it is covered


def test_the_same_set_is_named_once():
    data = payoffs()
    data["payoff_set"][4] = data["payoff_set"][5]
    assert "patience\u00a0=\u00a00.8, 0.9" in words(payoff_set(data))


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
