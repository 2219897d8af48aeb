"""What is compiled, and how often."""

from __future__ import annotations

import math
import os
import subprocess
import sys

import numpy as np
import pytest
from numba import float64, int64

from sim.kernels import kernel
from sim.kernels.cache import Kept
from tests.house import ROOT


@pytest.fixture(autouse=True)
def anew(monkeypatch):
    """Nothing that an earlier run kept is read."""
    monkeypatch.setattr(Kept, "content", lambda *_: None)


@kernel()
def product(number, pair):
    return number * (pair[0] + pair[1])


@kernel()
def caller(number):
    return product(0, (1, number)) + product(1, (number, 2)) + product(number, (number, number))


def test_a_number_written_out_is_compiled_as_any_number():
    assert caller(3) == 0 + 5 + 18
    assert len(product.overloads) == 1


@kernel()
def large(numbers):
    """More than is copied into a caller."""
    total = 0.0
    for at in range(numbers.shape[0]):
        if numbers[at] > 1.0:
            total += math.exp(numbers[at]) - math.log(numbers[at])
        elif numbers[at] < -1.0:
            total -= math.sin(numbers[at]) * math.cos(numbers[at])
        for other in range(at):
            if numbers[other] > numbers[at]:
                numbers[other], numbers[at] = numbers[at], numbers[other]
            total += numbers[other] / (1.0 + numbers[at] * numbers[at])
    for at in range(numbers.shape[0] - 3):
        total += math.atan(numbers[at]) * numbers[at + 1] - numbers[at + 2] * math.floor(numbers[at + 3])
        if total > 10.0 * numbers[at]:
            numbers[at + 1] -= numbers[at] * total
            numbers[at + 2] = math.sqrt(abs(numbers[at + 1])) + numbers[at + 3]
        while total > 1.0 and numbers[at] > 0.01:
            total *= 0.5
            numbers[at] *= 0.25
    for first in range(numbers.shape[0]):
        for second in range(first + 1, numbers.shape[0]):
            for third in range(second + 1, numbers.shape[0]):
                if numbers[first] + numbers[second] < numbers[third]:
                    total += numbers[first] * numbers[second] * numbers[third]
                elif numbers[first] < numbers[second] * numbers[third]:
                    total -= math.sin(numbers[first]) / (2.0 + math.cos(numbers[third]))
                else:
                    numbers[first], numbers[third] = numbers[third], numbers[second]
    return total


@kernel(borrows=True)
def small(number):
    return 2.0 * number


@kernel()
def between(numbers):
    """Little, that calls much."""
    return small(large(numbers))


@kernel()
def outer(numbers):
    return between(numbers) + small(1.0)


NUMBERS = np.array([3.0, -2.0, 0.5, 1.5, -0.25])
MODULE = __name__
WORK = f"""
from {MODULE} import NUMBERS, halves, large, outer
from sim.kernels.folder import MISSING
print(outer(NUMBERS.copy()), *[one.dtype for one in halves(NUMBERS)], [name.rpartition(".")[2] for name in MISSING])
"""


def test_large_callees_stand_beside_and_small_ones_are_copied():
    expected = outer.function(NUMBERS.copy())
    assert outer(NUMBERS.copy()) == expected
    types = next(iter(large.overloads))
    (compiled,) = outer.overloads.values()
    assert compiled.library.calls == [(MODULE, "large", types)]
    defined = {function.name for function in compiled.library.get_defined_functions()}
    assert not any("large" in name for name in defined)
    assert len(large.overloads) == 1


@kernel()
def halves(numbers):
    """Arrays, of two types, are made."""
    return numbers / 2.0, np.zeros(numbers.shape[0], np.int32)


@kernel(borrows=True)
def inside(number):
    return 3.0 * number


@kernel(borrows=True)
def outside(number):
    return inside(number + 1.0)


def test_only_what_python_calls_has_a_door():
    assert outside(1.0) == 6.0
    assert list(outside.doors) == [(float64,)]
    assert list(inside.overloads) == [(float64,)]
    assert inside.doors == {}
    assert inside(4.0) == inside(4) == 12.0
    assert list(inside.doors) == [(float64,), (int64,)]


def test_what_is_kept_is_read_with_what_it_calls_and_makes_arrays(tmp_path):
    def answer():
        environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-c", WORK],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    expected = f"{outer.function(NUMBERS.copy())} float64 int32"
    assert answer() == f"{expected} ['outer', 'between', 'large', 'small', 'halves']"
    for gone in ("", "large", "outer"):
        for path in tmp_path.rglob(f"*.{gone}-*.nbc"):
            path.unlink()
        assert answer() == f"{expected} {[gone] if gone else []}"
