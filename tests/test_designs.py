from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.designs import Grid, steps

grids = st.lists(st.integers(1, 7), min_size=1, max_size=4).map(
    lambda sizes: Grid({f"axis_{i}": np.arange(size) + 10.0 * i for i, size in enumerate(sizes)})
)


@given(grids, st.integers(1, 40))
def test_blocks_cover_every_cell_once(grid, cells):
    tile = grid.tile(cells)
    visits = np.zeros(grid.shape, int)
    for block in grid.blocks(tile):
        visits[block] += 1
        assert grid.size(block) <= cells
    assert (visits == 1).all()


@given(grids, st.integers(1, 40))
def test_points_of_a_block_are_the_points_of_the_grid(grid, cells):
    whole = np.meshgrid(*grid.axes.values(), indexing="ij")
    for block in grid.blocks(grid.tile(cells)):
        points = grid.points(block)
        for name, values in zip(grid.axes, whole, strict=True):
            np.testing.assert_array_equal(points[name], values[block].ravel())


def test_blocks_are_nearly_square():
    grid = Grid({"x": np.arange(1001.0), "y": np.arange(1001.0)})
    assert grid.tile(65536) == (251, 251)
    assert grid.tile(10**7) == (1001, 1001)


def test_a_step_is_the_decimal_it_stands_for():
    assert steps(0, 1, 11).tolist() == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert steps(-0.2, 0.1, 4).tolist() == [-0.2, -0.1, 0.0, 0.1]


@given(st.integers(-50, 50), st.integers(1, 50), st.integers(2, 30))
def test_steps_are_equal_to_ten_digits_and_exact_where_they_are_decimals(low, width, points):
    values = steps(low / 10, (low + width) / 10, points).tolist()
    for number, value in enumerate(values):
        exact = Fraction(low, 10) + Fraction(width, 10) * Fraction(number, points - 1)
        assert abs(value - exact) <= Fraction(width, 10**11)
        if 10**9 * exact == int(10**9 * exact):
            assert value == float(exact)
        assert len(repr(value).replace("-", "").replace(".", "").lstrip("0")) <= 13
    assert (values[0], values[-1]) == (low / 10, (low + width) / 10)


def test_points_replace_those_of_every_axis():
    ranges = {"x": SimpleNamespace(low=0, high=1, points=5), "y": SimpleNamespace(low=2, high=3, points=7)}
    assert Grid.over(ranges).shape == (5, 7)
    assert Grid.over(ranges, 3).shape == (3, 3)
    assert Grid.over(ranges, 1).axes["y"].tolist() == [2.0]


def test_an_axis_without_points_is_refused():
    with pytest.raises(ValueError, match="at least 1 point, not 0"):
        steps(0, 1, 0)
