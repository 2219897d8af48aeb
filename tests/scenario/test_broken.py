"""Every file of tests/cases/broken/ is refused with exactly the messages beside it."""

import re
from pathlib import Path

import pytest

from sim.scenario import ScenarioError, load

BROKEN = Path(__file__).parents[1] / "cases" / "broken"
FILES = sorted(BROKEN.glob("*.toml"))


def messages(path):
    with pytest.raises(ScenarioError) as caught:
        load(path)
    text = str(caught.value).replace(f"{path.parent}/", "")
    # plug-ins come and go; the files beside do not list them
    return re.sub(r"\((concepts|solvers|forms|plots|options): [^)]*\)", r"(\1: ...)", text)


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_broken_file_is_told_what_is_wrong(path):
    assert messages(path) == path.with_suffix(".txt").read_text().rstrip("\n")


def test_corpus_is_complete():
    assert len(FILES) >= 60
    assert {path.stem for path in BROKEN.glob("*.txt")} == {path.stem for path in FILES}


def test_several_mistakes_are_told_in_file_order():
    with pytest.raises(ScenarioError) as caught:
        load(BROKEN / "several.toml")
    lines = [problem.line for problem in caught.value.problems]
    assert len(lines) >= 5
    assert lines == sorted(lines)


@pytest.mark.parametrize("name", ["nowhere.toml", ".", "\0"])
def test_what_is_no_file_is_told_so(name, tmp_path):
    with pytest.raises(ScenarioError) as caught:
        load(f"{tmp_path}/{name}")
    assert str(tmp_path) in str(caught.value)
    assert len(caught.value.problems) == 1


def test_huge_file_is_not_read(tmp_path):
    path = tmp_path / "huge.toml"
    with path.open("wb") as file:
        file.truncate(10**10)
    with pytest.raises(ScenarioError, match="at most 250000"):
        load(path)
