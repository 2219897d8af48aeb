"""A store that lost a piece, or lies about one, is refused by name and mended by --resume; never drawn."""

from __future__ import annotations

import random
import shutil
import warnings

import pytest
import xarray

import sim
from sim.dataset import Unchecked, open_dataset
from sim.pictures import draw
from sim.run import blocks as run
from tests.stores import contents, standoff


def swept(out, **options):
    return sim.sweep(standoff(), "rifle", out=out, points=12, full=True, **options)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A store of several blocks, with what each file of it held."""
    out = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "BLOCK", 40)
        swept(out)
    return out / "rifle.zarr"


@pytest.fixture
def copy(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "rifle.zarr")


@pytest.fixture
def blocks(monkeypatch):
    monkeypatch.setattr(run, "BLOCK", 40)


DAMAGE = {
    "missing": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"\0"),
    "zeroed": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "foreign": lambda path: path.write_bytes(b'{"zarr_format": 3, "node_type": "group", "attributes": {}}'),
    "one bit": lambda path: path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:]),
}
PARTS = {
    "holds/c/0/0/0": "a piece of 'holds', holds/c/0/0/0",
    "value/c/0/0/0/0": "a piece of 'value'",
    "chill/c/0": "a piece of 'chill'",
    "holds/zarr.json": "what describes 'holds'",
    "zarr.json": "what describes the dataset",
    "progress/1.0.json": "the mark progress/1.0.json",
    "progress/seal.json": "its seal",
}


@pytest.mark.parametrize("how", DAMAGE)
@pytest.mark.parametrize("part", PARTS)
def test_any_damage_is_refused_by_name_and_mended(copy, whole, blocks, part, how):
    DAMAGE[how](copy / part)
    with pytest.raises(ValueError, match="not what the sweep wrote") as refused:
        open_dataset(copy)
    assert PARTS[part] in str(refused.value)
    swept(copy.parent, resume=True)
    assert contents(copy) == contents(whole)


def test_only_the_lost_piece_is_made_again(copy, whole, blocks, monkeypatch):
    (copy / "holds" / "c" / "1" / "1" / "0").unlink()
    told, solve = [], run.solve
    monkeypatch.setattr(run, "solve", lambda game, *rest: told.append(game.cells) or solve(game, *rest))
    swept(copy.parent, resume=True)
    assert sum(told) == 1 + 36  # the cell that tells of which kind answers are, and one block
    assert contents(copy) == contents(whole)


def test_a_piece_where_none_was_written_is_no_fill_value(copy):
    axis = next(path for path in sorted((copy / "strategy" / "c").rglob("*")) if path.is_file())
    shutil.copy(axis, axis.with_name("7"))
    with pytest.raises(ValueError, match=r"a piece of 'strategy', .*7, was not there when the sweep ended"):
        open_dataset(copy)


def test_pieces_that_changed_places_are_seen(copy):
    pieces = sorted(path for path in (copy / "value" / "c").rglob("*") if path.is_file())[:2]
    first, second = (path.read_bytes() for path in pieces)
    assert first != second
    for path, content in zip(pieces, (second, first), strict=True):
        path.write_bytes(content)
    with pytest.raises(ValueError, match=r"damaged.*damaged"):
        open_dataset(copy)


def test_a_block_of_an_unfinished_sweep_is_kept_only_if_it_is_true(copy, whole, blocks):
    unfinished = copy.rename(copy.with_name("rifle.zarr.unfinished"))
    (unfinished / "progress" / "seal.json").unlink()
    (unfinished / "holds" / "c" / "0" / "1" / "0").write_bytes(b"nonsense")
    (unfinished / "count" / "c" / "1" / "1").unlink()
    swept(copy.parent, resume=True)
    assert contents(copy) == contents(whole)


def test_blocks_of_another_cut_are_not_mixed_with_these(tmp_path, whole, monkeypatch):
    from sim.dataset import Store

    monkeypatch.setattr(run, "BLOCK", 75)
    with monkeypatch.context() as patch:
        patch.setattr(Store, "finish", interrupted)
        with pytest.raises(KeyboardInterrupt):
            swept(tmp_path)
    assert len(list((tmp_path / "rifle.zarr.unfinished" / "progress").glob("[0-9]*"))) == 2
    monkeypatch.setattr(run, "BLOCK", 40)
    swept(tmp_path, resume=True)
    assert contents(tmp_path / "rifle.zarr") == contents(whole)


def interrupted(_):
    raise KeyboardInterrupt


def test_a_damaged_store_of_another_sweep_is_not_mended_by_this_one(copy):
    (copy / "zarr.json").write_bytes(b"{")
    with pytest.raises(ValueError, match="cannot be resumed, it is of another sweep"):
        swept(copy.parent, resume=True, set={"prize": 7})
    assert (copy / "holds").exists()


def byte_changed(path, chance):
    content = bytearray(path.read_bytes())
    place = chance.randrange(len(content))
    content[place] = chance.choice([value for value in range(256) if value != content[place]])
    path.write_bytes(content)


def fuzz(copy, whole, rounds, seed):
    """Change a byte somewhere; either the store is refused, or its picture is the true one."""
    chance, picture = random.Random(seed), copy.parent / "picture.svg"
    draw(str(whole), out=picture)
    true, drawn = picture.read_bytes(), 0
    names = sorted(contents(whole))
    for _ in range(rounds):
        name = chance.choice(names)
        byte_changed(copy / name, chance)
        picture.unlink(missing_ok=True)
        try:
            draw(str(copy), out=picture)
        except ValueError:
            assert not picture.exists()
        else:
            drawn += 1
            assert picture.read_bytes() == true
        shutil.copy(whole / name, copy / name)
    draw(str(copy), out=picture)
    assert picture.read_bytes() == true
    return drawn


def test_no_changed_byte_changes_a_picture(copy, whole):
    assert fuzz(copy, whole, 100, 0) == 0


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(1, 6))
def test_no_changed_byte_in_many_changes_a_picture(copy, whole, seed):
    assert fuzz(copy, whole, 100, seed) == 0


def test_what_carries_no_marks_is_drawn_with_a_word(whole, tmp_path):
    saved = tmp_path / "saved.zarr"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        xarray.open_zarr(whole, chunks=None).load().to_zarr(saved)
    with pytest.warns(Unchecked, match=r"saved.zarr carries no marks .* could not be checked"):
        draw(str(saved), out=tmp_path / "saved.svg")
    draw(str(whole), out=tmp_path / "true.svg")
    assert (tmp_path / "saved.svg").read_bytes() == (tmp_path / "true.svg").read_bytes()


def test_marks_that_were_lost_are_missed(copy):
    shutil.rmtree(copy / "progress")
    with pytest.raises(ValueError, match=r"its seal, progress/seal.json, is missing"):
        open_dataset(copy)


def test_a_store_of_an_older_schema_is_said_to_be_so(copy):
    for path in (copy / "progress").glob("*.json"):
        path.unlink()
    (copy / "progress" / "done").mkdir()
    with pytest.raises(ValueError, match="older schema"):
        open_dataset(copy)
    with pytest.raises(ValueError, match="older schema: sweep without --resume"):
        swept(copy.parent, resume=True)
    swept(copy.parent)
    assert open_dataset(copy).sizes["chill"] == 12


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"zarr_format": 3}', '{"zarr_format": 9, "node_type": "group"}']
)
def test_what_is_no_dataset_is_refused_in_a_sentence(tmp_path, content):
    place = tmp_path / "odd.zarr"
    place.mkdir()
    (place / "zarr.json").write_text(content)
    with pytest.raises(
        ValueError, match=r"odd\.zarr (cannot be read as a dataset|is not the dataset of a sweep)"
    ):
        open_dataset(place)


@pytest.mark.filterwarnings("ignore")
def test_a_dataset_of_something_else_is_refused_in_a_sentence(tmp_path, whole):
    xarray.Dataset({"rain": ("day", [1.0, 2.0])}).to_zarr(tmp_path / "rain.zarr")
    with pytest.raises(
        ValueError, match="is not the dataset of a sweep: it has no status, count, holds, mixed"
    ):
        open_dataset(tmp_path / "rain.zarr")
    other = xarray.open_zarr(whole, chunks=None).load()
    other.assign(count=other["count"].astype(str)).to_zarr(tmp_path / "other.zarr")
    with pytest.raises(ValueError, match=r"count is .* expected int32 along build_up_cost, chill"):
        open_dataset(tmp_path / "other.zarr")
