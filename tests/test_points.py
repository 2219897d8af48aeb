"""Points that are drawn: a seed, a replicate and an index alone give one; sweeps of them; what is counted."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.claim import Status
from sim.dataset.measures import regime, shares, solved
from sim.dataset.tally import added, counted, pairs, regimes
from sim.designs import SAMPLED, BlockRows, Points
from sim.designs.distributions import Choices, Lattice, Triangular, Uniform
from sim.run import any_refuted
from sim.scenario import load
from tests.games import library
from tests.stores import contents


def standoff():
    return library("standoff_2021")


BELIEFS = {"a": Uniform(0.0, 4.0), "b": Triangular(1.0, 0.0, 8.0), "c": Choices((1.0, 2.0), (0.25, 0.75))}
LATTICES = {name: Lattice.between(belief.low, belief.high) for name, belief in BELIEFS.items()}
kinds = pytest.mark.parametrize("kind", SAMPLED)


def points(kind, draws=64, replicates=3, seed=5):
    return Points(kind, BELIEFS, LATTICES, draws, replicates, seed)


@kinds
@given(st.integers(1, 200))
def test_a_point_does_not_depend_on_the_block_it_is_made_in(kind, cells):
    design = points(kind)
    whole = design.points((slice(0, 3), slice(0, 64)))
    for block in design.blocks(design.tile(cells)):
        for name, values in design.points(block).items():
            np.testing.assert_array_equal(values, whole[name].reshape(3, 64)[block].ravel())


@kinds
def test_replicates_and_seeds_are_independent_samples(kind):
    one, other = (points(kind, seed=seed).points((slice(0, 2), slice(0, 64)))["a"] for seed in (1, 2))
    assert len({*one.tolist(), *other.tolist()}) > 250


@kinds
def test_the_other_half_of_a_pair_is_drawn_on_its_own(kind):
    own, other = points(kind, draws=4096).pair(0, slice(0, 4096))
    correlation = np.corrcoef([*own.values(), *other.values()])
    assert np.abs(correlation - np.eye(6)).max() < 0.06


def test_every_slice_of_a_hypercube_has_one_point():
    values = points("latin").points((slice(1, 2), slice(0, 64)))["a"]
    assert sorted((values * 16).astype(int).tolist()) == list(range(64))


def test_every_slice_of_sobol_points_has_one_point():
    values = points("sobol").points((slice(1, 2), slice(0, 64)))["a"]
    assert sorted((values * 16).astype(int).tolist()) == list(range(64))


def test_blocks_that_are_counted_hold_one_replicate_each():
    rows = BlockRows(points("random"), points("random").tile(1000, apart=True))
    blocks = [rows.block(block) for block in rows.blocks((1,))]
    assert blocks == [(slice(r, r + 1), slice(0, 64)) for r in range(3)]


@pytest.fixture(scope="module")
def drawn():
    return sim.sweep(standoff(), {"threat": (0, 4), "chill": (0, 2)}, design="sobol", points=64)


def test_a_dataset_has_replicates_and_draws_with_parameters_as_coordinates(drawn):
    assert drawn["status"].dims == ("replicate", "draw")
    assert dict(drawn.sizes)["replicate"] == 16
    assert drawn.coords["threat"].dims == ("replicate", "draw")
    assert drawn["threat"].attrs["units"] == standoff().parameters["threat"].unit
    assert drawn.attrs["independent"] is True
    assert drawn.attrs["command"].endswith(
        "--over threat=0:4:101 --over chill=0:2:101 --points 64 --design sobol"
    )


def test_measures_work_on_samples_as_on_grids(drawn):
    held = drawn["holds"].values.reshape(-1, drawn.sizes["outcome"]).mean(axis=0)
    np.testing.assert_allclose(shares(drawn).values, held)
    assert regime(drawn).dims == ("replicate", "draw")
    assert bool(solved(drawn).all())


def test_a_cell_of_a_sample_is_what_solving_it_alone_gives(drawn):
    cell = drawn.isel(replicate=3, draw=7)
    given = {name: float(cell[name]) for name in ("threat", "chill")}
    alone = sim.solve(standoff().game(**given))
    assert int(cell["count"]) == alone.count[0]
    np.testing.assert_array_equal(cell["value"].values[: alone.count[0]], alone.value[0])


def test_counted_cells_are_those_that_would_have_been_kept(drawn):
    counts = sim.sweep(
        standoff(), {"threat": (0, 4), "chill": (0, 2)}, design="sobol", points=64, keep="shares"
    )
    assert set(counts.dims) == {
        "block", "regime", "outcome", "verdict", "parameter", "part", "pair", "part_of_first", "part_of_second",
    }  # fmt: skip
    np.testing.assert_array_equal(shares(counts).values, shares(drawn).values)
    assert int(counts["verdicts"].sum()) == drawn["status"].size
    assert int(counts["mixing"].sum()) == int((drawn["mixed"] > 0).sum())
    assert not any_refuted(counts)


def test_a_grid_can_be_counted_too():
    scenario = library("chicken")
    kept = sim.sweep(scenario, "disaster", points=9, keep="map")
    counts = sim.sweep(scenario, "disaster", points=9, keep="shares")
    np.testing.assert_array_equal(shares(counts).values, shares(kept).values)
    assert counts["replicate"].values.tolist() == [-1]


@pytest.mark.parametrize("keep", ["shares", "map"])
@kinds
def test_any_number_of_threads_writes_the_same_bytes(kind, keep, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.run.blocks.BLOCK", 256)
    found = []
    for workers in (1, 2):
        out = tmp_path / str(workers)
        sim.sweep(
            standoff(), {"threat": (0, 4), "chill": (0, 2)}, design=kind, points=64, keep=keep, out=out,
            workers=workers,
        )  # fmt: skip
        found.append(contents(out))
    assert found[0] == found[1]


def test_a_sample_of_few_decimals_costs_no_exact_arithmetic():
    """Payoffs of every point are short decimals, so that ties are decided in floats."""
    from sim.run.drawing import are_exact, sample_points
    from sim.scenario.tables import Sample

    scenario = standoff()
    ranges = {name: (one.low, one.high) for name, one in scenario.parameters.items()}
    design, fixed = sample_points(scenario, Sample("sobol", ranges, 64, 2), {})
    assert fixed == {}
    assert are_exact(scenario, design, fixed)


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        ({"design": "sobool"}, "Did you mean 'sobol'"),
        ({"design": "sobol", "points": 100}, "no power of 2"),
        ({"design": "sobol", "keep": "everything"}, "unknown level"),
        ({"keep": "map", "full": True}, "give one or the other"),
    ],
)
def test_a_wrong_design_or_level_is_refused(options, wrong):
    with pytest.raises(ValueError, match=wrong):
        sim.sweep(standoff(), {"threat": (0, 4)}, **options)


def test_a_file_draws_all_parameters_but_those_it_sets(tmp_path):
    text = (
        'schema = 1\n[players]\nA = ["x", "y"]\nB = ["l", "r"]\n[parameters]\n'
        "a = { default = 1, low = 0, high = 4 }\nb = { default = 1, low = 0, high = 4 }\n"
        "c = { default = 1, low = 1, high = 1 }\n"
        '[payoffs]\nA = [["a", "b"], [1, 2]]\nB = [["b", "c"], [1, 2]]\n'
        '[sweeps.s]\ndesign = "latin"\nover = "all"\nset = { b = 2 }\npoints = 8\nreplicates = 2\n'
    )
    path = tmp_path / "s.toml"
    path.write_text(text)
    scenario = load(path)
    assert list(scenario.sweeps["s"].sample.ranges) == ["a"]
    assert sim.sweep(scenario, "s").sizes["draw"] == 8
    with pytest.raises(ValueError, match="has no axes"):
        sim.sweep(scenario, "s", design="grid")


def test_counts_say_where_in_the_range_of_a_parameter_a_regime_lies(drawn):
    counts = sim.sweep(
        standoff(), {"threat": (0, 4), "chill": (0, 2)}, design="sobol", points=64, keep="shares"
    ).load()
    held, place = drawn["holds"].values.reshape(-1, drawn.sizes["outcome"]), {}
    for name, high in (("threat", 4.0), ("chill", 2.0)):
        place[name] = np.minimum(np.floor(drawn[name].values.ravel() / high * 64), 63).astype(int)
    summed = {name: np.zeros(size, int) for name, size in (("along", (2, 64)), ("across", (1, 16, 16)))}
    for block in range(counts.sizes["block"]):
        for number in range(counts.sizes["regime"]):
            row = counts.isel(block=block, regime=number)
            own = (drawn["replicate"].values == row["replicate"].item()).repeat(drawn.sizes["draw"])
            inside = own & (held == row["members"].values).all(axis=1) & (row["tally"].item() > 0)
            for name in ("threat", "chill"):
                expected = np.bincount(place[name][inside], minlength=64)
                np.testing.assert_array_equal(row["along"].sel(parameter=name), expected)
            expected = np.zeros((16, 16), int)
            np.add.at(expected, (place["threat"][inside] // 4, place["chill"][inside] // 4), 1)
            np.testing.assert_array_equal(row["across"].sel(pair="threat, chill").values, expected)
            for name in summed:
                summed[name] += row[name].values
    assert summed["along"][0].sum() == summed["across"].sum() == int(counts["tally"].sum()) == held.shape[0]
    assert json.loads(counts.attrs["ranges"]) == {"threat": [0.0, 4.0], "chill": [0.0, 2.0]}


@given(st.integers(1, 20), st.integers(0, 60), st.randoms(use_true_random=False))
def test_sets_of_outcomes_are_numbered_in_their_order(outcomes, cells, chance):
    holds = np.array([[chance.random() < 0.3 for _ in range(outcomes)] for _ in range(cells)], bool)
    number, members = regimes(holds.reshape(cells, outcomes))
    np.testing.assert_array_equal(members[number], holds.reshape(cells, outcomes))
    assert [tuple(one) for one in members] == sorted({tuple(one) for one in holds.tolist()})


def test_rows_of_blocks_add_up():
    rng = np.random.default_rng(1)
    ranges = {"a": (0.0, 1.0), "b": (2.0, 2.0), "c": (-1.0, 3.0)}
    values = {name: rng.uniform(low, high + 1e-9, 500) for name, (low, high) in ranges.items()}
    arrays = {
        "status": rng.choice([Status.ok, Status.degenerate, Status.not_found], 500).astype(np.int8),
        "holds": rng.random((500, 3)) < 0.2, "mixed": rng.integers(0, 2, 500),
    }  # fmt: skip
    cuts = [slice(0, 1), slice(1, 200), slice(200, 500)]
    parts = [
        counted({k: v[cut] for k, v in arrays.items()}, {k: v[cut] for k, v in values.items()}, ranges)
        for cut in cuts
    ]
    whole, together = counted(arrays, values, ranges), added(parts)
    assert whole.keys() == together.keys()
    for name in whole:
        np.testing.assert_array_equal(whole[name], together[name])


def test_the_pairs_of_many_parameters_are_not_looked_at():
    assert pairs(dict.fromkeys("abc")) == ["a, b", "a, c", "b, c"]
    assert pairs(dict.fromkeys("abcdefg")) == []
