"""Compiled primitives by subject: plain arrays in, written in place, a whole number out.

Everything numba compiles lives in this package, one file per primitive, and nothing here knows
of games or scenarios.  Subjects rest on ``base`` and ``polygon`` and do not know each other.

* ``@kernel`` compiles a function for the types it is called with, when it is first called with them, without
  fast-math and without numba's own threads, and releases the interpreter lock, so that threads may work on
  different cells.  The compiler is not even loaded before (:mod:`sim.kernels.lazy`).
* A large kernel is compiled once, and called; small ones are copied into their callers (:mod:`sim.kernels.linking`).
* Within :func:`sim.kernels.interpreted.interpreted` a kernel runs as the Python it is: one small game is
  solved before a compiler is loaded.
* Compiled code is kept (:mod:`sim.kernels.cache`) under the text of all files that the kernel can reach: an edit
  compiles again what depends on it, and nothing else.
* A kernel gives what its Python gives, to the last digit, which ``tests/kernels/test_interpreted.py`` and
  ``tests/kernels/test_uncompiled.py`` hold.  So sums are loops (numpy adds in another order), powers,
  exponentials and logarithms are those of ``math`` (numpy has its own), sorting is stable where ties
  matter, and whole numbers that are to wrap are of a type that does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.kernels.lazy import Kernel

__all__ = ["Array", "kernel"]

Array = Any  # of numba: plain arrays, shapes in the docstrings


def kernel(*, inline: bool = False, borrows: bool = False) -> Callable[[Callable[..., Any]], Any]:
    """Compile a function when it is first called, cached on disk and free of the interpreter lock.

    ``inline`` copies the function into its compiled callers, for primitives of a few lines.  One that ``borrows``
    works in arrays that it is given: it makes none, nor returns one, nor calls what returns one.  No references to
    arrays are then counted, which takes longer than the work itself where kernels are small; where one makes an array
    after all, slices that are written to and sums of arrays included, it does not compile.
    """

    def compile_(function: Callable[..., Any]) -> Any:
        return Kernel(function, inline=inline, borrows=borrows)

    return compile_
