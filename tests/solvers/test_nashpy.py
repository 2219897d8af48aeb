"""The reference solver agrees on games without ties and owns up to knowing no more."""

from __future__ import annotations

import numpy as np
import pytest

from sim.forms.normal import NormalForm
from sim.run import solve
from sim.solution import Status
from tests.solvers.bimatrix import draw_payoffs, equilibria


@pytest.mark.parametrize("family", ["uniform", "normal", "decimals"])
@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (2, 4), (4, 3)])
def test_agrees_with_the_default_solver(family, shape):
    game = NormalForm(draw_payoffs(family, 5, shape, seed=5))
    ours, reference = solve(game), solve(game, "nash", "nashpy")
    for cell in range(game.cells):
        assert equilibria(ours.strategy[cell], shape) == equilibria(reference.strategy[cell], shape)
    assert not reference.complete.any()
    assert (reference.status == Status.ok).all()


def test_what_nashpy_cannot_do_is_a_status():
    payoffs = np.zeros((2, 2, 2, 2))
    payoffs[1, 0, 0, 0] = np.nan
    assert (
        solve(
            NormalForm(payoffs, cells=np.ndim(payoffs) == np.shape(payoffs)[1] + 2), "nash", "nashpy"
        ).status[1]
        == Status.nonfinite
    )
