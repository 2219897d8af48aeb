"""The drawing kit: hypothesis strategies for games.

Payoffs are multiples of 1/4 in a small range: exact in floats, with ties often enough to matter, and
they shrink to something a person can read.
"""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.forms.normal import NormalForm

quarters = st.integers(-20, 20).map(lambda number: number / 4)


def shapes(players=2, most=4):
    """Numbers of actions of each player."""
    return st.lists(st.integers(1, most), min_size=players, max_size=players).map(tuple)


@st.composite
def normal_forms(draw, players=2, most=4, cells=3, numbers=quarters):
    """Batches of normal-form games with round payoffs: degenerate ones included."""
    shape = draw(shapes(players, most))
    count = draw(st.integers(1, cells))
    return NormalForm(draw(arrays(np.float64, (count, players, *shape), elements=numbers)), cells=True)


@st.composite
def generic_normal_forms(draw, players=2, most=4, cells=3):
    """Batches of normal-form games without ties: payoffs drawn from a continuous law."""
    shape = draw(shapes(players, most))
    count = draw(st.integers(1, cells))
    seed = draw(st.integers(0, 2**32 - 1))
    return NormalForm(np.random.default_rng(seed).uniform(-1, 1, (count, players, *shape)), cells=True)


@st.composite
def simplices(draw, size):
    """A probability vector whose entries are often zero."""
    weights = np.array(draw(st.lists(st.integers(0, 4), min_size=size, max_size=size)), dtype=float)
    return weights / weights.sum() if weights.sum() else np.full(size, 1 / size)
