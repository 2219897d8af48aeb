"""How sure, and what decides: against formulas by hand, published test functions and scipy."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import sim
from sim.cli import main
from sim.dataset.given import boxes, numbered, pawn
from sim.dataset.indices import NUMBERS, REGIMES, outcome_sums, regime_sums
from sim.dataset.intervals import jackknife, ratio_estimate, share_estimate
from sim.designs.points import unit_points
from sim.output.sensitivity import sensitivity_answer, sensitivity_text
from sim.run.promises import keep
from sim.run.sensed import about, sensed_of
from sim.run.sensing import sense
from sim.scenario import load
from sim.scenario.over import everything

P, Q = 0.6, 0.5
TWO_CONDITIONS = f"""
schema = 1
title = "Both must want it"
[players]
A = ["x", "y"]
B = ["l", "r"]
[parameters]
a = {{ default = 0.1, low = 0, high = 1 }}
b = {{ default = 0.1, low = 0, high = 1 }}
idle = {{ default = 0.1, low = 0, high = 1 }}
[payoffs]
A = [["{P} - a + idle", "{P} - a"], ["idle", 0]]
B = [["{Q} - b", 0], ["{Q} - b", 0]]
[outcomes]
hit = [["x", "l"]]
miss = [["x", "r"], ["y", "r"], ["y", "l"]]
[sweeps.drawn]
title = "How often?"
design = "sobol"
over = "all"
points = 256
seed = 3
[sweeps.sure]
title = "How often where a is small?"
design = "latin"
over = {{ a = [0.0, 0.5], b = [0.0, 0.4] }}
points = 64
replicates = 4
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    place = tmp_path_factory.mktemp("conditions") / "two_conditions.toml"
    place.write_text(TWO_CONDITIONS)
    return place


@pytest.fixture(scope="module")
def scenario(path):
    return load(path)


@pytest.fixture(scope="module")
def sensed(scenario):
    return sense(scenario, scenario.sweeps["drawn"])


def cube(dims, draws=2**13, key=(1, 0)):
    """Points ``a`` and ``b``, a with one coordinate of b each, and walks with their orders."""
    unit = unit_points("sobol", 2 * dims, draws, key, slice(0, draws))
    a, b = unit[:, :dims], unit[:, dims:]
    mixed = np.repeat(a[np.newaxis], dims, axis=0)
    for i in range(dims):
        mixed[i, :, i] = b[:, i]
    order = np.random.default_rng(key).random((draws, dims)).argsort(axis=1)
    walk = [a]
    for step in range(dims):
        after = walk[-1].copy()
        changed = order[:, step]
        after[np.arange(draws), changed] = b[np.arange(draws), changed]
        walk.append(after)
    return a, b, mixed, np.stack(walk), order


def indices(function, dims):
    """First, total, and Shapley effects of a function of the unit cube."""
    a, b, mixed, walk, order = cube(dims)
    f = [function(points) for points in (a, b, mixed, walk)]
    sums = outcome_sums(*(one[..., np.newaxis] for one in f), order)
    whole = regime_sums(*f, order, NUMBERS)
    return (
        (sums.first / sums.variance)[:, 0],
        (sums.total / sums.variance)[:, 0],
        whole.anew / whole.apart,
        whole.steps / whole.walked,
    )


def test_indices_of_the_ishigami_function_are_those_of_its_formula():
    """Ishigami and Homma (1990), with 7 and 0.1."""

    def ishigami(unit):
        x = np.pi * (2 * unit - 1)
        return np.sin(x[..., 0]) + 7 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0])

    alone = np.array([0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 49 / 8, 0])
    together = 0.01 * np.pi**8 * 8 / 225  # of the first and the third
    variance = alone.sum() + together
    first, total, anew, part = indices(ishigami, 3)
    assert first == pytest.approx(alone / variance, abs=0.02)
    assert total == pytest.approx((alone + np.array([together, 0, together])) / variance, abs=0.02)
    assert anew == pytest.approx(total, abs=0.01)
    assert part == pytest.approx((alone + np.array([together / 2, 0, together / 2])) / variance, abs=0.03)
    assert part.sum() == pytest.approx(1, abs=1e-12)


