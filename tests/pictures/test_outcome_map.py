from __future__ import annotations

import numpy as np
import pytest

from sim.pictures.plots.outcome_map import outcome_map
from tests.pictures.datasets import colour, dataset, failed, line, many, pure, quarters, seam, texts, words


def pixels(figure):
    return np.asarray(figure.axes[0].images[0].get_array()) / 255


def test_the_legend_holds_exactly_the_regimes_that_occur():
    shown = words(outcome_map(quarters(12)))
    for name in ("talks", "frozen standoff", "talks or frozen standoff", "no outcome reaches one half"):
        assert f" {name} |" in shown or name in shown
    assert "legal guarantee" not in shown
    assert "open conflict" not in shown
    assert sum(text.endswith("%") for text in texts(outcome_map(quarters(12)))) == 4


def test_axes_say_meaning_and_unit_and_name():
    shown = texts(outcome_map(quarters(12)))
    assert {"cost of build up cost (utility)", "build_up_cost", "cost of chill (utility)", "chill"} <= set(
        shown
    )


def test_the_caption_holds_the_finding_what_is_set_sources_version_and_command():
    shown = " ".join(texts(outcome_map(quarters(12)))).replace("\u00a0", " ")
    parts = (
        "The largest regions are",
        "Set: prize = 25 (default 20). All other parameters at their defaults.",
        "Nash equilibria by pure, 12 x 12 cells, each 0.36 by 0.36: borders are known no finer.",
        "Polityka, 3 December 2021",
        "Standoff 0.1.0",
        "standoff sweep tiny rifle",
    )
    places = [shown.index(part) for part in parts]
    assert places == sorted(places)
    assert "harm" not in shown


def test_a_full_caption_lists_every_parameter():
    shown = " ".join(texts(outcome_map(quarters(12).assign_attrs(caption="full")))).replace("\u00a0", " ")
    assert "Fixed: prize = 25 (default 20), harm = 1.5." in shown


def test_the_note_of_a_sweep_is_its_finding():
    shown = " ".join(texts(outcome_map(quarters(12, note="What matters is trust."))))
    assert "What matters is trust." in shown
    assert "largest regions" not in shown


@pytest.mark.parametrize(
    ("share", "words"), [(0.0, "does not look for all"), (0.5, "others are not ruled out")]
)
def test_what_is_not_known_to_be_complete_is_said_without_alarm(share, words):
    data = quarters(12)
    known = np.arange(144).reshape(12, 12) < 144 * share
    shown = " ".join(texts(outcome_map(data.assign(complete=(data["status"].dims, known)))))
    assert words in shown
    assert "100%" not in shown


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


def test_an_outcome_that_only_mixing_plays_has_a_thin_stripe_and_is_marked():
    both = dataset(pure(np.full((3, 3, 2), [1, 2])), mixed=np.ones((3, 3)))
    dims = (*both["status"].dims, "equilibrium")
    figure = outcome_map(both.assign(mixes=(dims, np.full((3, 3, 2), [False, True]))), labels=False)
    assert "talks or frozen standoff (mixed)" in words(figure)
    shown = pixels(figure).reshape(-1, 3)
    share = [np.isclose(shown, colour(number), atol=0.01).all(axis=1).mean() for number in (1, 2)]
    assert share[0] > 2 * share[1] > 0
    unmarked = both.assign(mixes=(dims, np.full((3, 3, 2), False)))
    assert "(mixed)" not in words(outcome_map(unmarked))


def mostly(outcome):
    """Two equilibria of each cell, one of which now and then ends otherwise."""
    probability = pure(np.full((20, 20, 2), outcome))
    probability[:, :, 1] = 0.75 * probability[:, :, 1] + 0.25 * np.eye(4)[3]
    return probability


def test_ties_that_make_no_difference_are_not_dotted():
    """In a tree replies that end alike tie in every cell, off the path of play or on it: the outcome is unique."""
    wide = np.arange(20)[:, np.newaxis] < np.full(20, 8)
    assert "payoffs tie" not in words(outcome_map(dataset(pure(np.full((20, 20, 2), 1)), degenerate=wide)))
    assert "payoffs tie" in words(outcome_map(dataset(mostly(1), degenerate=wide)))


def test_one_texture_at_a_time():
    """Cells that are plain, but for a continuum, have dots; cells with stripes have no dots upon them."""
    wide = np.arange(20)[:, np.newaxis] < np.full(20, 8)
    striped = pixels(outcome_map(dataset(pure(np.full((20, 20, 2), [1, 2])), degenerate=wide), labels=False))
    assert {tuple(tone) for tone in striped.reshape(-1, 3).round(2)} == {
        tuple(np.round(colour(number), 2)) for number in (1, 2)
    }
    plain = outcome_map(dataset(mostly(1), degenerate=wide), labels=False)
    assert len({tuple(tone) for tone in pixels(plain).reshape(-1, 3).round(2)}) == 2
    assert "dots: payoffs tie" in words(plain)


def test_the_sample_of_dots_has_a_colour_of_the_map():
    data = dataset(mostly(2), degenerate=np.arange(20)[:, None] < np.full(20, 8))
    assert "dots: payoffs tie" in words(outcome_map(data))
    *_, swatch = (axes.images[0].get_array() for axes in outcome_map(data).axes[1:] if axes.images)
    assert np.isclose(np.asarray(swatch).reshape(-1, 3), colour(2), atol=0.01).all(axis=1).mean() > 0.5


