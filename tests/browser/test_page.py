"""The explorer as a hand and an eye meet it, in a real browser."""

from __future__ import annotations

import csv
import itertools
import json
import re

import matplotlib.image
import numpy as np
import pytest

import sim
from sim.output.as_json import record
from sim.pictures.style.palette import Palette, Regime
from sim.pictures.style.regimes import likeliest
from sim.scenario.source import Source
from sim.web.asked import view_of
from tests.browser.conftest import at_rest
from tests.web.asking import LIBRARY

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=document.title='caught'>"
FIVE = ("standoff_2021", "chicken", "deterrence", "beer_quiche", "repeated_prisoners_dilemma")


def words(page):
    return page.locator("#live").inner_text()


def regimes(page, least=0):
    """Names in the legend of the regimes that have at least so many per cent of the map."""
    items = page.locator("#legend li:has(b)").evaluate_all(
        "all => all.map(one => [one.querySelector('span').textContent, one.querySelector('b').textContent])"
    )
    return {words for words, share in items if int(re.sub(r"\D", "", share)) >= least}


def slider(page, name):
    return page.locator(f".parameter:has(#box-{name}) input[type=range]")


def pixels(page, points):
    """Colours of the map around points (across, up) in pixels of the page, 11 x 11 each: within the ring."""
    return page.evaluate(
        """points => {
            const canvas = document.getElementById("map"), dpr = window.devicePixelRatio, context = canvas.getContext("2d");
            return points.map(([x, y]) => Array.from(context.getImageData(Math.round(x * dpr) - 5, Math.round(y * dpr) - 5, 11, 11).data));
        }""",
        points,
    )


def place(page, shares):
    """Where on the canvas a share of both axes is."""
    box = page.locator("#map").bounding_box()
    left, bottom, top, right = 62, 50, 8, 12
    across, up = shares
    return [
        left + across * (box["width"] - left - right),
        top + (1 - up) * (box["height"] - top - bottom),
    ]


def test_keys_and_mouse_move_a_slider_and_the_words_follow(open_page):
    page = open_page("scenario=standoff_2021")
    assert "frozen standoff" in words(page)
    one = slider(page, "face_cost")
    step = float(one.get_attribute("step"))
    one.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    assert float(page.locator("#box-face_cost").input_value()) == pytest.approx(3 - 3 * step)
    box = slider(page, "talks_value_nato").bounding_box()
    page.mouse.click(box["x"] + 0.97 * box["width"], box["y"] + box["height"] / 2)
    page.locator("#live", has_text="reinforcement and talks under the rifle").wait_for()
    assert "moved" in page.locator(".parameter:has(#box-talks_value_nato)").get_attribute("class")
    page.keyboard.press("0")
    page.locator("#live", has_text="frozen standoff").wait_for()
    assert page.locator(".parameter.moved").count() == 0


def test_a_number_can_be_typed_and_a_wrong_one_is_told(open_page):
    page = open_page("scenario=standoff_2021")
    box = page.locator("#box-face_cost")
    box.fill("1/3")
    box.press("Enter")
    at_rest(page)
    assert "face_cost=1/3" in page.url
    box.fill("99")
    box.press("Enter")
    page.locator("#notice", has_text="face_cost is a number from").wait_for()
    assert box.get_attribute("aria-invalid") == "true"


def test_the_link_restores_the_view(open_page):
    page = open_page(
        "scenario=standoff_2021&x=threat:0:3&y=face_cost:0:3&threat=0.75&chill=0.5&select=risk_dominant"
    )
    at_rest(page)
    slider(page, "harm").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    at_rest(page)
    again = open_page(page.url.partition("#")[2])
    at_rest(again)
    for select in ("#x", "#y", "#concept", "#select", "#scenario", "#spans", "#live"):
        one, other = (each.locator(select) for each in (page, again))
        if one.evaluate("node => node.tagName") == "SELECT":
            assert one.input_value() == other.input_value()
        else:
            assert one.inner_text() == other.inner_text()
    # how fine a map is depends on how quick this machine was: slivers may be on one and not on the other
    for one, other in itertools.permutations((page, again)):
        assert regimes(one, least=5)
        assert regimes(one, least=5) <= regimes(other)
    values = [
        each.locator("input[type=text]").evaluate_all("all => all.map(one => one.value)")
        for each in (page, again)
    ]
    assert values[0] == values[1]
    assert again.url == page.url


def test_what_is_wrong_in_a_link_is_left_out_and_told(open_page):
    page = open_page("scenario=standoff_2021&x=nobody:0:3&threat=99&nobody=1&concept=nobody&y=threat:3:0")
    page.locator("#notice", has_text="Left out").wait_for()
    for name in ("nobody", "threat = 99", "y = threat:3:0"):
        assert name in page.locator("#notice").inner_text()