def test_indices_of_the_g_function_are_those_of_its_formula():
    """Saltelli and Sobol' (1995)."""
    weights = np.array([0, 1, 4.5, 9])
    alone = 1 / (3 * (1 + weights) ** 2)
    variance = np.prod(1 + alone) - 1

    def g(unit):
        return np.prod((np.abs(4 * unit - 2) + weights) / (1 + weights), axis=-1)

    first, total, _, part = indices(g, 4)
    assert first == pytest.approx(alone / variance, abs=0.02)
    assert total == pytest.approx(alone * (1 + variance) / (1 + alone) / variance, abs=0.02)
    assert part.sum() == pytest.approx(1, abs=1e-12)


def test_walks_count_beside_the_draws_and_tell_the_same():
    """A step of a walk changes one parameter of a random point, so that both halves have one mean."""
    a, b, mixed, walk, order = cube(3, 2**15)
    f = [
        (points[..., 0] * points[..., 1] > 0.3).astype(float)[..., np.newaxis]
        for points in (a, b, mixed, walk)
    ]
    without, beside = outcome_sums(*f[:3]), outcome_sums(*f, order)
    assert beside.first == pytest.approx(without.first)
    assert beside.total[:, 0] == pytest.approx(without.total[:, 0], abs=0.004)
    assert beside.total[2, 0] == without.total[2, 0] == 0


def test_scipy_finds_the_same_indices_from_the_same_points():
    a, b, mixed, _, _ = cube(3, 512)
    function = [lambda x: x[..., 0] * x[..., 1] > 0.2, lambda x: x[..., 2] + x[..., 0] < 0.7]
    own = [np.stack([one(points) for one in function], axis=-1).astype(float) for points in (a, b, mixed)]
    sums = outcome_sums(*own)
    known = stats.sobol_indices(
        func={"f_A": own[0].T, "f_B": own[1].T, "f_AB": np.moveaxis(own[2], 2, 1)}, n=512
    )
    np.testing.assert_allclose((sums.first / sums.variance).T, known.first_order, atol=1e-12)
    np.testing.assert_allclose((sums.total / sums.variance).T, known.total_order, atol=1e-12)


