"""One word for one thing: the glossary names what the code names, and the code has its names."""

from __future__ import annotations

import ast
import dataclasses
import re
from pathlib import Path

import pytest

from sim import plugins
from sim.dataset.schema import SCHEMA
from sim.forms.repeated import Repeated
from sim.forms.stochastic import Stochastic
from sim.game import Agent
from sim.selection import SELECTIONS
from sim.solution import Solution, Status

ROOT = Path(__file__).parents[1]
TABLES = (ROOT / "docs" / "glossary.md").read_text()
NAMES = set(re.findall(r"`([a-z_]+)`", "\n".join(re.findall(r"^\|.*\|$", TABLES, re.MULTILINE))))


def identifiers(path):
    """Every name and every word in quotes that a module has."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.alias(name=name):
                yield name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Constant(value=str(word)) if word.isidentifier():
                yield word


CODE = {name.lower() for path in ROOT.glob("sim/**/*.py") for name in identifiers(path)}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_the_code_has_every_name_of_the_glossary(name):
    assert name in CODE


def test_the_glossary_has_the_codes_own_words():
    words = {
        "player",
        "equilibrium",
        *plugins.concepts,
        *SELECTIONS,
        *plugins.forms,
        *(status.name for status in Status),
    }
    words |= {variable.name for variable in SCHEMA} - {"probability"}
    internal = {"game", "label", "actions", "players", "states", "outcomes", "start"}
    for kind in (Agent, Repeated, Stochastic, Solution):
        words |= {field.name for field in dataclasses.fields(kind)} - internal
    assert words <= NAMES, sorted(words - NAMES)


def test_every_word_is_explained_once():
    explained = TABLES.partition("## Say this")[0]
    first = re.findall(r"^\| `?([A-Za-z][^|`]*?)`? \|", explained, re.MULTILINE)
    words = [word for word in first if word != "word"]
    assert len(words) > 60
    assert len(set(words)) == len(words)