def test_go_there_crosses_the_border(open_page):
    page = open_page("scenario=standoff_2021")
    at_rest(page)
    before = words(page)
    tips = page.locator("#tips li")
    count = tips.count()
    assert count > 5
    for number in range(count):
        tip = tips.nth(number)
        text = tip.inner_text()
        tip.locator("button").click()
        gone = re.search(r'give way to "([^"]+)"', text)
        if gone:
            page.locator("#live", has_text=gone[1]).wait_for()
        page.wait_for_timeout(300)
        assert words(page) != before
        page.locator("#defaults").click()
        page.locator("#live").get_by_text(before, exact=True).wait_for()
        at_rest(page)
        page.wait_for_timeout(300)
        at_rest(page)


def test_the_map_has_keys(open_page):
    page = open_page("scenario=standoff_2021")
    page.locator("#map").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    assert page.locator("#box-threat").input_value() == "2.02"
    assert page.locator("#box-chill").input_value() == "1.1"
    page.keyboard.press("x")
    assert page.locator("#x").input_value() == "chill"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement === document.body")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()


def test_borders_are_drawn_where_they_are_proved(open_page):
    page = open_page("scenario=standoff_2021")
    at_rest(page)
    legend = page.locator("#legend")
    legend.get_by_text("lines: borders, proved").wait_for()
    assert "threat = 1.2" in legend.inner_text()
    slider(page, "build_up_cost").focus()
    page.keyboard.press("ArrowRight")
    legend.get_by_text("lines: borders").wait_for(state="detached")  # they were those of other values
    legend.get_by_text(f"threat = {page.locator('#box-build_up_cost').input_value()}").wait_for()


def test_a_click_on_the_map_moves_the_point(open_page):
    page = open_page("scenario=standoff_2021")
    box = page.locator("#map").bounding_box()
    x, y = place(page, (0.25, 0.5))
    page.mouse.click(box["x"] + x, box["y"] + y)
    page.locator("#live", has_text="talks, demand standing").wait_for()
    assert page.locator("#box-threat").input_value() == "1"


@pytest.mark.parametrize("name", FIVE)
def test_pixel_words_and_solve_agree(open_page, name):
    """At 40 random points of each: the colour under the point is that of the regime that `solve --json` tells."""
    scenario = sim.load(LIBRARY[name])
    page = open_page(f"scenario={name}")
    at_rest(page)
    axes = [page.locator(f"#{axis}").input_value() for axis in ("x", "y")]
    ends = [
        [float(one) for one in part.split(" .. ")]
        for part in re.findall(
            r"[-\d.e]+ \.\. [-\d.e]+", page.locator("#spans").inner_text().replace("\u2212", "-")
        )
    ]
    palette = Palette.named(scenario.outcomes.names, scenario.tones)
    rng = np.random.default_rng(3)
    compared = 0
    for _ in range(40):
        steps = rng.integers(5, 196, 2)
        values = {
            axis: round(low + (high - low) * step / 200, 10)
            for axis, (low, high), step in zip(axes, ends, steps, strict=True)
        }
        for axis, value in values.items():
            page.locator(f"#box-{axis}").fill(f"{value}")
            page.locator(f"#box-{axis}").press("Enter")
        page.locator("#live", has_text=f"{axes[1]} {values[axes[1]]:g}".replace("-", "\u2212")).and_(
            page.locator("#live", has_text=f"{axes[0]} {values[axes[0]]:g}".replace("-", "\u2212"))
        ).wait_for()
        view = view_of(scenario, "nash", [("set", f"{axis}:{value}") for axis, value in values.items()])
        solution = sim.solve(scenario.game(**view.values))
        told = record(Source(name, "", scenario.form, dict(view.values)), solution, "")
        held = {outcome for one in told["solutions"] for outcome, p in one["outcomes"].items() if p >= 0.5}
        said = words(page).partition(": ")[2]
        assert all(outcome in said for outcome in held), (values, said, held)
        others = set(scenario.outcomes.names) - held
        if held:  # where nothing holds, what is likeliest is named
            assert not [one for one in others if one in said and not any(one in name for name in held)]
        about = [np.array(side) / 80 for side in zip(*itertools.product((0, 1, -1), repeat=2), strict=True)]
        near = scenario.game(
            **view.values
            | {
                axis: np.clip(values[axis] + side * (high - low), low, high)
                for axis, side, (low, high) in zip(axes, about, ends, strict=True)
            }
        )
        around = (np.nan_to_num(sim.solve(near).outcomes) >= 0.5).any(axis=1)
        if (around != around[0]).any() or solution.degenerate[0]:
            continue  # a border is about
        shares = [(values[axis] - low) / (high - low) for axis, (low, high) in zip(axes, ends, strict=True)]
        (patch,) = pixels(page, [place(page, shares)])
        seen = {tuple(patch[at : at + 3]) for at in range(0, len(patch), 4)}
        numbers = tuple(np.nonzero(around[0])[0].tolist())
        leading = tuple(np.nonzero(likeliest(solution.outcomes, around[:1])[0])[0].tolist())
        own = colours(palette, Regime("outcomes", numbers) if numbers else Regime("split", leading=leading))
        own |= colours(palette, Regime("outcomes", numbers, numbers)) if numbers else set()
        foreign = [
            Regime("outcomes", (one,)) for one in range(len(scenario.outcomes.names)) if one not in numbers
        ]
        assert not seen & set().union(*(colours(palette, one) for one in foreign)) - own, (values, seen, own)
        compared += bool(seen & own)  # where a name is written, there is nothing else
    assert compared >= 20


