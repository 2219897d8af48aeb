from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.forms.bayesian import Bayesian
from tests.changes import Changes
from tests.draw import names, quarters


@st.composite
def drawer(draw, players=2, most=3, cells=2):
    """Batches of Bayesian games with one or two types a player, drawn together; some are never drawn."""
    count = draw(st.integers(1, cells))
    types = [draw(st.integers(1, 2)) for _ in range(players)]
    sizes = [draw(st.integers(1, min(most, 2 if players > 2 else most))) for _ in range(players)]
    weights = np.array(
        draw(st.lists(st.integers(0, 3), min_size=int(np.prod(types)), max_size=int(np.prod(types)))), float
    )
    weights[0] += weights.sum() == 0
    payoffs = draw(arrays(np.float64, (count, players, *types, *sizes), elements=quarters))
    return Bayesian((weights / weights.sum()).reshape(1, *types), payoffs, names(players))


def of_one_type(stage):
    """The game in which nobody has anything to hide."""
    payoffs = stage.payoffs
    shape = (*payoffs.shape[:2], *(1,) * payoffs.shape[1], *payoffs.shape[2:])
    return Bayesian(np.ones((1,) * (payoffs.shape[1] + 1)), payoffs.reshape(shape), stage.players)


CHANGES = Changes(of=of_one_type, payoffs=lambda game, table: game.with_payoffs(table))
