"""What is compiled, and how often."""

from __future__ import annotations

from sim.kernels import kernel


@kernel()
def product(number, pair):
    return number * (pair[0] + pair[1])


@kernel()
def caller(number):
    return product(0, (1, number)) + product(1, (number, 2)) + product(number, (number, number))


def test_a_number_written_out_is_compiled_as_any_number():
    assert caller(3) == 0 + 5 + 18
    assert len(product.overloads) == 1
