"""Coarse to fine: nothing is asked twice, everything is known in the end, and whole maps are exactly what they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.designs.refine import Refine

SHAPES = st.tuples(st.integers(1, 60), st.integers(1, 60))


def followed(code, *, whole=False):
    refine = Refine(code.shape, whole=whole)
    flat, asked = code.ravel(), []
    while (cells := refine.ask()).size:
        assert (refine.ask() == cells).all()
        refine.tell(flat[cells])
        asked.append(cells)
    return refine, np.concatenate(asked)


def half_planes(shape, lines):
    """Numbers of the pieces that straight lines cut a grid into."""
    x, y = np.meshgrid(np.arange(shape[0]), np.arange(shape[1]), indexing="ij")
    code = np.zeros(shape, np.int64)
    for number, (a, b, c) in enumerate(lines):
        code += (a * x + b * y > c) << number
    return code


@given(shape=SHAPES, seed=st.integers(0, 99), whole=st.booleans())
def test_no_cell_is_asked_for_twice_and_every_cell_has_one_that_stands_for_it(shape, seed, whole):
    code = np.random.default_rng(seed).integers(0, 3, shape)
    refine, asked = followed(code, whole=whole)
    assert len(set(asked.tolist())) == asked.size
    assert set(refine.source.tolist()) <= set(asked.tolist())
    assert (refine.source[asked] == asked).all()


@given(shape=SHAPES, seed=st.integers(0, 99))
def test_whole_maps_are_solved_cell_by_cell(shape, seed):
    code = np.random.default_rng(seed).integers(0, 3, shape)
    refine, asked = followed(code, whole=True)
    assert asked.size == code.size
    assert (refine.source == np.arange(code.size)).all()


@given(
    shape=st.tuples(st.integers(20, 60), st.integers(20, 60)),
    line=st.tuples(st.integers(-3, 3), st.integers(-3, 3), st.integers(-90, 180)),
)
def test_one_straight_border_is_found_exactly(shape, line):
    code = half_planes(shape, [line])
    if min((code == number).sum() for number in (0, 1)) < 0.15 * code.size:
        return  # a corner narrower than a first block may be overlooked
    refine, _ = followed(code)
    assert (code.ravel()[refine.source] == code.ravel()).all()


def test_few_cells_are_solved_where_there_are_few_borders():
    code = half_planes((201, 201), [(1, 1, 190), (1, -2, 30)])
    refine, asked = followed(code)
    assert (code.ravel()[refine.source] == code.ravel()).all()
    assert asked.size < 0.12 * code.size


def test_what_is_nothing_but_one_piece_is_seen_at_once():
    _, asked = followed(np.zeros((201, 201), np.int64))
    assert asked.size == 26 * 26


def test_another_number_of_answers_is_refused():
    refine = Refine((9, 9))
    with pytest.raises(ValueError, match="0 cells"):
        refine.tell(np.zeros(3))
    refine.ask()
    with pytest.raises(ValueError, match="3 codes"):
        refine.tell(np.zeros(3))
