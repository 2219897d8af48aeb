"""What is stored is proved anew, and nothing false passes."""

from __future__ import annotations

import copy
import json
from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.borders.record import as_record, faults
from sim.run.proving import prove, stored, verified


@pytest.fixture(scope="module")
def proved():
    scenario = sim.load("scenarios/standoff_2021.toml")
    return prove(scenario, scenario.sweeps["security_dilemma"])


def test_ours_is_true(proved, tmp_path):
    path = stored(proved, tmp_path)
    assert verified(path, proved.scenario) == []
    assert [entry.name for entry in tmp_path.iterdir()] == ["security_dilemma.borders.json"]


def test_nothing_that_was_changed_passes(proved):
    draw = np.random.default_rng(7)
    record = as_record(proved.map)
    conditions = proved.map.conditions
    leaves = record["leaves"]
    for number in range(100):
        false = copy.deepcopy(record)
        leaf = false["leaves"][int(draw.integers(len(leaves)))]
        kind = number % 3
        if kind == 0:  # a sign
            places = [place for place, sign in enumerate(leaf["signs"]) if sign != "0"]
            place = int(draw.choice(places))
            turned = "-" if leaf["signs"][place] == "+" else "+"
            leaf["signs"] = leaf["signs"][:place] + turned + leaf["signs"][place + 1 :]
        elif kind == 1:  # a corner
            end, axis = ("low", "high")[int(draw.integers(2))], int(draw.integers(2))
            leaf[end][axis] += (1 if end == "low" else -1) * (leaf["high"][axis] - leaf["low"][axis]) / 4
        else:  # an entry of a table
            place = int(draw.integers(len(leaf["table"])))
            leaf["table"][place] = (leaf["table"][place] + 1) % len(false["labels"])
        assert faults(false, conditions), (kind, leaf)


def test_another_version_of_the_file_is_told(proved, tmp_path):
    path = stored(proved, tmp_path)
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, "digest": "0"}))
    assert verified(path, proved.scenario) == [f"it was made from another version of {proved.scenario.path}"]


def test_what_is_no_map_is_refused(proved, tmp_path):
    path = tmp_path / "x.borders.json"
    path.write_text("[1]")
    with pytest.raises(ValueError, match="is no stored map of borders"):
        verified(path, proved.scenario)


@pytest.mark.parametrize("change", [{"over": None}, {"pure": 3}, {"proof": {"leaves": []}}, {"over": 1}])
def test_a_stored_map_that_lacks_something_is_no_internal_error(proved, tmp_path, change):
    path = stored(proved, tmp_path)
    record = json.loads(path.read_text()) | change
    path.write_text(json.dumps({name: value for name, value in record.items() if value is not None}))
    with pytest.raises(ValueError, match=r"cannot be read as a proved map|no stored map of borders"):
        verified(path, proved.scenario)


def test_regimes_have_shares(proved):
    told = proved.summary
    assert told["regimes"][0]["outcomes"] == ["frozen standoff"]
    assert sum(one["share"] for one in told["regimes"]) == pytest.approx(1)
    assert "5*threat - 6" in told["margins"]


def test_questions_that_have_no_borders_are_refused(proved):
    scenario = proved.scenario
    with pytest.raises(ValueError, match="how_sure draws its parameters; borders are those"):
        prove(scenario, scenario.sweeps["how_sure"])
    chosen = replace(proved.sweep, select="risk_dominant")
    with pytest.raises(ValueError, match="asks which equilibrium is selected"):
        prove(scenario, chosen)
    with pytest.raises(ValueError, match="borders are proved for nash"):
        prove(scenario, replace(proved.sweep, concept="correlated"))
