"""The explorer in a notebook without a browser: messages in, words and buffers out; values both ways."""

from __future__ import annotations

import builtins
import json
import re
import subprocess
import sys

import comm
import pytest

import sim
from sim.notebook.still import SENTENCE, Still
from sim.notebook.widget import PARTS, STATIC, Explorer, module
from sim.web.answers import Explored
from tests.house import ROOT
from tests.web.asking import Answer

HOSTILE = "<script>alert('x')</script>&<b onload=\"y\">"
LIVE = ["scenario", "map", "point", "why", "tracks"]


class Wire(comm.base_comm.BaseComm):
    """A connection that keeps what is sent."""

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):  # noqa: ARG002 - its own words
        self.__dict__.setdefault("sent", []).append((data or {}, buffers or []))


@pytest.fixture
def shown(monkeypatch):
    """A widget on a wire, and what speaks to it: a message in, the last answer and its buffers out."""
    monkeypatch.setattr(comm, "create_comm", Wire)

    def show(*asked, **options):
        widget = sim.explore(*asked, **options)
        assert isinstance(widget, Explorer)

        def last():
            data, buffers = next(
                each for each in reversed(widget.comm.sent) if each[0].get("method") == "custom"
            )
            return json.loads(json.dumps(data["content"], allow_nan=False)), buffers

        def say(**message):
            content = {"data": {"method": "custom", "content": {"by": "me", **message}}}
            widget.comm.handle_msg({"content": content, "buffers": []})
            return last()

        return widget, say, last

    return show


def read(buffer):
    return Answer([{"status": 200, "headers": []}, {"body": bytes(buffer)}]).map


def test_messages_get_the_answers_of_the_page(shown):
    _, say, _ = shown("standoff_2021", x="threat", y="face_cost:0:3")
    told, (bytes_,) = say(wants=LIVE)
    page = Explored(sim.load("standoff_2021"))
    view = page.view([("x", "threat"), ("y", "face_cost:0:3")])
    assert told["by"] == "me"
    assert told["scenario"] == {**page.described(), "axes": ["threat", "face_cost"]}
    assert told["point"] == page.here(view)
    assert told["why"] == page.why(view)
    assert set(told["tracks"]["tracks"]) == set(page.tracks(view)["tracks"])
    head, codes, dots = read(bytes_)
    nx, ny = head["shape"]
    assert head["axes"][1] == {"name": "face_cost", "low": 0, "high": 3}
    assert len(codes) == len(dots) == nx * ny
    # the cell under the point is what the game there says
    at = round(2 / 8 * (nx - 1)) * ny + ny - 1
    assert head["regimes"][codes[at]]["words"] == told["point"]["here"]["words"]


def test_a_map_at_rest_comes_in_parts_until_every_cell_is_solved(shown):
    _, say, _ = shown("chicken")
    for _ in range(400):
        told, (bytes_,) = say(wants=["map"], rest=True)
        head = read(bytes_)[0]
        assert told["rest"]
        assert "point" not in told
        if head["done"]:
            break
    assert head["whole"]
    assert head["solved"] == head["cells"]
    assert "tips" in say(wants=["tips"], rest=True)[0]


def test_sliders_change_the_values_and_values_move_the_sliders(shown):
    widget, say, last = shown("chicken", values={"collision": 2})
    assert widget.values["collision"] == 2
    assert not getattr(widget.comm, "sent", [])[1:]  # nobody looks: nothing is drawn
    seen = []
    widget.observe(lambda change: seen.append(change["new"]["collision"]), "values")
    told, _ = say(wants=["point"], values={**texts(widget), "collision": "3.5"})
    assert told["values"]["collision"] == "3.5"
    assert widget.values["collision"] == 3.5
    widget.values["collision"] = 4
    told, (bytes_,) = last()
    assert told["by"] is None
    assert told["values"]["collision"] == "4"
    assert told["point"]["values"]["collision"] == 4
    assert read(bytes_)[1]
    widget.values.update(collision="9/2")
    widget.values = {}  # all at their defaults
    assert last()[0]["values"] == {
        one["name"]: one["default"] for one in widget.dialogue.explored.described()["parameters"]
    }
    assert seen[:3] == [3.5, 4, 4.5]
    assert dict(widget.values) == widget.dialogue.values


def texts(widget):
    return {name: str(value) for name, value in widget.values.items()}


