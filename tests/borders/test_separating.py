"""The borders that are told are those on whose two sides different things hold: none is missed, none is made up."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import sim
from sim.borders.looking import NO_LABEL, labels_at
from sim.borders.separating import separating
from sim.output.regions_text import regions_report
from sim.run.proving import prove

CALLER = """schema = 1
form = "tree"
[types.Guest]
rich = { chance = "wealth", r = 1 }
poor = { chance = "rest", r = 0 }
[parameters]
wealth = { default = 0.4, low = 0, high = 1 }
gift = { default = 1, low = 0, high = 3 }
[moves.knock]
player = "Guest"
gift = { g = 1 }
nothing = { g = 0 }
[moves.answer]
player = "Host"
open = { o = 1 }
shut = { o = 0 }
[payoffs]
Guest = "2 * o - g * (0.5 if r else gift)"
Host = "o * (1 if r else -1) + 0.2 * g"
[outcomes]
"gift, let in" = "g and o"
"gift, shut out" = "g"
"no gift, let in" = "o"
"no gift, shut out" = "True"
[sweeps.s]
design = "borders"
equilibria = "pure"
over = { wealth = [0, 1], gift = [0, 3] }
"""
STORM = """schema = 1
form = "tree"
[parameters]
storm = { default = 0.3, low = 0, high = 1 }
prize = { default = 2, low = -3, high = 5 }
[moves.sail]
player = "Ayland"
stay = { s = 0 }
sail = { s = 1 }
[chance.weather]
storm = { chance = "storm", w = 1 }
calm = { chance = "rest", w = 0 }
[moves.meet]
player = "Beeland"
when = "s"
meet = { m = 1 }
wait = { m = 0 }
[payoffs]
Ayland = "s * (max(prize, 1) - 1.5 - abs(prize - 1) * m) - 0.5 * w * s"
Beeland = "s * m * (min(prize, 2) - w)"
[outcomes]
"calm seas" = "not s"
"a meeting" = "m"
"nobody met" = "True"
[sweeps.s]
design = "borders"
over = { storm = [0, 1], prize = [-3, 5] }
"""


def proved_of(tmp_path, text):
    """A proved map of a scenario."""
    path = tmp_path / "game.toml"
    path.write_text(text)
    scenario = sim.load(path)
    return prove(scenario, scenario.sweeps["s"])


def test_a_border_on_the_faces_of_blocks_is_one_and_the_edge_of_the_map_is_none(tmp_path):
    """One half of wealth is where the first cut is made; gifts that cost nothing are where the map ends."""
    proved = proved_of(tmp_path, CALLER)
    assert proved.summary["margins"] == ["2*wealth - 1"]
    assert '"gift, let in" and "no gift, let in"' in regions_report(proved, tmp_path / "x")


def test_signs_that_cannot_be_together_make_no_border(tmp_path):
    """By hand: who sails gets less than nothing, whatever the prize and the weather."""
    proved = proved_of(tmp_path, STORM)
    assert {margin for block in proved.map.blocks for margin in block.margins}
    assert proved.summary["margins"] == []
    assert "No border runs through it." in regions_report(proved, tmp_path / "x")


@pytest.mark.parametrize(
    ("name", "sweep"),
    [("standoff_2021", "security_dilemma"), ("power_shift_2021", "contract"), ("beer_quiche", "wimps")],
)
def test_between_two_answers_there_is_a_border(name, sweep):
    """Along lines through the map, wherever the label changes some margin that is told changes its sign."""
    scenario = sim.load(f"scenarios/{name}.toml")
    proved = prove(scenario, scenario.sweeps[sweep], equilibria="pure", boxes=3000).map
    told = separating(proved)
    low, high = np.array([float(one) for one in proved.low]), np.array([float(one) for one in proved.high])
    draw = np.random.default_rng(3)
    for start, end in zip(
        draw.uniform(low, high, (20, len(low))), draw.uniform(low, high, (20, len(low))), strict=True
    ):
        line = start + np.linspace(0, 1, 60)[:, np.newaxis] * (end - start)
        labels = labels_at(proved, list(line.T))
        known = np.flatnonzero(labels != NO_LABEL)
        for one, other in pairwise(known):
            if labels[one] != labels[other]:
                signs = [[np.sign(value_of(proved, m, line[at])) for m in told] for at in (one, other)]
                assert signs[0] != signs[1]


def value_of(proved, margin, point):
    """A margin at a point, of its table of coefficients."""
    polynomial = proved.conditions.polynomials[margin]
    return sum(
        int(coefficient.p) / int(coefficient.q) * np.prod(point ** np.array([int(one) for one in powers]))
        for powers, coefficient in polynomial.to_dict().items()
    )
