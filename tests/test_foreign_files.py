"""Nothing that no sweep wrote is deleted or replaced, and names do not lead out of the folder of results."""

from __future__ import annotations

from dataclasses import replace

import pytest

import sim
from sim.dataset.places import vacant
from sim.scenario.library import results_of
from tests.stores import contents, standoff


def sweep(out, **options):
    return sim.sweep(standoff(), "rifle", out=out, points=3, **options)


def letters(folder):
    folder.mkdir(parents=True)
    (folder / "letters.txt").write_text("dear")


def file(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("dear")


def link(path):
    letters(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def dangling(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to("nowhere")


def listing(folder):
    return {path: path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}


@pytest.mark.parametrize("resume", [False, True])
@pytest.mark.parametrize("what", [letters, file, link, dangling])
@pytest.mark.parametrize("place", ["rifle.zarr", "rifle.zarr.old", "rifle.zarr.unfinished"])
def test_what_is_in_the_way_is_left_and_named(tmp_path, place, what, resume):
    what(tmp_path / place)
    before = listing(tmp_path)
    with pytest.raises(ValueError, match=f"{place} .*move it away"):
        sweep(tmp_path, resume=resume)
    assert listing(tmp_path) == before


def test_a_link_to_a_store_is_refused_before_the_work(tmp_path):
    sweep(tmp_path / "a")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "rifle.zarr").symlink_to("../a/rifle.zarr")
    before = contents(tmp_path / "a")
    with pytest.raises(ValueError, match="is a link to"):
        sweep(tmp_path / "b")
    assert contents(tmp_path / "a") == before


def test_what_somebody_put_into_a_store_stays(tmp_path):
    sweep(tmp_path)
    store = tmp_path / "rifle.zarr"
    for name in ("notes.txt", "holds/notes.txt", "rain/zarr.json"):
        file(store / name)
        with pytest.raises(ValueError, match=f"holds {name}"):
            sweep(tmp_path)
        (store / name).unlink()
    (store / "rain").rmdir()
    assert sweep(tmp_path).sizes["chill"] == 3


def test_a_store_that_was_put_aside_stays(tmp_path):
    sweep(tmp_path)
    aside = tmp_path / "rifle.zarr.old"
    (tmp_path / "rifle.zarr").rename(aside)
    with pytest.raises(ValueError, match=r"rifle.zarr.old is a dataset that was put aside"):
        sweep(tmp_path)
    (aside / "progress" / "replaced").touch()  # as in a sweep that was killed while it replaced the store
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["rifle.zarr"]


def test_what_xarray_saved_stays(tmp_path):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sim.sweep(standoff(), "rifle", points=3).to_zarr(tmp_path / "rifle.zarr")
    with pytest.raises(ValueError, match="was not written by a sweep"):
        sweep(tmp_path)


def test_what_came_during_the_sweep_stays_too(tmp_path):
    with pytest.raises(ValueError, match=r"holds letters\.txt"):
        sweep(tmp_path, progress=lambda done, cells: done == cells and came(tmp_path / "rifle.zarr"))
    assert (tmp_path / "rifle.zarr" / "letters.txt").exists()
    (tmp_path / "rifle.zarr" / "letters.txt").unlink()
    (tmp_path / "rifle.zarr").rmdir()
    assert sweep(tmp_path, resume=True).sizes["chill"] == 3


def came(folder):
    if not folder.exists():
        letters(folder)


def test_nothing_in_the_way_is_nothing_to_say(tmp_path):
    vacant(tmp_path / "x.zarr")
    (tmp_path / "x.zarr.unfinished").mkdir()  # a sweep was killed at once
    vacant(tmp_path / "x.zarr")


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../a", "a\nb"])
def test_no_name_of_a_scenario_leads_out_of_the_results(name):
    with pytest.raises(ValueError, match="cannot name a folder in results/"):
        results_of(name)
    assert str(results_of("crisis of 1914, v1.2")) == "results/crisis of 1914, v1.2"


@pytest.mark.parametrize("name", ["../rifle", "a/b", "", "..", "a\0b", "x" * 61])
def test_no_name_of_a_sweep_leads_out_of_the_folder(tmp_path, name):
    scenario = standoff()
    with pytest.raises(ValueError, match="cannot be the name of a sweep"):
        sim.sweep(scenario, replace(scenario.sweeps["rifle"], name=name), out=tmp_path / "out")
    assert not list(tmp_path.iterdir())