def colours(palette, regime):
    row, column = (grid.ravel() for grid in np.indices((60, 60)))
    return {tuple(pixel) for pixel in np.round(255 * palette.paint(regime, row, column)).astype(int).tolist()}


def test_exports_open(open_page, tmp_path):
    page = open_page("scenario=chicken")
    at_rest(page)

    def taken(kind):
        page.locator("#save summary").click()
        with page.expect_download() as download:
            page.locator(f"#save button[data-kind={kind}]").click()
        path = tmp_path / f"a.{kind}"
        download.value.save_as(path)
        assert download.value.suggested_filename == f"chicken.{kind}"
        return path

    assert matplotlib.image.imread(taken("png")).shape[0] > 500
    rows = list(csv.DictReader(taken("csv").read_text().splitlines()))
    assert len(rows) == 201 * 201
    assert "[sweeps.explored]" in taken("toml").read_text()


def test_every_control_has_a_name(open_page):
    page = open_page("scenario=standoff_2021")
    at_rest(page)
    nameless = page.locator("button, select, input, canvas:not([aria-hidden]), summary, dialog").evaluate_all(
        """all => all.filter(one => !(one.getAttribute("aria-label") || (one.labels && one.labels.length)
            || one.textContent.trim())).map(one => one.outerHTML)"""
    )
    assert nameless == []
    label = page.locator("#map").get_attribute("aria-label")
    assert re.match(r"Map of outcomes over threat and chill: frozen standoff \d+%; ", label)
    assert page.locator("#live").get_attribute("aria-live") == "polite"


@pytest.mark.parametrize("width", [360, 800])
def test_narrow_screens_have_the_map_first_and_no_sideways_scrolling(open_page, width):
    page = open_page("scenario=standoff_2021", viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    tops = [page.locator(one).bounding_box()["y"] for one in ("#middle", "#parameters", "#right")]
    assert tops == sorted(tops)


def test_the_dark_theme_is_dark_and_its_map_is_not_other(open_page):
    light, dark = (open_page("scenario=chicken", color_scheme=scheme) for scheme in ("light", "dark"))
    for page in (light, dark):
        at_rest(page)
    grounds = [page.evaluate("getComputedStyle(document.body).backgroundColor") for page in (light, dark)]
    assert grounds[0] != grounds[1]
    spots = [place(light, shares) for shares in ((0.1, 0.9), (0.9, 0.1), (0.3, 0.6))]
    assert pixels(light, spots) == pixels(dark, spots)


def test_it_prints(open_page, tmp_path):
    page = open_page("scenario=chicken")
    page.pdf(path=tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


def test_hostile_texts_stay_text(open_page, serve, tmp_path):
    hostile = json.dumps(HOSTILE)
    file = tmp_path / "hostile.toml"
    file.write_text(
        f"schema = 1\ntitle = {hostile}\nabout = {hostile}\n[players]\n{hostile} = [{hostile}, 'b']\nB = ['a', 'b']\n"
        f"[parameters.p]\ndefault = 1\nlow = 0\nhigh = 2\nmeaning = {hostile}\nunit = {hostile}\nsource = {hostile}\n"
        f"[parameters.q]\ndefault = 1\nlow = 0\nhigh = 2\n"
        f'[payoffs.{hostile}]\na = ["p", 1]\nb = [0, 0]\n[payoffs.b]\na = [0, 0]\nb = [1, "q"]\n'
        f"[sweeps.s]\ntitle = {hostile}\nnote = {hostile}\nover = {{ p = [0, 2, 11], q = [0, 2, 11] }}\n"
    )  # fmt: skip
    page = open_page("scenario=hostile", where=serve(file))
    at_rest(page)
    assert HOSTILE in page.locator("#parameters").inner_text()
    assert HOSTILE in page.locator("#tables").inner_text()
    assert page.locator("img").count() == 0
    assert "caught" not in page.title().replace(HOSTILE, "")


def test_another_scenario_can_be_chosen_and_a_question(open_page):
    page = open_page("scenario=chicken")
    page.locator("#scenario").select_option("stag_hunt")
    page.locator("#box-peace").wait_for()
    at_rest(page)
    page.locator("#concept").select_option("maxmin")
    page.locator("#verdict", has_text="axmin").wait_for()
    page.locator("#scenario").select_option("standoff_2021")
    page.locator("#box-threat").wait_for()
    title = page.locator("#question option").nth(2)
    page.locator("#question").select_option(title.get_attribute("value"))
    assert page.locator("#title").inner_text() == title.inner_text()
