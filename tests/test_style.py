"""Colours, words, layout and files of pictures."""

from __future__ import annotations

import json
import threading
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.pictures.plots.outcome_slice import outcome_slice
from sim.pictures.style import NEUTRAL, SHADES, distinguish, save
from sim.pictures.style.branches import branches
from sim.pictures.style.finding import divided, regions, roundest, runs_along
from sim.pictures.style.jumps import cut, jumps
from sim.pictures.style.palette import paints, rgb, to_line
from sim.pictures.style.raster import border_lines, edges, lay
from sim.pictures.style.regions import layouts, room
from sim.pictures.style.words import (
    answer_words,
    axis_label,
    balance,
    concept_words,
    description,
    percent,
    shorten,
    text_width,
    wrap,
)
from tests.pictures.datasets import dataset, line, pure, quarters

# Machado, Oliveira and Fernandes (2009), severity 1, in linear RGB
SIGHT = {
    "full": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039],
    ],
}  # fmt: skip


def lab(colours, sight):
    """sRGB as seen -> CIELAB, ``(N, 3)``."""
    colours = np.asarray(colours)
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ np.transpose(SIGHT[sight]), 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = seen @ to_xyz.T / [0.9505, 1, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=-1)


def nearest_two(colours, sight):
    """The distance of the two most alike, in units of CIELAB; 2.3 is just noticeable."""
    seen = lab([rgb(colour) for colour in colours], sight)
    return min(np.linalg.norm(one - other) for one, other in combinations(seen, 2))


TONES = [shades[0] for shades in SHADES.values()]


@pytest.mark.parametrize("sight", SIGHT)
def test_tones_stay_apart_for_every_kind_of_sight(sight):
    assert nearest_two(TONES, sight) > 19


def test_tones_stay_apart_in_grey():
    lightness = np.sort(lab([rgb(colour) for colour in TONES], "full")[:, 0])
    assert np.diff(lightness).min() > 11


@pytest.mark.parametrize("sight", SIGHT)
def test_shades_of_a_tone_and_neutral_colours_stay_apart(sight):
    for shades in SHADES.values():
        assert nearest_two(shades, sight) > 10
    assert nearest_two(NEUTRAL, sight) > 10


def test_war_is_never_green_and_agreement_never_red():
    """Hues of CIELAB, in degrees: red about 30, yellow 90, green 150, blue 270."""

    def hues(tone):
        _, a, b = lab([rgb(colour) for colour in SHADES[tone]], "full").T
        return np.degrees(np.arctan2(b, a)) % 360

    assert ((hues("war") < 45) | (hues("war") > 350)).all()
    assert ((hues("agreement") > 115) & (hues("agreement") < 190)).all()
    _, a, _ = lab([rgb(colour) for colour in NEUTRAL], "full").T
    assert np.abs(a).max() < 10  # neither red nor green


def test_each_shade_is_nearest_to_its_own_tone():
    seen = {tone: lab([rgb(colour) for colour in shades], "full") for tone, shades in SHADES.items()}
    for tone, shades in seen.items():
        for shade in shades[1:]:
            away = {other: np.linalg.norm(shade - colours[0]) for other, colours in seen.items()}
            assert min(away, key=away.get) == tone, tone


def test_outcomes_of_one_look_get_textures_and_the_same_colour():
    names = [f"war number {number}" for number in range(6)]
    looks = paints(names, dict.fromkeys(names, "war"))
    assert len({(look.rgb, look.texture) for look in looks}) == 6 > len({look.rgb for look in looks})
    alone = [paints([name], {name: "war"})[0].rgb for name in names]
    assert [look.rgb for look in looks] == alone


def test_outcomes_without_a_tone_are_told_apart_beyond_the_colours_there_are():
    looks = paints([str(number) for number in range(70)], {})
    assert len({(look.rgb, look.texture) for look in looks}) == 70


def test_a_line_is_dark_enough_for_white_paper():
    for shades in SHADES.values():
        for shade in shades:
            assert np.array([0.299, 0.587, 0.114]) @ to_line(rgb(shade)) < 0.56


