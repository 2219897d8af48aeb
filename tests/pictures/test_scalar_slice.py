from __future__ import annotations

import numpy as np
import pytest

from sim.pictures.plots.scalar_slice import scalar_slice
from tests.pictures.datasets import line, quarters, words


def by_outcome():
    data = line(20)
    number = np.linspace(0, 1, 20)[:, None] * np.array([1.0, 2.0, 3.0, np.nan])
    number[:5, 1] = np.nan
    return data.assign(need=((*data["status"].dims, "outcome"), number))


def test_there_is_a_line_for_each_outcome_and_a_gap_where_there_is_no_number():
    figure = scalar_slice(by_outcome(), variable="need")
    first, second, third, *_ = figure.axes[0].lines
    assert first.get_ydata()[-1] == 1.0
    assert np.isnan(second.get_ydata()[:5]).all()
    assert third.get_ydata()[-1] == 3.0
    assert "never: open conflict" in words(figure)


def test_one_outcome_can_be_named():
    figure = scalar_slice(by_outcome(), variable="need", outcome="talks")
    assert "legal guarantee" not in words(figure)
    with pytest.raises(ValueError, match="Did you mean 'talks'"):
        scalar_slice(by_outcome(), variable="need", outcome="talk")
    with pytest.raises(ValueError, match="not a number by outcome"):
        scalar_slice(by_outcome(), variable="count", outcome="talks")


def test_without_a_name_it_is_the_number_of_equilibria():
    assert "count" in words(scalar_slice(line()))


def test_two_axes_are_refused_with_the_remedy():
    with pytest.raises(ValueError, match="--at"):
        scalar_slice(quarters())
