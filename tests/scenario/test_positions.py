"""The scanner finds every key of every TOML file that tomllib reads."""

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.positions import DEEPEST, UnreadableError, read_toml
from tests.scenario.mangle import GOOD, places

BARE = st.text("abcXYZ019_-", min_size=1, max_size=6)
QUOTED = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=6)


def escaped(text):
    return '"' + "".join(f"\\U{ord(letter):08x}" if letter in '"\\' else letter for letter in text) + '"'


def key_text(draw, key):
    """A key as TOML: bare where possible, else quoted in one way or the other."""
    if re.fullmatch(r"[A-Za-z0-9_-]+", key) and draw(st.booleans()):
        return key
    return f"'{key}'" if "'" not in key and draw(st.booleans()) else escaped(key)


@st.composite
def scalars(draw):
    return draw(
        st.sampled_from(
            [
                "1",
                "-2.5e3",
                "0x1F",
                "true",
                "inf",
                "1979-05-27 07:32:00Z",
                "07:32:00",
                '"a # b = [c]"',
                "'it \\'",
                '""',
                "''",
                '"""one\n[two]\nx = 1 \\"""" ""\n"""'.replace('\\""""', '\\"'),
                "'''\na'b''c\n'''",
                '"""a""b""""',
                "1_000",
            ]
        )
    )


@st.composite
def values(draw, depth=0):
    kind = draw(st.integers(0, 3 if depth < 3 else 1))
    if kind < 2:
        return draw(scalars())
    blank = st.sampled_from(["", " ", "\n", " # x ]\n ", "\n\n"])
    if kind == 2:
        items = draw(st.lists(values(depth=depth + 1), max_size=3))
        return "[" + ",".join(draw(blank) + item + draw(blank) for item in items) + "]"
    pairs = draw(st.dictionaries(BARE | QUOTED, values(depth=depth + 1), max_size=3))
    inside = ", ".join(f"{key_text(draw, key)} = {item}" for key, item in pairs.items())
    return "{ " + inside + " }"


@st.composite
def documents(draw):
    """A TOML text with tables, arrays of tables, dotted and quoted keys."""
    text = ""
    for _ in range(draw(st.integers(0, 4))):
        for key in draw(st.lists(BARE | QUOTED, max_size=3)):
            dots = [key_text(draw, key), *(key_text(draw, part) for part in draw(st.lists(BARE, max_size=2)))]
            text += f"{draw(st.sampled_from(['', '  ']))}{' . '.join(dots)} = {draw(values())} # comment\n"
        header = ".".join(
            key_text(draw, key) for key in draw(st.lists(BARE | QUOTED, min_size=1, max_size=3))
        )
        text += f"[[{header}]]\n" if draw(st.booleans()) else f"[ {header} ]\n"
    return text


@given(documents())
def test_every_path_is_found(text):
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    found, positions = read_toml(text)
    assert repr(found) == repr(data)
    assert set(positions.starts) == {(), *places(data)}


@pytest.mark.parametrize("path", GOOD, ids=[path.stem for path in GOOD])
def test_line_of_a_key_is_where_the_key_is_written(path):
    text = path.read_text()
    lines = text.split("\n")
    data, positions = read_toml(text)
    for key in places(data):
        if isinstance(key[-1], str):
            assert key[-1] in lines[positions.line(positions.offset(key)) - 1]


def test_key_that_is_not_there_is_at_the_nearest_table_above():
    _, positions = read_toml("a = 1\n\n[table]\nb = 2\n")
    assert positions.line(positions.offset(("table", "missing", 3))) == 3
    assert positions.line(positions.offset(("missing",))) == 1


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("a = 1\na = 2\n", 2, "twice"),
        ("[t]\nx = 1\n[t]\n", 3, "twice"),
        ("a = {b = 1}\n[a]\n", 2, "twice"),
        ("a = 1\nb =\n", 2, "expected a value"),
        ("a = " + "[" * (DEEPEST + 2), 1, "deep"),
        ("x = 1\n" + "a." * (DEEPEST + 2) + "a = 1", 2, "parts"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(text, line, word):
    with pytest.raises(UnreadableError, match=word) as caught:
        read_toml(text)
    assert text[: caught.value.offset].count("\n") + 1 == line
