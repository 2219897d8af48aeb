"""What is cited as ``Author Year`` in a docstring, a page or a scenario is in ``sim/references.bib``."""

from __future__ import annotations

import calendar
import re
import unicodedata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BIBLIOGRAPHY = (ROOT / "sim" / "references.bib").read_text()
CITING = sorted([*ROOT.glob("sim/**/*.py"), *ROOT.glob("scenarios/*.toml"), *ROOT.glob("docs/*.md")])

SURNAME = r"(?:(?:von|Van|van|de|Maynard|Gomez) )?[A-Z][A-Za-zÀ-ž\-]+"
CITATION = re.compile(rf"({SURNAME})((?:(?:,? and|,) {SURNAME})*)(?:'s)? \(?((?:18|19|20)\d\d)[a-z]?\b")
DATES = {*calendar.month_name, "In"}


def plain(name):
    """A surname in ASCII: Eibelshäuser and Eibelsh{\\"a}user are Eibelshaeuser."""
    name = re.sub(r'\{?\\"\{?([aou])\}*', r"\1e", name)
    name = re.sub(r"([äöü])", lambda found: "aou"["äöü".index(found[1])] + "e", name)
    return unicodedata.normalize("NFKD", re.sub(r"[{}\\]", "", name)).encode("ascii", "ignore").decode()


def entries():
    for entry in re.finditer(r"^@\w+\{(\w+),(.*)\}$", BIBLIOGRAPHY, re.MULTILINE):
        fields = dict(re.findall(r"(\w+) = \{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}", entry[2]))
        yield entry[1], fields


def test_entries_are_complete_and_unique():
    found = list(entries())
    keys = [key for key, _ in found]
    assert len(found) == BIBLIOGRAPHY.count("\n@") > 50
    assert len(set(keys)) == len(keys)
    for key, fields in found:
        assert {"author", "title", "year"} <= set(fields), key
        assert key.endswith(fields["year"])


@pytest.mark.parametrize("path", CITING, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_citation_has_an_entry(path):
    known = {
        (tuple(plain(author.split(",")[0]) for author in fields["author"].split(" and ")), fields["year"])
        for _, fields in entries()
    }
    text = re.sub(r"\s*\n\s*#?\s*", " ", path.read_text())
    for found in CITATION.finditer(text):
        names = [found[1], *re.findall(SURNAME, found[2])]
        if names[-1] in DATES:
            continue
        cited = tuple(plain(name) for name in names)
        assert (cited, found[3]) in known, f"{found[0]!r} is not in sim/references.bib"
