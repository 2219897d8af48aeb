"""A map drawn from proved blocks is the map of its cells: what holds, and whether somebody mixes, ties included."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.borders.looking import NO_LABEL, labels_at
from sim.dataset.proved import parsed
from sim.dataset.schema import arrays
from sim.designs.grid import steps
from sim.run.proved_sweeps import shows_all
from sim.run.proving import decided, prove, solved, stored
from sim.scenario.library import shipped


def of_two_parameters():
    """The two-player sweeps of the library over two parameters that select nothing."""
    for path in shipped():
        scenario = sim.load(path)
        for name, sweep in scenario.sweeps.items():
            asked = replace(sweep, plot=None)
            if scenario.form == "normal" and len(sweep.over) == 2 and shows_all(scenario, asked, {}):
                yield scenario, name


QUESTIONS = list(of_two_parameters())
QUICK = {
    ("standoff_2021", "security_dilemma"),
    ("talk_or_shoot_2021", "atmosphere"),
    ("battle_of_the_sexes", "venues"),  # along a line of it an outcome has probability 1/2 exactly
}


def differing(scenario, name, points):
    """How many cells of a grid the proved map tells otherwise, and how many there are."""
    sweep = scenario.sweeps[name]
    dataset = sim.sweep(scenario, name, points=points, keep="map")
    axes = [dataset[axis].values for axis in sweep.over]
    cells = {
        axis: one.ravel() for axis, one in zip(sweep.over, np.meshgrid(*axes, indexing="ij"), strict=True)
    }
    held = dataset["holds"].values.reshape(points**2, -1)
    told = np.column_stack([held, dataset["mixed"].values.ravel() > 0])
    return int((decided(prove(scenario, sweep), cells) != told).any(axis=1).sum()), len(told)


def differing_on_borders(scenario, name):
    """Cells on a border, some of those of the grid, that are decided otherwise than by exact arithmetic."""
    proved = prove(scenario, scenario.sweeps[name])
    axes = [steps(axis.low, axis.high, 401).astype(float) for axis in scenario.sweeps[name].over.values()]
    cells = [one.ravel() for one in np.meshgrid(*axes, indexing="ij")]
    (border,) = np.nonzero(labels_at(proved.map, cells) == NO_LABEL)
    some = border[:: max(1, len(border) // 100)]
    points = {axis: one[some] for axis, one in zip(scenario.sweeps[name].over, cells, strict=True)}
    if not some.size:
        return []
    game = scenario.game(**scenario.sweeps[name].set, **points)
    exact = arrays(sim.solve(game, "nash", exact=True), "map")
    bits = np.column_stack([exact["holds"], exact["mixed"] > 0])
    return np.nonzero((decided(proved, points) != bits).any(axis=1))[0].tolist()


def test_the_library_has_such_sweeps():
    assert len(QUESTIONS) >= 20
    assert {(scenario.name, name) for scenario, name in QUESTIONS} >= QUICK


@pytest.mark.parametrize(
    ("scenario", "name"),
    [each for each in QUESTIONS if (each[0].name, each[1]) in QUICK],
    ids=lambda one: getattr(one, "name", one),
)
def test_leaves_say_what_cells_say(scenario, name):
    assert differing(scenario, name, 101) == (0, 101**2)


@pytest.mark.deep
@pytest.mark.parametrize(("scenario", "name"), QUESTIONS, ids=lambda one: getattr(one, "name", one))
def test_leaves_say_what_cells_say_everywhere(scenario, name):
    assert differing(scenario, name, 401) == (0, 401**2)
    assert not differing_on_borders(scenario, name)


def test_on_borders_cells_are_decided_exactly():
    scenario = sim.load("scenarios/standoff_2021.toml")
    proved = prove(scenario, scenario.sweeps["security_dilemma"])
    points = {"threat": np.array([1.2, 1.2, 1.4]), "face_cost": np.array([0.3, 2.5, 0.5])}
    exact = arrays(sim.solve(scenario.game(**points), "nash", exact=True), "map")
    bits = np.column_stack([exact["holds"], exact["mixed"] > 0])
    assert (decided(proved, points) == bits).all()
    beside = {name: values - 1e-9 for name, values in points.items()}
    assert (
        (solved(scenario, beside, "all") != bits).any(axis=1).all()
    )  # ties: more holds on a border than beside it


def test_where_more_holds_than_on_both_sides_it_is_decided_exactly():
    """At temptation = 2 the mixed equilibrium arms one side alone with probability 1/2, and with less beside it.

    Its margin is -(temptation - 2)**2, of which no sign changes.
    """
    scenario = sim.load("scenarios/prisoners_dilemma.toml")
    proved = prove(scenario, scenario.sweeps["temptation"])
    bits = decided(proved, {"temptation": np.array([1.99, 2.0, 2.01])})
    assert bits[:, 1].tolist() == [False, True, False]


def test_what_is_drawn_is_what_is_proved(tmp_path):
    scenario = sim.load("scenarios/standoff_2021.toml")
    proved = prove(scenario, scenario.sweeps["security_dilemma"])
    regions = parsed(stored(proved, tmp_path).read_text())
    draw = np.random.default_rng(5)
    threat, face = np.sort(draw.random(60)) * 3, np.sort(draw.random(50)) * 3
    told = regions.at({"threat": threat, "face_cost": face})
    cells = np.stack(np.meshgrid(threat, face, indexing="ij"), axis=-1).reshape(-1, 2)
    assert (told.ravel() == regions.one_by_one(cells)).all()
    bits = decided(proved, {"threat": cells[:, 0], "face_cost": cells[:, 1]})
    for number, each in zip(told.ravel().tolist(), bits, strict=True):
        says = regions.says[number]
        assert (says.holds, says.mixed) == (tuple(np.nonzero(each[:-1])[0]), each[-1])
