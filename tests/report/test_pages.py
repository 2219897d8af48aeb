"""Pages: whole, the same twice, asking for nothing, true; and what a scenario says stays text."""

from __future__ import annotations

import base64
import hashlib
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from urllib.parse import unquote

import numpy as np
import pytest
from click.testing import CliRunner

import sim
from sim.cli import main
from sim.dataset.proved import regions_of
from sim.markup import as_address, element, in_a_row, raw
from sim.report import compare, index, write
from sim.report.maps import map_of, outline, paths, shortened, thumbnail
from sim.report.material import material_of, missing, stored
from sim.report.regions import told_regions
from sim.run.proved_sweeps import prove_design
from sim.scenario.library import shipped
from tests.stores import STANDOFF

VOID = {"meta", "img", "br"}
TAGS = {
    "html", "head", "meta", "title", "style", "body", "a", "main", "script", "h1", "h2", "h3", "h4", "h5", "p", "section",
    "ul", "li", "div", "span", "table", "thead", "tbody", "tr", "th", "td", "caption", "pre", "details", "summary", "figure",
    "figcaption", "img", "svg", "path", "rect", "g", "blockquote", "strong", "code", "br", "article",
}  # fmt: skip


class Page(HTMLParser):
    """A page read strictly: tags in their order, attributes, text by tag."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes, self.text, self.scripts = [], [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        (self.scripts if self.open and self.open[-1] in {"script", "style"} else self.text).append(data)

    @property
    def words(self):
        return " ".join(" ".join(self.text).split())


def checked(text):
    """Whatever page: no request, no script but its own, known tags alone, pictures that do nothing."""
    page = Page(text)
    assert set(page.tags) <= TAGS
    assert page.tags.count("script") == 1
    policy = next(
        value
        for tag, name, value in page.attributes
        if (tag, name) == ("meta", "content") and "default" in value
    )
    assert policy.startswith("default-src 'none'; img-src data:;")
    script = re.search(r"<script>(.*)</script>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    for tag, name, value in page.attributes:
        assert not name.startswith("on"), (tag, name)
        if name in {"src", "href", "action", "srcset"}:
            assert value.startswith(("data:image/svg+xml,", "#")) or re.fullmatch(r"[\w.%-]+\.html", value), (
                value
            )
        if name == "style":
            assert re.fullmatch(
                r"background:#[0-9a-f]{6}|(?:(?:left|top|width|height):[\d.]+%;?){4}", value
            ), value
        if name == "src":
            checked_picture(unquote(value.partition(",")[2]))
    return page


def checked_picture(svg):
    """A picture that is XML, without scripts, and whose every reference is within."""
    for part in ET.fromstring(svg).iter():
        assert not part.tag.endswith("script")
        for name, value in part.attrib.items():
            assert not name.lower().startswith("on")
            if name.endswith("href"):
                assert value.startswith(("#", "data:image/png"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def chicken(folder):
    entry = write("chicken", folder, folder / "none")
    return entry, (folder / "chicken.html").read_text("utf-8")


def test_a_page_is_whole_and_asks_for_nothing(chicken):
    entry, text = chicken
    page = checked(text)
    assert entry.size == len(text.encode()) < 700_000
    for words in (
        "At the defaults", "What would have to change", "Maps", "What the sources say, and the model", "Parameters",
        "How this was made", "swept for this page, 41 points an axis", "North plays give_way.", "Why nothing else holds",
    ):  # fmt: skip
        assert words in page.words
    assert page.tags.count("h1") == 1
    assert all(value for tag, name, value in page.attributes if (tag, name) == ("img", "alt"))
    images = page.tags.count("img")
    assert images == len(sim.load("chicken").sweeps)


def test_the_same_page_twice(chicken, folder, tmp_path):
    write("chicken", tmp_path, folder / "none")
    assert (tmp_path / "chicken.html").read_bytes() == (folder / "chicken.html").read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["chicken.html"]


def test_regions_are_what_the_map_shows():
    scenario = sim.load(STANDOFF)
    dataset = sim.sweep(scenario, next(iter(scenario.sweeps)), points=21)
    shown = map_of(dataset)
    found = list(told_regions(scenario, dataset, shown))
    assert found
    for one in found:
        names = one.solution.game.outcomes.names
        holds = (one.solution.outcomes[0] >= 0.5).any(axis=0)
        assert {name for name, held in zip(names, holds, strict=True) if held} == {
            word.removesuffix(" (mixed)") for word in re.split(r"; or |; | or ", one.words)
        }
        assert one.why[0].title.startswith("#1")
    assert sorted((one.share for one in found), reverse=True) == [one.share for one in found]


def test_paths_cover_what_they_are_named_after():
    cells = np.random.default_rng(3).random((13, 9)) < 0.4
    columns, rows = np.linspace(0, 1300, 14).astype(int), 900 - np.linspace(0, 900, 10).astype(int)
    painted = np.zeros((13, 9), int)
    for left, top, right, bottom in re.findall(
        r"M(\d+) (\d+)H(\d+)V(\d+)H\d+z", outline(cells, columns, rows)
    ):
        low, high = (900 - int(bottom)) // 100, (900 - int(top)) // 100
        painted[int(left) // 100 : int(right) // 100, low:high] += 1
    assert (painted == cells).all()
    dataset = sim.sweep(sim.load(STANDOFF), next(iter(sim.load(STANDOFF).sweeps)), points=11)
    shown = map_of(dataset)
    assert sum(share for _, share, _ in paths(shown)) == pytest.approx(1, abs=0.05)
    ET.fromstring(thumbnail(shown))


def test_shorter_pictures_hold_the_same_lines():
    svg = (
        '<svg>\n <g>\n  <path d="M 1.23456 2 \nL 3 4" style="a"/>\n  <path d="M 5 6 L 7 8" style="a"/>\n'
        '  <path d="M 9 9 z" style="b"/>\n </g>\n</svg>'
    )
    assert (
        shortened(svg)
        == '<svg> <g> <path d="M1.23 2L3 4M5 6L7 8" style="a"/> <path d="M9 9z" style="b"/> </g> </svg>'
    )


def test_strips_are_what_is_solved():
    material = material_of("chicken", results=STANDOFF.parent / "none")
    names = material.scenario.outcomes.names
    for name, strip in material.strips.items():
        for low, high, held in strip.parts:
            solution = sim.solve(material.scenario.game(**{name: (low + high) / 2}))
            likely = (solution.outcomes[0] >= 0.5).any(axis=0)
            assert [names[number] for number in held] == [
                n for n, holds in zip(names, likely, strict=True) if holds
            ]


def test_datasets_that_are_there_are_drawn_and_old_ones_are_not(tmp_path):
    scenario = sim.load("chicken")
    name = next(iter(scenario.sweeps))
    sim.sweep(scenario, name, points=5, out=tmp_path / "chicken")
    found = material_of("chicken", tmp_path)
    assert found.chapters[0].made == "from results/"
    assert found.chapters[0].dataset["status"].shape[0] == 5
    other = tmp_path / "chicken.toml"
    other.write_text(scenario.path.read_text("utf-8") + "\n# another version\n", "utf-8")
    assert material_of(str(other), tmp_path).chapters[0].made != "from results/"


def test_maps_that_are_proved_are_drawn_from_their_proof(tmp_path):
    scenario = sim.load("standoff_2021")
    found, made = missing(scenario, scenario.sweeps["frontier"])
    assert made == "proved for this page"
    assert regions_of(found) is not None
    path = prove_design(scenario, scenario.sweeps["frontier"], tmp_path)
    assert stored(scenario, path).identical(found)


HOSTILE = """
schema = 1
title = "<script>alert(1)</script> & \\"quoted\\" </title></style>"
about = "<img src=x onerror=alert(1)> ]]> --> <b>bold</b>"
sources = ["<a href='javascript:alert(1)'>click</a>"]
[players]
Row = ["<i>up</i>", "down"]
Col = ["left</td>", "right"]
[parameters.worth]
default = 1.0
low = 0.0
high = 2.0
unit = "<u>"
meaning = "worth \\" onmouseover=\\"alert(1)"
source = "</span><script>x</script>"
[payoffs]
Row = [["worth", 0], [0, 1]]
Col = [[1, 0], [0, "worth"]]
[outcomes]
"</title><script>alert(2)</script>" = [["<i>up</i>", "left</td>"]]
"\\"><svg onload=alert(3)>" = [["down", "right"]]
"none & $x_1$" = [["<i>up</i>", "right"], ["down", "left</td>"]]
[sweeps.both]
title = "</svg><script>alert(4)</script>"
over = { worth = [0.0, 2.0, 5] }
note = "<iframe src='http://evil.example'></iframe>"
[[expect]]
claim = "<style>body { display: none }</style>"
quote = "</blockquote><script>alert(5)</script>"
never = ["none & $x_1$"]
holds = false
note = "<object data=x></object>"
"""


def test_what_a_scenario_says_stays_text(tmp_path):
    file = tmp_path / "hostile.toml"
    file.write_text(HOSTILE, "utf-8")
    entry = write(str(file), tmp_path)
    page = checked((tmp_path / "hostile.html").read_text("utf-8"))
    for words in (
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<a href='javascript:alert(1)'>click</a>", "<i>up</i>",
        "</title><script>alert(2)</script>", "</svg><script>alert(4)</script>", "<iframe src='http://evil.example'></iframe>",
        "</blockquote><script>alert(5)</script>", "<object data=x></object>",
    ):  # fmt: skip
        assert words in page.words, words
    index([entry], tmp_path)
    assert "<script>alert(1)</script>" in checked((tmp_path / "index.html").read_text("utf-8")).words


def test_promises_that_the_model_refutes_are_said_so(tmp_path):
    file = tmp_path / "mine.toml"
    text = HOSTILE.replace("holds = false", 'holds = true\n[[expect]]\nclaim = "kept"\nnever = []')
    file.write_text(text, "utf-8")
    write(str(file), tmp_path)
    words = checked((tmp_path / "mine.html").read_text("utf-8")).words
    assert "Broken: <style>" in words
    assert "Holds: kept" in words


def test_two_side_by_side(tmp_path):
    path = compare("chicken", "stag_hunt", tmp_path, tmp_path)
    assert path.name == "chicken-stag_hunt.html"
    page = checked(path.read_text("utf-8"))
    for words in ("both give way", "no such outcome", "Parameters that differ", "triumph"):
        assert words in page.words
    with pytest.raises(ValueError, match="both are chicken"):
        compare("chicken", "chicken", tmp_path, tmp_path)


def test_the_command(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = CliRunner()
    done = run.invoke(main, ["report", "battle_of_the_sexes", "--out", "pages"])
    assert done.exit_code == 0, done.output
    assert done.output.split() == ["pages/battle_of_the_sexes.html", "pages/index.html"]
    page = checked((tmp_path / "pages" / "index.html").read_text("utf-8"))
    assert ("a", "href", "battle_of_the_sexes.html") in page.attributes
    done = run.invoke(main, ["report", "chicken", "--compare"])
    assert done.exit_code == 2
    assert "--compare takes two scenarios, and 1 are named" in done.output


def test_words_are_escaped_by_their_type():
    inside = element("b", "<i>", title='"')
    assert inside == '<b title="&quot;">&lt;i&gt;</b>'
    assert element("p", inside, " & ", None) == f"<p>{inside} &amp; </p>"
    assert element("p", str(inside)[:]) != element("p", inside)
    assert in_a_row([raw("<hr>"), "<hr>"]) == "<hr>&lt;hr&gt;"
    assert element("img", alt="", hidden=True, width=None) == '<img alt="" hidden>'
    assert unquote(as_address('<svg a="#%\'"/>')) == 'data:image/svg+xml,<svg a="#%\'"/>'


@pytest.mark.deep
@pytest.mark.parametrize("name", sorted(path.stem for path in shipped()))
def test_every_scenario_has_a_page(name, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.report.material.POINTS", 5)
    entry = write(name, tmp_path, tmp_path)
    checked((tmp_path / f"{name}.html").read_text("utf-8"))
    assert entry.title
    assert entry.size < 900_000