def test_the_solution_is_that_of_the_game_here(shown):
    widget, _, _ = shown("chicken")
    widget.values["collision"] = 0.5
    ours, theirs = widget.solution, sim.solve(sim.load("chicken").game(collision=0.5))
    assert (ours.status == theirs.status).all()
    assert ours.count.tolist() == theirs.count.tolist()
    assert ours.value.tolist() == theirs.value.tolist()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"collision": "1e9"}, "outside its bounds"),
        ({"colision": "1"}, "Did you mean 'collision'?"),
        ({"collision": "__import__('os')"}, "is no number"),
        ({"collision": "nan"}, "number"),
        ({"collision": [1, 2]}, "is no number"),
        ("collision", "values are names with numbers"),
    ],
)
def test_what_does_not_fit_is_a_sentence_and_changes_nothing(shown, values, words):
    widget, say, _ = shown("chicken")
    before = dict(widget.values)
    told, buffers = say(wants=LIVE, values=values)
    assert words in told["wrong"]
    assert told["values"]
    assert buffers == []
    with pytest.raises(ValueError, match=re.escape(words)):
        widget.values = values
    with pytest.raises(TypeError, match="always has a value"):
        widget.values.clear()
    assert dict(widget.values) == before == widget.dialogue.values


def test_what_is_our_fault_is_told_too_or_the_page_waits_for_ever(shown, monkeypatch, caplog):
    _, say, _ = shown("chicken")
    monkeypatch.setattr(Explored, "here", lambda *_: 1 / 0)
    assert "report" in say(wants=["point"])[0]["wrong"]
    assert "an answer failed" in caplog.text
    assert "wrong" not in say(wants=["why"])[0]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"x": "colision"}, "Did you mean 'collision'?"),
        ({"y": "collision"}, "x, the parameter across, is left out"),
        ({"x": "collision", "y": "collision"}, "cannot be both axes"),
        ({"x": "collision:0:99999"}, "it may be"),
        ({"concept": "nosh"}, "Did you mean 'nash'?"),
    ],
)
def test_wrong_questions_are_refused_at_once(asked, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        sim.explore("chicken", **asked)


def test_axes_left_out_are_those_of_the_first_question_over_two():
    assert len(sim.explore(sim.load("standoff_2021")).dialogue.view({}).axes) == 2
    strip = sim.explore(ROOT / "scenarios" / "chicken.toml", x="collision")
    assert strip.dialogue.view({}).names == ("collision",)


def test_without_anywidget_there_is_a_picture_and_a_sentence(monkeypatch):
    def without(name, *rest, **keys):
        if name.partition(".")[0] == "anywidget":
            raise ModuleNotFoundError("no", name="anywidget")
        return importing(name, *rest, **keys)

    importing = builtins.__import__
    monkeypatch.delitem(sys.modules, "sim.notebook.widget")
    monkeypatch.setattr(builtins, "__import__", without)
    still = sim.explore("chicken", x="collision", values={"triumph": 8})
    assert isinstance(still, Still)
    monkeypatch.setattr(builtins, "__import__", importing)
    monkeypatch.setattr(Explored, "finest", lambda *_: 11)
    page = still._repr_html_()
    assert "pip install &#x27;standoff[notebook]&#x27;" in page
    assert '<img src="data:image/svg+xml,' in page
    assert SENTENCE in repr(still)
    still.values["triumph"] = 1
    assert still.values["triumph"] == 1
    assert still.solution.count.tolist() == sim.solve(sim.load("chicken").game(triumph=1)).count.tolist()
    assert still._repr_html_() != page
    with pytest.raises(ValueError, match="outside its bounds"):
        still.values = {"collision": 1e9}


def test_hostile_texts_stay_text(tmp_path, monkeypatch):
    text = (ROOT / "scenarios" / "chicken.toml").read_text()
    path = tmp_path / "hostile.toml"
    path.write_text(re.sub(r"(?m)^title = .*$", f"title = {json.dumps(HOSTILE)}", text, count=1))
    monkeypatch.setattr(Explored, "finest", lambda *_: 11)
    widget = sim.explore(path)
    page = Still(widget.dialogue)._repr_html_()
    assert "<script" not in page
    assert "<b " not in page
    # what the widget shows goes in as text alone
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|https?:", module())


def test_the_module_is_one_and_no_name_stands_twice():
    source = module()
    assert not re.search(r"^import ", source, re.MULTILINE)
    names = re.findall(r"^(?:export )?(?:const|let|function|class) (\w+)", source, re.MULTILINE)
    more = re.findall(r"^const (.+);$", source, re.MULTILINE)
    names += [word for line in more for word in re.findall(r", (\w+) = ", line)]
    assert len(names) == len(set(names))
    assert {"OutcomeMap", "mapOf", "render"} <= set(names)
    size = sum((STATIC / name).stat().st_size for name in (*PARTS, "notebook.css"))
    assert size <= 30_000
    assert "data-lm" in source or "lmSuppressShortcuts" in source
    assert "stopPropagation" in source


def test_nothing_of_it_is_loaded_before_it_is_wanted():
    code = (
        "import sys, sim, sim.scenario; sim.explore\n"
        "sys.exit(' '.join({'anywidget', 'IPython', 'traitlets', 'starlette'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
