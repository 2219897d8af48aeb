from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.forms.bargaining import Bargaining
from tests.changes import Changes
from tests.draw import names, quarters

eighths = st.integers(0, 8).map(lambda number: number / 8)
below_one = st.sampled_from([0.0, 0.25, 0.5, 0.75, 0.875])
little = st.integers(-2, 6).map(lambda number: number / 8)


@st.composite
def hidden(draw, cells, *, tough):
    """Types of one side, as likely as not, some without any chance."""
    chance = draw(arrays(np.float64, cells, elements=eighths))
    return {
        "firm": {"chance": chance, "outside": draw(arrays(np.float64, cells, elements=tough))},
        "soft": {"chance": 1.0 - chance, "outside": draw(arrays(np.float64, cells, elements=little))},
    }


@st.composite
def bargains(draw, players=2, most=3, cells=2, *, types=True):
    """Batches of bargains of two players and more, whoever asks for one: of each protocol, with types or without."""
    count, sides = draw(st.integers(1, cells)), max(players, 2)
    who = names(sides)

    def numbers(elements):
        return draw(arrays(np.float64, (count, sides), elements=elements))

    given = {"discount": numbers(below_one), "outside": numbers(little), "breakdown": numbers(little)}
    given["risk"] = draw(st.sampled_from([0.0, 0.125, 0.5]))
    given["pie"] = draw(arrays(np.float64, count, elements=st.sampled_from([1.0, 2.0])))
    given["payoffs"] = draw(arrays(np.float64, (count, sides, *(1,) * sides), elements=quarters))
    rounds, leaving = (
        draw(st.none() | st.integers(1, 3)),
        draw(st.sampled_from(["after_rejecting", "any_time", "never"])),
    )
    offers = draw(st.sampled_from(["alternating", "random", who[0]]))
    drawn = {}
    if types and sides == 2 and draw(st.booleans()):
        drawn = {who[1]: draw(hidden(count, tough=little))}
        offers = who[0] if leaving == "never" or offers == "random" else offers
        rounds = 2 if leaving == "never" and rounds is None else rounds
    return Bargaining(who, **given, offers=offers, rounds=rounds, leaving=leaving, types=drawn)


def over_what_is_at_stake(stage):
    """One offer, take it or leave it, of a share in the range of a normal form's payoffs: that is what it is about."""
    with np.errstate(over="ignore"):
        pie = np.ptp(stage.payoffs.reshape(stage.cells, -1), axis=1)
    pie = np.where(pie == 0.0, 1.0, pie)
    return Bargaining(stage.players, 0.5, pie=pie, offers=stage.players[0], rounds=1)


drawer = bargains
CHANGES = Changes(of=over_what_is_at_stake, payoffs=lambda game, table: replace(game, payoffs=table))
