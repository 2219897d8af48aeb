from __future__ import annotations

import numpy as np
import pytest

from sim.pictures.plots.outcome_map import outcome_map
from sim.pictures.style import colour
from tests.pictures.datasets import dataset, failed, line, many, pure, quarters, seam, texts, words


def pixels(figure):
    return np.asarray(figure.axes[0].images[0].get_array()) / 255


def test_the_legend_holds_exactly_the_regimes_that_occur():
    shown = words(outcome_map(quarters(12)))
    for name in ("talks", "frozen standoff", "talks or frozen standoff", "mixed play: no outcome"):
        assert f" {name} |" in shown or name in shown
    assert "legal guarantee" not in shown
    assert "open conflict" not in shown
    assert sum(text.endswith("%") for text in texts(outcome_map(quarters(12)))) == 4


def test_axes_say_meaning_and_unit_and_name():
    shown = texts(outcome_map(quarters(12)))
    assert {"cost of build up cost (utility)", "build_up_cost", "cost of chill (utility)", "chill"} <= set(
        shown
    )


def test_the_caption_holds_what_is_fixed_sources_version_and_command():
    shown = " ".join(texts(outcome_map(quarters(12)))).replace("\u00a0", " ")
    for part in (
        "prize = 25 (default 20)",
        "harm = 1.5",
        "Polityka, 3 December 2021",
        "Standoff 0.1.0",
        "standoff sweep tiny rifle",
    ):
        assert part in shown


def test_the_title_is_the_question_the_sweep_asks():
    assert texts(outcome_map(quarters(12)))[0] == "How costly must the rifle be before talks start?"


def test_a_cell_has_the_colour_of_its_outcome_whatever_else_the_map_holds():
    first = pixels(outcome_map(dataset(pure(np.full((3, 3, 1), 2))), labels=False))
    both = pixels(outcome_map(dataset(pure([[[2]], [[0]]])), labels=False))
    assert np.allclose(first, colour(2), atol=0.01)
    assert np.allclose(both[:, : both.shape[1] // 2 - 1], colour(2), atol=0.01)
    assert np.allclose(both[:, both.shape[1] // 2 + 1 :], colour(0), atol=0.01)


def test_cells_in_which_two_outcomes_hold_show_both_colours_in_equal_shares():
    shown = pixels(outcome_map(dataset(pure(np.full((2, 2, 2), [1, 3]))), labels=False)).reshape(-1, 3)
    for outcome in (1, 3):
        assert np.isclose(np.isclose(shown, colour(outcome), atol=0.01).all(axis=1).mean(), 0.5, atol=0.02)


def test_a_mixed_equilibrium_beside_pure_ones_is_marked():
    plain, marked = (
        words(outcome_map(dataset(pure(np.full((3, 3, 2), [1, 2])), mixed=np.full((3, 3), m))))
        for m in (0, 1)
    )
    assert "dark dots" not in plain
    assert "dark dots" in marked


def test_unsolved_cells_are_named_by_their_status_in_grey():
    figure = outcome_map(failed())
    shown = words(figure)
    for name in ("max steps", "not found", "nonfinite", "refuted"):
        assert name in shown
    assert np.ptp(pixels(figure), axis=-1).max() < 0.01


def test_a_tie_one_cell_wide_is_a_border_and_not_a_region():
    shown = words(outcome_map(seam(41)))
    assert "knife edges" in shown
    assert "talks or frozen standoff" not in shown
    coarse = words(outcome_map(seam(5)))
    assert "talks or frozen standoff" in coarse
    assert "knife edges" not in coarse


def test_the_border_of_a_knife_edge_runs_through_the_middle_of_its_cells():
    image = pixels(outcome_map(seam(41), labels=False))
    half = image.shape[1] // 2
    assert np.allclose(image[:, : half - 2], colour(1), atol=0.01)
    assert np.allclose(image[:, half + 2 :], colour(2), atol=0.01)


def test_large_regions_are_named_where_they_are():
    (panel, *_) = outcome_map(quarters(40)).axes
    placed = {text.get_text().replace("\n", " "): text.get_position() for text in panel.texts}
    assert set(placed) == {"talks", "frozen standoff", "talks or frozen standoff", "mixed play"}
    assert placed["talks"][0] < 2 < placed["frozen standoff"][0]
    assert placed["mixed play"][1] > 4 / 3 > placed["talks"][1]


def test_the_default_point_is_marked_with_its_values():
    figure = outcome_map(quarters(12))
    assert [tuple(map(float, mark.get_data()[0])) for mark in figure.axes[0].lines] == [(1.2,)]
    assert "defaults: build_up_cost\u00a0=\u00a01.2, chill\u00a0=\u00a01.2" in texts(figure)


def test_a_default_outside_the_map_is_told_in_the_caption():
    far = quarters(12, axes={"build_up_cost": (2.0, 4.0), "chill": (0.0, 4.0)})
    figure = outcome_map(far)
    assert not figure.axes[0].lines
    assert "lies outside the map" in words(figure)


def test_more_points_than_pixels_are_sampled_and_the_caption_says_so():
    large = dataset(pure(np.full((4000, 2, 1), 1)), detail=False)
    assert "1120 x 2" in words(outcome_map(large))


def test_many_outcomes_beyond_the_palette_stay_apart():
    shades = {}
    for number in (0, 8, 16, 24, 32):
        shown = pixels(
            outcome_map(dataset(pure([[[number]]], 40), names=[str(n) for n in range(40)]), labels=False)
        )
        shades[number] = shown[:60, :60].tobytes()
    assert len(set(shades.values())) == len(shades)
    assert "smaller regimes" in words(outcome_map(many(40, 12)))


def test_falling_axes_are_turned_round():
    rising = quarters(8)
    falling = rising.isel(build_up_cost=slice(None, None, -1))
    assert np.array_equal(pixels(outcome_map(rising)), pixels(outcome_map(falling)))


def test_other_numbers_of_axes_are_refused():
    with pytest.raises(
        ValueError, match=r"two axes, this dataset 1 \(build_up_cost\): fix others with --set"
    ):
        outcome_map(line())


def test_names_are_never_read_as_formulas():
    odd = dataset(pure([[[0]]], 2), names=["$x_1$ and \\frac", "other"], title="100 $ or $200?")
    assert "$x_1$ and \\frac" in texts(outcome_map(odd))