@given(st.integers(0, 2**32))
def test_draws_in_another_order_give_the_same_numbers(seed):
    """What a regime changes is counted, so that the sums are the same to the last bit."""
    a, b, mixed, walk, order = cube(3, 128)
    regimes = [
        (points[..., 0] > 0.5) + 2 * (points[..., 1] > points[..., 2]) for points in (a, b, mixed, walk)
    ]
    moved = np.random.default_rng(seed).permutation(128)
    there = [regime[..., moved] for regime in regimes]
    for one, other in zip(
        regime_sums(*regimes, order, REGIMES), regime_sums(*there, order[moved], REGIMES), strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_a_product_of_two_conditions_is_as_by_hand(sensed):
    """``hit`` holds where a < P and b < Q: shares, indices and parts follow from these two numbers."""
    found = sensed.dataset
    share = found["share"].sel(outcome="hit").values
    assert share[1] <= P * Q <= share[2]
    assert share[0] == pytest.approx(P * Q, abs=0.005)
    total = np.array([(1 - P) / (1 - P * Q), (1 - Q) / (1 - P * Q), 0])
    first = np.array([Q * (1 - P), P * (1 - Q), 0]) / (1 - P * Q)
    assert found["decides"].values[:, 0] == pytest.approx(total, abs=0.02)
    assert found["total"].sel(outcome="hit").values[:, 0] == pytest.approx(total, abs=0.02)
    assert found["first"].sel(outcome="hit").values[:, 0] == pytest.approx(first, abs=0.04)
    assert found["shapley"].values[:, 0] == pytest.approx((first + total) / 2, abs=0.03)
    assert found["shapley"].values[:, 0].sum() == pytest.approx(1, abs=1e-12)
    assert int(found.attrs["cells"]) == 16 * 256 * 4  # for a and b; idle is in no margin, and costs none


def test_threads_and_blocks_change_nothing(scenario, sensed, monkeypatch):
    monkeypatch.setattr("sim.run.sensing.CHUNK", 100)
    assert sense(scenario, scenario.sweeps["drawn"], workers=2).dataset.identical(sensed.dataset)


def test_one_parameter_alone_decides_everything(scenario):
    found = sense(scenario, everything(scenario, {"b": 0.1, "idle": 0.1}), {"b": 0.1, "idle": 0.1}, points=64)
    assert found.dataset["shapley"].values.tolist() == [[1, 1, 1]]
    assert found.dataset["decides"].values[0, 0] == pytest.approx(1, abs=0.03)


def test_what_never_varies_is_said_to_and_is_no_number(scenario):
    found = sense(scenario, scenario.sweeps["sure"])
    told = about(found, ["hit", "miss"])
    text = sensitivity_text(told)
    assert "hit never varies: it holds in every draw" in text
    assert "nothing decides which outcomes hold" in text
    assert "miss never varies, so that nothing decides it" in text
    answer = sensitivity_answer(told)
    assert answer["shares"]["hit"][:1] == [1]
    assert 0.98 < answer["shares"]["hit"][1] < 1
    assert set(answer["shapley"].values()) == {None}
    assert "NaN" not in json.dumps(answer)


def test_a_rare_outcome_is_told_by_its_share_alone(path):
    text = path.read_text().replace(str(P), "0.004")
    other = path.with_name("rare.toml")
    other.write_text(text)
    found = sensed_of(str(other), "drawn")
    assert np.isnan(found.dataset["total"].values).all()
    told = sensitivity_text(about(found, ["hit", "miss"]))
    assert re.search(r"hit holds in only 0\.\d+ % of the draws: too rare", told)
    assert re.search(r"miss holds in all but 0\.\d+ % of the draws: too rare", told)
    assert sensitivity_answer(about(found))["total"]["a"] == {"hit": None, "miss": None}


KEYS = ["draws", "cells", "independent", "shares", "decides", "shapley", "total", "first", "pawn", "never"]


def test_json_has_the_keys_of_the_contract(path):
    done = CliRunner().invoke(main, ["sensitivity", str(path), "drawn", "--json", "--outcome", "hit"])
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert list(answer) == KEYS
    assert answer["draws"] == 16 * 256
    assert answer["independent"] is True
    assert list(answer["shares"]) == ["hit", "miss"]
    assert list(answer["total"]["a"]) == ["hit"]
    assert all(len(answer[key]["a"]) == 3 for key in ("decides", "shapley", "pawn"))


def test_without_a_sweep_all_parameters_are_drawn(path):
    answer = sensitivity_answer(about(sensed_of(str(path))))
    assert answer["draws"] == 2**14
    assert list(answer["decides"]) == ["a", "b", "idle"]


def test_a_finished_dataset_tells_what_it_can(path, scenario, tmp_path):
    for kept in ("map", "shares"):
        sim.sweep(scenario, "drawn", out=tmp_path / kept, keep=kept)
    cells, counts = (
        sensitivity_answer(about(sensed_of(str(tmp_path / k / "drawn.zarr")))) for k in ("map", "shares")
    )
    assert list(cells) == list(counts) == KEYS
    for key in ("decides", "shapley", "total", "first", "never"):
        assert cells[key] is None
        assert counts[key] is None
    assert cells["shares"] == counts["shares"]
    assert cells["draws"] == cells["cells"] == 16 * 256
    assert cells["pawn"]["a"][0] > cells["pawn"]["idle"][0]
    for name, (shift, low, high) in counts["pawn"].items():
        assert shift == pytest.approx(cells["pawn"][name][0], abs=0.03)
        assert low < shift < high
    assert counts["pawn"]["a"][0] > 5 * counts["pawn"]["idle"][0]
    with pytest.raises(ValueError, match="comes too late"):
        sensed_of(str(tmp_path / "map" / "drawn.zarr"), uniform=True)
    with pytest.raises(ValueError, match="--keep map"):
        about(sensed_of(str(tmp_path / "shares" / "drawn.zarr")), box="hit")


def test_a_grid_is_a_sample_without_intervals(scenario, tmp_path):
    sim.sweep(scenario, {"a": (0, 1, 33), "b": (0, 1, 33)}, out=tmp_path)
    answer = sensitivity_answer(about(sensed_of(str(tmp_path / "over-a-b.zarr")), box="hit"))
    assert answer["shares"]["hit"][1:] == [None, None]
    (box, *_) = answer["box"]["boxes"]
    assert box["density"] >= 0.94
    assert set(box["bounds"]) == {"a", "b"}


def test_unknown_words_are_told_the_nearest(path):
    found = sensed_of(str(path), "sure")
    with pytest.raises(ValueError, match="Did you mean 'hit'"):
        about(found, ["hitt"])
    with pytest.raises(ValueError, match="Did you mean 'sure'"):
        sensed_of(str(path), "sur")
    with pytest.raises(ValueError, match="'a' is swept and cannot be set as well"):
        sensed_of(str(path), "drawn", {"a": 0.2})


def test_a_box_is_where_the_outcome_is():
    unit = np.random.default_rng(1).random((4, 2000, 3))
    values = {name: unit[..., place] for place, name in enumerate("xyz")}
    cases = (values["x"] > 0.62) & (values["y"] < 0.41)
    (box, *_) = boxes(values, cases)
    assert box.density > 0.93
    assert box.coverage > 0.9
    assert set(box.bounds) == {"x", "y"}
    assert box.bounds["x"] == pytest.approx((0.62, np.inf), abs=0.04)
    assert box.bounds["y"] == pytest.approx((-np.inf, 0.41), abs=0.04)


def test_shifts_are_those_of_a_table_by_hand():
    """Two regimes, of which one holds where the parameter is in its upper quarter."""
    values = np.tile(np.arange(2048) / 2048, (2, 1))
    assert pawn(values, (values > 0.75).astype(np.int64))[0] == pytest.approx(0.75, abs=0.02)


def test_regimes_are_numbered_by_what_holds():
    holds = np.random.default_rng(0).random((5, 40, 70)) < 0.01  # more outcomes than a word has bits
    good = np.random.default_rng(1).random((5, 40)) < 0.9
    codes = numbered(holds, good).ravel()
    words = [
        tuple(row) if fine else () for row, fine in zip(holds.reshape(-1, 70), good.ravel(), strict=True)
    ]
    for one in range(0, 200, 7):
        for other in range(200):
            assert (codes[one] == codes[other]) == (words[one] == words[other])


def test_intervals_follow_student():
    above = np.array([[1.0], [2.0], [3.0], [2.0]])
    (found,) = ratio_estimate(above, np.ones((4, 1)))
    reach = stats.t(3).ppf(0.975) * above.std(ddof=1) / 2
    assert found == pytest.approx([2, 2 - reach, 2 + reach])
    assert jackknife(np.float64(2), np.array([7, 6, 5, 6]) / 3) == pytest.approx(found)


def test_what_was_never_seen_may_still_be():
    found = share_estimate(np.zeros((16, 1)), np.full(16, 64))
    assert found[0, :2].tolist() == [0, 0]
    assert found[0, 2] == pytest.approx(3 / 1024, rel=0.01)  # the rule of three


def test_a_promise_of_a_share_is_kept_or_not(tmp_path):
    for ends, kept in (("[0.25, 0.35]", True), ("[0.4, 0.5]", False)):
        path = tmp_path / "promise.toml"
        path.write_text(f'{TWO_CONDITIONS}\n[[expect]]\nclaim = "hit"\nshare = {{ hit = {ends} }}\n')
        scenario = load(path)
        answer = keep(scenario, scenario.promises[0])
        assert answer.kept is kept
        if not kept:
            assert "hit holds in 0.3" in answer.found
            assert "promised: 0.4 to 0.5" in answer.found


@pytest.mark.deep
def test_intervals_cover_the_truth_as_often_as_they_say(scenario):
    """100 samples with other seeds: of each number the interval holds the truth in 90 to 99 of them."""
    sweep = scenario.sweeps["drawn"]
    truth = {"share": P * Q, "decides": (1 - P) / (1 - P * Q), "shapley": (1 - P) * (1 + Q) / 2 / (1 - P * Q)}
    covered = dict.fromkeys(truth, 0)
    for seed in range(100):
        found = sense(scenario, replace(sweep, sample=replace(sweep.sample, seed=seed))).dataset
        for name, value in truth.items():
            _, low, high = found[name].values[0]
            covered[name] += bool(low <= value <= high)
    assert all(90 <= times <= 99 for times in covered.values()), covered
