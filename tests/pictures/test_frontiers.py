from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.patience import critical_frontier
from sim.pictures.plots.frontiers import frontiers
from tests.games import library
from tests.pictures.datasets import dataset, pure, quarters, words


def halves():
    """Talks everywhere, a standoff where x is at least 2 of 0 .. 4, nothing else."""
    x, _ = np.meshgrid(np.linspace(0, 4, 41), np.arange(20), indexing="ij")
    return dataset(pure(np.stack([np.ones_like(x, int), np.where(x > 1.95, 2, -1)], axis=-1)))


def test_the_line_runs_midway_between_the_cells():
    line, ticks = frontiers(halves()).axes[0].lines[-2:]
    assert np.allclose(line.get_xdata(), 1.95)
    assert np.allclose(ticks.get_xdata(), 1.95)


def test_the_line_is_the_frontier_up_to_a_cell():
    scenario = library("standoff_2021_repeated")
    line = frontiers(sim.sweep(scenario, "patience", points=9), outcome="talks, demand standing")
    russia, nato = line.axes[0].lines[-1].get_data()
    stage = scenario.game().stage
    exact = critical_frontier(stage, (1, 1), [0.2, 0.6], points=10)[0]
    assert stage.outcomes.names[stage.outcomes.of[1, 1]] == "talks, demand standing"
    order = np.argsort(nato)
    drawn = np.interp([0.2, 0.6], nato[order], russia[order])
    np.testing.assert_allclose(drawn, exact, atol=0.1)


def test_ticks_point_to_where_the_outcome_lasts():
    ticks = frontiers(halves()).axes[0].lines[-1]
    along = np.diff(ticks.get_ydata())
    # ninety degrees to the left of a line that runs downwards is to the right, where it lasts
    assert (along < 0).all()


def test_what_lasts_everywhere_or_nowhere_is_said():
    shown = words(frontiers(halves()))
    assert "everywhere: talks" in shown
    assert "nowhere: legal guarantee; open conflict" in shown


def test_one_outcome_can_be_shown_alone():
    shown = words(frontiers(quarters(), outcome="frozen standoff"))
    assert "frozen standoff" in shown
    assert "talks" not in shown.replace("before talks start", "")
    with pytest.raises(ValueError, match="Did you mean 'frozen standoff'"):
        frontiers(quarters(), outcome="frozen standof")
