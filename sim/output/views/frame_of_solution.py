"""A solution as a data frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.output.frames import Columns, cells_and_places, frame
from sim.plugins import view
from sim.solution import Solution

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["frame_of_solution"]


@view
def frame_of_solution(answer: Solution) -> pd.DataFrame:
    """A row for each cell and equilibrium; see :func:`sim.output.frames.frame`."""
    game = answer.game
    cell, place = cells_and_places(answer.component >= 0)
    parameters = {
        name: np.broadcast_to(np.asarray(value).astype(np.float64), game.cells)
        for name, value in game.parameters.items()
    }
    found = Columns(
        answer.value, answer.outcomes, answer.regret, answer.index, answer.component, answer.status
    )
    return frame(cell, place, parameters, game.players, game.outcomes.names, found)