def test_unsolved_cells_are_named_by_their_status_in_grey():
    figure = outcome_map(failed())
    shown = words(figure)
    for name in ("max steps", "not found", "nonfinite", "refuted"):
        assert name in shown
    assert np.ptp(pixels(figure), axis=-1).max() < 0.01


def test_a_tie_one_cell_wide_is_a_border_and_not_a_region():
    shown = words(outcome_map(seam(41)))
    assert "talks or frozen standoff" not in shown
    assert "this line" not in shown  # what holds on both sides holds on the border: not worth a word
    assert "talks or frozen standoff" in words(outcome_map(seam(5)))


def test_single_cells_along_a_line_are_drawn_as_the_line_and_named():
    size = 60
    probability = pure(np.full((size, size, 2), [1, 2]))
    on = [at for at in range(size) if at % 3]  # rounding hits some cells of the diagonal and misses others
    probability[on, on, 1] = [0.5, 0.0, 0.5, 0.0]
    figure = outcome_map(dataset(probability), labels=False)
    assert "on this line alone also: legal guarantee" in words(figure)
    drawn = np.concatenate(
        [item.get_segments() for item in figure.axes[0].collections if len(item.get_paths())]
    )
    assert np.allclose(drawn[..., 0], drawn[..., 1])
    assert np.ptp(drawn) > 3.8  # of 4: without gaps from end to end
    assert not np.isclose(pixels(figure).reshape(-1, 3), colour(0), atol=0.01).all(axis=1).any()


def test_a_point_on_a_knife_edge_is_told():
    on = seam(41)
    axis = on["build_up_cost"]
    on = on.assign_coords(build_up_cost=axis.copy(data=axis.values - 0.8))
    assert "lies on a knife edge" in words(outcome_map(on))
    assert "lies on a knife edge" not in words(outcome_map(seam(41)))


def test_the_border_of_a_knife_edge_runs_through_the_middle_of_its_cells():
    image = pixels(outcome_map(seam(41), labels=False))
    half = image.shape[1] // 2
    assert np.allclose(image[:, : half - 2], colour(1), atol=0.01)
    assert np.allclose(image[:, half + 2 :], colour(2), atol=0.01)


def test_large_regions_are_named_where_they_are():
    (panel, *_) = outcome_map(quarters(40)).axes
    placed = {text.get_text().replace("\n", " "): text.get_position() for text in panel.texts}
    assert set(placed) == {
        "talks",
        "frozen standoff",
        "talks or frozen standoff",
        "likeliest: talks or frozen standoff",
    }
    assert placed["talks"][0] < 2 < placed["frozen standoff"][0]
    assert placed["likeliest: talks or frozen standoff"][1] > 4 / 3 > placed["talks"][1]


def test_the_default_point_is_marked_with_its_values():
    figure = outcome_map(quarters(12, fixed='{"prize": 20.0, "harm": 1.5}'))
    (mark,) = figure.axes[0].lines
    assert tuple(map(float, mark.get_data()[0])) == (1.2,)
    assert mark.get_markerfacecolor() == "black"
    assert "defaults: build_up_cost\u00a0=\u00a01.2, chill\u00a0=\u00a01.2" in texts(figure)
    assert "with" not in texts(figure)[1]


def test_where_something_is_set_the_diamond_is_hollow_and_the_subtitle_says_so():
    figure = outcome_map(quarters(12))
    (mark,) = figure.axes[0].lines
    assert mark.get_markerfacecolor() == "white"
    shown = words(figure).replace("\u00a0", " ").replace(" | ", " ")
    assert "here, with prize = 25: build_up_cost = 1.2, chill = 1.2" in shown
    assert "defaults:" not in shown
    assert texts(figure)[1].replace("\u00a0", " ").endswith("with prize = 25")


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
    assert "smaller regions" in words(outcome_map(many(40, 12)))


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


def test_slivers_are_one_line_and_named_on_request():
    many_cells = np.ones((60, 60), int)
    many_cells[:4, :4], many_cells[:4, -4:] = 2, 3
    data = dataset(pure(many_cells[..., np.newaxis]))
    shown = words(outcome_map(data, labels=False))
    assert "and 2 smaller regions" in shown
    assert "open conflict" not in shown
    assert "open conflict" in words(outcome_map(data, labels=False, slivers=True))


def test_where_no_outcome_reaches_one_half_the_likeliest_has_a_pale_shade():
    shares = np.full((20, 20, 1, 4), 0.2)
    shares[:10, :, 0, 1] = 0.4  # talks
    shares[10:, :, 0, 2] = 0.4  # a frozen standoff
    figure = outcome_map(dataset(shares, mixed=np.ones((20, 20))), labels=False)
    said = words(figure).replace(" | ", " ")
    assert "likeliest: talks (no outcome reaches one half)" in said
    assert "likeliest: frozen standoff (no outcome reaches one half)" in said
    image = figure.axes[0].get_images()[0].get_array()[..., :3] / 255
    pale = 1 - 0.3 * (1 - np.array(colour(1)))
    own = np.isclose(image[:, : image.shape[1] // 2], pale, atol=0.01).all(axis=-1)
    assert own.mean() > 0.7  # the rest are dots in the colour of the outcome
    assert not np.isclose(image[:, image.shape[1] // 2 :], pale, atol=0.01).all(axis=-1).any()


def test_of_what_is_not_kept_nothing_is_said_to_be_likeliest():
    shares = np.full((20, 20, 1, 4), 0.25)
    said = words(outcome_map(dataset(shares, mixed=np.ones((20, 20)), detail=False))).replace(" | ", " ")
    assert "no outcome reaches one half" in said
    assert "likeliest" not in said
