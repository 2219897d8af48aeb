"""Memory that is used again belongs to one array at a time."""

from __future__ import annotations

import gc

import numpy as np
import pytest

from sim.kernels.base import memory
from sim.kernels.base.memory import LARGE, MOST_IDLE, empty


@pytest.fixture(autouse=True)
def nothing_idle():
    memory.idle.clear()


def address(array):
    return array.__array_interface__["data"][0]


def test_arrays_are_as_asked_for():
    for dtype in (np.float64, np.int32, np.int8, np.bool_):
        for shape in ((0, 3), (5, 2), (LARGE, 1, 2)):
            array = empty(shape, dtype)
            assert (array.shape, array.dtype) == (shape, dtype)
            assert array.flags.c_contiguous
            assert array.flags.writeable


def test_memory_is_used_again_once_nobody_holds_it():
    first = empty((LARGE,))
    place = address(first)
    second = empty((LARGE,))
    assert address(second) != place
    del first
    gc.collect()
    assert address(empty((LARGE - 5,), np.float64)) == place


@pytest.mark.parametrize(
    "view", [lambda a: a[3:5], lambda a: a.reshape(2, -1).T, lambda a: a.view(np.int64)[::2]]
)
def test_a_view_keeps_the_memory_of_its_array(view):
    array = empty((LARGE,))
    array[:] = 7.0
    part = view(array)
    before = part.copy()
    del array
    gc.collect()
    assert not memory.idle
    empty((LARGE,))[:] = 8.0
    assert np.array_equal(part, before)


def test_only_so_much_is_kept():
    arrays = [empty((MOST_IDLE // 4,), np.uint8) for _ in range(7)]
    del arrays
    gc.collect()
    assert sum(each.nbytes for each in memory.idle.values()) <= MOST_IDLE


def test_small_needs_do_not_take_large_memory():
    array = empty((8 * LARGE,), np.uint8)
    place = address(array)
    del array
    gc.collect()
    assert address(empty((LARGE,), np.uint8)) != place
