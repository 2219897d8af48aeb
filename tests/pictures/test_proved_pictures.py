"""Pictures drawn from proved maps: borders where their formulas are 0, at any size, and never of another question."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pytest

import sim
from sim.dataset import Stale
from sim.dataset.proved import PROOF, regions_of
from sim.pictures.draw import draw, figure_of, fix, opened
from sim.pictures.style.proved import border_curves, proved_runs
from sim.run.proved_sweeps import prove_beside
from tests.pictures.datasets import words

DILEMMA = "security_dilemma"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A grid of nine by nine cells with its proved map, and a slice with one."""
    place = tmp_path_factory.mktemp("proved")
    scenario = sim.load("scenarios/standoff_2021.toml")
    for name in (DILEMMA, "face"):
        sim.sweep(scenario, name, points=9, out=place)
        prove_beside(scenario, scenario.sweeps[name], place)
    return place


def test_borders_are_where_formulas_are_zero(folder):
    regions = regions_of(opened(folder / f"{DILEMMA}.zarr"))
    curves = {curve.words: np.concatenate(curve.lines) for curve in border_curves(regions)}
    assert set(curves) == {
        "threat = 1.2",
        "face_cost = 5/3",
        "face_cost = 11/3 - 5/3*threat",
        "face_cost = 107/46 - 30/23*threat",
    }
    assert curves["threat = 1.2"][:, 0] == pytest.approx(1.2, abs=1e-9)
    assert curves["threat = 1.2"][:, 1].min() == pytest.approx(0)
    assert curves["threat = 1.2"][:, 1].max() == pytest.approx(3)
    threat, face = curves["face_cost = 11/3 - 5/3*threat"].T
    assert face == pytest.approx(11 / 3 - 5 / 3 * threat, abs=1e-9)
    assert (threat.min(), threat.max()) == (pytest.approx(1.2, abs=1e-3), pytest.approx(2.2, abs=1e-3))
    assert curves["face_cost = 5/3"][:, 0].max() == pytest.approx(
        1.2, abs=1e-3
    )  # no further: there it parts nothing


def test_a_coarse_grid_is_drawn_as_finely_as_a_fine_one(folder):
    figure = figure_of(opened(folder / f"{DILEMMA}.zarr"))
    (image,) = figure.axes[0].images
    shown = image.get_array()
    row = shown[-20]  # near the top: talks to the left of threat = 1.2, the standoff to the right
    (change,) = np.nonzero((np.diff(row.astype(int), axis=0) != 0).any(axis=1))[0]
    assert (change + 1) / row.shape[0] == pytest.approx(1.2 / 3, abs=1 / row.shape[0])
    told = words(figure)
    assert "Proved by 68 blocks, with exact borders: undecided are only points where borders meet" in told
    assert "to 1e-9 of each range" in told
    assert "share of the map" in told
    assert "borders are known no finer" not in told


def test_borders_are_numbered_on_request(folder):
    dataset = opened(folder / f"{DILEMMA}.zarr")
    figure = figure_of(dataset, borders=True)
    told = words(figure)
    assert all(each in told for each in ("Borders, proved", "1: threat = 1.2", "2: face_cost = 5/3"))
    numbers = {text.get_text() for text in figure.axes[0].texts}
    assert {"1", "2", "3", "4"} <= numbers
    with pytest.raises(ValueError, match="no proved map belongs to this dataset"):
        figure_of(dataset.assign_attrs({PROOF: ""}), borders=True)


def test_slices_change_exactly_at_proved_values(folder):
    dataset = opened(folder / "face.zarr")
    runs = proved_runs(dataset, regions_of(dataset))
    assert runs.borders == pytest.approx([0.5, 4 / 3], abs=1e-12)
    figure = figure_of(dataset)
    assert "0.5, 1.33333" in words(figure)
    assert "from 0.5 on also reinforcement" in words(figure)
    ends = {round(float(x), 9) for patch in figure.axes[0].patches for x in patch.get_data().edges}
    assert round(4 / 3, 9) in ends


def test_a_slice_of_a_map_is_cut_from_its_proof(folder):
    dataset = opened(folder / f"{DILEMMA}.zarr")
    told = words(figure_of(dataset, at={"face_cost": 3}))
    assert "changes at threat" in told
    assert "Proved by 68 blocks" in told
    cut = regions_of(fix(dataset, {"face_cost": 3}))
    assert [turn.at for turn in cut.turns()] == [pytest.approx(1.2, abs=1e-12)]


def test_a_proved_map_that_stands_alone_is_drawn(folder, tmp_path):
    text = (folder / f"{DILEMMA}.borders.json").read_text()
    (tmp_path / f"{DILEMMA}.borders.json").write_text(text)
    assert draw(str(tmp_path / f"{DILEMMA}.borders.json")) == [tmp_path / f"{DILEMMA}.png"]
    told = words(figure_of(opened(tmp_path / f"{DILEMMA}.borders.json")))
    assert "Nash equilibria: proved by 68 blocks" in told
    assert "cells" not in told
    told = words(figure_of(opened(tmp_path / f"{DILEMMA}.borders.json"), at={"threat": 1.41}))
    assert "threat\u00a0=\u00a01.41" in told  # not the nearest of some cells
    assert "number of equilibria" not in told


def test_a_map_that_stands_alone_and_is_of_an_older_file_is_told(folder, tmp_path):
    record = json.loads((folder / f"{DILEMMA}.borders.json").read_text())
    record["words"]["scenario_digest"] = "0"
    (tmp_path / "old.borders.json").write_text(json.dumps(record))
    with pytest.warns(Stale, match="was made from another version"):
        draw(str(tmp_path / "old.borders.json"))


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"digest": "0"}, "another version of the scenario's file"),
        ({"equilibria": "pure"}, "other equilibria"),
        ({"over": {"threat": ["0", "3"], "chill": ["0", "2"]}}, "cannot be read|other parameters"),
        ({"proof": {}}, "cannot be read as a proved map"),
    ],
)
def test_a_map_of_another_question_is_told_and_not_drawn(folder, tmp_path, change, wrong):
    scenario = sim.load("scenarios/standoff_2021.toml")
    sim.sweep(scenario, DILEMMA, points=5, out=tmp_path)
    record = json.loads((folder / f"{DILEMMA}.borders.json").read_text())
    (tmp_path / f"{DILEMMA}.borders.json").write_text(json.dumps({**record, **change}))
    with pytest.warns(Stale, match=wrong):
        dataset = opened(tmp_path / f"{DILEMMA}.zarr")
    assert regions_of(dataset) is None
    assert "roved" not in words(figure_of(dataset))


def test_a_false_map_is_seen_by_its_cells(folder, tmp_path):
    scenario = sim.load("scenarios/standoff_2021.toml")
    sim.sweep(scenario, DILEMMA, points=5, out=tmp_path)
    record = json.loads((folder / f"{DILEMMA}.borders.json").read_text())
    record["proof"]["labels"] = record["proof"]["labels"][::-1]
    (tmp_path / f"{DILEMMA}.borders.json").write_text(json.dumps(record))
    with pytest.warns(Stale, match="says something else than its cells"):
        opened(tmp_path / f"{DILEMMA}.zarr")


def test_selections_are_drawn_from_cells(folder):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dataset = opened(folder / f"{DILEMMA}.zarr")
    told = words(figure_of(dataset, "scalar_map"))
    assert "roved" not in told