def test_metadata_hold_what_the_caption_leaves_out(tmp_path):
    from PIL import Image

    data = quarters(4)
    text = description(data).replace("\u00a0", " ")
    assert "prize = 25 (default 20), harm = 1.5." in text
    for suffix in ("png", "svg", "pdf"):
        path = save(outcome_slice(line(5)), tmp_path / f"x.{suffix}", "A question", "all the words")
        if suffix == "png":
            with Image.open(path) as image:
                assert image.info["Title"] == "A question"
                assert image.info["Description"] == "all the words"
        else:
            assert b"A question" in path.read_bytes()


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_the_same_figure_is_the_same_bytes(tmp_path, suffix):
    for name in ("one", "two"):
        save(outcome_slice(line(20)), tmp_path / f"{name}.{suffix}")
    one, two = ((tmp_path / f"{name}.{suffix}").read_bytes() for name in ("one", "two"))
    assert one == two
    assert b"/CreationDate" not in one
    assert b"<dc:date>" not in one


def test_pictures_drawn_in_threads_are_the_same_bytes(tmp_path):
    def draw(number):
        save(outcome_slice(line(6)), tmp_path / f"{number}.png")

    threads = [threading.Thread(target=draw, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({path.read_bytes() for path in tmp_path.glob("*.png")}) == 1
    assert len(list(tmp_path.iterdir())) == 3


def test_a_picture_has_200_dots_an_inch(tmp_path):
    from PIL import Image

    figure = outcome_slice(line(20))
    with Image.open(save(figure, tmp_path / "x.PNG")) as image:
        assert image.size == tuple(round(200 * inches) for inches in figure.get_size_inches())


@pytest.mark.parametrize("name", ["map.jpg", "map", "map.png.txt"])
def test_other_suffixes_are_refused_with_the_allowed_ones(tmp_path, name):
    with pytest.raises(ValueError, match=r"ends in \.png, \.svg or \.pdf, not '"):
        save(outcome_slice(line(5)), tmp_path / name)


def test_a_file_that_could_not_be_written_leaves_the_old_one(tmp_path):
    class Broken:
        def savefig(self, path, **_):
            path.write_bytes(b"half")
            raise OSError("disk full")

    (tmp_path / "x.png").write_bytes(b"old")
    with pytest.raises(OSError, match="disk full"):
        save(Broken(), tmp_path / "x.png")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"x.png": b"old"}


@given(st.text("abcdefgh ,$", max_size=80), st.floats(0.3, 3.0))
def test_wrapped_lines_are_no_wider_than_asked_and_lose_no_letter(text, width):
    lines = wrap(text, width, 9.0)
    assert all(text_width(words, 9.0) <= width for words in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(st.text("abcdefgh ", max_size=80), st.integers(1, 3))
def test_what_goes_beyond_the_lines_there_are_ends_in_an_ellipsis(text, most):
    lines = wrap(text, 0.6, 9.0, most=most)
    assert len(lines) <= most
    assert all(text_width(words, 9.0) <= 0.6 for words in lines)
    assert (lines[-1:] or [""])[0].endswith("…") == (len(wrap(text, 0.6, 9.0)) > most)


@pytest.mark.parametrize(
    "text", ["W" * 1_000_000, "word " * 200_000, "\u0301" * 1_000_000, " " * 1_000_000 + "end"]
)
def test_text_of_any_length_is_cut_at_once(text):
    lines = wrap(text, 5.0, 9.5, most=3)
    assert len(lines) <= 3
    assert sum(map(len, lines)) < 3100
    assert lines == balance(text, 5.0, 9.5, most=3) or len(lines) == 1


def test_balanced_lines_are_as_many_but_more_even():
    text = "cost to Russia of dropping its public demand empty-handed (utility per round)"
    plain, even = wrap(text, 5.0, 9.5), balance(text, 5.0, 9.5)
    assert len(even) == len(plain) == 2
    assert text_width(even[1], 9.5) > text_width(plain[1], 9.5)


def test_a_measured_line_is_as_wide_as_it_is_drawn():
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    text = "How costly must the rifle be?"
    font = FontProperties(family="DejaVu Sans", size=10)
    drawn, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    assert text_width(text, 10.0) == pytest.approx(drawn / 72, rel=0.03)


def test_words():
    assert axis_label(quarters(3), "chill") == ("cost of chill (utility)", "chill")
    assert concept_words("nash") == "Nash equilibria"
    assert concept_words("subgame_perfect") == "subgame-perfect equilibria"
    assert concept_words("markov_perfect") == "Markov-perfect equilibria"
    assert concept_words("stackelberg") == "Stackelberg commitment"
    assert answer_words("coarse_correlated") == ("equilibrium", "equilibria")
    assert answer_words("rationalizable") == ("answer", "answers")
    assert (percent(0), percent(0.004), percent(0.999), percent(1)) == ("0%", "<1%", ">99%", "100%")
    long = "harm to Russia from arms near its borders (missile defence, exercises; see the draft treaty)"
    assert shorten(long) == "harm to Russia from arms near its borders"


@given(st.lists(st.floats(-10, 10), min_size=2, max_size=12, unique=True), st.integers(1, 60))
def test_each_pixel_shows_the_nearest_point(points, pixels):
    points = np.sort(points)
    ends = edges(points)
    centres = ends[0] + (np.arange(pixels) + 0.5) / pixels * (ends[-1] - ends[0])
    chosen = np.abs(points[lay(points, pixels)] - centres)
    assert np.allclose(chosen, np.abs(points[:, None] - centres).min(axis=0))


@given(st.integers(0, 2**32 - 1))
def test_border_lines_are_as_long_as_the_borders(seed):
    code = np.random.default_rng(seed).integers(0, 3, (5, 7))
    pieces = border_lines(code, np.arange(8.0), np.arange(6.0))
    length = sum(np.abs(piece[1] - piece[0]).sum() for piece in pieces)
    assert length == (code[1:] != code[:-1]).sum() + (code[:, 1:] != code[:, :-1]).sum()


@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(1, 5))
def test_there_is_room_exactly_where_a_box_fits(seed, width, height):
    mask = np.random.default_rng(seed).random((9, 11)) < 0.85
    fits = [
        (row, column)
        for row in range(9 - height + 1)
        for column in range(11 - width + 1)
        if mask[row : row + height, column : column + width].all()
    ]
    place = room(mask, np.ones(mask.shape), width, height)
    assert (place is None) == (not fits)
    if place is not None:
        assert (place[0] - height / 2, place[1] - width / 2) in fits


def test_layouts_start_with_the_largest_letters_on_one_line():
    assert layouts("frozen standoff")[0] == (10.0, ["frozen standoff"])
    assert all(len(lines) <= 3 for _, lines in layouts("a very long name of an outcome " * 5))


@given(st.integers(0, 2**32 - 1))
def test_cells_are_of_one_regime_exactly_if_they_show_the_same(seed):
    rng = np.random.default_rng(seed)
    data = dataset(
        pure(rng.integers(-1, 3, (6, 5, 2)), 3), names="abc", status=rng.choice([0, 0, 1, 3], (6, 5))
    )
    found = distinguish(data)
    status, count, holds = (data[name].values.reshape(30, -1) for name in ("status", "count", "holds"))
    shown = [
        (None, tuple(hold), n > 0) if flag <= 1 else (flag, None, None)
        for flag, n, hold in zip(status[:, 0].tolist(), count[:, 0], holds.tolist(), strict=True)
    ]
    code = found.code.ravel()
    for one, other in combinations(range(30), 2):
        assert (code[one] == code[other]) == (shown[one] == shown[other])
    assert sorted(set(code)) == list(range(len(found.regimes)))


def test_branches_follow_values_that_cross():
    up, down = np.linspace(0, 1, 60), np.linspace(1, 0, 60)
    value = np.stack([np.maximum(up, down), np.minimum(up, down)], axis=1)[..., None]
    chains = branches(pure(np.full((60, 2), [0, 1])), value)
    for cells, numbers in chains:
        assert np.abs(np.diff(value[cells, numbers, 0])).max(initial=0) < 0.05


def test_another_outcome_at_the_same_value_is_another_branch():
    chains = branches(pure(np.where(np.arange(20) < 9, 0, 1)[:, None]), np.zeros((20, 1, 2)))
    assert [len(cells) for cells, _ in chains] == [9, 11]


def test_a_value_that_varies_by_rounding_only_does_not_part_a_branch():
    noise = np.random.default_rng(0).choice([-2.0, -2.0 - 4e-16], (30, 1, 1))
    mix = np.full((30, 1, 2), [0.4, 0.6])
    assert [len(cells) for cells, _ in branches(mix, noise)] == [30]


def test_words_in_an_svg_are_words(tmp_path):
    from matplotlib.figure import Figure

    figure = Figure()
    figure.text(0.5, 0.5, "frozen standoff", family="DejaVu Sans")
    text = save(figure, tmp_path / "words.svg").read_text()
    assert "frozen standoff</text>" in text
    assert "Verdana, sans-serif" in text


def test_rounding_of_a_value_that_is_zero_does_not_break_its_branch():
    value = np.full((50, 1, 2), [-2.0, 0.0])
    value[::7, 0, 1] = 3.6e-16
    (only,) = branches(np.full((50, 1, 2), 0.5), value)
    assert only[0].size == 50


def step(size=30):
    """A slope that jumps by half its range half-way along the first axis."""
    x, y = np.meshgrid(np.linspace(0, 1, size), np.linspace(0, 1, size), indexing="ij")
    return 0.5 * (x + y) / 2 + 0.5 * (x > 0.5), np.linspace(0, 1, size)


def test_a_jump_is_found_and_a_steep_slope_is_none():
    number, points = step()
    found = jumps(number, 0)
    assert np.nonzero(found.any(axis=1))[0].tolist() == [14]
    assert found[14].all()
    assert not jumps(number, 1).any()
    assert not jumps(np.exp(6 * points)[:, None] * np.ones(30), 0).any()


def test_contours_stop_at_jumps():
    from matplotlib.figure import Figure

    number, points = step()
    lines = Figure().add_subplot().contour(points, points, number.T, levels=[0.2, 0.5, 0.8])
    pieces = [
        piece for level in lines.allsegs for line in level for piece in cut(line, number, points, points)
    ]
    whole = [piece for level in lines.allsegs for piece in level]
    assert any(
        np.ptp(piece[(piece[:, 0] > 0.48) & (piece[:, 0] < 0.52)], axis=0).max() > 0.3 for piece in whole
    )
    for piece in pieces:
        inside = (points[14] + 0.001 < piece[:, 0]) & (piece[:, 0] < points[15] - 0.001)
        assert not inside.any()
    assert len(pieces) >= 2


@given(st.floats(-100, 100), st.floats(0.001, 50))
def test_the_roundest_number_lies_between(low, span):
    for down in (False, True):
        assert low - 1e-9 <= float(roundest(low, low + span, down=down)) <= low + span + 1e-9


def test_the_roundest_number_is_round():
    assert roundest(0.198, 0.2) == "0.2"
    assert roundest(16.0, 17.0) == "17"
    assert roundest(16.0, 17.0, down=True) == "16"
    assert roundest(-0.3, 0.2) == "0"


def test_the_finding_says_what_divides_the_two_largest_regions():
    at = np.linspace(0, 4, 40)
    upright = dataset(pure(np.where(at[:, None] < 1.5, 1, 2)[:, :, None].repeat(30, axis=1)))
    found = distinguish(upright)
    axes = {name: upright[name].values for name in ("build_up_cost", "chill")}
    assert regions(found, axes) == (
        "frozen standoff (62% of the map) and talks (38%); the first where build_up_cost is above 1.5"
    )
    x, y = np.meshgrid(at, at, indexing="ij")
    both = {"build_up_cost": at, "chill": at}
    assert divided(x > y + 0.5, x <= y + 0.5, both) == "where build_up_cost is high and chill is low"


def test_along_a_line_only_what_changes_is_told():
    data = line(50)
    assert runs_along(distinguish(data), "cost", np.linspace(0, 1, 50)) == (
        "up to cost = 0.3: talks; from 0.3 on also frozen standoff; from 0.7 on no longer talks"
    )


def test_no_line_of_a_picture_leaves_it():
    """Sources, titles and notes of any length stay on the sheet, as they are drawn and not only as they are measured."""
    long = "[Fearon 1995], pp. 393-395, for the demand under hidden resolve; WWW mmm {number} iiiii lll"
    sources = [long.format(number=number) for number in range(12)]
    picture = outcome_slice(line(title="WHY? " * 40, sources=json.dumps(sources), note="m" * 900))
    renderer = picture.canvas.get_renderer()
    edges_of = [text.get_window_extent(renderer) for text in picture.texts]
    assert max(edge.x1 for edge in edges_of) <= picture.bbox.x1
    assert min(edge.x0 for edge in edges_of) >= 0
    assert any(text.get_text().startswith("Sources: [Fearon") for text in picture.texts)
