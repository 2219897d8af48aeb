"""Tones: what the library's outcomes have, how they are read, and that they reach the pictures."""

import json

import pytest

import sim
from sim.dataset import open_dataset
from sim.pictures.style import SHADES, Palette
from sim.pictures.style.palette import paints
from sim.scenario import ScenarioError
from sim.scenario.library import shipped
from sim.scenario.tones import TONES

TINY = """schema = 1
[players]
A = ["yield", "hold"]
B = ["yield", "hold"]
[payoffs]
A = [[0, 0], [1, -1]]
B = [[0, 1], [0, -1]]
[outcomes]
"peace" = [["yield", "*"], ["hold", "yield"]]
"collision" = [["hold", "hold"]]
"""


def read(folder, tones):
    path = folder / "tiny.toml"
    path.write_text(f"{TINY}[tones]\n{tones}\n")
    return sim.load(path)


def test_pictures_know_every_tone_of_the_files():
    assert tuple(SHADES) == TONES


def test_tones_and_colours_are_read(tmp_path):
    assert read(tmp_path, '"peace" = "quiet"\n"collision" = "#A01020"').tones == {
        "peace": "quiet",
        "collision": "#a01020",
    }


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            '"peeace" = "quiet"',
            "unknown outcome 'peeace' (outcomes: peace, collision). Did you mean 'peace'?",
        ),
        ('"peace" = "quite"', "Did you mean 'quiet'?"),
        ('"peace" = "#12345"', "A colour, as"),
        ('"peace" = ["quiet"]', "expected a tone (agreement, "),
    ],
)
def test_a_wrong_tone_is_told_with_its_line(tmp_path, line, words):
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, line)
    assert words in str(caught.value)
    assert "tiny.toml:12: tones.peace" in str(caught.value).replace("peeace", "peace")


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_every_outcome_of_the_library_has_a_tone_and_a_look_of_its_own(path):
    scenario = sim.load(path)
    names = list(scenario.outcomes.names)
    assert set(names) <= set(scenario.tones)
    looks = looks_of(scenario)
    assert len(set(looks.values())) == len(looks)


def looks_of(scenario):
    names = list(scenario.outcomes.names)
    return dict(zip(names, paints(names, scenario.tones), strict=True))


def test_the_same_words_have_the_same_colour_in_every_scenario_of_the_library():
    seen = {}
    for path in shipped():
        for name, look in looks_of(sim.load(path)).items():
            assert seen.setdefault(name, look) == look, f"{name} in {path.stem}"


def test_states_may_have_tones():
    scenario = sim.load("standoff_2021_posture")
    assert scenario.tones["rifle late"] == "standoff"


def test_tones_reach_a_picture_from_the_disk(tmp_path):
    scenario = sim.load("chicken")
    sim.sweep(scenario, "stakes", points=3, out=tmp_path)
    data = open_dataset(tmp_path / "stakes.zarr")
    assert json.loads(data.attrs["tones"]) == scenario.tones
    own = [str(name) for name in data["outcome"].values].index("collision")
    red, green, blue = Palette.of(data).colour(own)
    assert red > 2 * max(green, blue)
