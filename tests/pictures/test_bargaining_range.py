from __future__ import annotations

import math

import pytest

import sim
from sim.cli import main
from sim.dataset import bargain_range
from sim.pictures.plots.bargaining_range import bargaining_range
from tests.pictures.datasets import quarters, words


def signs(data):
    """What stands where: agent and kind of sign with its place."""
    found = zip(
        data["sign_row"].values, data["agent"].values, data["what"].values, data["at"].values, strict=True
    )
    return {(int(row), str(agent), str(what)): float(at) for row, agent, what, at in found}


def test_offers_are_where_the_other_just_accepts():
    """Binmore, Shaked and Sutton (1989): an option outside that is worth more than waiting is what one is offered."""
    data = bargain_range(sim.solve(sim.load("rubinstein_outside").game()), {})
    assert (data["low"].values[0], data["high"].values[0]) == (0, 0.4)
    assert signs(data) == pytest.approx(
        {
            (0, "First@proposing", "keeps"): 0.4,
            (0, "First@answering", "accepts"): 0.36,
            (0, "Second@proposing", "keeps"): 0.36,
            (0, "Second@answering", "accepts"): 0.4,
        }
    )
    assert "What comes of it: agreement at once" in words(bargaining_range(data))


def test_each_type_has_a_range_of_its_own():
    data = bargain_range(sim.solve(sim.load("talks_2021").game(), "perfect_bayesian"), {})
    assert [row.replace("\u00a0", " ") for row in data["row"].values.tolist()] == [
        "NATO@cohesive (0.7)", "NATO@divided (0.3)"]  # fmt: skip
    assert data["low"].values.tolist() == [0.25, 0.25]
    assert data["high"].values.tolist() == pytest.approx([0.3, 0.8])
    there = signs(data)
    assert there[0, "NATO@cohesive, answering", "accepts"] == pytest.approx(0.3)
    assert (0, "NATO@divided, answering", "accepts") not in there
    assert (
        there[0, "Russia@proposing", "keeps"] > data["high"].values[0]
    )  # more than the cohesive would grant


def test_where_there_is_nothing_to_agree_on_that_is_said():
    game = sim.Bargaining(("A", "B"), discount=[0.9, 0.8], outside=[0.7, 0.6])
    said = words(bargaining_range(bargain_range(sim.solve(game), {})))
    assert "nothing to agree on" in said
    assert "better for both" not in said


def test_who_insists_has_a_sign_of_its_own():
    types = {
        name: {"mad": {"chance": 0.1, "obstinate": own}, "sane": {"chance": 0.9}}
        for name, own in (("A", 0.7), ("B", 0.6))
    }
    game = sim.Bargaining(("A", "B"), discount=[0.9, 0.8], leaving="never", types=types)
    data = bargain_range(sim.solve(game), {})
    assert data.sizes["row"] == 4
    there = {place: at for place, at in signs(data).items() if place[2] == "insists"}
    assert sorted(there.values()) == pytest.approx([0.4, 0.4, 0.7, 0.7])
    assert "insists on it for ever" in words(bargaining_range(data))
    assert "as long as they do not agree" in data.attrs["fallback"]


def test_of_three_each_has_a_row():
    game = sim.Bargaining(("A", "B", "C"), discount=0.9, outside=[0, 0.1, 0.2], leaving="after_rejecting")
    data = bargain_range(sim.solve(game), {})
    assert data["row"].values.tolist() == ["A", "B", "C"]
    assert data["low"].values.tolist() == [0, 0.1, 0.2]
    assert data["high"].values.tolist() == pytest.approx([0.7, 0.8, 0.9])
    kept = [at for (_, _, what), at in signs(data).items() if what == "keeps"]
    assert len(kept) == 3
    assert all(not math.isnan(at) for at in kept)


def test_the_command_draws_a_bargain_without_being_told_how(tmp_path):
    path = tmp_path / "talks.svg"
    with pytest.raises(SystemExit) as ended:
        main(["solve", "talks_2021", "--out", str(path)])
    assert ended.value.code in {0, None}
    assert "NATO, divided, answering" in path.read_text(encoding="utf-8")


def test_what_is_no_bargain_is_refused(tmp_path, capsys):
    with pytest.raises(ValueError, match="standoff solve FILE --out"):
        bargaining_range(quarters())
    with pytest.raises(ValueError, match="this is a normal game"):
        bargain_range(sim.solve(sim.NormalForm([[[3, 1], [4, 0]], [[3, 4], [1, 0]]])), {})
    with pytest.raises(SystemExit) as ended:
        main(["solve", "chicken", "--out", str(tmp_path / "x.png")])
    assert ended.value.code == 2
    assert "standoff map chicken" in capsys.readouterr().err
